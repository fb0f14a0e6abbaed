"""A law over whatever people do: plan, apply, kill, resume, undo, and edit the account beside.

Commands are real processes. A model holds what the account should be; the sandbox's ledger is the judge of
what was sent.
"""

from __future__ import annotations

import csv
import tempfile
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.crash.commands import Command, Ended
from tests.crash.fail_points import FailPoint
from tests.crash.laboratory import laboratory_sandbox
from wizsync.sandbox import running

MAPPING = """\
version: 1
source: {action_column: Action}
customer:
  referenceId: Code
  companyName: {column: Company, required: true}
  displayName: {column: Company}
  phone: Phone
guard: {max_deletes: 100%, max_updates: 100%, max_erased: 100%}
"""
CODES = [f"K-{number}" for number in range(6)]
PHONES = ["+12065550101", "+12065550102", "+12065550103"]
LIMITS = (
    "--allow",
    "deletes=100",
    "--allow",
    "account_shrink=100",
    "--allow",
    "updates=100",
    "--allow",
    "empty_account=100",
)

codes = st.sampled_from(CODES)
phones = st.sampled_from(PHONES)
points = st.builds(
    FailPoint,
    st.sampled_from(["agree", "intend", "conclude", "note_created", "update", "remember"]),
    st.booleans(),
    st.sampled_from([1, 1, 2]),
)


class People(RuleBasedStateMachine):
    """What people do to one account, one after the other."""

    def __init__(self) -> None:
        super().__init__()
        self._stack = ExitStack()
        self._sandbox = self._stack.enter_context(running(laboratory_sandbox("snake")))
        self._folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
        (self._folder / "c.yaml").write_text(MAPPING, encoding="utf-8")
        # The account as it should be: code to phone. None: a run is under way that may have come to it.
        self._model: dict[str, str] = {}
        # The same before the last run that came to its end, and that run.
        self._before: dict[str, str] = {}
        self._run = ""
        # What a run that was killed is bringing about.
        self._coming: dict[str, str] | None = None

    def teardown(self) -> None:
        self._stack.close()

    # --- what people do -------------------------------------------------------------------------

    @rule(rows=st.dictionaries(codes, st.one_of(phones, st.none()), min_size=1, max_size=4))
    def sync(self, rows: dict[str, str | None]) -> None:
        """A file with these phones, None to delete, comes to its end."""
        self._write(rows)
        ended = self._sync()
        assert ended.code in {0, 3}, ended.err
        self._came_to_its_end(rows, ended)

    @rule(
        rows=st.dictionaries(codes, st.one_of(phones, st.none()), min_size=1, max_size=4),
        point=points,
    )
    def killed(self, rows: dict[str, str | None], point: FailPoint) -> None:
        """The same, killed at some point, if it comes by."""
        self._write(rows)
        ended = self._sync(fail_point=point)
        if ended.code == -9:
            self._coming = {**(self._coming or self._model)}
            self._coming = self._after(self._coming, rows)
            self._settle_by_rerun(rows)
        else:
            self._came_to_its_end(rows, ended)

    def _settle_by_rerun(self, rows: dict[str, str | None]) -> None:
        """What was killed is resumed, and then the same command must find nothing left to do."""
        resumed = self._command("resume", "--yes", "--json", *LIMITS)
        assert resumed.code in {0, 3}, resumed.err
        ended = self._sync()
        assert ended.code in {0, 3}, ended.err
        self._model = self._after(self._model, rows)
        self._coming = None
        self._run = ""

    @precondition(lambda self: self._run)
    @rule()
    def undo(self) -> None:
        """The last run is put back."""
        ended = self._command("undo", self._run, "--yes", "--json", *LIMITS)
        assert ended.code == 0, ended.err
        self._model, self._before = self._before, self._model
        self._run = ended.answer["run"]

    @precondition(lambda self: self._model)
    @rule(data=st.data(), phone=phones)
    def somebody_edits(self, data: st.DataObject, phone: str) -> None:
        """Somebody else changes a phone; the last run is no longer one to be undone without conflicts."""
        code = data.draw(st.sampled_from(sorted(self._model)))
        self._sandbox.edit(self._sandbox.customer(code)["id"], phone=phone)
        self._model[code] = phone
        self._run = ""

    @rule(rows=st.dictionaries(codes, phones, min_size=1, max_size=3))
    def plan(self, rows: dict[str, str]) -> None:
        """A plan alone changes nothing."""
        self._write(dict(rows))
        words = ("plan", self._folder / "c.csv", "-m", self._folder / "c.yaml", "--json", *LIMITS)
        ended = self._command(*words)
        assert ended.code in {0, 3}, ended.err

    # --- what must hold -------------------------------------------------------------------------

    @invariant()
    def the_account_is_as_it_should_be(self) -> None:
        """Every customer once, each as the model has it, and no create sent again to one who was there."""
        self._sandbox.wait()
        there = self._sandbox.customers()
        counts = Counter(each["reference_id"] for each in there)
        assert not [code for code, number in counts.items() if number > 1]
        assert {each["reference_id"]: each["phone"] for each in there} == self._model

    # --- how ------------------------------------------------------------------------------------

    def _after(self, model: dict[str, str], rows: dict[str, str | None]) -> dict[str, str]:
        after = {**model, **{code: phone for code, phone in rows.items() if phone}}
        return {code: phone for code, phone in after.items() if rows.get(code, phone) is not None}

    def _came_to_its_end(self, rows: dict[str, str | None], ended: Ended) -> None:
        self._before, self._model = self._model, self._after(self._model, rows)
        self._run = ended.answer["run"] if ended.answer["outcome"]["applied"] else ""

    def _write(self, rows: dict[str, str | None]) -> None:
        with (self._folder / "c.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(("Code", "Company", "Phone", "Action"))
            for code, phone in rows.items():
                writer.writerow((code, f"Company {code}", phone or "", "" if phone else "delete"))

    def _sync(self, fail_point: FailPoint | None = None) -> Ended:
        words = ("sync", self._folder / "c.csv", "-m", self._folder / "c.yaml", *LIMITS)
        return self._command(*words, "--yes", "--json", fail_point=fail_point)

    def _command(self, *words: str | Path, fail_point: FailPoint | None = None) -> Ended:
        return Command(
            *words,
            *("--target", self._sandbox.base_url, "--state-dir", self._folder / "state"),
            *("--rate", "1000"),
            folder=self._folder,
            environ={"WIZSYNC_API_KEY": self._sandbox.key, "WIZSYNC_SETTLE": "0.2"},
            fail_point=fail_point,
        ).wait()


TestPeople = People.TestCase
TestPeople.settings = settings(
    max_examples=12,
    stateful_step_count=8,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
