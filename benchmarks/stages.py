"""What planning costs by stage: a file read, mapped, and compared with an account of as many customers.

    python -m benchmarks.stages [--rows 100000] [--pairs 3] [--mapping plain|distinct|repeated] [--profile]

Three mappings: `plain` without phone and e-mail transforms; `distinct` with both, no value twice; `repeated`
with both, each value standing a hundred times. One row in a hundred differs from the account: a field, an
address, or the whole customer is new.

Beside them, in the same run: DuckDB, which reads the same file, joins it with the same account and compares
the same columns; and a loop over rows with pandas and pydantic. Each runs in a process of its own, in turn,
and says the CPU seconds it took and the most memory it held. What all three found must be the same.
"""

from __future__ import annotations

import argparse
import cProfile
import csv
import json
import pstats
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute
import pyarrow.feather

from benchmarks.data import ADDRESS, COUNTRIES, CUSTOMER, SPELT_IF_TRANSFORMED, TERMS
from benchmarks.pairs import peer

# Its stubs know neither texts beside columns nor columns in parts.
pc: Any = pyarrow.compute
Column = Any

MAPPING = """\
version: 1
customer:
  referenceId: Code
  companyName: {column: Company, required: true}
  displayName: Trading As
  firstName: First Name
  lastName: Last Name
  email: EMAIL
  phone: PHONE
  paymentTerm: {column: Terms, values: {"30": net30, "45": net45, COD: cod}}
  displayId: Tax
addresses:
  - when: Street
    referenceId: "{referenceId}-BILL"
    type: {const: billing}
    addressLine1: Street
    city: City
    state: State
    zipCode: Zip
    country: {column: Country, transforms: [country]}
"""
MAPPINGS = ("plain", "distinct", "repeated")
_TRANSFORMED = {
    "EMAIL": "{column: E-mail, transforms: [lower, email]}",
    "PHONE": "{column: Phone, transforms: [{phone: US}]}",
}
_AS_IT_IS = {"EMAIL": "E-mail", "PHONE": "Phone"}

_AREAS = ("206", "212", "312", "404", "415", "512", "602", "617", "702", "808")


class Figures(NamedTuple):
    """What one process took.

    Args:
        cpu: Seconds of CPU, all threads, by stage.
        peak: The most memory it held, MB.
        found: How many creates and updates it found.
    """

    cpu: Mapping[str, float]
    peak: float
    found: tuple[int, int]

    @property
    def total(self) -> float:
        """Seconds of CPU in all."""
        return sum(self.cpu.values())


# --- the data -----------------------------------------------------------------------------------


def make(folder: Path, rows: int, mapping: str) -> None:
    """Write the file, its mapping, and the account's customers and addresses as columns.

    Args:
        folder: Where.
        rows: How many.
        mapping: One of MAPPINGS.
    """
    file = _file(rows, repeats=100 if mapping == "repeated" else 1)
    with (folder / "customers.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(file.column_names)
        writer.writerows(zip(*(column.to_pylist() for column in file.columns), strict=True))
    fields = _AS_IT_IS if mapping == "plain" else _TRANSFORMED
    text = re.sub("EMAIL|PHONE", lambda found: fields[found[0]], MAPPING)
    (folder / "mapping.yaml").write_text(text, encoding="utf-8")
    for name, table in _account(file, transformed=mapping != "plain").items():
        pyarrow.feather.write_feather(table, folder / f"{name}.arrow", compression="uncompressed")


def _file(rows: int, repeats: int) -> pa.Table:
    """The file's columns."""
    n = np.arange(rows)
    chosen = np.random.default_rng(7)
    person = n // repeats
    area = np.array(_AREAS)[person % len(_AREAS)]
    line = 2_000_000 + person // len(_AREAS) * 7 % 8_000_000
    forms = ("({0}) {1}-{2}", "{0}-{1}-{2}", "+1 {0} {1} {2}", "{0}.{1}.{2}")
    phones = [
        forms[at % 4].format(code, str(digits)[:3], str(digits)[3:])
        for at, code, digits in zip(person.tolist(), area.tolist(), line.tolist(), strict=True)
    ]

    def some(*texts: str) -> Column:
        return pa.array(np.array(texts, dtype=object)[chosen.integers(0, len(texts), rows)])

    return pa.table(
        {
            "Code": _words("C-{:07d}", n),
            "Company": _words("Company {}{} Ltd", n, np.where(n % 10 == 0, ",", "")),
            "Trading As": _words("Traders No {}", n),
            "First Name": some("Ann", "Bob", "Chloe", "Dan", "Eve", "Zoë"),
            "Last Name": _words("Miller {}", n % 5000),
            "E-mail": pc.binary_join_element_wise(
                _words("Sales.{}", person), _words("Shop{}.com", person % 250_000), "@"
            ),
            "Phone": pa.array(phones),
            "Tax": _words("{:09d}", n * 7 % 1_000_000_007),
            "Terms": some(*TERMS),
            "Street": _words("{} Main Street", n),
            "City": _words("City {}", n % 20_000),
            "State": some("WA", "NY", "IL", "GA"),
            "Zip": _words("{:05d}", n % 90_000),
            "Country": some(*COUNTRIES),
            "Notes": _words("since {}", 1990 + n % 30),
        }
    )


def _words(pattern: str, *parts: Any) -> Column:
    return pa.array(
        [pattern.format(*each) for each in zip(*(p.tolist() for p in parts), strict=True)]
    )


def _account(file: pa.Table, *, transformed: bool) -> dict[str, pa.Table]:
    """The account's customers and addresses: those of the file, of each hundred rows one otherwise."""
    n = np.arange(file.num_rows)
    odd = n % 100 == 0
    kind = n // 100 % 10
    new = odd & (kind == 0)
    customers: dict[str, Column] = {field: file[name] for name, field in CUSTOMER.items()}
    customers["paymentTerm"] = _replaced(customers["paymentTerm"], TERMS)
    if transformed:
        customers["email"] = pc.utf8_lower(customers["email"])
        digits = pc.replace_substring_regex(customers["phone"], r"\D", "")
        ten = pc.utf8_slice_codeunits(digits, -10)
        customers["phone"] = pc.binary_join_element_wise("+1", ten, "")
    addresses: dict[str, Column] = {field: file[name] for name, field in ADDRESS.items()}
    addresses["country"] = _replaced(addresses["country"], COUNTRIES)
    customers["companyName"] = _otherwise(customers["companyName"], odd & (kind % 2 == 1))
    addresses["city"] = _otherwise(addresses["city"], odd & (kind % 2 == 0))

    def alike(text: str) -> Column:
        return pa.repeat(pa.scalar(text), file.num_rows)

    ids = pa.array([f"cus_{each}" for each in n.tolist()])
    ids_of_addresses = pa.array([f"addr_{each}" for each in n.tolist()])
    bill = pc.binary_join_element_wise(file["Code"], "BILL", "-")
    always: dict[str, Column] = {
        "id": ids,
        "referenceId": file["Code"],
        "status": alike("active"),
        "updatedAt": alike("2026-03-01T00:00:00Z"),
    }
    theirs: dict[str, Column] = {
        "customer": ids,
        "id": ids_of_addresses,
        "status": alike("active"),
        "referenceId": bill,
        "type": alike("billing"),
    }
    kept = pa.array(~new)
    return {
        "customers": pa.table({**always, **customers, "addresses": ids_of_addresses}).filter(kept),
        "addresses": pa.table({**theirs, **addresses}).filter(kept),
    }


def _replaced(column: Column, words: Mapping[str, str]) -> Column:
    at = pc.index_in(column, value_set=pa.array(list(words)))
    return pc.take(pa.array(list(words.values())), at)


def _otherwise(column: Column, where: Any) -> Column:
    return pc.if_else(pa.array(where), pc.binary_join_element_wise("Old", column, " "), column)


# --- the three ways -------------------------------------------------------------------------------


def wizsync(folder: Path, clock: Callable[[str], None]) -> tuple[int, int]:
    """wizsync: intake, mapping, plan."""
    from wizsync.intake import read  # noqa: PLC0415 - each process loads what it measures
    from wizsync.mapping import load, rules, to_desired  # noqa: PLC0415
    from wizsync.model import Account, ChildKind, Snapshot  # noqa: PLC0415
    from wizsync.plan import Context, make_plan  # noqa: PLC0415

    mapping = load(folder / "mapping.yaml")
    customers, addresses = (_frame(folder / f"{name}.arrow") for name in ("customers", "addresses"))
    snapshot = Snapshot(
        customers,
        complete=True,
        children={ChildKind.ADDRESSES: addresses},
        total=len(customers),
        total_before=len(customers),
    )
    clock("")
    table = read(folder / "customers.csv")
    clock("read")
    rule = rules(mapping, table)
    desired = to_desired(mapping, table)
    clock("map")
    account = Account("https://api.example.com/v1", "5a17", "f1n9e4", "shop")
    plan = make_plan(desired, snapshot, rule, Context(account, "camel", "2026-03-04T02:00:00Z"))
    clock("plan")
    if plan.tally.rejected:
        raise SystemExit(f"{plan.tally.rejected} rows were rejected: {plan.rejects[0].message}")
    return plan.tally.create, plan.tally.update


def _frame(path: Path) -> pd.DataFrame:
    table = pyarrow.feather.read_table(path, memory_map=False)
    return pd.DataFrame(
        {name: table[name].to_pandas().astype("str") for name in table.column_names}
    )


_FLOOR = """\
WITH theirs AS (
    SELECT c.*, {addressed} FROM customers c LEFT JOIN addresses a ON a.customer = c.id
), compared AS (
    SELECT f."Code" AS ours, t."referenceId" AS theirs, {unlike}
    FROM read_csv('{path}', all_varchar = true, header = true) f
    FULL OUTER JOIN theirs t ON f."Code" = t."referenceId"
)
SELECT count(*) FILTER (theirs IS NULL), count(*) FILTER (theirs IS NOT NULL AND ({told})), {counts}
FROM compared
"""


def duckdb(folder: Path, clock: Callable[[str], None]) -> tuple[int, int]:
    """DuckDB: reads the file, joins it with the account, and compares the same columns, as they stand."""
    engine = peer("duckdb")

    connection = engine.connect()
    for name in ("customers", "addresses"):
        connection.register(name, pyarrow.feather.read_table(folder / f"{name}.arrow"))
    clock("")
    pairs = {**CUSTOMER, **ADDRESS}
    # What the mapping makes alike is compared as well, and does not count: it is spelt otherwise on both
    # sides.
    query = _FLOOR.format(
        addressed=", ".join(f'a."{field}"' for field in ADDRESS.values()),
        unlike=", ".join(
            f'f."{name}" IS DISTINCT FROM t."{field}" AS "{field}"' for name, field in pairs.items()
        ),
        told=" OR ".join(
            f'"{field}"' for name, field in pairs.items() if name not in SPELT_IF_TRANSFORMED
        ),
        counts=", ".join(f'count(*) FILTER ("{pairs[name]}")' for name in SPELT_IF_TRANSFORMED),
        path=(folder / "customers.csv").as_posix(),
    )
    counts = connection.execute(query).fetchone()
    clock("all")
    return (int(counts[0]), int(counts[1])) if counts else (0, 0)


def loop(folder: Path, clock: Callable[[str], None]) -> tuple[int, int]:  # noqa: C901 - as one writes it
    """A loop over rows with pandas and pydantic, as one writes it in an afternoon."""
    import phonenumbers  # noqa: PLC0415
    from email_validator import validate_email  # noqa: PLC0415
    from pydantic import BaseModel, field_validator  # noqa: PLC0415

    transformed = "transforms: [lower" in (folder / "mapping.yaml").read_text(encoding="utf-8")

    class Customer(BaseModel):
        companyName: str  # noqa: N815 - the API's names
        displayName: str  # noqa: N815
        firstName: str  # noqa: N815
        lastName: str  # noqa: N815
        email: str
        phone: str
        paymentTerm: str  # noqa: N815
        displayId: str  # noqa: N815
        addressLine1: str  # noqa: N815
        city: str
        state: str
        zipCode: str  # noqa: N815
        country: str

        @field_validator("paymentTerm")
        @classmethod
        def _term(cls, text: str) -> str:
            return TERMS[text]

        @field_validator("country")
        @classmethod
        def _country(cls, text: str) -> str:
            return COUNTRIES[text]

        @field_validator("email")
        @classmethod
        def _email(cls, text: str) -> str:
            if not transformed:
                return text
            return validate_email(text.lower(), check_deliverability=False).normalized

        @field_validator("phone")
        @classmethod
        def _phone(cls, text: str) -> str:
            if not transformed:
                return text
            number = phonenumbers.parse(text, "US")
            if not phonenumbers.is_valid_number(number):
                raise ValueError(text)
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    customers, addresses = (_frame(folder / f"{name}.arrow") for name in ("customers", "addresses"))
    clock("")
    names = {**CUSTOMER, **ADDRESS}
    account = customers.merge(addresses, left_on="id", right_on="customer", suffixes=("", "_of"))
    there = {row["referenceId"]: row for row in account.to_dict("records")}
    creates = updates = 0
    for _, row in pd.read_csv(folder / "customers.csv", dtype=str).iterrows():
        customer = Customer(**{field: row[name].strip() for name, field in names.items()})
        known = there.get(row["Code"])
        if known is None:
            creates += 1
        elif any(known[field] != value for field, value in customer.model_dump().items()):
            updates += 1
    clock("all")
    return creates, updates


WAYS: Mapping[str, Callable[[Path, Callable[[str], None]], tuple[int, int]]] = {
    "wizsync": wizsync,
    "duckdb": duckdb,
    "loop": loop,
}


# --- measuring ----------------------------------------------------------------------------------


def measure(folder: Path, way: str) -> Figures:
    """Run one way in a process of its own.

    Args:
        folder: What `make` wrote.
        way: One of WAYS.
    """
    command = [sys.executable, "-m", "benchmarks.stages", "--way", way, "--folder", str(folder)]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
    cpu, peak, found = json.loads(told.stdout.splitlines()[-1])
    return Figures(cpu, peak, tuple(found))


def _run(folder: Path, way: str, *, profile: bool) -> None:
    cpu: dict[str, float] = {}
    last = time.process_time()

    def clock(stage: str) -> None:
        nonlocal last
        now = time.process_time()
        if stage:
            cpu[stage] = now - last
        last = time.process_time()

    profiler = cProfile.Profile()
    if profile:
        profiler.enable()
    found = WAYS[way](folder, clock)
    if profile:
        profiler.disable()
        pstats.Stats(profiler, stream=sys.stderr).sort_stats("tottime").print_stats(45)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([cpu, peak, found]))


def compared(rows: int, mapping: str, pairs: int, ways: tuple[str, ...]) -> dict[str, Figures]:
    """Each way several times in turn: the figures of its median run.

    Args:
        rows: How many.
        mapping: One of MAPPINGS.
        pairs: How often.
        ways: Some of WAYS.
    """
    seen: dict[str, list[Figures]] = {way: [] for way in ways}
    with tempfile.TemporaryDirectory() as name:
        make(Path(name), rows, mapping)
        for turn in range(pairs):
            for way in ways:
                # The loop takes minutes, and is a tenth as fast anyhow.
                if way != "loop" or turn == 0:
                    seen[way].append(measure(Path(name), way))
    answers = {figures.found for runs in seen.values() for figures in runs}
    if len(answers) > 1:
        raise SystemExit(f"They found different changes: {answers}")
    middle = {way: statistics.median_low(each.total for each in runs) for way, runs in seen.items()}
    return {
        way: next(each for each in runs if each.total == middle[way]) for way, runs in seen.items()
    }


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--mapping", choices=MAPPINGS, action="append")
    parser.add_argument("--ways", default=",".join(WAYS))
    parser.add_argument("--profile", action="store_true", help="of wizsync alone, by function")
    parser.add_argument("--way", choices=tuple(WAYS), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.way is not None:
        _run(asked.folder, asked.way, profile=asked.profile)
        return
    for mapping in asked.mapping or MAPPINGS:
        if asked.profile:
            with tempfile.TemporaryDirectory() as name:
                make(Path(name), asked.rows, mapping)
                _run(Path(name), "wizsync", profile=True)
            continue
        found = compared(asked.rows, mapping, asked.pairs, tuple(asked.ways.split(",")))
        ours = found["wizsync"]
        print(
            f"{mapping}, {asked.rows:,} rows: {ours.found[0]:,} creates, {ours.found[1]:,} updates"
        )
        for way, figures in found.items():
            stages = ", ".join(f"{stage} {seconds:.2f}" for stage, seconds in figures.cpu.items())
            ratio = f"wizsync takes {ours.total / figures.total:.2f} times as much"
            print(
                f"  {way}: {figures.total:.2f} s of CPU ({stages}), {figures.peak:,.0f} MB"
                + (f"; {ratio}" if way != "wizsync" else "")
            )


if __name__ == "__main__":
    main()
