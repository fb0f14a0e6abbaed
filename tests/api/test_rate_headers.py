"""What answers tell of the rate, in the words of several drafts, and what is not believed."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizsync.api.rate_headers import RateWords, rate_words

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
EPOCH = int(NOW.timestamp())
NOTHING = RateWords()
TOLD = {
    # The IETF's drafts up to the seventh.
    "policy": ({"RateLimit-Policy": "100;w=10", "RateLimit-Limit": "100"}, RateWords(10.0)),
    "policy in the limit": ({"RateLimit-Limit": "100, 100;w=50"}, RateWords(2.0)),
    "left": (
        {"RateLimit-Limit": "100", "RateLimit-Remaining": "40", "RateLimit-Reset": "20"},
        RateWords(2.0),
    ),
    "left in one": ({"RateLimit": "limit=100, remaining=40, reset=20"}, RateWords(2.0)),
    "used up": ({"RateLimit-Remaining": "0", "RateLimit-Reset": "20"}, RateWords(None, 20.0)),
    "the stricter one": (
        {"RateLimit-Policy": "10;w=1", "RateLimit-Remaining": "5", "RateLimit-Reset": "50"},
        RateWords(0.1),
    ),
    # Those since.
    "structured policy": ({"RateLimit-Policy": '"default";q=100;w=10'}, RateWords(10.0)),
    "structured policies": (
        {"RateLimit-Policy": '"burst";q=100;w=10, "steady";q=300;w=60'},
        RateWords(5.0),
    ),
    "structured left": ({"RateLimit": '"default";r=40;t=20'}, RateWords(2.0)),
    "structured, several left": ({"RateLimit": '"a";r=40;t=20,"b";r=10;t=10'}, RateWords(1.0)),
    "structured used up": ({"RateLimit": '"default";r=0;t=20'}, RateWords(None, 20.0)),
    # What others do.
    "x": (
        {"X-RateLimit-Limit": "100", "X-RateLimit-Remaining": "40", "X-RateLimit-Reset": "20"},
        RateWords(2.0),
    ),
    "x, a moment": (
        {"X-RateLimit-Remaining": "40", "X-RateLimit-Reset": str(EPOCH + 20)},
        RateWords(2.0),
    ),
    "x, a moment in thousandths": (
        {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str((EPOCH + 20) * 1000)},
        RateWords(None, 20.0),
    ),
    "x, another spelling": (
        {"X-Rate-Limit-Remaining": "40", "X-Rate-Limit-Reset": "20"},
        RateWords(2.0),
    ),
}
NOT_BELIEVED = {
    "nothing": {},
    "no window": {"RateLimit-Limit": "100"},
    "a window too short for whole seconds": {"RateLimit-Remaining": "0", "RateLimit-Reset": "1"},
    "a few in a moment": {"X-RateLimit-Remaining": "1", "X-RateLimit-Reset": "4"},
    "an allowance for an hour": {"RateLimit-Policy": "5000;w=3600"},
    "what is left of an hour": {"X-RateLimit-Remaining": "50", "X-RateLimit-Reset": "1800"},
    "nothing at all is allowed": {"RateLimit-Policy": "0;w=1"},
    "no time": {"RateLimit-Policy": "10;w=0"},
    "too many": {"RateLimit-Policy": "99999999999;w=1"},
    "too long": {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "999999999"},
    "long ago": {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(EPOCH - 20)},
    "negative": {"RateLimit-Remaining": "-1", "RateLimit-Reset": "-5"},
    "words": {"RateLimit-Policy": "plenty;w=soon", "RateLimit": "a lot", "RateLimit-Limit": "x"},
    "fractions": {"RateLimit-Remaining": "1.5", "RateLimit-Reset": "1e3"},
    "other digits": {"RateLimit-Policy": "\u0661\u0660;w=1"},
    "rubbish": {"RateLimit": ";;==,,;r=;t=", "RateLimit-Policy": ",;w=;q=,"},
}


@pytest.mark.parametrize("case", TOLD)
def test_what_is_said_is_read(case):
    said, words = TOLD[case]
    assert rate_words(httpx.Headers(said), now=NOW) == words


@pytest.mark.parametrize("case", NOT_BELIEVED)
def test_what_cannot_be_meant_is_as_good_as_not_there(case):
    said = [(name, value.encode()) for name, value in NOT_BELIEVED[case].items()]
    assert rate_words(httpx.Headers(said), now=NOW) == NOTHING


names = st.sampled_from(
    ["RateLimit", *(f"{x}RateLimit-{y}" for x in ("", "X-") for y in ("Policy", "Limit"))]
    + [f"{x}RateLimit-{y}" for x in ("", "X-") for y in ("Remaining", "Reset")]
)
# Written out: to look characters up in Unicode takes a second the first time.
PRINTABLE = "".join(map(chr, range(32, 127)))
values = st.one_of(
    st.text(PRINTABLE, max_size=40),
    st.integers(-5, 10**16).map(str),
    st.from_regex(r'"[a-z]";[qr]=[0-9]{1,12};[wt]=[0-9]{1,12}', fullmatch=True),
)


@given(said=st.dictionaries(names, values))
def test_whatever_is_said_comes_to_something_sensible(said):
    words = rate_words(httpx.Headers(said), now=NOW)
    assert words.allowed is None or 1 / 60 <= words.allowed <= 1_000_000
    assert words.used_up is None or 5 <= words.used_up <= 86_400
