"""How an account was read: what it cost, and what the other ways would have cost."""

from __future__ import annotations

from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from wizsync.model import Reading, Way

_WORDS = {
    "lists_and_kept_details": "everybody's lists, kept details where they still hold",
    "lists_and_gets": "everybody's lists, every detail anew",
    "look_ups_and_kept_details": "look-ups of the file's keys, kept details where they still hold",
    "look_ups_and_gets": "look-ups of the file's keys, every detail anew",
}


def reading_view(reading: Reading) -> RenderableType:
    """The ways there were, the one that was taken, and what was sent."""
    table = Table(box=None, pad_edge=False, show_header=True, header_style="")
    table.add_column("")
    table.add_column("way")
    for name in ("lists", "gets", "requests"):
        table.add_column(name, justify="right")
    table.add_column("")
    for way in reading.ways:
        taken = way.name == reading.chosen
        more = "+" if way.at_least else ""
        table.add_row(
            "*" if taken else "",
            _WORDS[way.name],
            *(f"{number:,}{more}" for number in (way.lists, way.gets, way.requests)),
            _remark(way),
            style="bold" if taken else "",
        )
    return Group(
        Text("How the account was read (* the way that was taken, + or more)"),
        table,
        _sent(reading),
    )


def _remark(way: Way) -> str:
    if way.against:
        return f"not taken: {way.against}"
    if way.factor > 1:
        return (
            f"must be {way.factor} times cheaper: a new customer takes everybody's lists after all"
        )
    return ""


def _sent(reading: Reading) -> Text:
    details = (
        f" More than lists show was needed of {reading.details:,} customers; of {reading.kept:,} what was "
        "kept still held."
        if reading.details
        else ""
    )
    return Text(f"Sent: {reading.lists:,} lists, {reading.gets:,} gets.{details}\n")


def reading_fields(reading: Reading | None) -> dict[str, Any] | None:
    """The same for programs; None where no plan was made."""
    if reading is None:
        return None
    return {
        "chosen": reading.chosen,
        "ways": [
            {
                "name": way.name,
                "lists": way.lists,
                "gets": way.gets,
                "requests": way.requests,
                "at_least": way.at_least,
                "against": way.against or None,
            }
            for way in reading.ways
        ],
        "details": reading.details,
        "kept": reading.kept,
        "lists": reading.lists,
        "gets": reading.gets,
    }
