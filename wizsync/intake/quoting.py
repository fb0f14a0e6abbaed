"""Quotation marks, and by them where the rows of a delimited text begin and end: columns of numbers.

The rules are those of spreadsheet programs, of Python's csv module and of pyarrow's reader: a cell
that begins with a quotation mark goes on to the mark that closes it, across delimiters and line
breaks; a doubled mark inside stands for one; a mark elsewhere in a cell is a character like any
other. CRLF, LF and CR end a line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wizsync.errors import UnfitFile
from wizsync.intake.encoding import line_at

Numbers = npt.NDArray[np.int64]

_QUOTE, _LF, _CR = 0x22, 0x0A, 0x0D
_BLOCK = 1 << 18  # a block and its masks stay in the processor's cache


@dataclass(frozen=True)
class Records:
    """The rows of a text, blank ones included, as arrays of one length.

    Args:
        starts: The offset of each row's first byte.
        ends: The offset behind its last byte, without its line end.
        lines: The line it begins on, from 1.
        cells: How many cells it has.
        misquoted: Whether a quoted cell of it goes on behind the mark that closes it.
        line_breaks: Whether any cell holds a line break.
    """

    starts: Numbers
    ends: Numbers
    lines: Numbers
    cells: Numbers
    misquoted: npt.NDArray[np.bool_]
    line_breaks: bool

    def __len__(self) -> int:
        return len(self.starts)


def scan(utf8: bytes, delimiter: str, name: str) -> Records:
    """Finds the rows of a text.

    Args:
        utf8: The text.
        delimiter: One ASCII character.
        name: The file's name, for messages.

    Raises:
        UnfitFile: A quoted cell is never closed.
    """
    marks, kinds = _marks(utf8, ord(delimiter))
    quotes = _settle_quotes(utf8, marks, kinds, delimiter)
    if quotes.open_cell is not None:
        raise _never_closed(utf8, quotes.open_cell, name)
    return _rows(utf8, delimiter, marks, kinds, quotes.misquotes)


def scan_sample(utf8: bytes, delimiter: str) -> Records:
    """Finds the rows of a text that may be cut short anywhere, and with a delimiter on trial."""
    marks, kinds = _marks(utf8, ord(delimiter))
    quotes = _settle_quotes(utf8, marks, kinds, delimiter)
    return _rows(utf8, delimiter, marks, kinds, quotes.misquotes)


def _rows(
    utf8: bytes, delimiter: str, marks: Numbers, kinds: npt.NDArray[np.uint8], misquotes: Numbers
) -> Records:
    is_end = kinds == _LF
    # The parity of the quotation marks so far; a byte a mark is enough for it.
    outside = ~np.logical_xor.accumulate(kinds == _QUOTE)

    line_ends = np.flatnonzero(is_end)
    lines_before = np.flatnonzero(outside[line_ends])
    row_ends = line_ends[lines_before]
    ends = marks[row_ends]
    starts = np.concatenate(([0], ends + 1))
    lines = np.concatenate(([1], lines_before + 2))
    separates = ((kinds == ord(delimiter)) & outside).view(np.uint8)
    first = np.concatenate(([0], row_ends + 1))  # the marks of each row
    some = first < len(marks)  # a last row may have none
    cells = np.ones(len(starts), dtype=marks.dtype)
    if some.any():
        cells[some] += np.add.reduceat(separates, first[some], dtype=marks.dtype)
    ends = np.append(_before_crlf(utf8, ends), len(utf8))
    if starts[-1] == len(utf8):  # the last line end ends the text
        starts, ends, lines, cells = starts[:-1], ends[:-1], lines[:-1], cells[:-1]

    misquoted = np.zeros(len(starts), dtype=bool)
    misquoted[np.searchsorted(starts, misquotes, side="right") - 1] = True
    return Records(starts, ends, lines, cells, misquoted, len(row_ends) < len(line_ends))


def split(record: str, delimiter: str) -> tuple[str, ...]:
    """The cells of one row."""
    mark = re.escape(delimiter)
    pattern = rf'(?:"([^"]*(?:""[^"]*)*)"?)?([^{mark}]*)({mark}|\Z)'
    cells = []
    for cell in re.finditer(pattern, record):
        quoted, rest, separator = cell.groups()
        cells.append((quoted or "").replace('""', '"') + rest)
        if not separator:
            break
    return tuple(cells)


def _marks(utf8: bytes, delimiter: int) -> tuple[Numbers, npt.NDArray[np.uint8]]:
    """The offsets of delimiters, quotation marks and line ends, and which each is.

    A line end is at its last byte and of kind LF, whatever it is made of.
    """
    text = np.frombuffer(utf8, dtype=np.uint8)
    found = []
    narrow = np.int32 if len(text) < 2**31 - 1 else np.int64
    for begin in range(0, len(text), _BLOCK):
        block = text[begin : begin + _BLOCK]
        is_mark = (block == delimiter) | (block == _QUOTE) | (block == _LF) | (block == _CR)
        found.append((np.flatnonzero(is_mark) + begin).astype(narrow))
    marks = np.concatenate(found) if found else np.zeros(0, dtype=np.int64)
    kinds = text[marks]
    returns = np.flatnonzero(kinds == _CR)
    if len(returns):
        following = np.minimum(marks[returns] + 1, len(text) - 1)
        ends_line = text[following] != _LF
        kinds[returns[ends_line]] = _LF
        kept = np.ones(len(marks), dtype=bool)
        kept[returns[~ends_line]] = False
        marks, kinds = marks[kept], kinds[kept]
    return marks, kinds


def _before_crlf(utf8: bytes, ends: Numbers) -> Numbers:
    """Offsets of line ends, moved before the CR of a CRLF."""
    text = np.frombuffer(utf8, dtype=np.uint8)
    is_crlf = (ends > 0) & (text[ends] == _LF) & (text[ends - 1] == _CR)
    moved: Numbers = ends - is_crlf
    return moved


@dataclass(frozen=True, slots=True)
class _Quotes:
    """What is wrong with quotation marks.

    Args:
        misquotes: The offsets of marks that close a cell which then goes on.
        open_cell: The offset of the mark that opens a cell which is never closed, or None.
    """

    misquotes: Numbers
    open_cell: int | None


def _settle_quotes(
    utf8: bytes, marks: Numbers, kinds: npt.NDArray[np.uint8], delimiter: str
) -> _Quotes:
    """Takes from `kinds` the quotation marks that are mere characters.

    Those left open and close cells in turn, a doubled one counting as a close and an open.
    """
    places = np.flatnonzero(kinds == _QUOTE)
    quotes = marks[places]
    if not len(quotes):
        return _Quotes(quotes, None)
    text = np.frombuffer(utf8, dtype=np.uint8)
    is_edge = np.zeros(256, dtype=bool)
    is_edge[[ord(delimiter), _LF, _CR]] = True
    begins_cell = is_edge[text[quotes - 1]]
    begins_cell[0] |= quotes[0] == 0
    doubles = np.zeros(len(quotes), dtype=bool)
    doubles[1:] = quotes[1:] == quotes[:-1] + 1

    characters = _mere_characters(~(begins_cell | doubles), doubles)
    if characters:
        kinds[places[characters]] = 0
        quotes, begins_cell, doubles = (
            np.delete(array, characters) for array in (quotes, begins_cell, doubles)
        )
    closers = quotes[1::2]
    goes_on = ~is_edge[text[np.minimum(closers + 1, len(text) - 1)]] & (closers + 1 < len(text))
    goes_on[: len(doubles[2::2])] &= ~doubles[2::2]
    misquotes = _without_padding(utf8, closers[goes_on], delimiter)
    if not len(misquotes) and len(quotes) % 2 == 0:
        return _Quotes(misquotes, None)

    # A cell that goes on behind its closing mark was most likely closed by the next cell's opening
    # mark; across lines, that has swallowed rows.
    openers = quotes[0::2][begins_cell[0::2]]
    for closer in misquotes.tolist():
        opener = int(openers[np.searchsorted(openers, closer, side="right") - 1])
        if utf8.find(b"\n", opener, closer) >= 0 or utf8.find(b"\r", opener, closer) >= 0:
            return _Quotes(misquotes, opener)
    return _Quotes(misquotes, int(openers[-1]) if len(quotes) % 2 else None)


def _mere_characters(
    cannot_open: npt.NDArray[np.bool_], doubles: npt.NDArray[np.bool_]
) -> list[int]:
    """Which quotation marks stand inside a cell that does not begin with one.

    Marks take turns in opening and closing; the first whose turn it is to open, and that neither
    begins a cell nor doubles the mark before it, is a mere character, and so are those right behind
    it. The turns then begin anew.

    Args:
        cannot_open: Whether each mark neither begins a cell nor doubles the one before it.
        doubles: Whether it stands right behind the mark before it.
    """
    if not cannot_open[0::2].any():
        return []
    by_turn = [np.flatnonzero(cannot_open[turn::2]) * 2 + turn for turn in (0, 1)]
    characters: list[int] = []
    begin = 0
    while True:
        candidates = by_turn[begin % 2]
        place = np.searchsorted(candidates, begin)
        if place == len(candidates):
            return characters
        begin = int(candidates[place])
        characters.append(begin)
        begin += 1
        while begin < len(doubles) and doubles[begin]:
            characters.append(begin)
            begin += 1


def _without_padding(utf8: bytes, misquotes: Numbers, delimiter: str) -> Numbers:
    """Leaves out the marks that only spaces follow up to the end of the cell."""
    padding = re.compile(rb"[ \t]*(?:" + re.escape(delimiter.encode()) + rb"|[\r\n]|\Z)")
    return np.array(
        [mark for mark in misquotes.tolist() if not padding.match(utf8, mark + 1)], dtype=np.int64
    )


def _never_closed(utf8: bytes, opener: int, name: str) -> UnfitFile:
    line = line_at(utf8, opener)
    return UnfitFile(
        f'A quotation mark (") opens a cell in line {line} and is never closed, so that rows cannot be '
        "told apart from there on.",
        where=f"{name}, line {line}",
        hint="Put the missing mark there, or double it where it is meant as a character, and run again.",
    )
