"""Paths made of ids."""

import pytest

from wizsync.api.session import path
from wizsync.errors import UsageError


def test_a_path_is_quoted() -> None:
    assert path("cust_1", "a/b ü") == "/cust_1/a%2Fb%20%C3%BC"


@pytest.mark.parametrize("part", ["", " ", ".", ".."])
def test_an_id_that_would_name_something_else_is_refused(part: str) -> None:
    with pytest.raises(UsageError, match="is not an id"):
        path("cust_1", part)
