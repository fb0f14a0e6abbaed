"""What is right, wrong and unknown about this machine and an account: read-only, printing nothing."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

_LITTLE_ROOM = 500 * 1024 * 1024


class Verdict(StrEnum):
    """What came of looking."""

    RIGHT = "right"
    WRONG = "wrong"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, and what came of it.

    Args:
        name: What was looked at, for people.
        verdict: Right, wrong, or not to be known.
        message: What was seen, a sentence.
        hint: What to do about it, or None.
    """

    name: str
    verdict: Verdict
    message: str
    hint: str | None = None


def examine_folder(folder: Path) -> Iterator[Finding]:
    """Whether the state folder can be written to, and its disk has room.

    Args:
        folder: The state folder; it need not be there yet.
    """
    place = next(one for one in (folder, *folder.parents) if one.exists())
    probe = place / f".wizsync-probe-{uuid.uuid4().hex}"
    try:
        with probe.open("xb") as file:
            file.write(b"wizsync")
            file.flush()
            os.fsync(file.fileno())
        probe.unlink()
    except OSError as error:
        yield Finding(
            "state folder",
            Verdict.WRONG,
            f"{place} cannot be written to: {error.strerror}.",
            "Name another with --state-dir, or mend its permissions.",
        )
        return
    yield Finding("state folder", Verdict.RIGHT, f"{folder} can be written to.")
    free = shutil.disk_usage(place).free
    room = f"{free / 1024**3:,.1f} GB are free."
    if free < _LITTLE_ROOM:
        yield Finding(
            "disk", Verdict.WRONG, room, "Make room: a large run keeps its journal there."
        )
    else:
        yield Finding("disk", Verdict.RIGHT, room)
