"""The programs in docs/library.md run as they stand."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import StartSandbox
from wizsync import errors

PAGE = (Path(__file__).parents[2] / "docs" / "library.md").read_text(encoding="utf-8")
PROGRAMS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("program", PROGRAMS, ids=["read", "write"])
def test_a_program_of_the_page_runs(program: str, start_sandbox: StartSandbox) -> None:
    sandbox = start_sandbox(customers=5)
    environment = os.environ | {
        "WIZSYNC_BASE_URL": sandbox.base_url,
        "WIZSYNC_API_KEY": sandbox.key,
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "PYTHONIOENCODING": "utf-8",
    }
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    if "pages(" in program:
        shown = [each for each in sandbox.customers() if each["status"] == "active"]
        assert len(done.stdout.splitlines()) == len(shown)
    else:
        answers = sandbox.counts()["operations"]
        assert (answers["create"], answers["update"], answers["delete"]) == (1, 1, 1)


def test_every_error_that_the_page_names_exists() -> None:
    table = PAGE.split("## Errors")[1]
    named = set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))
    assert named
    assert all(hasattr(errors, name) for name in named)
    api_errors = {
        name
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, errors.ApiError)
    }
    assert named == api_errors - {"ApiError"} | {"UsageError"}
