"""What an account made of a customer's addresses and contacts, side by side."""

from __future__ import annotations

from tests.report.builders import BLOCKS, harmed, having, outcome
from wizsync.report.before_and_after import Became, before_and_after
from wizsync.report.columns import ChildColumns

COLUMNS = ChildColumns(BLOCKS).of_kind
JANE = {"firstName": "Jane", "email": "jane@example.com"}


def test_every_child_of_either_side_is_shown_with_what_became_of_it():
    found = before_and_after(harmed(), COLUMNS)
    assert [(one.name, one.became) for one in found] == [
        ("12 Main St, Austin", Became.CHANGED),
        ("9 Oak Ave, Dallas", Became.GONE),
        ("12 Main St, Austin", Became.NEW),
    ]
    zips = [(c.label, c.before, c.after) for one in found for c in one.cells if c.label == "Zip"]
    assert zips == [("Zip", "78701", "78702"), ("Zip", "75001", ""), ("Zip", "", "78701")]


def test_siblings_that_stayed_are_shown_as_such_and_a_status_counts():
    before = having("contacts", k1=JANE, k2=JANE | {"status": "active"})
    now = having("contacts", k1=JANE, k2=JANE | {"status": "inactive"})
    found = before_and_after(harmed(before=before, now=now), COLUMNS)
    assert [one.became for one in found] == [Became.SAME, Became.CHANGED]


def test_what_could_not_be_read_after_the_write_is_not_called_gone():
    found = before_and_after(harmed(before=having("contacts", k1=JANE), now={}), COLUMNS)
    assert [(one.name, one.became) for one in found] == [("Jane", Became.NOT_READ)]


def test_there_is_nothing_of_any_other_outcome():
    assert before_and_after(None, COLUMNS) == ()
    assert before_and_after(outcome("failed", before=having(a1={"city": "Waco"})), COLUMNS) == ()
