"""When two values of a field are the same, whatever their spelling: pure.

What is compared is a form of each value; what is sent is always the file's value as it is.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import phonenumbers
import pycountry

from wizsync.model import LIST_SEPARATOR, ChildKind, Compare, FieldKind, kind_of_field

Where = npt.NDArray[np.bool_]


def same(field: str, left: str, right: str, compare: Compare) -> bool:
    """Whether two values of a field are the same.

    Args:
        field: A field of a customer, an address or a contact; any other is compared as text.
        left: A value; "" is empty.
        right: Another.
        compare: How the mapping bends comparing.

    Raises:
        ValueError: The mapping names an equality that does not exist.
    """
    if left == right:
        return True
    equality = _equality(field, compare)
    return equality.form(left) == equality.form(right) or equality.beyond_form(left, right)


def same_by(compare: Compare) -> Callable[[str, str, str], bool]:
    """`same` as a mapping has it, given field, left and right; what it ignores is always the same.

    A field of a child is named with its kind, `addresses.city`: of those the mapping bends nothing.
    """

    def is_same(field: str, left: str, right: str) -> bool:
        kind, _, own = field.partition(".")
        if kind in _CHILD_KINDS:
            return same(own, left, right, _PLAIN)
        return field in compare.ignore or same(field, left, right, compare)

    return is_same


_CHILD_KINDS = frozenset(ChildKind)
_PLAIN = Compare()


def differs(
    field: str,
    left: pd.Series[str],
    right: pd.Series[str],
    compare: Compare,
    where: Where | None = None,
) -> pd.Series[bool]:
    """Where two columns of a field differ, by position: `same`, for a million pairs.

    Cells are compared raw first; only those that differ are brought to their form, each distinct
    value once.

    Args:
        field: As in `same`.
        left: `str` (n,); missing counts as "".
        right: `str` (n,), whatever its index.
        compare: As in `same`.
        where: bool (n,), the pairs to be compared; the others do not differ. None: all.

    Returns:
        bool (n,) with the index of `left`.

    Raises:
        ValueError: As `same`, or the columns are not of one length.
    """
    if len(left) != len(right):
        raise ValueError(f"{field}: {len(left)} values cannot be compared with {len(right)}")
    lefts, rights = left.fillna("").array, right.fillna("").array
    unlike = np.asarray(lefts != rights, dtype=bool)
    if where is not None:
        unlike &= where
    at = np.flatnonzero(unlike)
    if len(at):
        unlike[at] = _differ_in_form(_equality(field, compare), lefts.take(at), rights.take(at))
    return pd.Series(unlike, index=left.index)


# --- the forms ----------------------------------------------------------------------------------


def text_form(value: str) -> str:
    """A text in Unicode NFC, trimmed, each run of white space (NBSP too) one space."""
    return " ".join(unicodedata.normalize("NFC", value).split())


def email_form(value: str) -> str:
    """An e-mail address: its case does not count."""
    return text_form(value).casefold()


def phone_form(value: str) -> str:
    """A phone number: E.164 and extension where it names its country, else its digits."""
    text = text_form(value)
    number = _parse(text, None) if text.startswith("+") else None
    if number is not None:
        return _international(number)
    # 1-800-FLOWERS is more than its digits.
    if any(character.isalpha() for character in text):
        return text.casefold()
    return digits(text) or text


def ids_form(value: str) -> str:
    """A list of ids: neither order nor repetition counts."""
    ids = {text_form(item) for item in value.split(LIST_SEPARATOR)}
    return LIST_SEPARATOR.join(sorted(ids - {""}))


def boolean_form(value: str) -> str:
    """Yes or no; what is empty is no."""
    return text_form(value).casefold() or "false"


def country_form(value: str) -> str:
    """A country's two letters, by whichever of its names and codes it is called; else the text."""
    text = text_form(value)
    if not text:
        return text
    try:
        return str(pycountry.countries.lookup(text).alpha_2)
    except LookupError:
        return text.casefold()


def digits(value: str) -> str:
    """The decimal digits of a text, of any script, as 0 to 9."""
    return "".join(str(unicodedata.decimal(c)) for c in value if c.isdecimal())


def _digits_form(value: str) -> str:
    """A value's digits; a value without any is compared as text, so that `n/a` is not `none`."""
    return digits(value) or text_form(value)


def _international(number: phonenumbers.PhoneNumber) -> str:
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{e164};{number.extension or ''}"


def _parse(text: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None


def _same_in_one_country(left: str, right: str) -> bool:
    """Whether a number with its country and one without are the same, dialled in that country."""
    left, right = text_form(left), text_form(right)
    if left.startswith("+") == right.startswith("+"):
        return False
    abroad, home = (left, right) if left.startswith("+") else (right, left)
    # Parsing is slow: the last digits agree in any case.
    if digits(abroad)[-4:] != digits(home)[-4:]:
        return False
    number = _parse(abroad, None)
    if number is None:
        return False
    region = phonenumbers.region_code_for_country_code(number.country_code or 0)
    dialled = _parse(home, region)
    return dialled is not None and _international(dialled) == _international(number)


# --- which one a field takes --------------------------------------------------------------------


def _never(_left: str, _right: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class _Equality:
    """How two values are compared: by their form; where those differ, by what no form can tell."""

    form: Callable[[str], str]
    beyond_form: Callable[[str, str], bool] = _never


_BY_KIND: Mapping[FieldKind, _Equality] = {
    FieldKind.TEXT: _Equality(text_form),
    FieldKind.EMAIL: _Equality(email_form),
    FieldKind.PHONE: _Equality(phone_form, _same_in_one_country),
    FieldKind.IDS: _Equality(ids_form),
    FieldKind.BOOLEAN: _Equality(boolean_form),
    FieldKind.COUNTRY: _Equality(country_form),
}
_BY_NAME: Mapping[str, _Equality] = {"digits": _Equality(_digits_form)}


def _equality(field: str, compare: Compare) -> _Equality:
    name = compare.equal.get(field)
    if name is None:
        equality = _BY_KIND[kind_of_field(field)]
    elif name in _BY_NAME:
        equality = _BY_NAME[name]
    else:
        raise ValueError(f"{field}: there is no equality {name!r}, only {', '.join(_BY_NAME)}")
    if field in compare.casefold:
        return _without_case(equality)
    return equality


def _without_case(equality: _Equality) -> _Equality:
    return _Equality(
        lambda value: equality.form(value.casefold()),
        lambda left, right: equality.beyond_form(left.casefold(), right.casefold()),
    )


def _differ_in_form(
    equality: _Equality,
    lefts: pd.api.extensions.ExtensionArray,
    rights: pd.api.extensions.ExtensionArray,
) -> Where:
    """Where two arrays that differ raw differ in form as well."""
    count = len(lefts)
    codes, distinct = pd.factorize(
        np.concatenate([lefts.to_numpy(object), rights.to_numpy(object)])
    )
    forms, _ = pd.factorize(np.array([equality.form(value) for value in distinct], dtype=object))
    unlike: Where = forms[codes[:count]] != forms[codes[count:]]
    if equality.beyond_form is not _never:
        told: dict[tuple[int, int], bool] = {}
        for at in np.flatnonzero(unlike):
            pair = (int(codes[at]), int(codes[count + at]))
            if pair not in told:
                told[pair] = not equality.beyond_form(distinct[pair[0]], distinct[pair[1]])
            unlike[at] = told[pair]
    return unlike
