"""The form of one webinar: what stands in its fields, and what that is in the words of the API."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from chalicelib.forms import fields
from chalicelib.forms.fields import Reader
from shared.refusals import N_
from shared.webinars.model import Exemption, Webinar, place

LABELS: Final[Mapping[str, str]] = {
    "title": N_("Title"),
    "held_on": N_("Day of the recording"),
    "spoken": N_("Spoken language"),
    "speakers": N_("Speakers’ roles"),
    "summary": N_("Summary"),
    "description": N_("Description"),
    "themes": N_("Themes"),
    "goals": N_("Sustainable Development Goals"),
    "link": N_("The recording’s address"),
    "captions": N_("Captions"),
    "exemption": N_("Without captions"),
    "alternative": N_("What there is to see"),
    "consent_on": N_("The speakers agreed on"),
    "review_on": N_("To be looked at anew on"),
    "chapters": N_("Chapters"),
    "chapters.*.at": N_("Where it begins"),
    "chapters.*.title": N_("What it is called"),
    "materials": N_("Materials"),
    "materials.*.title": N_("What it is called"),
    "materials.*.link": N_("Address"),
    "materials.*.file": N_("File"),
    "document": N_("File"),
}
"""What the fields are called, to be translated. `*` is the number of a row."""

LISTS: Final[Mapping[str, str]] = {"chapters": N_("Chapter %(number)s"), "materials": N_("Material %(number)s")}
"""What the rows of the lists are called, to be translated."""

EXEMPTIONS: Final[Mapping[Exemption, str]] = {
    Exemption.OLD: N_("The law does not ask for them: it was published before 23 September 2020"),
    Exemption.BURDEN: N_("They would be a disproportionate burden; the accessibility statement accounts for it"),
}
"""Why there need not be captions, to be translated."""

_PLACE: Final = re.compile(r"(?:(?:([0-9]{1,2}):)?([0-9]{1,3}):)?([0-9]{1,6})")


def new(*, spoken: str) -> dict[str, list[str]]:
    """Return the fields of a webinar that is about to be made."""
    return {"spoken": [spoken]}


def to_fields(webinar: Webinar, languages: Sequence[str]) -> dict[str, list[str]]:
    """Return the fields as they show a webinar."""
    return dict(_fields(webinar, languages))


def to_body(reader: Reader) -> dict[str, Any]:
    """Return what the fields say as the API takes it; the reader notes what could not be read."""
    days = {name: reader.day(name) for name in ("consent_on", "review_on")}
    held_on = reader.required_day("held_on")
    return {
        "title": reader.title("title", N_("Give the webinar a title.")),
        "held_on": held_on and held_on.isoformat(),
        "spoken": reader.long("spoken"),
        **{name: reader.words(name) for name in ("speakers", "summary", "description", "alternative")},
        "themes": reader.several("themes"),
        "goals": [int(goal) for goal in reader.several("goals") if goal.isdecimal()],
        "link": reader.link("link"),
        "exemption": reader.line("exemption"),
        **{name: day and day.isoformat() for name, day in days.items()},
        "chapters": [_chapter(reader, row) for row in reader.rows("chapters")],
        "materials": [_material(reader, row) for row in reader.rows("materials")],
    }


def _chapter(reader: Reader, row: str) -> dict[str, Any]:
    typed = reader.required(f"{row}.at", N_("Say where it begins, like 4:05 or 1:02:03."))
    found = _PLACE.fullmatch(typed.replace(".", ":"))
    if typed and found is None:
        reader.fault(f"{row}.at", N_("Say where it begins, like 4:05 or 1:02:03."))
    hours, minutes, seconds = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    return {
        "at": 3600 * hours + 60 * minutes + seconds,
        "title": reader.title(f"{row}.title", N_("Say what it is called.")),
    }


def _material(reader: Reader, row: str) -> dict[str, Any]:
    title = reader.title(f"{row}.title", N_("Say what it is called."))
    if document_id := reader.line(f"{row}.file"):
        return {"title": title, "file": {"id": document_id}}
    reader.required(f"{row}.link", N_("Write the address."))
    return {"title": title, "link": reader.link(f"{row}.link")}


def _fields(webinar: Webinar, languages: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    for name in ("title", "speakers", "summary", "description", "alternative"):
        yield from fields.text_fields(name, getattr(webinar, name), languages)
    for name in ("held_on", "consent_on", "review_on"):
        day = getattr(webinar, name)
        yield name, [day.isoformat() if day else ""]
    for name in ("spoken", "link", "exemption"):
        yield name, [getattr(webinar, name) or ""]
    yield "themes", list(webinar.themes)
    yield "goals", [str(goal) for goal in webinar.goals]
    for at, chapter in enumerate(webinar.chapters):
        yield f"chapters.{at}.id", [str(at)]
        yield f"chapters.{at}.at", [place(chapter.at)]
        yield from fields.text_fields(f"chapters.{at}.title", chapter.title, languages)
    for at, material in enumerate(webinar.materials):
        yield f"materials.{at}.id", [str(at)]
        yield f"materials.{at}.link", [material.link or ""]
        yield f"materials.{at}.file", [material.document.id if material.document else ""]
        yield from fields.text_fields(f"materials.{at}.title", material.title, languages)
