"""All that is kept about one person, put together to be read and to be taken away (GDPR, Article 15 and 20)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Text = Mapping[str, str]
"""A text by language code."""

Value = str | bool | int | datetime | tuple[str, ...] | Text | None


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is kept. `key` is its name in JSON and never changes; `label` is a sentence id, or a text of the
    coordinators' own. A `value` that is a word of the program has its sentence id in `said`."""

    key: str
    label: str | Text
    value: Value
    said: str | None = None


@dataclass(frozen=True, slots=True)
class Several:
    """Things of one kind, such as the steps of a history: each is some rows that are read without their labels.

    They are a list of objects in JSON.
    """

    key: str
    label: str
    entries: tuple[tuple[Row, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """What belongs together, such as one registration. Sections of the same `key` are a list in JSON.

    `title` is a sentence id, `about` what it is about, such as a gathering, in the coordinators' own words.
    """

    key: str
    title: str
    rows: tuple[Row | Several, ...]
    about: Row | None = None


@dataclass(frozen=True, slots=True)
class PersonFile:
    """Everything about one person, as it was at a moment."""

    made_at: datetime
    sections: tuple[Section, ...]


def as_json(file: PersonFile) -> dict[str, Any]:
    """Return the file as JSON takes it: sections by key as lists of objects, moments in RFC 3339."""
    sections: dict[str, list[dict[str, Any]]] = {}
    for section in file.sections:
        about = () if section.about is None else (section.about,)
        sections.setdefault(section.key, []).append(_object((*about, *section.rows)))
    return {"made_at": _plain(file.made_at), **sections}


def _object(rows: Iterable[Row | Several]) -> dict[str, Any]:
    return {
        row.key: _plain(row.value) if isinstance(row, Row) else [_object(entry) for entry in row.entries]
        for row in rows
    }


def _plain(value: Value) -> Any:
    match value:
        case datetime():
            return value.isoformat()
        case tuple():
            return list(value)
        case Mapping():
            return dict(value)
        case _:
            return value
