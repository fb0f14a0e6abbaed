"""What is wrong with one cell, in words."""

from __future__ import annotations


class Fault(ValueError):
    """A cell's text that cannot be used.

    Args:
        code: A stable word for the kind of trouble; `wizsync.model.reject_codes` lists them all.
        says: What is wrong, to follow the column's name, without the text itself: `is not a date`.
        hint: What to do.
    """

    def __init__(self, code: str, says: str, hint: str) -> None:
        super().__init__(code)
        self.code = code
        self.says = says
        self.hint = hint
