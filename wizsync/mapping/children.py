"""The addresses and contacts that should exist, of all blocks of a kind together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

import numpy as np
import pandas as pd

from wizsync.mapping.block_rows import BlockRows, BlockSource, read_block, source_of
from wizsync.mapping.merging import Merged, disagreements, merge
from wizsync.mapping.parents import Parents
from wizsync.mapping.rules import columns_of
from wizsync.mapping.sources import Sources
from wizsync.model.customer import ChildKind
from wizsync.model.desired import Children, Mode
from wizsync.model.table import Reject, SourceRow, Table

if TYPE_CHECKING:
    import numpy.typing as npt

_BETWEEN = "\x1f"
_CONTENT = {
    ChildKind.ADDRESSES: ("addressLine1", "zipCode", "city"),
    ChildKind.CONTACTS: ("email",),
}


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
    blocks = [one for one in _block_sources(sources) if one is not None]
    for block in blocks:
        if block.keys is not None:
            parents = parents.with_strangers(block.keys)
    kinds: dict[ChildKind, Children] = {}
    rejects: list[Reject] = []
    left_out = 0
    for kind in ChildKind:
        if not getattr(sources.schema, kind.value):
            continue
        read = [read_block(one, sources, parents) for one in blocks if one.kind is kind]
        together = _Together(kind, read, sources, parents)
        kinds[kind], found = together.children()
        rejects += [*(one for block in read for one in block.rejects), *found]
        left_out += sum(block.left_out for block in read)
    tables = {one.block.place: (one.table, one.kind) for one in blocks if one.block.place}
    for table, kind in tables.values():
        rejects += [_broken(bad, kind) for bad in table.broken]
    rejects.sort(key=lambda one: (one.rows[0].place, one.rows[0].number))
    return ReadChildren(kinds, parents, tuple(dict.fromkeys(rejects)), left_out, tuple(tables))


def _block_sources(sources: Sources) -> Iterator[BlockSource | None]:
    counts = dict.fromkeys(ChildKind, 0)
    for number, (kind, block) in enumerate(sources.schema.blocks):
        yield source_of(kind, number, counts[kind], block, sources)
        counts[kind] += 1


def _broken(bad: Reject, kind: ChildKind) -> Reject:
    return Reject(bad.code, bad.message, bad.hint, bad.rows, bad.column, bad.value, bad.key, kind)


@dataclass(frozen=True)
class _Together:
    """The rows of all blocks of a kind, put together."""

    kind: ChildKind
    blocks: Sequence[BlockRows]
    sources: Sources
    parents: Parents

    def children(self) -> tuple[Children, list[Reject]]:
        """The children, and those that contradict one another."""
        fields = _stacked([block.fields for block in self.blocks])
        defaults = _stacked([block.defaults for block in self.blocks])
        customers = _joined([block.customers for block in self.blocks])
        keys = self._identities(fields, customers)
        rejects = list(self._disagreements(keys, fields, customers))
        contradicting = {row for reject in rejects for row in reject.rows}
        good = (
            np.array(
                [row not in contradicting for row in self._rows(range(len(customers)))],
                dtype=np.bool_,
            )
            if contradicting
            else np.ones(len(customers), dtype=np.bool_)
        )
        merged = merge(keys[good], {str(name): fields[name][good] for name in fields})
        two = list(self._two_defaults(merged, customers))
        rejects += [reject for _, reject in two]
        kept = np.ones(len(merged.positions), dtype=np.bool_)
        kept[[n for group, _ in two for n in group]] = False
        at = merged.positions[kept]
        columns = {
            name: column[kept].reset_index(drop=True) for name, column in merged.columns.items()
        }
        several = [
            merged.several.get(n, (int(merged.positions[n]),))
            for n in np.flatnonzero(kept).tolist()
        ]
        unsafe = {
            *(one for block in self.blocks for one in block.unsafe),
            *(self._customer(reject) for reject in rejects),
        }
        removes, without = self._removals(unsafe)
        return (
            Children(
                fields=pd.DataFrame(columns, index=range(len(at))),
                defaults=defaults.iloc[at].reset_index(drop=True),
                customers=customers[at],
                blocks=_joined([np.full(len(b.at), b.number) for b in self.blocks])[at],
                rows=_Rows(self.blocks, several),
                removes=removes,
                without=without,
            ),
            rejects,
        )

    def _identities(self, fields: pd.DataFrame, customers: npt.NDArray[np.int64]) -> pd.Series:
        """What each row names: the same text for rows that name the same child."""
        count = len(customers)
        key = pd.Series([f"row{_BETWEEN}{n}" for n in range(count)], dtype="object")
        types = _texts(fields, "type", count)
        content = [_texts(fields, name, count) for name in _CONTENT[self.kind]]
        first = content[0].str.casefold()
        whole = first
        for part in content[1:]:
            whole = whole + _BETWEEN + part.str.casefold()
        for mark, texts in (
            ("content", (types + _BETWEEN + whole).where(first != "", "")),
            (
                "key",
                (types + _BETWEEN + _texts(fields, "referenceId", count)).where(
                    _texts(fields, "referenceId", count) != "", ""
                ),
            ),
            ("id", _texts(fields, "id", count)),
        ):
            key = key.mask(texts != "", mark + _BETWEEN + texts)
        return (pd.Series(customers.astype(str), dtype="object") + _BETWEEN + key).astype("str")

    def _disagreements(
        self, keys: pd.Series, fields: pd.DataFrame, customers: npt.NDArray[np.int64]
    ) -> Iterator[Reject]:
        same = pd.Series("", index=keys.index, dtype="str")
        for each in disagreements(keys, same, {str(name): fields[name] for name in fields}):
            rows = tuple(self._rows(each.positions))
            column = self._column(each.positions[0], each.field or "")
            named = f'"{column}"' if column else str(each.field)
            yield Reject(
                "different_child_values",
                f"{named} has different values in rows of one {self.kind.one}",
                "Keep one of the values in these rows, or give them referenceIds of their own.",
                rows,
                column=column or None,
                value=" / ".join(each.values),
                key=str(self.parents.keys.iloc[customers[each.positions[0]]]),
                child=self.kind,
            )

    def _two_defaults(
        self, merged: Merged, customers: npt.NDArray[np.int64]
    ) -> Iterator[tuple[list[int], Reject]]:
        """Children of one customer, and of one type, of which more than one is the default."""
        if "isDefault" not in merged.columns:
            return
        default = (merged.columns["isDefault"] == "true").to_numpy(bool)
        types = merged.columns.get("type", pd.Series("", index=range(len(default))))
        owners = customers[merged.positions]
        at = pd.Series(owners[default].astype(str), index=np.flatnonzero(default), dtype="object")
        groups = at + _BETWEEN + types.iloc[np.flatnonzero(default)].fillna("").to_numpy(object)
        for _, group in groups[groups.duplicated(keep=False)].groupby(groups):
            members = [int(n) for n in group.index]
            positions = [
                p for n in members for p in merged.several.get(n, (int(merged.positions[n]),))
            ]
            yield (
                members,
                Reject(
                    "two_defaults",
                    f"More than one {self.kind.one} of this customer is its default",
                    "Let one of them be the default.",
                    tuple(self._rows(positions)),
                    column=self._column(positions[0], "isDefault") or None,
                    key=str(self.parents.keys.iloc[owners[members[0]]]),
                    child=self.kind,
                ),
            )

    def _removals(
        self, unsafe: Iterable[int | None]
    ) -> tuple[npt.NDArray[np.bool_], tuple[str, ...]]:
        """Of whom children may be removed, and the keys of those who have no row anywhere."""
        count = len(self.parents.keys)
        removes = np.zeros(count, dtype=np.bool_)
        if not self.sources.schema.children.removes(self.kind):
            return removes, ()
        removes[[one for block in self.blocks for one in block.seen]] = True
        asked = self.parents.actions.isin([Mode.UPDATE.value, Mode.UPSERT.value]).to_numpy(bool)
        without = tuple(self.parents.keys[asked & ~removes])
        lost = any(block.lost for block in self.blocks) or not self.parents.may_remove
        removes &= asked & (not lost)
        removes[[one for one in unsafe if one is not None]] = False
        return removes, () if self.parents.mended else without

    # --- rows -----------------------------------------------------------------------------------

    def _rows(self, positions: Iterable[int]) -> Iterator[SourceRow]:
        starts = np.cumsum([0, *(len(block.at) for block in self.blocks)])
        for position in positions:
            block = int(np.searchsorted(starts, position, side="right")) - 1
            found = self.blocks[block]
            yield found.table.row(int(found.at[position - starts[block]]))

    def _column(self, position: int, name: str) -> str:
        starts = np.cumsum([0, *(len(block.at) for block in self.blocks)])
        block = self.blocks[int(np.searchsorted(starts, position, side="right")) - 1]
        fields = self.sources.schema.blocks[block.number][1].fields
        return ", ".join(columns_of(fields, name))

    def _customer(self, reject: Reject) -> int | None:
        found = np.flatnonzero((self.parents.keys == reject.key).to_numpy(bool))
        return int(found[0]) if len(found) else None


class _Rows(Sequence[tuple[SourceRow, ...]]):
    """The file's rows behind each child, made when they are asked for."""

    def __init__(self, blocks: Sequence[BlockRows], several: Sequence[tuple[int, ...]]) -> None:
        self._tables: list[Table] = [block.table for block in blocks]
        self._at = [block.at for block in blocks]
        self._starts = np.cumsum([0, *(len(block.at) for block in blocks)])
        self._several = several

    def __len__(self) -> int:
        return len(self._several)

    @overload
    def __getitem__(self, index: int) -> tuple[SourceRow, ...]: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[tuple[SourceRow, ...]]: ...
    def __getitem__(
        self, index: int | slice
    ) -> tuple[SourceRow, ...] | Sequence[tuple[SourceRow, ...]]:
        if isinstance(index, slice):
            return [self[n] for n in range(*index.indices(len(self)))]
        return tuple(self._row(position) for position in self._several[index])

    def _row(self, position: int) -> SourceRow:
        block = int(np.searchsorted(self._starts, position, side="right")) - 1
        return self._tables[block].row(int(self._at[block][position - self._starts[block]]))


def _texts(fields: pd.DataFrame, name: str, count: int) -> pd.Series:
    if name not in fields:
        return pd.Series([""] * count, dtype="object")
    return fields[name].fillna("").str.strip().astype("object")


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
