"""Where the files of a run go."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.job import NEW, Job, results
from wizsync import pipeline
from wizsync.errors import (
    Exit,
    UsageError,
)
from wizsync.model import Plan
from wizsync.state import RunState


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
