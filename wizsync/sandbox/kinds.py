"""The kinds of faults: their names, what each means, and which requests it can strike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from wizsync.sandbox.ledger import OPERATIONS

_CUSTOMER = ("list", "get", "create", "update", "delete", "child")


@dataclass(frozen=True)
class Kind:
    """What a fault does, and where it can strike.

    Args:
        meaning: A line for people.
        on: The operations it can strike; where nothing else is said it strikes them all.
        spoils: Whether it replaces or spoils the answer: one such fault strikes a request.
        seconds: The seconds it takes when nothing is said; None: it takes none.
        lasting: Whether it goes on, once it has struck, with each request of that account.
        from_page: The first page of a list that it can strike.
        filtered: Whether it strikes only lists that ask for referenceIds.
        picks: Whether its `key` says whom it takes where a request is about nobody in particular.
    """

    meaning: str
    on: tuple[str, ...] = OPERATIONS
    spoils: bool = True
    seconds: float | None = None
    lasting: bool = False
    from_page: int = 0
    filtered: bool = False
    picks: bool = False


_LIST = Kind("", on=("list",), spoils=False)
_OTHERS = Kind("", on=_CUSTOMER, spoils=False, picks=True)


def _of_list(meaning: str, *, from_page: int = 1, filtered: bool = False) -> Kind:
    return replace(_LIST, meaning=meaning, from_page=from_page, filtered=filtered)


KINDS: Mapping[str, Kind] = {
    "500": Kind("500, nothing done"),
    "500_done": Kind("500, although the request was done"),
    "502_html": Kind("502 with an HTML page, nothing done"),
    "503_json": Kind("503 with JSON, nothing done"),
    "503_html": Kind("503 with an HTML page, nothing done"),
    "408": Kind("408, nothing done"),
    "408_done": Kind("408, although the request was done"),
    "429_seconds": Kind("429 with `Retry-After: SECONDS`, nothing done", seconds=1),
    "429_date": Kind("429 with `Retry-After` as a date SECONDS from now, nothing done", seconds=1),
    "429_bare": Kind("429 without `Retry-After`, nothing done"),
    "429_day": Kind("429 with `Retry-After` of a day, nothing done"),
    "429_negative": Kind("429 with `Retry-After: -1`, nothing done"),
    "401": Kind("401, to this request and every later one of that account", lasting=True),
    "403": Kind("403, to this request and every later one of that account", lasting=True),
    "html_200": Kind("200 with an HTML page, nothing done"),
    "html_200_done": Kind("200 with an HTML page, although the request was done"),
    "empty_200": Kind("200 without a body, nothing done"),
    "empty_200_done": Kind("200 without a body, although the request was done"),
    "redirect": Kind("307 to another host, which notes what it gets; nothing done"),
    "gzip_bomb": Kind("200 with a few kilobytes that unpack to 256 MB, nothing done"),
    "refused": Kind(
        "cut off, nothing done; then connections are refused for SECONDS, and idle ones closed",
        seconds=1,
    ),
    "reset": Kind("the connection is reset, nothing done"),
    "reset_done": Kind("done, then the connection is reset: the answer is lost"),
    "hang": Kind("no answer, however long the client waits, and nothing done"),
    "hang_done": Kind("no answer; done SECONDS after the client gave up", seconds=0),
    "slow_drip": Kind("done; the answer comes piece by piece over SECONDS", seconds=2),
    "cut": Kind("done; half of the JSON comes, with a Content-Length that fits the half"),
    "cut_short": Kind("done; half of the JSON comes, with the Content-Length of the whole"),
    "wrong_customer": Kind(
        "done; the answer shows another customer", on=("get", "create", "update")
    ),
    "page_short": _of_list("the last quarter of a page's rows is missing, and on no other page"),
    "page_repeated": _of_list("a page shows the rows of the page before", from_page=2),
    "page_lost": _of_list("a page's rows are left out: from there on, all pages move up by one"),
    "page_empty": _of_list("a page is empty though others follow", from_page=2),
    "rows_shifted": _of_list(
        "from this page on all rows move up by one, as after a delete between pages", from_page=2
    ),
    "list_empty": _of_list("the list is empty, and its total 0"),
    "total_small": _of_list("the total is half of the real one (snake; camel shows none)"),
    "total_large": _of_list("the total is twice the real one and one more (snake)"),
    "total_changing": _of_list("the total is off by 1 to 5, another way each time (snake)"),
    "filter_ignored": _of_list("the filter by referenceIds is ignored", filtered=True),
    "customer_missing": replace(_of_list("one customer is missing, and not counted"), picks=True),
    "others_create": replace(
        _OTHERS, meaning="first somebody else makes a customer; at a create, one of the same key"
    ),
    "others_change": replace(
        _OTHERS, meaning="first somebody else changes the phone of the customer, else of anybody"
    ),
    "others_delete": replace(
        _OTHERS, meaning="first somebody else deletes the customer, else anybody"
    ),
    "clock": Kind(
        "the server's clock is off by SECONDS: its Date, and the times that it writes",
        spoils=False,
        seconds=3600,
    ),
}
