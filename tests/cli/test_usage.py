"""Wrong usage: exit code 2, a word that helps, and under `--json` one object all the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Wizsync, environment
from wizsync.cli.answers import blank

SYNC = ("sync", "customers.csv", "-m", "customers.yaml", "--yes")
WRONG = {
    "no target": (SYNC, "No target is named: wizsync does not guess whose customers to change."),
    "target": ((*SYNC, "--target", "shop"), 'There is no target "shop".'),
    "http": (
        (*SYNC, "--target", "http://shop.example"),
        '"http://shop.example" is plain http, over which the key could be read by others.',
    ),
    "key": (
        (*SYNC, "--target", "https://shop.example/v1"),
        "There is no API key: the environment variable WIZSYNC_API_KEY is not set.",
    ),
    "rate 0": ((*SYNC, "--rate", "0"), 'requests a second above 0, and not "0".'),
    "rate -3": ((*SYNC, "--rate", "-3"), 'requests a second above 0, and not "-3".'),
    "rate fast": ((*SYNC, "--rate", "fast"), 'requests a second above 0, and not "fast".'),
    "rate Auto": ((*SYNC, "--rate", "Auto"), "The rate is auto, or a number"),
    "sandbox's rate": (("sandbox", "--rate", "auto"), 'a second above 0, and not "auto".'),
    "dialect": ((*SYNC, "--target", "sandbox", "--dialect", "x"), 'There is no dialect "x".'),
    "mode": ((*SYNC, "--mode", "upsrt"), 'There is no mode "upsrt".'),
    "guard": ((*SYNC, "--allow", "delets=3"), 'There is no guard "delets".'),
    "limit": ((*SYNC, "--allow", "deletes=many"), '"many" is not a limit.'),
    "plan": ((*SYNC, "--allow", "deletes=12@monday"), '"monday" names no plan.'),
    "mode of a plan": (
        ("apply", "plan.jsonl", "--yes", "--mode", "upsert"),
        "`apply` takes no --mode: a plan has its mode.",
    ),
    "nobody to ask": (SYNC[:-1], "Nobody can be asked whether to write: this is no terminal."),
    "nobody to ask of a plan": (("apply", "plan.jsonl"), "Nobody can be asked whether to write"),
    "no mapping": (("check", "customers.csv"), "Missing option '--mapping' / '-m'."),
    "no file": (("check", "-m", "customers.yaml"), "Missing argument 'FILE'."),
    "command": (("chek",), "No such command 'chek'. Did you mean 'check'"),
    "option": (("runs", "--jsno"), "No such option: --jsno"),
    "sandbox's dialect": (("sandbox", "--dialect", "x"), "'x' is not one of 'snake', 'camel'"),
    "sandbox's port": (("sandbox", "--port", "99999"), "--port takes a number from 0 to 65,535"),
    "assumption": (("sandbox", "--assume", "delte=soft"), 'There is no assumption "delte".'),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_usage_ends_with_2_and_a_word(wizsync_command: Wizsync, case: str) -> None:
    words, said = WRONG[case]
    ended = wizsync_command(*words)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("Error: ")
    assert said in ended.err
    assert "  Next:  " in ended.err or "  Where: " in ended.err


@pytest.mark.parametrize("case", WRONG)
def test_under_json_it_is_one_object(wizsync_command: Wizsync, case: str) -> None:
    words, said = WRONG[case]
    ended = wizsync_command(*words, "--json")
    answer = ended.answer
    assert answer["exit_code"] == ended.code == 2
    assert said in answer["error"]["message"]
    assert set(answer["error"]) == {"reason", "message", "where", "hint"}
    assert answer["command"] == words[0]
    expected = {*blank(words[0]), "warnings", "error", "seconds", "exit_code"}
    assert set(answer) == expected
    assert said in ended.err  # people read it as well


def test_the_nearest_right_name_is_said(wizsync_command: Wizsync) -> None:
    assert 'Did you mean "deletes"?' in wizsync_command(*WRONG["guard"][0]).err
    assert 'Did you mean "upsert"?' in wizsync_command(*WRONG["mode"][0]).err


def test_nothing_is_read_or_written_when_nobody_can_be_asked(
    wizsync_command: Wizsync, tmp_path: Path
) -> None:
    state = tmp_path / "state"
    ended = wizsync_command(*SYNC[:-1], "--target", "sandbox", "--state-dir", state)
    assert ended.code == 2
    assert "Add --yes to write without asking" in ended.err
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_settings_file_names_file_line_and_key(
    wizsync_command: Wizsync, tmp_path: Path
) -> None:
    (tmp_path / "wizsync.toml").write_text('[targets.shop]\nurl = "x"\nkey = "abc-secret"\n')
    ended = wizsync_command(*SYNC, "--target", "shop", "--json")
    assert ended.answer["error"]["where"] == f'{tmp_path / "wizsync.toml"}, line 3, "key"'
    assert "abc-secret" not in ended.out + ended.err


def test_a_folder_in_place_of_a_plan_file_is_told_before_anything_is_read(
    wizsync_command: Wizsync,
) -> None:
    ended = wizsync_command("plan", *SYNC[1:-1], "--target", "sandbox", "-o", ".", "--json")
    assert ended.answer["error"]["where"] == "--output ."
    assert ended.code == 2


def test_a_current_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    words = f'mkdir gone && cd gone && rmdir ../gone && "{sys.executable}" -m wizsync runs'
    env = environment(tmp_path)
    done = subprocess.run(
        ["sh", "-c", words], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
    )
    assert done.stderr.startswith("Error: The current folder is no longer there.")
    assert done.returncode == 1


def test_a_state_folder_that_cannot_be_made_ends_with_1(
    wizsync_command: Wizsync, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    ended = wizsync_command("runs", "--state-dir", tmp_path / "file" / "state", "--json")
    assert ended.answer["error"]["reason"] == "machine"
    assert "The folder for wizsync's own data cannot be used" in ended.err
    assert ended.code == 1
