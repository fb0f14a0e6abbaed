"""The mapping's reference as a page: every key, field, transform and reject code.

    python -m wizsync.mapping.reference_page docs/mapping-reference.md

What it says is what the schema, the transforms and the codes say of themselves.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from wizsync.mapping.child_schema import BLOCKS, Block
from wizsync.mapping.editor_schema import json_schema
from wizsync.mapping.field_schema import Section
from wizsync.mapping.reference import FIELDS, MISTAKES, PARTS, Fields, Part, line, step, written
from wizsync.mapping.schema import MappingSchema
from wizsync.mapping.transforms import TRANSFORMS, Example, Transform
from wizsync.model.customer import ChildKind
from wizsync.model.reject_codes import CODES

_HEAD = """\
# The mapping: reference

Every key, field and transform of a mapping, and every code of a row that cannot be used.
[The mapping](mapping.md) explains how they go together. Each example on this page is run by a test.

The page is not written by hand. Change what it says in the program, and make it again with
`python -m wizsync.mapping.reference_page docs/mapping-reference.md`.
"""


def page() -> str:
    """The reference, in Markdown."""
    schema = json_schema()
    return "\n".join(
        [
            _HEAD,
            *(_part(part, schema) for part in PARTS),
            *(_fields(fields) for fields in FIELDS),
            *_transforms(schema),
            _codes(),
            _mistakes(),
        ]
    )


def _part(part: Part, schema: Mapping[str, Any]) -> str:
    defined = schema["$defs"]
    if part.model is MappingSchema:
        properties = schema["properties"]
    else:
        # Both kinds of block have its keys.
        model = BLOCKS[ChildKind.ADDRESSES] if part.model is Block else part.model
        properties = defined[model.__name__]["properties"]
    rows = (
        (
            _code(key),
            field.description or "",
            _KEYS.get(key) or _takes(properties[key], defined),
            _left_out(part.model, key),
            "<br>".join(_code(line(each)) for each in part.examples(key)),
        )
        for key, field in part.model.model_fields.items()
    )
    table = _table(("key", "what it says", "takes", "if left out", "for example"), rows)
    return f"## {part.title}\n\n{part.intro}\n\n{table}"


def _fields(fields: Fields) -> str:
    needed = {name for name, field in fields.known.items() if field.required}
    rows = (
        (
            _code(name),
            each.says,
            "yes" if name in needed else "",
            _code(line({name: each.example})),
        )
        for name, each in fields.help.items()
    )
    table = _table(("field", "what it is", "a new one needs it", "for example"), rows)
    return f"## {fields.title}\n\nUnder `{fields.section}`. Each comes from {_A_FIELD}.\n\n{table}"


def _transforms(schema: Mapping[str, Any]) -> Iterator[str]:
    yield (
        "## Transforms\n\n`transforms: [strip, {zfill: 5}]` is a list, worked through from left to right. An "
        "argument stands after the\nname; several stand by their names.\n"
    )
    steps = schema["$defs"]["ColumnField"]["properties"]["transforms"]["items"]["anyOf"]
    for each in TRANSFORMS.values():
        yield _transform(each, steps[-1]["properties"])


def _transform(each: Transform, with_arguments: Mapping[str, Any]) -> str:
    parts = [f"### {each.name}\n\n{each.says}\n"]
    if each.first is not None:
        _, by_name = with_arguments[each.name]["anyOf"]
        rows = (
            (
                _code(name),
                field.description or "",
                _takes(by_name["properties"][name], {}),
                "must be there" if field.is_required() else "",
            )
            for name, field in each.arguments.model_fields.items()
        )
        parts.append(_table(("argument", "what it says", "takes", ""), rows))
    examples = (
        (_code(step(each.name, one.arguments)), _cells(one), _outcome(one)) for one in each.examples
    )
    parts.append(_table(("for example", "a cell", "becomes"), examples))
    return "\n".join(parts)


def _cells(example: Example) -> str:
    beside = [f"`{column}` is {_code(text) or 'empty'}" for column, text in example.beside.items()]
    return _code(example.cell) + (f" where {', '.join(beside)}" if beside else "")


def _outcome(example: Example) -> str:
    if example.rejected:
        return f"rejected: [`{example.becomes}`](#rows-that-cannot-be-used)"
    return _code(example.becomes)


def _codes() -> str:
    rows = ((_code(code), each.means, each.mend) for code, each in CODES.items())
    return (
        "## Rows that cannot be used\n\nReports and `--json` name the reason by a code, and say beside it "
        "which cell and which text it is.\n\n"
        f"{_table(('code', 'what is wrong', 'how to mend it'), rows)}"
    )


def _mistakes() -> str:
    rows = ((_code(lines), message, hint) for lines, message, hint in MISTAKES)
    return (
        "## Mistakes in a mapping\n\nThese are told with their line, before anything is read or "
        f"written.\n\n{_table(('for example', 'what is said', 'what to do'), rows)}"
    )


# --- words --------------------------------------------------------------------------------------

_FIELD_NAMES = "[field](#the-fields-of-a-customer)"
_A_FIELD = "[a column](#a-column), a template or [a constant](#a-constant)"

# What is said of a key, or of a definition of the JSON Schema, in place of all that may stand there.
_KEYS = {
    "customer": f"lines: {_FIELD_NAMES}, and {_A_FIELD}",
    "attributes": f"lines: the attribute's name, and {_A_FIELD}",
    "transforms": "a list of [transforms](#transforms)",
    "where": "lines: a column, and one text or a list of texts",
    "values": "lines: a code, and its value",
    "set": f"lines: {_FIELD_NAMES}, and a text",
    "equal": f"lines: {_FIELD_NAMES}, and `digits`",
    "ignore": f"a list of {_FIELD_NAMES} names",
    "casefold": f"a list of {_FIELD_NAMES} names",
}
_DEFINED = {
    "SourceSection": "[these lines](#source)",
    "ScopePart": "[these lines](#scope)",
    "KeyScope": "[these lines](#scope-referenceid)",
    "AbsentSet": "[these lines](#absent)",
    "AccountLookup": "[a list of the account](#a-look-up-in-the-account)",
    "FileLookup": "[a file](#a-look-up-in-a-file)",
    "AddressBlock": "[blocks](#a-block-of-addresses-or-contacts)",
    "ContactBlock": "[blocks](#a-block-of-addresses-or-contacts)",
    "ChildrenSection": "[these lines](#children)",
    "CompareSection": "[these lines](#compare)",
    "GuardSection": "[these lines](#guard)",
}


def _takes(schema: Mapping[str, Any], defined: Mapping[str, Any]) -> str:
    """What a value may be, in words, by its JSON Schema and the definitions that this names."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return _DEFINED.get(name) or _takes(defined[name], defined)
    if "const" in schema or "enum" in schema:
        return _either(_code(str(each)) for each in schema.get("enum") or [schema["const"]])
    choices = schema.get("anyOf") or schema.get("oneOf")
    if choices:
        return _either(_takes(each, defined) for each in choices)
    kind = schema["type"]
    if kind == "array":
        return f"a list of {_takes(schema['items'], defined).replace('a text', 'texts')}"
    if kind == "integer":
        most = f" to {schema['maximum']}" if "maximum" in schema else ""
        return f"a whole number from {schema['minimum']}{most}"
    if schema.get("pattern") == "%$":
        return "a share such as `5%`"
    return _PLAIN_KINDS.get(str(kind), "a text")


_PLAIN_KINDS = {"object": "lines: a text, and another", "boolean": "`true` or `false`"}


def _either(choices: Iterable[str]) -> str:
    *others, last = dict.fromkeys(choices)
    return f"{', '.join(others)} or {last}" if others else last


def _left_out(model: type[Section], key: str) -> str:
    """What holds where a key is left out, if it is one word."""
    field = model.model_fields[key]
    if field.is_required():
        return "must be there"
    one_word = isinstance(field.default, str | int)
    return _code(written(field.default)) if one_word else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(map(_cell, each))} |\n" for each in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", r"\|")


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8", newline="\n")
