"""The retry budget: arithmetic without requests."""

from hypothesis import given
from hypothesis import strategies as st

from wizsync.api.budget import AT_LEAST, SHARE, RetryBudget


def test_the_first_twenty_repeats_are_free():
    budget = RetryBudget()
    for _ in range(AT_LEAST):
        assert not budget.used_up
        budget.note(repeated=True)
    assert budget.used_up


def test_each_ten_requests_allow_one_repeat_more():
    budget = RetryBudget(sent=299, repeated=29)
    assert not budget.used_up
    budget.note(repeated=True)
    assert budget.used_up
    for _ in range(9):
        assert budget.used_up
        budget.note(repeated=False)
    assert not budget.used_up


@given(st.lists(st.booleans(), max_size=600))
def test_no_more_than_a_tenth_is_ever_repeated(wishes):
    budget = RetryBudget()
    for wish in wishes:
        budget.note(repeated=wish and not budget.used_up)
        assert budget.repeated <= max(AT_LEAST, SHARE * budget.sent)
    assert budget.sent == len(wishes)
