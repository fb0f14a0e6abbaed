"""Made-up customers of a wholesale brand: the same count gives the same customers.

Names are snake ones, as answers have them. Nothing leads to a real company or person: e-mail
addresses end in `.example`, phone numbers are in exchanges kept for fiction.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

Record = dict[str, Any]

_FIRST_DAY = datetime(2019, 1, 7, 14, 0, tzinfo=UTC)
_LAST_DAY = datetime(2025, 6, 30, 14, 0, tzinfo=UTC)


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


class City(NamedTuple):
    """A place customers are in; `zip_code` is completed by digits where it holds `#`."""

    name: str
    state: str
    country: str
    zip_code: str
    dialling: str


# Three in four customers are in the United States.
_US = (
    City("Portland", "OR", "US", "972##", "+1503555"),
    City("Seattle", "WA", "US", "981##", "+1206555"),
    City("Boise", "ID", "US", "837##", "+1208555"),
    City("San Diego", "CA", "US", "921##", "+1619555"),
    City("Oakland", "CA", "US", "946##", "+1510555"),
    City("Denver", "CO", "US", "802##", "+1303555"),
    City("Santa Fe", "NM", "US", "875##", "+1505555"),
    City("Austin", "TX", "US", "787##", "+1512555"),
    City("Kansas City", "MO", "US", "641##", "+1816555"),
    City("Minneapolis", "MN", "US", "554##", "+1612555"),
    City("Chicago", "IL", "US", "606##", "+1312555"),
    City("Ann Arbor", "MI", "US", "481##", "+1734555"),
    City("Nashville", "TN", "US", "372##", "+1615555"),
    City("Atlanta", "GA", "US", "303##", "+1404555"),
    City("Savannah", "GA", "US", "314##", "+1912555"),
    City("Charleston", "SC", "US", "294##", "+1843555"),
    City("Asheville", "NC", "US", "288##", "+1828555"),
    City("Richmond", "VA", "US", "232##", "+1804555"),
    City("Philadelphia", "PA", "US", "191##", "+1215555"),
    City("Newark", "NJ", "US", "071##", "+1973555"),
    City("Brooklyn", "NY", "US", "112##", "+1718555"),
    City("Providence", "RI", "US", "029##", "+1401555"),
    City("Cambridge", "MA", "US", "021##", "+1617555"),
    City("Burlington", "VT", "US", "054##", "+1802555"),
    City("Portland", "ME", "US", "041##", "+1207555"),
)
_ABROAD = (
    City("Toronto", "ON", "CA", "M5V #T#", "+1416555"),
    City("Ottawa", "ON", "CA", "K1P #J#", "+1613555"),
    City("Vancouver", "BC", "CA", "V6B #A#", "+1604555"),
    City("Montréal", "QC", "CA", "H2Y #C#", "+1514555"),
    City("London", "", "GB", "SE1 #AB", "+442079460"),
    City("Manchester", "", "GB", "M1 #FW", "+441614960"),
    City("Edinburgh", "", "GB", "EH1 #JS", "+441314960"),
)

_WORDS = _split(
    "Harbor Lane|Blue Heron|Copper Kettle|Juniper|Wildflower|Stone & Sparrow|Maple Street|Golden Gate|"
    "Cedar|Little Fox|Honeybee|Northwind|Magnolia|Salt & Pine|Willow Creek|Driftwood|Paper Moon|"
    "Red Barn|Old Mill|Bramble|Lighthouse|Velvet Rabbit|Fern & Fable|Summit|Prairie|Tidewater|Acorn|"
    "Silver Birch|Kindred|Poppy|Blackbird|Orchard|Clementine|Four Corners|Hazel|Marigold|Sycamore|"
    "Olive Branch|Canyon|Ember|Larkspur|Meadow|Riverside|Sea Glass|Thistle|Union Square|Violet|Walnut|"
    "Yellow Door|Zinnia|Bay Street|Café Lumière|Dogwood|O'Malley's|Nuñez & Daughters|Foxglove|"
    "Greenhouse|Heritage|Indigo|Jasper|Kingfisher"
)
_TRADES = _split(
    "Gifts|Mercantile|Boutique|Home|Interiors|Trading Co.|Market|General Store|Books & Gifts|Toys|"
    "Apparel|Kitchen Supply|Garden Center|Hotel|Inn|Gallery|Stationers|Provisions|Florist|Pharmacy|"
    "Museum Shop|Outfitters|Baby & Kids|Candle Bar|Pet Supply|Tea Room|Jewelry|Furniture|Spa & Salon"
)
_FORMS = ("", " LLC", " Inc.", " & Co", " Collective", " Group", " Holdings")

_FIRST_NAMES = _split(
    "Ava|Ben|Carla|Daniel|Elena|Frank|Grace|Hiro|Imani|José|Karen|Liam|María|Noah|Olivia|Priya|Quinn|"
    "Rosa|Sam|Tessa|Umar|Vera|Will|Ximena|Yusuf|Zoë"
)
_LAST_NAMES = _split(
    "Adams|Bennett|Cho|Díaz|Edwards|Fischer|Gupta|Hughes|Iyer|Johnson|Kowalski|Lopez|Martin|Nguyen|"
    "O'Brien|Patel|Quigley|Rossi|Singh|Thompson|Ueda|Vargas|Walker|Young|Zimmerman|Smith-Jones"
)
_STREETS = _split(
    "Main|Oak|Market|Pine|Church|Water|Mill|Front|Union|Elm|Center|Commerce|Hill|Lake"
)
_STREET_KINDS = ("St", "Ave", "Rd", "Blvd", "Way", "Sq")
_DESIGNATIONS = ("Owner", "Buyer", "Store Manager", "Accounts Payable", "Receiving")

_PAYMENT_TERMS = ("net30", "net30", "net30", "net45", "net60", "prepaid", "prepaid", "cod")
_PAYMENT_MODES = ("check", "credit_card", "bank_transfer")
_SHIPPING_METHODS = ("ups_ground", "fedex_ground", "ltl_freight", "customer_pickup")
_FREIGHT_TERMS = ("prepaid", "collect", "third_party")

PRICE_LISTS: tuple[Record, ...] = tuple(
    {
        "id": identifier,
        "reference_id": reference_id,
        "name": name,
        "status": status,
        "currency": currency,
    }
    for identifier, reference_id, name, status, currency in (
        ("pl_wholesale", "WS", "Wholesale", "active", "USD"),
        ("pl_preferred", "WS-PREF", "Preferred Wholesale", "active", "USD"),
        ("pl_keystone", "KEY", "Keystone", "active", "USD"),
        ("pl_canada", "WS-CA", "Wholesale Canada", "active", "CAD"),
        ("pl_europe", "WS-UK", "Wholesale UK", "active", "GBP"),
        ("pl_2019", "WS-2019", "Wholesale 2019", "inactive", "USD"),
        # Of those below no customer has any.
        ("pl_spring_east", "SPR-E", "Spring Promotion", "active", "USD"),
        ("pl_spring_west", "SPR-W", "Spring Promotion", "active", "USD"),
        ("pl_outlet", "OUT", "Outlet", "inactive", "USD"),
    )
)
SALES_REPS: tuple[Record, ...] = tuple(
    {
        "id": f"rep_{number:02}",
        "email": f"{first}.{last}@brand.example".lower(),
        "first_name": first,
        "last_name": last,
        "status": status,
    }
    for number, (first, last, status) in enumerate(
        (
            ("Dana", "Whitfield", "active"),
            ("Marcus", "Bell", "active"),
            ("Sofia", "Reyes", "active"),
            ("Tom", "Okafor", "active"),
            ("Helen", "Park", "active"),
            ("Greg", "Lund", "inactive"),
            ("Nina", "Castellan", "inactive"),
        ),
        start=1,
    )
)
# The last one left before there were customers.
_ASSIGNED_REPS = tuple(rep["id"] for rep in SALES_REPS[:6])


def _attribute(
    identifier: str, name: str, entity: str, data_type: str, options: list[str] | None = None
) -> Record:
    stamp = "2019-01-07T14:00:00.000000Z"
    return {
        "id": identifier,
        "name": name,
        "entity": entity,
        "data_type": data_type,
        "options": options or [],
        "created_at": stamp,
        "updated_at": stamp,
    }


_SECTORS = ["Gift & Home", "Apparel", "Hospitality", "Grocery", "Museum", "Online"]
_WINDOWS = ["Morning", "Afternoon", "By appointment"]
_CHANNELS = ["Email", "Phone", "Text message"]
_CATEGORIES = ["Candles", "Ceramics", "Jewelry", "Stationery", "Textiles"]

ATTRIBUTES: tuple[Record, ...] = (
    _attribute("attr_industry", "Industry", "customer", "select", _SECTORS),
    _attribute("attr_revenue", "Annual Revenue", "customer", "number"),
    _attribute("attr_stores", "Store Count", "customer", "number"),
    _attribute("attr_tax", "Tax ID", "customer", "text"),
    _attribute("attr_key_account", "Key Account", "customer", "boolean"),
    _attribute("attr_window", "Delivery Window", "address", "select", _WINDOWS),
    _attribute("attr_dock", "Dock Notes", "address", "text"),
    _attribute("attr_channel", "Preferred Channel", "contact", "select", _CHANNELS),
    # Of those below no customer has any.
    _attribute("attr_since", "Customer Since", "customer", "date"),
    _attribute("attr_categories", "Product Categories", "customer", "multi_select", _CATEGORIES),
)


def stamp(moment: datetime) -> str:
    """The moment as answers have it: ISO 8601, UTC, microseconds."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def customers(count: int) -> Iterator[Record]:
    """Made-up customers in the order of their creation.

    Customer n is the same whatever the count, but for its times: they spread over the years.
    Of each hundred about six are inactive, two archived, three without referenceId.

    Args:
        count: How many.

    Yields:
        The stored fields: texts, `status`, `price_list_id`, `sales_rep_ids`, `attributes` (attribute
        id to value), `addresses`, `contacts`, `created_at` and `updated_at`.
    """
    span = (_LAST_DAY - _FIRST_DAY) / max(count, 1)
    for index in range(count):
        # Its own generator for each, so that a customer does not depend on those before it.
        draw = random.Random(f"wizsync sandbox {index}")  # noqa: S311 - repeatable, not secret
        created = _FIRST_DAY + index * span
        touched = draw.random() < 0.6
        updated = created + draw.random() * (_LAST_DAY - created) if touched else created
        customer = _customer(draw, index)
        yield customer | {"created_at": stamp(created), "updated_at": stamp(updated)}


def _customer(draw: random.Random, index: int) -> Record:
    # 7919 shares no divisor with the number of names, so none repeats before all were used.
    words, trades, forms = len(_WORDS), len(_TRADES), len(_FORMS)
    pick = index * 7919 % (words * trades * forms)
    display_name = f"{_WORDS[pick % words]} {_TRADES[pick // words % trades]}"
    name = display_name + _FORMS[pick // (words * trades)]
    domain = f"{_slug(name)}{index // (words * trades * forms) or ''}.example"
    place = draw.choice(_US if draw.random() < 0.76 else _ABROAD)
    first_name, last_name = draw.choice(_FIRST_NAMES), draw.choice(_LAST_NAMES)
    customer = {
        "id": _identifier("cust", index),
        # Those without one were entered by hand.
        "reference_id": None if index % 33 == 12 else f"C-{10001 + index}",
        "display_id": f"{10001 + index}",
        "name": name,
        "display_name": display_name,
        "first_name": first_name,
        "last_name": last_name,
        "phone": _phone(place, index * 7919 + 101),
        "email": f"{draw.choice(('orders', 'hello', 'info', 'buying'))}@{domain}",
        "shipping_method": draw.choice(_SHIPPING_METHODS),
        "payment_mode": draw.choice(_PAYMENT_MODES),
        "payment_term": draw.choice(_PAYMENT_TERMS),
        "freight_term": draw.choice(_FREIGHT_TERMS) if draw.random() < 0.8 else None,
        "status": _status(index),
        "price_list_id": _price_list_of(draw, place),
        "sales_rep_ids": draw.sample(_ASSIGNED_REPS, draw.choice((0, 1, 1, 1, 2))),
        "attributes": _attributes(draw),
    }
    customer["addresses"] = _addresses(draw, index, customer, place)
    customer["contacts"] = _contacts(draw, index, customer, place)
    return customer


def _status(index: int) -> str:
    if index % 50 == 29:
        return "archived"
    return "inactive" if index % 17 == 5 else "active"


def _price_list_of(draw: random.Random, place: City) -> str | None:
    if draw.random() < 0.15:
        return None
    abroad = {"CA": "pl_canada", "GB": "pl_europe"}.get(place.country)
    return abroad or draw.choice(("pl_wholesale", "pl_wholesale", "pl_preferred", "pl_keystone"))


def _attributes(draw: random.Random) -> Record:
    values = {
        "attr_industry": draw.choice(_SECTORS),
        "attr_revenue": draw.randrange(40, 2400) * 1000,
        "attr_stores": draw.choice((1, 1, 1, 2, 3, 8)),
        "attr_tax": f"{draw.randrange(10, 99)}-{draw.randrange(1_000_000, 9_999_999)}",
        "attr_key_account": draw.random() < 0.1,
    }
    return {identifier: value for identifier, value in values.items() if draw.random() < 0.5}


def _addresses(draw: random.Random, index: int, customer: Record, place: City) -> list[Record]:
    billing, shipping = ("billing",), ("shipping",)
    both = billing + shipping
    kinds: tuple[str, ...] = draw.choice(((), billing, both, both, both + shipping))
    key = _key(customer)
    return [
        {
            "id": _identifier("addr", index * 10 + number),
            "reference_id": f"{key}-{'BILL' if kind == 'billing' else f'SHIP{number}'}",
            "first_name": None,
            "last_name": None,
            "phone": None,
            "email": None,
            "address_line_1": (
                f"{draw.randrange(1, 2400)} {draw.choice(_STREETS)} {draw.choice(_STREET_KINDS)}"
            ),
            "address_line_2": f"Suite {draw.randrange(1, 60)}" if draw.random() < 0.25 else None,
            "city": place.name,
            "state": place.state or None,
            "country": place.country,
            "zip_code": re.sub("#", lambda _: str(draw.randrange(10)), place.zip_code),
            "type": kind,
            "status": "active",
            # The first of each type.
            "is_default": number < 2,
            "attributes": (
                {"attr_window": draw.choice(_WINDOWS)}
                if kind == "shipping" and draw.random() < 0.4
                else {}
            ),
        }
        for number, kind in enumerate(kinds)
    ]


def _contacts(draw: random.Random, index: int, customer: Record, place: City) -> list[Record]:
    owner = (customer["first_name"], customer["last_name"])
    people = [owner, (draw.choice(_FIRST_NAMES), draw.choice(_LAST_NAMES))]
    key, domain = _key(customer), customer["email"].partition("@")[2]
    return [
        {
            "id": _identifier("cont", index * 10 + number),
            "reference_id": f"{key}-CONT{number + 1}",
            "first_name": first,
            "last_name": last,
            "email": f"{_slug(first)}.{_slug(last)}@{domain}",
            "phone": _phone(place, draw.randrange(10_000)) if draw.random() < 0.5 else None,
            "designation": draw.choice(_DESIGNATIONS),
            "status": "active",
            "is_default": number == 0,
            "attributes": {"attr_channel": draw.choice(_CHANNELS)} if draw.random() < 0.3 else {},
        }
        for number, (first, last) in enumerate(people[: draw.choice((0, 1, 1, 2))])
    ]


def _key(customer: Record) -> str:
    """What the referenceIds of a customer's children begin with."""
    return str(customer["reference_id"] or f"X-{customer['display_id']}")


def _phone(place: City, number: int) -> str:
    digits = 12 - len(place.dialling) if place.country != "GB" else 3
    return f"{place.dialling}{number % 10**digits:0{digits}}"


def _identifier(kind: str, number: int) -> str:
    return f"{kind}_{hashlib.sha256(f'{kind} {number}'.encode()).hexdigest()[:16]}"


def _slug(text: str) -> str:
    plain = text.lower().translate(str.maketrans("éèñíü", "eeniu"))
    return re.sub("[^a-z0-9]", "", plain.translate(str.maketrans("ëáóú", "eaou")))
