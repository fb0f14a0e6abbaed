"""Transforms of e-mail addresses and phone numbers."""

from __future__ import annotations

import re
from typing import Annotated

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import PhoneNumberFormat, ValidationResult
from pydantic import AfterValidator, Field

from wizsync.mapping.transforms.arguments import ColumnName
from wizsync.mapping.transforms.fault import Fault
from wizsync.mapping.transforms.places import country_code
from wizsync.mapping.transforms.plain_contact import plain_email, plain_phone


def email(text: str) -> str:
    """Check that it is one e-mail address, and make its domain small letters."""
    plain = plain_email(text)
    if plain is not None:
        return plain
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized
    except EmailNotValidError:
        pass
    if len(re.findall(r"\S@\S", text)) > 1:
        raise Fault("bad_email", "holds more than one e-mail address", "Keep one.")
    raise Fault(
        "bad_email", "is not an e-mail address", "Write it as name@company.com, or empty the cell."
    )


def _known_region(region: str) -> str:
    code = region.upper()
    if code not in phonenumbers.SUPPORTED_REGIONS:
        example = "GB for the United Kingdom" if code == "UK" else "US, CA, GB or DE"
        raise ValueError(f"no country's two letters: write {example}")
    return code


Region = Annotated[str, AfterValidator(_known_region)]

_LENGTHS = {
    ValidationResult.TOO_SHORT: "is too short for a phone number",
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "has no area code",
    ValidationResult.TOO_LONG: "is too long for a phone number",
    ValidationResult.INVALID_COUNTRY_CODE: "begins with a country code that does not exist",
}


def phone(
    text: str,
    region: Annotated[
        Region | None, Field(description="The country of numbers without +, its two letters.")
    ] = None,
    country_from: Annotated[
        ColumnName | None, Field(description="The column that says each row's country.")
    ] = None,
    row_country: str = "",
) -> str:
    """Make it an international number, `+12125550100`, by the row's country or else `region`.

    The row's country is what a block of addresses or contacts has as its country, or stands in the column
    `country_from`. Where it is filled and no country, `region` is not taken in its place: that would be a
    guess, and might give somebody else's number.
    """
    del country_from  # read beside the cell, and given as `row_country`
    named = row_country.strip()
    here = country_code(named) if named else region
    plain = plain_phone(text, here)
    if plain is not None:
        return plain
    try:
        parsed = phonenumbers.parse(text, here)
    except phonenumbers.NumberParseException as error:
        raise _unparsed(text, error) from None
    if not phonenumbers.is_valid_number(parsed):
        length = phonenumbers.is_possible_number_with_reason(parsed)
        says = _LENGTHS.get(length, "is not a phone number that exists")
        raise Fault("bad_phone", says, _PHONE_HINT)
    plain = phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
    return f"{plain} ext. {parsed.extension}" if parsed.extension else plain


_PHONE_HINT = "Write it with its area code, or as +1 212 555 0100, or empty the cell."


def _unparsed(text: str, error: phonenumbers.NumberParseException) -> Fault:
    if error.error_type == error.INVALID_COUNTRY_CODE:
        if text.lstrip().startswith(("+", "\uff0b")):
            says = _LENGTHS[ValidationResult.INVALID_COUNTRY_CODE]
            return Fault("bad_phone", says, _PHONE_HINT)
        return Fault(
            "bad_phone",
            "has no country code",
            "Write it as +1 212 555 0100, or name the country in the mapping: {phone: US}.",
        )
    if error.error_type in (error.TOO_SHORT_NSN, error.TOO_SHORT_AFTER_IDD):
        return Fault("bad_phone", _LENGTHS[ValidationResult.TOO_SHORT], _PHONE_HINT)
    if error.error_type == error.TOO_LONG:
        return Fault("bad_phone", _LENGTHS[ValidationResult.TOO_LONG], _PHONE_HINT)
    return Fault("bad_phone", "is not a phone number", _PHONE_HINT)
