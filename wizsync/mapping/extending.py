"""A mapping that extends another: a house standard, and what a source of its own has otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wizsync.errors import MappingError
from wizsync.mapping.document import Document, Location, Place, parse, read
from wizsync.mapping.fields import SPELLINGS
from wizsync.mapping.template import is_template

# Where fields are written. A field is one thing: a column in one file gives way to a constant in the other.
_FIELDS = ("customer", "attributes")
_ONE_OF = frozenset({"column", "const"})
_STANDS_FOR = frozenset({"values", "lookup"})


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
    document, content = _read(path, {})
    _drop_unfilled(document)
    return document, content


def _read(path: Path, above: Mapping[Path, str]) -> tuple[Document, bytes]:
    content = read(path)
    document = parse(content, path.name)
    extended = document.data.get("extends")
    if not isinstance(extended, str) or not extended:
        return document, content
    where = "; ".join([document.where("extends"), *above.values()])
    target = path.parent / extended
    if target.resolve() in [one.resolve() for one in (*above, path)]:
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
    base, base_content = _read(target, {**above, path: document.where("extends")})
    if base.data.get("version") != document.data.get("version", "1"):
        raise MappingError(
            f'"{base.name}" is not of the version of this mapping.',
            where=f"{base.where('version')}; {where}",
            hint="Write `version: 1` in both.",
        )
    places = dict(base.places)
    data = _merged(base.data, document.data, (), document.places, places)
    data.pop("extends", None)
    return Document(document.name, data, places), content + base_content


def _merged(
    base: Any,
    own: Any,
    at: Location,
    own_places: dict[Location, Place],
    places: dict[Location, Place],
) -> Any:
    """What two files say together at one place; `places` becomes where that stands."""
    if len(at) == 2 and at[0] in _FIELDS:
        base, own = _one_field(base, own)
    if not isinstance(base, dict) or not isinstance(own, dict):
        _forget(places, at)
        places.update({one: place for one, place in own_places.items() if one[: len(at)] == at})
        return own
    merged = dict(base)
    if at == (_FIELDS[0],):
        for other in _spelled_otherwise(base, own):
            del merged[other]
            _forget(places, (*at, other))
    for key, value in own.items():
        here = (*at, key)
        if key in merged:
            merged[key] = _merged(merged[key], value, here, own_places, places)
        else:
            merged[key] = value
        places |= {
            one: place
            for one, place in own_places.items()
            if one[: len(here)] == here and (key not in base or one == here)
        }
    return merged


def _one_field(base: Any, own: Any) -> tuple[Any, Any]:
    """What two files say of one field, in one form, without what the own one replaces."""
    # A plain text is a column: what the other file says of the field holds.
    if isinstance(own, str) and isinstance(base, dict) and not is_template(own):
        own = {"column": own}
    if isinstance(base, str) and isinstance(own, dict) and not is_template(base):
        base = {"column": base}
    if not isinstance(base, dict) or not isinstance(own, dict):
        return base, own
    if "const" in own:
        return {}, own
    # Both `values` and `lookup` say what a cell stands for, and the own one is taken whole.
    replaced = {"const"} if "column" in own else set()
    replaced |= _STANDS_FOR if _STANDS_FOR & own.keys() else set()
    return {key: value for key, value in base.items() if key not in replaced}, own


def _spelled_otherwise(base: Mapping[str, Any], own: Mapping[str, Any]) -> list[str]:
    """The fields of the extended file that the own one writes under another name, as priceList."""
    mine = {SPELLINGS.get(name, name) for name in own}
    return [name for name in base if name not in own and SPELLINGS.get(name, name) in mine]


def _forget(places: dict[Location, Place], at: Location) -> None:
    for one in [one for one in places if one[: len(at)] == at]:
        del places[one]


def _drop_unfilled(document: Document) -> None:
    """Leave out fields that have no column, but for those that the mapping itself names."""
    for section in _FIELDS:
        fields = document.data.get(section)
        if not isinstance(fields, dict):
            continue
        for name, each in list(fields.items()):
            named_here = document.place(section, name).name == document.name
            if isinstance(each, dict) and not _ONE_OF & each.keys() and not named_here:
                del fields[name]
