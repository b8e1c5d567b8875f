"""A programme's page: what its template is given."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from chalicelib.narrator import RoundInWords, TrackInWords
from chalicelib.screens import Listing, Screen
from shared.gatherings.model import State
from shared.i18n import Voice
from shared.programmes.model import Programme


@dataclass(frozen=True, slots=True)
class ProgrammeScreen(Screen):
    """One programme. `series` is how search engines read it; gatherings to come, soonest first, and past ones."""

    programme: Programme
    period: str
    tracks: tuple[TrackInWords, ...]
    rounds: tuple[RoundInWords, ...]
    coming: tuple[Listing, ...]
    past: tuple[Listing, ...]
    series: Mapping[str, Any]

    @property
    def cancelled(self) -> bool:
        """Whether it was taken off."""
        return self.programme.state is State.CANCELLED

    @property
    def themes(self) -> tuple[str, ...]:
        """The themes in words. They have no names of their own until there is a catalogue of themes."""
        return tuple(theme.replace("-", " ").capitalize() for theme in self.programme.themes)

    @property
    def path(self) -> str:
        """The page's address, without language."""
        return f"/forloeb/{self.programme.slug}"


def period(starts_on: date, ends_on: date, voice: Voice) -> str:
    """Return two days in words, as one where they are."""
    first, last = (voice.day(datetime.combine(day, time(12), tzinfo=voice.zone)) for day in (starts_on, ends_on))
    return first if starts_on == ends_on else voice.say("%(start)s to %(end)s", start=first, end=last)
