"""Reading a workbook, up to the customers that should exist."""

from __future__ import annotations

import csv
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import data
from benchmarks.page import Aim, Section, Table, costs_table
from benchmarks.pairs import ROOT, Costs, Findings, Job, Way, compare, digest, environment, peer

ROWS = {"quick": 2_000, "full": 100_000}
NAMES = {
    "wizsync": "wizsync, to the customers",
    "fastexcel": "fastexcel, the cells",
    "calamine": "python-calamine, the cells",
    "pandas": "pandas with calamine, a frame",
    "openpyxl": "openpyxl, the cells",
}
KINDS = {
    "text": "All cells are texts and plain numbers",
    "padded": "Zip codes are numbers, shown with five digits",
}
MOST_CPU = 2.5


def make(folder: Path, kind: str) -> None:
    """Write `customers.csv` of a folder as a workbook."""
    import xlsxwriter  # noqa: PLC0415 - the parent only asks for it

    with xlsxwriter.Workbook(folder / "customers.xlsx", {"constant_memory": True}) as book:
        padded = book.add_format({"num_format": "00000"})
        sheet = book.add_worksheet("Customers")
        with (folder / "customers.csv").open(encoding="utf-8", newline="") as stream:
            for at, row in enumerate(csv.reader(stream)):
                for column, text in enumerate(row):
                    if kind == "padded" and at and data.COLUMNS[column] == "Zip":
                        sheet.write_number(at, column, int(text), padded)
                    else:
                        sheet.write_string(at, column, text)


def wizsync(folder: Path) -> Job:
    """wizsync: read and mapped."""
    from wizsync.intake import read  # noqa: PLC0415 - each process loads what it measures
    from wizsync.mapping import load, to_desired  # noqa: PLC0415
    from wizsync.model import ChildKind  # noqa: PLC0415

    def job() -> Findings:
        desired = to_desired(load(folder / "mapping.yaml"), read(folder / "customers.xlsx"))
        zips = desired.children[ChildKind.ADDRESSES].fields["zipCode"]
        return lambda: [digest(list(desired.keys)), digest(list(zips.dropna()))]

    return job


def fastexcel(folder: Path) -> Job:
    """fastexcel: a sheet as an Arrow batch of texts."""
    reader = peer("fastexcel")

    def job() -> Findings:
        sheet = reader.read_excel(folder / "customers.xlsx").load_sheet(0, dtypes="string")
        batch = sheet.to_arrow()
        return lambda: [digest(batch["Code"].to_pylist()), digest(batch["Zip"].to_pylist())]

    return job


def calamine(folder: Path) -> Job:
    """python-calamine: a sheet as lists of cells."""
    reader = peer("python_calamine")

    def job() -> Findings:
        book = reader.CalamineWorkbook.from_path(str(folder / "customers.xlsx"))
        header, *rows = book.get_sheet_by_index(0).to_python()
        return _picked(list(header), rows)

    return job


def pandas(folder: Path) -> Job:
    """pandas: a frame of texts."""
    import pandas as pd  # noqa: PLC0415

    def job() -> Findings:
        frame = pd.read_excel(folder / "customers.xlsx", dtype=str, engine="calamine")
        return lambda: [digest(frame["Code"].tolist()), digest(frame["Zip"].tolist())]

    return job


def openpyxl(folder: Path) -> Job:
    """openpyxl: its read-only mode."""
    from openpyxl import load_workbook  # noqa: PLC0415

    def job() -> Findings:
        book = load_workbook(folder / "customers.xlsx", read_only=True)
        header, *rows = book.worksheets[0].iter_rows(values_only=True)
        return _picked(list(header), rows)

    return job


def _picked(header: list[object], rows: Sequence[Any]) -> Findings:
    """The keys and zip codes of rows of cells."""

    def column(name: str) -> list[str]:
        place = header.index(name)
        cells = [row[place] for row in rows]
        return [str(int(cell)) if isinstance(cell, float | int) else str(cell) for cell in cells]

    return lambda: [digest(column("Code")), digest(column("Zip"))]


WAYS: Mapping[str, Way] = {
    "wizsync": wizsync,
    "fastexcel": fastexcel,
    "calamine": calamine,
    "pandas": pandas,
    "openpyxl": openpyxl,
}


def section(size: str, pairs: int) -> Section:
    """The comparison."""
    rows = ROWS[size]
    tables: list[Table] = []
    aims: list[Aim] = []
    for kind, title in KINDS.items():
        costs = _costs(rows, kind, pairs)
        tables.append(costs_table(costs, NAMES, title=title))
        if kind == "text":
            ratio = costs.ratio("wizsync", "fastexcel")
            what = (
                f"CPU of a workbook of {rows:,} rows to customers, in times of fastexcel's reading"
            )
            aims.append(Aim(what, MOST_CPU, ratio))
    return Section(
        "Reading a workbook",
        f"An .xlsx of {rows:,} rows and {len(data.COLUMNS)} columns: for wizsync up to the customers that "
        "should exist, for the others the bare cells. All must find the right keys. Where zip codes are "
        "numbers with a format, wizsync must give 01234, as the spreadsheet program shows it; the others "
        "give 1234, and are let through with that.",
        tables,
        aims,
    )


def _costs(rows: int, kind: str, pairs: int) -> Costs:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data.make_apart(folder, rows, "plain")
        command = [sys.executable, "-m", "benchmarks.reading_excel", name, kind]
        subprocess.run(command, check=True, cwd=ROOT, env=environment())  # noqa: S603 - our own command
        keys = digest([data.key(n) for n in range(rows)])
        zips = [data.zip_code(n) for n in range(rows)]
        right = [keys, digest(zips)]
        bare = [keys, digest([str(int(each)) for each in zips])] if kind == "padded" else right
        expected = {way: right if way == "wizsync" else bare for way in WAYS}
        return compare("reading_excel", list(WAYS), folder, expected, pairs)


if __name__ == "__main__":
    make(Path(sys.argv[1]), sys.argv[2])
