"""Which rows name the same address or contact: by id, by referenceId and type, else by content."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from wizsync.mapping.words import composed, trimmed
from wizsync.model.customer import ChildKind

if TYPE_CHECKING:
    import numpy.typing as npt

_BETWEEN = "\x1f"
# What tells children of which nothing else does; without the first of them nothing is told.
_CONTENT = {
    ChildKind.ADDRESSES: ("addressLine1", "zipCode", "city"),
    ChildKind.CONTACTS: ("email",),
}


@dataclass(frozen=True)
class Identities:
    """What the rows of children name.

    Args:
        kind: What they are.
        fields: k rows, a `str` column for each field.
        given_types: `str` (k,), the types of addresses, "" where a row does not say, and of contacts.
        customers: int64 (k,), whose each is.
    """

    kind: ChildKind
    fields: pd.DataFrame
    given_types: pd.Series
    customers: npt.NDArray[np.int64]

    @cached_property
    def types(self) -> pd.Series:
        """The types; where a row does not say, that of the other rows of its key, if they are of one."""
        return self._filled_up(self.given_types, self._reference)

    @cached_property
    def keys(self) -> pd.Series:
        """int64 (k,): the same number for rows that name the same child."""
        if pd.Series(self.customers).is_unique:
            return pd.Series(np.arange(len(self.fields)), index=self.fields.index)
        told = self._reference != ""
        by_reference = (self.types + _BETWEEN + self._reference).mask(~told)
        # A row that does not name the id is of the child whose referenceId it has.
        ids = self._filled_up(self._texts("id"), by_reference)
        named = ids != ""
        keys = "key" + _BETWEEN + by_reference
        if named.any():
            keys = keys.mask(named, "id" + _BETWEEN + ids)
        if not (told | named).all():
            keys = keys.mask(keys.isna(), "content" + _BETWEEN + self._content)
        numbers = self._of_customer(keys)
        return numbers.mask(numbers < 0, -1 - np.arange(len(numbers)))

    @property
    def _content(self) -> pd.Series:
        """What a row's content tells of it; missing where it tells nothing."""
        first = self._texts(_CONTENT[self.kind][0])
        content = first.mask(first == "")
        for name in _CONTENT[self.kind][1:]:
            content = content + _BETWEEN + self._texts(name)
        return self.types + _BETWEEN + content.str.casefold()

    @cached_property
    def _reference(self) -> pd.Series:
        return self._texts("referenceId")

    def _of_customer(self, texts: pd.Series) -> pd.Series:
        """Numbers of texts that tell something only within one customer; -1 of those that are missing."""
        number, distinct = pd.factorize(texts)
        numbers = number.astype(np.int64) + len(distinct) * self.customers
        return pd.Series(numbers, index=texts.index).mask(number < 0, -1)

    def _texts(self, name: str) -> pd.Series:
        if name not in self.fields:
            return pd.Series("", index=self.fields.index, dtype="str")
        return trimmed(composed(self.fields[name].fillna("")))

    def _filled_up(self, texts: pd.Series, groups: pd.Series) -> pd.Series:
        """Texts, where one is "" that of its customer's group if there is exactly one; "" is no group."""
        blank = texts == ""
        if not blank.any() or blank.all():
            return texts
        return _filled_up(texts, self._of_customer(groups.mask(groups == "")))


def _filled_up(texts: pd.Series, groups: pd.Series) -> pd.Series:
    """Texts, where one is "" that of its group if there is exactly one; -1 is none."""
    blank = texts == ""
    known = pd.DataFrame({"group": groups, "text": texts})[~blank & (groups >= 0)].drop_duplicates()
    known = known[~known["group"].duplicated(keep=False)]
    of_group = known.set_index("group")["text"]
    return texts.mask(blank, groups.map(of_group)).fillna("").astype("str")
