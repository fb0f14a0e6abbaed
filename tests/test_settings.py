"""Options, environment and wizsync.toml: which one counts, and what is said of what is wrong."""

from __future__ import annotations

import os
import stat
from itertools import product
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

import pytest

from wizsync.errors import MachineError, UsageError
from wizsync.model import AUTO, Timing
from wizsync.settings import (
    Connection,
    SandboxTarget,
    fingerprint,
    known_keys,
    make_state_dir,
    parse_limit,
    parse_rate,
    read_config,
    read_mounts,
    resolve_report_dir,
    resolve_settle,
    resolve_state_dir,
    resolve_target,
    resolve_timing,
    state_dir_warnings,
)

SHOP = """\
[targets.shop]
url = "https://API.example.com/v1/"
key_env = "SHOP_KEY"
rate = 2
dialect = "camel"

[targets.rehearsal]
sandbox = true
customers = 40
"""
KEY = "0123456789abcdef-key"


def resolve(directory: Path, name: str | None = None, **given: Any) -> Connection | SandboxTarget:
    environ = given.pop("environ", {})
    asked = {"dialect": None, "rate": None, **given}
    return resolve_target(name, environ=environ, directory=directory, **asked)


def config(folder: Path, text: str) -> Path:
    (folder / "wizsync.toml").write_text(text, encoding="utf-8")
    return folder


def refused(folder: Path, text: str, name: str | None = "shop", **given: Any) -> UsageError:
    with pytest.raises(UsageError) as caught:
        resolve(config(folder, text), name, **given)
    return caught.value


# --- which one counts ---------------------------------------------------------------------------


def test_a_named_target_takes_everything_from_the_file(tmp_path: Path) -> None:
    config(tmp_path, SHOP)
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    found = resolve(below, "shop", environ={"SHOP_KEY": KEY})
    assert found == Connection(
        url="https://api.example.com/v1",
        key=KEY,
        target="shop",
        identity="https://api.example.com/v1",
        dialect="camel",
        rate=2.0,
    )


def test_an_option_wins_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    config(tmp_path, SHOP + '[defaults]\ntarget = "shop"\nrate = 9\n')
    environ = {"SHOP_KEY": KEY, "WIZSYNC_RATE": "3", "WIZSYNC_DIALECT": "snake"}
    found = resolve(tmp_path, environ=environ, rate=4.0, dialect="auto")
    assert (found.rate, found.dialect) == (4.0, "auto")
    found = resolve(tmp_path, environ=environ)
    assert (found.rate, found.dialect) == (3.0, "snake")
    found = resolve(tmp_path, environ={"SHOP_KEY": KEY})
    assert (found.rate, found.dialect) == (2.0, "camel")
    assert resolve(tmp_path, "rehearsal").rate == 9.0


def test_a_rate_is_found_out_unless_one_is_said(tmp_path: Path) -> None:
    address, environ = "https://a.example/v1", {"WIZSYNC_API_KEY": KEY, "SHOP_KEY": KEY}
    assert resolve(tmp_path, address, environ=environ).rate == AUTO
    config(tmp_path, SHOP + '[defaults]\nrate = "auto"\n')
    assert resolve(tmp_path, address, environ=environ).rate == AUTO
    assert resolve(tmp_path, "rehearsal").rate == AUTO
    assert resolve(tmp_path, "shop", environ=environ).rate == 2.0
    environ["WIZSYNC_RATE"] = "auto"
    assert resolve(tmp_path, "shop", environ=environ).rate == AUTO
    assert resolve(tmp_path, "shop", environ=environ, rate=3.0).rate == 3.0


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, "rehearsal"),
        ({"WIZSYNC_BASE_URL": "https://a.example/v1"}, "https://a.example/v1"),
        ({"WIZSYNC_BASE_URL": "https://a.example/v1", "WIZSYNC_TARGET": "sandbox"}, "sandbox"),
    ],
)
def test_the_target_is_named_by_environment_or_file(
    tmp_path: Path, environ: dict[str, str], expected: str
) -> None:
    config(tmp_path, SHOP + '[defaults]\ntarget = "rehearsal"\n')
    found = resolve(tmp_path, environ={"WIZSYNC_API_KEY": KEY, **environ})
    assert getattr(found, "name", getattr(found, "target", "")) == expected


def test_a_sandbox_needs_no_key_and_goes_faster(tmp_path: Path) -> None:
    assert resolve(tmp_path, "sandbox") == SandboxTarget("sandbox", "auto", 50.0, 100)
    config(tmp_path, SHOP)
    found = resolve(tmp_path, "rehearsal")
    assert found == SandboxTarget("rehearsal", "auto", 50.0, 40)
    assert found.identity == "sandbox:rehearsal"


def test_an_address_takes_the_usual_key(tmp_path: Path) -> None:
    found = resolve(tmp_path, "http://127.0.0.1:8080/v1/", environ={"WIZSYNC_API_KEY": KEY})
    assert found == Connection(
        url="http://127.0.0.1:8080/v1",
        key=KEY,
        target="http://127.0.0.1:8080/v1",
        identity="http://127.0.0.1:8080/v1",
    )


def test_the_key_is_in_no_repr(tmp_path: Path) -> None:
    found = resolve(tmp_path, "https://a.example/v1", environ={"WIZSYNC_API_KEY": KEY})
    assert KEY not in repr(found)


@pytest.mark.parametrize(
    ("line", "in_lists"),
    [("", False), ('children_through = "endpoints"', False), ('children_through = "update"', True)],
)
def test_how_children_are_written_is_said_of_each_target(
    tmp_path: Path, line: str, in_lists: bool
) -> None:
    other = '[targets.other]\nsandbox = true\nchildren_through = "update"\n'
    text = f'[targets.shop]\nurl = "https://a.example/v1"\n{line}\n{other}'
    config(tmp_path, text)
    found = resolve(tmp_path, "shop", environ={"WIZSYNC_API_KEY": KEY})
    assert found.children_in_lists is in_lists
    assert resolve(tmp_path, "other").children_in_lists is True
    assert resolve(tmp_path, "sandbox").children_in_lists is False


# --- what is said of what is wrong --------------------------------------------------------------


def test_without_a_target_it_is_said_how_to_name_one(tmp_path: Path) -> None:
    problem = refused(tmp_path, SHOP, None)
    assert "No target is named" in problem.message
    assert "--target sandbox" in (problem.hint or "")
    assert "shop, rehearsal" in (problem.hint or "")


def test_an_unknown_target_brings_the_nearest(tmp_path: Path) -> None:
    problem = refused(tmp_path, SHOP, "shp")
    assert problem.message == 'There is no target "shp".'
    assert 'Did you mean "shop"?' in (problem.hint or "")


def test_an_unknown_default_target_is_placed(tmp_path: Path) -> None:
    problem = refused(tmp_path, SHOP + '[defaults]\ntarget = "store"\n', None)
    assert problem.where == f'{tmp_path / "wizsync.toml"}, line 11, "target"'


@pytest.mark.parametrize(
    ("text", "line", "key", "said"),
    [
        ('[targets.shop]\n\nurll = "https://a.example"\n', 3, "urll", 'Did you mean "url"?'),
        ("[targets.shop]\nurl = 5\n", 2, "url", '"url" must be an address in quotes'),
        ('[targets.shop]\nurl = "https://a"\nrate = 0\n', 3, "rate", "above 0"),
        ('[targets.shop]\nurl = "https://a"\nrate = "fast"\n', 3, "rate", "above 0"),
        ('[targets.shop]\nurl = "https://a"\nrate = true\n', 3, "rate", "above 0"),
        ('[targets.shop]\nurl = "https://a"\ndialect = "cmel"\n', 3, "dialect", '"auto", "camel"'),
        *(
            (
                f'[targets.shop]\nurl = "https://a"\nchildren_through = {value}\n',
                3,
                "children_through",
                'must be "endpoints" or "update"',
            )
            for value in ('"lists"', '"Update"', '""', "true", '["update"]', "{a = 1}")
        ),
        (
            '[targets.shop]\nurl = "https://a"\nchildren_trough = "update"\n',
            3,
            "children_trough",
            'Did you mean "children_through"?',
        ),
        (
            '[defaults]\nchildren_through = "update"\n',
            2,
            "children_through",
            "Known here: target, rate, report_dir",
        ),
        ('[targets.shop]\nsandbox = "yes"\n', 2, "sandbox", "true or false"),
        ("[targets.shop]\nrate = 5\n", 1, "shop", "either a url or sandbox = true"),
        ('[targets.shop]\nsandbox = true\nurl = "https://a"\n', 1, "shop", "and not both"),
        ('[targets."a/b"]\nsandbox = true\n', 1, "a/b", "cannot be the name"),
        ('[targets.sandbox]\nurl = "https://a"\n', 1, "sandbox", "must be one: sandbox = true"),
        ('[target.shop]\nurl = "https://a"\n', 1, "target", 'Did you mean "targets"?'),
        ('[defaults]\nreport_dri = "x"\n', 2, "report_dri", 'Did you mean "report_dir"?'),
        ("targets = 3\n", 1, "targets", "a section such as [targets.shop]"),
        ('[targets]\nshop = "https://a"\n', 2, "shop", "is not a section"),
        ('[targets]\nshop = {urll = "https://a"}\n', 1, "urll", "does not know"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, text: str, line: int, key: str, said: str) -> None:
    problem = refused(tmp_path, text)
    assert problem.where == f'{tmp_path / "wizsync.toml"}, line {line}, "{key}"'
    assert said in f"{problem.message} {problem.hint}"


@pytest.mark.parametrize("number", ["-1", "2.5", "true", "1_000_001", "100000000000000000000"])
def test_a_sandbox_takes_up_to_a_million_customers(tmp_path: Path, number: str) -> None:
    text = "[targets.shop]\nsandbox = true\ncustomers = {}\n"
    assert "up to 1,000,000" in refused(tmp_path, text.format(number)).message
    target = resolve(config(tmp_path, text.format("1_000_000")), "shop")
    assert isinstance(target, SandboxTarget)
    assert target.customers == 1_000_000


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
def test_what_is_not_utf8_is_said_in_words(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "wizsync.toml"
    path.write_bytes('[defaults]\nreport_dir = "Ä"\n'.encode(encoding))
    with pytest.raises(UsageError) as caught:
        resolve(tmp_path)
    assert caught.value.message == "wizsync.toml is not saved as UTF-8."
    assert caught.value.where == str(path)


def test_what_is_no_toml_names_the_line(tmp_path: Path) -> None:
    problem = refused(tmp_path, "[targets.shop]\nurl = https://a.example\n")
    assert "line 2" in problem.message
    assert problem.where == str(tmp_path / "wizsync.toml")


@pytest.mark.parametrize("name", ["key", "api_key", "API-KEY", "token", "password"])
def test_a_key_in_the_file_is_refused_and_not_shown(tmp_path: Path, name: str) -> None:
    text = f'[targets.shop]\nurl = "https://a.example"\n{name} = "{KEY}"\n'
    problem = refused(tmp_path, text, environ={"WIZSYNC_API_KEY": KEY})
    assert "never belong in a file" in problem.message
    assert 'key_env = "WIZSYNC_API_KEY"' in (problem.hint or "")
    assert problem.where == f'{tmp_path / "wizsync.toml"}, line 3, "{name}"'
    assert KEY not in f"{problem.message}{problem.where}{problem.hint}"


def test_a_key_in_place_of_its_variable_is_not_shown(tmp_path: Path) -> None:
    text = f'[targets.shop]\nurl = "https://a.example"\nkey_env = "{KEY}"\n'
    problem = refused(tmp_path, text)
    assert "name of an environment variable" in problem.message
    assert KEY not in f"{problem.message}{problem.where}{problem.hint}"


def test_a_missing_key_names_its_variable_and_how_to_set_it(tmp_path: Path) -> None:
    problem = refused(tmp_path, SHOP)
    assert "SHOP_KEY is not set" in problem.message
    assert "export SHOP_KEY='your key'" in (problem.hint or "")
    assert "$env:SHOP_KEY = 'your key'" in (problem.hint or "")
    assert problem.reason == "no_key"


@pytest.mark.parametrize(
    "key",
    [
        *("two words", "line\nbreak", "schlüssel", "pasted\n", "pasted\r\n", " pasted", "pasted\t"),
        *('"quoted"', "'quoted'", 'quoted"', "`quoted`"),
    ],
)
def test_what_cannot_be_a_key_is_refused_and_not_shown(tmp_path: Path, key: str) -> None:
    problem = refused(tmp_path, SHOP, environ={"SHOP_KEY": key})
    assert "SHOP_KEY does not hold a key" in problem.message
    assert key not in f"{problem.message}{problem.hint}"


@pytest.mark.parametrize("text", ["0", "-3", "fast", "nan", "inf", ""])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="above 0"):
        parse_rate(text)


def test_a_rate_may_be_a_fraction_or_found_out() -> None:
    assert parse_rate("0.5") == 0.5
    assert parse_rate("auto") == AUTO


def test_a_limit_is_a_number() -> None:
    assert parse_limit("0.5") == 0.5
    for text in ("auto", "0", "-3", "fast", "nan"):
        with pytest.raises(UsageError, match="above 0"):
            parse_limit(text)


def test_the_settle_time() -> None:
    assert resolve_settle({}) == 60.0
    assert resolve_settle({"WIZSYNC_SETTLE": "0"}) == 0.0
    for text in ("-1", "soon", "nan"):
        with pytest.raises(UsageError, match="settle time"):
            resolve_settle({"WIZSYNC_SETTLE": text})


def test_how_long_is_waited_for_a_server(tmp_path: Path) -> None:
    assert resolve_timing({}) == Timing(timeout=30.0, back_off=1.0, outage=300.0)
    environ = {"WIZSYNC_TIMEOUT": "5", "WIZSYNC_BACK_OFF": "0.1", "WIZSYNC_OUTAGE": "3600"}
    waited = Timing(timeout=5.0, back_off=0.1, outage=3600.0)
    assert resolve_timing(environ) == waited
    config(tmp_path, SHOP)
    for name in ("shop", "sandbox"):
        assert resolve(tmp_path, name, environ={**environ, "SHOP_KEY": KEY}).timing == waited
    for variable, text in product(environ, ["0", "-1", "soon", "nan", "inf"]):
        with pytest.raises(UsageError, match="number of seconds above 0") as caught:
            resolve_timing({variable: text})
        assert variable in caught.value.where


def test_an_unknown_dialect_is_refused(tmp_path: Path) -> None:
    problem = refused(tmp_path, SHOP, dialect="cmel", environ={"SHOP_KEY": KEY})
    assert (problem.message, problem.where) == ('There is no dialect "cmel".', "--dialect")


# --- where things lie ---------------------------------------------------------------------------


def test_the_state_folder_is_the_same_wherever_in_a_project(tmp_path: Path) -> None:
    config(tmp_path, SHOP)
    below = tmp_path / "below"
    below.mkdir()
    places = {resolve_state_dir(None, environ={}, directory=one) for one in (tmp_path, below)}
    assert places == {tmp_path / ".wizsync"}
    environ = {"WIZSYNC_STATE_DIR": "mine"}
    assert resolve_state_dir(None, environ=environ, directory=below) == below / "mine"
    assert resolve_state_dir(Path("x"), environ=environ, directory=below) == below / "x"


def test_without_a_project_it_is_the_users_data_folder(tmp_path: Path) -> None:
    found = resolve_state_dir(None, environ={}, directory=tmp_path)
    assert found.is_absolute()
    assert "wizsync" in found.parts[-1]
    assert tmp_path not in found.parents


def test_a_tilde_that_is_nobodys_home_stays(tmp_path: Path) -> None:
    folder = Path("~nobody-of-this-name") / "x"
    assert resolve_state_dir(folder, environ={}, directory=tmp_path) == tmp_path / folder
    assert resolve_report_dir(folder, environ={}, directory=tmp_path) == tmp_path / folder


def test_the_report_folder_lies_beside_the_file_that_names_it(tmp_path: Path) -> None:
    assert resolve_report_dir(None, environ={}, directory=tmp_path) is None
    config(tmp_path, '[defaults]\nreport_dir = "reports"\n')
    below = tmp_path / "below"
    below.mkdir()
    assert resolve_report_dir(None, environ={}, directory=below) == tmp_path / "reports"
    assert resolve_report_dir(Path("r"), environ={}, directory=below) == below / "r"
    environ = {"WIZSYNC_REPORT_DIR": "e"}
    assert resolve_report_dir(None, environ=environ, directory=below) == below / "e"


def test_the_state_folder_is_its_owners_and_out_of_version_control(tmp_path: Path) -> None:
    folder = tmp_path / ".wizsync"
    make_state_dir(folder)
    make_state_dir(folder)
    assert (folder / ".gitignore").read_text(encoding="utf-8") == "*\n"
    if os.name == "posix":
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_state_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(MachineError) as caught:
        make_state_dir(tmp_path / "file" / "state")
    assert caught.value.where == str(tmp_path / "file" / "state")
    assert "--state-dir" in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("folder", "said"),
    [
        (PureWindowsPath(r"C:\Users\me\OneDrive - Shop\wizsync"), "OneDrive"),
        (PurePosixPath("/home/me/Dropbox/wizsync"), "Dropbox"),
        (PurePosixPath("/Users/me/Library/CloudStorage/Box-Box/x"), "a cloud service"),
        (PureWindowsPath(r"G:\My Drive\wizsync"), "Google Drive"),
        (PurePosixPath("/Users/me/Library/Mobile Documents/com~apple~CloudDocs/x"), "iCloud"),
        (PureWindowsPath(r"\\server\share\wizsync"), "network drive"),
    ],
)
def test_a_synced_or_network_folder_is_warned_of(
    folder: PurePosixPath | PureWindowsPath, said: str
) -> None:
    (warning,) = state_dir_warnings(folder)
    assert said in warning
    assert "--state-dir" in warning


MOUNTS = """\
/dev/sda1 / ext4 rw,relatime 0 0
files:/home /home nfs4 rw,vers=4.2 0 0
/dev/sdb1 /home/me/disk ext4 rw 0 0
//files/shared /mnt/our\\040share cifs rw 0 0
"""


@pytest.mark.parametrize(
    ("folder", "is_warned_of"),
    [
        ("/home/me/.wizsync", True),
        ("/home", True),
        ("/mnt/our share/wizsync", True),
        ("/home/me/disk/wizsync", False),
        ("/homeless/wizsync", False),
        ("/srv/wizsync", False),
    ],
)
def test_a_folder_on_a_network_share_is_warned_of(folder: str, is_warned_of: bool) -> None:
    warnings = state_dir_warnings(PurePosixPath(folder), mounts=MOUNTS)
    assert ["network drive" in warning for warning in warnings] == [True] * is_warned_of


def test_what_is_mounted_here_can_be_told() -> None:
    assert state_dir_warnings(Path("/"), mounts=read_mounts()) == ()


def test_an_ordinary_folder_is_not_warned_of() -> None:
    assert state_dir_warnings(PurePosixPath("/home/me/.local/share/wizsync")) == ()
    assert state_dir_warnings(PureWindowsPath(r"C:\Users\me\AppData\Local\wizsync")) == ()


def test_the_keys_of_all_targets_are_known(tmp_path: Path) -> None:
    environ = {"SHOP_KEY": KEY, "WIZSYNC_API_KEY": "another", "OTHER_KEY": "not asked for"}
    config(tmp_path, SHOP)
    assert known_keys(environ, tmp_path) == {KEY, "another"}
    config(tmp_path, "[targets")
    assert known_keys(environ, tmp_path) == {"another"}
    assert known_keys({}, tmp_path) == set()


# --- the rest -----------------------------------------------------------------------------------


def test_a_fingerprint_is_of_address_key_and_salt_alone() -> None:
    salt = bytes(range(16))
    mark = fingerprint("https://a.example/v1", KEY, salt)
    assert mark == fingerprint("https://a.example/v1", KEY, salt)
    assert len(mark) == 32
    assert int(mark, 16) >= 0
    others = {
        fingerprint("https://b.example/v1", KEY, salt),
        fingerprint("https://a.example/v1", KEY + "x", salt),
        fingerprint("https://a.example/v1", KEY, salt[::-1]),
    }
    assert len(others | {mark}) == 4


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    (tmp_path / "wizsync.toml").write_text(SHOP, encoding="utf-8-sig")
    assert set(read_config(tmp_path).targets) == {"shop", "rehearsal"}
