"""From the names that the API uses back to the columns of the file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wizsync.model import (
    CHILD_FIELDS,
    CUSTOMER_FIELDS,
    Block,
    ChildChange,
    ChildKind,
    Field,
    attribute_of,
)

_INSIDE = re.compile(r"[.\[]")
_OF_A_CHILD = re.compile(r"(addresses|contacts)(?:\[(\d+)\]|\.(\d+))\.?(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class AboutChild:
    """What a name in the server's words is about, where that is a child in the request's list.

    Args:
        kind: The list.
        index: The place in the list.
        field: The name inside of it, "" where the child as a whole is meant.
    """

    kind: ChildKind
    index: int
    field: str


def about_child(written: str) -> AboutChild | None:
    """The child that a name such as `addresses[0].zipCode` is about; None of any other name."""
    found = _OF_A_CHILD.fullmatch(written)
    if found is None:
        return None
    kind, in_brackets, after_dot, field = found.groups()
    return AboutChild(ChildKind(kind), int(in_brackets or after_dot), field)


class Columns:
    """The file's column of each field.

    Args:
        columns: Field to the file's column, "" for a constant, as in Rules or a Block.
        fields: The fields there are.
    """

    def __init__(
        self, columns: Mapping[str, str], fields: Mapping[str, Field] = CUSTOMER_FIELDS
    ) -> None:
        self._columns = columns
        self._fields = fields
        self._used = Counter(filter(None, columns.values()))
        # However the server spells a field (`assignedPriceListID` on create, `zip_code`), this is the
        # name that mappings and plans give it.
        self._names = {_plain(name): name for name in fields}
        if "companyName" in fields:
            self._names["name"] = "companyName"

    def field(self, written: str) -> str:
        """The field that a name in the server's words is about.

        Args:
            written: Such as `phone`, `assignedSalesRepIds[0]`; of a child the bare name, `zipCode`.

        Returns:
            The field's name in the model, or the name as it was where it is none of them.
        """
        if written in self._fields or attribute_of(written):
            return written
        outermost = _INSIDE.split(written, maxsplit=1)[0]
        return self._names.get(_plain(outermost), written)

    def column(self, written: str) -> str:
        """The file's column behind a name, "" where there is none."""
        found = self._columns.get(written)
        return self._columns.get(self.field(written), "") if found is None else found

    def is_shared(self, written: str) -> bool:
        """Whether the column behind a name is that of other fields too."""
        return self._used[self.column(written)] > 1

    def label(self, written: str) -> str:
        """What people call it: the file's column in quotes, else the name itself; "" stays ""."""
        column = self.column(written)
        return f'"{column}"' if column else written


class ChildColumns:
    """The file's columns of the fields of addresses and contacts, block by block.

    Args:
        blocks: The mapping's.

    Attributes:
        of_kind: For each kind the columns that all of its blocks agree on.
    """

    def __init__(self, blocks: Sequence[Block]) -> None:
        self._of_block = [Columns(block.columns, CHILD_FIELDS[block.kind]) for block in blocks]
        self.of_kind = {
            kind: Columns(agreed(blocks, kind), CHILD_FIELDS[kind]) for kind in ChildKind
        }

    def of(self, change: ChildChange) -> Columns:
        """The columns of a child: its block's; of one to be removed, those that all blocks agree on."""
        if change.block is not None and change.block < len(self._of_block):
            return self._of_block[change.block]
        return self.of_kind[change.kind]


def agreed(blocks: Sequence[Block], kind: ChildKind) -> dict[str, str]:
    """Field to column, where all of the blocks of a kind that have the field agree on its column."""
    found: dict[str, set[str]] = {}
    for block in blocks:
        if block.kind is kind:
            for field, column in block.columns.items():
                found.setdefault(field, set()).add(column)
    return {field: columns.pop() for field, columns in found.items() if len(columns) == 1}


def _plain(name: str) -> str:
    return name.replace("_", "").casefold()
