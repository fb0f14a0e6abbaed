"""Transforms of countries, states, and the line with the city."""

from __future__ import annotations

import pycountry
import pytest

from tests.mapping.builders import transformed
from wizsync.mapping.transforms.places import _EVERYDAY


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("US", "US"),
        ("usa", "US"),
        (" United  States ", "US"),
        ("United States of America", "US"),
        ("U.S.A.", "US"),
        ("UK", "GB"),
        ("Scotland", "GB"),
        ("NO", "NO"),
        ("no", "NO"),
        ("Germany", "DE"),
        ("Deutschland", "DE"),
        ("O\u0308sterreich", "AT"),
        ("osterreich", "AT"),
        ("Côte d’Ivoire", "CI"),
        ("cote d'ivoire", "CI"),
        ("Réunion", "RE"),
        ("Turkey", "TR"),
        ("Türkiye", "TR"),
        ("Viet Nam", "VN"),
        ("Vietnam", "VN"),
        ("Georgia", "GE"),
    ],
)
def test_a_country(text: str, code: str) -> None:
    assert transformed("country", text) == code


@pytest.mark.parametrize("text", ["", "Narnia", "XX", "840", "Korea", "Texas", "U", "N/A"])
def test_what_is_no_country(text: str) -> None:
    assert transformed("country", text) == "!bad_country"


def test_every_country_is_found_by_each_of_its_names_and_codes() -> None:
    for record in pycountry.countries:
        for name in (record.alpha_2, record.alpha_3, record.name):
            assert transformed("country", name) == record.alpha_2


@pytest.mark.parametrize(("name", "code"), _EVERYDAY.items())
def test_every_name_in_everyday_use_is_found(name: str, code: str) -> None:
    assert transformed("country", name.title()) == code


@pytest.mark.parametrize(
    ("form", "text", "result"),
    [("alpha_2", "deu", "DE"), ("alpha_3", "de", "DEU"), ("name", "DEU", "Germany")],
)
def test_the_form_of_a_country(form: str, text: str, result: str) -> None:
    assert transformed({"country": form}, text) == result


@pytest.mark.parametrize(
    ("country", "text", "code"),
    [
        ("US", "CA", "CA"),
        ("us", " new  york ", "NY"),
        ("US", "US-TX", "TX"),
        ("US", "Washington", "WA"),
        ("US", "District of Columbia", "DC"),
        ("CA", "ON", "ON"),
        ("CA", "Québec", "QC"),
        ("CA", "Quebec", "QC"),
        ("AU", "New South Wales", "NSW"),
        ("DE", "Baden-Wu\u0308rttemberg", "BW"),
        ("US", "Ontario", "!bad_state"),
        ("US", "Calif.", "!bad_state"),
        ("US", "", "!bad_state"),
        ("CA", "CA", "!bad_state"),
    ],
)
def test_a_state(country: str, text: str, code: str) -> None:
    assert transformed({"state": country}, text) == code


@pytest.mark.parametrize(
    ("line", "city", "state", "zip_code"),
    [
        ("Austin, TX 78701", "Austin", "TX", "78701"),
        ("Austin TX 78701-1234", "Austin", "TX", "78701-1234"),
        ("St. Louis,  mo, 63101", "St. Louis", "mo", "63101"),
        ("New York, New York 10001", "New York", "New York", "10001"),
        ("Toronto, ON M5V 2T6", "Toronto", "ON", "M5V 2T6"),
        ("Austin, TX", "Austin", "TX", ""),
        ("10115 Berlin", "Berlin", "", "10115"),
        ("D-60311 Frankfurt am Main", "Frankfurt am Main", "", "60311"),
        ("1011 AB Amsterdam", "Amsterdam", "", "1011 AB"),
        ("114 55 Stockholm", "Stockholm", "", "114 55"),
        ("London SW1A 1AA", "London", "", "SW1A 1AA"),
    ],
)
def test_the_line_with_the_city(line: str, city: str, state: str, zip_code: str) -> None:
    parts = [transformed({"city_line": part}, line) for part in ("city", "state", "zip")]

    assert parts == [city, state, zip_code]


@pytest.mark.parametrize(
    "line", ["", "Austin", "78701", "12 Main St, Austin, TX 78701 USA", "a, " * 5000]
)
def test_what_is_no_such_line(line: str) -> None:
    for part in ("city", "state", "zip"):
        assert transformed({"city_line": part}, line) == "!bad_city_line"
