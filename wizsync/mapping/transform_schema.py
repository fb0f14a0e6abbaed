"""A transform as a mapping writes it: checked, with its arguments, and as JSON Schema."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import regex
from pydantic import PlainValidator, ValidationError, WithJsonSchema

from wizsync.mapping.problems import Misfit, expected, suggestion, unknown_key
from wizsync.mapping.transforms import TRANSFORMS, Step


def _step(written: object) -> Step:
    """A transform as written: its name, or `{name: arguments}`."""
    if isinstance(written, str):
        name, given = written, None
    elif isinstance(written, Mapping) and len(written) == 1:
        name, given = next(iter(written.items()))
    else:
        raise Misfit(
            "A transform is a name, or one `name: argument`.",
            "Write each on its own: [strip, {zfill: 5}].",
        )
    if name not in TRANSFORMS:
        raise Misfit(
            f'There is no transform "{name}".', suggestion(name, TRANSFORMS, what="There are")
        )
    transform = TRANSFORMS[name]
    if isinstance(written, str):
        if transform.needs_argument:
            raise Misfit(
                f'The transform "{name}" needs an argument.',
                f"Write {{{name}: {transform.first}}}.",
            )
        return Step(transform)
    if transform.first is None:
        raise Misfit(f'The transform "{name}" takes no argument.', f"Write {name} alone.")
    try:
        arguments = transform.arguments.model_validate(transform.named(given))
    except ValidationError as error:
        raise _bad_argument(name, list(transform.arguments.model_fields), error) from None
    chosen = {key: getattr(arguments, key) for key in arguments.model_fields_set}
    return _tried(Step(transform, chosen))


def _bad_argument(name: str, arguments: Sequence[str], error: ValidationError) -> Misfit:
    # A mistyped name is also a missing one: the name that was written says more.
    first = min(error.errors(), key=lambda each: each["type"] != "extra_forbidden")
    argument = str(first["loc"][0])
    if first["type"] == "extra_forbidden":
        misfit = unknown_key(argument, arguments)
        return Misfit(f'The transform "{name}" has no argument "{argument}".', misfit.hint)
    if first["type"] == "missing":
        return Misfit(f'The transform "{name}" needs "{argument}".', f"Add {argument}: to it.")
    return Misfit(*expected(f'"{argument}" of the transform "{name}"', first))


def _tried(step: Step) -> Step:
    """The step itself, if it runs: a regex may name a group that its pattern lacks."""
    if step.transform.name == "regex":
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                re.sub(step.arguments["pattern"], step.arguments.get("replacement", ""), "")
                step("")
        except (re.error, regex.error, IndexError, Warning) as error:
            raise Misfit(
                f'The replacement of the transform "regex" does not fit its pattern: {error}.',
                r"\1 is the first (…) of the pattern.",
            ) from None
    return step


def _transform_schema() -> dict[str, Any]:
    """JSON Schema of one transform, from the registry."""
    bare = [
        {"const": name, "description": each.summary}
        for name, each in TRANSFORMS.items()
        if not each.needs_argument
    ]
    with_arguments: dict[str, Any] = {}
    for name, each in TRANSFORMS.items():
        if each.first is None:
            continue
        by_name = each.arguments.model_json_schema()
        by_name.pop("title", None)
        by_name.pop("description", None)
        with_arguments[name] = {
            "description": each.summary,
            "examples": [one.arguments for one in each.examples if one.arguments is not None],
            "anyOf": [by_name["properties"][each.first], by_name],
        }
    return {
        "anyOf": [
            *bare,
            {
                "type": "object",
                "properties": with_arguments,
                "additionalProperties": False,
                "minProperties": 1,
                "maxProperties": 1,
            },
        ]
    }


TransformStep = Annotated[Step, PlainValidator(_step), WithJsonSchema(_transform_schema())]
