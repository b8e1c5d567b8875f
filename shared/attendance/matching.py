"""The people of a meeting's report, matched with those who are registered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from shared.attendance.reports import Presence
from shared.registration.applying import sameness
from shared.registration.model import Registration


@dataclass(frozen=True, slots=True)
class Matched:
    """One of a report's people, and the id of the registration that is theirs, if it is known.

    `similar` are the registrations with the same name, for who has none.
    """

    presence: Presence
    registration: str | None
    similar: tuple[str, ...] = ()


def match(people: Sequence[Presence], registrations: Iterable[Registration]) -> tuple[Matched, ...]:
    """Return the people of a report, each with the registration under the same address.

    Where several share an address, the name decides. Nobody is matched by a name alone: that is for people to do.
    """
    by_email: dict[str, list[Registration]] = {}
    by_name: dict[str, list[Registration]] = {}
    for one in registrations:
        for email in {one.participant.email, one.former_email or one.participant.email}:
            by_email.setdefault(sameness(email), []).append(one)
        by_name.setdefault(sameness(one.participant.name), []).append(one)
    return tuple(_matched(presence, by_email, by_name) for presence in people)


def _matched(
    presence: Presence, by_email: Mapping[str, list[Registration]], by_name: Mapping[str, list[Registration]]
) -> Matched:
    found = by_email.get(sameness(presence.email), []) if presence.email else []
    if len(found) > 1:
        found = [one for one in found if sameness(one.participant.name) == sameness(presence.name)]
    if len(found) == 1:
        return Matched(presence, found[0].id)
    namesakes = by_name.get(sameness(presence.name), [])
    return Matched(presence, None, tuple(one.id for one in namesakes))


def seconds_of(matched: Iterable[Matched], chosen: Mapping[int, str]) -> dict[str, int]:
    """Return how long each registration's person was there, by id.

    `chosen` matches those whom no address matches, by their place in the list.
    """
    seconds: dict[str, int] = {}
    for at, one in enumerate(matched):
        whose = one.registration or chosen.get(at)
        if whose:
            seconds[whose] = seconds.get(whose, 0) + one.presence.seconds
    return seconds
