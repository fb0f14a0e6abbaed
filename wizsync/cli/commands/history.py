"""`runs` and `report`: what was done before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from wizsync.cli.answers import of_result, paths
from wizsync.cli.options import Keeping
from wizsync.cli.output import Answer, Output, printable
from wizsync.cli.preparing import find_state_dir
from wizsync.errors import Exit, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from wizsync.state import RunEntry

_SHOWN = 20


def runs(keeping: Keeping, output: Output) -> Answer:
    """List the runs so far, the newest first.

    For example:

      wizsync runs

      wizsync runs --json
    """
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
    for name in ("Run", "Command", "Target", "File", "State", "Changes"):
        table.add_column(name, overflow="fold", no_wrap=name == "Command")
    for line in lines:
        counts = ", ".join(
            f"{number:,} {result}" for result, number in line.counts.items() if number
        )
        cells = (line.run, line.command, line.target, line.source, line.state, counts)
        table.add_row(*(Text(printable(cell)) for cell in cells))
    return table


def _object(line: RunEntry) -> dict[str, Any]:
    return {
        "run": line.run,
        "command": line.command,
        "started": line.started,
        "target": line.target,
        "source": line.source,
        "state": line.state,
        "counts": dict(line.counts),
        "folder": str(line.folder.absolute()),
    }
