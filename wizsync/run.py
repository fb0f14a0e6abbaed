"""A run at work: begun, connected, finished; what every command that is a run goes through."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from wizsync import plan as planning
from wizsync.api import WizCommerce
from wizsync.errors import Exit, Interrupted, MachineError, NotTheApi, Refused, WizsyncError
from wizsync.exit_codes import exit_code_of
from wizsync.foretelling import Foretelling
from wizsync.identity import account_of, identified
from wizsync.model import (
    RUN_COLUMN,
    Account,
    AutoRate,
    Breach,
    Ending,
    Limit,
    Outcome,
    Plan,
    Progress,
    Rate,
    Reading,
    Rules,
    RunRecord,
)
from wizsync.observed import AccountReader, KeptDetails, KeptLists
from wizsync.redaction import masked
from wizsync.run_files import Files, check_writable, files_in, write_reports
from wizsync.settings import SETTLE, Connection
from wizsync.state import RunEntry, RunState, SqliteState, Terms

# Customers of each look at an account that are remembered: from its oldest on, as they last longest.
KNOWN = 5


@dataclass(frozen=True)
class Options:
    """What a run needs besides its file and mapping.

    Args:
        connection: Whom to talk to.
        state_dir: Where what must last is kept.
        report_dir: Where a copy of the reports goes, if anywhere.
        mode: The command line's mode in place of the mapping's.
        allow: Guard name to the limit that replaces the mapping's.
        settle: Seconds after which an unanswered create that cannot be found may be sent again.
        keep_going: Do not stop when the server refuses many changes for the same reason.
        overwrite: Send updates also where their fields were changed after the plan.
        progress: Told how far long work is.
        tell: Told, before long work, how long it will take.
        now: The clock, in seconds since 1970, by which it is judged whether what is kept is still fresh.
        on_stop: Told when a signal asks the run to stop, which it does once what is under way has ended.
    """

    connection: Connection
    state_dir: Path
    report_dir: Path | None = None
    mode: str | None = None
    allow: Mapping[str, Limit] = field(default_factory=dict)
    settle: float = SETTLE
    keep_going: bool = False
    overwrite: bool = False
    progress: Progress | None = None
    tell: Callable[[str], None] | None = None
    now: Callable[[], float] = time.time
    on_stop: Callable[[], None] | None = None


@dataclass(frozen=True)
class Finished:
    """A run that came as far as a plan, however it ended then.

    Args:
        record: What a report tells.
        files: Where its files lie.
        exit_code: What a command ends with.
        error: What stopped it, or None.
        reading: How the account was read for the plan; None: the plan was there before.
    """

    record: RunRecord
    files: Files
    exit_code: Exit
    error: WizsyncError | None = None
    reading: Reading | None = None


@dataclass
class Run:
    """One run at work: what it was given, what it talks to, and what it has met."""

    command: str
    options: Options
    state: SqliteState
    account: Account
    entry: RunEntry
    client: WizCommerce
    reader: AccountReader
    lists: KeptLists
    foretelling: Foretelling
    warnings: list[str]
    clock: float

    @property
    def folder(self) -> Path:
        """Where its files lie."""
        return self.entry.folder

    def explain(self, error: BaseException) -> None:
        """Record what stopped it."""
        told = error.message if isinstance(error, WizsyncError) else "It was stopped at once."
        if isinstance(error, Exception) and not isinstance(error, WizsyncError):
            told = "A defect of wizsync stopped it."
        self.state.explain(self.entry.run, masked(told, [self.options.connection.key]))

    def keep_plan(self, made: Plan) -> None:
        """Write the plan into the run's folder."""
        digest = planning.write_plan(made, self.folder / "plan.jsonl")
        self.entry = replace(self.entry, plan_digest=digest)
        self.state.update(self.entry.run, RunState.RUNNING, plan_digest=digest)
        self._record_terms(approved=False)

    @property
    def is_agreed(self) -> bool:
        """Whether this run's plan was agreed to, now or before it was interrupted."""
        return self.state.terms(self.entry.run).approved

    def agree(self) -> None:
        """Record that the plan was agreed to; `resume` goes by the terms of that."""
        self._record_terms(approved=True)

    def _record_terms(self, *, approved: bool) -> None:
        options = self.options
        terms = Terms(options.allow, options.overwrite, options.keep_going, approved)
        self.state.agree(self.entry.run, terms)

    def keep_details(self) -> None:
        """Keep what was learned of customers' details for the next run."""
        self.reader.kept.save(alone=self.command != "plan")

    def know(self, customer_ids: Sequence[str]) -> None:
        """Remember a few of the customers just seen in the account, by whom it is known again."""
        step = max(1, len(customer_ids) // KNOWN)
        known = self.state.accounts.know(self.account.fingerprint, customer_ids[::step][:KNOWN])
        self.account = replace(self.account, known=known)

    def remember_rows(self, made: Plan) -> None:
        """Remember how many rows each sheet and file had: the next run notices one that is cut short."""
        if RUN_COLUMN in made.columns or made.undoes:
            return
        facts = self.reader.facts
        rows = {**facts.rows, made.rules.mapping_name: dict(made.counts)}
        self.reader.facts = replace(facts, rows=rows)

    def remember_deleted(self, number: int) -> None:
        """Take customers that a run deleted out of the last count: they are no loss that tells of trouble."""
        counts = dict(self.reader.facts.counts)
        for status, there in counts.items():
            counts[status] = max(0, there - number)
            number -= there - counts[status]
        self.reader.facts = replace(self.reader.facts, counts=counts)

    def finish(
        self,
        made: Plan,
        ending: Ending,
        *,
        outcomes: tuple[Outcome, ...] = (),
        breaches: tuple[Breach, ...] = (),
        error: WizsyncError | None = None,
    ) -> Finished:
        """Record how it ended, and report."""
        if error is not None:
            self.explain(error)
        if error is not None and ending is Ending.STOPPED:
            advice = None if isinstance(error, Interrupted) else error.hint
            error.hint = " ".join(filter(None, (advice, how_to_go_on(self.entry))))
        counts = Counter(outcome.result.value for outcome in outcomes)
        self.state.update(self.entry.run, RunState(ending.value), counts=counts)
        record = RunRecord(
            run=self.entry.run,
            command=self.command,
            started=self.entry.started,
            seconds=round(time.monotonic() - self.clock, 3),
            plan=made,
            outcomes=outcomes,
            requests=self.client.requests,
            ending=ending,
            breaches=breaches,
            error=error.message if error else None,
            warnings=tuple(dict.fromkeys([*self.warnings, *self.reader.notes, *self.lists.notes])),
        )
        try:
            files, notes = write_reports(record, self.folder, self.options.report_dir)
            record = replace(record, warnings=(*record.warnings, *notes))
        except WizsyncError as unwritten:
            # What was done is done and recorded; only its telling failed.
            files = files_in(self.folder)
            error = error or MachineError(
                unwritten.message, where=unwritten.where, hint=unwritten.hint
            )
        return Finished(record, files, exit_code_of(record, error), error, self.reader.reading)


@contextmanager
def begun(
    command: str,
    options: Options,
    source: str,
    rules: Rules,
    *,
    again: str | None = None,
) -> Iterator[Run]:
    """A run that is begun, with the account's lock held where it may write.

    Args:
        command: The command.
        options: What it is given.
        source: The file's name.
        rules: What its mapping says.
        again: The name of an unfinished run that is taken up again, under the terms that were agreed to.

    Raises:
        AccountBusy: Another run is at work on the account.
    """
    check_writable(options.report_dir, "--report-dir")
    connection = options.connection
    clock = time.monotonic()
    with SqliteState(options.state_dir) as state:
        account = account_of(state, connection)
        known = state.facts(account)
        dialect = known.dialect if connection.dialect == "auto" else None
        client = WizCommerce(
            connection.url,
            connection.key,
            dialect=dialect or connection.dialect,
            rate=_as_met(connection.rate, known.rate_limit),
            timing=connection.timing,
            on_wait=_waiting(options.progress),
        )
        account, notes = identified(state, client, connection, account)
        lock = nullcontext(_tell_nobody) if command == "plan" else state.lock(account, command)
        with lock as tell_run:
            if again is None:
                entry = state.begin(account, command, source, rules.mapping_digest)
            else:
                entry = next(one for one in state.runs() if one.run == again)
                state.update(again, RunState.RUNNING)
                options = _as_agreed(options, state.terms(again))
            tell_run(entry.run)
            facts, created = state.facts(account), state.created(account)
            foretelling = Foretelling(lambda: client.rate, options.tell)
            folder, mark = kept_folder(options.state_dir, account), account.fingerprint
            kept = KeptDetails(folder / "details", mark, options.now)
            reader = AccountReader(
                client, facts, created, options.progress, kept=kept, foretelling=foretelling
            )
            run = Run(
                command,
                options,
                state,
                account,
                entry,
                client,
                reader,
                KeptLists(folder / "lists", mark, options.now),
                foretelling,
                [*state.notes, *notes],
                clock,
            )
            try:
                yield run
            except BaseException as error:
                refused = isinstance(error, Refused)
                # A full disk is told of already; and the run counts as unfinished without it.
                with suppress(MachineError):
                    state.update(entry.run, RunState.REFUSED if refused else RunState.STOPPED)
                    run.explain(error)
                if isinstance(error, KeyboardInterrupt):
                    raise Interrupted("Stopped at once.", hint=how_to_go_on(run.entry)) from None
                if isinstance(error, Interrupted):
                    error.hint = how_to_go_on(run.entry)
                elif isinstance(error, MachineError):
                    error.hint = f"{error.hint} {how_to_go_on(run.entry)}".removeprefix("None ")
                raise


def kept_folder(state_dir: Path, account: Account) -> Path:
    """Where lies what is kept of an account only to save requests; it may be deleted at any time."""
    return state_dir / "cache" / account.fingerprint


def _as_met(rate: Rate, limit: float | None) -> Rate:
    """A rate that is to be found out is looked for where the account's limit was met before."""
    return AutoRate(limit or rate.limit) if isinstance(rate, AutoRate) else rate


def _as_agreed(options: Options, terms: Terms) -> Options:
    """Options with what was agreed to before; what is allowed now adds to it."""
    return replace(
        options,
        allow={**terms.allow, **options.allow},
        overwrite=options.overwrite or terms.overwrite,
        keep_going=options.keep_going or terms.keep_going,
    )


def how_to_go_on(entry: RunEntry) -> str:
    """What to do about a run that was stopped, for people."""
    if entry.plan_digest and entry.command != "plan":
        return f"`wizsync resume {entry.run}` goes on where it stopped."
    return "Nothing was written. Run the same command again."


def _tell_nobody(_run: str) -> None:
    """A run that only reads holds nothing."""


def _waiting(progress: Progress | None) -> Callable[[str, float], None]:
    """Tell of waits that a person would wonder about."""

    def tell(reason: str, seconds: float) -> None:
        if progress is not None and seconds >= 2:
            progress(f"Waiting {seconds:.0f} s: {reason}", 0, None)

    return tell


@asynccontextmanager
async def connected(run: Run) -> AsyncIterator[None]:
    """The client open; what was learned of the account is remembered, however it ends."""
    try:
        async with run.client:
            yield
    except NotTheApi:
        # What is remembered of the dialect may be what is wrong: the next run finds out anew.
        run.reader.facts = replace(run.reader.facts, dialect=None)
        raise
    finally:
        limit = run.client.limit or run.reader.facts.rate_limit
        run.state.remember(run.account, replace(run.reader.facts, rate_limit=limit))
        run.keep_details()
