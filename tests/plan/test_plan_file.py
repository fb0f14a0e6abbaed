import hashlib
import json
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from tests.plan.builders import NAMES, desired, planned, reject, snapshot
from wizsync.errors import SourceNotReady, UnfitPlan, UsageError
from wizsync.model import Absent, AbsentPolicy, Compare, Limit, Plan, Rules, Scope
from wizsync.plan import read_plan, write_plan

RULES = Rules(
    absent=Absent(AbsentPolicy.DELETE),
    scope=Scope(keys=frozenset({"C-1", "C-2", "C-3", "C-4", "Ü"})),
    compare=Compare(frozenset({"phone", "email"}), frozenset({"email"}), {"phone": "digits"}),
    limits={"deletes": Limit(10, 0.1), "creates": Limit()},
    columns={"companyName": "Company", "email": ""},
)
PLAN = planned(
    desired(
        {"referenceId": "Ü", **NAMES, "lastName": 'O"Neill\n\u2028'},
        {"referenceId": "C-1", **NAMES, "lastName": ""},
        {"referenceId": "C-2", **NAMES, "lastName": "x"},
        {"referenceId": "a1", **NAMES, "lastName": "x"},
        rejects=(reject(number=9),),
    ),
    snapshot(
        {"referenceId": "C-1", **NAMES, "lastName": "Gone"},
        {"referenceId": "C-2", **NAMES, "lastName": "x"},
        {"referenceId": "C-2", **NAMES, "lastName": "x"},
        {"referenceId": "C-3", **NAMES, "lastName": "x"},
        {"referenceId": "A1", **NAMES, "lastName": "x"},
    ),
    RULES,
    notes=["A note."],
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "plan.jsonl"


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def test_what_was_written_is_read(path: Path) -> None:
    write_plan(PLAN, path)

    assert read_plan(path) == PLAN


def test_the_lines_of_the_file(path: Path) -> None:
    digest = write_plan(PLAN, path)

    written = path.read_bytes()
    *before, last = written.splitlines(keepends=True)
    assert [line["kind"] for line in lines(path)] == [
        "plan",
        *(change.kind.value for change in PLAN.changes),
        "reject",
        "conflict",
        "absent",
        "tally",
        "end",
    ]
    assert digest == hashlib.sha256(b"".join(before)).hexdigest()
    assert json.loads(last) == {"kind": "end", "digest": digest, "lines": len(before)}
    assert all(line.startswith(b'{"kind": "') for line in before)
    assert "Ü".encode() in written


def test_equal_plans_are_equal_bytes_whatever_the_order_of_sets(path: Path) -> None:
    turned = replace(
        PLAN, rules=replace(RULES, scope=Scope(keys=frozenset(["Ü", "C-4", "C-3", "C-2", "C-1"])))
    )

    assert write_plan(PLAN, path) == write_plan(turned, path)
    keys = lines(path)[0]["rules"]["scope"]["keys"]  # type: ignore[index]
    assert keys == sorted(keys)


def test_a_lone_surrogate_survives(path: Path) -> None:
    odd = replace(PLAN, notes=("\ud800",))

    write_plan(odd, path)

    assert read_plan(path) == odd
    assert lines(path)[0]["notes"] == ["\ud800"]


def test_a_plan_replaces_another_and_leaves_nothing_beside_it(path: Path) -> None:
    write_plan(replace(PLAN, notes=()), path)
    write_plan(PLAN, path)

    assert read_plan(path).notes == PLAN.notes
    assert list(path.parent.iterdir()) == [path]


def test_a_plan_that_cannot_be_written_leaves_the_old_one(path: Path) -> None:
    write_plan(PLAN, path)
    before = path.read_bytes()

    with pytest.raises(ValueError, match="Out of range float"):
        write_plan(replace(PLAN, rules=Rules(limits={"deletes": Limit(share=float("inf"))})), path)

    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_customers_are_not_for_everybody_to_read(path: Path) -> None:
    write_plan(PLAN, path)

    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_folder_that_cannot_be(path: Path) -> None:
    path.touch()

    with pytest.raises(UsageError, match=r"plan\.jsonl cannot be written there") as caught:
        write_plan(PLAN, path / "plan.jsonl")

    assert caught.value.where == str(path / "plan.jsonl")


def test_a_missing_file(path: Path) -> None:
    with pytest.raises(SourceNotReady, match="There is no such plan file"):
        read_plan(path)


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(UnfitPlan, match="This is a folder, not a plan file"):
        read_plan(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        b"Cust No,Company\nC-1,Acme\n",
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"[1, 2]\n",
        b"7\n",
        b'{"version": 1}\n',
        b'{"kind": "report"}\n',
        b'{"kind": "plan", "format": "terraform", "version": 1}\n',
        b"[" * 100_000,
        b"\n",
    ],
)
def test_another_file(path: Path, content: bytes) -> None:
    path.write_bytes(content)

    with pytest.raises(UnfitPlan, match="This is not a plan file of wizsync") as caught:
        read_plan(path)

    assert caught.value.where == f"{path}, line 1"
    assert caught.value.hint == "Name the file that `wizsync plan` wrote, such as `plan.jsonl`."


def test_an_empty_file(path: Path) -> None:
    path.touch()

    with pytest.raises(UnfitPlan, match="The plan file is empty"):
        read_plan(path)


def test_a_newer_version(path: Path) -> None:
    write_plan(PLAN, path)
    path.write_bytes(path.read_bytes().replace(b'"version": 2', b'"version": 3', 1))

    with pytest.raises(UnfitPlan, match=r"made by a newer wizsync \(format 3; this one reads 2\)"):
        read_plan(path)


def test_every_changed_byte_is_noticed(path: Path) -> None:
    write_plan(PLAN, path)
    whole = path.read_bytes()

    for at in range(0, len(whole), 7):
        other = b"0" if whole[at : at + 1] != b"0" else b"1"
        path.write_bytes(whole[:at] + other + whole[at + 1 :])
        with pytest.raises(UnfitPlan):
            read_plan(path)


def test_every_cut_is_noticed(path: Path) -> None:
    write_plan(PLAN, path)
    whole = path.read_bytes()

    for length in range(0, len(whole), 5):
        path.write_bytes(whole[:length])
        with pytest.raises(UnfitPlan):
            read_plan(path)


def test_a_cut_is_said_as_one(path: Path) -> None:
    write_plan(PLAN, path)
    whole = path.read_bytes()

    for shorter in (whole[:-1], whole[: whole.rindex(b'{"kind": "end"')], whole[:-300]):
        path.write_bytes(shorter)
        with pytest.raises(UnfitPlan, match="The plan file is cut short") as caught:
            read_plan(path)
        assert caught.value.where is not None
        assert caught.value.where.startswith(f"{path}, line ")


def without_line(kind: bytes, whole: bytes) -> bytes:
    return b"".join(line for line in whole.splitlines(keepends=True) if kind not in line)


@pytest.mark.parametrize("kind", [b'"kind": "update"', b'"kind": "tally"', b'"kind": "absent"'])
def test_a_line_taken_out_is_noticed(path: Path, kind: bytes) -> None:
    write_plan(PLAN, path)
    path.write_bytes(without_line(kind, path.read_bytes()))

    with pytest.raises(UnfitPlan, match="altered"):
        read_plan(path)


def signed(*content: dict[str, object]) -> bytes:
    """A file whose digest is right, as somebody would forge it."""
    body = b"".join(json.dumps(line).encode() + b"\n" for line in content)
    end = {"kind": "end", "digest": hashlib.sha256(body).hexdigest(), "lines": len(content)}
    return body + json.dumps(end).encode() + b"\n"


@pytest.mark.parametrize(
    "alter",
    [
        lambda all_lines: all_lines[:-1],
        lambda all_lines: [*all_lines, all_lines[-1]],
        lambda all_lines: [*all_lines, {"kind": "surprise"}],
        lambda all_lines: [all_lines[0], {"kind": "update"}, *all_lines[1:]],
        lambda all_lines: [{**all_lines[0], "version": "one"}, *all_lines[1:]],
        lambda all_lines: [{**all_lines[0], "rules": []}, *all_lines[1:]],
        # Counts that would make a limit look the other way.
        lambda all_lines: [*all_lines[:-1], {**all_lines[-1], "delete": 0}],
        lambda all_lines: [*all_lines[:-1], {**all_lines[-1], "erased_by_field": {}}],
        lambda all_lines: [all_lines[0], {**all_lines[1], "held_for": []}, *all_lines[2:]],
    ],
)
def test_a_forged_file_that_makes_no_sense(path: Path, alter: object) -> None:
    write_plan(PLAN, path)
    path.write_bytes(signed(*alter(lines(path)[:-1])))  # type: ignore[operator]

    with pytest.raises(UnfitPlan, match="altered"):
        read_plan(path)


def test_a_forged_file_that_creates_a_customer_twice(path: Path) -> None:
    once = planned(desired({"referenceId": "N-1", **NAMES}), snapshot())
    write_plan(once, path)
    header, create, tally, _ = lines(path)
    path.write_bytes(signed(header, create, create, {**tally, "create": 2}))

    with pytest.raises(UnfitPlan, match="altered"):
        read_plan(path)


def test_something_after_the_end(path: Path) -> None:
    write_plan(PLAN, path)
    path.write_bytes(path.read_bytes() + b"\n")

    with pytest.raises(UnfitPlan, match="Something follows the end of the plan"):
        read_plan(path)


def test_windows_line_ends_are_an_alteration(path: Path) -> None:
    write_plan(PLAN, path)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))

    with pytest.raises(UnfitPlan, match="altered"):
        read_plan(path)


def test_a_plan_of_nothing(path: Path) -> None:
    nothing: Plan = planned(desired(), snapshot())

    write_plan(nothing, path)

    assert read_plan(path) == nothing
