"""rejected.csv: the customers' rows to mend, as they were, with why, to be run with the same mapping."""

from __future__ import annotations

import csv
from pathlib import Path

from wizsync.atomic import replacing_text
from wizsync.model import RUN_COLUMN, WHY_COLUMN, RunRecord
from wizsync.report.rejected_rows import harmless, rejected_tables


def write_rejected(record: RunRecord, path: Path) -> bool:
    """Write the customers' rows that were rejected, or whose customers WizCommerce refused.

    Mended, the file runs with the same mapping: the original columns in their order, then why each row
    is here and which run made the file (columns of those names from an earlier round give way to
    these). UTF-8 with a byte order mark, so that Excel opens it right, and the source's delimiter.

    Two of our rules meet here: no cell of a report may become a formula, and the file reads back as it
    was. The original cells are the user's own data, came from a file they can open as well, and would
    be sent to WizCommerce with whatever were put in front of them: they stay as they are. The cells
    that are ours hold the server's words, which are nobody's own: they never start a formula.

    Rows of other sheets and files are in rejected.xlsx alone.

    Args:
        record: The run.
        path: The file to write.

    Returns:
        False, and no file, where there is no such row.

    Raises:
        MachineError: The disk is full, or the file cannot be written.
        UsageError: The path goes through something that is no folder.
    """
    table = next((one for one in rejected_tables(record) if not one.place), None)
    if table is None:
        return False
    with replacing_text(path, encoding="utf-8-sig") as file:
        delimiter = record.plan.source.delimiter or ","
        writer = csv.writer(file, delimiter=delimiter, lineterminator="\r\n")
        writer.writerow([*table.columns, WHY_COLUMN, RUN_COLUMN])
        for row in table:
            writer.writerow([*row.cells, row.why, harmless(record.run)])
    return True
