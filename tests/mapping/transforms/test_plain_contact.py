"""Plain e-mail addresses and phone numbers are told as the libraries tell them."""

from __future__ import annotations

from random import Random

import phonenumbers
import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from wizsync.mapping.transforms.plain_contact import plain_email, plain_phone

FORMS = ("{}", "({}) {}", "{}-{}", "{}.{}", "{} {}", "({}{}")


def by_the_library(text: str, region: str | None) -> str | None:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    plain = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return f"{plain} ext. {number.extension}" if number.extension else plain


def written(digits: str, chance: Random) -> str:
    """Digits as people write them, with something before and between."""
    cut = chance.randrange(1, len(digits))
    return chance.choice(FORMS).format(digits[:cut], digits[cut:])


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_a_number_of_each_country(region: str) -> None:
    chance = Random(region)
    code = phonenumbers.country_code_for_region(region)
    prefix = phonenumbers.ndd_prefix_for_region(region, True) or ""
    for kind in PhoneNumberType.values():
        example = phonenumbers.example_number_for_type(region, kind)
        for _ in range(5 if example else 0):
            digits = phonenumbers.national_significant_number(example)
            # One digit otherwise: mostly a number still, and sometimes none.
            at = chance.randrange(len(digits))
            near = f"{digits[:at]}{chance.randrange(10)}{digits[at + 1 :]}"
            for text in (
                digits,
                near,
                f"{prefix}{near}",
                f"{code}{near}",
                f"+{code}{near}",
                near + "1",
            ):
                cell = written(text.removeprefix("+"), chance)
                cell = f"+{cell}" if text.startswith("+") else cell
                for here in (region, "US", None):
                    plain = plain_phone(cell, here)
                    assert plain is None or plain == by_the_library(cell, here), (cell, here)


@given(
    st.text("0123456789 ().-+", min_size=1, max_size=20),
    st.sampled_from(sorted(phonenumbers.SUPPORTED_REGIONS)),
)
def test_any_text_of_digits(text: str, region: str) -> None:
    plain = plain_phone(text, region)

    assert plain is None or plain == by_the_library(text, region)


@pytest.mark.parametrize(
    "text", ["(212) 555-0100", "212.555.0100", "+1 212 555 0100", "(+1) 2125550100"]
)
def test_a_plain_number_is_told(text: str) -> None:
    assert plain_phone(text, "US") == plain_phone(text, "CA") == "+12125550100"


@pytest.mark.parametrize(
    "text",
    ["212 555 0100 x5", "1 212 555 0100", "011 49 30 123456", "5550100", "9" * 16, "+", "", "٣٤٥"],
)
def test_any_other_is_left_to_the_library(text: str) -> None:
    assert plain_phone(text, "US") is None


@given(
    st.from_regex(
        r"[a-zA-Z.+!_-]{1,12}@[a-zA-Z0-9.-]{1,20}(\.(test|Local|com|c0|x-y))?", fullmatch=True
    )
)
def test_an_address_is_told_as_the_library_tells_it(text: str) -> None:
    plain = plain_email(text)

    if plain is not None:
        assert plain == validate_email(text, check_deliverability=False).normalized


@pytest.mark.parametrize("text", ["a.b+c@Shop.COM", "O'Neil@a-b.example.org", "x_y@1a.co"])
def test_a_plain_address_is_told(text: str) -> None:
    assert plain_email(text) == validate_email(text, check_deliverability=False).normalized


@pytest.mark.parametrize(
    "text",
    [
        "a@b", "a@b.test", "a@shop.local", "a@home.arpa", "a@x.c1", ".a@b.com", "a..b@c.com", "a@-b.com",
        "a@ab--c.com", "a@b.com.", f"a@{'b' * 64}.com", f"{'a' * 300}@b.com", "a b@c.com", '"a"@b.com',
        "a@b.com\n",
    ],
)  # fmt: skip
def test_any_other_address_is_left_to_the_library(text: str) -> None:
    assert plain_email(text) is None


@pytest.mark.parametrize(
    "text", ["Info@shop.com", "POSTMASTER@shop.com", "a@münchen.de", "a@xn--mnchen-3ya.de"]
)
def test_an_address_that_the_library_changes_further_is_left_to_it(text: str) -> None:
    assert plain_email(text) is None
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        pytest.fail("it is an address")
