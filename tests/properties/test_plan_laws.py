"""Laws of the diff, the guards and the plan file, on customers that nobody would think of."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.plan.builders import desired, frame, planned, snapshot
from wizsync.model import (
    CUSTOMER_FIELDS,
    GUARDS,
    LIST_SEPARATOR,
    Absent,
    AbsentPolicy,
    Account,
    Change,
    ChangeKind,
    Compare,
    Conflict,
    Desired,
    FieldChange,
    Limit,
    LookAlike,
    Mode,
    Plan,
    Reject,
    Rules,
    Scope,
    Snapshot,
    Source,
    SourceRow,
    Tally,
)
from wizsync.plan import differs, judge, read_plan, same, write_plan

LAW = settings(max_examples=40, deadline=None)

FIELDS = [name for name in CUSTOMER_FIELDS if name != "referenceId"]
MAPPED = ["companyName", "displayName", "email", "phone", "assignedSalesRepIds", "displayId"]

# Spaces, quotes, line ends, digits and letters of several scripts, signs that combine, control characters.
ALPHABET = 'aA0 .-+xß\u00a0é\u0301\u0663\u200b\u4e2d\U0001f600\n\r\t\u2028"\\\x00\x1f{}'

# Few keys and few values, so that they meet; some that look alike, and some not as a file writes them.
keys = st.sampled_from(
    ["C-1", "c-1", "C1", "C-001", "D-2", "É", "E\u0301", " D-2", "9", "009", "x"]
)
file_keys = st.sampled_from(["C-1", "c-1", "C1", "C-001", "D-2", "É", "9", "009", "x"])
texts = st.one_of(
    st.sampled_from(
        [
            "",
            "Acme",
            "acme ",
            "Ac\u00a0me",
            "a@b.co",
            "A@B.CO",
            "+1 415 555 0100",
            "(415) 555-0100",
            "+44 20 7946 0958",
            f"r1{LIST_SEPARATOR}r2",
            f"r2{LIST_SEPARATOR}r1",
        ]
    ),
    st.text(ALPHABET, max_size=6),
)
statuses = st.sampled_from(["active", "active", "inactive", "archived"])


@st.composite
def snapshots(draw: st.DrawFn) -> Snapshot:
    """A complete account; every mapped field is read."""
    customers = draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "referenceId": st.one_of(st.just(""), keys),
                    "status": statuses,
                    **dict.fromkeys(MAPPED, texts),
                }
            ),
            max_size=6,
        )
    )
    return snapshot(*customers, *([] if customers else [dict.fromkeys(MAPPED, "")]))


cells = st.one_of(st.none(), texts)
modes = st.sampled_from(list(Mode))


@st.composite
def desireds(draw: st.DrawFn) -> Desired:
    """A file that maps some fields, with rows that ask for different things."""
    mapped = draw(st.lists(st.sampled_from(MAPPED), unique=True))
    named = draw(st.lists(file_keys, unique=True, max_size=6))
    rows = [{"referenceId": key, **{name: draw(cells) for name in mapped}} for key in named]
    defaulted = draw(st.lists(st.sampled_from(mapped), unique=True)) if mapped else []
    wanted = desired(
        *rows,
        actions=[draw(modes).value for _ in rows],
        present=frozenset(named) | frozenset(draw(st.lists(file_keys, max_size=3))),
        keys_unread=draw(st.sampled_from([0, 0, 0, 1])),
    )
    return replace(
        wanted,
        customers=frame(rows, mapped),
        defaults=frame([{name: draw(texts) for name in defaulted}] * len(rows), defaulted),
    )


rules = st.builds(
    Rules,
    absent=st.one_of(
        st.builds(Absent, st.sampled_from([AbsentPolicy.IGNORE, AbsentPolicy.REPORT])),
        st.just(Absent(AbsentPolicy.DELETE)),
        st.builds(
            Absent, st.just(AbsentPolicy.SET), st.fixed_dictionaries({"phone": st.just("000")})
        ),
    ),
    scope=st.sampled_from([Scope(), Scope(prefix="C")]),
    compare=st.builds(
        Compare,
        ignore=st.frozensets(st.sampled_from(MAPPED), max_size=1),
        casefold=st.frozensets(st.sampled_from(MAPPED), max_size=2),
    ),
)


def names_somebody(wanted: Desired) -> bool:
    return bool(wanted.present)


def fully(account: Snapshot) -> Desired:
    """The account as a file would say it, doubled and nameless customers left out."""
    customers = account.customers
    kept = customers[
        (customers["referenceId"].str.strip() != "")
        & (customers["companyName"].str.strip() != "")
        & (customers["displayName"].str.strip() != "")
    ]
    tidy = kept["referenceId"].str.strip().str.normalize("NFC")
    kept = kept.assign(referenceId=tidy).drop_duplicates("referenceId")
    return desired(*kept[["referenceId", *MAPPED]].to_dict("records"))


# --- the diff -----------------------------------------------------------------------------------


@LAW
@given(snapshots(), rules)
def test_a_diff_with_itself_is_empty(account: Snapshot, bent: Rules) -> None:
    bent = replace(bent, absent=Absent())

    assert planned(fully(account), account, bent).changes == ()


@LAW
@given(desireds().filter(names_somebody), snapshots(), rules, st.randoms())
def test_row_order_changes_no_plan(
    wanted: Desired, account: Snapshot, bent: Rules, random: object
) -> None:
    order = list(range(len(wanted)))
    random.shuffle(order)  # type: ignore[attr-defined]
    # The rows keep their numbers; the customers made of them stand in another order.
    shuffled = replace(
        wanted,
        keys=wanted.keys.iloc[order].reset_index(drop=True),
        actions=wanted.actions.iloc[order].reset_index(drop=True),
        customers=wanted.customers.iloc[order].reset_index(drop=True),
        defaults=wanted.defaults.iloc[order].reset_index(drop=True),
        positions=wanted.positions[order],
    )

    assert planned(shuffled, account, bent) == planned(wanted, account, bent)


@LAW
@given(desireds().filter(names_somebody), snapshots(), rules)
def test_what_is_not_mapped_is_never_touched(
    wanted: Desired, account: Snapshot, bent: Rules
) -> None:
    mapped = set(wanted.customers.columns)

    for change in planned(wanted, account, bent).changes:
        touched = {one.field for one in change.fields}
        if change.kind is not ChangeKind.DELETE:
            assert touched <= (set(bent.absent.values) if change.absent else mapped)
        if change.kind is ChangeKind.UPDATE:
            assert not touched & bent.compare.ignore


@LAW
@given(desireds().filter(names_somebody), snapshots(), rules)
def test_nobody_whom_a_row_names_is_deleted_or_set_as_absent(
    wanted: Desired, account: Snapshot, bent: Rules
) -> None:
    plan = planned(wanted, account, bent)

    for change in plan.changes:
        if change.absent:
            assert change.reference_id not in wanted.present
            assert bent.scope.prefix is None or change.reference_id.startswith(bent.scope.prefix)
            assert not wanted.keys_unread
    assert not wanted.present & {key for key, _ in plan.absent}


@LAW
@given(desireds().filter(names_somebody), snapshots(), rules)
def test_every_customer_of_the_file_is_counted_once(
    wanted: Desired, account: Snapshot, bent: Rules
) -> None:
    plan = planned(wanted, account, bent)
    tally = plan.tally
    absent = sum(change.absent for change in plan.changes)
    conflicts = sum(bool(conflict.rows) for conflict in plan.conflicts)

    written = tally.create + tally.update + tally.update_held + tally.delete + tally.held
    done = written - absent
    assert done + tally.unchanged + tally.skipped + conflicts == tally.customers
    assert tally.customers + tally.rejected == len(wanted)
    assert len(plan.changes) == written
    assert len({(change.kind, change.reference_id) for change in plan.changes}) == len(plan.changes)


def applied(plan: Plan, account: Snapshot) -> Snapshot:
    """What the account is after a plan, held creates left out."""
    customers = {one["id"]: one for one in account.customers.to_dict("records")}
    for change in plan.changes:
        after = {one.field: one.after for one in change.fields}
        if change.kind is ChangeKind.CREATE and not change.held_for:
            empty = dict.fromkeys(account.customers.columns, "")
            key = change.reference_id
            new = {"id": f"new-{key}", "referenceId": key, "status": "active"}
            customers[new["id"]] = {**empty, **new, **after}
        elif change.kind is ChangeKind.UPDATE:
            customers[change.customer_id].update(after)
        elif change.kind is ChangeKind.DELETE:
            del customers[change.customer_id]
    rows = list(customers.values())
    return Snapshot(frame(rows, account.customers.columns), complete=True, total=len(rows))


@LAW
@given(desireds().filter(names_somebody), snapshots(), rules)
def test_planning_again_after_applying_is_empty(
    wanted: Desired, account: Snapshot, bent: Rules
) -> None:
    # What a create cannot carry, and what of it was blank and is to be cleared, comes in two steps.
    once = applied(planned(wanted, account, bent), account)
    twice = applied(planned(wanted, once, bent), once)

    again = planned(wanted, twice, bent)

    assert [change for change in again.changes if not change.held_for] == []


@LAW
@given(desireds().filter(names_somebody), snapshots(), rules)
def test_a_plan_is_as_the_account_was(wanted: Desired, account: Snapshot, bent: Rules) -> None:
    by_id = {one["id"]: one for one in account.customers.to_dict("records")}

    for change in planned(wanted, account, bent).changes:
        if change.kind is not ChangeKind.CREATE:
            customer = by_id[change.customer_id]
            assert all(customer[one.field] == one.before for one in change.fields)
            assert all(customer[name] == value for name, value in change.seen.items())


# --- equality -----------------------------------------------------------------------------------

compares = st.builds(
    Compare,
    casefold=st.frozensets(st.sampled_from(MAPPED)),
    equal=st.dictionaries(st.sampled_from(MAPPED), st.just("digits"), max_size=1),
)


@LAW
@given(st.sampled_from(FIELDS), st.lists(st.tuples(texts, texts), max_size=8), compares)
def test_columns_differ_where_their_cells_do(
    field: str, pairs: Sequence[tuple[str, str]], compare: Compare
) -> None:
    left = pd.Series([one for one, _ in pairs], dtype="str")
    right = pd.Series([one for _, one in pairs], dtype="str")

    assert differs(field, left, right, compare).tolist() == [
        not same(field, one, other, compare) for one, other in pairs
    ]


@LAW
@given(st.sampled_from(FIELDS), texts, texts, compares)
def test_equality_has_no_sides_and_empty_equals_only_blank(
    field: str, left: str, right: str, compare: Compare
) -> None:
    assert same(field, left, left, compare)
    assert same(field, left, right, compare) == same(field, right, left, compare)
    assert same(field, left, "", compare) == (not left.replace(LIST_SEPARATOR, " ").strip())


# --- guards -------------------------------------------------------------------------------------

counts = st.integers(0, 40)
limits = st.builds(
    Limit,
    st.one_of(st.none(), counts),
    st.one_of(st.none(), st.integers(0, 100).map(lambda percent: percent / 100)),
)
tallies = st.builds(
    Tally,
    rows=counts,
    rejected=counts,
    create=counts,
    update=counts,
    delete=counts,
    held=counts,
    update_held=counts,
    in_account=st.one_of(st.none(), st.integers(0, 99)),
    in_account_before=st.one_of(st.none(), st.integers(0, 99)),
    in_scope=st.one_of(st.none(), st.integers(0, 200)),
    children_remove=counts,
    children_held=counts,
    children_there=st.integers(0, 200),
    shrunk=st.dictionaries(
        st.sampled_from(["", "Ship-to"]),
        st.tuples(st.integers(0, 99), st.integers(0, 99)).map(lambda two: (min(two), max(two) + 1)),
    ),
    erased_by_field=st.dictionaries(st.sampled_from(MAPPED), counts, max_size=2),
    filled_by_field=st.dictionaries(st.sampled_from(MAPPED), counts, max_size=3),
)


def exceeds(number: int, limit: Limit | None, out_of: int | None, least: int) -> bool:
    """The definition, in whole percents."""
    if limit is None:
        return False
    over_count = limit.count is not None and number > limit.count
    if limit.share == 0:
        return over_count or number > 0
    over_share = (
        limit.share is not None
        and out_of is not None
        and number > max(least, round(limit.share * 100) * out_of // 100)
    )
    return over_count or over_share


def deletes_exceed(number: int, limit: Limit | None, out_of: int | None) -> bool:
    """As for the others, but that a share of nobody knows how many lets 10 through."""
    only_share = limit is not None and limit.count is None and limit.share
    if only_share and out_of is None:
        return number > 10
    return exceeds(number, limit, out_of, 1)


@LAW
@given(
    tallies,
    st.dictionaries(st.sampled_from(GUARDS), limits),
    st.dictionaries(st.sampled_from(GUARDS), limits),
)
def test_guards_are_as_defined(
    tally: Tally, by_mapping: dict[str, Limit], allowances: dict[str, Limit]
) -> None:
    plan = replace(planned(desired(), snapshot()), rules=Rules(limits=by_mapping), tally=tally)
    limit = {**by_mapping, **allowances}
    held = "look_alikes" in allowances
    creates = tally.create + (tally.held if held else 0)
    updates = tally.update + (tally.update_held if "child_moves" in allowances else 0)
    expected = {
        "deletes": deletes_exceed(tally.delete, limit.get("deletes"), tally.in_scope),
        "children_removed": exceeds(
            tally.children_remove, limit.get("children_removed"), tally.children_there, 5
        ),
        "shrink": bool(tally.delete or tally.children_remove)
        and any(
            exceeds(before - now, limit.get("shrink"), before, 5)
            for now, before in tally.shrunk.values()
        ),
        "account_shrink": bool(creates or tally.delete or tally.children_remove)
        and None not in (tally.in_account, tally.in_account_before)
        and exceeds(
            tally.in_account_before - tally.in_account,
            limit.get("account_shrink"),
            tally.in_account_before,
            5,
        ),
        "empty_account": tally.in_account == 0
        and exceeds(creates, limit.get("empty_account"), 0, 0),
        "updates": exceeds(updates, limit.get("updates"), tally.in_scope, 5),
        "creates": exceeds(creates, limit.get("creates"), tally.in_scope, 5),
        "erased": any(
            exceeds(number, limit.get("erased"), tally.filled_by_field.get(field), 5)
            for field, number in tally.erased_by_field.items()
        ),
        "rejected": exceeds(tally.rejected, limit.get("rejected"), tally.rows, 5),
        "look_alikes": held and exceeds(tally.held, allowances["look_alikes"], tally.in_scope, 5),
        "child_moves": "child_moves" in allowances
        and exceeds(tally.children_held, allowances["child_moves"], None, 5),
    }

    breaches = judge(plan, allowances)

    assert [breach.guard for breach in breaches] == [name for name in GUARDS if expected[name]]
    words = {one.guard: Limit(count=int(one.allow.split("=")[1])) for one in breaches}
    assert judge(plan, {**allowances, **words}) == ()


# --- the plan file ------------------------------------------------------------------------------

anything = st.text(ALPHABET, max_size=12)
some_rows = st.lists(
    st.builds(
        SourceRow,
        st.integers(1, 10**7),
        st.integers(1, 10**7),
        st.lists(anything, max_size=3).map(tuple),
    ),
    min_size=1,
    max_size=2,
).map(tuple)
field_changes = st.builds(FieldChange, st.sampled_from(FIELDS), anything, anything)


def counted(plan: Plan) -> Tally:
    """A plan's tally, as a reader would count what the plan lists."""
    kinds = ["held" if change.held_for else change.kind.value for change in plan.changes]
    erased = Counter(
        one.field
        for change in plan.changes
        if change.kind is ChangeKind.UPDATE
        for one in change.fields
        if not one.after.strip()
    )
    return replace(
        plan.tally,
        rejected=len({row.number for one in plan.rejects for row in one.rows}),
        erased=sum(erased.values()),
        erased_by_field=erased,
        **{name: kinds.count(name) for name in ("create", "update", "delete", "rename", "held")},
        update_held=0,
        **dict.fromkeys(("children_add", "children_change", "children_remove", "children_held"), 0),
    )


plans = st.builds(
    Plan,
    created=anything,
    account=st.builds(Account, anything, anything, anything, anything),
    dialect=st.sampled_from(["camel", "snake"]),
    source=st.builds(
        Source,
        anything,
        anything,
        st.one_of(st.none(), anything),
        st.one_of(st.none(), anything),
        st.lists(anything, max_size=2).map(tuple),
    ),
    columns=st.lists(anything, max_size=3).map(tuple),
    rules=st.builds(
        Rules,
        mode=modes,
        absent=st.builds(
            Absent,
            st.sampled_from(list(AbsentPolicy)),
            st.dictionaries(anything, anything, max_size=2),
        ),
        scope=st.builds(
            Scope,
            st.one_of(st.none(), anything),
            st.one_of(st.none(), anything),
            st.one_of(st.none(), st.frozensets(anything, max_size=3)),
        ),
        compare=st.builds(
            Compare,
            st.frozensets(anything, max_size=2),
            st.frozensets(anything, max_size=2),
            st.dictionaries(anything, anything, max_size=2),
        ),
        limits=st.dictionaries(st.sampled_from(GUARDS), limits),
        columns=st.dictionaries(anything, anything, max_size=2),
        mapping_name=anything,
        mapping_digest=anything,
    ),
    changes=st.lists(
        st.builds(
            Change,
            st.sampled_from(list(ChangeKind)),
            anything,
            st.one_of(st.none(), anything),
            anything,
            st.lists(field_changes, max_size=2).map(tuple),
            rows=some_rows,
            absent=st.booleans(),
            held_for=st.lists(
                st.builds(LookAlike, anything, anything, anything, anything), max_size=2
            ).map(tuple),
            seen=st.dictionaries(anything, anything, max_size=2),
        ),
        max_size=3,
        unique_by=lambda change: change.reference_id,
    ).map(tuple),
    rejects=st.lists(
        st.builds(
            Reject,
            anything,
            anything,
            anything,
            some_rows,
            column=st.one_of(st.none(), anything),
            value=st.one_of(st.none(), anything),
            key=st.one_of(st.none(), anything),
        ),
        max_size=2,
    ).map(tuple),
    conflicts=st.lists(
        st.builds(
            Conflict, anything, st.lists(anything, max_size=2).map(tuple), anything, some_rows
        ),
        max_size=2,
    ).map(tuple),
    absent=st.lists(st.tuples(anything, anything), max_size=3).map(tuple),
    tally=tallies,
    notes=st.lists(anything, max_size=2).map(tuple),
).map(lambda plan: replace(plan, tally=counted(plan)))


@LAW
@given(plans)
def test_a_plan_written_and_read_back_is_equal(plan: Plan) -> None:
    with tempfile.TemporaryDirectory() as folder:
        digest = write_plan(plan, Path(folder, "plan.jsonl"))
        back = read_plan(Path(folder, "plan.jsonl"))

        assert back == plan
        assert write_plan(back, Path(folder, "again.jsonl")) == digest
