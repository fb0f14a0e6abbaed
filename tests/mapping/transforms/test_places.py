"""Transforms of countries, states, and the line with the city."""

from __future__ import annotations

import pycountry
import pytest

from tests.mapping.builders import transformed
from wizsync.mapping.transforms import Fault
from wizsync.mapping.transforms.places import _EVERYDAY, _countries, country, state


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


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Germny", "DE"),
        ("Columbia", "CO"),
        ("Portgual", "PT"),
        ("Isreal", "IL"),
        ("Phillipines", "PH"),
        ("Untied States", "US"),
        ("North Koera", "KP"),
        ("St. Lucia", "LC"),
        ("Trinidad & Tobago", "TT"),
        ("Niger", "NE"),
        ("Nigeria", "NG"),
        ("Austria", "AT"),
        ("Australia", "AU"),
        ("Ireland", "IE"),
        ("Iceland", "IS"),
    ],
)
def test_a_country_misspelt(text: str, code: str) -> None:
    assert transformed("country", text) == code


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Nigera", "Niger or Nigeria"),
        ("Austrlia", "Australia or Austria"),
        ("Slovania", "Slovakia or Slovenia"),
        ("Noth Korea", "North Korea or South Korea"),
        ("Dominican", "Dominican Republic or Dominica"),
        ("Ghina", "China or Ghana"),
        ("Granada", "Grenada or Canada"),
    ],
)
def test_between_two_countries_nothing_is_guessed_and_both_are_named(text: str, meant: str) -> None:
    with pytest.raises(Fault) as caught:
        country(text)

    assert caught.value.hint.startswith(f"Did you mean {meant}")


def test_no_single_slip_makes_another_country_of_one() -> None:
    for name, code in _countries().items():
        for at in range(len(name)) if len(name) >= 5 else ():
            dropped = name[:at] + name[at + 1 :]
            swapped = name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :]
            for slip in (dropped, swapped, name[:at] + "q" + name[at + 1 :]):
                assert transformed("country", slip) in (code, "!bad_country")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Calfornia", "CA"),
        ("Missisipi", "MS"),
        ("Illinios", "IL"),
        ("N.Y.", "NY"),
        ("D.C.", "DC"),
        ("Noth Carolina", "!bad_state"),
        ("Kanas", "KS"),
        ("TX.", "TX"),
        ("TXX", "!bad_state"),
    ],
)
def test_a_state_misspelt(text: str, code: str) -> None:
    assert transformed({"state": "US"}, text) == code


@pytest.mark.parametrize(
    ("how", "row_country", "text", "code"),
    [
        ({}, "Canada", "Ontario", "ON"),
        ({}, "Germny", "Bayern", "BY"),
        ({}, "Vatican", "anything", "anything"),
        ({"country": "US"}, "Canada", "Texas", "TX"),
        ({"country": "US", "country_from": "C"}, "Canada", "Ontario", "ON"),
        ({"country": "US", "country_from": "C"}, " ", "Texas", "TX"),
    ],
)
def test_the_state_of_a_rows_country(
    how: dict[str, str], row_country: str, text: str, code: str
) -> None:
    assert state(text, **how, row_country=row_country) == code


@pytest.mark.parametrize("row_country", ["", "Narnia"])
def test_without_a_country_there_is_no_state(row_country: str) -> None:
    with pytest.raises(Fault, match="bad_state"):
        state("Texas", country_from="C", row_country=row_country)


@pytest.mark.parametrize(
    ("line", "city", "state", "zip_code"),
    [
        ("Washington, D.C. 20001", "Washington", "D.C.", "20001"),
        ("Austin, TX 78701, USA", "Austin", "TX", "78701"),
        ("Toronto, Ontario M5V 2T6, Canada", "Toronto", "Ontario", "M5V 2T6"),
        ("Austin,TX,78701", "Austin", "TX", "78701"),
        ("Montréal (Québec) H2Y 1C6", "Montréal", "Québec", "H2Y 1C6"),
        ("Sydney NSW 2000", "Sydney", "NSW", "2000"),
        ("29 Palms, CA 92277", "29 Palms", "CA", "92277"),
        ("Coeur d'Alene, ID 83814", "Coeur d'Alene", "ID", "83814"),
        ("75008 PARIS CEDEX 08", "PARIS CEDEX 08", "", "75008"),
        ("110 00 Praha 1", "Praha 1", "", "110 00"),
        ("1011AB Amsterdam", "Amsterdam", "", "1011AB"),
        ("20121 Milano (MI)", "Milano", "MI", "20121"),
        ("1000-001 Lisboa", "Lisboa", "", "1000-001"),
        ("00-001 Warszawa", "Warszawa", "", "00-001"),
        ("12 Main St, Austin, TX 78701", *["!bad_city_line"] * 3),
        ("Austin 78701", *["!bad_city_line"] * 3),
        ("TX 78701", *["!bad_city_line"] * 3),
    ],
)
def test_more_lines_with_a_city(line: str, city: str, state: str, zip_code: str) -> None:
    parts = [transformed({"city_line": part}, line) for part in ("city", "state", "zip")]

    assert parts == [city, state, zip_code]
