"""Whom in a gathering something is for: what there is to choose from, and what was chosen, in words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from chalicelib.registration_words import ROLES, STATUSES
from shared.bootstrap import web as bootstrap
from shared.gatherings.audience import Audience
from shared.gatherings.model import Gathering
from shared.i18n import Voice
from shared.refusals import N_
from shared.registration.model import Role as WorkRole, Status

PARTS: Final = {
    "status": N_("Status"),
    "library": N_("Library"),
    "role": N_("Role"),
    "session": N_("Session"),
    "round": N_("Round"),
}
"""What an audience is made of, and what that is called, to be translated."""

EVERYBODY: Final = N_("All who are registered")
_ALL: Final = N_("All")


@dataclass(frozen=True, slots=True)
class Choice:
    """One part of an audience, to choose: `all` is what nothing chosen means. Names are to be translated, those of the
    `options` (value and name) are not.
    """

    part: str
    name: str
    all: str
    options: tuple[tuple[str, str], ...]


def choices(
    gathering: Gathering | None, libraries: Iterable[tuple[str, str]], voice: Voice, *, by_status: bool
) -> Iterator[Choice]:
    """Yield what there is to choose from, in a gathering or (None) in one that is yet to be."""
    if by_status:
        statuses = tuple((one.value, voice.say(name)) for one, name in STATUSES.items())
        yield Choice("status", PARTS["status"], EVERYBODY, statuses)
    yield Choice("library", PARTS["library"], _ALL, tuple(libraries))
    yield Choice("role", PARTS["role"], _ALL, tuple((one.value, voice.say(name)) for one, name in ROLES.items()))
    if gathering is None:
        return
    if len(gathering.sessions) > 1:
        yield Choice("session", PARTS["session"], _ALL, tuple(_sessions(gathering, voice)))
    if gathering.effective_rounds:
        yield Choice("round", PARTS["round"], _ALL, tuple(_rounds(gathering, voice)))


def in_words(audience: Audience, gathering: Gathering, voice: Voice) -> str:
    """Return whom something is for."""
    said = (
        voice.say(STATUSES[Status(audience.status)]) if audience.status else voice.say(EVERYBODY),
        dict(_sessions(gathering, voice)).get(audience.session, audience.session),
        dict(_rounds(gathering, voice)).get(audience.round, audience.round),
        bootstrap.libraries().shown(audience.library).name if audience.library else "",
        voice.say(ROLES[WorkRole(audience.role)]) if audience.role else "",
    )
    return " · ".join(filter(None, said))


def _sessions(gathering: Gathering, voice: Voice) -> Iterator[tuple[str, str]]:
    return ((one.id, voice.text(one.title) or voice.short_day(one.starts_at)) for one in gathering.sessions)


def _rounds(gathering: Gathering, voice: Voice) -> Iterator[tuple[str, str]]:
    return ((one.id, voice.text(one.name)) for one in gathering.effective_rounds)
