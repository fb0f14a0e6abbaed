import ast
import re
from pathlib import Path

from starlette.routing import Route

from wizsync import sandbox
from wizsync.sandbox import KINDS, SandboxOptions
from wizsync.sandbox.control import Control
from wizsync.sandbox.workings import Workings

PAGE = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text(encoding="utf-8")


SANDBOX = Path(sandbox.__file__).parent


def test_the_example_on_the_page_runs():
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
    # What stands behind an expression's "#" is what it gives.
    told = re.sub(
        r"^    (\S.*?)  # (.*)$", r"    told.append((\1, '\2'))", example, flags=re.MULTILINE
    )
    values = []
    exec(compile(told, "sandbox.md", "exec"), {"told": values})
    url, *others = [(str(value), text) for value, text in values]
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/v1", url[0])
    assert len(others) == 8
    assert all(value == text for value, text in others)


def test_the_page_names_every_address_of_the_control():
    workings = Workings.of(SandboxOptions())
    mount = Control(workings).mount()
    workings.tenants.close()
    routes = [route for route in mount.routes if isinstance(route, Route)]
    built = {
        (method, f"/control{route.path}") for route in routes for method in route.methods or ()
    }
    told = set(re.findall(r"^\| `([A-Z]+) (/control\S+)` \|", PAGE, flags=re.MULTILINE))
    assert told == {pair for pair in built if pair[0] != "HEAD"}


def test_the_page_tells_every_fault():
    rows = re.findall(
        r"^\| `(\w+)` \| (.*?)(?: \(([\d.]+) unless given\))? \|$", PAGE, flags=re.MULTILINE
    )
    told = {name: (meaning, float(seconds or 0)) for name, meaning, seconds in rows}
    assert told == {name: (kind.meaning, kind.seconds or 0) for name, kind in KINDS.items()}


def test_it_shares_no_code_with_the_client():
    imported = {
        name
        for file in SANDBOX.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        for name in _imported(node)
        if name.split(".")[0] == "wizsync"
    }
    assert {name for name in imported if not name.startswith("wizsync.sandbox")} == {
        "wizsync.errors"
    }


def _imported(node):
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
