"""A mapping that extends another: a house standard, and what a source of its own has otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from wizsync.errors import MappingError
from wizsync.mapping.document import Document, Location, Place, parse, read
from wizsync.mapping.template import is_template

# Where fields are written. A field is one thing: a column in one file gives way to a constant in the other.
_FIELDS = ("customer", "attributes")
_ONE_OF = frozenset({"column", "const"})


def read_with_extended(path: Path) -> tuple[Document, bytes]:
    """A mapping file with what it extends, and the bytes of all of them.

    Lines of the form `key: value` are put together key by key, and the file's own win; lists and single
    values are replaced whole. A field of the extended file that has no column anywhere is left out: a house
    standard may say how a field is treated that not every source has.

    Args:
        path: The file.

    Raises:
        MappingError: One of them cannot be read, or they extend each other in a circle.
    """
    return _read(path, ())


def _read(path: Path, above: tuple[Path, ...]) -> tuple[Document, bytes]:
    content = read(path)
    document = parse(content, path.name)
    extended = document.data.get("extends")
    if not isinstance(extended, str) or not extended:
        return document, content
    where = document.where("extends")
    target = path.parent / extended
    circle = [one.resolve() for one in (*above, path)]
    if target.resolve() in circle:
        named = " → ".join(one.name for one in (*above, path, target))
        raise MappingError(
            f"These mappings extend each other in a circle: {named}.",
            where=where,
            hint="Let one of them extend none.",
        )
    if not target.is_file():
        raise MappingError(
            f"There is no mapping {target} to extend.",
            where=where,
            hint="Its path is taken from this mapping's folder.",
        )
    base, base_content = _read(target, (*above, path))
    if base.data.get("version") != document.data.get("version", "1"):
        raise MappingError(
            f'"{base.name}" is not of the version of this mapping.',
            where=base.where("version"),
            hint="Write `version: 1` in both.",
        )
    places = dict(base.places)
    data = _merged(base.data, document.data, (), document.places, places)
    data.pop("extends", None)
    _drop_unfilled(data, document)
    return Document(document.name, data, places), content + base_content


def _merged(
    base: Any,
    own: Any,
    at: Location,
    own_places: dict[Location, Place],
    places: dict[Location, Place],
) -> Any:
    """What two files say together at one place; `places` becomes where that stands."""
    in_fields = len(at) == 2 and at[0] in _FIELDS
    if in_fields and isinstance(own, str) and isinstance(base, dict) and not is_template(own):
        # A plain text is a column: the house standard's treatment of the field holds.
        own = {"column": own}
    if not isinstance(base, dict) or not isinstance(own, dict):
        _forget(places, at)
        places.update({one: place for one, place in own_places.items() if one[: len(at)] == at})
        return own
    if in_fields and "const" in own:
        base = {}
    elif in_fields and "column" in own:
        base = {key: value for key, value in base.items() if key != "const"}
    merged = dict(base)
    for key, value in own.items():
        here = (*at, key)
        if key in base:
            merged[key] = _merged(base[key], value, here, own_places, places)
        else:
            merged[key] = value
        places |= {
            one: place
            for one, place in own_places.items()
            if one[: len(here)] == here and (key not in base or one == here)
        }
    return merged


def _forget(places: dict[Location, Place], at: Location) -> None:
    for one in [one for one in places if one[: len(at)] == at]:
        del places[one]


def _drop_unfilled(data: dict[str, Any], own: Document) -> None:
    for section in _FIELDS:
        fields = data.get(section)
        mine = own.data.get(section)
        if isinstance(fields, dict):
            for name, each in list(fields.items()):
                named_here = isinstance(mine, dict) and name in mine
                if isinstance(each, dict) and not _ONE_OF & each.keys() and not named_here:
                    del fields[name]
