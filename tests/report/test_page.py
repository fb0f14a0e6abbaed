"""The page in a browser: hostile cells, finding, filtering, printing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.report.browser import Answers, ask
from tests.report.builders import (
    LIKE,
    change,
    conflict,
    field,
    outcome,
    record,
    refused,
    reject,
    row,
)
from wizsync.model import Breach, LookAlike, RunRecord
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
        outcomes=(
            refused(text + "1", word=text, about=text, message=text),
            outcome("conflict", key=text + "2", now={"phone": text}, message=text),
        ),
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
        assert found["scripts"] == 2
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
        outcomes=(refused("C" * 90), outcome("conflict", now={"phone": "z" * 200})),
        rejects=(reject(row(5, "w" * 200, "b", "c", "d", "e"), value="v" * 200),),
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
