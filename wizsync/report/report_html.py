"""report.html: one page for people, which needs nothing but a browser."""

from __future__ import annotations

import re
from base64 import b64encode
from collections import Counter
from datetime import UTC, datetime
from hashlib import sha256
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from wizsync.atomic import replacing_text
from wizsync.model import (
    AbsentPolicy,
    Change,
    ChildKind,
    Conflict,
    Ending,
    Mode,
    Plan,
    RunRecord,
    Source,
)
from wizsync.report import embedded, figures, wording
from wizsync.report.headline import DRY_RUN, headline, rejected_file
from wizsync.report.reading_order import in_reading_order
from wizsync.report.reasons import reasons
from wizsync.report.verdicts import OPEN, Standing, Verdicts, verdicts

# So many customers and rejects are printed, and shown where a browser runs no scripts.
_ON_PAPER = 1_000

_SCRIPTS = ("cards.js", "children.js", "page.js")

_ENDINGS = {
    Ending.DRY_RUN: DRY_RUN,
    Ending.FINISHED: "Done",
    Ending.REFUSED: "Refused",
    Ending.STOPPED: "Stopped",
}
_MODES = {
    Mode.CREATE: "only create customers that are missing",
    Mode.UPDATE: "only update customers that exist",
    Mode.UPSERT: "create customers that are missing, update those that exist",
    Mode.DELETE_LISTED: "delete the customers listed",
}
_ABSENT = {
    AbsentPolicy.IGNORE: "left alone",
    AbsentPolicy.REPORT: "left alone, and listed here",
    AbsentPolicy.DELETE: "deleted",
    AbsentPolicy.SET: "changed",
}
_CHILDREN = {
    "": "With addresses or contacts",
    " add": "… to add",
    " change": "… to change",
    " remove": "… to remove",
}
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
# Characters that cannot be seen, or turn the text around them: control characters, zero-width space,
# byte order mark, and those that embed, override or isolate a direction.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)


def write_html(record: RunRecord, path: Path) -> None:
    """Write report.html.

    The page's words and numbers stand in its HTML; the customers lie in it as JSON, in pieces, which
    its script shows as they are wanted, as text and never as markup. A policy in the page lets nothing
    run but its own scripts, and nothing be fetched from anywhere.

    Args:
        record: The run.
        path: The file to write.

    Raises:
        MachineError: The disk is full, or the file cannot be written.
        UsageError: The path goes through something that is no folder.
    """
    template = _environment().get_template("page.html.j2")
    with replacing_text(path) as file:
        file.writelines(template.generate(_context(verdicts(record, in_names=True))))


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("wizsync.report", "page"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(counted=_counted, commands=_commands)
    return environment


def _context(judged: Verdicts) -> dict[str, Any]:
    record = judged.record
    plan = record.plan
    customers: list[Change | Conflict] = [*plan.changes, *plan.conflicts]
    order = in_reading_order(judged, customers)
    by_reason = reasons(plan.rejects)
    standings = {
        standing: number
        for standing, number in judged.standings.items()
        if standing is not Standing.REJECTED
    }
    is_open = sum(judged.gravest(change) in OPEN for change in plan.changes)
    style, scripts = _asset("page.css"), [_asset(name) for name in _SCRIPTS]
    return {
        "style": Markup(style),  # noqa: S704 - our own file
        "scripts": [Markup(script) for script in scripts],  # noqa: S704 - our own files
        "policy": f"default-src 'none'; style-src {_digest(style)}; "
        f"script-src {' '.join(map(_digest, scripts))}; base-uri 'none'; form-action 'none'",
        "record": record,
        "plan": plan,
        "ending": record.ending.value,
        "ending_name": _ENDINGS[record.ending],
        "dry_run": record.ending is Ending.DRY_RUN,
        "headline": headline(judged),
        "started": _when(record.started),
        "took": _duration(record.seconds),
        "read_as": _read_as(plan.source),
        "mode": _MODES[plan.rules.mode],
        "absent_policy": _ABSENT[plan.rules.absent.policy],
        "requests": figures.sent(record.requests),
        "planned": figures.planned(judged),
        "happened": figures.happened(judged),
        "notes": [*record.warnings, *plan.notes],
        "reasons": by_reason,
        "reason_rows": embedded.reason_rows,
        "standings": standings,
        "open": is_open + len(plan.conflicts),
        "kinds": _kinds(judged),
        "child_kinds": _child_kinds(plan),
        "rejected_file": rejected_file(plan),
        "childless": {
            kind.value: (_keeps(plan, kind), keys) for kind, keys in plan.childless.items() if keys
        },
        "pieces_of": lambda keys: map(embedded.script_json, embedded.pieces(keys)),
        "customers": len(order),
        "heading": embedded.script_json(embedded.heading(record)),
        "pieces": embedded.customers(judged, order),
        "absent": map(embedded.script_json, embedded.pieces(plan.absent)),
        "on_paper": _ON_PAPER,
        "first_customers": [embedded.judge(judged, one) for one in order[:_ON_PAPER]],
        "first_rejects": list(islice(plan.rejects, _ON_PAPER)),
    }


def _kinds(judged: Verdicts) -> dict[str, int]:
    """How many customers there are of each kind."""
    plan = judged.record.plan
    counts = Counter(change.kind.value for change in plan.changes)
    counts[embedded.KIND_UNCLEAR] = len(plan.conflicts)
    return {kind: counts[kind] for kind in embedded.KINDS if counts[kind]}


def _child_kinds(plan: Plan) -> dict[str, tuple[str, int]]:
    """How many customers there are with addresses and contacts, by what happens to them, in words."""
    counts = Counter(
        name
        for change in plan.changes
        if change.children
        for name in {"", *(f" {child.action.value}" for child in change.children)}
    )
    return {
        f"children{name}": (words, counts[name])
        for name, words in _CHILDREN.items()
        if counts[name]
    }


def _keeps(plan: Plan, kind: ChildKind) -> str:
    """Why customers of the file keep all of their addresses or contacts."""
    places = [block.place for block in plan.rules.blocks if block.kind is kind and block.place]
    where = wording.listed(places, "or")
    lacking = f"a row in {where}" if where else f"any of its {kind}"
    return f"of the file without {lacking}: they keep their {kind}"


def _asset(name: str) -> str:
    """A file of the page, its line ends as they will be written."""
    return files("wizsync.report").joinpath("page", name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    """The name by which a policy allows exactly this text."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _visible(value: Any) -> Any:
    """A text with what cannot be seen in it made visible; anything else, and our own markup, as it is."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return _UNSEEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", value)


def _counted(number: int, one: str = "", many: str = "") -> str:
    return wording.counted(number, one, many) if one else f"{number:,}"


def _commands(text: str) -> Markup:
    """A sentence whose commands in backquotes are set as code."""
    parts = str(_visible(text)).split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if number % 2 else part
        for number, part in enumerate(parts)
    )


def _when(started: str) -> str:
    """A time for people, `4 March 2026, 02:00 UTC`."""
    moment = datetime.fromisoformat(started).astimezone(UTC)
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC"


def _duration(seconds: float) -> str:
    """`0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 1:
        return f"{rest} s"
    hours, minutes_left = divmod(minutes, 60)
    return f"{hours} h {minutes_left} min" if hours else f"{minutes} min {rest} s"


def _read_as(source: Source) -> str:
    """How a file was read: its sheet, or its encoding and what separates its cells."""
    if source.sheet is not None:
        return f"sheet {source.sheet}"
    cells = _DELIMITERS.get(source.delimiter or "", source.delimiter)
    parts = (source.encoding, cells and f"cells separated by {cells}")
    return ", ".join(part for part in parts if part)
