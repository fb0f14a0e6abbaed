"""`resume` and `undo`: going on with a run, and putting back what one did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from wizsync.cli.answers import blank
from wizsync.cli.options import Keeping, Running, Whom, Writing
from wizsync.cli.output import Answer, Output
from wizsync.cli.preparing import require_person_or_yes, run_options
from wizsync.cli.progress import progress_display

if TYPE_CHECKING:
    from wizsync.model import Plan


def resume(
    *,
    whom: Whom,
    keeping: Keeping,
    running: Running,
    writing: Writing,
    output: Output,
    run: Annotated[
        str | None,
        typer.Argument(
            metavar="[RUN]",
            help="The run's name, or the beginning of it. Default: the latest unfinished one.",
            show_default=False,
        ),
    ] = None,
) -> Answer:
    """Finish a run that was interrupted.

    Sends what is left of it and nothing twice, with what was agreed to and allowed for it. Asks only where
    it was interrupted before somebody had agreed.

    For example:

      wizsync resume

      wizsync resume 2026-03-04_0200_customers
    """
    from wizsync import pipeline  # noqa: PLC0415 - heavy
    from wizsync.cli.run_view import Approval, run_answer  # noqa: PLC0415 - heavy

    progress = progress_display(quiet=output.showing.quiet)
    approval = Approval(output, progress, yes=writing.yes)

    def approve(plan: Plan) -> bool:
        require_person_or_yes(writing, output)
        return approval(plan)

    with run_options(
        whom, keeping, running, writing, mode=None, progress=progress, output=output
    ) as options:
        finished = pipeline.resume(run, options, approve=approve)
    progress.pause()
    if finished is None:
        return Answer(last_line="Nothing is left to resume.", fields=blank(output.command))
    return run_answer(finished, output, plan_shown=approval.shown)


def undo(
    *,
    run: Annotated[
        str,
        typer.Argument(
            metavar="RUN", help="The run's name, or the beginning of it.", show_default=False
        ),
    ],
    whom: Whom,
    keeping: Keeping,
    running: Running,
    writing: Writing,
    output: Output,
) -> Answer:
    """Put back what a run changed: show, ask, write, report.

    Deletes whom the run created, gives updated fields their values back, and makes deleted customers again.
    What somebody has changed since is left alone. It is a run of its own, and can be undone.

    For example:

      wizsync undo 2026-03-04_0200_customers

      wizsync undo 2026-03-04_0200_customers --yes --allow deletes=100
    """
    require_person_or_yes(writing, output)
    from wizsync import pipeline  # noqa: PLC0415 - heavy
    from wizsync.cli.run_view import Approval, run_answer  # noqa: PLC0415 - heavy

    progress = progress_display(quiet=output.showing.quiet)
    with run_options(
        whom, keeping, running, writing, mode=None, progress=progress, output=output
    ) as options:
        approve = Approval(output, progress, yes=writing.yes)
        finished = pipeline.undo(run, options, approve=approve)
    progress.pause()
    return run_answer(finished, output, plan_shown=approve.shown)
