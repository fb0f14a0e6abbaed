"""E-mail addresses and phone numbers as most are written, told on a shorter way than the libraries'.

What is told here is what the libraries say of the same text; of any other text nothing is told. A number is
told by the library's own metadata, in the library's own order; tests compare the two, country by country.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import email_validator
from email_validator.rfc_constants import CASE_INSENSITIVE_MAILBOX_NAMES
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata
from phonenumbers.phonemetadata import PhoneNumberDesc

# --- e-mail -------------------------------------------------------------------------------------

_ATOM = r"[a-zA-Z0-9_!#$%&'*+\-/=?^`{|}~]+"
_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_EMAIL = re.compile(rf"({_ATOM}(?:\.{_ATOM})*)@((?:{_LABEL}\.)+{_LABEL}(?<=[a-zA-Z]))")
_LONGEST_EMAIL = 200  # well within every limit
_CASELESS = frozenset(CASE_INSENSITIVE_MAILBOX_NAMES)
_RESERVED = tuple(f".{name}" for name in email_validator.SPECIAL_USE_DOMAIN_NAMES)


def plain_email(text: str) -> str | None:
    """A plain address with its domain in small letters; None of a text that is to be looked at closely."""
    found = _EMAIL.fullmatch(text) if len(text) <= _LONGEST_EMAIL else None
    if found is None:
        return None
    local, domain = found[1], found[2].lower()
    if "--" in domain or f".{domain}".endswith(_RESERVED) or local.lower() in _CASELESS:
        return None
    return f"{local}@{domain}"


# --- phone --------------------------------------------------------------------------------------

_PHONE = re.compile(r"\(?(\+?)\(?[0-9][0-9 ().-]*")
_NO_DIGITS = str.maketrans("", "", " ().-+")
_FEWEST, _MOST = 5, 15


@dataclass(frozen=True, slots=True)
class _Country:
    """How a country's numbers are told.

    Args:
        code: Its calling code.
        main: The first country of that code, whose numbers are looked for first.
        stripped: How a national number begins that may lose its beginning.
        stripped_here: The same of a number that is dialled there.
        existing: Length of a national number to what the numbers that exist match.
    """

    code: str
    main: str
    stripped: re.Pattern[str]
    stripped_here: re.Pattern[str]
    existing: dict[int, re.Pattern[str]]


def plain_phone(text: str, region: str | None) -> str | None:
    """A plain number that exists, in its international form; None of one that is to be looked at closely.

    Args:
        text: The number.
        region: The country of a number without +, its two letters.
    """
    found = _PHONE.fullmatch(text)
    if found is None:
        return None
    digits = text.translate(_NO_DIGITS)
    if not _FEWEST <= len(digits) <= _MOST:
        return None
    if found[1]:
        region = _region_called(digits)
        country = _country(region) if region is not None else None
        if country is None:
            return None
        digits = digits[len(country.code) :]
        begins = country.stripped
    else:
        country = _country(region) if region is not None else None
        if country is None:
            return None
        begins = country.stripped_here
    if digits[:1] == "0" or begins.match(digits):
        return None
    main = country if country.main == region else _country(country.main)
    existing = main.existing.get(len(digits)) if main is not None else None
    if existing is None or not existing.fullmatch(digits):
        return None
    return f"+{country.code}{digits}"


def _region_called(digits: str) -> str | None:
    """The main country of an international number without its +."""
    for length in (1, 2, 3):
        regions = COUNTRY_CODE_TO_REGION_CODE.get(int(digits[:length]))
        if regions is not None and digits[0] != "0":
            return regions[0]
    return None


@cache
def _country(region: str) -> _Country | None:
    """How a country's numbers are told; None of one whose are told in another way."""
    known = PhoneMetadata.metadata_for_region(region, None)
    if known is None or known.country_code is None:
        return None
    regions = COUNTRY_CODE_TO_REGION_CODE[known.country_code]
    code = str(known.country_code)
    prefix = known.national_prefix_for_parsing
    here = [code, known.international_prefix, prefix]
    # Of several countries, one that is known by its first digits is not found by its numbers.
    by_digits = len(regions) > 1 and known.leading_digits is not None
    return _Country(
        code,
        regions[0],
        _any_of([prefix]),
        _any_of(here),
        {} if by_digits else _existing(known),
    )


def _any_of(patterns: list[str | None]) -> re.Pattern[str]:
    given = [f"(?:{pattern})" for pattern in patterns if pattern]
    return re.compile("|".join(given) if given else "(?!)")


def _existing(known: PhoneMetadata) -> dict[int, re.Pattern[str]]:
    """Length to what numbers match that are of any type, and as the country's numbers are."""
    types = [
        known.fixed_line,
        None if known.same_mobile_and_fixed_line_pattern else known.mobile,
        known.toll_free,
        known.premium_rate,
        known.shared_cost,
        known.voip,
        known.personal_number,
        known.pager,
        known.uan,
        known.voicemail,
    ]
    found = {}
    for length in range(1, _MOST + 1):
        every, *some = (_pattern(each, length) for each in (known.general_desc, *types))
        some = [pattern for pattern in some if pattern]
        if every and some:
            found[length] = re.compile(
                rf"(?=(?:{every})\Z)(?:{'|'.join(f'(?:{p})' for p in some)})"
            )
    return found


def _pattern(numbers: PhoneNumberDesc | None, length: int) -> str | None:
    """What numbers of a type and a length match."""
    if numbers is None:
        return None
    lengths = numbers.possible_length
    return numbers.national_number_pattern if not lengths or length in lengths else None
