"""What was meant for one customer or row, and what happened."""

from __future__ import annotations

from dataclasses import dataclass

from wizsync.model import Change, Conflict, Outcome, Reject, SourceRow
from wizsync.report import wording
from wizsync.report.before_and_after import Beside
from wizsync.report.child_verdicts import ChildVerdict
from wizsync.report.standings import Cell, Standing


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was meant for one customer or row, and what happened.

    Args:
        of: What it is about.
        standing: Where that stands.
        reference_id: The customer's key, "" where it could not be read.
        name: The customer's name, "" where it is not known.
        rows: The file's rows behind it; none for a customer that the file does not name.
        meant: What the row asked for, a sentence.
        happened: What became of it, a sentence or two.
        to_do: What a person does next, "" for nothing.
        cells: The fields concerned; of a reject, none.
        said: The server's words that are about none of the cells, a sentence each.
        outcome: What `push` recorded, where it took the change up.
        children: The verdicts on its addresses and contacts.
        harm: Where the account did otherwise than was meant with them, all of the customer's, before and
            after.
        rejected: Its addresses and contacts that cannot be used and are left as they are.
    """

    of: Change | Conflict | Reject
    standing: Standing
    reference_id: str
    name: str
    rows: tuple[SourceRow, ...]
    meant: str
    happened: str
    to_do: str = ""
    cells: tuple[Cell, ...] = ()
    said: tuple[str, ...] = ()
    outcome: Outcome | None = None
    children: tuple[ChildVerdict, ...] = ()
    harm: tuple[Beside, ...] = ()
    rejected: tuple[Reject, ...] = ()

    @property
    def why(self) -> str:
        """What happened with all of the server's words, for a single cell of text."""
        of_children = (word for child in self.children for word in child.words)
        words = (*(word for cell in self.cells for word in cell.said), *self.said, *of_children)
        return wording.joined((*words, self.to_do) if words else (self.happened, self.to_do))
