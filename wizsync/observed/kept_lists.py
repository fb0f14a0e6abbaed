"""Price lists, sales reps and attributes, kept for a day."""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter

from wizsync.api import WizCommerce
from wizsync.atomic import replacing_text
from wizsync.errors import WizsyncError
from wizsync.model import Attribute, Entry, Lists
from wizsync.observed.freshness import DAY
from wizsync.observed.kept_file import Unusable, digest_of
from wizsync.observed.lists import read_attributes, read_price_lists, read_sales_reps

One = TypeVar("One")

_MARK = "wizsync lists"
_VERSION = 1

_PRICE_LISTS, _SALES_REPS, _ATTRIBUTES = "price_lists", "sales_reps", "attributes of "
_ENTRIES = TypeAdapter(tuple[Entry, ...])
_DEFINITIONS = TypeAdapter(tuple[Attribute, ...])


class KeptLists:
    """The lists of one account.

    Args:
        file: Where they lie; None: they are not kept longer than this object.
        account: The account's id.
        now: The clock, in seconds since 1970.
    """

    def __init__(
        self,
        file: Path | None = None,
        account: str = "",
        now: Callable[[], float] = time.time,
    ) -> None:
        self.notes: list[str] = []
        # Whether some of what was given last was kept from before, and not read just now.
        self.were_kept = False
        self._file = file
        self._account = account
        self._now = now
        # Name to when it was read, and what it holds.
        self._lists: dict[str, tuple[float, tuple[Any, ...]]] | None = None

    async def read(
        self,
        client: WizCommerce,
        *,
        price_lists: bool,
        sales_reps: bool,
        attributes: Collection[str],
        anew: bool = False,
    ) -> Lists:
        """What is asked for; from the account where what is kept is older than a day.

        Args:
            client: The account's client.
            price_lists: The price lists too.
            sales_reps: The sales reps too.
            attributes: Entities of ENTITIES of which the definitions too.
            anew: Nothing that was kept is good enough.
        """
        kept = self._loaded() if self._lists is None else self._lists
        self._lists = {} if anew else dict(kept)
        self.were_kept = False
        lists = Lists(
            price_lists=await self._one(_PRICE_LISTS, partial(read_price_lists, client))
            if price_lists
            else None,
            sales_reps=await self._one(_SALES_REPS, partial(read_sales_reps, client))
            if sales_reps
            else None,
            attributes={
                entity: await self._one(
                    _ATTRIBUTES + entity, partial(read_attributes, client, entity)
                )
                for entity in attributes
            },
        )
        if self._lists != kept:
            self._save(self._lists)
        return lists

    async def _one(
        self, name: str, read: Callable[[], Awaitable[tuple[One, ...]]]
    ) -> tuple[One, ...]:
        lists = self._lists if self._lists is not None else {}
        at, kept = lists.get(name, (0.0, ()))
        if name in lists and 0 <= self._now() - at < DAY:
            self.were_kept = True
            return kept
        held = await read()
        lists[name] = self._now(), held
        return held

    # --- the file -------------------------------------------------------------------------------

    def _loaded(self) -> dict[str, tuple[float, tuple[Any, ...]]]:
        if self._file is None:
            return {}
        try:
            return _unpacked(self._file, self._account)
        except Unusable as why:
            self.notes.append(
                "What was kept of price lists, sales reps and attributes was thrown away, since "
                f"{why}: they are read anew."
            )
            return {}

    def _save(self, lists: dict[str, tuple[float, tuple[Any, ...]]]) -> None:
        if self._file is None:
            return
        content = {
            "is": _MARK,
            "version": _VERSION,
            "account": self._account,
            "lists": {
                name: {"at": at, "entries": [asdict(entry) for entry in held]}
                for name, (at, held) in lists.items()
            },
        }
        try:
            with replacing_text(self._file) as file:
                json.dump({**content, "digest": _digest(content)}, file)
        except WizsyncError as error:
            self.notes.append(
                "What was read of price lists, sales reps and attributes is not kept for the next run: "
                f"{error.message}"
            )


def _unpacked(file: Path, account: str) -> dict[str, tuple[float, tuple[Any, ...]]]:
    """What a file holds; nothing where there is none.

    Raises:
        Unusable: It was cut short or changed, or is another account's or version's.
    """
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        digest, version, of = content.pop("digest"), content["version"], content["account"]
        right = content["is"] == _MARK and digest == _digest(content)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise Unusable(f"it cannot be read ({error.strerror or error})") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unusable("it was cut short or changed") from error
    if not right:
        raise Unusable("it was cut short or changed")
    if version != _VERSION:
        raise Unusable("another version of wizsync wrote it")
    if of != account:
        raise Unusable("it is another account's")
    return {
        name: (
            float(kept["at"]),
            (_DEFINITIONS if name.startswith(_ATTRIBUTES) else _ENTRIES).validate_python(
                kept["entries"]
            ),
        )
        for name, kept in content["lists"].items()
    }


def _digest(content: dict[str, Any]) -> str:
    return digest_of(json.dumps(content, sort_keys=True).encode())
