"""The details of customers in a file: columns, written whole, and believed only as they were written.

The first line is JSON: the version, the account, the length of each part, and a digest of all that. Then come
the parts, each a table in Arrow's streaming format.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from wizsync.atomic import replacing
from wizsync.model import CHILD_FIELDS, CUSTOMER_FIELDS

_MARK = "wizsync details"
_LONGEST_HEAD = 65_536
_FORMAT = 1


class Unusable(Exception):
    """The file cannot be used; the text says why, as a part of a sentence."""


def _version() -> str:
    """What a file must have been written by: this format, and the fields that are kept now."""
    fields = [*CUSTOMER_FIELDS, *(name for some in CHILD_FIELDS.values() for name in some)]
    return f"{_FORMAT}-{digest_of(json.dumps(fields).encode())[:8]}"


def write_kept(
    path: Path, account: str, tables: Mapping[str, pd.DataFrame], facts: Mapping[str, float]
) -> None:
    """Write tables by name, and a few numbers.

    Raises:
        WizsyncError: The file cannot be written.
    """
    parts = {name: _packed(table) for name, table in sorted(tables.items())}
    head: dict[str, Any] = {
        "is": _MARK,
        "version": _version(),
        "account": account,
        "facts": dict(facts),
        "parts": {name: len(part) for name, part in parts.items()},
    }
    head["digest"] = digest_of(_head_line(head), *parts.values())
    with replacing(path) as file:
        file.write(_head_line(head))
        for part in parts.values():
            file.write(part)


def read_kept(path: Path, account: str) -> tuple[dict[str, pd.DataFrame], dict[str, float]]:
    """The tables by name, and the numbers; none where there is no file.

    Raises:
        Unusable: It was cut short or changed, or is another account's or version's.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return {}, {}
    except OSError as error:
        raise Unusable(f"it cannot be read ({error.strerror or error})") from error
    line, _, _ = content[:_LONGEST_HEAD].partition(b"\n")
    start = len(line) + 1
    try:
        head = json.loads(line)
        digest, version, of = head.pop("digest"), head["version"], head["account"]
        lengths: dict[str, int] = head["parts"]
        facts = {str(name): float(number) for name, number in head["facts"].items()}
        right = head["is"] == _MARK
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unusable("it was cut short or changed") from error
    if not right or digest != digest_of(_head_line(head), memoryview(content)[start:]):
        raise Unusable("it was cut short or changed")
    if version != _version():
        raise Unusable("another version of wizsync wrote it")
    if of != account:
        raise Unusable("it is another account's")
    tables = {}
    for name, length in lengths.items():
        tables[name] = _unpacked(memoryview(content)[start : start + length])
        start += length
    return tables, facts


def _packed(table: pd.DataFrame) -> memoryview:
    columns = pa.Table.from_pandas(table, preserve_index=False)
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_stream(sink, columns.schema, options=options) as stream:
        stream.write_table(columns)
    return memoryview(sink.getvalue())


def _unpacked(part: memoryview) -> pd.DataFrame:
    with pa.ipc.open_stream(pa.py_buffer(part)) as stream:
        return stream.read_all().to_pandas()


def _head_line(head: Mapping[str, Any]) -> bytes:
    return json.dumps(head, sort_keys=True).encode() + b"\n"


def digest_of(*parts: bytes | memoryview) -> str:
    """What tells whether a content is still as it was written."""
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        digest.update(part)
    return digest.hexdigest()
