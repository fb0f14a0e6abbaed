"""A guide read as the steps that its reader takes; what a page must keep to for that.

- ```` ```console ```` holds what is typed, after `$ `, and below it what is answered. It ends with 0, or with
  the code that stands behind it: ```` ```console exit=3 ````. `…` stands for what is left out. A question
  that is answered with y is passed over, since no test has a terminal.
- A block of csv, yaml or toml is a file. It stands below a sentence that ends in a colon and names it. One of
  yaml without a `version` is a part of the file that the page has named last.
- A table below such a sentence that names a workbook is what it holds; one with the columns Sheet, Cell and
  Write says what a person changes in it.
- ```` ```diff ```` says which lines of a file go (`-`) and which come in their place (`+`).
- "copy `rejected.xlsx` from the newest folder in `reports`" is done so.

Indented lines, such as those for Windows, are for reading.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl

# A fenced block, a table, or a paragraph.
_PART = re.compile(
    r"^```(?P<kind>\w+)(?P<more>[^\n]*)\n(?P<block>[\s\S]*?)^```$"
    r"|(?P<table>(?:^\|.*\|\n)+)"
    r"|(?P<prose>(?:^(?!```|\|).+\n?)+)",
    re.MULTILINE,
)
_FILES = ("csv", "yaml", "toml")
_COPY = re.compile(
    r"copy\s+`([\w.]+)`\s+from\s+the\s+newest\s+folder\s+in\s+`(\w+)`", re.IGNORECASE
)


@dataclass(frozen=True)
class Command:
    """What is typed, what is shown as its answer, and the exit code that it ends with."""

    words: str
    shown: str
    code: int


@dataclass(frozen=True)
class NewFile:
    """A text file as the page shows it."""

    name: str
    text: str

    def take(self, folder: Path) -> None:
        (folder / self.name).write_text(self.text, encoding="utf-8")


@dataclass(frozen=True)
class Part:
    """Lines that a file holds, which the page explains; its remarks are left out."""

    name: str
    text: str

    def take(self, folder: Path) -> None:
        held = (folder / self.name).read_text(encoding="utf-8")
        assert _bare(self.text) in _bare(held), f"{self.name} does not say\n{self.text}"


@dataclass(frozen=True)
class NewWorkbook:
    """A table that is copied into a new workbook."""

    name: str
    rows: Sequence[Sequence[str]]

    def take(self, folder: Path) -> None:
        book = openpyxl.Workbook()
        book.worksheets[0].title = "Sheet1"
        for row in self.rows:
            book.worksheets[0].append([typed(cell) for cell in row])
        book.save(folder / self.name)


@dataclass(frozen=True)
class Cells:
    """Cells that are changed in a workbook, each with its sheet; `row 7` and `delete the row` for a row."""

    name: str
    rows: Sequence[Sequence[str]]

    def take(self, folder: Path) -> None:
        book = openpyxl.load_workbook(folder / self.name)
        for sheet, cell, text in self.rows:
            if text == "delete the row":
                book[sheet].delete_rows(int(cell.removeprefix("row ")))
            else:
                book[sheet][cell] = typed(text)
        book.save(folder / self.name)


@dataclass(frozen=True)
class Lines:
    """Lines of a file that others take the place of."""

    name: str
    diff: str

    def take(self, folder: Path) -> None:
        text = (folder / self.name).read_text(encoding="utf-8")
        lines = self.diff.splitlines(keepends=True)
        gone = "".join(line[1:] for line in lines if not line.startswith("+"))
        come = "".join(line[1:] for line in lines if not line.startswith("-"))
        assert text.count(gone) == 1, f"{self.name} does not hold the lines once:\n{gone}"
        (folder / self.name).write_text(text.replace(gone, come), encoding="utf-8")


@dataclass(frozen=True)
class Copy:
    """A file of the newest run's reports that is copied into the folder."""

    name: str
    reports: str

    def take(self, folder: Path) -> None:
        newest = max((folder / self.reports).iterdir(), key=lambda run: run.stat().st_mtime_ns)
        shutil.copy(newest / self.name, folder / self.name)


Step = Command | NewFile | Part | NewWorkbook | Cells | Lines | Copy


def steps(page: Path) -> Iterator[Step]:
    """What the reader of a page does, in its order."""
    before = mapping = ""
    for part in _PART.finditer(page.read_text(encoding="utf-8")):
        prose, table = part["prose"], part["table"]
        if prose:
            before = prose
            mapping = next(reversed(re.findall(r"`(\w+\.yaml)`", prose)), mapping)
            yield from (Copy(*found) for found in _COPY.findall(prose))
        elif table:
            yield from _of_table(_cells(table), _name(before, "xlsx"))
        elif part["kind"] == "console":
            yield from _commands(part["block"], part["more"])
        elif part["kind"] == "diff":
            yield Lines(_named(before, r"\w+"), part["block"])
        elif part["kind"] == "yaml" and "version:" not in part["block"]:
            yield Part(mapping, part["block"])
        elif part["kind"] in _FILES:
            yield NewFile(_named(before, part["kind"]), part["block"])


def _bare(mapping: str) -> str:
    """A mapping without its remarks and blank lines."""
    lines = [re.sub(r"(^|\s+)#.*", "", line) for line in mapping.splitlines()]
    return "\n".join(line for line in lines if line)


def typed(cell: str) -> str | int | None:
    """What a spreadsheet program makes of what is typed: whole numbers lose their zeros."""
    if cell in ("", "(empty)"):
        return None
    return int(cell) if cell.isdecimal() else cell


def _of_table(rows: list[list[str]], name: str | None) -> Iterator[Step]:
    header = rows[0]
    if name is None:
        return
    yield Cells(name, rows[1:]) if header == ["Sheet", "Cell", "Write"] else NewWorkbook(name, rows)


def _cells(table: str) -> list[list[str]]:
    rows = [[cell.strip() for cell in line[1:-1].split("|")] for line in table.splitlines()]
    return [row for number, row in enumerate(rows) if number != 1]


def _name(before: str, ending: str) -> str | None:
    """The file that a sentence with a colon names last."""
    names = re.findall(rf"`([\w.-]+\.{ending})`", before)
    return names[-1] if names and before.rstrip().endswith(":") else None


def _named(before: str, ending: str) -> str:
    name = _name(before, ending)
    assert name is not None, f"no sentence names the file below it:\n{before}"
    return name


def _commands(block: str, more: str) -> Iterator[Command]:
    code = re.fullmatch(r"(?: exit=(\d+))?", more)
    assert code is not None, more
    for typed_and_shown in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        words, _, shown = typed_and_shown.partition("\n")
        yield Command(words, shown, int(code[1] or 0))
