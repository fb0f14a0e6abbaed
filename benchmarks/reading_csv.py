"""Reading a CSV file into text cells."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from benchmarks import data
from benchmarks.page import Section, costs_table
from benchmarks.pairs import Findings, Job, Way, compare, digest

ROWS = {"quick": 20_000, "full": 1_000_000}
NAMES = {
    "wizsync": "wizsync",
    "pyarrow": "pyarrow's reader, all as text",
    "pandas": "pandas, all as text",
    "pandas_default": "pandas as it is",
}


def wizsync(folder: Path) -> Job:
    """wizsync: its encoding and delimiter found out, every row with its number, no cell guessed at."""
    from wizsync.intake import read  # noqa: PLC0415 - each process loads what it measures

    def job() -> Findings:
        cells = read(folder / "customers.csv").cells
        return lambda: [digest(cells["Code"].tolist()), digest(cells["Zip"].tolist())]

    return job


def pyarrow(folder: Path) -> Job:
    """The reader of pyarrow, told that all is text."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.csv as reader  # noqa: PLC0415

    texts = reader.ConvertOptions(column_types=dict.fromkeys(data.COLUMNS, pa.string()))

    def job() -> Findings:
        table = reader.read_csv(folder / "customers.csv", convert_options=texts)
        return lambda: [digest(table[name].to_pandas().tolist()) for name in ("Code", "Zip")]

    return job


def pandas(folder: Path) -> Job:
    """pandas, told that all is text."""
    import pandas as pd  # noqa: PLC0415

    def job() -> Findings:
        frame = pd.read_csv(folder / "customers.csv", dtype=str, keep_default_na=False)
        return lambda: [digest(frame["Code"].tolist()), digest(frame["Zip"].tolist())]

    return job


def pandas_default(folder: Path) -> Job:
    """As most people call it, which makes the number 1234 of the zip code 01234."""
    import pandas as pd  # noqa: PLC0415

    def job() -> Findings:
        frame = pd.read_csv(folder / "customers.csv")
        return lambda: [digest(frame["Code"].tolist()), digest(frame["Zip"].map(str).tolist())]

    return job


WAYS: Mapping[str, Way] = {
    "wizsync": wizsync,
    "pyarrow": pyarrow,
    "pandas": pandas,
    "pandas_default": pandas_default,
}


def section(size: str, pairs: int) -> Section:
    """The comparison."""
    rows = ROWS[size]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data.make_apart(folder, rows, "plain")
        right = [digest([data.key(n) for n in range(rows)]), _zips(rows)]
        wrong = [right[0], digest([str(int(data.zip_code(n))) for n in range(rows)])]
        expected = {way: wrong if way == "pandas_default" else right for way in WAYS}
        costs = compare("reading_csv", list(WAYS), folder, expected, pairs)
    return Section(
        "Reading a CSV file",
        f"A file of {rows:,} rows and {len(data.COLUMNS)} columns. Keys and zip codes must come out as they "
        "stand in the file; pandas as most people call it makes 1234 of 01234, and is let through with that.",
        [costs_table(costs, NAMES)],
    )


def _zips(rows: int) -> str:
    return digest([data.zip_code(n) for n in range(rows)])
