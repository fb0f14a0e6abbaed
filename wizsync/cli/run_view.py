"""What people are shown of a run, and asked, while it goes on and when it is done.

What draws and reports is imported when there is something to show: by then a run is waiting for the account.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from wizsync.cli.answers import of_run
from wizsync.cli.output import Answer, Output
from wizsync.cli.progress import Display

if TYPE_CHECKING:
    from wizsync.model import Breach, Plan, RunRecord
    from wizsync.pipeline import Finished
    from wizsync.run_files import Files


class Approval:
    """What the pipeline asks before it writes: shows the plan, and asks the person.

    Args:
        output: Where to show and ask.
        progress: What is drawn meanwhile.
        yes: Agree without asking.
    """

    def __init__(self, output: Output, progress: Display, *, yes: bool) -> None:
        self.shown = False
        self._output = output
        self._progress = progress
        self._yes = yes

    def __call__(self, plan: Plan) -> bool:
        """Whether the plan may be applied; see `wizsync.pipeline.Approve`."""
        self._progress.pause()
        show_plan(plan, (), self._output, even_if_quiet=not self._yes)
        self.shown = True
        return self._yes or self._output.ask(f"Apply these changes to {plan.account.target}?")


def show_plan(
    plan: Plan, breaches: Sequence[Breach], output: Output, *, even_if_quiet: bool = False
) -> None:
    """Show a plan, what a person should know of it, and the limits it exceeds."""
    from wizsync.cli.display import breaches_view, plan_view  # noqa: PLC0415 - heavy

    view = plan_view(plan, arrow=output.arrow, everything=output.showing.verbose)
    output.show(view, even_if_quiet=even_if_quiet)
    for note in plan.notes:
        output.note(note)
    if breaches:
        output.show(breaches_view(breaches), even_if_quiet=even_if_quiet)


def run_answer(finished: Finished, output: Output, *, plan_shown: bool = False) -> Answer:
    """Show how a run ended, and what its command ends with."""
    from wizsync.cli.display import failures_view  # noqa: PLC0415 - heavy
    from wizsync.report import verdicts  # noqa: PLC0415 - heavy
    from wizsync.report.headline import headline  # noqa: PLC0415 - heavy

    record = finished.record
    if not plan_shown:
        show_plan(record.plan, record.breaches, output)
    for warning in record.warnings:
        output.warn(warning)
    judged = verdicts(record, in_names=True)
    left = failures_view(judged, output.arrow, everything=output.showing.verbose)
    if left is not None:
        output.show(left)
    output.show(files_view(finished.files))
    told = headline(judged)
    return Answer(
        finished.exit_code,
        # The error itself is said right before.
        last_line=told.text_without_why if finished.error else told.text,
        fields=of_run(finished),
        error=finished.error,
    )


def headline_of(record: RunRecord) -> str:
    """How a run ended, in a sentence or two."""
    from wizsync.report import verdicts  # noqa: PLC0415 - heavy
    from wizsync.report.headline import headline  # noqa: PLC0415 - heavy

    return headline(verdicts(record)).text


_FILE_NAMES = {
    "report_html": "Report",
    "report_xlsx": "Report as a workbook",
    "plan": "Plan file",
    "rejected_xlsx": "Rows to mend",
    "rejected": "The same as CSV",
}


def files_view(files: Files) -> str:
    """Where a run's files lie, from the current folder on where they are inside it."""
    found = {words: getattr(files, name) for name, words in _FILE_NAMES.items()}
    width = max(map(len, found))
    return "\n".join(
        f"{words:<{width}} {_from_here(path)}" for words, path in found.items() if path is not None
    )


def _from_here(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
