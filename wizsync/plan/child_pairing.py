"""Which child of the file is which child of the account: by id, by referenceId, else by content. Pure.

Only children of one customer are compared with one another, and, as far as it is told, of one type: a
billing and a shipping address may have the same referenceId, and often have the same content.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from wizsync.model import ChildKind, as_in_a_file
from wizsync.plan.equality import email_form
from wizsync.plan.keys import arrow, formed

Positions = npt.NDArray[np.intp]
Texts = pa.LargeStringArray

# What stands between the parts of a key: no text of a file holds it.
_BETWEEN = pa.scalar("\x1f", pa.large_string())

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
    found = np.full(len(wanted), -1, dtype=np.intp)
    unclear = np.zeros(len(wanted), dtype=np.bool_)
    for keys in (_Side.by_id, _Side.by_type_and_reference, _Side.by_reference, _Side.by_content):
        left = np.flatnonzero((found < 0) & ~unclear)
        taken = np.zeros(len(there), dtype=np.bool_)
        taken[found[found >= 0]] = True
        right = np.flatnonzero(~taken & (there_of >= 0))
        if len(left) == 0 or len(right) == 0:
            break
        ours = keys(_Side(kind, wanted, wanted_of, left))
        if ours.null_count == len(ours):
            continue
        theirs = keys(_Side(kind, there, there_of, right))
        at, of, doubtful = _matched(ours, theirs)
        found[left[at]] = right[of]
        unclear[left[doubtful]] = True
    return ChildPairs(found, unclear)


class _Side:
    """Some of the children of one side, and what they are told by; what is missing tells nothing."""

    def __init__(
        self, kind: ChildKind, children: pd.DataFrame, customers: Positions, at: Positions
    ) -> None:
        self._kind = kind
        self._children = children
        self._customers = customers
        self._at = at

    def by_id(self) -> Texts:
        return self._keys(self._texts("id"))

    def by_type_and_reference(self) -> Texts:
        types, reference = self._texts("type"), self._reference()
        if self._kind is ChildKind.ADDRESSES:
            # Of one that does not say its type, the next pass tells; a contact has none.
            reference = reference.where(types != "", "")
        return self._keys(reference, types)

    def by_reference(self) -> Texts:
        return self._keys(self._reference())

    def by_content(self) -> Texts:
        parts = [self._texts(field) for field in _CONTENT[self._kind]]
        is_contact = self._kind is ChildKind.CONTACTS
        form, of_ascii = (email_form, _emails) if is_contact else (content_form, _contents)
        forms = [formed(part, form, of_ascii) for part in parts]
        # Without its first part, the street or the e-mail, the rest tells nobody.
        types = formed(self._texts("type"), str.casefold, pc.ascii_lower)
        return self._keys(forms[0], *forms[1:], types)

    def _reference(self) -> pd.Series[str]:
        return formed(self._texts("referenceId"), as_in_a_file, _trimmed)

    def _texts(self, field: str) -> pd.Series[str]:
        if field not in self._children:
            return pd.Series("", index=range(len(self._at)), dtype="str")
        return self._children[field].iloc[self._at].fillna("").reset_index(drop=True)

    def _keys(self, first: pd.Series[str], *others: pd.Series[str]) -> Texts:
        told = arrow(first.mask(first == ""))
        if told.null_count == len(told):
            return told
        customers = pa.array(self._customers[self._at]).cast(pa.large_string())
        parts = [customers, told, *map(arrow, others), _BETWEEN]
        keys: Texts = pc.call_function("binary_join_element_wise", parts)
        return keys


def content_form(text: str) -> str:
    """A line of an address without case, accents, punctuation and doubled spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(
        character if character.isalnum() else " "
        for character in plain
        if not unicodedata.combining(character)
    )
    return " ".join(letters.split())


# What Python takes for white space in ASCII.
_SPACE = "\t\n\v\f\r\x1c\x1d\x1e\x1f "


def _trimmed(texts: Texts) -> Texts:
    """`as_in_a_file` of texts in ASCII."""
    return pc.utf8_trim(texts, characters=_SPACE)


def _contents(texts: Texts) -> Texts:
    """`content_form` of texts in ASCII."""
    words = pc.replace_substring_regex(pc.ascii_lower(texts), "[^a-z0-9]+", " ")
    return pc.utf8_trim(words, characters=" ")


def _emails(texts: Texts) -> Texts:
    """`email_form` of texts in ASCII."""
    words = pc.replace_substring_regex(pc.ascii_lower(texts), f"[{_SPACE}]+", " ")
    return pc.utf8_trim(words, characters=" ")


def _matched(ours: Texts, theirs: Texts) -> tuple[Positions, Positions, Positions]:
    """Where keys of one side stand in the other's.

    Returns:
        Positions of ours and of theirs that are one another's only match, and the positions of ours that
        could be several of theirs.
    """
    found = pc.index_in(ours, value_set=theirs)  # of several alike the first
    # A missing key is found as well, beside a missing one.
    known = np.flatnonzero(
        pc.and_(found.is_valid(), ours.is_valid()).to_numpy(zero_copy_only=False)
    )
    of = found.fill_null(-1).to_numpy(zero_copy_only=False)[known].astype(np.intp)
    hit = np.zeros(len(theirs), dtype=np.bool_)
    hit[of] = True
    several = pc.is_in(
        theirs.take(pa.array(of, pa.int64())), value_set=theirs.filter(pa.array(~hit))
    )
    doubtful = several.to_numpy(zero_copy_only=False)
    at, of, unclear = known[~doubtful], of[~doubtful], known[doubtful]
    # Two of ours that would be the same one: the mapping has told those of one key apart already, what
    # is left is of one content; the first is it.
    first = ~pd.Series(of).duplicated().to_numpy(bool)
    return at[first], of[first], unclear
