"""What the tests of writing share."""

from __future__ import annotations

import pytest


@pytest.fixture
def anyio_backend() -> str:
    """The event loop that the client is made for."""
    return "asyncio"
