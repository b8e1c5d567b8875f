"""Keeps the gettext catalogues: sentences gathered from code and templates, translated, compiled."""

import os
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from infra.build import ROOT
from shared import network

LOCALES: Final = ROOT / "shared" / "locales"
SPOKEN: Final = ("chalice_app", "functions", "shared")
METHODS: Final = [("**/templates/**", "jinja2"), ("**.py", "python")]
KEYWORDS: Final = DEFAULT_KEYWORDS | {"say": None, "count": (1, 2)}


def compile_all() -> None:
    """Compile every catalogue that is newer than what was compiled from it."""
    for source in LOCALES.glob("*/LC_MESSAGES/*.po"):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        machine_readable = BytesIO()
        write_mo(machine_readable, _read(source))
        # At one stroke: another process may be reading.
        fresh = compiled.with_suffix(f".mo.{os.getpid()}")
        fresh.write_bytes(machine_readable.getvalue())
        fresh.replace(compiled)


def update_all() -> dict[str, int]:
    """Bring every language's catalogue to the sentences now in use. Return how many lack a translation."""
    gathered = _gather()
    return {language: _update(language, gathered) for language in _languages()}


def _languages() -> list[str]:
    """The profile's, and those there is a catalogue for already. English is the language of the code."""
    found = {path.parent.parent.name for path in LOCALES.glob("*/LC_MESSAGES/*.po")}
    return sorted((found | set(network.load().languages)) - {"en"})


def _gather() -> Catalog:
    catalogue = Catalog(project="Tovholder")
    for folder in SPOKEN:
        for name, line, message, comments, context in extract_from_dir(
            ROOT / folder, METHODS, keywords=KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True
        ):
            catalogue.add(message, None, [(f"{folder}/{name}", line)], auto_comments=comments, context=context)
    return catalogue


def _update(language: str, gathered: Catalog) -> int:
    path = LOCALES / language / "LC_MESSAGES" / "tovholder.po"
    catalogue = _read(path) if path.exists() else Catalog(locale=language, project="Tovholder")
    # A guessed translation would pass for a real one.
    catalogue.update(gathered, no_fuzzy_matching=True, update_creation_date=False)
    written = BytesIO()
    # Line numbers and wrapped lines would change with every edit, and hide the real change in a diff.
    write_po(written, catalogue, width=0, include_lineno=False, sort_output=True, ignore_obsolete=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_bytes() != written.getvalue():
        path.write_bytes(written.getvalue())
    return sum(1 for message in catalogue if message.id and not _is_translated(message))


def _is_translated(message: Message) -> bool:
    if message.fuzzy:
        return False
    return bool(message.string) if isinstance(message.string, str) else all(message.string or [""])


def _read(path: Path) -> Catalog:
    with path.open("rb") as source:
        return read_po(source, locale=path.parts[-3])
