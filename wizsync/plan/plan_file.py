"""The plan file, `plan.jsonl`: a header, a line for each thing, the tally, a digest.

docs/plan-file.md describes it for programs. Written and read as a stream; what is read is what was
written, or the file is refused.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import IO, Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from wizsync.atomic import replacing
from wizsync.errors import MachineError, SourceNotReady, UnfitPlan
from wizsync.model import (
    Account,
    Attribute,
    Change,
    ChangeKind,
    ChildKind,
    Conflict,
    Plan,
    Reject,
    Rules,
    Source,
    Tally,
)
from wizsync.plan.tally import LISTED, listed

FORMAT = "wizsync-plan"
VERSION = 2

_ANEW = "Make a new plan with `wizsync plan`; a plan file is not meant to be edited."


@dataclass(frozen=True, slots=True)
class _Header:
    """What the first line holds of a Plan."""

    created: str
    account: Account
    dialect: str
    source: Source
    columns: tuple[str, ...]
    rules: Rules
    notes: tuple[str, ...]
    attributes: Mapping[str, tuple[Attribute, ...]] = field(default_factory=dict)
    childless: Mapping[ChildKind, tuple[str, ...]] = field(default_factory=dict)
    tables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    undoes: str = ""


@dataclass(frozen=True, slots=True)
class _AbsentCustomer:
    reference_id: str
    name: str


Part = TypeVar("Part")

_CHANGE_KINDS = frozenset(kind.value for kind in ChangeKind)


def write_plan(plan: Plan, path: Path) -> str:
    """Writes a plan file, all of it or nothing.

    Args:
        plan: The plan.
        path: Where; what was there is replaced.

    Returns:
        The digest, hex: the same for equal plans.

    Raises:
        MachineError: The disk is full, or the file cannot be written.
        UsageError: The path goes through something that is no folder.
    """
    with replacing(path) as stream:
        return _write(plan, stream)


def digest_of(plan: Plan) -> str:
    """The digest of the file that `write_plan` makes of a plan, hex."""
    digest = hashlib.sha256()
    for kind, content in _contents(plan):
        digest.update(_line(kind, content))
    return digest.hexdigest()


def read_plan(path: Path) -> Plan:
    """Reads a plan file.

    Args:
        path: The file.

    Raises:
        SourceNotReady: There is no such file.
        UnfitPlan: It is no plan, altered, cut short, or of a newer version.
        MachineError: It cannot be read.
    """
    if path.is_dir():
        raise UnfitPlan("This is a folder, not a plan file.", where=str(path), hint=_ANEW)
    try:
        with path.open("rb") as stream:
            return _plan(_checked_lines(stream, path), path)
    except FileNotFoundError as error:
        raise SourceNotReady(
            "There is no such plan file.",
            where=str(path),
            hint="Check the name, or make the plan: `wizsync plan FILE -m MAPPING -o PLAN`.",
        ) from error
    except OSError as error:
        raise MachineError(
            f"The plan file cannot be read: {error.strerror or error}.",
            where=str(path),
            hint="Check that you may read it.",
        ) from error


# --- writing ------------------------------------------------------------------------------------


def _write(plan: Plan, stream: IO[bytes]) -> str:
    digest = hashlib.sha256()
    lines = 0
    for kind, content in _contents(plan):
        line = _line(kind, content)
        digest.update(line)
        stream.write(line)
        lines += 1
    stream.write(_line("end", {"digest": digest.hexdigest(), "lines": lines}))
    return digest.hexdigest()


def _contents(plan: Plan) -> Iterator[tuple[str, dict[str, Any]]]:
    header = _Header(
        created=plan.created,
        account=plan.account,
        dialect=plan.dialect,
        source=plan.source,
        columns=plan.columns,
        rules=plan.rules,
        notes=plan.notes,
        attributes=plan.attributes,
        childless=plan.childless,
        tables=plan.tables,
        counts=plan.counts,
        names=plan.names,
        undoes=plan.undoes,
    )
    yield "plan", {"format": FORMAT, "version": VERSION, **_adapter(_Header).dump_python(header)}
    for change in plan.changes:
        yield change.kind.value, _adapter(Change).dump_python(change, exclude={"kind"})
    for reject in plan.rejects:
        yield "reject", _adapter(Reject).dump_python(reject)
    for conflict in plan.conflicts:
        yield "conflict", _adapter(Conflict).dump_python(conflict)
    for reference_id, name in plan.absent:
        yield "absent", {"name": name, "reference_id": reference_id}
    yield "tally", _adapter(Tally).dump_python(plan.tally)


def _line(kind: str, content: dict[str, Any]) -> bytes:
    # Sets have no order of their own, and equal plans must be equal bytes: default=sorted.
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, sort_keys=True, default=sorted)
    # A lone surrogate has no UTF-8; its backslash form is JSON's.
    return f'{{"kind": "{kind}", {text[1:]}\n'.encode("utf-8", "backslashreplace")


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    """What writes and reads a part; making it takes time that a command without a plan does not have."""
    return TypeAdapter(kind)


# --- reading ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a plan file, and where it stands, for messages."""

    kind: str
    content: dict[str, Any]
    where: str


def _plan(lines: Iterator[_Line], path: Path) -> Plan:
    first = next(lines, None)
    if first is None:
        raise UnfitPlan("The plan file is empty.", where=str(path), hint=_ANEW)
    header = _header(first)
    changes: list[Change] = []
    rejects: list[Reject] = []
    conflicts: list[Conflict] = []
    absent: list[tuple[str, str]] = []
    tally: Tally | None = None
    for line in lines:
        if line.kind in _CHANGE_KINDS:
            line.content["kind"] = line.kind
            changes.append(_part(Change, line))
        elif line.kind == "reject":
            rejects.append(_part(Reject, line))
        elif line.kind == "conflict":
            conflicts.append(_part(Conflict, line))
        elif line.kind == "absent":
            customer = _part(_AbsentCustomer, line)
            absent.append((customer.reference_id, customer.name))
        elif line.kind == "tally" and tally is None:
            tally = _part(Tally, line)
        else:
            raise _altered(line.where)
    if tally is None or not _agree(changes, rejects, tally):
        raise _altered(str(path))
    return Plan(
        created=header.created,
        account=header.account,
        dialect=header.dialect,
        source=header.source,
        columns=header.columns,
        rules=header.rules,
        changes=tuple(changes),
        rejects=tuple(rejects),
        conflicts=tuple(conflicts),
        absent=tuple(absent),
        tally=tally,
        notes=header.notes,
        attributes=header.attributes,
        childless=header.childless,
        tables=header.tables,
        counts=header.counts,
        names=header.names,
        undoes=header.undoes,
    )


def _agree(changes: Sequence[Change], rejects: Sequence[Reject], tally: Tally) -> bool:
    """Whether the tally, by which limits are judged, is that of the lines, and no customer comes twice.

    Two creates of one key in one batch are looked up before either is sent: both would be.
    """
    counts = listed(changes, rejects)
    counted = all(getattr(counts, name) == getattr(tally, name) for name in LISTED)
    return counted and len({change.reference_id for change in changes}) == len(changes)


def _header(line: _Line) -> _Header:
    version = line.content.pop("version", None)
    if line.kind != "plan" or line.content.pop("format", None) != FORMAT:
        raise _not_a_plan(line.where)
    if not isinstance(version, int) or version < 1:
        raise _altered(line.where)
    if version > VERSION:
        raise UnfitPlan(
            f"The plan was made by a newer wizsync (format {version}; this one reads {VERSION}).",
            where=line.where,
            hint="Update wizsync, or make the plan anew with this one.",
        )
    return _part(_Header, line)


def _part(kind: Callable[..., Part], line: _Line) -> Part:
    try:
        part: Part = _adapter(kind).validate_python(line.content)
    except ValidationError as error:
        raise _altered(line.where) from error
    return part


def _checked_lines(stream: IO[bytes], path: Path) -> Iterator[_Line]:
    """Every line but the last, which must agree with the bytes of all the others."""
    digest = hashlib.sha256()
    number = 0
    end: _Line | None = None
    for number, raw in enumerate(stream, start=1):
        where = f"{path}, line {number}"
        if end is not None:
            raise UnfitPlan("Something follows the end of the plan.", where=where, hint=_ANEW)
        line = _parsed(raw, where, first=number == 1)
        if line.kind == "end":
            end = line
            continue
        digest.update(raw)
        yield line
    if number and end is None:
        raise _cut_short(f"{path}, line {number}")
    if end is not None and end.content != {"digest": digest.hexdigest(), "lines": number - 1}:
        raise _altered(str(path))


def _parsed(raw: bytes, where: str, *, first: bool) -> _Line:
    try:
        content = json.loads(raw.decode("utf-8"))
        kind = content.pop("kind")
    except (ValueError, RecursionError, AttributeError, TypeError, KeyError) as error:
        if first:
            raise _not_a_plan(where) from error
        raise (_altered(where) if raw.endswith(b"\n") else _cut_short(where)) from error
    if not raw.endswith(b"\n"):
        raise _cut_short(where)
    return _Line(str(kind), content, where)


def _not_a_plan(where: str) -> UnfitPlan:
    return UnfitPlan(
        "This is not a plan file of wizsync.",
        where=where,
        hint="Name the file that `wizsync plan` wrote, such as `plan.jsonl`.",
    )


def _altered(where: str) -> UnfitPlan:
    return UnfitPlan("The plan file was altered after it was made.", where=where, hint=_ANEW)


def _cut_short(where: str) -> UnfitPlan:
    return UnfitPlan(
        "The plan file is cut short.",
        where=where,
        hint="Copy it again in full, or make a new plan with `wizsync plan`.",
    )
