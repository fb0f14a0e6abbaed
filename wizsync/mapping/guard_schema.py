"""What a mapping may say of the limits on one run."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field, PlainValidator, WithJsonSchema

from wizsync.mapping.field_schema import Section
from wizsync.mapping.problems import Misfit
from wizsync.model.limits import DEFAULT_LIMITS, Limit


def _percent_or_count(written: object) -> Limit:
    text = written if isinstance(written, str) else ""
    found = re.fullmatch(r"(\d{1,12})(?:(\.\d{1,6})?\s*(%))?", text)
    if found is None or (found[3] and float(text.rstrip("% ")) > 100):
        raise Misfit(
            "A limit is a whole number, or a share up to 100%.",
            "Write it as 10 or 5%, without a sign.",
        )
    if found[3]:
        return Limit(share=float(found[1] + (found[2] or "")) / 100)
    return Limit(count=int(found[1]))


Cap = Annotated[
    Limit,
    PlainValidator(_percent_or_count),
    WithJsonSchema(
        {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": "%$"}]}
    ),
]


class GuardSection(Section):
    """Limits on what one run may change: a number, or a share of the customers in scope."""

    max_deletes: Cap | None = Field(default=None, examples=[5])
    """Customers deleted; a share is of those in scope. If not given: 10 and 10%, the smaller."""
    max_updates: Cap | None = Field(default=None, examples=["20%"])
    """Customers changed; a share is of those in scope. If not given: 50%."""
    max_creates: Cap | None = Field(default=None, examples=[200])
    """Customers created; a share is of those in scope. If not given: no limit."""
    max_erased: Cap | None = Field(default=None, examples=["2.5%"])
    """Values emptied in any one field; a share is of the customers in scope that have a value there. If not
    given: 5%."""
    max_rejected: Cap | None = Field(default=None, examples=["10%"])
    """Rows rejected; a share is of the file's rows. If not given: no limit."""
    max_children_removed: Cap | None = Field(default=None, examples=[20])
    """Addresses and contacts removed; a share is of those that the file's customers have. If not
    given: 5%."""
    max_shrink: Cap | None = Field(default=None, examples=["30%"])
    """Rows that a sheet or file has lost since the last run, where something is deleted or removed. If not
    given: 20%."""
    max_account_shrink: Cap | None = Field(default=None, examples=["15%"])
    """Customers that the account shows fewer than at the last count, where something is created, deleted or
    removed. If not given: 10%."""
    max_empty_account: Cap | None = Field(default=None, examples=[500])
    """Customers created in an account that shows no customers at all: a new one does, and so does one whose
    lists fail. If not given: 0."""

    @property
    def limits(self) -> dict[str, Limit]:
        """Guard name without `max_` to its limit; those without one are missing."""
        named = {name.removeprefix("max_"): getattr(self, name) for name in type(self).model_fields}
        return {
            **DEFAULT_LIMITS,
            **{name: limit for name, limit in named.items() if limit is not None},
        }
