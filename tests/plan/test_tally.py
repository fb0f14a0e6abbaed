from tests.plan.builders import desired, planned, reject, snapshot, table
from wizsync.model import Compare, Rules, Scope, Tally


def test_rows_are_counted_once_however_many_rejects_they_have() -> None:
    broken = reject(number=9)
    wanted = desired(
        {"referenceId": "C-1"},
        table=table(["C-1"], broken=(broken,)),
        rejects=(broken, reject("X", number=3), reject("X", number=3), reject("Y", number=4)),
        left_out=5,
    )

    tally = planned(wanted, snapshot({"referenceId": "C-1"})).tally

    assert (tally.rows, tally.rejected, tally.left_out) == (2, 3, 5)
    assert (tally.customers, tally.unchanged) == (1, 1)


def test_filled_values_are_those_of_customers_in_scope() -> None:
    rules = Rules(scope=Scope(prefix="C-"), compare=Compare(ignore=frozenset({"email"})))
    wanted = desired({"referenceId": "C-1", "phone": None, "email": "x", "firstName": None})

    tally = planned(
        wanted,
        snapshot(
            {"referenceId": "C-1", "phone": "1", "email": "a", "status": "inactive"},
            {"referenceId": "C-2", "phone": "2", "email": "b"},
            {"referenceId": "C-3", "phone": ""},
            {"referenceId": "C-4", "phone": "4", "status": "inactive"},
            {"referenceId": "D-5", "phone": "5"},
            {"referenceId": "", "phone": "6"},
        ),
        rules,
    ).tally

    assert tally.in_scope == 3
    assert tally.filled_by_field == {"phone": 2}


def test_in_scope_of_an_account_that_was_not_read_whole() -> None:
    partly = snapshot({"referenceId": "C-1"}, complete=False, total=700)

    assert planned(desired({"referenceId": "C-1"}), partly).tally.in_scope == 700
    assert (
        planned(desired({"referenceId": "C-1"}), partly, Rules(scope=Scope(prefix="C"))).tally
    ).in_scope is None


def test_nothing() -> None:
    assert planned(desired(), snapshot()).tally == Tally(in_scope=0, in_account=0)
