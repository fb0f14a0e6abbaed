"""Lists that lie: what is read is right, or nothing is."""

from __future__ import annotations

from contextlib import suppress

import pytest

from tests.conftest import StartSandbox
from tests.observed.builders import reading
from tests.observed.lies import LIES, asked_for, once
from tests.push.between import Asked, between
from wizsync.errors import UnsoundRead
from wizsync.sandbox import KINDS, Sandbox

pytestmark = pytest.mark.anyio

# What is right all the same, however often it is told: there are no totals to be wrong in one dialect.
HARMLESS = {
    "camel": {
        # The next page begins with those that it lacks.
        "a page is short",
        "the total is too small",
        "the total is too large",
        "the total changes",
        "the total is a page too small",
        "the order is ignored",
    },
    "snake": {"the order is ignored"},
}


OF_LISTS = [name for name, kind in KINDS.items() if kind.on == ("list",) and not kind.filtered]
# Always told alike, nothing contradicts these: that is left to the guard of a shrunken account, and to the
# look right before a write.
CONSISTENT = ("list_empty", "customer_missing")
OFTEN = [("snake", name, "20%") for name in OF_LISTS if name != "customer_missing"]
OFTEN += [("camel", name, "20%") for name in OF_LISTS]
ALWAYS = [
    (dialect, name, "100%")
    for dialect in ("snake", "camel")
    for name in OF_LISTS
    if name not in CONSISTENT
]


async def read(server, sandbox: Sandbox, dialect: str, *, rests: bool = True) -> bool:
    """Whether everybody was read."""
    async with reading(server, dialect=dialect) as reader:
        shown = await reader.snapshot([], [], whole=True, may_create=True, rests_on=lambda _: rests)
    return set(shown.customers["id"]) == {c["id"] for c in sandbox.customers()}


@pytest.mark.parametrize("lie", LIES)
async def test_a_lie_that_is_told_once_is_made_good(lie, dialect, start_sandbox: StartSandbox):
    sandbox = start_sandbox(dialect=dialect, customers=390)
    with between(sandbox, once(LIES[lie])) as server:
        assert await read(server, sandbox, dialect)


@pytest.mark.parametrize("lie", LIES)
async def test_on_one_that_is_told_always_nothing_rests(lie, dialect, start_sandbox: StartSandbox):
    sandbox = start_sandbox(dialect=dialect, customers=390)
    with between(sandbox, LIES[lie]) as server:
        if lie in HARMLESS[dialect]:
            assert await read(server, sandbox, dialect)
        else:
            with pytest.raises(UnsoundRead):
                await read(server, sandbox, dialect)


@pytest.mark.parametrize(("dialect", "name", "share"), [*OFTEN, *ALWAYS])
async def test_what_a_hostile_sandbox_tells_of_its_lists(
    name, share, dialect, start_sandbox: StartSandbox
):
    sandbox = start_sandbox(dialect=dialect, customers=390)
    for seed in range(3):
        sandbox.set_faults([f"{name}:share={share}"], seed=seed)
        with suppress(UnsoundRead):
            assert await read(sandbox, sandbox, dialect)
    sandbox.no_faults()
    assert await read(sandbox, sandbox, dialect)


@pytest.mark.parametrize("meanwhile", ["one goes", "one goes and one comes"])
async def test_rows_that_are_shifted_by_others(meanwhile, dialect, start_sandbox: StartSandbox):
    """Between two pages somebody of the first goes: the second begins one later."""
    sandbox = start_sandbox(dialect=dialect, customers=390)
    active = [c["id"] for c in sandbox.customers() if c["status"] == "active"]

    def rule(asked: Asked) -> None:
        query = asked_for(asked)
        if query and (query["page"], query["sort"]) == ("2", "asc") and active[5] in there():
            sandbox.remove(active[5])
            if "comes" in meanwhile:
                sandbox.add(reference_id="NEW", name="New")

    def there() -> set[str]:
        return {c["id"] for c in sandbox.customers()}

    with between(sandbox, rule) as server:
        assert await read(server, sandbox, dialect)
    assert active[5] not in there()
