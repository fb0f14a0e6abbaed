"""What commands are asked with: the options, in groups that several commands share.

A command takes a group as one parameter; `spread` shows typer its fields as options of their own.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, get_type_hints

import typer

# --- single ones --------------------------------------------------------------------------------

FileArgument = Annotated[
    Path,
    typer.Argument(
        metavar="FILE",
        help="The spreadsheet: a workbook (.xlsx, .xls, .ods …) or a CSV file.",
        show_default=False,
    ),
]
MappingOption = Annotated[
    Path,
    typer.Option(
        "--mapping", "-m", metavar="MAPPING", help="The mapping, a YAML file.", show_default=False
    ),
]
ModeOption = Annotated[
    str | None,
    typer.Option(
        "--mode",
        metavar="MODE",
        help="create, update, upsert, mirror or delete-listed, in place of the mapping's mode.",
    ),
]

# --- groups -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Showing:
    """How a command speaks."""

    as_json: Annotated[
        bool,
        typer.Option(
            "--json", help="Print one JSON object on stdout and nothing else, on failure too."
        ),
    ] = False
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print only errors and the last line.")
    ] = False
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Print every change and row, not the first few.")
    ] = False


@dataclass(frozen=True)
class Keeping:
    """Where what must last is kept."""

    state_dir: Annotated[
        Path | None,
        typer.Option(
            "--state-dir",
            metavar="DIR",
            help="Where wizsync keeps runs and their journals. "
            "Default: .wizsync beside wizsync.toml, else your user data folder.",
        ),
    ] = None


@dataclass(frozen=True)
class Whom:
    """Whom a command talks to."""

    target: Annotated[
        str | None,
        typer.Option(
            "--target",
            "-t",
            metavar="NAME|URL|sandbox",
            help="Whose customers: a name in wizsync.toml, an address, or a rehearsal on this machine.",
        ),
    ] = None
    dialect: Annotated[
        str | None,
        typer.Option(
            "--dialect",
            metavar="auto|camel|snake",
            help="How the API spells its names. Default: found out by itself.",
        ),
    ] = None
    rate: Annotated[
        str | None,
        typer.Option(
            "--rate",
            metavar="N|auto",
            help="Requests a second. Default: auto, which finds out what the account takes.",
        ),
    ] = None


@dataclass(frozen=True)
class Running:
    """How a run goes about it."""

    report_dir: Annotated[
        Path | None,
        typer.Option("--report-dir", metavar="DIR", help="Put a copy of the reports there."),
    ] = None
    allow: Annotated[
        list[str] | None,
        typer.Option(
            "--allow",
            metavar="GUARD=N|P%",
            help="Let a run change more than its limit, such as deletes=12 or updates=80%. "
            "May be given several times.",
        ),
    ] = None


OnConflict = Literal["skip", "overwrite"]


@dataclass(frozen=True)
class Writing:
    """What only commands that write are asked."""

    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Do not ask before writing. Limits still hold.")
    ] = False
    keep_going: Annotated[
        bool,
        typer.Option(
            "--keep-going", help="Go on when WizCommerce refuses many changes for the same reason."
        ),
    ] = False
    on_conflict: Annotated[
        OnConflict,
        typer.Option(
            "--on-conflict",
            metavar="skip|overwrite",
            help="What becomes of an update whose fields were changed in the account after the plan. "
            "A delete is always skipped then.",
        ),
    ] = "skip"


# --- groups as typer sees them ------------------------------------------------------------------


def spread(
    function: Callable[..., Any],
    call: Callable[[dict[str, Any]], Any],
    stand_ins: Mapping[type, type],
) -> Callable[..., Any]:
    """A function for typer that has the options of a command's groups as parameters of its own.

    Args:
        function: The command; its name and docstring are the command's.
        call: Given the command's arguments by name, its groups put together.
        stand_ins: A type that a command takes to the group that is asked for in its place.
    """
    hints = get_type_hints(function, include_extras=True)
    parameters: list[inspect.Parameter] = []
    groups: dict[str, type] = {}
    for name, parameter in inspect.signature(function).parameters.items():
        hint = hints[name]
        if isinstance(hint, type):
            hint = stand_ins.get(hint, hint)
        if is_dataclass(hint) and isinstance(hint, type):
            groups[name] = hint
            parameters += _parameters(hint)
        else:
            parameters.append(_parameter(name, hint, parameter.default))

    def spread_out(**given: Any) -> Any:
        arguments = {
            name: group(**{option.name: given.pop(option.name) for option in fields(group)})
            for name, group in groups.items()
        }
        return call({**given, **arguments})

    spread_out.__name__ = function.__name__
    spread_out.__doc__ = function.__doc__
    spread_out.__annotations__ = {one.name: one.annotation for one in parameters}
    spread_out.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return spread_out


@cache
def _parameters(group: type) -> tuple[inspect.Parameter, ...]:
    """The options of a group: several commands have the same."""
    hints = get_type_hints(group, include_extras=True)
    return tuple(
        _parameter(option.name, hints[option.name], option.default) for option in fields(group)
    )


def _parameter(name: str, annotation: Any, default: Any) -> inspect.Parameter:
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default
    )
