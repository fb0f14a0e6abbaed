"""When a walk over pages has come to its proven end, and when it never will. No I/O."""

from __future__ import annotations

from collections.abc import Sequence

from wizsync.errors import UnsoundRead

PAGE_SIZE_AT_MOST = 100
# Fifty times the largest known account: beyond it a server makes customers up, or turns in a circle.
ROWS_AT_MOST = 2_000_000


class Walk:
    """Judges the pages of one list, in the order in which they are read.

    Args:
        page_size: Rows asked for on each page.
        may_lack_pages: The list may be one that always comes whole, whatever page is asked for: a page
            that comes twice is then its end, unless it is exactly as long as a page.
    """

    def __init__(self, page_size: int, *, may_lack_pages: bool = False) -> None:
        self.anything_new = False
        self._page_size = page_size
        self._may_lack_pages = may_lack_pages
        self._pages_at_most = ROWS_AT_MOST // page_size
        self._pages = 0
        self._seen: set[str] = set()
        self._before: tuple[str, ...] | None = None

    def more(
        self,
        ids: Sequence[str],
        total_pages: int | None,
        total_records: int | None,
        next_page: int | None = None,
    ) -> bool:
        """Takes note of a page, and says whether the list goes on after it.

        A page may hold fewer rows than were asked for and yet not be the last. Where the server names
        totals, they prove the end; where it does not, or where fewer rows came than it named, only a
        page with nothing new does.

        Args:
            ids: The page's rows, by their ids.
            total_pages: As the server has it, where it says so.
            total_records: The same.
            next_page: The same. One that is still to come belies totals that would end the list.

        Returns:
            Whether a further page must be asked for.

        Raises:
            UnsoundRead: The pages repeat, or do not end.
        """
        self._pages += 1
        page = tuple(ids)
        # Of pages without rows too: a server that goes on announcing more would be asked for long.
        if page == self._before:
            if self._may_lack_pages and len(page) != self._page_size:
                return False
            raise UnsoundRead(
                f"Page {self._pages} is page {self._pages - 1} once more: "
                "the server does not turn its pages.",
                hint="The account cannot be read safely from this server; report it to its operator.",
            )
        if self._pages > self._pages_at_most:
            raise UnsoundRead(
                f"The list does not end: {self._pages:,} pages were read.",
                hint="Check the address of the API.",
            )
        self._before = page
        seen_before = len(self._seen)
        self._seen.update(page)
        self.anything_new = len(self._seen) > seen_before
        if total_pages is None or total_records is None:
            return self.anything_new
        if self._pages < total_pages:
            return True
        announced = next_page is not None and next_page > self._pages
        return self.anything_new and (announced or len(self._seen) < total_records)


def page_query(number: int, page_size: int) -> tuple[tuple[str, str], ...]:
    """The part of a query that names a page."""
    return (("page", str(number)), ("page_size", str(page_size)))
