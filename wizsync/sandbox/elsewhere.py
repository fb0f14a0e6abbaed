"""Another host, to which a fault redirects: it answers anybody, and notes what it got."""

from __future__ import annotations

import asyncio
from typing import Any

from wizsync.sandbox.tenants import Tenants

_ANSWER = b"""HTTP/1.1 200 OK\r
Content-Type: application/json\r
Content-Length: 12\r
Connection: close\r
\r
{"data": []}"""


class Elsewhere:
    """A second listener on this machine, from the first redirect on.

    Args:
        tenants: Whose keys must not arrive there.
    """

    def __init__(self, tenants: Tenants) -> None:
        self._tenants = tenants
        self._server: asyncio.Server | None = None
        self._got: list[dict[str, Any]] = []

    def requests(self) -> list[dict[str, Any]]:
        """What came: `method`, `path`, and `key`, whether the key of an account came with it."""
        return list(self._got)

    def reset(self) -> None:
        """Forget it."""
        self._got.clear()

    async def origin(self) -> str:
        """Where it listens, under another name than the sandbox."""
        if self._server is None:
            self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return f"http://localhost:{self._server.sockets[0].getsockname()[1]}"

    def close(self) -> None:
        """Listen no longer."""
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            method, path, _ = head.decode("latin-1").split(" ", 2)
            # A key stands in the head, if anywhere: in a header, or in the address.
            came = any(tenant.key.encode() in head for tenant in self._tenants)
            self._got.append({"method": method, "path": path, "key": came})
            writer.write(_ANSWER)
            await writer.drain()
        except (OSError, EOFError, ValueError, asyncio.LimitOverrunError):
            # Whoever came did not say what they wanted, or did not wait for an answer.
            return
        finally:
            writer.close()
