"""The form of one programme: what stands in its fields, and what that is in the words of the API."""

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from typing import Any, Final

from chalicelib.forms import fields, rounds
from chalicelib.forms.fields import Reader
from chalicelib.forms.rounds import INHERITED, OWN, Libraries
from shared.programmes.model import Programme, Track
from shared.refusals import N_

LABELS: Final = {
    "title": N_("Title"),
    "summary": N_("Summary"),
    "description": N_("Description"),
    "starts_on": N_("First day"),
    "ends_on": N_("Last day"),
    "owner_group": N_("Who is behind it"),
    "contact": N_("Contact (e-mail)"),
    "themes": N_("Themes"),
    "tracks": N_("Tracks"),
    "tracks.*.name": N_("What the track is called"),
    "tracks.*.roles": N_("Who it is for"),
    "targets.libraries": N_("Libraries to reach"),
    "targets.municipalities": N_("Municipalities to reach"),
    "targets.people": N_("People to reach"),
    "grant_number": N_("Number of the grant"),
    "budget": N_("Budget"),
    "own_share": N_("Your own share of it"),
    "certificate_share": N_("Certificate: the share of one’s sessions that one has to be in, in percent"),
    **rounds.LABELS,
    **{f"tracks.*.{name}": label for name, label in rounds.LABELS.items()},
}
"""What the fields are called, to be translated. `*` is the number of a row."""

LISTS: Final = {"tracks": N_("Track %(number)s"), "rounds": N_("Round %(number)s")}
"""What the rows of the lists are called, to be translated."""

_TARGETS: Final = ("libraries", "municipalities", "people")


def new(*, contact: str) -> dict[str, list[str]]:
    """Return the fields of a programme that is about to be planned."""
    return {"contact": [contact]}


def to_fields(
    programme: Programme, *, languages: Sequence[str], zone: tzinfo, libraries: Libraries
) -> dict[str, list[str]]:
    """Return the fields as they show a programme."""
    return dict(_fields(programme, languages, zone, libraries))


def to_body(reader: Reader, libraries: Libraries) -> dict[str, Any]:
    """Return what the fields say as the API takes it; the reader notes what could not be read."""
    starts_on, ends_on = reader.required_day("starts_on"), reader.required_day("ends_on")
    return {
        "title": reader.title("title", N_("Give the programme a title.")),
        "summary": reader.words("summary"),
        "description": reader.words("description"),
        "starts_on": starts_on and starts_on.isoformat(),
        "ends_on": ends_on and ends_on.isoformat(),
        "owner_group": reader.long("owner_group"),
        "contact": reader.email("contact"),
        "themes": reader.several("themes"),
        "tracks": [_track(reader, row, libraries) for row in reader.rows("tracks")],
        "rounds": rounds.read(reader, "rounds", libraries),
        "targets": {name: reader.number(f"targets.{name}") for name in _TARGETS},
        "grant_number": reader.line("grant_number"),
        "budget": reader.number("budget"),
        "own_share": reader.number("own_share"),
        "certificate_share": reader.number("certificate_share"),
    }


def _track(reader: Reader, row: str, libraries: Libraries) -> dict[str, Any]:
    own = reader.long(f"{row}.rounds.from") == OWN
    return {
        "id": reader.line(f"{row}.id"),
        "name": reader.title(f"{row}.name", N_("Give the track a name.")),
        "roles": reader.several(f"{row}.roles"),
        "rounds": rounds.read(reader, f"{row}.rounds", libraries) if own else None,
    }


def _fields(
    programme: Programme, languages: Sequence[str], zone: tzinfo, libraries: Libraries
) -> Iterator[tuple[str, list[str]]]:
    for name in ("title", "summary", "description"):
        yield from fields.text_fields(name, getattr(programme, name), languages)
    yield "starts_on", [programme.starts_on.isoformat()]
    yield "ends_on", [programme.ends_on.isoformat()]
    for name in ("owner_group", "contact", "grant_number", "budget", "own_share", "certificate_share"):
        yield name, [_said(getattr(programme, name))]
    yield "themes", list(programme.themes)
    for name in _TARGETS:
        yield f"targets.{name}", [_said(getattr(programme.targets, name))]
    yield from rounds.to_fields("rounds", programme.rounds, languages=languages, zone=zone, libraries=libraries)
    for at, track in enumerate(programme.tracks):
        yield from _track_fields(f"tracks.{at}", track, languages, zone, libraries)


def _track_fields(
    row: str, track: Track, languages: Sequence[str], zone: tzinfo, libraries: Libraries
) -> Iterator[tuple[str, list[str]]]:
    yield f"{row}.id", [track.id]
    yield from fields.text_fields(f"{row}.name", track.name, languages)
    yield f"{row}.roles", list(track.roles)
    yield f"{row}.rounds.from", [INHERITED if track.rounds is None else OWN]
    yield from rounds.to_fields(
        f"{row}.rounds", track.rounds or (), languages=languages, zone=zone, libraries=libraries
    )


def _said(value: object) -> str:
    return "" if value is None else str(value)
