"""The customers' file and whatever else the mapping names, read as tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from wizsync import intake
from wizsync.errors import UsageError
from wizsync.model import RUN_COLUMN, Table, sheet_name

if TYPE_CHECKING:
    from wizsync.mapping import MappingFile, OtherTable


@dataclass(frozen=True)
class Tables:
    """What a job reads.

    Args:
        main: The customers' own table.
        others: The other sheets and files, by their places in the mapping.
    """

    main: Table
    others: Mapping[str, Table] = field(default_factory=dict)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was assumed or met that a person should know, a sentence each."""
        return (
            *self.main.source.notes,
            *(
                f"{place}: {note}"
                for place, table in self.others.items()
                for note in table.source.notes
            ),
        )


def read_tables(file: Path, mapping: MappingFile) -> Tables:
    """Read the customers' file, and the sheets and files that the mapping names besides.

    Our own file of rejected rows stands in for all that its rows came from: what is not in it has no rows.

    Args:
        file: The customers' file.
        mapping: The mapping; its look-up files lie beside it, files of addresses and contacts beside the
            customers' file.

    Raises:
        WizsyncError: One of them is missing, or cannot be read.
    """
    source = mapping.schema.source
    main = intake.read(
        file,
        sheet=_sheet_of(file, source.sheet),
        encoding=source.encoding,
        delimiter=source.delimiter,
        header_row=source.header_row,
    )
    mended = RUN_COLUMN in main.columns
    others = {}
    for other in mapping.other_tables:
        stands_in = mended and not other.beside_mapping
        table = _mended(file, other) if stands_in else _other(file, mapping, other)
        if table is not None:
            others[other.place] = table
    return Tables(main, others)


def _sheet_of(file: Path, sheet: str | None) -> str | None:
    """The sheet to read: a text file has none, as our own rejected.csv of a workbook."""
    return sheet if sheet is not None and intake.sheets(file) else None


def _mended(file: Path, other: OtherTable) -> Table | None:
    """The mended rows of another sheet or file, where there are any."""
    sheet = sheet_name(other.place)
    if sheet not in intake.sheets(file):
        return None
    return intake.read(file, sheet=sheet, place=other.place)


def _other(file: Path, mapping: MappingFile, other: OtherTable) -> Table:
    path = file
    if other.file is not None:
        folder = Path(mapping.path).parent if other.beside_mapping else file.parent
        path = folder / other.file
    elif not intake.sheets(file):
        raise UsageError(
            f'The mapping names a sheet "{other.sheet}", and {file.name} has no sheets.',
            where=mapping.name,
            hint="Bring the workbook; or, if the rows are in a file of their own, write `file:` in place "
            "of `sheet:`.",
        )
    return intake.read(path, sheet=other.sheet, header_row=other.header_row, place=other.place)
