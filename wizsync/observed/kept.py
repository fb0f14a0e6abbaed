"""What gets, and the answers to writes, told of customers: kept between runs, as columns.

The plan may rest on it; what is written never does: the look right before a write asks the account.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from wizsync.api import Address, Contact, CustomerDetails, written_child
from wizsync.errors import WizsyncError
from wizsync.model import ChildKind, children_in, with_children
from wizsync.observed.freshness import NIGHT, is_moved_by, is_settled, to_read_again
from wizsync.observed.kept_file import Unusable, read_kept, write_kept
from wizsync.observed.rows import Row, child_frames, frame, key_of, row

# So many are held one by one before they join the columns.
_AT_ONCE = 5_000

_CUSTOMERS = "customers"
_READ_AT, _SETTLED, _WRITTEN = "readAt", "settled", "written"


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of some customers.

    Args:
        customers: As of a Snapshot; every field read.
        children: As of a Snapshot.
    """

    customers: pd.DataFrame
    children: Mapping[ChildKind, pd.DataFrame]


@dataclass(frozen=True, slots=True)
class _Read:
    """One customer that was read in this run, or told by the answer to a write.

    Args:
        row: The customer.
        at: When it was read.
        settled: As of `is_settled`; what answers a write is.
        written: When an address or contact was written since, as its answer told.
    """

    row: Row
    at: float
    settled: bool
    written: str = ""


class KeptDetails:
    """The kept details of one account.

    Args:
        file: Where they lie; None: they are not kept longer than this object.
        account: The account's id.
        now: The clock, in seconds since 1970.
    """

    def __init__(
        self,
        file: Path | None = None,
        account: str = "",
        now: Callable[[], float] = time.time,
    ) -> None:
        self.notes: list[str] = []
        self._file = file
        self._account = account
        self._now = now
        self._new: dict[str, _Read] = {}
        self._is_loaded = file is None
        self._is_changed = False
        self._seen: _Seen = None
        self._table = _nobody()
        self._children: dict[ChildKind, pd.DataFrame] = {}
        self._gone: set[str] = set()
        self._read_again = (0.0, 0)

    # --- what is known --------------------------------------------------------------------------

    def keys(self) -> frozenset[str]:
        """The referenceIds of all of whom something is kept, as files have them."""
        self._join()
        return frozenset(key_of({"referenceId": key}) for key in self._table["referenceId"]) - {""}

    def fresh(self, listed: Mapping[str, str]) -> frozenset[str]:
        """Of whom what is kept holds, and need not be read again tonight.

        Args:
            listed: Id to `updatedAt`, as the lists show it just now.
        """
        self._join()
        ids, shown = list(listed), pd.Series(list(listed.values()), dtype="str")
        at = pd.Index(self._table["id"]).get_indexer(pd.Index(ids, dtype="str"))
        there = np.flatnonzero((at >= 0) & (shown != "").to_numpy(bool))
        kept = self._table.iloc[at[there]]
        same = (kept["updatedAt"].to_numpy() == shown.to_numpy()[there]) & kept[_SETTLED].to_numpy(
            bool
        )
        written = kept[_WRITTEN].to_numpy()
        for one in np.flatnonzero(~same & (written != "")):
            same[one] = is_moved_by(written[one], shown.iloc[there[one]])
        holds = np.flatnonzero(same)
        now = self._now()
        since, number = self._read_again
        if not 0 <= now - since < NIGHT:
            since, number = now, 0
        again = to_read_again(now - kept[_READ_AT].to_numpy(dtype=float)[holds], number)
        self._read_again = since, number + int(again.sum())
        return frozenset(ids[there[one]] for one in holds[~again])

    def of(self, customer_ids: Collection[str]) -> Kept:
        """What is kept of these customers."""
        self._join()
        wanted = self._table["id"].isin(list(customer_ids)).to_numpy(bool)
        return Kept(
            self._table.drop(columns=[_READ_AT, _SETTLED, _WRITTEN])[wanted],
            {
                kind: some[some["customer"].isin(list(customer_ids)).to_numpy(bool)]
                for kind, some in self._children.items()
            },
        )

    # --- what is learned ------------------------------------------------------------------------

    def keep(self, known: Row) -> None:
        """Keep a customer that was just read by its id."""
        before = self._new.get(known["id"])
        # Right after a write of ours it shows that write, and whatever came before it.
        follows = before is not None and is_moved_by(before.written, known["updatedAt"])
        at = self._now()
        self._hold(_Read(known, at, follows or is_settled(known["updatedAt"], at)))

    def forget(self, customer_ids: Iterable[str]) -> None:
        """Forget customers that are about to be written to, or are gone."""
        for customer_id in customer_ids:
            self.take(customer_id)

    def take(self, customer_id: str) -> Row | None:
        """Forget a customer that is about to be written to; as it was read a moment ago, if it was."""
        held = self._new.pop(customer_id, None)
        self._gone.add(customer_id)
        return held.row if held is not None else None

    def answered(self, answer: CustomerDetails | Address | Contact, before: Row | None) -> None:
        """Keep what the answer to a write told.

        Args:
            answer: The customer, or the one child that was written.
            before: For a child its customer as it was right before; None: that is not known.
        """
        at = self._now()
        if isinstance(answer, CustomerDetails):
            if _is_whole(answer):
                self._hold(_Read(row(answer, status="", listed=False), at, settled=True))
        elif before is not None and answer.updated_at:
            self._hold(
                _Read(_with_child(before, answer), at, settled=True, written=answer.updated_at)
            )

    def _hold(self, read: _Read) -> None:
        self._new[read.row["id"]] = read
        if len(self._new) == _AT_ONCE:
            self._join()

    # --- columns --------------------------------------------------------------------------------

    def _join(self) -> None:
        """Let what was read one by one join the columns, and what was forgotten leave them."""
        self._load()
        reads, gone = list(self._new.values()), {*self._new, *self._gone}
        self._new, self._gone = {}, set()
        if gone:
            self._drop(gone)
        if not reads:
            return
        self._is_changed = True
        rows = [read.row for read in reads]
        new = frame(rows)
        new[_READ_AT] = [read.at for read in reads]
        new[_SETTLED] = [read.settled for read in reads]
        new[_WRITTEN] = pd.Series([read.written for read in reads], dtype="str")
        self._table = _joined(self._table, new)
        for kind, some in child_frames(rows).items():
            self._children[kind] = _joined(self._children.get(kind, some.iloc[:0]), some)

    def _drop(self, customer_ids: Collection[str]) -> None:
        gone = self._table["id"].isin(list(customer_ids)).to_numpy(bool)
        if gone.any():
            self._is_changed = True
            self._table = self._table[~gone]
            self._children = {
                kind: some[~some["customer"].isin(list(customer_ids)).to_numpy(bool)]
                for kind, some in self._children.items()
            }

    # --- the file -------------------------------------------------------------------------------

    def _load(self) -> None:
        """Read the file, once, when it is needed first."""
        if self._is_loaded or self._file is None:
            return
        self._is_loaded = True
        self._seen = _seen(self._file)
        try:
            tables, facts = read_kept(self._file, self._account)
        except Unusable as why:
            self.notes.append(
                f"What was kept of customers' details was thrown away, since {why}: they are read anew."
            )
            return
        if tables:
            self._table = tables.pop(_CUSTOMERS)
            self._children = {ChildKind(name): table for name, table in tables.items()}
            self._read_again = facts["read_again_since"], int(facts["read_again"])

    def save(self, *, alone: bool) -> None:
        """Write the file, if there is anything new. That it cannot be written is a note.

        Args:
            alone: Nobody else writes to the account meanwhile; else a file that somebody has written since
                it was read is newer, and stays.
        """
        self._join()
        if self._file is None or not self._is_changed:
            return
        if not alone and _seen(self._file) != self._seen:
            return
        since, number = self._read_again
        try:
            write_kept(
                self._file,
                self._account,
                {_CUSTOMERS: self._table, **{kind.value: t for kind, t in self._children.items()}},
                {"read_again_since": since, "read_again": number},
            )
        except WizsyncError as error:
            self.notes.append(
                f"What was read of customers' details is not kept for the next run: {error.message}"
            )
            _remove(self._file)
        self._seen = _seen(self._file)
        self._is_changed = False


# A file as it was looked at: which one, when it was written, how long it is; None: there is none.
_Seen = tuple[int, int, int] | None


def _seen(file: Path) -> _Seen:
    try:
        told = file.stat()
    except OSError:
        return None
    return told.st_ino, told.st_mtime_ns, told.st_size


def _remove(file: Path) -> None:
    """Let no file stay that does not know what was written since."""
    try:
        file.unlink(missing_ok=True)
    except OSError:
        return


def _nobody() -> pd.DataFrame:
    columns = {_READ_AT: "float64", _SETTLED: "bool", _WRITTEN: "str"}
    return frame([]).assign(**{name: pd.Series([], dtype=kind) for name, kind in columns.items()})


def _joined(table: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Two tables as one. Of what only one of them tells, the others have nothing: all of each was read."""
    both = pd.concat([table, new], ignore_index=True) if len(table) else new
    texts = [name for name in both.columns if name not in (_READ_AT, _SETTLED)]
    return both.assign(**{name: both[name].fillna("") for name in texts})


def _is_whole(answer: CustomerDetails) -> bool:
    """Whether an answer to a write carries all that a get shows; some may leave out what did not change."""
    return answer.model_fields_set >= _NOT_IN_LISTS


_NOT_IN_LISTS = {
    *("assigned_sales_reps", "assigned_price_list", "addresses", "contacts", "attributes"),
}


def _with_child(before: Row, child: Address | Contact) -> Row:
    """A customer with the child that was written in it, as the answer told it."""
    kind = ChildKind.ADDRESSES if isinstance(child, Address) else ChildKind.CONTACTS
    children = {**(children_in(before, kind) or {}), child.id: written_child(kind, child)}
    others = {name: text for name, text in before.items() if not name.startswith(f"{kind}[")}
    with_children(others, kind, children)
    return others
