"""Who belongs to an audience."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from shared.gatherings.audience import Audience
from shared.gatherings.model import Gathering
from shared.gatherings.reminders import Planned
from shared.registration.model import Registration, Status


class Numbers(Protocol):
    """The numbers that a library has had, of others merged into it too."""

    def numbers(self, number: str) -> frozenset[str]: ...


def among(registrations: Iterable[Registration], audience: Audience, libraries: Numbers) -> Iterator[Registration]:
    """Yield those who belong to the audience."""
    numbers = libraries.numbers(audience.library) if audience.library else frozenset()
    return (one for one in registrations if is_meant(one, audience) and is_from(one, audience, numbers))


def seated(registrations: Iterable[Registration], audience: Audience, libraries: Numbers) -> Iterator[Registration]:
    """Yield those who belong to the audience and have a seat."""
    return (one for one in among(registrations, audience, libraries) if one.status is Status.CONFIRMED)


def reminded(
    registrations: Iterable[Registration], planned: Planned, gathering: Gathering, libraries: Numbers
) -> Iterator[Registration]:
    """Yield those whom a reminder is for: who has a seat, and was not just told all of it when it was due."""
    return (
        one
        for one in seated(registrations, planned.reminder.audience, libraries)
        if one.registered_at < planned.moment and gathering.reminds(planned, one.sessions)
    )


def is_meant(one: Registration, audience: Audience) -> bool:
    """Whether somebody belongs to the audience, wherever they work."""
    return (
        (one.status == audience.status if audience.status else one.status.is_live)
        and audience.role in ("", one.participant.role)
        and audience.round in ("", one.round_id)
        and (not audience.session or audience.session in one.sessions)
    )


def is_from(one: Registration, audience: Audience, numbers: frozenset[str]) -> bool:
    """Whether somebody works at the audience's library, which has those numbers."""
    return not audience.library or one.participant.library in numbers
