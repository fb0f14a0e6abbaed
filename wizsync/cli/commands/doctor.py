"""`doctor`: what is right, what is wrong, and what cannot be known."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wizsync.cli.answers import of_result
from wizsync.cli.connecting import connected
from wizsync.cli.options import Keeping, Whom, Writing
from wizsync.cli.output import Answer, Output, printable
from wizsync.cli.preparing import find_target, require_person_or_yes
from wizsync.errors import Declined, Exit

if TYPE_CHECKING:
    from rich.text import Text

    from wizsync.doctor import Finding


def doctor(
    whom: Whom,
    keeping: Keeping,
    output: Output,
    probe_children: Annotated[
        str | None,
        typer.Option(
            "--probe-children",
            metavar="CUSTOMER",
            help="Try, on this customer (referenceId or id), how the account combines addresses: "
            "three are added, and removed again.",
        ),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Do not ask before --probe-children writes.")
    ] = False,
) -> Answer:
    """Say what is right, wrong and unknown.

    Looks at key, address, account and folders. Writes nothing to the account, but for what
    --probe-children tries on the customer named.

    Ends with 0, or with 5 when the API cannot be used or does harm; with 4 when you say no.

    For example:

      wizsync doctor --target sandbox

      wizsync doctor --target https://api.wizcommerce.com/v1

      wizsync doctor --target sandbox --probe-children C-10001
    """
    if probe_children is not None:
        require_person_or_yes(Writing(yes=yes), output)
    from wizsync.doctor import Verdict, examine_account, examine_folder  # noqa: PLC0415 - heavy
    from wizsync.settings import (  # noqa: PLC0415 - not for --help
        read_mounts,
        resolve_state_dir,
        state_dir_warnings,
    )

    findings: list[Finding] = []

    def tell(finding: Finding) -> None:
        findings.append(finding)
        output.show(_line(finding))

    target = find_target(whom, output)
    folder = resolve_state_dir(keeping.state_dir, environ=os.environ, directory=Path.cwd())
    for warning in state_dir_warnings(folder, read_mounts()):
        output.warn(warning)
    for finding in examine_folder(folder):
        tell(finding)
    local = any(finding.verdict is Verdict.WRONG for finding in findings)
    if not local:
        with connected(target, folder) as connection:
            for finding in examine_account(connection):
                tell(finding)
            possible = all(finding.verdict is not Verdict.WRONG for finding in findings)
            if probe_children is not None and possible:
                from wizsync.child_probe import probe_children as probe  # noqa: PLC0415 - heavy

                _ask(probe_children, output, yes=yes)
                for finding in probe(connection, probe_children, on_stop=lambda: _stop(output)):
                    tell(finding)
    wrong = sum(finding.verdict is Verdict.WRONG for finding in findings)
    unknown = sum(finding.verdict is Verdict.UNKNOWN for finding in findings)
    failed = Exit.DEFECT if local else Exit.API
    return Answer(
        failed if wrong else Exit.DONE,
        last_line=f"{len(findings) - wrong - unknown} right, {wrong} wrong, {unknown} unknown.",
        fields=of_result([_object(finding) for finding in findings]),
    )


def _ask(customer: str, output: Output, *, yes: bool) -> None:
    """Let a person agree to what the probe writes.

    Raises:
        Declined: Somebody said no.
    """
    question = f"Add three addresses to {customer} at {output.target}, and remove them again?"
    if not yes and not output.ask(question):
        raise Declined("Nothing was written: you said no.")


def _stop(output: Output) -> None:
    output.tell("Stopping, once the customer is as it was. Ctrl-C again ends at once.")


_STYLES = {"right": "green", "wrong": "bold red", "unknown": "yellow"}


def _line(finding: Finding) -> Text:
    from rich.text import Text  # noqa: PLC0415 - heavy

    line = Text.assemble(
        (f"{finding.verdict.value:<8}", _STYLES[finding.verdict.value]),
        f"{finding.name}: {printable(finding.message)}",
    )
    return line.append(f"\n{'':8}{printable(finding.hint)}") if finding.hint else line


def _object(finding: Finding) -> dict[str, str | None]:
    return {
        "name": finding.name,
        "verdict": finding.verdict.value,
        "message": finding.message,
        "hint": finding.hint,
    }
