"""Every attribute that holds personal data is in the one table that the privacy page and the deletion go by."""

import importlib
import re
from pathlib import Path
from typing import Final

from shared.privacy.model import AfterCreation, UntilDone, of_item, records
from shared.table import Item

ROOT: Final = Path(__file__).parent.parent.parent

MACHINERY: Final = ("mail", "mail-report", "logs", "backups")
"""What stays for so many days, also of who has been erased, or of mails."""

IMPERSONAL: Final = {
    ("LibraryItem", "document"),
    ("ResourceItem", "document"),
    ("ThemesItem", "document"),
    ("UploadItem", "document"),
    ("WebinarItem", "document"),
    ("TombstoneItem", "library"),
    ("TombstoneItem", "role"),
    ("TombstoneItem", "attended"),
}
"""What is called as personal data is elsewhere, and is none."""


def items() -> dict[str, type[Item]]:
    """Every item class of the system, by name."""
    for path in (ROOT / "shared").rglob("*.py"):
        if re.search(r"^class \w+\(Item\):", path.read_text(encoding="utf-8"), re.MULTILINE):
            importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    return {kind.__name__: kind for kind in Item.__subclasses__() if kind.__module__.startswith("shared.")}


def declared(kind: type[Item]) -> frozenset[str]:
    """What an item class says of itself."""
    said: frozenset[str] = getattr(kind, "PERSONAL", frozenset())
    return said


def test_the_table_names_what_the_items_declare() -> None:
    said = {name: sorted(declared(kind)) for name, kind in items().items() if declared(kind)}
    told = {name: sorted(of_item(name)) for record in records() for name in record.kept_in}

    assert said == told


def test_what_is_declared_is_there() -> None:
    missing = {(name, one) for name, kind in items().items() for one in declared(kind) - set(kind.get_attributes())}

    assert missing == set()


def test_what_is_personal_in_one_item_is_personal_in_all() -> None:
    """A new attribute called `email` is not forgotten."""
    called = {attribute for record in records() for kept in record.kept_in.values() for attribute in kept}
    undeclared = {
        (name, attribute)
        for name, kind in items().items()
        for attribute in set(kind.get_attributes()) - set(Item.get_attributes()) - declared(kind)
        if attribute in called
    }

    assert undeclared <= IMPERSONAL


def test_the_document_says_how_long_as_the_table_does() -> None:
    document = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
    spans = {record.id: record.until for record in records()}
    latest = {id: until.latest if isinstance(until, UntilDone) else until for id, until in spans.items()}

    for id in MACHINERY:
        until = latest[id]
        assert isinstance(until, AfterCreation)
        assert f"| {until.span.days} days" in document, id
