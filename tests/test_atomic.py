"""A file is written whole or not at all."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from wizsync.atomic import replacing_text
from wizsync.errors import MachineError, UsageError


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """Let this process write no file beyond `size` bytes, as a disk that runs full would."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def write(path: Path, text: str = "new") -> None:
    with replacing_text(path) as file:
        file.write(text)


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_the_folder_is_made_and_nothing_else_left_in_it(tmp_path):
    path = tmp_path / "reports" / "today" / "a.txt"
    write(path, "a\r\nb\n")
    assert path.read_bytes() == b"a\r\nb\n"
    assert names(path.parent) == ["a.txt"]


def test_until_the_end_the_old_file_stands(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with replacing_text(path) as file:
        file.write("new")
        file.flush()
        assert path.read_text() == "old"
    assert path.read_text() == "new"


def test_a_failure_leaves_the_old_file_and_no_other(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(TypeError), replacing_text(path) as file:
        file.writelines(["new" * 100_000, None])  # type: ignore[list-item]
    assert names(tmp_path) == ["a.txt"]
    assert path.read_text() == "old"


def test_no_room_is_said_and_leaves_nothing_behind(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with room_for(64_000), pytest.raises(MachineError) as raised:
        write(path, "x" * 1_000_000)
    assert raised.value.message == "The disk is full: a.txt could not be written."
    assert raised.value.where == str(path)
    assert "Free some space" in str(raised.value.hint)
    assert names(tmp_path) == ["a.txt"]
    assert path.read_text() == "old"


def test_a_path_through_a_file(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match=r"a\.txt cannot be written there") as raised:
        write(tmp_path / "file" / "a.txt")
    assert raised.value.hint == "Name another folder."


def test_a_path_that_is_a_folder(tmp_path):
    (tmp_path / "a.txt").mkdir()
    with pytest.raises(UsageError, match=r"a\.txt cannot be written there"):
        write(tmp_path / "a.txt")
    assert names(tmp_path) == ["a.txt"]


def test_a_place_that_nobody_can_write_to():
    # Even the superuser makes no file there.
    with pytest.raises(MachineError, match=r"a\.txt could not be written") as raised:
        write(Path("/proc/self/a.txt"))
    assert "see that you may write to the folder" in str(raised.value.hint)
