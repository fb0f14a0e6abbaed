"""The difference of two lists of customers, by what compares tables."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import data
from benchmarks.page import Section, Table, costs_table
from benchmarks.pairs import Findings, Job, Way, compare, digest, peer

ROWS = {"quick": (2_000,), "full": (2_000, 20_000, 200_000)}
NAMES = {
    "wizsync": "wizsync",
    "datacompy": "datacompy, with pandas",
    "csv_diff": "csv-diff",
    "daff": "daff",
}

# Customers alone: the others know no addresses.
MAPPING = """\
version: 1
customer:
  referenceId: Code
  companyName: {column: Company, required: true}
  displayName: Trading As
  firstName: First Name
  lastName: Last Name
  email: E-mail
  phone: Phone
  displayId: Tax
"""
FIELDS = {name: field for name, field in data.CUSTOMER.items() if name != "Terms"}
COLUMNS = ("Code", *FIELDS)


def make(folder: Path, rows: int) -> dict[str, str]:
    """Write `new.csv`, and `old.csv` that lacks some rows and has others otherwise; what a diff must find."""
    (folder / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    created, changed = [], []
    with (
        (folder / "new.csv").open("w", encoding="utf-8", newline="") as new,
        (folder / "old.csv").open("w", encoding="utf-8", newline="") as old,
    ):
        writers = csv.writer(new), csv.writer(old)
        for writer in writers:
            writer.writerow(COLUMNS)
        for n in range(rows):
            row = [data.key(n), f"Company {n} Ltd", f"Traders No {n}", "Ann", f"Miller {n % 5000}"]
            row += [f"sales.{n}@shop.example", f"+1206{n:07d}", f"{n:09d}"]
            writers[0].writerow(row)
            if n % 1000 == 0:
                created.append(row[0])
                continue
            if n % 100 == 0:
                changed.append(row[0])
                row[1] = f"Old {row[1]}"
            writers[1].writerow(row)
    return {"created": digest(created), "changed": digest(changed)}


def _found(created: Callable[[], list[str]], changed: Callable[[], list[str]]) -> Findings:
    return lambda: {"created": digest(created()), "changed": digest(changed())}


def wizsync(folder: Path) -> Job:
    """The plan of a mapped file and a snapshot."""
    import pandas as pd  # noqa: PLC0415 - each process loads what it measures

    from wizsync.intake import read  # noqa: PLC0415
    from wizsync.mapping import load, rules, to_desired  # noqa: PLC0415
    from wizsync.model import Account, ChangeKind, Snapshot  # noqa: PLC0415
    from wizsync.plan import Context, make_plan  # noqa: PLC0415

    mapping, table = load(folder / "mapping.yaml"), read(folder / "new.csv")
    desired, rule = to_desired(mapping, table), rules(mapping, table)
    old = read(folder / "old.csv").cells.rename(columns={"Code": "referenceId", **FIELDS})
    many = len(old)
    always = {"id": [f"cus_{n}" for n in range(many)], "status": "active", "updatedAt": "2026"}
    customers = pd.concat([pd.DataFrame(always, dtype="str", index=old.index), old], axis=1)
    snapshot = Snapshot(customers, complete=True, total=many, total_before=many)
    account = Account("https://api.example.com/v1", "5a17", "f1n9e4", "shop")
    context = Context(account, "camel", "2026-03-04T02:00:00Z")

    def job() -> Findings:
        plan = make_plan(desired, snapshot, rule, context)

        def of(kind: ChangeKind) -> list[str]:
            return [each.reference_id for each in plan.changes if each.kind is kind]

        return _found(partial(of, ChangeKind.CREATE), partial(of, ChangeKind.UPDATE))

    return job


def datacompy(folder: Path) -> Job:
    """Two frames joined and compared."""
    import pandas as pd  # noqa: PLC0415

    tool = peer("datacompy")
    old, new = (pd.read_csv(folder / name, dtype=str) for name in ("old.csv", "new.csv"))

    def job() -> Findings:
        # Column names that are all lower case are its way unless told otherwise.
        found = tool.PandasCompare(old, new, join_columns="Code", cast_column_names_lower=False)
        unlike = found.all_mismatch()
        return _found(found.df2_unq_rows["Code"].tolist, unlike["Code"].tolist)

    return job


def csv_diff(folder: Path) -> Job:
    """Two dictionaries of rows compared."""
    tool = peer("csv_diff")
    sides = []
    for name in ("old.csv", "new.csv"):
        with (folder / name).open(encoding="utf-8", newline="") as stream:
            sides.append(tool.load_csv(stream, key="Code"))

    def job() -> Findings:
        found = tool.compare(*sides)
        return _found(
            lambda: [row["Code"] for row in found["added"]],
            lambda: [each["key"] for each in found["changed"]],
        )

    return job


def daff(folder: Path) -> Job:
    """Two tables aligned, and what differs marked."""
    tool = peer("daff")
    tables = []
    for name in ("old.csv", "new.csv"):
        with (folder / name).open(encoding="utf-8", newline="") as stream:
            tables.append(tool.PythonTableView(list(csv.reader(stream))))

    def job() -> Findings:
        flags = tool.CompareFlags()
        flags.addPrimaryKey("Code")
        marked: list[list[Any]] = []
        aligned = tool.Coopy.compareTables(*tables, flags).align()
        tool.TableDiff(aligned, flags).hilite(tool.PythonTableView(marked))
        keys = marked[0].index("Code")
        return _found(
            lambda: [row[keys] for row in marked if row[0] == "+++"],
            lambda: [row[keys] for row in marked if str(row[0]).endswith("->")],
        )

    return job


WAYS: Mapping[str, Way] = {
    "wizsync": wizsync,
    "datacompy": datacompy,
    "csv_diff": csv_diff,
    "daff": daff,
}


def section(size: str, pairs: int) -> Section:
    """The comparison."""
    tables: list[Table] = []
    for rows in ROWS[size]:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            right = make(folder, rows)
            costs = compare("diffing", list(WAYS), folder, dict.fromkeys(WAYS, right), pairs)
        tables.append(costs_table(costs, NAMES, title=f"{rows:,} rows"))
    return Section(
        "The difference alone",
        f"Two lists of customers of {len(COLUMNS)} columns; one row in a hundred is new or differs. Both are "
        "in memory, in each one's own shape, before the clock begins. wizsync does more than the others: it "
        "makes the whole plan, with look-alikes, counts for the limits, and the fields' values before and "
        "after. All must find the same customers.",
        tables,
    )
