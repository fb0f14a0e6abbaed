"""The one error tree; its branches are named by what a user can do about them.

Every error says what happened, where (file, row, column, line, address), and what to do next.
A command turns it into one message and the exit code of its branch; nothing else may reach a user.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of every command: a published contract."""

    DONE = 0
    DEFECT = 1
    USAGE = 2
    LEFT_OVER = 3
    REFUSED = 4
    API = 5
    BUSY = 6
    NOT_READY = 7
    CHANGES = 10
    INTERRUPTED = 130


class WizsyncError(Exception):
    """The root: something a person should read, with the exit code it ends a command with.

    Args:
        message: What happened and why, one plain sentence or two.
        where: The place: `customers.csv, row 14, column "Phone"`, `mapping.yaml, line 9`, an address.
        hint: What to do next.
        reason: A stable word for programs; each class has a default.
    """

    exit_code = Exit.DEFECT
    reason = "defect"

    def __init__(
        self,
        message: str,
        *,
        where: str | None = None,
        hint: str | None = None,
        reason: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint
        if reason is not None:
            self.reason = reason


class MachineError(WizsyncError):
    """This machine refuses: a full disk, a folder that cannot be written. Mend it and run again."""

    exit_code = Exit.DEFECT
    reason = "machine"


# --- correct the command, the settings or the mapping -------------------------------------------


class UsageError(WizsyncError):
    """The command or a setting is wrong. Correct it and run again."""

    exit_code = Exit.USAGE
    reason = "usage"


class MappingError(UsageError):
    """The mapping file is wrong, or does not fit the file it is used with."""

    reason = "mapping"


# --- bring another file -------------------------------------------------------------------------


class SourceNotReady(WizsyncError):
    """The file is missing or not finished. Wait, or name the right one."""

    exit_code = Exit.NOT_READY
    reason = "source_not_ready"


class Refused(WizsyncError):
    """Nothing was written, on purpose. Read why; allow it, or bring something better."""

    exit_code = Exit.REFUSED
    reason = "refused"


class UnfitFile(Refused):
    """The file cannot be read safely to its end: damaged, empty, or not a table."""

    reason = "unfit_file"


class UnfitPlan(Refused):
    """The plan file is altered, cut short, used up, or made for another account."""

    reason = "unfit_plan"


class GuardRefused(Refused):
    """A limit on what one run may change was exceeded."""

    reason = "guard"


class Declined(Refused):
    """A person said no."""

    reason = "declined"


# --- wait, or end the other run -----------------------------------------------------------------


class AccountBusy(WizsyncError):
    """Another run holds the lock of this account."""

    exit_code = Exit.BUSY
    reason = "busy"


class Interrupted(WizsyncError):
    """Stopped by a person or the system, resumably."""

    exit_code = Exit.INTERRUPTED
    reason = "interrupted"


# --- the API ------------------------------------------------------------------------------------


class ApiError(WizsyncError):
    """The API cannot be used as it should be. Check the address, the key, the service; run again."""

    exit_code = Exit.API
    reason = "api"


class Unreachable(ApiError):
    """The request certainly never left: no such host, connection refused, TLS not trusted."""

    reason = "unreachable"


class KeyRefused(ApiError):
    """401 or 403: the key is wrong, expired, or not allowed to do this."""

    reason = "key_refused"


class NotTheApi(ApiError):
    """The answer is not one that a WizCommerce API gives: HTML, a redirect, another shape."""

    reason = "not_the_api"


class UnsoundRead(ApiError):
    """The account could not be read to a result that nothing contradicts."""

    reason = "unsound_read"


class GaveUp(ApiError):
    """Too much went wrong in a row; what is done is done, the rest can be taken up again."""

    reason = "gave_up"


class OutcomeUnknown(ApiError):
    """The request may or may not have been done: look it up before anything is sent again."""

    reason = "outcome_unknown"


@dataclass(frozen=True, slots=True)
class RefusedField:
    """One entry of a refusal's `details`.

    Args:
        field: The written field in camel names, such as `phone` or `addresses[0].zipCode`.
        reason: The server's words.
    """

    field: str
    reason: str


class RequestRefused(ApiError):
    """The server read the request and certainly did not do it (a 4xx about this request alone).

    Args:
        message: The server's words, or the status where it gave none.
        status: The HTTP status.
        code: The server's error code, "" where it gave none.
        details: What the server said of single fields.
    """

    reason = "refused_by_server"

    def __init__(
        self,
        message: str,
        *,
        status: int,
        code: str = "",
        details: Sequence[RefusedField] = (),
        where: str | None = None,
    ) -> None:
        super().__init__(message, where=where)
        self.status = status
        self.code = code
        self.details = tuple(details)


class Throttled(RequestRefused):
    """429: not done; may be sent again once `retry_after` seconds have passed (None: not said)."""

    reason = "throttled"

    def __init__(
        self, message: str, *, retry_after: float | None = None, where: str | None = None
    ) -> None:
        super().__init__(message, status=429, where=where)
        self.retry_after = retry_after
