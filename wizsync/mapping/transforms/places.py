"""Transforms of countries, states, and the line with the city."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Literal

import pycountry
from pydantic import AfterValidator
from rapidfuzz import fuzz, process

from wizsync.mapping.transforms.arguments import ColumnName
from wizsync.mapping.transforms.fault import Fault

# Names in everyday use that ISO 3166 lists under none of its names.
_EVERYDAY = {
    "uk": "GB", "u.k.": "GB", "great britain": "GB", "britain": "GB", "england": "GB",
    "scotland": "GB", "wales": "GB", "northern ireland": "GB", "u.s.": "US", "u.s.a.": "US",
    "america": "US", "the netherlands": "NL", "holland": "NL", "south korea": "KR",
    "north korea": "KP", "russia": "RU", "czech republic": "CZ", "turkey": "TR", "turkiye": "TR",
    "ivory coast": "CI", "cape verde": "CV", "swaziland": "SZ", "macedonia": "MK", "burma": "MM",
    "uae": "AE", "u.a.e.": "AE", "vatican": "VA", "brunei": "BN", "laos": "LA", "syria": "SY",
    "iran": "IR", "macau": "MO", "hong kong sar": "HK", "palestine": "PS", "east timor": "TL",
    "deutschland": "DE", "österreich": "AT", "schweiz": "CH", "suisse": "CH", "españa": "ES",
    "italia": "IT", "méxico": "MX", "brasil": "BR", "belgique": "BE", "belgië": "BE",
    "danmark": "DK", "sverige": "SE", "norge": "NO", "suomi": "FI", "polska": "PL",
}  # fmt: skip


@cache
def _countries() -> dict[str, Any]:
    """Every name and code of a country, plain, to its record."""
    names: dict[str, Any] = {}
    for record in pycountry.countries:
        for key in ("alpha_2", "alpha_3", "name", "official_name", "common_name"):
            if hasattr(record, key):
                names[_plain(getattr(record, key))] = record
    for name, code in _EVERYDAY.items():
        names.setdefault(_plain(name), names[_plain(code)])
    return names


def _plain(text: str) -> str:
    """A name as it is looked up: without capitals, accents and doubled spaces."""
    letters = unicodedata.normalize("NFKD", " ".join(text.split()).casefold()).replace("’", "'")
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def country_code(text: str) -> str | None:
    """The two letters of a country by any of its names and codes, None where it is none."""
    record = _countries().get(_plain(text)) if text else None
    return None if record is None else str(record.alpha_2)


# How alike a misspelt name must be, of 100, and how far ahead of the next one.
_ALIKE = 88
_AHEAD = 6


def _misspelt(text: str, names: Mapping[str, Any]) -> Any:
    """What a name most likely stands for; None where two are near, or none is.

    Short texts are codes, and a code with a wrong letter is another code.
    """
    plain = _plain(text)
    if len(plain) < 5:
        return None
    found = process.extract(
        plain, [name for name in names if len(name) > 3], scorer=fuzz.ratio, limit=5
    )
    best: dict[str, tuple[float, Any]] = {}
    for name, score, _ in found:
        record = names[name]
        best.setdefault(str(record), (score, record))
    ranked = sorted(best.values(), key=lambda one: -one[0])
    if not ranked or ranked[0][0] < _ALIKE:
        return None
    if len(ranked) > 1 and ranked[0][0] - ranked[1][0] < _AHEAD:
        return None
    return ranked[0][1]


def country(text: str, form: Literal["alpha_2", "alpha_3", "name"] = "alpha_2") -> str:
    """Make it a country's code, `US`; `form` may also be alpha_3 (`USA`) or name."""
    record = _countries().get(_plain(text)) or _misspelt(text, _countries())
    if record is None:
        raise Fault(
            "bad_country",
            "is not a country",
            "Write its English name or its two letters, such as Germany or DE.",
        )
    return str(getattr(record, form))


def _subdivisions(country_code: str) -> list[Any]:
    # The library has no types here.
    return list(pycountry.subdivisions.get(country_code=country_code) or ())  # type: ignore[no-untyped-call]


def _known_country(code: str) -> str:
    record = pycountry.countries.get(alpha_2=code.upper())
    if record is None or not _subdivisions(code.upper()):
        raise ValueError("no country's two letters: write US, CA, AU or the like")
    return code.upper()


CountryCode = Annotated[str, AfterValidator(_known_country)]


@cache
def _states(country_code: str) -> dict[str, str]:
    """Every name and code of a country's states, plain, to the short code."""
    names: dict[str, str] = {}
    for record in _subdivisions(country_code):
        short = record.code.partition("-")[2]
        names.setdefault(_plain(record.name), short)
        names[_plain(short)] = short
        names[_plain(record.code)] = short
    return names


def state(
    text: str,
    country: CountryCode | None = None,
    country_from: ColumnName | None = None,
    row_country: str = "",
) -> str:
    """Make it the code of a state or province, `CA`, of the country given, or of the row's.

    The row's country is what a block of addresses has as its country, or stands in the column `country_from`.
    Of a country without states the text stays as it is.
    """
    del country_from  # read beside the cell, and given as `row_country`
    code = country or country_code(row_country)
    if code is None:
        raise Fault(
            "bad_state", "has no country that says which state it is", "Fill in the country."
        )
    known = _states(code)
    if not known:
        return text
    found = known.get(_plain(text)) or _misspelt(text, known)
    if found is None:
        raise Fault(
            "bad_state", f"is not a state of {code}", "Write its name or its code, such as CA."
        )
    return str(found)


# How the line with the city is written, the first that fits.
_US_OR_CANADIAN_ZIP = r"\d{5}(?:-\d{4})?|[A-Za-z]\d[A-Za-z] ?\d[A-Za-z]\d"
_CITY_LINES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<city>.+?)[,\s]\s*(?P<state>[A-Za-z]{{2}})\.?,?\s+(?P<zip>{_US_OR_CANADIAN_ZIP})",
        rf"(?P<city>[^,]+),\s*(?P<state>[^\d,]+?),?\s+(?P<zip>{_US_OR_CANADIAN_ZIP})",
        r"(?:[A-Z]{1,2}-)?(?P<zip>\d{4} [A-Z]{2}|\d{3} \d{2}|\d{4,5})\s+(?P<city>[^\d,]+)",
        r"(?P<city>[^\d,]+),?\s+(?P<zip>[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})",
        r"(?P<city>[^\d,]+),\s*(?P<state>[A-Za-z]{2})",
    )
)


def city_line(text: str, part: Literal["city", "state", "zip"]) -> str:
    """Take the city, the state or the zip code out of a line such as `Austin, TX 78701`."""
    line = " ".join(text.split())
    for pattern in _CITY_LINES:
        found = pattern.fullmatch(line)
        if found is not None:
            return (found.groupdict().get(part) or "").strip(" ,")
    raise Fault(
        "bad_city_line",
        "is not a line of city, state and zip code",
        "Write it as Austin, TX 78701 or 10115 Berlin.",
    )
