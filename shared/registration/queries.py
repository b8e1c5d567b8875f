"""Who is registered for a gathering: all of them, or those that are looked for."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from shared.gatherings.model import Gathering, Mode, Session
from shared.registration.applying import sameness
from shared.registration.model import Registration, Status
from shared.registration.ports import Library, Overtaking

AT_ONCE: Final = 500


class Pages(Protocol):
    """Registrations of a gathering, a page at a time, each with what to ask for the next by."""

    def of_gathering(
        self, gathering_id: str, *, after: str | None, limit: int
    ) -> tuple[list[Registration], str | None]: ...


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for: what is empty does not matter. `text` is looked for in name, address and library's name."""

    text: str = ""
    status: str = ""
    session: str = ""
    library: str = ""
    role: str = ""
    round: str = ""
    awaits: str = ""
    mail_problem: bool = False

    def fits(self, one: Registration, library: Library) -> bool:
        """Whether a registration is one of those. `library` is the one that stands for the person's."""
        who = one.participant
        return (
            self.status in ("", one.status)
            and self.library in ("", library.id)
            and self.role in ("", who.role)
            and self.round in ("", one.round_id)
            and (not self.session or self.session in one.sessions)
            and (not self.awaits or self.awaits in one.awaits)
            and (not self.mail_problem or one.mail_problem is not None)
            and (
                not self.text
                or any(sameness(self.text) in sameness(said) for said in (who.name, who.email, library.name))
            )
        )


def each(gathering_id: str, *, store: Pages) -> Iterator[Registration]:
    """Yield all registrations of a gathering, whatever became of them, in no order, with a page in memory at a time."""
    after = None
    while True:
        page, after = store.of_gathering(gathering_id, after=after, limit=AT_ONCE)
        yield from page
        if after is None:
            return


def everybody(gathering_id: str, *, store: Pages) -> tuple[Registration, ...]:
    """Return all registrations of a gathering, whatever became of them, in no order."""
    return tuple(each(gathering_id, store=store))


def coming(registrations: Iterable[Registration]) -> list[Registration]:
    """Return who comes, or is about to confirm it: who has an offer that nobody has accepted does not."""
    return [one for one in registrations if one.status in (Status.CONFIRMED, Status.PENDING)]


def on_site(
    registrations: Iterable[Registration], gathering: Gathering, session: Session | None = None
) -> list[Registration]:
    """Return who comes to a place: for the session, or for any of theirs."""
    return [one for one in coming(registrations) if Mode.ON_SITE in one.ways(gathering, session)]


class Line(Protocol):
    """Registrations, and coordinators' exceptions from the order of the line."""

    def many(self, keys: Sequence[tuple[str, str]]) -> Mapping[str, Registration]: ...

    def overtakings(self, gathering_id: str) -> tuple[Overtaking, ...]: ...


def overtaken(one: Registration, *, store: Line) -> tuple[Overtaking, ...]:
    """Return coordinators' exceptions that gave a seat to somebody behind: of a pool that this person waits for too."""
    if one.status is not Status.WAITLISTED or one.place is None:
        return ()
    behind = [each for each in store.overtakings(one.gathering_id) if each.place > one.place]
    seated = store.many([(one.gathering_id, each.id) for each in behind])
    return tuple(each for each in behind if each.id in seated and seated[each.id].needed & frozenset(one.waits_in))


def found(
    registrations: Iterable[Registration], sought: Sought, library: Callable[[str], Library]
) -> list[Registration]:
    """Return those that are looked for. `library` finds the one that stands for a number."""
    if sought.library:
        sought = replace(sought, library=library(sought.library).id)
    return [one for one in registrations if sought.fits(one, library(one.participant.library))]
