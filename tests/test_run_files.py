"""Where the files of a run go."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.conftest import environment
from tests.job import NEW, Job, results
from wizsync import pipeline
from wizsync.errors import (
    Exit,
    UsageError,
)
from wizsync.history import report
from wizsync.model import Plan
from wizsync.state import RunState

NAMES = {
    "report_html": "report.html",
    "report_xlsx": "report.xlsx",
    "report_json": "report.json",
    "rejected": "rejected.csv",
    "rejected_xlsx": "rejected.xlsx",
}


def beside(name: str, number: int = 2) -> str:
    stem, ending = name.split(".")
    return f"{stem} ({number}).{ending}"


def test_copies_of_the_reports_go_where_they_are_wanted(job: Job):
    wanted = job.folder / "reports"
    finished = job.sync(NEW, ("", "No Code", "1"), report_dir=wanted)
    copies = wanted / finished.record.run
    assert {path.name for path in finished.files} == {path.name for path in copies.iterdir()}
    assert {path.name for path in copies.iterdir()} >= {
        "plan.jsonl",
        "report.html",
        "report.json",
        "rejected.csv",
    }
    originals = job.options.state_dir / "runs" / finished.record.run
    for copy in copies.iterdir():
        assert copy.read_bytes() == (originals / copy.name).read_bytes()
    assert json.loads((copies / "report.json").read_text(encoding="utf-8"))


def test_without_a_report_folder_the_originals_are_named(job: Job):
    finished = job.sync(NEW)
    assert finished.files.report_html is not None
    assert finished.files.report_html.parent == job.options.state_dir / "runs" / finished.record.run


def test_a_report_folder_that_cannot_be_written_is_told_before_anything_is_done(job: Job):
    (job.folder / "file").touch()
    with pytest.raises(UsageError):
        job.sync(NEW, report_dir=job.folder / "file" / "reports")
    assert job.sandbox.counts()["total"] == 0
    assert not job.options.state_dir.exists()


def test_a_report_folder_that_is_lost_meanwhile_takes_nothing_back(job: Job):
    wanted = job.folder / "reports"

    def approve(_: Plan) -> bool:
        wanted.rmdir()
        wanted.touch()
        return True

    options = replace(job.options, report_dir=wanted)
    finished = pipeline.sync(job.file(NEW), job.mapping, options, approve=approve)
    assert finished.error is not None
    # Not 2, as for a wrong option: that would say that nothing was written.
    assert finished.exit_code is Exit.DEFECT
    assert results(finished) == {"N-1": "applied: done"}
    assert finished.files.report_json is not None
    assert job.runs()[finished.record.run] is RunState.FINISHED


@pytest.mark.parametrize("copies", [False, True], ids=["originals", "copies"])
def test_where_no_name_can_be_had_another_one_is_taken_and_said(job: Job, copies: bool):
    wanted = job.folder / "reports" if copies else None

    def approve(_: Plan) -> bool:
        # The run's folder is there by now. What cannot be replaced, as a file that is open on Windows, is
        # a folder here: the one thing that no user and no file system lets a file take the place of.
        (run,) = (job.options.state_dir / "runs").iterdir()
        kept = run if wanted is None else wanted / run.name
        for name in (*NAMES.values(), *(["plan.jsonl"] if copies else [])):
            (kept / name).mkdir(parents=True)
        (kept / beside("report.xlsx")).mkdir()
        return True

    options = replace(job.options, report_dir=wanted)
    file = job.file(NEW, ("", "No Code", "1"))
    finished = pipeline.sync(file, job.mapping, options, approve=approve)
    assert (finished.error, finished.exit_code) == (None, Exit.LEFT_OVER)
    got = {kind: path.name for kind, path in vars(finished.files).items()}
    assert got == {
        "plan": "plan (2).jsonl" if copies else "plan.jsonl",
        **{kind: beside(name) for kind, name in NAMES.items()},
        "report_xlsx": "report (3).xlsx",
    }
    assert all(path.is_file() and path.stat().st_size > 0 for path in finished.files)
    for kind, name in NAMES.items():
        path = getattr(finished.files, kind)
        assert (
            f"{name} may be open in another program and was left as it is. The new one is {path}."
            in finished.record.warnings
        )
    if not copies:
        assert report(job.options.state_dir, None) == finished.files


def test_the_command_says_under_which_names_its_files_are(job: Job, tmp_path: Path):
    file = job.file(NEW, ("", "No Code", "1"))
    person, terminal = os.openpty()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "wizsync", "sync", file, "-m", job.mapping, "--json"),
            *("--target", job.sandbox.base_url, "--state-dir", "state", "--report-dir", "reports"),
        ],
        cwd=tmp_path,
        env=environment(tmp_path, WIZSYNC_API_KEY=job.sandbox.key),
        stdin=terminal,
        stdout=subprocess.PIPE,
        stderr=terminal,
        text=True,
    )
    os.close(terminal)
    told = until(person, "[y/N]")
    (run,) = (tmp_path / "state" / "runs").iterdir()
    for kept in (run, tmp_path / "reports" / run.name):
        (kept / "report.xlsx").mkdir(parents=True)
    os.write(person, b"yes\n")
    told += until(person, None)
    out, _ = process.communicate(timeout=60)
    answer = json.loads(out)
    assert process.returncode == answer["exit_code"] == Exit.LEFT_OVER
    copy = tmp_path / "reports" / run.name / "report (2).xlsx"
    assert answer["files"]["report_xlsx"] == str(copy)
    assert copy.read_bytes() == (run / "report (2).xlsx").read_bytes()
    assert copy.with_name("report.html").is_file()
    for path in (run, copy.parent):
        said = [one for one in answer["warnings"] if f"{path}/report (2).xlsx" in one]
        assert len(said) == 1
        assert "may be open in another program" in said[0]
    assert " ".join(told.split()).count("report.xlsx may be open in another program") == 2


def until(terminal: int, words: str | None) -> str:
    """What a terminal shows up to some words, or to its end."""
    shown = b""
    while words is None or words.encode() not in shown:
        try:
            shown += os.read(terminal, 4096)
        except OSError:  # the program behind it has ended
            break
    return shown.decode()


def test_the_files_of_a_run_are_their_owners_and_copies_as_the_user_has_it(job: Job):
    before = os.umask(0o022)
    try:
        finished = job.sync(NEW, ("", "No Code", "1"), report_dir=job.folder / "reports")
        job.plan(NEW)
    finally:
        os.umask(before)
    originals = job.options.state_dir / "runs" / finished.record.run
    names = {path.name for path in originals.iterdir()}
    assert names >= {"plan.jsonl", "journal.db", *NAMES.values()}
    assert {path.stat().st_mode & 0o077 for path in originals.iterdir()} == {0}
    copies = [*finished.files, job.folder / "plan.jsonl"]
    assert {path.stat().st_mode & 0o777 for path in copies} == {0o644}
