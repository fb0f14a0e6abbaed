"""Planning: a file compared with an account of as many customers, each with an address."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from benchmarks import data
from benchmarks.page import Aim, Section, Table, costs_table
from benchmarks.pairs import Costs, Findings, Job, Way, compare, digest, peer

ROWS = {"quick": 20_000, "full": 1_000_000}
# The loops take minutes and gigabytes for a million, and each row costs the same.
LOOPED_ROWS = {"quick": 2_000, "full": 100_000}
KINDS = {
    "plain": "Without transforms of phones and e-mails",
    "transformed": "With both, no value twice",
}
NAMES = {
    "wizsync": "wizsync",
    "duckdb": "DuckDB, the floor",
    "loop": "pandas and pydantic, row by row",
    "records": "the same without iterrows",
}
MOST_CPU = {"plain": 4.0, "transformed": 12.0}


def wizsync(folder: Path) -> Job:
    """wizsync: read, map, plan."""
    from wizsync.intake import read  # noqa: PLC0415 - each process loads what it measures
    from wizsync.mapping import load, rules, to_desired  # noqa: PLC0415
    from wizsync.model import Account, ChangeKind, ChildKind, Snapshot  # noqa: PLC0415
    from wizsync.plan import Context, make_plan  # noqa: PLC0415

    customers = data.account_frame(folder, "customers")
    snapshot = Snapshot(
        customers,
        complete=True,
        children={ChildKind.ADDRESSES: data.account_frame(folder, "addresses")},
        total=len(customers),
        total_before=len(customers),
    )
    account = Account("https://api.example.com/v1", "5a17", "f1n9e4", "shop")
    context = Context(account, "camel", "2026-03-04T02:00:00Z")

    def job() -> Findings:
        mapping = load(folder / "mapping.yaml")
        table = read(folder / "customers.csv")
        plan = make_plan(to_desired(mapping, table), snapshot, rules(mapping, table), context)

        def of(kind: ChangeKind) -> str:
            return digest([each.reference_id for each in plan.changes if each.kind is kind])

        return lambda: {"created": of(ChangeKind.CREATE), "changed": of(ChangeKind.UPDATE)}

    return job


_FLOOR = """\
WITH theirs AS (
    SELECT c.*, {addressed} FROM customers c LEFT JOIN addresses a ON a.customer = c.id
), compared AS (
    SELECT f."Code" AS ours, t."referenceId" AS theirs, {unlike}
    FROM read_csv('{path}', all_varchar = true, header = true) f
    FULL OUTER JOIN theirs t ON f."Code" = t."referenceId"
)
SELECT list(ours) FILTER (theirs IS NULL), list(ours) FILTER (theirs IS NOT NULL AND ({told})), {counts}
FROM compared
"""


def duckdb(folder: Path) -> Job:
    """DuckDB: the file read, joined with the account, the same columns compared as they stand.

    Columns that the mapping spells otherwise are compared and counted as well, but do not make a change.
    """
    connection = peer("duckdb").connect()
    for name in ("customers", "addresses"):
        connection.register(name, data.account_table(folder, name))
    transformed = "lower" in (folder / "mapping.yaml").read_text(encoding="utf-8")
    spelt = data.SPELT_IF_TRANSFORMED if transformed else data.SPELT
    fields = {**data.CUSTOMER, **data.ADDRESS}
    query = _FLOOR.format(
        addressed=", ".join(f'a."{field}"' for field in data.ADDRESS.values()),
        unlike=", ".join(
            f'f."{name}" IS DISTINCT FROM t."{field}" AS "{field}"'
            for name, field in fields.items()
        ),
        told=" OR ".join(f'"{field}"' for name, field in fields.items() if name not in spelt),
        counts=", ".join(f'count(*) FILTER ("{fields[name]}")' for name in spelt),
        path=(folder / "customers.csv").as_posix(),
    )

    def job() -> Findings:
        created, changed, *_ = connection.execute(query).fetchone()
        return lambda: {"created": digest(created or []), "changed": digest(changed or [])}

    return job


def loop(folder: Path) -> Job:
    """A loop over rows with pandas and pydantic, as one writes it in an afternoon."""
    return _looped(folder, lambda frame: (row for _, row in frame.iterrows()))


def records(folder: Path) -> Job:
    """The same as somebody writes it who has measured: over dictionaries."""
    return _looped(folder, lambda frame: frame.to_dict("records"))


def _looped(folder: Path, rows_of: Callable[[Any], Iterable[Any]]) -> Job:
    import pandas as pd  # noqa: PLC0415

    transformed = "lower" in (folder / "mapping.yaml").read_text(encoding="utf-8")
    model = _row_model(transformed=transformed)
    fields = {**data.CUSTOMER, **data.ADDRESS}
    customers, addresses = (data.account_frame(folder, n) for n in ("customers", "addresses"))
    whole = customers.merge(addresses, left_on="id", right_on="customer", suffixes=("", "_of"))
    there = {row["referenceId"]: row for row in whole.to_dict("records")}

    def job() -> Findings:
        created: list[str] = []
        changed: list[str] = []
        frame = pd.read_csv(folder / "customers.csv", dtype=str, keep_default_na=False)
        for row in rows_of(frame):
            customer = model(**{field: row[name].strip() for name, field in fields.items()})
            known = there.get(row["Code"])
            if known is None:
                created.append(row["Code"])
                continue
            differs = {n: v for n, v in customer.model_dump().items() if known[n] != v}
            if differs:
                changed.append(row["Code"])
        return lambda: {"created": digest(created), "changed": digest(changed)}

    return job


def _row_model(*, transformed: bool) -> Any:
    """What a row must be, as a pydantic model."""
    import phonenumbers  # noqa: PLC0415
    from email_validator import validate_email  # noqa: PLC0415
    from pydantic import AfterValidator, create_model  # noqa: PLC0415

    def phone(text: str) -> str:
        number = phonenumbers.parse(text, "US")
        if not phonenumbers.is_valid_number(number):
            raise ValueError(text)
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    def email(text: str) -> str:
        return validate_email(text.lower(), check_deliverability=False).normalized

    checked = {
        "paymentTerm": AfterValidator(data.TERMS.__getitem__),
        "country": AfterValidator(data.COUNTRIES.__getitem__),
    }
    if transformed:
        checked |= {"phone": AfterValidator(phone), "email": AfterValidator(email)}
    fields: dict[str, Any] = {}
    for name in (*data.CUSTOMER.values(), *data.ADDRESS.values()):
        fields[name] = (_annotated(checked[name]) if name in checked else str, ...)
    return create_model("Row", **fields)


def _annotated(check: Any) -> Any:
    from typing import Annotated  # noqa: PLC0415

    return Annotated[str, check]


WAYS: Mapping[str, Way] = {"wizsync": wizsync, "duckdb": duckdb, "loop": loop, "records": records}


def section(size: str, pairs: int) -> Section:
    """The comparison."""
    rows = ROWS[size]
    tables: list[Table] = []
    aims: list[Aim] = []
    peaks: list[float] = []
    for kind, title in KINDS.items():
        many = f"rows, {title[0].lower()}{title[1:]}"
        names = {way: NAMES[way] for way in ("wizsync", "duckdb")}
        costs = _costs(rows, kind, pairs, names)
        tables.append(costs_table(costs, names, title=f"{rows:,} {many}"))
        floor = costs.ratio("wizsync", "duckdb")
        aims.append(
            Aim(f"CPU of planning {rows:,} {many}, in times of DuckDB's", MOST_CPU[kind], floor)
        )
        peaks += costs.of("wizsync", "peak")
        few, names = LOOPED_ROWS[size], {way: NAMES[way] for way in ("wizsync", "loop", "records")}
        costs = _costs(few, kind, pairs, names)
        tables.append(costs_table(costs, names, title=f"{few:,} {many}"))
        ratio = costs.ratio("wizsync", "loop")
        aims.append(Aim(f"CPU of planning {few:,} {many}, in times of the loop's", 0.1, ratio))
    aims.append(Aim(f"Memory of planning {rows:,} rows", 2048, max(peaks), "MB"))
    return Section(
        "Planning",
        f"A file of {rows:,} rows with an address each, compared with an account of as many; one row in a "
        "hundred is new or differs. The floor is what DuckDB takes to read the file, join it with the same "
        "account and compare the same columns, without making anything alike first. The loop is what one "
        "writes in an afternoon: `iterrows`, a pydantic model, a dictionary; beside it the same over a list "
        "of dictionaries, as somebody writes it who has measured. The account is in memory before the clock "
        "begins. All must find the same customers.",
        tables,
        aims,
    )


def _costs(rows: int, kind: str, pairs: int, ways: Iterable[str]) -> Costs:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data.make_apart(folder, rows, kind)
        right = data.expected(rows)
        return compare("planning", list(ways), folder, dict.fromkeys(ways, right), pairs)
