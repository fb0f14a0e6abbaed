"""Finding what a cell stands for in the account's lists, or in a file of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wizsync.mapping.field_schema import AccountLookup, FileLookup
from wizsync.mapping.transforms import Fault
from wizsync.mapping.words import code_of, composed, is_spreadsheet_error, trimmed
from wizsync.model.account import Entry, Lists
from wizsync.nearest import nearest_of

if TYPE_CHECKING:
    from wizsync.model.table import Table

_WORDS = {"price_lists": "price list", "sales_reps": "sales rep"}
_SHOWN = 5

# What a filled text stands for; Fault where it is not known.
Find = Callable[[str], str]


@dataclass(frozen=True)
class Lookups:
    """What a mapping's look-ups are answered from.

    Args:
        lists: The account's lists; None offline: what is looked up there passes as it is.
        tables: The files of their own, by place.
    """

    lists: Lists | None = None
    tables: Mapping[str, Table] = field(default_factory=dict)

    def finder(self, lookup: AccountLookup | FileLookup) -> Find:
        """What finds the values of one look-up; its index is made once."""
        if isinstance(lookup, FileLookup):
            return _in_table(self.tables[place_of(lookup)], lookup)
        entries = None if self.lists is None else getattr(self.lists, lookup.account)
        return (lambda text: text) if entries is None else _in_account(entries, lookup)


def place_of(lookup: FileLookup) -> str:
    """The place of a look-up's file among a mapping's other tables."""
    return lookup.file if lookup.sheet is None else f"{lookup.file} / {lookup.sheet}"


def _in_account(entries: Iterable[Entry], lookup: AccountLookup) -> Find:
    what = _WORDS[lookup.account]
    form = _exact if lookup.key in ("id", "reference_id") else _loose
    index: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        text = form(getattr(entry, lookup.key))
        if text:
            index[text].append(entry)
    spelled = {
        getattr(entry, lookup.key) for some in index.values() for entry in some if entry.active
    }

    def find(text: str) -> str:
        found = index.get(form(text), [])
        active = [entry for entry in found if entry.active]
        if len(active) == 1:
            return active[0].id
        if active:
            raise _ambiguous(what, lookup, active)
        if found:
            raise Fault(
                "inactive_lookup",
                f"names a {what} that is no longer active",
                f"Give another one. {_choices(what, spelled)}",
            )
        near = nearest_of(text, sorted(spelled), limit=3)
        raise Fault(
            "unknown_lookup",
            f"names no {what} of the account by its {lookup.key}",
            f"Did you mean {_listed(near)}?" if near else _choices(what, spelled),
        )

    return find


def _choices(what: str, spelled: Iterable[str]) -> str:
    named = _listed(sorted(spelled))
    return f"There are: {named}." if named else f"The account has no active {what}."


def _ambiguous(what: str, lookup: AccountLookup, active: list[Entry]) -> Fault:
    named = "; ".join(
        f"{entry.name or entry.email} ({entry.reference_id or entry.email or 'no key'}, id {entry.id})"
        for entry in active
    )
    way = "reference_id" if lookup.account == "price_lists" else "email"
    return Fault(
        "ambiguous_lookup",
        f"names {len(active)} {what}s of the account alike",
        f"They are: {named}. Write `by: {way}` in the mapping and give that instead, or rename one.",
    )


def _in_table(table: Table, lookup: FileLookup) -> Find:
    index: dict[str, str] = {}
    doubled: set[str] = set()
    # A damaged cell is "" here, and a CSV file has the error's text: neither is a value to send.
    values = trimmed(composed(table.cells[lookup.value]))
    values = values.mask(is_spreadsheet_error(values), "")
    for key, value in zip(table.cells[lookup.key], values, strict=True):
        code = _loose(key)
        if index.setdefault(code, value) != value:
            doubled.add(code)
    known = sorted(key for key in index if key)

    def find(text: str) -> str:
        code = _loose(text)
        if code in doubled:
            raise Fault(
                "ambiguous_lookup",
                f"is in {lookup.file} more than once, with different values",
                f"Keep one of its rows in {lookup.file}.",
            )
        if code not in index:
            near = nearest_of(code, known, limit=3)
            raise Fault(
                "unknown_lookup",
                f"is not in the column {lookup.key} of {lookup.file}",
                (f"Did you mean {_listed(near)}? Else add" if near else "Add")
                + f" it to {lookup.file}, or correct the cell.",
            )
        if not index[code]:
            raise Fault(
                "empty_lookup",
                f"is in {lookup.file} without a value in the column {lookup.value}",
                "Fill it in there. Where it is to empty the field, use `values:` in the mapping.",
            )
        return index[code]

    return find


def _exact(text: str) -> str:
    return code_of(text)


def _loose(text: str) -> str:
    """Names and e-mails: case and doubled spaces do not count."""
    return " ".join(code_of(text).split()).casefold()


def _listed(names: Iterable[str]) -> str:
    names = list(names)
    more = ", …" if len(names) > _SHOWN else ""
    return ", ".join(f'"{name}"' for name in names[:_SHOWN]) + more
