"""Rounds and tracks in words, as people read them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from shared.gatherings.model import Gathering, Text
from shared.gatherings.rounds import Round, Who
from shared.i18n import Voice
from shared.programmes.model import Programme
from shared.refusals import N_

CERTIFICATIONS: Final = {
    "none": N_("not certified"),
    "on_the_way": N_("on the way to certification"),
    "in_progress": N_("working on their certification"),
    "certified": N_("certified"),
}
ROLES: Final = {"staff": N_("For staff."), "leader": N_("For leaders.")}


@dataclass(frozen=True, slots=True)
class RoundInWords:
    """A round as people read it: whom it is for, when, and which seats are kept for it."""

    name: Text
    who: str
    when: str
    kept: str = ""


@dataclass(frozen=True, slots=True)
class TrackInWords:
    """A track as people read it. `rounds` are its own; none where the programme's hold."""

    name: Text
    who: str
    rounds: tuple[RoundInWords, ...]


@dataclass(frozen=True, slots=True)
class Narrator:
    """Puts rounds into words, as they stand `now`. `libraries` are names by number."""

    now: datetime
    voice: Voice
    libraries: Mapping[str, str]

    def tracks(self, programme: Programme) -> tuple[TrackInWords, ...]:
        """Return a programme's tracks in words."""
        return tuple(
            TrackInWords(
                one.name,
                " ".join(self.voice.say(ROLES[role]) for role in one.roles),
                self.rounds(one.rounds or ()),
            )
            for one in programme.tracks
        )

    def rounds(self, found: Iterable[Round]) -> tuple[RoundInWords, ...]:
        """Return rounds in words, the one that opens first at the head."""
        return tuple(
            RoundInWords(one.name, " ".join(self._who(one.who)), self._when(one), self._kept(one))
            for one in sorted(found, key=lambda one: one.opens_at)
        )

    def rounds_of(self, gathering: Gathering) -> tuple[RoundInWords, ...]:
        """Return a gathering's rounds in words: none is open before its registration is."""
        opens = gathering.registration.opens_at
        return self.rounds(
            one if opens is None or one.opens_at >= opens else replace(one, opens_at=opens)
            for one in gathering.effective_rounds
            if opens is None or one.closes_at is None or one.closes_at > opens
        )

    def _who(self, who: Who) -> Iterator[str]:
        say = self.voice.say
        if who == Who():
            yield say(N_("For everybody."))
        if who.certification:
            statuses = [say(CERTIFICATIONS[status]) for status in who.certification]
            yield say(N_("For libraries that are %(statuses)s."), statuses=self._or(statuses))
        if who.libraries:
            # Two that were merged are one.
            names = list(dict.fromkeys(self.libraries.get(number, number) for number in who.libraries))
            yield say(N_("For people from %(libraries)s."), libraries=self._or(names))
        for role in who.roles:
            yield say(ROLES[role])
        if who.emails:
            yield say(N_("By invitation."))

    def _when(self, one: Round) -> str:
        say, opens = self.voice.say, self.voice.moment(one.opens_at)
        if one.closes_at is None:
            return say(N_("Open now.")) if one.is_open(self.now) else say(N_("Opens %(opens)s."), opens=opens)
        closes = self.voice.moment(one.closes_at)
        if self.now < one.opens_at:
            return say(N_("Opens %(opens)s and closes %(closes)s."), opens=opens, closes=closes)
        if one.is_open(self.now):
            return say(N_("Open until %(closes)s."), closes=closes)
        return say(N_("Closed %(closes)s."), closes=closes)

    def _kept(self, one: Round) -> str:
        if not one.reserved_seats or (one.kept_until is not None and one.kept_until <= self.now):
            return ""
        if one.kept_until is None:
            return self.voice.count(
                "%(number)s seat in each gathering is kept for this round.",
                "%(number)s seats in each gathering are kept for this round.",
                one.reserved_seats,
            )
        return self.voice.count(
            "%(number)s seat in each gathering is kept for this round until %(until)s.",
            "%(number)s seats in each gathering are kept for this round until %(until)s.",
            one.reserved_seats,
            until=self.voice.moment(one.kept_until),
        )

    def _or(self, words: Sequence[str]) -> str:
        """`a`, `a or b`, `a, b or c`."""
        *others, last = words
        return self.voice.say("%(others)s or %(last)s", others=", ".join(others), last=last) if others else last
