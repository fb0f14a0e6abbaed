"""`runs` and `report`: what was done before."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wizsync.cli.answers import of_result, paths
from wizsync.cli.options import Keeping, Writing
from wizsync.cli.output import Answer, Output, printable
from wizsync.cli.preparing import find_state_dir, require_person_or_yes
from wizsync.errors import Declined, Exit, UsageError
from wizsync.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from wizsync.state import RunEntry

_SHOWN = 20


def runs(
    keeping: Keeping,
    output: Output,
    what: Annotated[
        str | None,
        typer.Argument(
            metavar="[show|prune]",
            help="show: one run in full. prune: forget old runs. Default: list them all.",
            show_default=False,
        ),
    ] = None,
    run: Annotated[
        str | None,
        typer.Argument(
            metavar="[RUN]",
            help="Of show: the run's name, or the beginning of it. Default: the latest run.",
            show_default=False,
        ),
    ] = None,
    older_than: Annotated[
        str | None,
        typer.Option(
            "--older-than", metavar="AGE", help="Of prune: days or weeks, such as 90d or 12w."
        ),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Of prune: do not ask before removing.")
    ] = False,
) -> Answer:
    """List the runs so far, show one in full, or forget old ones.

    A run that is unfinished, that does not know what became of a request, or that is the latest of its
    mapping is never forgotten.

    For example:

      wizsync runs

      wizsync runs show 2026-03-04_0200_customers

      wizsync runs prune --older-than 90d
    """
    if what == "prune":
        if run is not None:
            raise UsageError(f"`wizsync runs prune` takes no run, such as {run}.", hint=_PRUNE)
        return _prune(keeping, output, _age(older_than), yes=yes)
    if older_than is not None or yes:
        raise UsageError("--older-than and --yes belong to `wizsync runs prune`.", hint=_PRUNE)
    if what == "show":
        return _show(keeping, output, run)
    if what is not None:
        meant = nearest(what, ("show", "prune"))
        raise UsageError(
            f'`wizsync runs` does not know "{what}".',
            where="the command line",
            hint=f"Did you mean `wizsync runs {meant}`?"
            if meant
            else f"Did you mean `wizsync runs show {what}`?",
        )
    return _list(keeping, output)


def _list(keeping: Keeping, output: Output) -> Answer:
    from wizsync import history  # noqa: PLC0415 - heavy

    folder = find_state_dir(keeping, output)
    lines = history.runs(folder)
    shown = lines if output.showing.verbose else lines[:_SHOWN]
    if shown:
        output.show(_table(shown))
    more = f", the first {len(shown)} shown (all with --verbose)" if len(shown) < len(lines) else ""
    count = f"{len(lines):,} run{'' if len(lines) == 1 else 's'}" if lines else "No runs yet"
    return Answer(
        last_line=f"{count} in {folder}{more}.",
        fields=of_result([_object(line) for line in lines]),
    )


def _show(keeping: Keeping, output: Output, run: str | None) -> Answer:
    from dataclasses import asdict  # noqa: PLC0415 - only here

    from wizsync import history  # noqa: PLC0415 - heavy
    from wizsync.cli.run_view import files_view  # noqa: PLC0415 - heavy

    shown = history.show(find_state_dir(keeping, output), run)
    entry = shown.entry
    plan = {} if shown.tally is None else asdict(shown.tally)
    lines = {
        "Run": entry.run,
        "Started": f"{datetime.fromisoformat(entry.started).astimezone():%Y-%m-%d %H:%M}",
        "By": entry.by,
        "Command": f"{entry.command} {entry.source}".strip(),
        "Target": entry.target,
        "State": entry.state.value,
        "Plan": _counts({name: plan.get(name, 0) for name in _PLANNED}),
        "Outcome": _counts(entry.counts),
        "Error": entry.error,
    }
    text = "\n".join(f"{name + ':':<9} {value}" for name, value in lines.items() if value)
    output.show(output.scrub(text), even_if_quiet=True)
    output.show(files_view(shown.files))
    result = {
        **_object(entry),
        "plan": {name: plan[name] for name in _PLANNED} if plan else None,
        "error": output.scrub(entry.error) or None,
        "files": paths(shown.files),
        "next": shown.what_next or None,
    }
    last_line = f"Next: {shown.what_next}" if shown.what_next else ""
    return Answer(last_line=last_line, fields=of_result(result))


def _prune(keeping: Keeping, output: Output, age: timedelta, *, yes: bool) -> Answer:
    from wizsync import history  # noqa: PLC0415 - heavy

    require_person_or_yes(Writing(yes=yes), output)
    folder = find_state_dir(keeping, output)
    found = history.prunable(folder, age)
    if found.runs:
        output.show(_table(list(found.runs)), even_if_quiet=not yes)
    count = f"{len(found.runs):,} run{'' if len(found.runs) == 1 else 's'}"
    size = f"{found.size / 1_000_000:,.1f} MB"
    if found.runs and not yes and not output.ask(f"Forget {count} ({size}) with their files?"):
        raise Declined("Nothing was removed: you said no.")
    history.prune(folder, found.runs)
    return Answer(
        last_line=f"{count} forgotten, {size} freed.",
        fields=of_result({"runs": [line.run for line in found.runs], "bytes": found.size}),
    )


_PRUNE = "Write `wizsync runs prune --older-than 90d`."
_PLANNED = ("create", "update", "delete", "unchanged", "rejected", "held", "conflict")
_UNITS = {"d": 1, "w": 7}


def _age(text: str | None) -> timedelta:
    if text is None:
        raise UsageError("It is not said how old runs must be to be forgotten.", hint=_PRUNE)
    found = re.fullmatch(r"(\d{1,5})([dw])", text.strip().lower(), re.ASCII)
    if found is None:
        raise UsageError(f'"{text}" is no age.', where="--older-than", hint=_PRUNE)
    return timedelta(days=int(found[1]) * _UNITS[found[2]])


def report(
    keeping: Keeping,
    output: Output,
    run: Annotated[
        str | None,
        typer.Argument(
            metavar="[RUN]",
            help="The run's name, or the beginning of it. Default: the latest run.",
            show_default=False,
        ),
    ] = None,
    open_it: Annotated[
        bool, typer.Option("--open", help="Open the report in the browser.")
    ] = False,
) -> Answer:
    """Say where a run's report lies, or open it.

    For example:

      wizsync report --open

      wizsync report 2026-03-04_0200_customers
    """
    from wizsync import history  # noqa: PLC0415 - heavy
    from wizsync.cli.run_view import files_view  # noqa: PLC0415 - heavy

    folder = find_state_dir(keeping, output)
    files = history.report(folder, run)
    if files.report_html is None:
        raise UsageError(
            "This run has no report: it was stopped before it could write one.",
            hint="`wizsync runs` lists the others. Run the same command again to go on.",
        )
    if not output.showing.quiet:
        output.show(files_view(files))
    if open_it:
        _open(files.report_html, output)
    return Answer(
        Exit.DONE,
        last_line=str(files.report_html) if output.showing.quiet else "",
        fields=of_result(paths(files)),
    )


def _open(page: Path, output: Output) -> None:
    import webbrowser  # noqa: PLC0415 - only --open needs it

    if not webbrowser.open(page.absolute().as_uri()):
        output.warn("No browser could be started; open the report by hand.")


def _table(lines: list[RunEntry]) -> Any:
    from rich.table import Table  # noqa: PLC0415 - heavy
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    for name in ("Run", "Command", "Target", "File", "State", "Changes", "By"):
        table.add_column(name, overflow="fold", no_wrap=name == "Command")
    for line in lines:
        what = (line.run, line.command, line.target, line.source, line.state)
        cells = (*what, _counts(line.counts), line.by)
        table.add_row(*(Text(printable(cell)) for cell in cells))
    return table


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number:,} {name}" for name, number in counts.items() if number)


def _object(line: RunEntry) -> dict[str, Any]:
    return {
        "run": line.run,
        "command": line.command,
        "started": line.started,
        "by": line.by,
        "target": line.target,
        "source": line.source,
        "state": line.state,
        "counts": dict(line.counts),
        "folder": str(line.folder.absolute()),
    }
