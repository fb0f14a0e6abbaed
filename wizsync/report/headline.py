"""The first lines of a report: what happened, in plain words, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from wizsync.model import ChangeKind, ChildAction, ChildKind, Ending, Plan, Result, RunRecord
from wizsync.report.child_wording import moves_held
from wizsync.report.verdicts import Held, Standing, Verdicts
from wizsync.report.wording import counted, joined, sentence

DRY_RUN = "Dry run: nothing was written"
_AGREE = "Nothing to do: file and account agree."
_PUT_BACK = "Nothing to put back: all that the run changed is as it was before."
_THE_REST_AGREES = "Nothing to do: what can be used of the file agrees with the account."


@dataclass(frozen=True, slots=True)
class Headline:
    """What happened and what to do next.

    Args:
        mark: What must not be overlooked, "" for nothing.
        happened: What happened, or would, a sentence.
        why: What refused or stopped the run, a sentence or two, "" for nothing.
        left_over: What is not done, a sentence, "" for nothing.
        steps: What to do next, a sentence each, the most urgent first; commands in `backquotes`.
    """

    mark: str
    happened: str
    why: str
    left_over: str
    steps: tuple[str, ...]

    @property
    def text(self) -> str:
        """All but the steps, on one line."""
        return joined((sentence(self.mark), self.happened, self.why, self.left_over))

    @property
    def text_without_why(self) -> str:
        """The same for where it was said already what refused or stopped the run."""
        return joined((sentence(self.mark), self.happened, self.left_over))


def headline(judged: Verdicts) -> Headline:
    """The headline of a run."""
    mark = DRY_RUN if judged.record.ending is Ending.DRY_RUN else ""
    return Headline(
        mark, _happened(judged), _why(judged.record), _left_over(judged), tuple(_steps(judged))
    )


def _happened(judged: Verdicts) -> str:
    record = judged.record
    match record.ending:
        case Ending.DRY_RUN:
            return _would(judged)
        case Ending.REFUSED:
            return _refused(judged.results)
        case Ending.STOPPED:
            written = judged.results[Result.APPLIED]
            of = counted(len(record.plan.changes), "change")
            return f"Stopped before the end: {written:,} of {of} written."
        case Ending.FINISHED:
            return _done(judged)


def _would(judged: Verdicts) -> str:
    tally = judged.record.plan.tally
    parts = _parts(tally.create, tally.update, tally.rename, tally.delete)
    if parts:
        children = {
            "to add": tally.children_add,
            "to change": tally.children_change,
            "to remove": tally.children_remove,
        }
        return joined((f"This plan would {_and(parts)}.", _children(judged.record.plan, children)))
    return _idle(judged)


def _children(plan: Plan, counts: Mapping[str, int]) -> str:
    """What becomes of addresses and contacts of existing customers, a sentence, "" where nothing does."""
    told = [f"{number:,} {word}" for word, number in counts.items() if number]
    if not told:
        return ""
    kinds = {
        child.kind
        for change in plan.changes
        if change.kind is not ChangeKind.CREATE
        for child in change.children
    }
    names = " and ".join(kind.value for kind in ChildKind if kind in kinds)
    return f"{names.capitalize() or 'Addresses and contacts'}: {_and(told)}."


def _idle(judged: Verdicts) -> str:
    """Why nothing was or would be written, though nobody refused anything."""
    plan = judged.record.plan
    if len(judged) == 0:
        return _PUT_BACK if plan.undoes else _AGREE
    if plan.tally.unchanged and not plan.changes and not plan.conflicts:
        return _THE_REST_AGREES
    dry_run = judged.record.ending is Ending.DRY_RUN
    return "There is nothing to change." if dry_run else "Nothing was written."


def _parts(create: int, update: int, rename: int, delete: int) -> list[str]:
    counts = (("create", create), ("update", update), ("rename", rename), ("delete", delete))
    return [f"{verb} {counted(number, 'customer')}" for verb, number in counts if number]


def _and(parts: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))


def _refused(results: Mapping[Result, int]) -> str:
    written = results[Result.APPLIED] + results[Result.UNKNOWN]
    return (
        f"Refused after {counted(written, 'change')}."
        if written
        else "Refused: nothing was written."
    )


def _why(record: RunRecord) -> str:
    if record.ending not in (Ending.REFUSED, Ending.STOPPED):
        return ""
    return sentence(record.error or (record.breaches[0].message if record.breaches else ""))


def _done(judged: Verdicts) -> str:
    """What a finished run wrote, by kind."""
    kinds = {"create": 0, "update": 0, "rename": 0, "delete": 0}
    for outcome in judged.record.outcomes:
        kinds[outcome.kind.value] += outcome.result is Result.APPLIED
    words = {"create": "created", "update": "updated", "rename": "renamed", "delete": "deleted"}
    parts = [
        f"{counted(number, 'customer')} {words[kind]}" for kind, number in kinds.items() if number
    ]
    if not parts and not judged.harmed:
        return _idle(judged)
    children = {
        word: judged.children.get((action, Standing.APPLIED), 0)
        for action, word in _CHILD_WORDS.items()
    }
    done = f"Done: {_and(parts)}." if parts else "Done, not as it was meant."
    return joined((done, _children(judged.record.plan, children)))


_CHILD_WORDS = {
    ChildAction.ADD: "added",
    ChildAction.CHANGE: "changed",
    ChildAction.REMOVE: "removed",
}

# What a person is told is left over, by where it stands; rejects are counted in rows.
_LEFT_OVER = {
    Standing.FAILED: ("change was refused by WizCommerce", "changes were refused by WizCommerce"),
    Standing.UNKNOWN: ("change may or may not be done", "changes may or may not be done"),
    Standing.CONFLICT: ("customer is in conflict", "customers are in conflict"),
}
_HARMED = (
    "customer has other addresses or contacts now than was meant",
    "customers have other addresses or contacts now than was meant",
)
_LOOK_ALIKES = (
    "new customer that looks like an existing one is held back",
    "new customers that look like existing ones are held back",
)
_AFTER_HARM = (
    "customer's addresses and contacts were not written after that",
    "customers' addresses and contacts were not written after that",
)


def _left_over(judged: Verdicts) -> str:
    tally = judged.record.plan.tally
    standings = dict(judged.standings)
    standings[Standing.FAILED] = standings.get(Standing.FAILED, 0) - judged.harmed
    counts = (
        (judged.harmed, *_HARMED),
        *((standings.get(one, 0), *words) for one, words in _LEFT_OVER.items()),
        (judged.held.get(Held.AFTER_HARM, 0), *_AFTER_HARM),
        (judged.held.get(Held.LOOK_ALIKE, 0), *_LOOK_ALIKES),
    )
    parts = [counted(number, one, many) for number, one, many in counts if number]
    if judged.moves_held:
        parts.append(moves_held(judged.moves_held))
    if tally.rejected:
        parts.append(counted(tally.rejected, "row cannot be used", "rows cannot be used"))
    return f"{_and(parts)}." if parts else ""


def rejected_file(plan: Plan) -> str:
    """The name of the file of rejected rows that a person mends: one that has all sheets they come from."""
    return "rejected.xlsx" if plan.source.sheet is not None or plan.tables else "rejected.csv"


def _steps(judged: Verdicts) -> Iterator[str]:
    record = judged.record
    standings = judged.standings
    mapping = record.plan.rules.mapping_name
    for breach in record.breaches:
        yield f"If that is meant, run the same command again with `{breach.allow}`."
    if record.ending is Ending.STOPPED:
        yield f"Run `wizsync resume {record.run}`: it looks up what is open and goes on from there."
    elif Standing.UNKNOWN in standings:
        yield "Run the same command again: it first looks up the changes whose outcome is not known."
    if record.ending is Ending.DRY_RUN and record.plan.changes and not record.breaches:
        yield (
            "Read what would change. To write it, run `wizsync apply` with the plan file, "
            "or `wizsync sync`."
        )
    if judged.harmed:
        yield (
            "Look at the customers whose addresses or contacts are not as was meant, shown first, and "
            "put them right in WizCommerce. Then try `wizsync doctor --probe-children`."
        )
    if Standing.REJECTED in standings or standings.get(Standing.FAILED, 0) > judged.harmed:
        file = rejected_file(record.plan)
        yield (
            f"Mend the rows in `{file}`, which lies beside this report, "
            f"and run `wizsync sync {file} -m {mapping}`."
        )
    if Held.LOOK_ALIKE in judged.held:
        yield (
            "Look at the customers held back: correct the code in the file where it is the same customer; "
            f"let the others through with `--allow look_alikes={judged.held[Held.LOOK_ALIKE]}`."
        )
    if judged.moves_held:
        number = record.plan.tally.children_held or judged.moves_held
        yield (
            "Look at the addresses and contacts that seem to move between customers: let them through with "
            f"`--allow child_moves={number}`."
        )
    if Standing.CONFLICT in standings:
        yield "Look at the customers in conflict and plan again."
