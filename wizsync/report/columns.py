"""From the names that the API uses back to the columns of the file."""

from __future__ import annotations

import re
from collections.abc import Mapping

from wizsync.model import CUSTOMER_FIELDS

# However the server spells a customer's field (`assignedPriceListID` on create, `name` where it is
# read), this is the name that mappings and plans give it.
_NAMES = {name.casefold(): name for name in CUSTOMER_FIELDS} | {"name": "companyName"}
_INSIDE = re.compile(r"[.\[]")


class Columns:
    """The file's column of each field.

    Args:
        columns: Field to the file's column, "" for a constant, as in Rules.
    """

    def __init__(self, columns: Mapping[str, str]) -> None:
        self._columns = columns

    def field(self, written: str) -> str:
        """The customer's field that a name in the server's words is about.

        Args:
            written: Such as `phone`, `assignedSalesRepIds[0]`, `addresses[0].zipCode`.

        Returns:
            The field's name in CUSTOMER_FIELDS, or the name as it was where it is none of them.
        """
        if written in CUSTOMER_FIELDS:
            return written
        outermost = _INSIDE.split(written, maxsplit=1)[0]
        return _NAMES.get(outermost.casefold(), written)

    def column(self, written: str) -> str:
        """The file's column behind a name, "" where there is none."""
        return self._columns.get(self.field(written), "")

    def label(self, written: str) -> str:
        """What people call it: the file's column in quotes, else the name itself; "" stays ""."""
        column = self.column(written)
        return f'"{column}"' if column else written
