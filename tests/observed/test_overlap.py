"""Pages that begin among the rows that are known."""

import pytest

from wizsync.observed.overlap import overlapping


@pytest.mark.parametrize("longest", [20, 60, 97, 100])
def test_each_page_holds_the_last_row_that_is_known_and_goes_beyond_it(longest):
    known = longest
    while known < 30_000:
        page, size = overlapping(known, longest)
        assert longest // 2 < size <= longest
        assert (page - 1) * size < known < page * size
        known = page * size


@pytest.mark.parametrize("known", [0, 1, 2])
def test_of_hardly_anybody_there_is_no_such_page(known):
    assert overlapping(known, known) is None


@pytest.mark.parametrize(
    ("customers", "pages"), [(100, 1), (1_000, 11), (5_000, 57), (20_000, 228)]
)
def test_what_it_costs(customers, pages):
    known, asked = 100, 1
    while known < customers:
        page, size = overlapping(known, 100)
        known, asked = page * size, asked + 1
    assert asked == pages
