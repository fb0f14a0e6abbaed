"""When a walk over pages ends."""

import pytest

from wizsync.api.paging import ROWS_AT_MOST, Walk
from wizsync.errors import UnsoundRead


def goes_on(pages, *, totals=None, page_size=2):
    """Whether the walk went on, after each page."""
    walk = Walk(page_size)
    return [walk.more(page, *(totals or (None, None))) for page in pages]


def test_totals_prove_the_end():
    assert goes_on(["ab", "cd", "e"], totals=(3, 5)) == [True, True, False]


def test_an_empty_account_of_totals_is_at_its_end():
    assert goes_on([""], totals=(0, 0)) == [False]
    assert goes_on([""], totals=(1, 0)) == [False]


def test_a_short_page_before_the_last_is_not_the_end():
    assert goes_on(["a", "cd", "e"], totals=(3, 4)) == [True, True, False]
    assert goes_on(["", "cd"], totals=(2, 2)) == [True, False]
    assert goes_on(["a", "bc", ""]) == [True, True, False]


def test_totals_that_do_not_add_up_are_not_believed():
    assert goes_on(["a", "b", "c"], totals=(1, 3)) == [True, True, False]
    assert goes_on(["a", "b", ""], totals=(1, 3)) == [True, True, False]


def test_a_next_page_belies_totals_that_would_end_the_walk():
    walk = Walk(2)
    told = [walk.more(page, 1, 2, following) for page, following in (("ab", 2), ("cd", 3), ("", 4))]
    assert told == [True, True, False]
    for none in (None, 0, 1):
        assert not Walk(2).more("ab", 1, 2, none)


def test_pages_without_rows_that_go_on_announcing_more_are_refused():
    walk = Walk(2)
    assert [walk.more(page, 10**6, 10**6) for page in ("ab", "")] == [True, True]
    with pytest.raises(UnsoundRead, match="Page 3 is page 2 once more"):
        walk.more("", 10**6, 10**6)


def test_without_totals_only_a_page_with_nothing_new_is_the_end():
    assert goes_on(["ab", "c", ""]) == [True, True, False]
    assert goes_on(["ab", "cd", "bc"]) == [True, True, False]
    assert goes_on([""]) == [False]


@pytest.mark.parametrize("totals", [None, (9, 18)])
def test_a_page_that_comes_twice_running_is_refused(totals):
    with pytest.raises(UnsoundRead, match="Page 2 is page 1 once more"):
        goes_on(["ab", "ab"], totals=totals)


def test_a_list_that_may_lack_pages_ends_where_it_repeats_unless_that_may_be_a_full_page():
    for whole in ("a", "abc"):
        walk = Walk(2, may_lack_pages=True)
        assert [walk.more(page, None, None) for page in (whole, whole)] == [True, False]
    walk = Walk(2, may_lack_pages=True)
    walk.more("ab", None, None)
    with pytest.raises(UnsoundRead):
        walk.more("ab", None, None)


def test_pages_without_end_are_refused():
    walk = Walk(100)
    for number in range(ROWS_AT_MOST // 100):
        assert walk.more([str(number)], 10**9, 10**9)
    with pytest.raises(UnsoundRead, match="does not end"):
        walk.more(["last"], 10**9, 10**9)
