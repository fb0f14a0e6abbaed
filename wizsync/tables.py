"""The customers' file and whatever else the mapping names, read as tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from wizsync import intake
from wizsync.errors import SourceNotReady, UsageError, WizsyncError
from wizsync.model import RUN_COLUMN, Table, sheet_names

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
    main = _customers(file, mapping)
    others = {}
    if RUN_COLUMN in main.columns:
        others = _mended(file, mapping)
    for other in mapping.other_tables:
        if RUN_COLUMN not in main.columns or other.beside_mapping:
            others[other.place] = _other(file, mapping, other)
    return Tables(main, others)


def _customers(file: Path, mapping: MappingFile) -> Table:
    """The customers' own table: of our file of rejected rows the first sheet, whatever its name is there."""
    source = mapping.schema.source
    read = partial(
        intake.read,
        file,
        encoding=source.encoding,
        delimiter=source.delimiter,
        header_row=source.header_row,
    )
    # A text file has no sheets, as our rejected.csv of a workbook.
    sheets = intake.sheets(file) if source.sheet is not None else ()
    if not sheets:
        return read()
    try:
        table = read(sheet=source.sheet)
    except UsageError as error:
        first = _ours(partial(read, sheet=sheets[0])) if error.reason == "no_sheet" else None
        if first is None:
            raise
        return first
    if RUN_COLUMN in table.columns and table.source.sheet != sheets[0]:
        return _ours(partial(read, sheet=sheets[0])) or table
    return table


def _ours(read: Callable[[], Table]) -> Table | None:
    """The table, where it is one of rejected rows."""
    with suppress(WizsyncError):
        table = read()
        if RUN_COLUMN in table.columns:
            return table
    return None


def _mended(file: Path, mapping: MappingFile) -> dict[str, Table]:
    """The mended rows of other sheets and files, of those that have any."""
    places = [other.place for other in mapping.other_tables if not other.beside_mapping]
    there = intake.sheets(file)
    return {
        place: intake.read(file, sheet=name, place=place)
        for place, name in zip(places, sheet_names(places), strict=True)
        if name in there
    }


def _other(file: Path, mapping: MappingFile, other: OtherTable) -> Table:
    path = file
    if other.file is not None:
        folder = Path(mapping.path).parent if other.beside_mapping else file.parent
        path = folder / other.file
        if not path.exists():
            beside = "the mapping" if other.beside_mapping else file.name
            raise SourceNotReady(
                f"There is no file {other.file}, which the mapping names.",
                where=f"{mapping.name}, in the folder {folder.absolute()}",
                hint=f"Put it there, beside {beside}; or correct `file` in the mapping.",
            )
    elif not intake.sheets(file):
        raise UsageError(
            f'The mapping names a sheet "{other.sheet}", and {file.name} has no sheets.',
            where=mapping.name,
            hint="Bring the workbook; or, if the rows are in a file of their own, write `file:` in place "
            "of `sheet:`.",
        )
    return intake.read(path, sheet=other.sheet, header_row=other.header_row, place=other.place)
