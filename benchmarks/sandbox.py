"""A sandbox in a process of its own, so that its work is not counted as that of who talks to it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from benchmarks.pairs import ROOT, digest, environment

KEY = "sandbox-key"


@contextmanager
def sandbox(customers: int, *options: str) -> Iterator[str]:
    """A sandbox without a rate limit; its address.

    Args:
        customers: How many it begins with.
        options: Further words of its command line.
    """
    words = ("sandbox", "--port", "0", "--customers", str(customers), "--control", *options)
    with subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "wizsync", *words],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=environment(),
    ) as process:
        try:
            # Its first line ends with its address.
            yield next(iter(process.stdout or ())).split()[-1]
        finally:
            process.terminate()


def creates(url: str) -> dict[str, object]:
    """What the sandbox's ledger tells of creates: whom, and how many were sent more than once."""
    root = url.removesuffix("/v1")
    writes = httpx.get(f"{root}/control/ledger", timeout=60, trust_env=False).json()
    keys = [str(write["reference_id"]) for write in writes if write["done"]]
    return {"created": digest(keys), "twice": len(keys) - len(set(keys))}
