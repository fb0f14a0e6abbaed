"""Examples of the transforms: editors and the reference show them, and a test runs each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Example:
    """What a transform makes of a cell.

    Args:
        arguments: What stands after its name in the mapping, None where the name stands alone.
        cell: The cell's text.
        becomes: The text that becomes of it; of a cell that is rejected, the code.
        rejected: The cell is rejected.
        beside: Other cells of the row, by column.
    """

    arguments: Any
    cell: str
    becomes: str
    rejected: bool = False
    beside: Mapping[str, str] = field(default_factory=dict)


# A new transform needs one, too.
EXAMPLES: Mapping[str, tuple[Example, ...]] = {
    "strip": (
        Example("*", "*Acme*", "Acme"),
        Example({"characters": "()"}, "(Acme)", "Acme"),
    ),
    "collapse": (Example(None, "Acme   Supply", "Acme Supply"),),
    "upper": (Example(None, "net 30", "NET 30"),),
    "lower": (Example(None, "Hello@Acme.example", "hello@acme.example"),),
    "title": (Example(None, "HARBOR LANE gifts", "Harbor Lane Gifts"),),
    "zfill": (
        Example(5, "607", "00607"),
        Example(5, "123456", "123456"),
    ),
    "digits": (
        Example(None, "(312) 555-0100", "3125550100"),
        Example(None, "unknown", "no_digits", rejected=True),
    ),
    "number": (
        Example(None, "$1,234.50", "1234.50"),
        Example(",", "1.234,50", "1234.50"),
        Example(None, "(12)", "-12"),
        Example(None, "1.234", "ambiguous_number", rejected=True),
        Example(",", "1.234", "1234"),
        Example(None, "about 5", "bad_number", rejected=True),
    ),
    "date": (
        Example(None, "4 March 2026", "2026-03-04"),
        Example("DD/MM/YYYY", "04/03/2026", "2026-03-04"),
        Example(["DD.MM.YYYY", "DD.MM.YY"], "4.3.26", "2026-03-04"),
        Example(None, "2026-03-04 10:15", "2026-03-04"),
        Example(None, "04/03/2026", "ambiguous_date", rejected=True),
        Example("DD.MM.YYYY", "31.02.2026", "bad_date", rejected=True),
    ),
    "boolean": (
        Example(None, "Yes", "true"),
        Example({"yes": ["open"], "no": ["closed"]}, "Closed", "false"),
        Example(None, "perhaps", "bad_boolean", rejected=True),
    ),
    "email": (
        Example(None, "info@ACME.example", "info@acme.example"),
        Example(None, "a@acme.example, b@acme.example", "bad_email", rejected=True),
    ),
    "phone": (
        Example("US", "(312) 555-0100", "+13125550100"),
        Example("US", "+44 20 7946 0123", "+442079460123"),
        Example("US", "312-555-0100 x12", "+13125550100 ext. 12"),
        Example(None, "(312) 555-0100", "bad_phone", rejected=True),
        Example(
            {"country_from": "Country"}, "030 901820", "+4930901820", beside={"Country": "Germany"}
        ),
        Example(
            {"region": "US", "country_from": "Country"},
            "(312) 555-0100",
            "+13125550100",
            beside={"Country": ""},
        ),
    ),
    "country": (
        Example(None, "Germany", "DE"),
        Example("alpha_3", "UK", "GBR"),
        Example("name", "de", "Germany"),
        Example(None, "Germny", "DE"),
        Example(None, "Atlantis", "bad_country", rejected=True),
    ),
    "state": (
        Example("US", "California", "CA"),
        Example({"country_from": "Country"}, "ontario", "ON", beside={"Country": "Canada"}),
        Example("US", "Ontario", "bad_state", rejected=True),
    ),
    "city_line": (
        Example("city", "Austin, TX 78701", "Austin"),
        Example("state", "Austin, TX 78701", "TX"),
        Example("zip", "10115 Berlin", "10115"),
        Example("city", "somewhere in Texas", "bad_city_line", rejected=True),
    ),
    "replace": (
        Example(
            {"&": "and", "St.": "Street"}, "Salt & Pine, 12 Oak St.", "Salt and Pine, 12 Oak Street"
        ),
        Example({"texts": {"Inc": "Inc."}}, "Acme Inc", "Acme Inc."),
    ),
    "regex": (
        Example("^0+", "00607", "607"),
        Example({"pattern": "^00", "replacement": "+"}, "0049 30 901820", "+49 30 901820"),
        Example(
            {"pattern": "^(.+), (.+)$", "replacement": r"\2 \1"}, "Patel, Priya", "Priya Patel"
        ),
    ),
    "truncate": (Example(11, "Harbor Lane Gifts", "Harbor Lane"),),
}
