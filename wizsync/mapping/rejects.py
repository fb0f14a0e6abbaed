"""Rows that cannot be used, in words; and the list of all the reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wizsync.mapping.transforms import Fault
from wizsync.model.customer import ChildKind
from wizsync.model.table import Reject, SourceRow

if TYPE_CHECKING:
    from wizsync.model.table import Table

# Every code that this stage gives a reject, and when. Programs read them; they do not change.
CODES: Mapping[str, str] = {
    "blank_key": "The referenceId is empty in a row that is not.",
    "empty_key_part": "A column that the referenceId's template is made of is empty.",
    "damaged_key": "The referenceId is a long number in short, such as 1.23E+11.",
    "out_of_scope": "The referenceId is not one that the mapping is responsible for.",
    "bad_action": "The action is none of create, update, upsert, merge, delete and ignore.",
    "different_values": "Rows of one referenceId have different values in a column.",
    "different_actions": "Rows of one referenceId ask for different actions.",
    "different_child_values": "Rows of one address or contact have different values in a column.",
    "two_defaults": "Two addresses of one type, or two contacts, of a customer are its default.",
    "blank_join": "A row of an address or contact does not say whose it is.",
    "customer_not_in_file": "An address or contact belongs to a customer that the file does not name.",
    "customer_rejected": "An address or contact belongs to a customer whose own row cannot be used.",
    "unknown_lookup": "What is looked up is in no list of the account, or not in the look-up's file.",
    "ambiguous_lookup": "What is looked up is there more than once.",
    "inactive_lookup": "The price list or sales rep that is looked up is no longer active.",
    "empty_lookup": "What is looked up is in the look-up's file, without a value.",
    "unknown_option": "The text is no option of the attribute.",
    "several_values": "A cell holds several values for an attribute that takes one.",
    "bad_type": "An address's type is neither billing nor shipping.",
    "no_value": "A cell holds a formula whose result was never stored.",
    "long_number": "A cell holds a number with more digits than a spreadsheet program keeps.",
    "error_value": "A cell holds a spreadsheet's error, such as #N/A.",
    "unknown_value": "A cell's text is not among the mapping's `values`.",
    "no_digits": "Transform digits: no digit in the text.",
    "slow_regex": "Transform regex: the pattern takes too long on the text.",
    "bad_number": "Transform number: not a number.",
    "ambiguous_number": "Transform number: thousands or decimals, such as 1.234.",
    "bad_date": "Transform date: not a date, or not of the form given.",
    "ambiguous_date": "Transform date: day or month first, such as 03/04/2026.",
    "bad_boolean": "Transform boolean: neither yes nor no.",
    "bad_email": "Transform email: not one e-mail address.",
    "bad_phone": "Transform phone: not a phone number.",
    "bad_country": "Transform country: not a country.",
    "bad_state": "Transform state: not a state of the country given.",
    "bad_city_line": "Transform city_line: not a line of city, state and zip code.",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason why rows cannot be used.

    Args:
        fault: What is wrong.
        positions: The rows in the table.
        column: The file's column, where one is at fault.
        value: The text at fault.
        key: The rows' referenceId, where it could be read.
    """

    fault: Fault
    positions: tuple[int, ...]
    column: str | None = None
    value: str | None = None
    key: str | None = None


def rejects(
    table: Table, findings: Iterable[Finding], *, child: ChildKind | None = None
) -> tuple[Reject, ...]:
    """The findings as rejects, in the order of the table's rows; each is told once.

    Args:
        table: The rows.
        findings: What was found, column by column.
        child: What alone cannot be used, where the customer can.
    """
    findings = sorted(findings, key=lambda finding: finding.positions)
    rows = _rows(table, sorted({n for finding in findings for n in finding.positions}))
    found = [
        Reject(
            code=each.fault.code,
            message=f'"{each.column}" {each.fault.says}' if each.column else each.fault.says,
            hint=each.fault.hint,
            rows=tuple(rows[n] for n in each.positions),
            column=each.column,
            value=each.value,
            key=each.key,
            child=child,
        )
        for each in findings
    ]
    # Two fields of one column find the same in it.
    return tuple(sorted(dict.fromkeys(found), key=lambda reject: reject.rows[0].number))


def _rows(table: Table, positions: list[int]) -> dict[int, SourceRow]:
    """The rows at positions; all taken at once, since one at a time is slow in a frame of columns."""
    at = np.array(positions, dtype=np.int64)
    columns = [table.cells[name].iloc[at].tolist() for name in table.columns]
    cells = zip(*columns, strict=True)
    numbers, lines = table.numbers[at].tolist(), table.lines[at].tolist()
    return {
        position: SourceRow(number, line, tuple(texts), table.place)
        for position, number, line, texts in zip(positions, numbers, lines, cells, strict=True)
    }
