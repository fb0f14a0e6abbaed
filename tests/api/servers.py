"""Servers on real sockets that answer, and fail to answer, as a test says."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

KEY = "sk-never-to-be-seen-0123456789"


@dataclass
class Asked:
    """A request as a server read it."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> object:
        return json.loads(self.body)


@dataclass
class Script:
    """A server's requests so far, and what it does at each; the last behaviour repeats."""

    behaviours: Sequence[Behaviour]
    asked: list[Asked] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    connections: int = 0
    url: str = ""

    def next_behaviour(self) -> Behaviour:
        return self.behaviours[min(len(self.asked), len(self.behaviours)) - 1]


async def read_request(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    line, *fields = head.strip().split("\r\n")
    headers = {name.lower(): value.strip() for name, value in (f.split(":", 1) for f in fields)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    method, target, _ = line.split(" ")
    return Asked(method, target, headers, body)


def answer(status: int = 200, content: object = None, **headers: str) -> bytes:
    """An HTTP answer; `content` is JSON unless it is bytes."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    fields = {"Content-Type": "application/json", "Content-Length": str(len(body))}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status} So\r\n{head}\r\n".encode() + body


def says(status: int = 200, content: object = None, **headers: str) -> Behaviour:
    """Answers."""
    return writes(answer(status, content, **headers))


def writes(raw: bytes) -> Behaviour:
    """Writes bytes as they are."""

    async def behave(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(raw)
        await writer.drain()

    return behave


def writes_and_closes(raw: bytes) -> Behaviour:
    """Writes bytes as they are and closes the connection."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await writes(raw)(reader, writer)
        writer.close()

    return behave


def resets(raw: bytes = b"") -> Behaviour:
    """Writes bytes, then resets the connection (RST)."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await writes(raw)(reader, writer)
        reset(writer)

    return behave


async def hangs(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    """Never answers."""
    await reader.read()


def reset(writer: asyncio.StreamWriter) -> None:
    writer.get_extra_info("socket").setsockopt(
        socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
    )
    writer.transport.abort()


@asynccontextmanager
async def scripted(*behaviours: Behaviour) -> AsyncIterator[Script]:
    """A server that reads each request whole, then behaves."""
    script = Script(behaviours)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        script.connections += 1
        try:
            while not writer.is_closing():
                script.asked.append(await read_request(reader))
                script.times.append(asyncio.get_running_loop().time())
                await script.next_behaviour()(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async with listening(serve) as url:
        script.url = url
        yield script


@asynccontextmanager
async def listening(serve: Behaviour) -> AsyncIterator[str]:
    """A server on a free port of loopback; everything of it has ended when the context ends."""
    tasks: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await serve(reader, writer)
        except asyncio.CancelledError:
            writer.transport.abort()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
