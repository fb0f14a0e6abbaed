"""A file's bytes as UTF-8, with the encoding that they were in."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

import charset_normalizer
import numpy as np
import pyarrow as pa

from wizsync.errors import UnfitFile, UsageError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# What office programs write that is not Unicode; of two that fit alike, the earlier is taken.
_CANDIDATES = [
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "iso8859_2",
    "cp850", "cp852", "cp866", "koi8_r", "cp932", "gb18030", "big5", "cp949", "euc_jp",
]  # fmt: skip
_FIT_ALIKE = 0.02  # of charset-normalizer's disorder, 0 (none) to 1

_NAMES = {
    "cp1252": "Windows-1252 (Western European)",
    "cp1250": "Windows-1250 (Central European)",
    "cp1251": "Windows-1251 (Cyrillic)",
    "cp1253": "Windows-1253 (Greek)",
    "cp1254": "Windows-1254 (Turkish)",
    "iso8859-1": "Latin-1",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32-le": "UTF-32",
    "utf-32-be": "UTF-32",
}

# Python counts these among its encodings, but they spell the names of hosts, and no file.
_OF_HOST_NAMES = frozenset({"idna", "punycode"})

_LINE_END = re.compile(r"\r\n|\r|\n")
_MARKS_OF_TABLES = re.compile(r"[,;\t|\r\n]")
_LINE_BEYOND_ASCII = re.compile(rb"[^\r\n]*[\x80-\xff][^\r\n]*[\r\n]*")
_CONTROL = bytes(set(range(32)) - set(b"\t\n\x0b\x0c\r\x1a\x1b"))
_SAMPLE = 1 << 18

_SAVE_AGAIN = (
    'Save the file as "CSV UTF-8", or name its encoding in the mapping (source: encoding).'
)


@dataclass(frozen=True, slots=True)
class Text:
    """A file's text.

    Args:
        utf8: The text in UTF-8, valid, without a byte order mark and without NUL.
        encoding: What the file was in, by Python's name.
        notes: What a person should know, a sentence each.
    """

    utf8: bytes
    encoding: str
    notes: tuple[str, ...]


def decode(data: bytes, name: str, told: str | None) -> Text:
    """The text of a file.

    Args:
        data: The file's bytes.
        name: The file's name, for messages.
        told: The encoding that the user named.

    Raises:
        UsageError: There is no such encoding.
        UnfitFile: The bytes are not text, or not in the encoding.
    """
    told = None if told is None else _known(told)
    encoding, notes = _choose(data, name, told)
    utf8 = _as_utf8(data, encoding, name)
    nul = utf8.find(b"\0")
    if nul >= 0:
        raise _binary(name, line_at(utf8, nul))
    return Text(utf8, encoding, notes)


def line_at(utf8: bytes, offset: int) -> int:
    """The line, from 1, that a byte of a UTF-8 text is on."""
    return 1 + len(_LINE_END.findall(utf8[:offset].decode(errors="replace")))


def _known(told: str) -> str:
    try:
        "a".encode(told)
        known = codecs.lookup(told).name.removesuffix("-sig")
    except (LookupError, UnicodeError):
        known = ""
    if not known or known in _OF_HOST_NAMES:
        raise UsageError(
            f'There is no encoding "{told}".',
            where="source: encoding",
            hint="Name one such as utf-8, cp1252, latin-1 or utf-16, or leave it out.",
        )
    return known


def _choose(data: bytes, name: str, told: str | None) -> tuple[str, tuple[str, ...]]:
    """The encoding and the notes about it: a mark is proof, then what we are told, then a look."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding, _marked_notes(encoding, told)
    if told is not None:
        if not told.startswith("utf") and not data.isascii() and _is_utf8(data):
            raise UnfitFile(
                f"The mapping says that the file is in {told}, but its text is UTF-8: "
                "letters with accents would be written wrong.",
                where=name,
                hint=f"Save the file in {told}, or take `encoding` out of the mapping.",
            )
        return told, () if told == "utf-8" else (f"Read in the encoding {_named(told)}, as told.",)
    if b"\0" in data[:_SAMPLE]:
        encoding = _wide(data, name)
        return encoding, (f"The file is in {_named(encoding)} without a mark that says so.",)
    if _is_utf8(data):
        return "utf-8", ()
    return _guess(data, name)


def _marked_notes(encoding: str, told: str | None) -> tuple[str, ...]:
    notes = () if encoding == "utf-8" else (f"The file is in {_named(encoding)}.",)
    if told is not None and not encoding.startswith(told):
        found = _named(encoding)
        notes = (
            f"The mapping says that the file is in {told}; its first bytes say {found}: so it was read.",
        )
    return notes


def _is_utf8(data: bytes) -> bool:
    """Whether all of it is, without a second copy of a large file."""
    bounds = pa.py_buffer(np.array([0, len(data)], dtype=np.int64).tobytes())
    try:
        pa.LargeStringArray.from_buffers(1, bounds, pa.py_buffer(data)).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _wide(data: bytes, name: str) -> str:
    """UTF-16 without a mark, by where the NULs of its digits and delimiters lie."""
    sample = data[:_SAMPLE]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    text = sample.decode(encoding, errors="ignore")
    one_sided = min(even, odd) <= max(even, odd) / 20 and max(even, odd) >= len(sample) / 20
    if not one_sided or not _MARKS_OF_TABLES.search(text):
        raise _binary(name, line_at(data, data.find(b"\0")))
    return encoding


def _guess(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """An encoding of one byte a letter (or an East Asian one), by the lines that are not plain ASCII."""
    sample = b""
    for line in _LINE_BEYOND_ASCII.finditer(data):
        sample += line.group()
        if len(sample) > _SAMPLE:
            break
    controls = len(sample) - len(sample.translate(None, _CONTROL))
    if controls > len(sample) / 100:
        raise _binary(name, line_at(data, data.find(sample[:20])))
    _refuse_damaged_utf8(data, sample, name)
    matches = charset_normalizer.from_bytes(sample, cp_isolation=_CANDIDATES)
    fitting = [
        encoding
        for match in matches
        if match.chaos <= matches[0].chaos + _FIT_ALIKE
        for encoding in match.could_be_from_charset
    ]
    chosen = next((e for e in _CANDIDATES if e in fitting and _decodes(data, e)), None)
    if chosen is None:
        raise UnfitFile(
            "The file's encoding cannot be told.",
            where=f"{name}, line {_first_beyond_ascii(data)}",
            hint=_SAVE_AGAIN,
        )
    encoding = codecs.lookup(chosen).name
    note = f"The file is not UTF-8 and was read as {_named(encoding)}; look at names with accents."
    return encoding, (note,)


def _refuse_damaged_utf8(data: bytes, sample: bytes, name: str) -> None:
    """Refuses UTF-8 with some foreign bytes: read as anything else, every accent would be wrong."""
    text = sample.decode(errors="replace")
    foreign = text.count("\ufffd")
    if sum(not character.isascii() for character in text) - foreign > foreign:
        _as_utf8(data, "utf-8", name)


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _as_utf8(data: bytes, encoding: str, name: str) -> bytes:
    if encoding == "utf-8" and _is_utf8(data):
        return data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode(encoding).removeprefix("\ufeff").encode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, errors="ignore")
        line = 1 + len(_LINE_END.findall(before))
        raise UnfitFile(
            f"Line {line} holds bytes that are not {_named(encoding)}, "
            "so that the text cannot be read to its end.",
            where=f"{name}, line {line}",
            hint=_SAVE_AGAIN,
        ) from None
    except UnicodeEncodeError as error:
        raise _binary(name, 1 + len(_LINE_END.findall(error.object[: error.start]))) from None


def _first_beyond_ascii(data: bytes) -> int:
    found = re.search(rb"[\x80-\xff]", data)
    return 1 if found is None else line_at(data, found.start())


def _named(encoding: str) -> str:
    return _NAMES.get(encoding, encoding.upper())


def _binary(name: str, line: int) -> UnfitFile:
    return UnfitFile(
        f"{name} is not a text file: line {line} holds characters that no text has.",
        where=f"{name}, line {line}",
        hint="Check that it is the right file, and export it as CSV again.",
    )
