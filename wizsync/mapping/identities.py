"""Which rows name the same address or contact: by id, by referenceId and type, else by content."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from wizsync.mapping.words import EDGE
from wizsync.model.customer import ChildKind

if TYPE_CHECKING:
    import numpy as np
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
        owners = self._of_customer(self._reference)
        return _filled_up(self.given_types, owners.mask(self._reference == ""))

    @cached_property
    def keys(self) -> pd.Series:
        """`str` (k,): the same text for rows that name the same child."""
        rows = pd.Series(range(len(self.fields)), dtype="int64").astype("str")
        content = self._texts(_CONTENT[self.kind][0])
        said = content != ""
        for name in _CONTENT[self.kind][1:]:
            content = content + _BETWEEN + self._texts(name)
        by_content = self.types + _BETWEEN + content.str.casefold()
        by_reference = self.types + _BETWEEN + self._reference
        told = self._reference != ""
        # A row that does not name the id is of the child whose referenceId it has.
        ids = _filled_up(self._texts("id"), self._of_customer(by_reference).mask(~told))
        keys = ("row" + _BETWEEN + rows).mask(said, "content" + _BETWEEN + by_content)
        keys = keys.mask(told, "key" + _BETWEEN + by_reference)
        return self._of_customer(keys.mask(ids != "", "id" + _BETWEEN + ids))

    @cached_property
    def _reference(self) -> pd.Series:
        return self._texts("referenceId")

    def _of_customer(self, texts: pd.Series) -> pd.Series:
        """Texts that tell something only within one customer."""
        customers = pd.Series(self.customers, index=texts.index).astype("str")
        return customers + _BETWEEN + texts

    def _texts(self, name: str) -> pd.Series:
        if name not in self.fields:
            return pd.Series("", index=self.fields.index, dtype="str")
        return self.fields[name].fillna("").str.normalize("NFC").str.strip(EDGE)


def _filled_up(texts: pd.Series, groups: pd.Series) -> pd.Series:
    """Texts, where one is "" that of its group if there is exactly one; a missing group is none."""
    blank = texts == ""
    if not blank.any() or blank.all():
        return texts
    known = pd.DataFrame({"group": groups, "text": texts})[~blank].dropna().drop_duplicates()
    known = known[~known["group"].duplicated(keep=False)]
    of_group = known.set_index("group")["text"]
    return texts.mask(blank, groups.map(of_group)).fillna("").astype("str")
