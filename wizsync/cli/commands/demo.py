"""`demo`: the main job, end to end, on made-up customers."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wizsync.cli.answers import of_result, of_run
from wizsync.cli.connecting import connected
from wizsync.cli.output import Answer, Output
from wizsync.cli.progress import Display, progress_display
from wizsync.errors import Exit, MachineError, UsageError, WizsyncError
from wizsync.shipped import mapping, sample

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wizsync.model import Plan
    from wizsync.pipeline import Approve, Finished

_FOLDER = "wizsync-demo"
_CONFIG = """\
# Made by `wizsync demo`: a sandbox, a server inside wizsync with made-up customers.

[targets.sandbox]
sandbox = true
customers = 40

[defaults]
target = "sandbox"
report_dir = "reports"
"""
_FIRST = "The job itself"
_SECOND = "The same again"
_LINES = 6
_WIDTH = 78


@dataclass(frozen=True)
class _Sample:
    """A shipped file with its mapping."""

    file: str
    mapping: str


_WORKBOOK = _Sample("customers.xlsx", "customers_workbook.yaml")
_LIST = _Sample("customers.csv", "customers.yaml")


def demo(
    output: Output,
    csv: Annotated[
        bool, typer.Option("--csv", help="With a simple list of customers in place of a workbook.")
    ] = False,
) -> Answer:
    """Show the whole job on made-up customers.

    Makes a folder wizsync-demo with a sample workbook, its mapping and a wizsync.toml, brings a sandbox in
    line with the workbook, does it a second time, and leaves the reports. No real account is touched.

    For example:

      wizsync demo

      wizsync demo --csv
    """
    from wizsync import pipeline  # noqa: PLC0415 - heavy
    from wizsync.cli.run_view import files_view, headline_of  # noqa: PLC0415 - heavy
    from wizsync.settings import resolve_state_dir, resolve_target  # noqa: PLC0415 - not for --help

    folder, shown = Path.cwd() / _FOLDER, _LIST if csv else _WORKBOOK
    _make_folder(folder, shown, output)
    _show_file(folder / shown.file, output)
    progress = progress_display(quiet=output.showing.quiet)
    target = resolve_target(None, dialect=None, rate=None, environ={}, directory=folder)
    state_dir = resolve_state_dir(None, environ={}, directory=folder)
    output.crash_folder = folder
    runs: list[Finished] = []
    with connected(target, state_dir) as connection:
        output.target = connection.target
        options = pipeline.Options(
            connection, state_dir, report_dir=folder / "reports", progress=progress
        )
        for title, quiet in ((_FIRST, False), (_SECOND, True)):
            output.show(f"\n{title}:  wizsync sync {shown.file} -m {shown.mapping}\n")
            approve = _approval(output, progress, quiet=quiet)
            file, rules = folder / shown.file, folder / shown.mapping
            runs.append(pipeline.sync(file, rules, options, approve=approve))
            progress.pause()
            output.show(headline_of(runs[-1].record))
            if runs[-1].error is not None:
                break
    problem = _unexpected(runs)
    output.show("")
    output.show(files_view(runs[0].files))
    if problem is None:
        output.show(_what_next(shown))
    return Answer(
        problem.exit_code if problem else Exit.DONE,
        last_line="" if problem else f"The demo is done; everything lies in {folder}.",
        fields=of_result(_result(folder, runs)),
        error=problem,
    )


def _approval(output: Output, progress: Display, *, quiet: bool) -> Approve:
    """A sandbox needs nobody's consent; the plan is shown where it is new."""
    from wizsync.cli.run_view import show_plan  # noqa: PLC0415 - heavy

    def approve(plan: Plan) -> bool:
        progress.pause()
        if not quiet:
            show_plan(plan, (), output)
        return True

    return approve


def _make_folder(folder: Path, shown: _Sample, output: Output) -> None:
    """Make the folder with its files; one that an earlier demo made starts afresh.

    Raises:
        UsageError: There is one that is not the demo's own.
        MachineError: It cannot be made.
    """
    from wizsync.settings import CONFIG_NAME  # noqa: PLC0415 - not for --help

    config = folder / CONFIG_NAME
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            if not config.is_file() or config.read_text(encoding="utf-8") != _CONFIG:
                raise UsageError(
                    f"There is a {_FOLDER} here already that the demo did not make, or that you changed.",
                    where=str(folder),
                    hint="Rename or remove it, or run the demo in another folder.",
                )
            # With an unchanged wizsync.toml there was never any target but the sandbox.
            for made in (".wizsync", "reports"):
                shutil.rmtree(folder / made, ignore_errors=True)
        folder.mkdir(exist_ok=True)
        config.write_text(_CONFIG, encoding="utf-8", newline="\n")
        for shipped in (sample(shown.file), mapping(shown.mapping)):
            _put(shipped, folder / shipped.name, output)
    except OSError as error:
        raise MachineError(
            f"The demo's folder cannot be made: {error.strerror}.",
            where=str(folder),
            hint="Run the demo in a folder of your own.",
        ) from error


def _put(shipped: Path, place: Path, output: Output) -> None:
    """Copy a file of ours; one that a person changed since is kept under another name."""
    if place.exists() and place.read_bytes() != shipped.read_bytes():
        names = (place.with_stem(f"{place.stem}-yours-{number}") for number in count(1))
        kept = next(name for name in names if not name.exists())
        place.rename(kept)
        output.warn(f"Your changed {place.name} is now {kept.name}; the demo starts with its own.")
    shutil.copyfile(shipped, place)


def _show_file(file: Path, output: Output) -> None:
    """The file's first lines, or, of a workbook, its sheets with their first rows."""
    from wizsync.intake import read, sheets  # noqa: PLC0415 - heavy

    names = sheets(file)
    if not names:
        output.show(f"The file, {file.name}, begins so:\n")
        with file.open(encoding="utf-8", errors="replace") as lines:
            for line in islice(lines, _LINES):
                output.show(f"  {_short(line.rstrip())}")
        return
    output.show(f"The workbook, {file.name}, has the sheets {', '.join(names)}:\n")
    for name in names:
        table = read(file, sheet=name, header_row=_HEADER_ROWS.get(name, 1))
        output.show(f"  {name}, {len(table)} rows")
        for cells in (table.columns, *table.cells.head(_ROWS).itertuples(index=False)):
            output.show(f"    {_short(' | '.join(cells), 4)}")


# Of the sample's sheets, where their headers are.
_HEADER_ROWS = {"Customers": 4}
_ROWS = 2


def _short(text: str, indented: int = 2) -> str:
    width = _WIDTH - indented
    return text if len(text) <= width else text[: width - 3] + "..."


def _unexpected(runs: Sequence[Finished]) -> WizsyncError | None:
    """What did not come out as it should; rows of the sample that cannot be used should be there."""
    for run in runs:
        if run.error is not None:
            return run.error
        if run.exit_code not in {Exit.DONE, Exit.LEFT_OVER}:
            return WizsyncError(
                "The demo did not come to its end.",
                where=str(run.files.report_html),
                hint="Read the report, and report this as a defect.",
            )
    first, second = runs
    failed = [one for one in first.record.outcomes if one.result.value not in _AS_THEY_SHOULD]
    if failed or _to_write(second):
        return WizsyncError(
            f"The demo did not come out as it should: {len(failed)} changes were not applied, "
            f"and a second run found {_to_write(second)} to make.",
            where=str(first.files.report_html),
            hint="Read the report, and report this as a defect.",
        )
    return None


_AS_THEY_SHOULD = ("applied", "skipped")


def _to_write(run: Finished) -> int:
    tally = run.record.plan.tally
    return tally.create + tally.update + tally.rename + tally.delete


def _what_next(shown: _Sample) -> str:
    to_try = (
        (f"wizsync plan {shown.file} -m {shown.mapping}", "change a cell first, and see it found"),
        ("wizsync report --open", "the report of the latest run, in the browser"),
        ("wizsync doctor", "what wizsync can say of the account"),
    )
    tries = "\n".join(f"  {words}\n      {why}" for words, why in to_try)
    return f"\nNow you:\n  cd {_FOLDER}\n{tries}\n"


def _result(folder: Path, runs: Sequence[Finished]) -> Mapping[str, Any]:
    return {"folder": str(folder), "runs": [of_run(run) for run in runs]}
