"""What style.md and the documents promise of the code: sizes, words, and that nothing happens at import."""

import ast
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from events.catalog import CATALOG
from events.routes import QueueName
from shared import config

ROOT: Final = Path(__file__).parent.parent.parent
OURS: Final = ("events", "shared", "functions", "chalice_app")
LONGEST_HANDLER: Final = 60

FORBIDDEN_NAMES: Final = re.compile(r"^(utils?|helpers?|common|manager|base_\w+|misc)$")


def modules() -> list[Path]:
    """Every module of ours that is deployed."""
    return sorted(path for folder in OURS for path in (ROOT / folder).rglob("*.py"))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


EVERY_MODULE = pytest.mark.parametrize("path", modules(), ids=name)


@pytest.mark.parametrize("path", sorted((ROOT / "functions").glob("*/handler.py")), ids=name)
def test_handlers_are_thin(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_HANDLER


@pytest.mark.parametrize("path", sorted((ROOT / "functions").glob("*/handler.py")), ids=name)
def test_a_function_has_one_entry_of_the_same_name(path: Path) -> None:
    public = [
        node.name
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]

    assert public == ["handler"]


def test_every_function_has_a_handler() -> None:
    folders = [path for path in (ROOT / "functions").iterdir() if path.is_dir() and path.name != "__pycache__"]

    assert [folder.name for folder in folders if not (folder / "handler.py").exists()] == []


@EVERY_MODULE
def test_nobody_prints(path: Path) -> None:
    calls = [
        node.func.id
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]

    assert "print" not in calls


@EVERY_MODULE
def test_every_module_says_why_it_exists(path: Path) -> None:
    source = path.read_text(encoding="utf-8")

    assert not source.strip() or ast.get_docstring(ast.parse(source))


@EVERY_MODULE
def test_files_are_named_after_what_they_hold(path: Path) -> None:
    assert not FORBIDDEN_NAMES.match(path.stem)


@EVERY_MODULE
def test_nothing_catches_everything(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ExceptHandler):
            caught = ast.unparse(node.type) if node.type else "everything"
            assert caught not in ("everything", "Exception", "BaseException")


@pytest.mark.parametrize("path", [path for path in modules() if path.stem == "model"], ids=name)
def test_rules_do_not_ask_for_the_time(path: Path) -> None:
    source = path.read_text(encoding="utf-8")

    assert not re.search(r"\butcnow\(|datetime\.now\(|\btime\.time\(|date\.today\(", source)


def importable() -> Iterator[str]:
    for folder, prefix in ((".", ("events", "shared", "functions")), ("chalice_app", ("chalicelib", "app"))):
        for found in pkgutil.walk_packages([str(ROOT / folder)]):
            if found.name.split(".")[0] in prefix and not found.name.startswith(("infra", "tests")):
                yield found.name
    # `chalicelib` and its folders are namespace packages, which walk_packages leaves out.
    for path in (ROOT / "chalice_app" / "chalicelib").rglob("*.py"):
        parts = path.relative_to(ROOT / "chalice_app").with_suffix("").parts
        yield ".".join(part for part in parts if part != "__init__")


def test_importing_is_free_of_settings_and_sockets() -> None:
    names = sorted(set(importable()))
    program = f"""
import importlib, socket, sys
def refused(*_, **__):
    raise AssertionError("a socket at import")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refused
for name in {names!r}:
    importlib.import_module(name)
print(len(sys.modules))
"""

    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'chalice_app'}", "PATH": ""},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )

    assert len(names) > 60
    assert done.returncode == 0, done.stderr[-2000:]


def rows(document: str) -> list[list[str]]:
    """Return the cells of every row of every table in a document."""
    text = (ROOT / document).read_text(encoding="utf-8")
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]


def told_in(document: str) -> set[str]:
    """Return what a document names in the first column of its tables, in code style."""
    return {word for row in rows(document) for word in re.findall(r"`([^`]+)`", row[0])}


def test_every_fact_is_in_the_list_of_facts() -> None:
    listed = {
        (match[1], int(match[2])) for row in rows("events/README.md") if (match := re.match(r"`(\w+)` v(\d+)$", row[0]))
    }

    assert listed == set(CATALOG)


def test_the_list_of_facts_tells_the_routes() -> None:
    from events.routes import ROUTES

    told = {
        match[1]: set(re.findall(r"`([a-z-]+)`", row[-1]))
        for row in rows("events/README.md")
        if (match := re.match(r"`(\w+)` v\d+$", row[0]))
    }

    assert told == {fact: set(map(str, queues)) for fact, queues in ROUTES.items()}


def test_operations_tell_of_every_queue() -> None:
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")

    assert [queue for queue in QueueName if f"`{queue}`" not in text] == []


def settings() -> set[str]:
    """Every environment variable that a deployable reads."""
    found: set[str] = set()
    waiting: list[type[config.Settings]] = [config.Settings]
    while waiting:
        kind = waiting.pop()
        found |= {name.upper() for name in kind.model_fields}
        waiting += kind.__subclasses__()
    return found


def test_operations_tell_of_every_setting() -> None:
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")

    assert sorted(name for name in settings() if f"`{name}`" not in text) == []


def items() -> set[str]:
    """Every item class that is stored."""
    from shared.table import Item

    found: set[str] = set()
    waiting = list(Item.__subclasses__())
    while waiting:
        kind = waiting.pop()
        found.add(kind.__name__)
        waiting += kind.__subclasses__()
    return {name for name in found if name != "CountItem"}


def test_the_documents_tell_of_every_key_and_index() -> None:
    import shared.gatherings.dynamo
    import shared.libraries.dynamo
    import shared.messaging.inbox
    import shared.messaging.outbox
    import shared.notify.dynamo
    import shared.registration.dynamo  # noqa: F401
    from shared.table import Item

    text = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    prefixes = set()
    for path in (ROOT / "shared").rglob("*.py"):
        prefixes |= set(re.findall(r'f"([A-Z]+)#\{', path.read_text(encoding="utf-8")))
    indexes = {index.Meta.index_name for index in Item._indexes.values()}

    assert items()
    assert sorted(prefix for prefix in prefixes if f"{prefix}#" not in text) == []
    assert sorted(index for index in indexes if f"`{index}`" not in text) == []
