"""A lost `state.db` made anew from what lies in the runs' folders: their plans and their journals."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wizsync.errors import WizsyncError
from wizsync.model import Account, ChangeKind, Result, Source
from wizsync.state.protocol import RunEntry, RunState

if TYPE_CHECKING:
    from wizsync.state.sqlite import SqliteState


@dataclass(frozen=True, slots=True)
class Left:
    """What the folder of a run tells of it.

    Args:
        run: Its name.
        header: The first line of its plan file.
        digest: The plan file's, "" where it has no end.
        report: Its report, for programs; empty where it came to none.
    """

    run: str
    header: dict[str, Any]
    digest: str
    report: dict[str, Any]

    @property
    def account(self) -> Account:
        """Whose customers they were."""
        known = self.header["account"]
        return Account(
            url=known["url"],
            salt=known["salt"],
            fingerprint=known["fingerprint"],
            target=known["target"],
            marks=tuple(known.get("marks") or [known["fingerprint"]]),
            known=tuple(known.get("known", ())),
        )


def left_in(folder: Path) -> list[Left]:
    """The runs whose folders hold a plan, the oldest first; the others had written nothing."""
    return list(_left_in(folder))


def _left_in(folder: Path) -> Iterator[Left]:
    for plan in sorted(folder.glob("runs/*/plan.jsonl"), key=lambda plan: plan.stat().st_mtime_ns):
        with suppress(OSError, ValueError, KeyError, TypeError):
            first, *_, last = plan.read_bytes().splitlines()
            report: dict[str, Any] = {}
            with suppress(OSError, ValueError):
                report = json.loads((plan.parent / "report.json").read_text(encoding="utf-8"))
            header, digest = json.loads(first), str(json.loads(last)["digest"])
            yield Left(plan.parent.name, _checked(header), digest, report)


def _checked(header: dict[str, Any]) -> dict[str, Any]:
    """The first line of a plan file, if it has what is asked of it below.

    Raises:
        KeyError: It lacks something.
    """
    for part, names in _NEEDED.items():
        for name in names:
            header[part][name]
    return header


_NEEDED = {
    "account": ("url", "salt", "fingerprint", "target"),
    "source": ("path",),
    "rules": ("mapping_digest",),
}


def restore(state: SqliteState, left: Left) -> None:
    """Put a run back into a state that has lost it."""
    account, report = left.account, left.report
    state.accounts.meet(account.fingerprint, account.url, account.marks[0], None)
    state.accounts.know(account.fingerprint, account.known)
    folder = state.folder / "runs" / left.run
    has_written = (folder / "journal.db").exists()
    command = str(report.get("command") or ("apply" if has_written else "plan"))
    ending = str(report.get("ending") or ("stopped" if has_written else "dry_run"))
    state.take_back(
        RunEntry(
            run=left.run,
            account=account.fingerprint,
            target=account.target,
            command=command,
            started=str(report.get("started") or left.header["created"]),
            source=Source(left.header["source"]["path"], "").name,
            mapping_digest=str(left.header["rules"]["mapping_digest"]),
            plan_digest=left.digest,
            state=RunState(ending),
            counts=report.get("outcomes", {}),
            folder=folder,
        )
    )
    if has_written:
        # A journal that is damaged as well is told of by whoever needs it.
        with suppress(WizsyncError), closing(state.journal(left.run)) as journal:
            outcomes = journal.outcomes()
            state.note_created(
                account,
                {
                    one.reference_id: one.customer_id
                    for one in outcomes
                    if one.kind is ChangeKind.CREATE
                    and one.result is Result.APPLIED
                    and one.customer_id
                },
            )
            gone = [o.reference_id for o in outcomes if o.kind is ChangeKind.DELETE]
            state.forget_created(account, gone)
