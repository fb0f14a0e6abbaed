"""Every code that a reject may have: when, and how to mend it. Programs read codes; they do not change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Code(NamedTuple):
    """What a code stands for.

    Args:
        means: What is wrong, a sentence.
        mend: What a person does about it, in sentences.
    """

    means: str
    mend: str


CODES: Mapping[str, Code] = {
    # The row itself.
    "row_shape": Code(
        "The row has more or fewer cells than the header.",
        "Put a cell that holds the delimiter or a line break into quotation marks. Give every column a cell, "
        "an empty one too.",
    ),
    "row_quotes": Code(
        "A quotation mark inside a quoted cell is not doubled.",
        'Double it (""), or save the list as CSV from a spreadsheet program.',
    ),
    # The customer's key, and what its rows ask for.
    "blank_key": Code("The referenceId is empty in a row that is not.", "Fill it in."),
    "empty_key_part": Code(
        "A column that the referenceId's template is made of is empty.", "Fill it in."
    ),
    "damaged_key": Code(
        "The referenceId is a long number in short, such as 1.23E+11; its digits are lost.",
        "Format the column as text, or as a number without decimals, and export the file again.",
    ),
    "out_of_scope": Code(
        "The referenceId is not one that the mapping is responsible for.",
        "Correct it, take the row out, or widen `scope` in the mapping.",
    ),
    "bad_action": Code(
        "The action is none of create, update, upsert, merge, delete and ignore.",
        "Write one of them, or empty the cell.",
    ),
    "different_values": Code(
        "Rows of one referenceId have different values in a column.",
        "Keep one of the values, or give the rows keys of their own.",
    ),
    "different_actions": Code(
        "Rows of one referenceId ask for different actions.",
        "Let them ask for the same, or give the rows keys of their own.",
    ),
    "other_row_rejected": Code(
        "Another row of the same customer cannot be used.",
        "Mend that row; both are used together.",
    ),
    "required": Code(
        "A customer would be without something that it needs.",
        "Fill in the cell, or give the field a `default` in the mapping.",
    ),
    "not_in_account": Code(
        "Mode `update`: the account has no customer of this referenceId.",
        "Correct it; or, if the customer is new, let the row create it with `mode: upsert`.",
    ),
    # Addresses and contacts.
    "blank_join": Code(
        "A row of an address or contact does not say which customer it belongs to.",
        "Fill in the column that `join` names.",
    ),
    "customer_not_in_file": Code(
        "An address or contact belongs to a customer that the customers' table does not name.",
        "Correct the key, or add the customer's row.",
    ),
    "customer_rejected": Code(
        "An address or contact belongs to a customer whose own row cannot be used.",
        "Mend that customer's row; both are used together.",
    ),
    "different_child_values": Code(
        "Rows of one address or contact have different values in a column.",
        "Keep one of the values, or give the rows referenceIds of their own.",
    ),
    "two_defaults": Code(
        "Two addresses of one type, or two contacts, are the customer's default.",
        "Let one of them be the default.",
    ),
    "bad_type": Code(
        "An address's type is neither billing nor shipping.",
        "Write one of the two, or map the file's words with `values`.",
    ),
    "child_required": Code(
        "An address or contact lacks something that it needs.",
        "Fill in the cell, or add the field to the block in the mapping.",
    ),
    "child_unclear": Code(
        "An address or contact could be any of several in the account.",
        "Give those different referenceIds in WizCommerce, or remove the one that is doubled.",
    ),
    # Look-ups and attributes.
    "unknown_lookup": Code(
        "What is looked up is in no list of the account, or not in the look-up's file.",
        "Correct the cell by the names that are told, or add a row to the look-up's file.",
    ),
    "ambiguous_lookup": Code(
        "What is looked up is there more than once.",
        "Look it up by something else, such as `by: id`; keep one row in the look-up's file.",
    ),
    "inactive_lookup": Code(
        "The price list or sales rep that is looked up is no longer active.", "Give another one."
    ),
    "empty_lookup": Code(
        "What is looked up is in the look-up's file, without a value.",
        "Fill it in there. Where it is to empty the field, use `values` in the mapping.",
    ),
    "unknown_option": Code(
        "The text is no option of the attribute.", "Write one of the options that are told."
    ),
    "several_values": Code(
        "A cell holds several values for an attribute that takes one.",
        "Keep one, or take `split` out of the mapping.",
    ),
    # Cells.
    "error_value": Code(
        "A cell holds a spreadsheet's error, such as #N/A, or only #####.",
        "Mend the formula, or widen the column, and save the file again.",
    ),
    "no_value": Code(
        "A cell holds a formula whose result was never stored.",
        "Open the file in a spreadsheet program and save it.",
    ),
    "long_number": Code(
        "A cell holds a number of more than 15 digits, of which spreadsheet programs keep only 15.",
        "Format the column as text, enter the number again, and save the file.",
    ),
    "unknown_value": Code(
        "A cell's text is not among the mapping's `values`.",
        "Write one of them, or add the text to `values`.",
    ),
    # Transforms.
    "no_digits": Code(
        "Transform `digits`: no digit in the text.", "Write the number, or empty the cell."
    ),
    "slow_regex": Code(
        "Transform `regex`: the pattern takes more than a quarter of a second on the text.",
        "Write the pattern without a repetition inside a repetition.",
    ),
    "bad_number": Code(
        "Transform `number`, or an attribute of numbers: not a number.",
        "Write it as 1234.56, or empty the cell.",
    ),
    "ambiguous_number": Code(
        "Transform `number`, or an attribute of numbers: thousands or decimals, such as 1.234.",
        'Say which in the mapping: `{number: "."}` or `{number: ","}`.',
    ),
    "bad_date": Code(
        "Transform `date`, or an attribute of dates: not a date, or not of the form given.",
        "Write it as 2026-03-04, or in the mapping's form, or empty the cell.",
    ),
    "ambiguous_date": Code(
        "Transform `date`, or an attribute of dates: day or month first, such as 03/04/2026.",
        "Say which in the mapping: `{date: DD/MM/YYYY}` or `{date: MM/DD/YYYY}`.",
    ),
    "bad_boolean": Code(
        "Transform `boolean`, an attribute of yes and no, or `isDefault`: neither yes nor no.",
        "Write yes or no, or empty the cell.",
    ),
    "bad_email": Code(
        "Transform `email`: not one e-mail address.",
        "Write one, as name@company.com, or empty the cell.",
    ),
    "bad_phone": Code(
        "Transform `phone`: not a phone number that exists, or its country is not known.",
        "Write it with its area code, or as +1 212 555 0100; or name the country in the mapping: "
        "`{phone: US}`.",
    ),
    "bad_country": Code(
        "Transform `country`: not a country.",
        "Write its English name or its two letters, such as Germany or DE.",
    ),
    "bad_state": Code(
        "Transform `state`: not a state of the country given.",
        "Write its name or its code, such as CA, and fill in the row's country.",
    ),
    "bad_city_line": Code(
        "Transform `city_line`: not a line of city, state and zip code.",
        "Write it as Austin, TX 78701, as 10115 Berlin or as London SW1A 2AA.",
    ),
}
