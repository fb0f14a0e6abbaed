"""`check`: a file against its mapping, without any account, or with its price lists, reps and attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from wizsync.cli.answers import of_result
from wizsync.cli.connecting import connected
from wizsync.cli.options import FileArgument, Keeping, MappingOption, ModeOption, Whom
from wizsync.cli.output import Answer, Output
from wizsync.cli.preparing import find_state_dir, find_target
from wizsync.errors import Exit

if TYPE_CHECKING:
    from wizsync.model import Desired, Reject


def check(
    *,
    file: FileArgument,
    mapping: MappingOption,
    whom: Whom,
    keeping: Keeping,
    output: Output,
    mode: ModeOption = None,
    online: Annotated[
        bool,
        typer.Option(
            "--online",
            help="Ask the account for the price lists, sales reps and attributes that the mapping names; "
            "nothing is written.",
        ),
    ] = False,
) -> Answer:
    """Check every row against the mapping, offline.

    Ends with 0 when every row can be used, and with 3 when some cannot.

    For example:

      wizsync check customers.csv -m customers.yaml

      wizsync check customers.xlsx -m customers.yaml --online --target sandbox
    """
    from wizsync import pipeline  # noqa: PLC0415 - heavy
    from wizsync.cli.display import rejects_view  # noqa: PLC0415 - heavy
    from wizsync.report.wording import counted  # noqa: PLC0415 - heavy

    if online:
        target = find_target(whom, output)
        with connected(target, find_state_dir(keeping, output)) as connection:
            checked = pipeline.check_online(file, mapping, connection, mode=mode)
    else:
        checked = pipeline.check(file, mapping, mode=mode)
    lacking = {field: len(keys) for field, keys in checked.unfit_for_new().items()}
    result = {**_result(checked.desired), "lacking": lacking}
    for note in checked.tables.notes:
        output.note(note)
    if checked.desired.keys_unread:
        output.warn(
            f"In {counted(checked.desired.keys_unread, 'row')} the key cannot be read: "
            "while that is so, a run deletes nothing."
        )
    for field, number in lacking.items():
        column = checked.rules.columns.get(field)
        output.warn(
            f"{counted(number, 'customer has', 'customers have')} no {column or field}, which a new "
            "customer needs: whoever of them the account lacks will be rejected."
        )
    if checked.desired.rejects:
        output.show(rejects_view(checked.desired.rejects, everything=output.showing.verbose))
    unusable = result["rejected"]
    ending = f"{counted(unusable, 'row')} cannot be used" if unusable else "every row can be used"
    read = f"{counted(result['rows'], 'row')}, {counted(result['customers'], 'customer')}"
    return Answer(
        Exit.LEFT_OVER if unusable else Exit.DONE,
        last_line=f"{read}: {ending}.",
        fields=of_result(result),
    )


def _result(desired: Desired) -> dict[str, Any]:
    rejected = {(row.place, row.number) for reject in desired.rejects for row in reject.rows}
    return {
        "rows": sum(desired.counts.values()),
        "customers": len(desired),
        "children": {kind.value: len(some) for kind, some in desired.children.items()},
        "rejected": len(rejected),
        "left_out": desired.left_out,
        "rejects": [_reject(reject) for reject in desired.rejects],
    }


def _reject(reject: Reject) -> dict[str, Any]:
    return {
        "code": reject.code,
        "message": reject.message,
        "hint": reject.hint,
        "rows": [row.number for row in reject.rows],
        "places": [row.place for row in reject.rows],
        "column": reject.column,
        "value": reject.value,
        "key": reject.key,
        "child": reject.child,
    }
