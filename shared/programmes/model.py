"""What ties gatherings together to a course of competence development, and the rules for planning it."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from shared.gatherings import rounds
from shared.gatherings.copies import id_of_copy, rounds_moved
from shared.gatherings.model import RESERVED_SLUGS, State, Text, share_faults, slug_of
from shared.gatherings.rounds import ROLES, Round
from shared.refusals import N_, Fault, Invalid, Refusal

_TEXTS: Final = ("title", "summary", "description")
_FOREIGN: Final = N_("This network does not use that language.")


@dataclass(frozen=True, slots=True)
class Track:
    """Who a part of a programme is for. `roles` are told, for all without any; it is the rounds that admit.

    None as `rounds` has the programme's.
    """

    id: str
    name: Text
    roles: tuple[str, ...] = ()
    rounds: tuple[Round, ...] | None = None


@dataclass(frozen=True, slots=True)
class Targets:
    """How many libraries, municipalities and people the programme is to reach."""

    libraries: int | None = None
    municipalities: int | None = None
    people: int | None = None


@dataclass(frozen=True, slots=True)
class Programme:
    """A course of competence development.

    It runs from `starts_on` to `ends_on`, both included. `budget` and the `own_share` of it are whole units of the
    network's currency. `certificate_share` is the rule for the certificates of its gatherings that have none of their
    own, in percent; None: there is none. `version` rises with every saved change and guards against two people
    editing at once.
    """

    id: str
    slug: str
    title: Text
    starts_on: date
    ends_on: date
    contact: str
    state: State = State.DRAFT
    published_at: datetime | None = None
    version: int = 1
    summary: Text = field(default_factory=dict)
    description: Text = field(default_factory=dict)
    owner_group: str = ""
    tracks: tuple[Track, ...] = ()
    rounds: tuple[Round, ...] = ()
    themes: tuple[str, ...] = ()
    targets: Targets = field(default_factory=Targets)
    grant_number: str | None = None
    budget: int | None = None
    own_share: int | None = None
    certificate_share: int | None = None

    @property
    def is_public(self) -> bool:
        """Whether the public sees it: from publication on, cancelled or not."""
        return self.published_at is not None

    def rounds_of(self, track: str | None) -> tuple[Round, ...] | None:
        """Return the rounds that a gathering of the track inherits, or of none; None if there is no such track."""
        if track is None:
            return self.rounds
        found = next((one for one in self.tracks if one.id == track), None)
        if found is None:
            return None
        return self.rounds if found.rounds is None else found.rounds

    def check(self, *, languages: tuple[str, ...]) -> None:
        """Raise Invalid with every fault a programme may not have, all at once."""
        if faults := tuple(self._faults(languages)):
            raise Invalid(*faults)

    def published(self, now: datetime) -> "Programme":
        """Return the programme as published. Publishing what is published changes nothing."""
        if self.state is State.PUBLISHED:
            return self
        if self.state is State.CANCELLED:
            raise ProgrammeIsCancelled
        return replace(self, state=State.PUBLISHED, published_at=now, version=self.version + 1)

    def cancelled(self) -> "Programme":
        """Return the programme as taken off, for good. Its gatherings are called off one by one."""
        if self.state is State.CANCELLED:
            return self
        return replace(self, state=State.CANCELLED, version=self.version + 1)

    def changed_to(self, wanted: "Programme") -> "Programme":
        """Return `wanted` as the next version, with what a change may not touch kept."""
        if self.state is State.CANCELLED:
            raise ProgrammeIsCancelled
        return replace(
            wanted,
            id=self.id,
            slug=self.slug,
            state=self.state,
            published_at=self.published_at,
            version=self.version + 1,
        )

    def moved(self, weeks: int, *, id: str, zone: tzinfo) -> "Programme":
        """Return a new draft of the programme, everything in it so many weeks later on the clock in `zone`.

        It has no slug yet. The tracks' ids follow from its own and theirs.
        """
        later = timedelta(weeks=weeks)
        return replace(
            self,
            id=id,
            slug="",
            state=State.DRAFT,
            published_at=None,
            version=1,
            starts_on=self.starts_on + later,
            ends_on=self.ends_on + later,
            rounds=rounds_moved(self.rounds, weeks, zone),
            tracks=tuple(
                replace(
                    track,
                    id=id_of_copy(id, track.id),
                    rounds=None if track.rounds is None else rounds_moved(track.rounds, weeks, zone),
                )
                for track in self.tracks
            ),
        )

    def _faults(self, languages: tuple[str, ...]) -> Iterator[Fault]:
        if not self.title.get(languages[0], "").strip():
            yield Fault(f"title.{languages[0]}", N_("Give the programme a title."))
        for name in _TEXTS:
            for language in set(getattr(self, name)) - set(languages):
                yield Fault(f"{name}.{language}", _FOREIGN)
        if not self.slug or self.slug != slug_of(self.slug) or self.slug in RESERVED_SLUGS:
            yield Fault(
                "slug", N_("Use small letters a-z, digits and single hyphens, and not a word the site itself uses.")
            )
        if self.ends_on < self.starts_on:
            yield Fault("ends_on", N_("The last day must not be before the first."))
        if self.own_share is not None and self.own_share > (self.budget or 0):
            yield Fault("own_share", N_("Your own share is a part of the budget and cannot be more."))
        yield from share_faults(self.certificate_share)
        yield from rounds.faults(self.rounds, languages=languages)
        yield from self._track_faults(languages)

    def _track_faults(self, languages: tuple[str, ...]) -> Iterator[Fault]:
        if len({track.id for track in self.tracks}) < len(self.tracks):
            yield Fault("tracks", N_("Two tracks have the same id."))
        for at, track in enumerate(self.tracks):
            if not track.name.get(languages[0], "").strip():
                yield Fault(f"tracks.{at}.name.{languages[0]}", N_("Give the track a name."))
            for language in set(track.name) - set(languages):
                yield Fault(f"tracks.{at}.name.{language}", _FOREIGN)
            if unknown := set(track.roles) - set(ROLES):
                yield Fault(f"tracks.{at}.roles", N_("Unknown: %(values)s."), {"values": ", ".join(sorted(unknown))})
            for fault in rounds.faults(track.rounds or (), languages=languages):
                yield replace(fault, field=f"tracks.{at}.{fault.field}")


class ProgrammeNotFound(Refusal):
    """No such programme, or not one that the public may see."""

    kind = "programme-not-found"
    status = 404
    message = N_("There is no programme at this address.")


class ProgrammeExists(Refusal):
    """There is a programme with this id: it was planned before."""

    kind = "programme-exists"
    status = 409
    message = N_("This programme is there already.")


class TrackNotFound(Refusal):
    """No programme has such a track."""

    kind = "track-not-found"
    status = 404
    message = N_("There is no such track.")


class ProgrammeIsCancelled(Refusal):
    """A programme that is taken off stays so: plan a new one."""

    kind = "programme-cancelled"
    status = 409
    message = N_("This programme is cancelled.")


class ProgrammeChangedMeanwhile(Refusal):
    """Somebody saved a change after this one was begun."""

    kind = "changed-meanwhile"
    status = 409
    message = N_("Somebody else changed this while you were editing. Open it again and repeat your change.")


class ProgrammeSlugTaken(Refusal):
    """Another programme has this address."""

    kind = "slug-taken"
    status = 409
    message = N_("Another programme already has this address.")


class RoundsDoNotFit(Refusal):
    """`gatherings` could not have the rounds as they would become: too few seats, or some that are set free already.

    Each is told by `id` and `title`.
    """

    kind = "rounds-do-not-fit"
    status = 409
    message = N_("Some gatherings do not have the seats for these rounds. Give them more, or reserve fewer.")


class TrackInUse(Refusal):
    """A track that is to go still has `gatherings`, each told by `id` and `title`."""

    kind = "track-in-use"
    status = 409
    message = N_("There are gatherings in a track that you are removing. Move them first.")
