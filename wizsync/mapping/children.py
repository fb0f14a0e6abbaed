"""The addresses and contacts that should exist, of all blocks of a kind together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from wizsync.mapping.block_rows import BlockRows, read_block
from wizsync.mapping.block_source import block_sources
from wizsync.mapping.child_rows import ChildRows, RowsOfBlocks
from wizsync.mapping.identities import Identities
from wizsync.mapping.merging import Merged, disagreements, merge, some
from wizsync.mapping.parents import Parents
from wizsync.mapping.rules import columns_of
from wizsync.mapping.sources import Sources
from wizsync.model.customer import ChildKind
from wizsync.model.desired import Children, Mode
from wizsync.model.table import Reject, SourceRow

if TYPE_CHECKING:
    import numpy.typing as npt


@dataclass(frozen=True)
class ReadChildren:
    """What the blocks of a mapping come to.

    Args:
        kinds: The children of each kind that the mapping has a block for.
        parents: The customers; with mended rows of children some more.
        rejects: Children that cannot be used.
        left_out: Rows of other tables that are not to be used.
        places: The other tables that rows were read from.
    """

    kinds: Mapping[ChildKind, Children]
    parents: Parents
    rejects: tuple[Reject, ...]
    left_out: int
    places: tuple[str, ...]


def read_children(sources: Sources, parents: Parents) -> ReadChildren:
    """Read all blocks of a mapping.

    Args:
        sources: The mapping and what it is used with.
        parents: The customers.

    Raises:
        MappingError: The account has no such attribute.
    """
    blocks = block_sources(sources)
    for block in blocks:
        if block.keys is not None:
            parents = parents.with_strangers(block.keys)
    kinds: dict[ChildKind, Children] = {}
    rejects: list[Reject] = []
    every: list[BlockRows] = []
    for kind in ChildKind:
        if not getattr(sources.schema, kind.value):
            continue
        read = [read_block(one, sources, parents) for one in blocks if one.kind is kind]
        kinds[kind], found = _Together(kind, read, sources, parents).children()
        rejects += [*(one for block in read for one in block.rejects), *found]
        every += read
    # The broken rows of a table are told once, although several blocks may read it.
    tables = {one.block.place: (one.table, one.kind) for one in blocks if one.block.place}
    for table, kind in tables.values():
        rejects += [replace(bad, child=kind) for bad in table.broken]
    left_out = sum(int(rows.sum()) for rows in _left_out_by_all(every).values())
    return ReadChildren(kinds, parents, tuple(dict.fromkeys(rejects)), left_out, tuple(tables))


def _left_out_by_all(blocks: Sequence[BlockRows]) -> dict[str, npt.NDArray[np.bool_]]:
    """Of each place the rows that every block which reads it leaves out."""
    rows: dict[str, npt.NDArray[np.bool_]] = {}
    for block in blocks:
        if block.place:
            rows[block.place] = block.left_out & rows.get(block.place, block.left_out)
    return rows


@dataclass(frozen=True)
class _Together:
    """The rows of all blocks of a kind, put together; a position counts through all of them."""

    kind: ChildKind
    blocks: Sequence[BlockRows]
    sources: Sources
    parents: Parents

    def children(self) -> tuple[Children, list[Reject]]:
        """The children, and those that contradict one another."""
        fields = _stacked([block.fields for block in self.blocks])
        defaults = _stacked([block.defaults for block in self.blocks])
        customers = _joined([block.customers for block in self.blocks])
        # A new one takes its type from the default, and so it is one of that type from the first.
        types = _texts(fields, "type").mask(lambda texts: texts == "", _texts(defaults, "type"))
        identities = Identities(self.kind, fields, types, customers)
        keys, types = identities.keys, identities.types

        apart = list(self._disagreements(keys, fields, customers))
        good = np.ones(len(customers), dtype=np.bool_)
        good[[n for positions, _ in apart for n in positions]] = False
        merged = merge(some(keys, good), {str(name): some(fields[name], good) for name in fields})
        two = list(self._two_defaults(merged, types, customers))
        kept = np.ones(len(merged.positions), dtype=np.bool_)
        kept[[n for group, _ in two for n in group]] = False
        at = merged.positions[kept]
        bad = {
            *customers[~good].tolist(),
            *customers[merged.positions[~kept]].tolist(),
        }
        removes, without = self._removals(bad)
        children = Children(
            fields=pd.DataFrame(
                {
                    name: some(column, kept).reset_index(drop=True)
                    for name, column in merged.columns.items()
                },
                index=range(len(at)),
            ),
            defaults=_at(defaults, at),
            customers=customers[at],
            blocks=_joined([np.full(len(b.at), b.number) for b in self.blocks])[at],
            rows=ChildRows(self._every_row, at, _renumbered(merged.several, kept)),
            removes=removes,
            without=without,
        )
        return children, [reject for _, reject in (*apart, *two)]

    def _disagreements(
        self, keys: pd.Series, fields: pd.DataFrame, customers: npt.NDArray[np.int64]
    ) -> Iterator[tuple[tuple[int, ...], Reject]]:
        """Rows of one child that contradict one another: their positions, and why they are rejected."""
        same = pd.Series("", index=keys.index, dtype="str")
        for each in disagreements(keys, same, {str(name): fields[name] for name in fields}):
            column = self._column(each.positions, each.field or "")
            named = f'"{column}"' if column else str(each.field)
            reject = Reject(
                "different_child_values",
                f"{named} has different values in rows of one {self.kind.one}",
                "Keep one of the values in these rows, or give them referenceIds of their own.",
                tuple(self._rows(each.positions)),
                column=column or None,
                value=" / ".join(each.values),
                key=str(self.parents.keys.iloc[customers[each.positions[0]]]),
                child=self.kind,
            )
            yield each.positions, reject

    def _two_defaults(
        self, merged: Merged, types: pd.Series, customers: npt.NDArray[np.int64]
    ) -> Iterator[tuple[list[int], Reject]]:
        """Children of one customer, and of one type, of which more than one is the default."""
        if "isDefault" not in merged.columns:
            return
        at = np.flatnonzero((merged.columns["isDefault"] == "true").to_numpy(bool))
        owners = customers[merged.positions[at]]
        groups = pd.DataFrame(
            {"owner": owners, "type": types.iloc[merged.positions[at]].to_numpy(object)}, index=at
        )
        doubled = groups[groups.duplicated(keep=False)]
        for _, group in doubled.groupby(["owner", "type"], sort=False):
            members = [int(n) for n in group.index]
            positions = [n for member in members for n in _rows_of(merged, member)]
            of_type = f" of one type ({group['type'].iloc[0]})" if group["type"].iloc[0] else ""
            yield (
                members,
                Reject(
                    "two_defaults",
                    f"More than one {self.kind.one}{of_type} of this customer is its default",
                    "Let one of them be the default.",
                    tuple(dict.fromkeys(self._rows(positions))),
                    column=self._column(positions, "isDefault") or None,
                    key=str(self.parents.keys.iloc[group["owner"].iloc[0]]),
                    child=self.kind,
                ),
            )

    def _removals(self, bad: set[int]) -> tuple[npt.NDArray[np.bool_], tuple[str, ...]]:
        """Of whom children may be removed, and the keys of those who have no row anywhere.

        Args:
            bad: Customers of whom children contradict one another.
        """
        removes = np.zeros(len(self.parents.keys), dtype=np.bool_)
        if not self.sources.schema.children.removes(self.kind):
            return removes, ()
        # A row of the customer's own tells of others only where children stand nowhere else.
        elsewhere = any(
            block.place for kind, block in self.sources.schema.blocks if kind is self.kind
        )
        removes[
            [n for block in self.blocks if block.place or not elsewhere for n in block.seen]
        ] = True
        asked = self.parents.actions.isin([Mode.UPDATE.value, Mode.UPSERT.value]).to_numpy(bool)
        without = () if self.parents.mended else tuple(self.parents.keys[asked & ~removes])
        lost = any(block.lost for block in self.blocks) or not self.parents.may_remove
        removes &= asked & (not lost)
        removes[[n for block in self.blocks for n in block.unsafe]] = False
        removes[[*bad, *self._passed_over()]] = False
        return removes, without

    def _passed_over(self) -> Iterator[int]:
        """The customers of whom a row is left out by every block that reads it: it names a child as well."""
        places: dict[str, npt.NDArray[np.int64]] = {}
        for block in self.blocks:
            if block.place:
                before = places.get(block.place, block.passed_over)
                places[block.place] = np.where(before >= 0, block.passed_over, -1)
        for customers in places.values():
            yield from customers[customers >= 0].tolist()

    # --- rows -----------------------------------------------------------------------------------

    def _rows(self, positions: Iterable[int]) -> Iterator[SourceRow]:
        return map(self._every_row.row, positions)

    @cached_property
    def _every_row(self) -> RowsOfBlocks:
        return RowsOfBlocks(self.blocks)

    def _column(self, positions: Sequence[int], name: str) -> str:
        """The column that a field of some rows comes from, of the first that says one."""
        starts = np.cumsum([0, *(len(block.at) for block in self.blocks)])
        numbers = np.searchsorted(starts, positions, side="right") - 1
        columns = (", ".join(columns_of(self.blocks[n].mapped, name)) for n in numbers)
        return next(filter(None, columns), "")


def _rows_of(merged: Merged, number: int) -> tuple[int, ...]:
    """The rows behind a merged child."""
    return merged.several.get(number) or (int(merged.positions[number]),)


def _at(frame: pd.DataFrame, at: npt.NDArray[np.int64]) -> pd.DataFrame:
    return frame if len(at) == len(frame) else frame.iloc[at].reset_index(drop=True)


def _renumbered(
    several: Mapping[int, tuple[int, ...]], kept: npt.NDArray[np.bool_]
) -> dict[int, tuple[int, ...]]:
    """The rows of merged children by their numbers among those that are kept."""
    numbers = np.cumsum(kept) - 1
    return {int(numbers[child]): rows for child, rows in several.items() if kept[child]}


def _texts(fields: pd.DataFrame, name: str) -> pd.Series:
    """A field's texts, "" where there is none."""
    if name not in fields:
        return pd.Series("", index=fields.index, dtype="str")
    return fields[name].fillna("")


def _stacked(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Frames one under the other; of what one lacks the cells are missing."""
    columns = dict.fromkeys(name for frame in frames for name in frame)
    count = sum(len(frame) for frame in frames)
    found = {
        name: pd.concat(
            [
                frame[name] if name in frame else pd.Series([None] * len(frame), dtype="str")
                for frame in frames
            ],
            ignore_index=True,
        ).astype("str")
        for name in columns
    }
    return pd.DataFrame(found, index=range(count))


def _joined(parts: Sequence[npt.NDArray[np.int64]]) -> npt.NDArray[np.int64]:
    return np.concatenate([np.array([], dtype=np.int64), *parts]).astype(np.int64)
