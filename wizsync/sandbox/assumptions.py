"""What the API's documentation leaves open, each a switch of the sandbox.

`docs/unknowns.md` says of each line what is not known and what wizsync does about it; a test keeps
that page and this table the same.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from wizsync.errors import UsageError

# The values of a switch; the first is the default. A switch that is missing here takes seconds.
CHOICES: Mapping[str, tuple[str, ...]] = {
    "children": ("merge", "replace", "double", "drop"),
    "child_put": ("whole", "partial"),
    "child_match": ("id", "reference_id"),
    "child_edit": ("moves_parent", "keeps_parent"),
    "child_write": ("alone", "doubles", "drops", "blanks"),
    "child_default": ("one", "free"),
    "attributes": ("merge", "replace"),
    "statuses": ("two", "three"),
    "unknown_status": ("refuse", "empty"),
    "reference_id": ("unique", "free", "unique_active"),
    "key_case": ("sensitive", "insensitive"),
    "reference_ids": ("comma", "repeated", "both", "everybody", "nobody"),
    "null": ("refuse", "clear"),
    "empty": ("blank", "null", "absent"),
    "text": ("as_sent", "tidied", "cut"),
    "text_limit": ("none", "255"),
    "email_check": ("no", "yes"),
    "timestamps": ("microseconds", "seconds"),
    "delete": ("real", "soft"),
    "list_children": ("no", "yes"),
    "short_pages": ("no", "yes"),
    "lookups": ("as_customers", "bare", "wrapped"),
    "update_answer": ("200", "201"),
    "delete_answer": ("204", "200"),
    "errors": ("json", "text", "nothing"),
    "retry_after": ("seconds", "date", "missing"),
    "rate_headers": ("none", "draft", "structured", "x"),
}


@dataclass(frozen=True, slots=True)
class Assumptions:
    """How the sandbox behaves where the API's documentation is silent.

    Args:
        children: Addresses and contacts in an update are merged by id, or replace the list; or harm is
            done: one that exists is added once more, or the last one that existed is lost.
        child_put: A child's PUT replaces it whole, or changes only what was sent.
        child_match: A child sent without id is new, or the one that has its referenceId.
        child_edit: A child's own write moves its customer's `updatedAt`, or does not.
        child_write: A child's own POST or PUT leaves its siblings alone; or harm is done: a PUT adds a
            changed copy and a POST two, one sibling is lost, or a PUT empties a field that was sent.
        child_default: A child that is made the default takes that from its siblings of the kind and
            type, or they keep it.
        attributes: Attributes in an update are merged by name, or replace the list.
        statuses: Two, or a third one, `archived`.
        unknown_status: A list asked for a status that does not exist is refused, or empty.
        reference_id: It is unique, not enforced, or unique among active customers.
        key_case: Whether referenceIds that differ only by case are different.
        reference_ids: How a list is asked for several; or the filter is ignored, or finds nobody.
        null: A null in a write is refused, or clears.
        empty: An empty text reads back as "", as null, or not at all.
        text: Texts are kept as sent, or trimmed, with e-mails in lower case, or cut after 30 characters.
        text_limit: The longest text in characters.
        email_check: Whether e-mails must look like e-mails.
        timestamps: How fine times are shown.
        delete: A deleted customer is gone, or stays as inactive.
        list_children: Whether rows of lists carry addresses and contacts.
        short_pages: Whether pages hold at most 60 customers, whatever was asked for.
        lookups: Price lists, sales reps and attributes come in the dialect's envelope, bare, or wrapped.
        update_answer: The status that answers an update.
        delete_answer: The status that answers a delete.
        errors: An error's body is JSON, plain text, or nothing.
        retry_after: What a 429 says of the time to wait.
        rate_headers: What answers tell of a rate limit: nothing, or by one of three sets of headers.
        list_lag: Seconds until lists show a write.
    """

    children: str = "merge"
    child_put: str = "whole"
    child_match: str = "id"
    child_edit: str = "moves_parent"
    child_write: str = "alone"
    child_default: str = "one"
    attributes: str = "merge"
    statuses: str = "two"
    unknown_status: str = "refuse"
    reference_id: str = "unique"
    key_case: str = "sensitive"
    reference_ids: str = "comma"
    null: str = "refuse"
    empty: str = "blank"
    text: str = "as_sent"
    text_limit: str = "none"
    email_check: str = "no"
    timestamps: str = "microseconds"
    delete: str = "real"
    list_children: str = "no"
    short_pages: str = "no"
    lookups: str = "as_customers"
    update_answer: str = "200"
    delete_answer: str = "204"
    errors: str = "json"
    retry_after: str = "seconds"
    rate_headers: str = "none"
    list_lag: float = 0.0

    def __post_init__(self) -> None:
        for name in NAMES:
            _checked(name, str(getattr(self, name)))

    @classmethod
    def parse(cls, words: Iterable[str]) -> Assumptions:
        """Assumptions from `NAME=VALUE` words; a later word wins.

        Raises:
            UsageError: A word is no `NAME=VALUE`, or its name or value does not exist.
        """
        pairs = {}
        for word in words:
            name, separator, value = word.partition("=")
            if not separator:
                raise UsageError(
                    f'"{word}" is no assumption.', hint="Write NAME=VALUE, such as delete=soft."
                )
            pairs[name.strip()] = value.strip()
        return cls().changed(pairs)

    def changed(self, values: Mapping[str, Any]) -> Assumptions:
        """These assumptions with some of them changed.

        Raises:
            UsageError: A name or a value does not exist.
        """
        return replace(self, **{name: _checked(name, str(value)) for name, value in values.items()})


NAMES = tuple(field.name for field in fields(Assumptions))


def _checked(name: str, value: str) -> Any:
    if name in CHOICES:
        if value in CHOICES[name]:
            return value
        raise UsageError(
            f'The assumption "{name}" cannot be "{value}".',
            hint=f"It is one of: {', '.join(CHOICES[name])}.",
        )
    if name in NAMES:
        return _seconds(name, value)
    nearest = difflib.get_close_matches(name, NAMES, n=1, cutoff=0.5)
    hint = f'Did you mean "{nearest[0]}"?' if nearest else f"There are: {', '.join(NAMES)}."
    raise UsageError(f'There is no assumption "{name}".', hint=hint)


def _seconds(name: str, value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 86_400:
        raise UsageError(
            f'The assumption "{name}" cannot be "{value}".',
            hint="It is a number of seconds, such as 2.5.",
        )
    return seconds
