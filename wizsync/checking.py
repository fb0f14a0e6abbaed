"""A file against its mapping, offline and with what the account is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from wizsync import mapping as mappings
from wizsync import plan as planning
from wizsync.api import WizCommerce
from wizsync.errors import MappingError
from wizsync.mapping import MappingFile
from wizsync.model import Desired, Lists, Rules
from wizsync.observed import KeptLists
from wizsync.run import Run
from wizsync.settings import Connection
from wizsync.tables import Tables, read_tables

# Codes of rejects that a newer list of the account may do away with.
NOT_FOUND = frozenset({"unknown_lookup", "ambiguous_lookup", "inactive_lookup", "unknown_option"})


@dataclass(frozen=True)
class Checked:
    """What `check` found: the file against its mapping, without any account.

    Args:
        mapping: The mapping.
        tables: The customers' table, and the others by their places.
        mode: The command line's mode in place of the mapping's.
        desired: The customers that should exist; what the account must be asked for is unresolved.
        rules: What the mapping says beyond that.
    """

    mapping: MappingFile
    tables: Tables
    mode: str | None
    desired: Desired
    rules: Rules

    def unfit_for_new(self) -> Mapping[str, Sequence[str]]:
        """Which customers could not be created, should an account lack them: field to their keys."""
        return planning.unfit_for_new(self.desired, self.rules)

    def resolved(self, lists: Lists) -> Checked:
        """The same with what the account was asked for.

        Args:
            lists: As `needs` of the mapping asks for them.
        """
        mapping, mode, table, others = self.mapping, self.mode, self.tables.main, self.tables.others
        return replace(
            self,
            desired=mappings.to_desired(mapping, table, others=others, mode=mode, lists=lists),
            rules=mappings.rules(mapping, table, others=others, mode=mode, lists=lists),
        )


def check(file: Path, mapping: Path, *, mode: str | None = None) -> Checked:
    """Read a file and apply its mapping, offline.

    Args:
        file: The file.
        mapping: The mapping.
        mode: The command line's mode in place of the mapping's.

    Raises:
        WizsyncError: Of the branch that says what to do.
    """
    understood = mappings.load(mapping)
    tables = read_tables(file, understood)
    rules = mappings.rules(understood, tables.main, others=tables.others, mode=mode)
    desired = mappings.to_desired(understood, tables.main, others=tables.others, mode=mode)
    return Checked(understood, tables, mode, desired, rules)


def check_online(
    file: Path, mapping: Path, connection: Connection, *, mode: str | None = None
) -> Checked:
    """Read a file and apply its mapping, with what the account must be asked for; nothing is written.

    Args:
        file: The file.
        mapping: The mapping.
        connection: Whom to ask.
        mode: The command line's mode in place of the mapping's.

    Raises:
        WizsyncError: Of the branch that says what to do.
    """
    return asyncio.run(_resolved(check(file, mapping, mode=mode), connection))


async def _resolved(checked: Checked, connection: Connection) -> Checked:
    async with WizCommerce(
        connection.url,
        connection.key,
        dialect=connection.dialect,
        rate=connection.rate,
        timing=connection.timing,
    ) as client:
        return checked.resolved(await _lists(KeptLists(), client, checked.mapping))


async def _lists(
    kept: KeptLists, client: WizCommerce, mapping: MappingFile, *, anew: bool = False
) -> Lists:
    """What the mapping needs of the account besides customers."""
    needs = mapping.needs
    return await kept.read(
        client,
        price_lists=needs.price_lists,
        sales_reps=needs.sales_reps,
        attributes=needs.attributes,
        anew=anew,
    )


async def looked_up(run: Run, checked: Checked) -> tuple[Checked, Lists]:
    """A file with what the account must be asked for besides customers, and what that was.

    What is not found in lists that were kept may be new in the account.
    """
    mapping, lists = checked.mapping, run.lists
    if not mapping.needs:
        return checked, Lists()
    # Where a look-up passes over what it does not find, nothing would tell that a list is out of date.
    known = await _lists(lists, run.client, mapping, anew=mapping.needs.passes_over)
    if lists.were_kept:
        with suppress(MappingError):
            resolved = checked.resolved(known)
            if not any(reject.code in NOT_FOUND for reject in resolved.desired.rejects):
                return resolved, known
        known = await _lists(lists, run.client, mapping, anew=True)
    return checked.resolved(known), known
