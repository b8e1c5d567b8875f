"""JSON of programmes as the coordinator API takes and gives it. What each field means stands in the model."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from chalicelib import wire_rounds
from chalicelib.bodies import validated
from chalicelib.wire import CertificateShare, Day, Line, Slug, Text, Wire
from chalicelib.wire_rounds import Id, RoundBody
from shared import addresses
from shared.gatherings.model import Gathering
from shared.gatherings.rounds_preview import CLOSED_TO_ALL, opens_to_nobody
from shared.i18n import Voice
from shared.ids import new_id
from shared.programmes.model import Programme, Targets, Track
from shared.refusals import N_, Fault, Invalid
from shared.workdays import Workdays

NO_ROUND: Final = "no_open_round"

Number = Annotated[int, Field(ge=0, le=1_000_000_000_000)]
Rounds = Annotated[list[RoundBody], Field(max_length=20)]


class TrackBody(Wire):
    """A track. An id left out is made, or kept from the track that stood in its place.

    `rounds` null are the programme's, an empty list is none.
    """

    id: Id | None = None
    name: Text
    roles: list[Line] = Field(default=[], max_length=2)
    rounds: Rounds | None = None

    def to_domain(self, before: Track | None = None) -> Track:
        """Return the track."""
        return Track(
            id=self.id or (before.id if before else new_id()),
            name=self.name,
            roles=tuple(self.roles),
            rounds=None if self.rounds is None else wire_rounds.rounds(self.rounds, before.rounds if before else None),
        )


class NewTrackBody(TrackBody):
    """A track to be added to a programme of a version."""

    programme: Line
    version: int = Field(ge=1)


class TargetsBody(Wire):
    """Whom the programme is to reach, in numbers."""

    libraries: Number | None = None
    municipalities: Number | None = None
    people: Number | None = None


class ProgrammeBody(Wire):
    """A programme as a coordinator writes it."""

    slug: Slug | None = None
    title: Text
    summary: Text = {}
    description: Text = {}
    starts_on: Day
    ends_on: Day
    contact: Line
    owner_group: Line = ""
    tracks: list[TrackBody] = Field(default=[], max_length=20)
    rounds: Rounds = []
    themes: list[Slug] = Field(default=[], max_length=20)
    targets: TargetsBody = TargetsBody()
    grant_number: Line | None = None
    budget: Number | None = None
    own_share: Number | None = None
    certificate_share: CertificateShare | None = None

    def to_domain(self, id: str, before: Programme | None = None) -> Programme:
        """Return the programme. Raise Invalid for a bad contact."""
        if (contact := addresses.sendable(self.contact)) is None:
            raise Invalid(Fault("contact", N_("This is not an e-mail address. It should look like name@library.dk.")))
        return Programme(
            id=id,
            slug=self.slug or "",
            title=self.title,
            summary=self.summary,
            description=self.description,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            contact=contact,
            owner_group=self.owner_group,
            tracks=tuple(
                body.to_domain(_that_was(body, at, before.tracks if before else ()))
                for at, body in enumerate(self.tracks)
            ),
            rounds=wire_rounds.rounds(self.rounds, before.rounds if before else None),
            themes=tuple(self.themes),
            targets=Targets(self.targets.libraries, self.targets.municipalities, self.targets.people),
            grant_number=self.grant_number,
            budget=self.budget,
            own_share=self.own_share,
            certificate_share=self.certificate_share,
        )


class Versioned(BaseModel):
    """Some fields, and the version they were changed from; null empties a field that may be empty."""

    model_config = ConfigDict(extra="allow")

    version: int = Field(ge=1)

    @property
    def sent(self) -> dict[str, Any]:
        """The fields that were sent."""
        return self.model_extra or {}


class ProgrammePatch(Versioned):
    """Some fields of a programme."""

    def onto(self, before: Programme) -> Programme:
        """Return the programme with the fields that were sent. Raise Invalid for a field that does not fit."""
        return validated(ProgrammeBody, editable(before) | self.sent).to_domain(before.id, before)


class TrackPatch(Versioned):
    """Some fields of a track, and the version of its programme."""

    def onto(self, before: Track) -> Track:
        """Return the track with the fields that were sent. Raise Invalid for a field that does not fit."""
        return validated(TrackBody, track(before) | self.sent | {"id": before.id}).to_domain(before)


class DuplicateBody(Wire):
    """A day in the week in which the copy is to begin."""

    starts_on: Day


def editable(programme: Programme) -> dict[str, Any]:
    """Return the fields that a coordinator may change, as the API takes them."""
    return {
        "slug": programme.slug,
        "title": dict(programme.title),
        "summary": dict(programme.summary),
        "description": dict(programme.description),
        "starts_on": programme.starts_on.isoformat(),
        "ends_on": programme.ends_on.isoformat(),
        "contact": programme.contact,
        "owner_group": programme.owner_group,
        "tracks": [track(one) for one in programme.tracks],
        "rounds": [wire_rounds.editable(one) for one in programme.rounds],
        "themes": list(programme.themes),
        "targets": asdict(programme.targets),
        "grant_number": programme.grant_number,
        "budget": programme.budget,
        "own_share": programme.own_share,
        "certificate_share": programme.certificate_share,
    }


def for_coordinators(programme: Programme) -> dict[str, Any]:
    """Return a programme as the coordinator API gives it."""
    return {"id": programme.id, "state": programme.state, "version": programme.version, **editable(programme)}


def for_viewers(programme: Programme) -> dict[str, Any]:
    """Return a programme as those who sign in and may see nobody's address get it."""
    shown = for_coordinators(programme)
    tracks = [one | {"rounds": wire_rounds.nameless(one["rounds"])} for one in shown["tracks"]]
    return shown | {"rounds": wire_rounds.nameless(shown["rounds"]), "tracks": tracks}


def track(one: Track) -> dict[str, Any]:
    """Return a track as the API takes it."""
    return {
        "id": one.id,
        "name": dict(one.name),
        "roles": list(one.roles),
        "rounds": None if one.rounds is None else [wire_rounds.editable(each) for each in one.rounds],
    }


def track_of(programme: Programme, one: Track) -> dict[str, Any]:
    """Return a track with what it is a part of; `version` is the programme's."""
    return {"programme": programme.id, "version": programme.version, **track(one)}


def warnings(gathering: Gathering, workdays: Workdays, voice: Voice, now: datetime) -> list[dict[str, Any]]:
    """Return what speaks against the days of a gathering's sessions, and its rounds, in the reader's words."""
    days = sorted({session.starts.date() for session in gathering.sessions})
    found = [one for day in days for one in workdays.warnings(day, language=voice.language)]
    shown = [_warning(one.day, one.reason, voice.say(one.message, **one.values), gathering) for one in found]
    if opens_to_nobody(gathering, now):
        shown.append(_warning(days[0], NO_ROUND, voice.say(CLOSED_TO_ALL), gathering))
    return shown


def _warning(day: date, reason: str, detail: str, gathering: Gathering) -> dict[str, Any]:
    return {"gathering": gathering.id, "day": day.isoformat(), "reason": reason, "detail": detail}


def _that_was(body: TrackBody, at: int, tracks: tuple[Track, ...]) -> Track | None:
    if body.id is not None:
        return next((one for one in tracks if one.id == body.id), None)
    return tracks[at] if at < len(tracks) else None
