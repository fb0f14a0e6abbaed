"""The page in a browser: hostile cells, finding, filtering, printing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.report.browser import Answers, ask
from tests.report.builders import (
    LIKE,
    change,
    child,
    child_outcome,
    conflict,
    field,
    harmed,
    having,
    outcome,
    record,
    refused,
    reject,
    row,
    ship_to,
)
from wizsync.model import Block, Breach, ChildKind, LookAlike, RunRecord, ServerWord
from wizsync.report import write_html

pytestmark = pytest.mark.system

HOSTILE = (
    "</script><script>window.pwned = 1</script>",
    "</noscript><img src=x onerror='window.pwned = 1'>",
    '"><svg onload="window.pwned = 1">',
    "javascript:window.pwned = 1",
    "<!--<script>",
    "=cmd|'/C calc'!A0",
    "&lt;b&gt;&amp;",
    "{{ 7 * 7 }}",
    "right\u202eto left",
    "nul\x00",
    "half \ud800",
)


def opened(run: RunRecord, folder: Path, script: str, **more: Any) -> Answers:
    path = folder / "report.html"
    write_html(run, path)
    return ask(path, script, **more)


def run_of(text: str) -> RunRecord:
    """A run that has a text wherever it may hold what somebody else wrote."""
    cells = (text,) * 5
    return record(
        change(
            "update",
            text + "1",
            field("phone", text, text + "x"),
            name=text,
            rows=(row(2, *cells),),
        ),
        change("update", text + "2", field("phone", text, "")),
        change(
            "create",
            text + "3",
            field("phone", "", text),
            held_for=(LookAlike(text, text, text, text),),
        ),
        change(
            "update",
            text + "4",
            children=(
                child("add", text, field("zipCode", "", text), name=text, moved=text, block=0),
                child("remove", text, field("city", text, ""), name=text, child_id="gone"),
            ),
        ),
        outcomes=(
            refused(text + "1", word=text, about=text, message=text),
            outcome("conflict", key=text + "2", now={"phone": text}, message=text),
            harmed(
                text + "4",
                message=text,
                before=having(a1={"city": text, "addressLine1": text}),
                now=having(),
                children=(
                    child_outcome(
                        "failed",
                        text,
                        child_id=None,
                        message=text,
                        words=(ServerWord(text, text), ServerWord("zipCode", text)),
                    ),
                ),
            ),
        ),
        blocks=(Block(ChildKind.ADDRESSES, text, {"zipCode": text}),),
        childless={ChildKind.ADDRESSES: (text,)},
        rejects=(
            reject(row(3, *cells), message=text, hint=text, column=text, value=text, key=text),
        ),
        conflicts=(conflict(text, message=text),),
        absent=((text, text),),
        columns=(text, "Company", "E-mail", "Phone", "Terms"),
        mapped={"phone": text},
        source={"path": text, "notes": (text,), "encoding": text},
        breaches=(Breach(text, 1, 0, text, (text,), text),),
        error=text,
        warnings=(text,),
        notes=(text,),
    )


def test_hostile_cells_are_only_text(tmp_path):
    script = """
      page.querySelectorAll("details").forEach((one) => { one.open = true; });
      await until(() => page.querySelectorAll(".rows td").length > 4);
      page.querySelectorAll("details.whole").forEach((one) => { one.open = true; });
      await until(() => page.querySelector("dl.cells"));
      return {
        pwned: view.pwned ?? null,
        foreign: [...page.querySelectorAll("img, svg, iframe, object, a")].filter(
          (one) => !(one.getAttribute("href") ?? "").startsWith("#")).map((one) => one.outerHTML),
        scripts: [...page.scripts].filter((one) => one.type !== "application/json").length,
        handlers: [...page.querySelectorAll("*")].flatMap((one) => one.getAttributeNames())
          .filter((name) => name.startsWith("on")),
        cards: cards().map((one) => one.querySelector(".key").textContent),
        values: cards().map((one) => one.querySelector(".value")?.textContent ?? null),
        whole: page.querySelector("dl.cells .value").textContent,
      };"""
    run = record(
        *(one for text in HOSTILE for one in run_of(text).plan.changes),
        outcomes=tuple(one for text in HOSTILE for one in run_of(text).outcomes),
        rejects=tuple(one for text in HOSTILE for one in run_of(text).plan.rejects),
    )
    for tried in (run, run_of("".join(HOSTILE))):
        answer = opened(tried, tmp_path, script)
        found = answer.is_
        assert found["pwned"] is None
        assert found["foreign"] == []
        assert found["scripts"] == 3
        assert found["handlers"] == []
        assert set(answer.asked) <= {"/", "/report.html", "/favicon.ico"}
    assert "</script><script>window.pwned = 1</script></noscript><img src=x" in found["values"][0]
    assert "U+202E" in found["values"][0]
    assert "U+0000" in found["whole"]
    assert "U+D800" in found["whole"]


MANY = record(
    *(
        change(
            "create" if number % 2 else "update",
            f"C-{number}",
            field("email", "", f"mail{number}@example.com"),
            name=f"Müller {number}",
            rows=(row(number + 2),),
        )
        for number in range(3_000)
    ),
    outcomes=(
        refused("C-0"),
        *(
            outcome("applied", "create" if number % 2 else "update", f"C-{number}")
            for number in range(1, 3_000)
        ),
    ),
    rejects=tuple(
        reject(row(number, f"X-{number}", "Shop", "a", "b", "c"), key=f"X-{number}")
        for number in range(4_000, 5_500)
    ),
    absent=(("OLD-1", "Old Shop"),),
)


def test_finding_and_filtering(tmp_path):
    script = """
      const keys = () => cards().map((one) => one.querySelector(".key").textContent);
      const seen = async (id, value, words) => {
        const before = cards()[0];
        choose(id, value);
        await until(() => cards()[0] !== before && shown().includes(words));
        return keys();
      };
      const found = {first: cards().length, all: shown()};
      found.row = await seen("find", "row 14", "1 of 3,000");
      found.words = await seen("find", "MULLER mail2999", "1 of 3,000");
      found.reject = await seen("find", "x-4007", "0 of 3,000");
      found.group = page.querySelector("details.reason .matching").textContent;
      found.opened = [...page.querySelectorAll("details.reason tbody tr .key")].map((one) => one.textContent);
      found.absent = page.querySelector("details.absent").hidden;
      await seen("find", "", "3,000 customers");
      found.failed = await seen("standing", "failed", "1 of 3,000");
      await seen("standing", "", "3,000 customers");
      await seen("kind", "create", "1,500 of 3,000");
      choose("kind", "");
      choose("order", "key");
      found.byKey = cards().slice(0, 3).map((one) => one.querySelector(".key").textContent);
      choose("order", "");
      found.byNeed = cards()[0].querySelector(".key").textContent;
      return found;"""
    found = opened(MANY, tmp_path, script).is_
    assert found["all"] == "3,000 customers"
    assert 0 < found["first"] < 200
    assert found["row"] == ["C-12"]
    assert found["words"] == ["C-2999"]
    assert found["reject"] == []
    assert (found["group"], found["opened"]) == ("1 found", ["X-4007"])
    assert found["absent"] is True
    assert found["failed"] == ["C-0"]
    assert found["byKey"] == ["C-0", "C-1", "C-2"]
    assert found["byNeed"] == "C-0"


def test_the_servers_words_stand_in_the_row_of_their_cell(tmp_path):
    run = record(change("update", "C-2", field("email", "a", "b"), field()), outcomes=(refused(),))
    script = """return [...cards()[0].querySelectorAll("tbody tr")].map((one) =>
      [one.querySelector(".label").textContent, one.querySelector(".word")?.textContent ?? ""]);"""
    assert opened(run, tmp_path, script).is_ == [
        ["E-mail email", ""],
        ["Phone phone", '! "Phone" was refused by WizCommerce: must be E.164.'],
    ]


def test_a_conflict_shows_three_values_and_a_held_create_whom_it_looks_like(tmp_path):
    run = record(
        change(),
        change("create", "C-3", held_for=(LIKE,)),
        outcomes=(outcome("conflict", now={"phone": "555-0777"}),),
    )
    script = """return cards().map((one) => [
      [...one.querySelectorAll("thead th")].map((head) => head.textContent),
      [...one.querySelectorAll("td .value")].map((value) => value.textContent),
      one.querySelector(".look-alikes")?.textContent ?? ""]);"""
    moved, held = opened(run, tmp_path, script).is_
    assert moved[0] == ["Field", "When planned", "Planned", "In WizCommerce now"]
    assert moved[1] == ["555-0100", "555-0199", "555-0777"]
    assert "c-1001 Blue Door the same code but for case" in held[2]


FAMILY = record(
    change("update", "C-1", name="Alone"),
    change(
        "update",
        "C-2",
        children=(
            child(rows=(ship_to(7),)),
            child("add", "S-2", field("city", "", "Zürich"), rows=(ship_to(8),)),
            child("remove", "K-1", field("email", "jane@example.com", ""), kind="contacts"),
        ),
    ),
    change("update", "C-3", children=(child("add", "S-3", moved="C-9", rows=(ship_to(31),)),)),
    change("update", "C-4", children=(child(),)),
    outcomes=(
        outcome(key="C-1"),
        outcome(key="C-2", children=(child_outcome(differs={"zipCode": "7870"}),)),
        outcome("skipped", key="C-3", code="held", message="Held."),
        harmed("C-4"),
    ),
    rejects=tuple(
        reject(ship_to(number), child=ChildKind.ADDRESSES) for number in range(100, 3_100)
    ),
    childless={ChildKind.ADDRESSES: ("C-7", "C-8")},
)


def test_children_stand_under_their_customer_before_and_after(tmp_path):
    script = """
      const card = cards().find((one) => one.querySelector(".key").textContent === "C-2");
      return [...card.querySelectorAll("li.child:not(.rejected)")].map((one) => [
        one.querySelector(".kind").textContent, one.querySelector(".child-head .facts").textContent,
        [...one.querySelectorAll(".label, dt")].map((label) => label.textContent),
        [...one.querySelectorAll(".value")].map((value) => value.textContent)]);"""
    assert opened(FAMILY, tmp_path, script).is_ == [
        ["≠ Change address", "Ship-to, row 7", ["Zip zipCode"], ["078701", "78701", "7870"]],
        ["+ Add address", "Ship-to, row 8", ["Town"], ["Zürich"]],
        ["\u2212 Remove contact", "", ["Mail"], ["jane@example.com"]],
    ]


def test_a_customers_own_rejected_children_are_named_in_its_card(tmp_path):
    rejects = (
        *(reject(ship_to(n), child=ChildKind.ADDRESSES, key="C-4") for n in range(30)),
        reject(ship_to(8), child=ChildKind.ADDRESSES, message='"Zip" is too short', value="787"),
        reject(ship_to(9), child=ChildKind.ADDRESSES, key="C-3", value="1"),
    )
    run = record(change("update", "C-1"), change(), change("update", "C-4"), rejects=rejects)
    script = """
      const named = () => cards().map((one) => [one.querySelector(".key").textContent,
        [...one.querySelectorAll("li.rejected")].map((child) => child.textContent)]);
      const all = named();
      choose("find", "ship-to, row 8");
      await until(() => shown().startsWith("2 of"));
      return [all, named().map(([key]) => key)];"""
    all_of_them, found = opened(run, tmp_path, script).is_
    assert all_of_them[0] == ["C-1", []]
    assert all_of_them[1][0] == "C-2"
    (told,) = all_of_them[1][1]
    assert told.startswith("✕ Cannot use address Ship-to, row 8Rejected")
    assert '"Zip" is too short.' in told
    assert told.endswith("It has: 787")
    assert len(all_of_them[2][1]) == 21
    assert all_of_them[2][1][-1] == "10 more cannot be used: see the rows to mend."
    assert found == ["C-2", "C-4"]


def test_finding_children(tmp_path):
    script = """
      const keys = () => cards().map((one) => one.querySelector(".key").textContent);
      const seen = async (id, value, count) => {
        const before = cards()[0];
        choose(id, value);
        await until(() => cards()[0] !== before && shown().startsWith(count));
        return keys();
      };
      const found = {};
      found.text = await seen("find", "zurich", "1 of");
      found.row = await seen("find", "ship-to, row 31", "1 of");
      await seen("find", "contacts.csv, row 31", "0 of");
      await seen("find", "", "4 customers");
      found.removed = await seen("kind", "children remove", "1 of");
      found.any = await seen("kind", "children", "3 of");
      await seen("kind", "", "4 customers");
      found.open = await seen("standing", "open", "2 of");
      const reason = page.querySelector("details.reason");
      found.reason = [page.querySelectorAll("details.reason").length, reason.open,
        reason.querySelector(".count").textContent];
      reason.querySelector("summary").focus();
      found.focused = page.activeElement.tagName;
      reason.open = true;
      await until(() => reason.querySelector("tbody tr"));
      found.where = reason.querySelector("td.row").textContent;
      const kept = page.querySelector("details.childless");
      kept.open = true;
      await until(() => kept.querySelector("tbody tr"));
      found.kept = [...kept.querySelectorAll(".key")].map((one) => one.textContent);
      return found;"""
    assert opened(FAMILY, tmp_path, script).is_ == {
        "text": ["C-2"],
        "row": ["C-3"],
        "removed": ["C-2"],
        "any": ["C-4", "C-3", "C-2"],
        "open": ["C-4", "C-3"],
        "reason": [1, False, "3,000 rows of Ship-to"],
        "focused": "SUMMARY",
        "where": "Ship-to, row 100",
        "kept": ["C-7", "C-8"],
    }


def test_harm_is_shown_side_by_side(tmp_path):
    script = """
      const card = cards()[0];
      return [card.querySelector(".standing").textContent,
        [...card.querySelectorAll("table.harm thead th")].map((one) => one.textContent),
        [...card.querySelectorAll("table.harm tbody tr")].map((one) => [
          one.querySelector(".became").textContent,
          ...[...one.querySelectorAll("td")].map((cell) => cell.textContent)])];"""
    standing, heads, lines = opened(FAMILY, tmp_path, script).is_
    assert standing == "Not as was meant"
    assert heads == ["", "Before the write", "After the write"]
    assert lines[0] == ["✕ has other values", "Zip78701", "Zip78702"]
    assert (lines[1][0], lines[1][2]) == ("✕ is gone", "not there")
    assert (lines[2][0], lines[2][1]) == ("! was not there before", "not there")


def test_every_printed_page_of_a_dry_run_is_marked(tmp_path):
    script = """
      const rules = [...page.styleSheets].flatMap((sheet) => [...sheet.cssRules]);
      const print = rules.find((rule) => rule.media?.mediaText === "print");
      const mark = [...print.cssRules].find((rule) => rule.selectorText === ".dry_run::before");
      return [page.body.className, mark.style.position, mark.style.content];"""
    run = record(change(children=(child(),)), ending="dry_run")
    assert opened(run, tmp_path, script).is_ == ["dry_run", "fixed", '"Dry run"']


def test_paper_gets_the_first_thousand(tmp_path):
    script = """
      view.dispatchEvent(new view.Event("beforeprint"));
      return [cards().length, shown(), page.querySelectorAll("details.reason tbody tr").length,
        page.querySelector("details.reason .matching").textContent];"""
    assert opened(MANY, tmp_path, script).is_ == [
        1_000,
        "The first 1,000 of 3,000 customers; report.json has all.",
        1_000,
        "the first 1,000 on paper",
    ]


@pytest.mark.parametrize("width", [320, 400, 1400])
def test_nothing_sticks_out_sideways(tmp_path, width):
    run = record(
        change("update", "C" * 90, field("email", "x" * 300, "y" * 300), name="long " * 40),
        change("update", "C-2"),
        change(
            "update", "C-3", children=(child("add", "k" * 200, name="n" * 200, block=0), child())
        ),
        outcomes=(
            refused("C" * 90),
            outcome("conflict", now={"phone": "z" * 200}),
            harmed(
                "C-3", before=having(a1={"city": "c" * 200}), now=having(a2={"city": "d" * 200})
            ),
        ),
        rejects=(reject(row(5, "w" * 200, "b", "c", "d", "e"), value="v" * 200),),
        blocks=(Block(ChildKind.ADDRESSES, "p" * 60, {"zipCode": "z" * 90}),),
        source={"path": "folder/" * 40 + "customers.csv"},
    )
    script = """
      page.querySelectorAll("details").forEach((one) => { one.open = true; });
      await until(() => page.querySelector(".rows td"));
      return page.documentElement.scrollWidth - page.documentElement.clientWidth;"""
    assert opened(run, tmp_path, script, width=width).is_ == 0


def test_a_run_with_nothing_to_show_opens(tmp_path):
    script = "return [page.title, page.querySelector('h1').textContent, cards().length];"
    title, headline, cards = opened(record(), tmp_path, script).is_
    assert title.startswith("Done · customers.csv")
    assert (headline, cards) == ("Nothing to do: file and account agree.", 0)
