"""What those who come need, in numbers and without names: for kitchens, and for who prepares the rooms."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shared.gatherings.model import Gathering, Mode, Session
from shared.registration.applying import sameness
from shared.registration.model import Registration
from shared.registration.queries import coming


@dataclass(frozen=True, slots=True)
class Catering:
    """How many people come to a place, and how many only online; and what some of the former wrote.

    Texts that say the same are one.
    """

    people: int
    online: int
    diets: tuple[tuple[str, int], ...]
    accommodations: tuple[tuple[str, int], ...]


def catering(registrations: Sequence[Registration], gathering: Gathering, session: Session | None = None) -> Catering:
    """Return what to prepare for those who come: to the session, or in all."""
    come = [one for one in coming(registrations) if session is None or session.id in one.sessions]
    there = [one for one in come if Mode.ON_SITE in one.ways(gathering, session)]
    needs = [one.needs for one in there if one.needs is not None]
    diets, accommodations = (one.diet for one in needs), (one.accommodation for one in needs)
    return Catering(len(there), len(come) - len(there), _counted(diets), _counted(accommodations))


def by_session(registrations: Sequence[Registration], gathering: Gathering) -> tuple[tuple[Session, Catering], ...]:
    """Return what to prepare for each session; nothing where there is but one."""
    if len(gathering.sessions) < 2:
        return ()
    return tuple((session, catering(registrations, gathering, session)) for session in gathering.sessions)


def _counted(texts: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """Return each text once, as it is mostly written, with how often it came; the most frequent first."""
    spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for text in filter(None, texts):
        spellings[sameness(text)][text] += 1
    found = [(min(spelt, key=lambda text: (-spelt[text], text)), spelt.total()) for spelt in spellings.values()]
    return tuple(sorted(found, key=lambda one: (-one[1], one[0])))
