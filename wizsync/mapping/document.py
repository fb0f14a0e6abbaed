"""A YAML file as plain values whose scalars stay as written, with the line of each.

A scalar stays text: `007`, `1.50`, `NO` and `2026-01-02` mean themselves in a mapping, in values and
in keys alike. Only null is told apart.
"""

from __future__ import annotations

import io
import re
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from wizsync.errors import MappingError

if TYPE_CHECKING:
    from pathlib import Path

LARGEST = 1_000_000  # bytes; a mapping of every key with long tables of values stays far below
_CORE_TAG = "tag:yaml.org,2002:"

Location = tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file."""

    name: str
    line: int

    def __str__(self) -> str:
        return f"{self.name}, line {self.line}"


@dataclass(frozen=True)
class Document:
    """The file's contents, with those of the files that it extends.

    Args:
        name: The file's name, for messages.
        data: Dicts, lists, texts and None, as nested in the file.
        places: Where every value stands, by its keys and list positions from the top.
    """

    name: str
    data: dict[str, Any]
    places: dict[Location, Place] = field(repr=False)

    def place(self, *location: Hashable) -> Place:
        """The line of the deepest part of a location that the file holds."""
        place = Place(self.name, 1)
        inside: Location = ()
        for step in location:
            if (*inside, step) in self.places:
                inside = (*inside, step)
                place = self.places[inside]
        return place

    def where(self, *location: Hashable) -> str:
        """`mapping.yaml, line 9`: as `place`, in words."""
        return str(self.place(*location))


def read(path: Path) -> bytes:
    """A mapping file's bytes.

    Raises:
        MappingError: It is missing, a directory, unreadable, or far too large for a mapping.
    """
    try:
        if path.is_dir():
            raise MappingError(
                "This is a folder, not a mapping file.",
                where=str(path),
                hint="Name the .yaml file inside it.",
            )
        if path.stat().st_size > LARGEST:
            raise MappingError(
                "This file is too large for a mapping.",
                where=str(path),
                hint="Is it the customer list? The mapping is the .yaml file, after -m.",
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise MappingError(
            "There is no such mapping file.", where=str(path), hint="Check the name after -m."
        ) from None
    except OSError as error:
        raise MappingError(
            f"The mapping file cannot be read: {error.strerror or error}.",
            where=str(path),
            hint="Check that it is a file and that you may read it.",
        ) from None


def parse(content: bytes, name: str) -> Document:
    """Parse a mapping file's bytes as one YAML 1.2 document, a mapping at its top.

    Args:
        content: The bytes.
        name: The file's name, for messages.

    Raises:
        MappingError: It is no UTF-8 text, no YAML, no mapping, or names a key twice.
    """
    root = _compose(_text(content, name), name)
    if root is None:
        raise MappingError("The mapping is empty.", where=name, hint=_FIRST_LINES)
    if not isinstance(root, MappingNode):
        raise MappingError(
            "A mapping is made of lines of the form `key: value`; this file is not.",
            where=f"{name}, line {root.start_mark.line + 1}",
            hint=_FIRST_LINES,
        )
    reader = _Reader(name)
    data = reader.value(root, ())
    return Document(name, data, {at: Place(name, line) for at, line in reader.lines.items()})


_FIRST_LINES = "It begins with `version: 1`, and `customer:` with its fields below."


def _text(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise MappingError(
            "The mapping is not UTF-8 text.",
            where=f"{name}, line {line}",
            hint="Save it again as UTF-8 in your editor.",
        ) from None


def _compose(text: str, name: str) -> Node | None:
    try:
        yaml = YAML()
        yaml.version = (1, 2)
        node: Node | None = yaml.compose(io.StringIO(text))
    except MarkedYAMLError as error:
        line = _line_of(error, text)
        raise MappingError(
            _yaml_trouble(error, text, line),
            where=f"{name}, line {line}",
            hint=_yaml_hint(error, text, line),
        ) from None
    except RecursionError:
        raise MappingError(
            "The mapping is nested too deep.",
            where=name,
            hint="No mapping needs more than a few levels; is a bracket missing?",
        ) from None
    except (YAMLError, ValueError) as error:
        raise MappingError(
            f"This is not YAML: {str(error).splitlines()[0]}.",
            where=name,
            hint="Open it in a text editor; it holds characters that a text file does not.",
        ) from None
    return node


def _line_of(error: MarkedYAMLError, text: str) -> int:
    """The line of a trouble; of what the file's end leaves open, the line where it begins."""
    mark = error.problem_mark or error.context_mark
    if mark is not None and error.context_mark is not None and mark.index >= len(text.rstrip()):
        mark = error.context_mark
    return mark.line + 1 if mark is not None else 1


def _line(text: str, number: int) -> str:
    lines = text.splitlines()
    return lines[number - 1] if number <= len(lines) else ""


def _yaml_trouble(error: MarkedYAMLError, text: str, line: int) -> str:
    if _indented_by_tab(_line(text, line)):
        return "The line is indented with a tab; YAML takes spaces only."
    if _stumbled_over_a_tab(error):
        return "The line holds a tab where YAML takes spaces only."
    problem = re.sub(r"\s+", " ", error.problem or error.context or "it cannot be read")
    return f"This is not YAML: {problem}."


def _yaml_hint(error: MarkedYAMLError, text: str, line: int) -> str:
    if _indented_by_tab(_line(text, line)):
        return "Replace the tab by two spaces for each level."
    if _stumbled_over_a_tab(error):
        return "Replace the tab by a space."
    if "unknown escape" in (error.problem or ""):
        return (
            "Between double quotes a \\ means something to YAML: write this text in single quotes."
        )
    if re.search(r"[{\[][^\n}\]]*[:,]\s+#", text):
        return "A # after a space begins a remark: write a name that holds one in quotes."
    return "Look at this line and the one above: a missing quote, bracket, colon or space?"


def _stumbled_over_a_tab(error: MarkedYAMLError) -> bool:
    return repr("\t") in (error.problem or "")


def _indented_by_tab(line: str) -> bool:
    return "\t" in line[: len(line) - len(line.lstrip())]


class _Reader:
    """Turns YAML nodes into plain values and notes their lines."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[Location, int] = {}
        self._open: list[int] = []  # the nodes being read, to stop at one that contains itself

    def value(self, node: Node, location: Location) -> Any:
        self.lines.setdefault(location, node.start_mark.line + 1)
        if not (node.tag or "").startswith(_CORE_TAG):
            raise self._error(
                node, f"The tag {node.tag} has no meaning in a mapping.", "Remove it."
            )
        if isinstance(node, ScalarNode):
            return None if node.tag == f"{_CORE_TAG}null" else self._text(node)
        if id(node) in self._open or len(self._open) > 20 or len(self.lines) > 200_000:
            raise self._error(node, "This is nested in itself, or too deep.", "Write it out.")
        self._open.append(id(node))
        try:
            if isinstance(node, MappingNode):
                return self._mapping(node, location)
            return self._sequence(cast(SequenceNode, node), location)
        finally:
            self._open.pop()

    def _mapping(self, node: MappingNode, location: Location) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                raise self._error(
                    key_node,
                    "A key must be one word or text.",
                    'Quote it, or a template: "{companyName}".',
                )
            key = self._text(key_node)
            if key == "<<" and key_node.style is None:
                raise self._error(
                    key_node,
                    'A mapping cannot take in lines with "<<"; YAML 1.2 does not have it.',
                    "Write the lines out.",
                )
            if key in result:
                first = self.lines[(*location, key)]
                raise self._error(
                    key_node,
                    f'"{key}" is written twice; first on line {first}.',
                    "Keep one of them.",
                )
            self.lines[(*location, key)] = key_node.start_mark.line + 1
            result[key] = self.value(value_node, (*location, key))
        return result

    def _text(self, node: ScalarNode) -> str:
        text = str(node.value)
        try:
            text.encode()
        except UnicodeEncodeError:
            # Escapes as JSON has them: two that make one character, or a half that is none.
            try:
                text = text.encode("utf-16", "surrogatepass").decode("utf-16")
            except UnicodeDecodeError:
                raise self._error(
                    node, "The text has an escape that is no character.", "Write the character."
                ) from None
        return text

    def _sequence(self, node: SequenceNode, location: Location) -> list[Any]:
        return [self.value(item, (*location, n)) for n, item in enumerate(node.value)]

    def _error(self, node: Node, message: str, hint: str) -> MappingError:
        return MappingError(
            message, where=f"{self.name}, line {node.start_mark.line + 1}", hint=hint
        )
