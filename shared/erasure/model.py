"""What is left when people are forgotten, and what has to go where they were named."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from shared.gatherings.model import Gathering, State
from shared.gatherings.rounds import NOBODY, Round
from shared.notify.model import MailKind, MailProblem, MailState
from shared.privacy.model import Group
from shared.privacy.tombstones import Participation
from shared.programmes.model import Programme
from shared.registration.model import Registration, Status

Theirs = Callable[[str], bool]
"""Whether an address is to be forgotten."""


@dataclass(frozen=True, slots=True)
class Planned:
    """That `count` things of a group will be deleted on a day, in the hours of the night."""

    gathering: Gathering
    group: Group
    on: date
    count: int


@dataclass(frozen=True, slots=True)
class Mail:
    """That a mail was sent, when that was last tried, and what came of it."""

    kind: MailKind
    at: datetime
    state: MailState
    problem: MailProblem | None = None


def participation(one: Registration, gathering: Gathering, marks: frozenset[str]) -> Participation:
    """Return a registration as far as it is counted."""
    return Participation(
        gathering_id=gathering.id,
        programme=gathering.programme,
        year=gathering.starts_at.year,
        library=one.participant.library,
        role=one.participant.role,
        status=one.status,
        attended=one.was_there,
        took_part=one.status is Status.CONFIRMED and gathering.state is not State.CANCELLED,
        marks=marks,
    )


def gathering_without(gathering: Gathering, theirs: Theirs) -> Gathering:
    """Return the next version of a gathering whose rounds name no address that is to be forgotten; itself if none does.

    Whom a round is for does not become more by that.
    """
    rounds = None if gathering.rounds is None else _rounds_without(gathering.rounds, theirs)
    inherited = _rounds_without(gathering.inherited_rounds, theirs)
    if (rounds, inherited) == (gathering.rounds, gathering.inherited_rounds):
        return gathering
    return replace(gathering, rounds=rounds, inherited_rounds=inherited, version=gathering.version + 1)


def programme_without(programme: Programme, theirs: Theirs) -> Programme:
    """Return the next version of a programme, as `gathering_without`."""
    rounds = _rounds_without(programme.rounds, theirs)
    tracks = tuple(
        track if track.rounds is None else replace(track, rounds=_rounds_without(track.rounds, theirs))
        for track in programme.tracks
    )
    if (rounds, tracks) == (programme.rounds, programme.tracks):
        return programme
    return replace(programme, rounds=rounds, tracks=tracks, version=programme.version + 1)


def speaks_of(documents: Iterable[str], theirs: Theirs, ids: Collection[str]) -> bool:
    """Whether documents (JSON) have an address that is to be forgotten, or one of the ids, as a value."""
    return any(
        value in ids or ("@" in value and theirs(value)) for one in documents for value in _texts(json.loads(one))
    )


def _texts(document: object) -> Iterator[str]:
    match document:
        case str():
            yield document
        case dict():
            for value in document.values():
                yield from _texts(value)
        case list():
            for value in document:
                yield from _texts(value)


def _rounds_without(rounds: Iterable[Round], theirs: Theirs) -> tuple[Round, ...]:
    return tuple(_without(one, theirs) for one in rounds)


def _without(one: Round, theirs: Theirs) -> Round:
    kept = tuple(email for email in one.who.emails if email == NOBODY or not theirs(email))
    if kept == one.who.emails:
        return one
    return replace(one, who=replace(one.who, emails=kept or (NOBODY,)))
