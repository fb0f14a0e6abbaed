import pandas as pd
import pytest

from wizsync.model import LIST_SEPARATOR, Compare
from wizsync.plan import differs, same

PLAIN = Compare()


@pytest.mark.parametrize(
    ("field", "left", "right"),
    [
        ("companyName", "Acme  Ltd", " Acme\tLtd "),
        ("companyName", "Acme\u00a0Ltd", "Acme Ltd"),
        ("companyName", "Cafe\u0301", "Café"),
        ("companyName", "   ", ""),
        ("email", "Ann@Example.COM ", "ann@example.com"),
        ("phone", "+1 415 555 0100", "+1 (415) 555-0100"),
        ("phone", "+1 415 555 0100 ext. 12", "+1-415-555-0100 x12"),
        ("phone", "(415) 555-0100", "415.555.0100"),
        ("phone", "+1 415 555 0100", "(415) 555-0100"),
        ("phone", "020 7946 0958", "+44 20 7946 0958"),
        ("phone", "N/A", "n/a"),
        ("phone", "+", "+"),
        ("phone", "\uff14\uff11\uff155550100", "4155550100"),
        ("assignedSalesRepIds", f"a{LIST_SEPARATOR}b", f"b{LIST_SEPARATOR} a{LIST_SEPARATOR}b"),
        ("assignedSalesRepIds", LIST_SEPARATOR, ""),
        ("no field of a customer", "a  b", "a b"),
    ],
)
def test_the_same_in_another_spelling(field: str, left: str, right: str) -> None:
    assert same(field, left, right, PLAIN)
    assert same(field, right, left, PLAIN)


@pytest.mark.parametrize(
    ("field", "left", "right"),
    [
        ("companyName", "Acme", "ACME"),
        ("companyName", "Acme", ""),
        ("companyName", "AcmeLtd", "Acme Ltd"),
        ("email", "ann@example.com", "anne@example.com"),
        ("phone", "+1 415 555 0100", "+1 415 555 0101"),
        ("phone", "+1 415 555 0100", "+44 415 555 0100"),
        ("phone", "+1 415 555 0100 x1", "+1 415 555 0100 x2"),
        ("phone", "+1 415 555 0100", "555 0100"),
        ("phone", "1-800-FLOWERS", "1-800-CONTACTS"),
        ("phone", "n/a", "none"),
        ("phone", "n/a", ""),
        ("phone", "-", ""),
        ("assignedSalesRepIds", f"a{LIST_SEPARATOR}b", "a"),
        ("paymentTerm", "030", "30"),
    ],
)
def test_not_the_same(field: str, left: str, right: str) -> None:
    assert not same(field, left, right, PLAIN)
    assert not same(field, right, left, PLAIN)


def test_case_does_not_count_where_the_mapping_says_so() -> None:
    bent = Compare(casefold=frozenset({"companyName"}))

    assert same("companyName", "STRASSE 1", "Straße  1", bent)
    assert not same("displayName", "ACME", "Acme", bent)


def test_only_digits_count_where_the_mapping_says_so() -> None:
    bent = Compare(equal={"paymentTerm": "digits"})

    assert same("paymentTerm", "net 30", "30 days", bent)
    assert not same("paymentTerm", "cod", "prepaid", bent)
    assert not same("paymentTerm", "cod", "", bent)


def test_an_equality_that_does_not_exist_is_named() -> None:
    with pytest.raises(ValueError, match=r"phone: there is no equality 'letters', only digits"):
        same("phone", "1", "2", Compare(equal={"phone": "letters"}))


def test_columns_are_compared_by_position_and_missing_is_empty() -> None:
    left = pd.Series(["a", None, "", "x  y", "b"], index=[9, 8, 7, 6, 5], dtype="str")
    right = pd.Series(["a", "", None, "x y", "c"], dtype="str")

    unlike = differs("companyName", left, right, PLAIN)

    assert unlike.tolist() == [False, False, False, False, True]
    assert unlike.index.tolist() == [9, 8, 7, 6, 5]


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="phone: 1 values cannot be compared with 0"):
        differs("phone", pd.Series(["1"], dtype="str"), pd.Series([], dtype="str"), PLAIN)
