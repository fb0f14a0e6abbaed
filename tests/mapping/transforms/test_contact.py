"""Transforms of e-mail addresses and phone numbers."""

from __future__ import annotations

import pytest

from tests.mapping.builders import transformed
from wizsync.mapping.transforms import Fault
from wizsync.mapping.transforms.contact import email, phone


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ann@example.com", "ann@example.com"),
        (" Ann.Bell@Example.COM ", "Ann.Bell@example.com"),
        ("a+b@x-y.co.uk", "a+b@x-y.co.uk"),
        ("o'neil@acme.com", "o'neil@acme.com"),
        ("ann@münchen.de", "ann@münchen.de"),
        ("ann@xn--mnchen-3ya.de", "ann@münchen.de"),
        ("мария@пример.рф", "мария@пример.рф"),
    ],
)
def test_an_address(text: str, address: str) -> None:
    assert transformed("email", text) == address
    assert transformed("email", address) == address


@pytest.mark.parametrize(
    "text",
    [
        *("", "ann", "ann@", "@acme.com", "ann@acme", "ann@localhost", "a b@acme.com", "a@b c.com"),
        *("ann@acme.com.", "ann@acme..com", "a..b@acme.com", "Ann <ann@acme.com>", "ann@acme.com,"),
        *("mailto:ann@acme.com", "ann@[127.0.0.1]", "ann(at)acme.com", "n/a", "a@" * 5000),
    ],
)
def test_what_is_no_address(text: str) -> None:
    assert transformed("email", text) == "!bad_email"


@pytest.mark.parametrize("text", ["a@b.co; c@d.co", "a@b.co,c@d.co", "a@b.co c@d.co"])
def test_several_addresses_are_told_as_several(text: str) -> None:
    with pytest.raises(Fault) as caught:
        email(text)

    assert (caught.value.says, caught.value.hint) == (
        "holds more than one e-mail address",
        "Keep one.",
    )


@pytest.mark.parametrize(
    ("region", "text", "number"),
    [
        (None, "+1 (212) 555-0100", "+12125550100"),
        (None, "+44 20 7946 0958", "+442079460958"),
        (None, "\uff0b1 212 555 0100", "+12125550100"),
        (None, "tel:+1-212-555-0100", "+12125550100"),
        (None, "+1 212 555 0100 ext. 12", "+12125550100 ext. 12"),
        ("US", "212.555.0100", "+12125550100"),
        ("US", "(212) 555-0100 x5", "+12125550100 ext. 5"),
        ("US", "1-800-FLOWERS", "+18003569377"),
        ("US", "011 44 20 7946 0958", "+442079460958"),
        ("US", "+49 30 123456", "+4930123456"),
        ("DE", "030 123456", "+4930123456"),
        ("DE", "0049 30 123456", "+4930123456"),
        ("GB", "020 7946 0958", "+442079460958"),
    ],
)
def test_a_number(region: str | None, text: str, number: str) -> None:
    assert phone(text, region) == number
    assert phone(number) == number


@pytest.mark.parametrize(
    ("region", "text", "says"),
    [
        (None, "212 555 0100", "has no country code"),
        (None, "0049 30 123456", "has no country code"),
        (None, "+999 123 4567", "begins with a country code that does not exist"),
        (None, "+1 212 555 01000000", "is too long for a phone number"),
        ("US", "555-0100", "has no area code"),
        ("US", "911", "is too short for a phone number"),
        ("US", "212-555-01000", "is too long for a phone number"),
        ("US", "999-555-0100", "is not a phone number that exists"),
        ("US", "212.555.0100 or 212.555.0101", "is too long for a phone number"),
        ("US", "n/a", "is not a phone number"),
        ("US", "", "is not a phone number"),
        ("US", "1" * 300, "is too long for a phone number"),
    ],
)
def test_what_is_no_number(region: str | None, text: str, says: str) -> None:
    with pytest.raises(Fault) as caught:
        phone(text, region)

    assert (caught.value.code, caught.value.says) == ("bad_phone", says)
    assert caught.value.hint.startswith("Write it ")


def test_without_a_region_the_hint_names_the_mapping() -> None:
    with pytest.raises(Fault) as caught:
        phone("212 555 0100")

    assert "{phone: US}" in caught.value.hint


@pytest.mark.parametrize(
    ("region", "row_country", "text", "number"),
    [
        (None, "Germany", "030 123456", "+4930123456"),
        ("US", "deu", "030 123456", "+4930123456"),
        ("US", "Germny", "030 123456", "+4930123456"),
        ("US", " ", "212-555-0100", "+12125550100"),
        ("US", "Narnia", "+49 30 123456", "+4930123456"),
    ],
)
def test_the_rows_country_says_where_a_number_is(
    region: str | None, row_country: str, text: str, number: str
) -> None:
    assert phone(text, region, row_country=row_country) == number


def test_a_country_that_is_none_is_not_taken_for_the_region() -> None:
    with pytest.raises(Fault) as caught:
        phone("212-555-0100", "US", row_country="Narnia")

    assert caught.value.says == "has no country code"
