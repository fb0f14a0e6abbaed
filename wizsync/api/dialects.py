"""The two dialects of the API, as a table; and which of them an answer is in.

| | camel (the SDK's documentation) | snake (the live REST API) |
| --- | --- | --- |
| names | `referenceId`, `addressLine1` | `reference_id`, `address_line_1` |
| many | `[{…}, …]` | `{"data": [{…}, …], "pagination": {…}}` |
| one | `{…}` | `{"data": {…}}` |
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from wizsync.api.models import Pagination
from wizsync.errors import NotTheApi, UsageError

Model = TypeVar("Model", bound=BaseModel)

SORT_FIELDS = ("created_at", "updated_at", "company_name", "display_name")


@dataclass(frozen=True, slots=True)
class Dialect:
    """One way in which servers speak.

    Args:
        name: `camel` or `snake`.
        by_alias: Requests are written with the models' aliases, else with their field names.
        enveloped: Answers stand under `data`, lists with `pagination` beside it.
        queries: Our names of a list's filters to its names; one that is missing does not exist.
        sort_by: Our names of what a list can be sorted by, to its names.
    """

    name: str
    by_alias: bool
    enveloped: bool
    queries: Mapping[str, str]
    sort_by: Mapping[str, str]

    def written(self, request: BaseModel) -> dict[str, Any]:
        """A request's body: the fields that were set, in this dialect's names."""
        return request.model_dump(mode="json", by_alias=self.by_alias, exclude_unset=True)

    def query(self, name: str) -> str:
        """This dialect's name of a filter.

        Raises:
            UsageError: It has no such filter.
        """
        if name not in self.queries:
            raise UsageError(
                f"The {self.name} dialect of the API has no filter {name}.",
                hint="Leave the filter out, or choose among the customers after reading them.",
            )
        return self.queries[name]

    def sorted_by(self, name: str) -> str:
        """This dialect's name of what to sort by.

        Raises:
            UsageError: It cannot sort by that.
        """
        if name not in self.sort_by:
            raise UsageError(
                f"Customers cannot be sorted by {name}.",
                hint=f"Sort by one of: {', '.join(self.sort_by)}.",
            )
        return self.sort_by[name]

    def rows(self, answer: object) -> Rows:
        """The rows of an answer that is a list.

        Raises:
            NotTheApi: It is no list, or one in the other dialect.
        """
        dialect, rows = opened(answer)
        if dialect is not self:
            raise NotTheApi(
                f"The answer is in the {dialect.name} dialect, but {self.name} was spoken so far.",
                hint=f"Use --dialect {dialect.name}, or --dialect auto to find out anew.",
            )
        return rows

    def one(self, answer: object) -> Mapping[str, object]:
        """The object of an answer that is one thing.

        Raises:
            NotTheApi: It is none, or one in the other dialect.
        """
        if isinstance(answer, dict):
            content = answer.get("data")
            if self.enveloped and isinstance(content, dict):
                return content
            if not self.enveloped and not isinstance(content, dict):
                return answer
        expected = '{"data": {…}}' if self.enveloped else "one object"
        raise NotTheApi(
            f"The {self.name} dialect answers with {expected}; what came is {seen(answer)}.",
            hint="Use --dialect auto to find out which dialect the server speaks.",
        )


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a list's answer, not yet understood, and the paging facts beside them.

    Args:
        content: The rows.
        pagination: None where the answer has none.
    """

    content: Sequence[Mapping[str, object]]
    pagination: Pagination | None = None


_QUERIES = {"page": "page", "page_size": "page_size", "sort": "sort", "status": "status"}
_SORT_BY = {name: name for name in SORT_FIELDS}
_DATES = ("created_after", "created_before", "updated_after", "updated_before")

CAMEL = Dialect(
    name="camel",
    by_alias=True,
    enveloped=False,
    queries=_QUERIES | {"sort_by": "sortBy", "reference_ids": "referenceIds"},
    sort_by=_SORT_BY,
)
SNAKE = Dialect(
    name="snake",
    by_alias=False,
    enveloped=True,
    queries=_QUERIES
    | {"sort_by": "sort_by", "reference_ids": "reference_ids"}
    | {name: name for name in _DATES},
    sort_by=_SORT_BY,
)
DIALECTS: Mapping[str, Dialect] = {dialect.name: dialect for dialect in (CAMEL, SNAKE)}


def dialect_named(name: str) -> Dialect | None:
    """The dialect of a name, None for `auto`.

    Raises:
        UsageError: There is no such dialect.
    """
    if name == "auto":
        return None
    if name not in DIALECTS:
        raise UsageError(
            f'There is no dialect "{name}".', hint=f"Use auto, {' or '.join(DIALECTS)}."
        )
    return DIALECTS[name]


def opened(answer: object) -> tuple[Dialect, Rows]:
    """The dialect of a list's answer, by its shape alone, and its rows.

    Raises:
        NotTheApi: It has neither dialect's shape.
    """
    if isinstance(answer, list) and _are_objects(answer):
        return CAMEL, Rows(answer)
    if isinstance(answer, dict) and "data" in answer:
        pagination = _pagination(answer.get("pagination"))
        content = answer["data"]
        if content is None and pagination is not None and pagination.total_records == 0:
            content = []  # some servers write an empty list as null
        if isinstance(content, list) and _are_objects(content):
            return SNAKE, Rows(content, pagination)
    raise NotTheApi(
        f'A WizCommerce API answers a list with [{{…}}] or {{"data": [{{…}}]}}; '
        f"what came is {seen(answer)}.",
        hint="Check the address of the API (its base URL usually ends in /v1).",
    )


def understood(content: Mapping[str, object], model: type[Model]) -> Model:
    """One object of an answer as a model.

    Raises:
        NotTheApi: It lacks what the model cannot do without.
    """
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise _misunderstood(error, model) from None


def all_understood(rows: Rows, model: type[Model]) -> tuple[Model, ...]:
    """The rows of an answer as models, in their order.

    Raises:
        NotTheApi: One of them lacks what the model cannot do without.
    """
    try:
        return TypeAdapter(tuple[model, ...]).validate_python(rows.content)  # type: ignore[valid-type]
    except ValidationError as error:
        raise _misunderstood(error, model) from None


def seen(answer: object) -> str:
    """What an answer is, in a few words, without the values in it."""
    match answer:
        case None:
            return "nothing"
        case dict():
            names = ", ".join(sorted(str(name)[:40] for name in answer)[:6])
            return f"an object with {names}" if names else "an empty object"
        case list():
            return "a list of something else than objects"
        case _:
            return "a single value"


def _are_objects(content: Sequence[object]) -> bool:
    return all(isinstance(row, dict) for row in content)


def _pagination(content: object) -> Pagination | None:
    if content is None:
        return None
    if not isinstance(content, dict):
        raise NotTheApi(f"The answer's pagination is {seen(content)}.")
    return understood(content, Pagination)


def _misunderstood(error: ValidationError, model: type[BaseModel]) -> NotTheApi:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    kind = model.__name__
    return NotTheApi(
        f"The answer does not fit the API's {kind}: {place}: {first['msg']}.",
        hint="Check the address of the API; if it is right, the API has changed.",
    )
