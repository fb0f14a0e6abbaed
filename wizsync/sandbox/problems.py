"""Refusals: the errors that requests end with, and the bodies that say so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.responses import JSONResponse, PlainTextResponse, Response


class Problem(Exception):
    """A request that is refused.

    Args:
        status: The HTTP status.
        code: A word for programs.
        message: A sentence for people.
        details: Wire field and reason, for each field at fault.
        headers: Headers of the answer.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        details: Sequence[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.details = details
        self.headers = headers

    def response(self, errors: str = "json") -> Response:
        """The answer; `errors` says how its body is written: `json`, `text` or `nothing`."""
        if errors == "text":
            return PlainTextResponse(self.message, self.status, headers=self.headers)
        if errors == "nothing":
            return Response(status_code=self.status, headers=self.headers)
        details = [{"field": field, "reason": reason} for field, reason in self.details]
        return JSONResponse(
            {"code": self.code, "message": self.message, "details": details},
            self.status,
            headers=self.headers,
        )


def not_found(what: str) -> Problem:
    """404: there is no such thing."""
    return Problem(404, "not_found", f"{what} not found.")


def invalid(details: Sequence[tuple[str, str]]) -> Problem:
    """422: fields or query values are not acceptable."""
    return Problem(422, "validation_error", "The request is not valid.", details=details)


def taken(field: str) -> Problem:
    """409: the referenceId belongs to another customer."""
    return Problem(
        409,
        "conflict",
        "A customer with this reference id already exists.",
        details=[(field, "is already taken")],
    )
