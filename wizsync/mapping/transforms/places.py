"""Transforms of countries, states, and the line with the city."""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Annotated, Any, Literal

import pycountry
from pydantic import AfterValidator, Field
from rapidfuzz import process
from rapidfuzz.distance import OSA

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
    "eire": "IE", "republic of ireland": "IE", "irland": "IE", "frankreich": "FR", "italien": "IT",
    "spanien": "ES", "bosnia": "BA", "trinidad": "TT", "dr congo": "CD",
}  # fmt: skip


@cache
def _countries() -> dict[str, str]:
    """Every name and code of a country, plain, to its two letters."""
    names: dict[str, str] = {}
    for record in pycountry.countries:
        for key in ("alpha_2", "alpha_3", "name", "official_name", "common_name"):
            if hasattr(record, key):
                names[_plain(getattr(record, key))] = record.alpha_2
    for name, code in _EVERYDAY.items():
        names.setdefault(_plain(name), names[_plain(code)])
    return names


def _plain(text: str) -> str:
    """A name as it is looked up: without capitals, accents and doubled spaces, "St." and "&" in words."""
    letters = unicodedata.normalize("NFKD", text.casefold()).replace("’", "'").replace("&", " and ")
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(_SAINT.sub("saint ", plain).split())


_SAINT = re.compile(r"\bst(?:\.| )\s*")


@lru_cache(maxsize=4096)
def country_code(text: str) -> str | None:
    """The two letters of a country by any of its names and codes, or one misspelt; None where it is none."""
    if not text.strip():
        return None
    return _countries().get(_plain(text)) or _misspelt(text, _countries())


# How many letters may be wrong, doubled, missing or swapped: in short names one, else two.
_LONG = 8


def _near(text: str, names: Mapping[str, str]) -> list[tuple[int, str, str]]:
    """What a name may be a misspelling of, and what is nearly as near: distance, name and code.

    Short texts are codes, and a code with a wrong letter is another code.
    """
    plain = _plain(text)
    if len(plain) < 5:
        return []
    within = (2 if len(plain) >= _LONG else 1) + 1
    choices = [name for name in names if len(name) > 3]
    found = process.extract(
        plain, choices, scorer=OSA.distance, score_cutoff=within, limit=len(choices)
    )
    near = [(int(distance), name, names[name]) for name, distance, _ in found]
    # "Dominican" is nearly Dominica, and just as well a part of Dominican Republic.
    near += [(0, name, names[name]) for name in choices if f" {plain} " in f" {name} "]
    return sorted(near)


def _misspelt(text: str, names: Mapping[str, str]) -> str | None:
    """The code of what a name most likely stands for; None where two are near, or none is.

    The next one must be two letters further: what is decided by one letter is a guess.
    """
    best: dict[str, tuple[int, str]] = {}
    for distance, name, code in _near(text, names):
        best.setdefault(code, (distance, name))
    ranked = sorted((distance, name, code) for code, (distance, name) in best.items())
    if not ranked or len(ranked[0][1]) < 5:
        return None
    allowed = 2 if len(_plain(text)) >= _LONG else 1
    first, name, code = ranked[0]
    if first > allowed or f" {_plain(text)} " in f" {name} ":
        return None
    return None if len(ranked) > 1 and ranked[1][0] - first < 2 else code


def _meant(text: str, names: Mapping[str, str]) -> Sequence[str]:
    """The names that a text may be meant for, for people; none where none is near."""
    near = {code: name for _, name, code in reversed(_near(text, names))}
    return [string.capwords(name) for name in list(reversed(near.values()))[:3]]


def country(
    text: str,
    form: Annotated[
        Literal["alpha_2", "alpha_3", "name"],
        Field(description="Its two letters, its three letters, or its English name."),
    ] = "alpha_2",
) -> str:
    """Make it a country's code, `US`.

    Countries are known by their names and codes, and where one is misspelt so that only one can be meant.
    """
    code = country_code(text)
    if code is None:
        meant = " or ".join(_meant(text, _countries()))
        raise Fault(
            "bad_country",
            "is not a country",
            (f"Did you mean {meant}? " if meant else "")
            + "Write its English name or its two letters, such as Germany or DE.",
        )
    return code if form == "alpha_2" else str(getattr(_record(code), form))


def _record(code: str) -> Any:
    return pycountry.countries.get(alpha_2=code)


def _subdivisions(country_code: str) -> list[Any]:
    # The library has no types here.
    return list(pycountry.subdivisions.get(country_code=country_code) or ())  # type: ignore[no-untyped-call]


def _known_country(code: str) -> str:
    if _record(code.upper()) is None or not _subdivisions(code.upper()):
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
    country: Annotated[
        CountryCode | None, Field(description="The country of all rows, its two letters.")
    ] = None,
    country_from: Annotated[
        ColumnName | None, Field(description="The column that says each row's country.")
    ] = None,
    row_country: str = "",
) -> str:
    """Make it the code of a state or province, `CA`, of the country given, or of the row's.

    The row's country is what a block of addresses has as its country, or stands in the column
    `country_from`: then `country` is for rows where it is empty. Of a country without states the text stays
    as it is.
    """
    code = country
    if row_country.strip() and (country_from is not None or country is None):
        code = country_code(row_country)
    if code is None:
        raise Fault(
            "bad_state",
            "has no country that says which state it is",
            "Fill in the country, or correct it.",
        )
    known = _states(code)
    if not known:
        return text
    found = known.get(_plain(text)) or known.get(_plain(text).replace(".", ""))
    found = found or _misspelt(text, known)
    if found is None:
        meant = " or ".join(_meant(text, known))
        raise Fault(
            "bad_state",
            f"is not a state of {code}",
            (f"Did you mean {meant}? " if meant else "")
            + "Write its name or its code, such as CA.",
        )
    return found


# How the line with the city is written, the first that fits. A country behind it is left out.
_AMERICAN_ZIP = r"\d{5}(?:-\d{4})?|[A-Za-z]\d[A-Za-z][ -]?\d[A-Za-z]\d"
_EUROPEAN_ZIP = r"\d{4} ?[A-Z]{2}|\d{3} \d{2}|\d{4}-\d{3}|\d{2}-\d{3}|\d{4,5}"
_CITY_LINES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<city>[^,]+?)[,\s]\s*(?P<state>[A-Za-z]{{2}})(?:\.?,?\s+|,)(?P<zip>{_AMERICAN_ZIP})",
        rf"(?P<city>[^,()]+?)(?:,\s*|\s*\()(?P<state>[^\d,()]+?)\)?(?:,?\s+|,)(?P<zip>{_AMERICAN_ZIP})",
        r"(?P<city>[^\d,]+?),?\s+(?P<state>NSW|ACT|VIC|QLD|TAS|NT|SA|WA),?\s+(?P<zip>\d{4})",
        rf"(?:[A-Z]{{1,3}}-)?(?P<zip>{_EUROPEAN_ZIP})\s+(?P<city>[^\d,(]*?[^\d,(\s])(?:\s*\((?P<state>[A-Z]{{2}})\))?",
        # Cities of large towns are numbered: Praha 1, PARIS CEDEX 08.
        r"(?P<zip>\d{3} \d{2}|\d{5})\s+(?P<city>[^\d,]+ \d{1,2})",
        r"(?P<city>[^\d,]+),?\s+(?P<zip>[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})",
        r"(?P<city>[^\d,]+),\s*(?P<state>[A-Za-z]{2})",
    )
)
_COUNTRY_BEHIND = re.compile(
    r"[,\s]+(?:U\.?S\.?A?\.?|United States(?: of America)?|Canada|Australia)$", re.IGNORECASE
)


def city_line(
    text: str,
    part: Annotated[Literal["city", "state", "zip"], Field(description="Which part of it.")],
) -> str:
    """Take the city, the state or the zip code out of a line such as `Austin, TX 78701`."""
    line = _COUNTRY_BEHIND.sub("", " ".join(text.split()))
    for pattern in _CITY_LINES:
        found = pattern.fullmatch(line)
        if found is not None:
            return (found.groupdict().get(part) or "").strip(" ,")
    raise Fault(
        "bad_city_line",
        "is not a line of city, state and zip code",
        "Write it as Austin, TX 78701, as 10115 Berlin or as London SW1A 2AA.",
    )
