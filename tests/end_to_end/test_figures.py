"""A run in which everything happens: four ways to tell of it, and the same figures in each."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.cli.conftest import Wizsync
from tests.conftest import StartSandbox
from wizsync.sandbox import Sandbox

MAPPING = """\
version: 1
mode: upsert
absent: report
scope: all
customer:
  referenceId: Code
  companyName: {column: Company, required: true}
  displayName: "{companyName}"
  phone: {column: Phone, transforms: [{phone: US}]}
addresses:
  - file: ship-to.csv
    join: Code
    referenceId: Number
    addressLine1: Street
    city: {const: Austin}
    zipCode: {column: Zip, transforms: [{zfill: 5}]}
    state: {column: State, transforms: [state]}
    country: {const: US}
    type: {const: shipping}
children: {addresses: remove}
guard: {max_updates: 100%, max_children_removed: 100%, max_erased: 100%}
"""
MOVES = HELD = 150

# The plan's figures and those of what happened: by `--json`, on page and in workbook, in the terminal.
PLAN = {
    "create": ("to create", "to create"),
    "update": ("to update", "to update"),
    "unchanged": ("unchanged", "unchanged"),
    "update_held": ("updates held", "held back (only moves of addresses and contacts)"),
    "held": ("held", "held back (look like existing customers)"),
    "conflict": ("unclear", "in conflict (see the report)"),
    "absent": ("absent", "in the account and not in the file"),
    "children_add": ("to add", "to add (addresses and contacts)"),
    "children_change": ("to change", "to change (addresses and contacts)"),
    "children_remove": ("to remove", "to remove (addresses and contacts)"),
    "children_held": (
        "moves held",
        "held back unless allowed (addresses and contacts that change their customer)",
    ),
}
OUTCOME = {
    "applied": "applied",
    "failed": "failed",
    "skipped": "skipped",
    "conflict": "in conflict",
    "unknown": "not known",
    "pending": "still to do",
}


@dataclass
class Told:
    """What was said of a run, and where."""

    answer: dict[str, Any]
    terminal: str
    json: dict[str, Any]
    page: str
    summary: list[tuple[Any, ...]]

    def of_page(self, ledger: str) -> dict[str, int]:
        """The figures under one of the page's two headings."""
        text = self.page.split(f">{ledger}</h2>")[1].split("</table>")[0]
        pattern = r'class="number">([\d,]+)</td>\s*<th scope="row">([^<]+)<'
        return {name: _number(number) for number, name in re.findall(pattern, text)}

    def of_summary(self, heading: str) -> dict[str, int]:
        """The figures under one of the workbook's headings."""
        names = [row[0] for row in self.summary]
        found = {}
        for name, number, *_ in self.summary[names.index(heading) + 1 :]:
            if not name:
                break
            found[name] = number
        return found

    def of_terminal(self) -> dict[str, int]:
        """The plan's counts as they are printed."""
        lines = re.findall(r"^ *[+~!-]? +([\d,]+) +([a-z].*)$", self.terminal, re.MULTILINE)
        return {words.strip(): _number(number) for number, words in lines}


def _number(text: str) -> int:
    return int(text.replace(",", ""))


def _address(number: str, street: str) -> dict[str, Any]:
    fields = {"reference_id": number, "address_line_1": street, "city": "Austin", "state": "TX"}
    return {**fields, "zip_code": "78701", "country": "US", "type": "shipping"}


def _files(sandbox: Sandbox, folder: Path) -> None:
    """The account and the file."""
    rows: list[tuple[str, ...]] = [("Code", "Company", "Phone")]
    ship_tos: list[tuple[str, ...]] = [("Code", "Number", "Street", "Zip", "State")]

    def there(code: str, company: str, *addresses: dict[str, Any], name: str = "Old") -> None:
        sandbox.add(
            reference_id=code, name=name, display_name=name, addresses=list(addresses), phone=""
        )
        if company:
            rows.append((code, company, ""))

    for n in range(MOVES):  # an address goes from one customer to another, which has one besides
        there(f"FROM-{n}", "Old", _address(f"M-{n}", f"{n} Way"), _address(f"K-{n}", f"{n} Rd"))
        there(f"TO-{n}", "Old" if n % 2 else "New")
        ship_tos += [(f"TO-{n}", f"M-{n}", f"{n} Way", "78701", "TX")]
        ship_tos += [(f"FROM-{n}", f"K-{n}", f"{n} Rd", "78701", "TX")]
    for n in range(HELD):
        there(f"Alike-{n}", "")
        rows.append((f"ALIKE{n}", f"Alike {n}", ""))
    for n in range(3):  # the first is harmed, the others are not written after that
        there(f"HARM-{n}", "Old", _address(f"H-{n}", f"{n} Rd"), _address(f"I-{n}", f"{n} Way"))
        ship_tos += [(f"HARM-{n}", f"H-{n}", f"{n} New Rd", "78701", "TX")]
        ship_tos += [(f"HARM-{n}", f"I-{n}", f"{n} Way", "78701", "TX")]
    there("BAD-CHILD", "New", _address("B-1", "1 Rd"))
    ship_tos += [("BAD-CHILD", "B-1", "1 Rd", "78701", "Nowhere")]
    ship_tos += [("NOBODY", "N-1", "1 Rd", "78701", "TX")]
    there("REFUSED", "N" * 300)
    there("TWICE", "Old")
    there("TWICE", "")
    there("EQUAL", "Old")
    there("ABSENT", "")
    rows += [("NEW", "New", ""), ("NEW-REFUSED", "N" * 300, ""), ("BAD", "Bad", "none")]
    for name, lines in (("customers.csv", rows), ("ship-to.csv", ship_tos)):
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(lines)
    (folder / "customers.yaml").write_text(MAPPING, encoding="utf-8")


def _told(ended: Any) -> Told:
    answer = ended.answer
    book = openpyxl.load_workbook(answer["files"]["report_xlsx"], read_only=True)
    summary = list(book["Summary"].iter_rows(values_only=True, max_col=3))
    return Told(
        answer,
        ended.err,
        json.loads(Path(answer["files"]["report_json"]).read_text(encoding="utf-8")),
        unescape(Path(answer["files"]["report_html"]).read_text(encoding="utf-8")),
        summary,
    )


def _words_of_page(page: str) -> str:
    (top,) = re.findall(r"<header.*?</header>", page, re.DOTALL)
    return " ".join(re.sub("<[^>]*>", " ", top).split())


@pytest.mark.parametrize("command", ["plan", "sync"])
def test_everything_that_can_happen_is_told_alike_everywhere(
    command: str, start_sandbox: StartSandbox, wizsync_command: Wizsync, tmp_path: Path
) -> None:
    sandbox = start_sandbox(
        assume=("child_write=drops", "text_limit=255", "reference_id=free"), customers=0
    )
    _files(sandbox, tmp_path)
    ended = wizsync_command(
        *(command, "customers.csv", "-m", "customers.yaml", "--target", sandbox.base_url),
        *("--state-dir", "state", "--rate", "2000", "--json"),
        *(["--yes"] if command == "sync" else []),
        WIZSYNC_API_KEY=sandbox.key,
    )
    told = _told(ended)

    idle = 2 * MOVES - MOVES // 2
    plan = {name: number for name, number in told.answer["plan"].items() if name in PLAN}
    assert plan == dict.fromkeys(PLAN, 0) | {
        "create": 2,
        "update": MOVES // 2 + 5,
        "update_held": idle,
        "unchanged": 1,
        "held": HELD,
        "conflict": 1,
        "absent": HELD + 1,
        "children_change": 3,
        "children_held": 2 * MOVES,
    }
    assert plan == {name: told.json["tally"][name] for name in PLAN}
    for name, (figure, words) in PLAN.items():
        for found in (told.of_page("The plan in numbers"), told.of_summary("The plan")):
            assert found.get(figure, 0) == plan[name], figure
        assert told.of_terminal().get(words, 0) == plan[name], words
    rejected = told.answer["source"]["rejected"]
    assert (
        rejected == told.json["tally"]["rejected"] == told.of_summary("The plan")["rejected"] == 3
    )
    assert told.of_page("The plan in numbers")["rejected"] == 3
    assert told.of_terminal()["rejected (rows that cannot be used)"] == 3

    happened = told.of_summary("What became of it") if command == "sync" else {}
    outcome = {name: told.answer["outcome"][name] for name in OUTCOME}
    assert outcome == told.json["outcomes"]
    for name, figure in OUTCOME.items():
        assert happened.get(figure, 0) == outcome[name], figure
    if command == "sync":
        assert outcome == dict.fromkeys(OUTCOME, 0) | {
            "applied": 2 + MOVES // 2,
            "failed": 3,
            "skipped": idle + HELD + 2,
        }
        assert told.of_page("What happened") == happened
        assert happened["not done"] == 2 * MOVES + 3
        assert told.json["standings"] == {
            "failed": 3,
            "conflict": 1,
            "held": outcome["skipped"],
            "rejected": 3,
            "applied": outcome["applied"],
        }

    # The words are the same, too, and so are the numbers in them.
    headline = told.json["headline"]
    assert f"{HELD} new customers that look like existing ones are held back" in headline
    assert f"{2 * MOVES} changes to addresses and contacts that seem to move" in headline
    assert "3 rows cannot be used" in headline
    written = MOVES // 2 + (1 if command == "sync" else 5)
    assert f"update{'d' if command == 'sync' else f' {written} customers'}" in headline
    if command == "sync":
        assert f"{written} customers updated" in headline
        assert "1 customer has other addresses or contacts now than was meant" in headline
        assert "2 changes were refused by WizCommerce" in headline
        assert "2 customers' addresses and contacts were not written after that" in headline
    assert headline in " ".join(told.terminal.split())
    for text in (_words_of_page(told.page), " ".join(str(row[0]) for row in told.summary)):
        for sentence in headline.removeprefix("Dry run: nothing was written. ").split(". "):
            assert sentence in text
