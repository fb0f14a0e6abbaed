"""`plan`, `apply` and `sync`: the commands that are runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from wizsync.cli.options import (
    FileArgument,
    Keeping,
    MappingOption,
    ModeOption,
    Running,
    Whom,
    Writing,
)
from wizsync.cli.output import Answer, Output
from wizsync.cli.preparing import require_person_or_yes, run_options
from wizsync.cli.progress import progress_display
from wizsync.errors import Exit, UsageError


def plan(
    *,
    file: FileArgument,
    mapping: MappingOption,
    whom: Whom,
    keeping: Keeping,
    running: Running,
    output: Output,
    mode: ModeOption = None,
    plan_file: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="PLAN", help="Put a copy of the plan file there."),
    ] = None,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="End with 10 when there are changes.")
    ] = False,
    explain: Annotated[
        bool,
        typer.Option(
            "--explain", help="Say how the account was read, and what the other ways would cost."
        ),
    ] = False,
) -> Answer:
    """Say what would change in the account; write nothing.

    Compares the file with the account, and writes the plan and its report.

    For example:

      wizsync plan customers.csv -m customers.yaml --target sandbox

      wizsync plan customers.csv -m customers.yaml -o monday.jsonl
    """
    from wizsync import pipeline  # noqa: PLC0415 - heavy
    from wizsync.cli.explaining import reading_view  # noqa: PLC0415 - heavy
    from wizsync.cli.run_view import run_answer  # noqa: PLC0415 - heavy
    from wizsync.mapping import check_mode  # noqa: PLC0415 - heavy

    check_mode(mode)
    if plan_file is not None and plan_file.is_dir():
        raise UsageError(
            "The plan file cannot be written there: this is a folder.",
            where=f"--output {plan_file}",
            hint="Name a file in it, such as monday.jsonl.",
        )
    progress = progress_display(quiet=output.showing.quiet)
    with run_options(
        whom, keeping, running, Writing(), mode=mode, progress=progress, output=output
    ) as options:
        finished = pipeline.plan(file, mapping, options, output=plan_file)
    progress.pause()
    answer = run_answer(finished, output)
    if explain and finished.reading is not None:
        output.show(reading_view(finished.reading))
    if exit_code and answer.exit_code is Exit.DONE and finished.record.plan.changes:
        return replace(answer, exit_code=Exit.CHANGES)
    return answer


def apply(
    *,
    plan_file: Annotated[
        Path,
        typer.Argument(metavar="PLAN", help="The plan file that `plan` wrote.", show_default=False),
    ],
    whom: Whom,
    keeping: Keeping,
    running: Running,
    writing: Writing,
    output: Output,
    mode: Annotated[str | None, typer.Option("--mode", hidden=True)] = None,
) -> Answer:
    """Apply a plan: show, ask, write, report.

    For example:

      wizsync apply monday.jsonl

      wizsync apply monday.jsonl --yes --allow deletes=12
    """
    if mode is not None:
        raise UsageError(
            "`apply` takes no --mode: a plan has its mode.",
            where="--mode",
            hint="Make a new plan with `wizsync plan --mode ...`, and apply that.",
        )
    require_person_or_yes(writing, output)
    from wizsync import pipeline  # noqa: PLC0415 - heavy
    from wizsync.cli.run_view import Approval, run_answer  # noqa: PLC0415 - heavy

    progress = progress_display(quiet=output.showing.quiet)
    with run_options(
        whom, keeping, running, writing, mode=None, progress=progress, output=output
    ) as options:
        approve = Approval(output, progress, yes=writing.yes)
        finished = pipeline.apply(plan_file, options, approve=approve)
    progress.pause()
    return run_answer(finished, output, plan_shown=approve.shown)


def sync(
    *,
    file: FileArgument,
    mapping: MappingOption,
    whom: Whom,
    keeping: Keeping,
    running: Running,
    writing: Writing,
    output: Output,
    mode: ModeOption = None,
) -> Answer:
    """Plan, show, ask, apply, report: all in one.

    For example:

      wizsync sync customers.csv -m customers.yaml --target sandbox

      wizsync sync customers.csv -m customers.yaml --yes --json
    """
    require_person_or_yes(writing, output)
    from wizsync import pipeline  # noqa: PLC0415 - heavy
    from wizsync.cli.run_view import Approval, run_answer  # noqa: PLC0415 - heavy
    from wizsync.mapping import check_mode  # noqa: PLC0415 - heavy

    check_mode(mode)
    progress = progress_display(quiet=output.showing.quiet)
    with run_options(
        whom, keeping, running, writing, mode=mode, progress=progress, output=output
    ) as options:
        approve = Approval(output, progress, yes=writing.yes)
        finished = pipeline.sync(file, mapping, options, approve=approve)
    progress.pause()
    return run_answer(finished, output, plan_shown=approve.shown)
