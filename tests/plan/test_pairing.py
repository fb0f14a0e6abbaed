import pytest

from tests.plan.builders import desired, reject, snapshot
from wizsync.model import Mode
from wizsync.plan.pairing import Fate, pair

HERE, ELSEWHERE = {"referenceId": "C-1"}, {"referenceId": "C-2"}


@pytest.mark.parametrize(
    ("mode", "in_account", "fate"),
    [
        (Mode.CREATE, True, Fate.SKIP),
        (Mode.CREATE, False, Fate.CREATE),
        (Mode.UPDATE, True, Fate.COMPARE),
        (Mode.UPDATE, False, Fate.NOT_IN_ACCOUNT),
        (Mode.UPSERT, True, Fate.COMPARE),
        (Mode.UPSERT, False, Fate.CREATE),
        (Mode.DELETE_LISTED, True, Fate.DELETE),
        (Mode.DELETE_LISTED, False, Fate.SKIP),
    ],
)
def test_what_comes_of_a_row(mode: Mode, in_account: bool, fate: Fate) -> None:
    pairing = pair(desired(HERE, action=mode), snapshot(HERE if in_account else ELSEWHERE))

    assert pairing.rows(fate).tolist() == [0]
    assert pairing.found.tolist() == [0 if in_account else -1]


def test_each_row_asks_for_itself() -> None:
    wanted = desired(HERE, ELSEWHERE, actions=["delete-listed", "update"])

    pairing = pair(wanted, snapshot(ELSEWHERE, HERE))

    assert pairing.fates.tolist() == [Fate.DELETE, Fate.COMPARE]
    assert pairing.found.tolist() == [1, 0]


def test_keys_are_paired_trimmed_and_composed_but_by_case() -> None:
    wanted = desired({"referenceId": "Café"}, {"referenceId": "c-1"})

    pairing = pair(wanted, snapshot({"referenceId": " Cafe\u0301 "}, {"referenceId": "C-1"}))

    assert pairing.found.tolist() == [0, -1]


def test_customers_without_key_are_nobodys() -> None:
    pairing = pair(desired(HERE), snapshot({"referenceId": ""}, {"referenceId": None}))

    assert pairing.found.tolist() == [-1]
    assert not pairing.doubled.any()


def test_a_doubled_key_is_found_nowhere() -> None:
    pairing = pair(
        desired(HERE, action=Mode.DELETE_LISTED), snapshot(HERE, {"referenceId": "C-1 "})
    )

    assert pairing.fates.tolist() == [Fate.DOUBLED]
    assert pairing.doubled.tolist() == [True, True]
    assert pairing.found.tolist() == [-1]


def test_what_is_left_of_a_customer_with_a_rejected_row_is_not_used() -> None:
    wanted = desired(HERE, ELSEWHERE, rejects=(reject("C-1"), reject(None)))

    assert pair(wanted, snapshot()).fates.tolist() == [Fate.PARTLY_REJECTED, Fate.CREATE]


def test_an_action_that_is_no_mode_is_a_defect() -> None:
    with pytest.raises(ValueError, match="not a mode: 'merge'"):
        pair(desired(HERE, actions=["merge"]), snapshot())
