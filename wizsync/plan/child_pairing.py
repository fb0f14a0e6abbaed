"""Which child of the file is which child of the account: by id, by referenceId, else by content. Pure.

Only children of one customer are compared with one another, and, as far as it is told, of one type: a
billing and a shipping address may have the same referenceId, and often have the same content.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from wizsync.model import ChildKind
from wizsync.plan.equality import email_form

Positions = npt.NDArray[np.intp]

# What stands between the parts of a key: no text of a file holds it.
_BETWEEN = "\x1f"

# The fields that a child is told by where nothing else tells it.
_CONTENT = {
    ChildKind.ADDRESSES: ("addressLine1", "zipCode", "city"),
    ChildKind.CONTACTS: ("email",),
}


@dataclass(frozen=True)
class ChildPairs:
    """The children of the file beside those of the account.

    Args:
        found: int64 (k,), each one's child in the account by position; -1: there is none.
        unclear: bool (k,), those that could be any of several in the account.
    """

    found: Positions
    unclear: npt.NDArray[np.bool_]


def pair_children(
    kind: ChildKind,
    wanted: pd.DataFrame,
    wanted_of: Positions,
    there: pd.DataFrame,
    there_of: Positions,
) -> ChildPairs:
    """Pairs children of the same customers.

    Args:
        kind: What they are.
        wanted: The file's (k rows), as of `wizsync.model.Children.fields`.
        wanted_of: Their customers, as numbers (k,).
        there: The account's (m rows), as of `wizsync.model.Snapshot.children`.
        there_of: Their customers, by the same numbers (m,); -1 for those of nobody concerned.
    """
    ours = _Side(kind, wanted, wanted_of)
    theirs = _Side(kind, there, there_of)
    found = np.full(len(wanted), -1, dtype=np.intp)
    unclear = np.zeros(len(wanted), dtype=np.bool_)
    for keys in (_Side.by_id, _Side.by_type_and_reference, _Side.by_reference, _Side.by_content):
        left = np.flatnonzero((found < 0) & ~unclear)
        taken = np.zeros(len(there), dtype=np.bool_)
        taken[found[found >= 0]] = True
        right = np.flatnonzero(~taken & (there_of >= 0))
        at, of, doubtful = _matched(keys(ours)[left], keys(theirs)[right])
        found[left[at]] = right[of]
        unclear[left[doubtful]] = True
    return ChildPairs(found, unclear)


class _Side:
    """The children of one side, and what they are told by; "" tells nothing."""

    def __init__(self, kind: ChildKind, children: pd.DataFrame, customers: Positions) -> None:
        self._kind = kind
        self._children = children
        self._customers = customers.astype(str).astype(object)

    def by_id(self) -> npt.NDArray[np.object_]:
        return self._keys(self._texts("id"))

    def by_type_and_reference(self) -> npt.NDArray[np.object_]:
        types = self._texts("type")
        # A contact has no type; of an address that does not say, the next pass tells.
        needs = np.array(
            [self._kind is ChildKind.CONTACTS or bool(one) for one in types], dtype=bool
        )
        return self._keys(np.where(needs, self._reference(), ""), types)

    def by_reference(self) -> npt.NDArray[np.object_]:
        return self._keys(self._reference())

    def by_content(self) -> npt.NDArray[np.object_]:
        parts = [self._texts(field) for field in _CONTENT[self._kind]]
        form = email_form if self._kind is ChildKind.CONTACTS else content_form
        forms = [_each(form, part) for part in parts]
        # Without its first part, the street or the e-mail, the rest tells nobody.
        types = _each(str.casefold, self._texts("type"))
        return self._keys(forms[0], *forms[1:], types)

    def _reference(self) -> npt.NDArray[np.object_]:
        return _each(
            lambda text: unicodedata.normalize("NFC", text).strip(), self._texts("referenceId")
        )

    def _texts(self, field: str) -> npt.NDArray[np.object_]:
        if field not in self._children:
            return np.full(len(self._children), "", dtype=object)
        return self._children[field].fillna("").to_numpy(object)

    def _keys(
        self, first: npt.NDArray[np.object_], *others: npt.NDArray[np.object_]
    ) -> npt.NDArray[np.object_]:
        keys = self._customers + _BETWEEN + first
        for other in others:
            keys = keys + _BETWEEN + other
        return np.where(first != "", keys, "")


def content_form(text: str) -> str:
    """A line of an address without case, accents, punctuation and doubled spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(
        character if character.isalnum() else " "
        for character in plain
        if not unicodedata.combining(character)
    )
    return " ".join(letters.split())


def _each(form: Callable[[str], str], texts: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """A form of each text, each distinct one made once."""
    codes, distinct = pd.factorize(texts)
    forms = np.array([form(text) for text in distinct], dtype=object)
    return forms[codes] if len(texts) else texts


def _matched(
    ours: npt.NDArray[np.object_], theirs: npt.NDArray[np.object_]
) -> tuple[Positions, Positions, Positions]:
    """Where keys of one side stand in the other's.

    Returns:
        Positions of ours and of theirs that are one another's only match, and the positions of ours that
        could be several of theirs.
    """
    count = pd.Series(theirs, dtype=object)
    count = count[count != ""]
    single = count[~count.duplicated(keep=False)]
    index = pd.Index(single)
    at = (
        index.get_indexer(pd.Index(ours, dtype=object))
        if len(ours)
        else np.array([], dtype=np.intp)
    )
    at[ours == ""] = -1
    # Two of ours that would be the same one: the mapping has told those of one key apart already, what
    # is left is of one content; the first is it.
    repeated = (
        pd.Series(np.where(at >= 0, at, -np.arange(1, len(at) + 1))).duplicated().to_numpy(bool)
    )
    matched = np.flatnonzero((at >= 0) & ~repeated)
    doubled = count[count.duplicated(keep=False)]
    several = pd.Series(ours, dtype=object).isin(doubled).to_numpy(bool)
    return matched, single.index.to_numpy(np.intp)[at[matched]], np.flatnonzero(several)
