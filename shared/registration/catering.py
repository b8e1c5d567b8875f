"""What those who come need, in numbers and without names: for kitchens, and for who prepares the rooms."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from shared.gatherings.model import Mode
from shared.registration.applying import sameness
from shared.registration.model import Registration


@dataclass(frozen=True, slots=True)
class Catering:
    """How many people come on site, and what some of them wrote: texts that say the same are one, with how many."""

    people: int
    diets: tuple[tuple[str, int], ...]
    accommodations: tuple[tuple[str, int], ...]


def catering(registrations: Iterable[Registration]) -> Catering:
    """Return what to prepare for those who have a seat on site."""
    come = [one for one in registrations if one.status.holds_seat and one.mode is Mode.ON_SITE]
    needs = [one.needs for one in come if one.needs is not None]
    return Catering(len(come), _counted(one.diet for one in needs), _counted(one.accommodation for one in needs))


def _counted(texts: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """Return each text once, as it is mostly written, with how often it came; the most frequent first."""
    spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for text in filter(None, texts):
        spellings[sameness(text)][text] += 1
    found = [(min(spelt, key=lambda text: (-spelt[text], text)), spelt.total()) for spelt in spellings.values()]
    return tuple(sorted(found, key=lambda one: (-one[1], one[0])))
