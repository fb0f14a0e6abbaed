"""Which page to ask for so that it begins among the rows that are known. No I/O.

A list that tells no total is proven by pages that overlap: each begins with rows that the one before ended
with. Then no row can be lost between two pages, and the last one shows the known rows and nothing after
them. Pages only begin at multiples of their size, so the size is chosen anew for each: among those from
half a page to a whole one, which begins last before the end of what is known. That costs some 14 % more
requests than pages without overlap (see docs/decisions/0012).
"""

from __future__ import annotations


def overlapping(known: int, longest: int) -> tuple[int, int] | None:
    """The page, from 1, and the page size that show the most behind what is known.

    Args:
        known: How many rows are known, from the first on.
        longest: The rows of the first page: a server may give fewer than it is asked for.

    Returns:
        None where no page both begins among the known rows and goes beyond them.
    """
    if known < 1:
        return None
    sizes = range(longest, longest // 2, -1)
    # `known - 1` is the last known row: a page that holds it begins at a multiple of its size.
    ends = {size: ((known - 1) // size + 1) * size for size in sizes}
    size = max(sizes, key=ends.__getitem__, default=0)
    if not size or ends[size] <= known:
        return None
    return (known - 1) // size + 1, size
