"""A programme's page: what its template is given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, ClassVar, Self

from chalicelib import structured_data, theme_words
from chalicelib.narrator import Narrator, RoundInWords, TrackInWords
from chalicelib.screens import Listing, Screen
from chalicelib.visit import Visit
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
    themes: tuple[str, ...]

    @classmethod
    def of(
        cls, programme: Programme, listings: Sequence[Listing], narrator: Narrator, visit: Visit, **more: Any
    ) -> Self:
        """Return the page of a programme with its gatherings, which come by start."""
        return cls(
            programme=programme,
            period=period(programme.starts_on, programme.ends_on, visit.voice),
            tracks=narrator.tracks(programme),
            rounds=narrator.rounds(programme.rounds),
            coming=tuple(one for one in listings if one.gathering.ends_at > visit.now),
            past=tuple(one for one in reversed(listings) if one.gathering.ends_at <= visit.now),
            series=_series(programme, listings, visit),
            themes=theme_words.in_words(programme.themes, visit.voice),
            **more,
        )

    @property
    def cancelled(self) -> bool:
        """Whether it was taken off."""
        return self.programme.state is State.CANCELLED

    @property
    def path(self) -> str:
        """The page's address, without language."""
        return f"/forloeb/{self.programme.slug}"


@dataclass(frozen=True, slots=True)
class ProgrammePreviewScreen(ProgrammeScreen):
    """A programme's public page before the public sees it."""

    personal: ClassVar[bool] = True
    back: str = field(kw_only=True)
    is_public: bool = field(kw_only=True)


def period(starts_on: date, ends_on: date, voice: Voice) -> str:
    """Return two days in words, as one where they are."""
    first, last = (voice.day(datetime.combine(day, time(12), tzinfo=voice.zone)) for day in (starts_on, ends_on))
    return first if starts_on == ends_on else voice.say("%(start)s to %(end)s", start=first, end=last)


def _series(found: Programme, listings: Sequence[Listing], visit: Visit) -> dict[str, Any]:
    """Return the programme as schema.org's EventSeries."""
    cancelled = found.state is State.CANCELLED
    return {
        "@context": "https://schema.org",
        "@type": "EventSeries",
        "name": visit.voice.text(found.title),
        "description": visit.voice.text(found.summary),
        "url": _url(f"/forloeb/{found.slug}", visit),
        "startDate": found.starts_on.isoformat(),
        "endDate": found.ends_on.isoformat(),
        "eventStatus": f"https://schema.org/Event{'Cancelled' if cancelled else 'Scheduled'}",
        "organizer": {"@type": "Organization", "name": visit.network.name, "url": f"{visit.network.base_url}/"},
        "subEvent": [
            structured_data.event(one, url=_url(one.path, visit), voice=visit.voice, network=visit.network)
            for one in listings
        ],
    }


def _url(path: str, visit: Visit) -> str:
    return visit.network.base_url + visit.network.address(path, visit.voice.language)
