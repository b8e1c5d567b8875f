"""What people attend, and the rules for planning it."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from shared import free_text
from shared.gatherings import questions, reminders, rounds, wording
from shared.gatherings.questions import Question
from shared.gatherings.reminders import SWITCHED_ON, Planned, Reminder, ReminderKind
from shared.gatherings.rounds import Round, Who
from shared.refusals import N_, Fault, Invalid, Refusal

Text = Mapping[str, str]
"""A text by language code."""

GOALS: Final = range(1, 18)
"""The UN's Sustainable Development Goals by number."""

YEARS: Final = range(2000, 2200)
"""The years that something can be planned for: at the ends of time, copies and other zones overflow."""

RESERVED_SLUGS: Final = frozenset({"tilmelding", "kalender", "feed", "ny", "new", "arkiv"})
"""Words that are, or may become, a part of an address beside a slug."""

LONGEST_SLUG: Final = 80
LONGEST_SPEAKERS: Final = 400

_HAVE_CHOSEN: Final = N_("What is to be chosen cannot change after publication: people have chosen.")
_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LETTERS: Final = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "ü": "ue", "é": "e"})


WHOLE: Final = "whole"
"""The pool of seats in the gathering that no round keeps for itself."""


JOINED_BEFORE: Final = timedelta(minutes=45)
JOINED_AFTER: Final = timedelta(minutes=30)


class Kind(StrEnum):
    """What sort of gathering it is."""

    WEBINAR = "webinar"
    INSPIRATION_DAY = "inspiration_day"
    FESTIVAL = "festival"
    WORKSHOP = "workshop"
    COURSE = "course"


class State(StrEnum):
    """Where a gathering is in its life. Whether it has been held is a matter of time, not of state."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class Mode(StrEnum):
    """How somebody takes part. Each is a pool of its own, so that a hybrid gathering can be full on site only."""

    ON_SITE = "on_site"
    ONLINE = "online"


@dataclass(frozen=True, slots=True)
class Place:
    """Where people meet on site."""

    name: str
    address: str

    def __str__(self) -> str:
        """Name and address on one line."""
        return f"{self.name}, {self.address}"


@dataclass(frozen=True, slots=True)
class Where:
    """How one takes part in a session: at a place, online by a link, or either."""

    place: Place | None
    online_link: str | None


@dataclass(frozen=True, slots=True)
class Session:
    """One start and end inside a gathering.

    Both times are wall-clock times in `zone`, without offset: if a country changes its clocks, nine o'clock stays
    nine o'clock. In the hour that is repeated in autumn the first pass is meant.

    `place` is its own; None: it is where the gathering is.
    """

    id: str
    title: Text
    starts: datetime
    ends: datetime
    zone: str
    capacity: int | None = None
    choose_one_of: str | None = None
    place: Place | None = None

    @property
    def pool(self) -> str:
        """The name of the pool of its seats."""
        return f"session-{self.id}"

    @property
    def joined_from(self) -> datetime:
        """From when people are let in online."""
        return self.starts_at.astimezone(UTC) - JOINED_BEFORE

    @property
    def joined_until(self) -> datetime:
        """Until when people are let in online: it may last longer than was planned."""
        return self.ends_at.astimezone(UTC) + JOINED_AFTER

    @property
    def starts_at(self) -> datetime:
        """The start as a moment, aware, in the session's zone."""
        return self.starts.replace(tzinfo=ZoneInfo(self.zone))

    @property
    def ends_at(self) -> datetime:
        """The end as a moment, aware, in the session's zone."""
        return self.ends.replace(tzinfo=ZoneInfo(self.zone))


@dataclass(frozen=True, slots=True)
class Moved:
    """That sessions got another time, place or link after publication.

    `number` is the gathering's `sequence` since then, `words` what the coordinator says of it to those who come.
    """

    number: int
    sessions: tuple[str, ...]
    at: datetime
    words: str = ""

    def without(self, sessions: Collection[str]) -> "Moved":
        """Return it without those that were moved again."""
        return replace(self, sessions=tuple(one for one in self.sessions if one not in sessions))


@dataclass(frozen=True, slots=True)
class Window:
    """When people may register. An open end means from publication, and until the gathering starts."""

    opens_at: datetime | None = None
    closes_at: datetime | None = None
    changes_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class FairShare:
    """At most `per_library` people of one library, seated or waiting, before `until`; without it, always."""

    per_library: int
    until: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether the limit is in force."""
        return self.until is None or now < self.until


@dataclass(frozen=True, slots=True)
class Gathering:
    """A webinar, inspiration day, festival, workshop or course.

    `rounds` are its own; None has those of its programme or track, of which `inherited_rounds` is the copy. With
    `choose_sessions` people choose which of the sessions without `choose_one_of` they come to.

    `speakers` are who speaks, by their roles, never names.

    `owner` is the id of the editor whose own it is; None: the coordinators alone look after it.

    `reminders` are its own; None has those that are usual for its kind. `reminders_since` is when they last changed
    after publication: what was due before then is not made up for.

    `certificate_share` is which share of one's sessions one has to have been in for a certificate, in percent; None:
    there are no certificates.

    `texts` are what its mails say in the coordinators' own words, by kind of mail.

    `version` rises with every saved change and guards against two people editing at once. `sequence` rises with
    changes that a calendar must show: time, place or link (RFC 5545, 3.8.7.4). `moved` are those after publication, of
    each session the last; `called_off` is what the coordinator said when it was cancelled.
    """

    id: str
    slug: str
    kind: Kind
    title: Text
    sessions: tuple[Session, ...]
    contact: str
    owner: str | None = None
    state: State = State.DRAFT
    published_at: datetime | None = None
    version: int = 1
    sequence: int = 0
    summary: Text = field(default_factory=dict)
    description: Text = field(default_factory=dict)
    speakers: Text = field(default_factory=dict)
    place: Place | None = None
    accessibility: Text = field(default_factory=dict)
    online_link: str | None = None
    is_recorded: bool = False
    capacity: int | None = None
    on_site_capacity: int | None = None
    online_capacity: int | None = None
    waiting_list: bool = False
    approval: bool = False
    choose_sessions: bool = False
    rounds: tuple[Round, ...] | None = None
    inherited_rounds: tuple[Round, ...] = ()
    fair_share: FairShare | None = None
    questions: tuple[Question, ...] = ()
    asks_needs: bool = False
    programme: str | None = None
    track: str | None = None
    registration: Window = field(default_factory=Window)
    asks_invoice_reference: bool = False
    programme_sheet: str | None = None
    reminders: tuple[Reminder, ...] | None = None
    reminders_since: datetime | None = None
    certificate_share: int | None = None
    texts: Mapping[str, Text] = field(default_factory=dict)
    moved: tuple[Moved, ...] = ()
    called_off: str = ""
    themes: tuple[str, ...] = ()
    goals: tuple[int, ...] = ()
    price_text: Text = field(default_factory=dict)

    @property
    def is_public(self) -> bool:
        """Whether the public sees it: from publication on, cancelled or not."""
        return self.published_at is not None

    @property
    def starts_at(self) -> datetime:
        """The first session's start."""
        return min(session.starts_at for session in self.sessions)

    @property
    def ends_at(self) -> datetime:
        """The last session's end."""
        return max(session.ends_at for session in self.sessions)

    @property
    def registration_closes_at(self) -> datetime:
        """When registration ends: as set, but never after the start."""
        return min(self.registration.closes_at or self.starts_at, self.starts_at)

    @property
    def changes_until(self) -> datetime:
        """Until when a participant may cancel: as set, else the start."""
        return self.registration.changes_until or self.starts_at

    def where(self, session: Session, mode: Mode | None = None) -> Where:
        """Return where a session is, for who takes part by a mode where that is a choice; else in all its ways.

        Where there is no such choice, a session with a place of its own is on site there and nowhere else.
        """
        place = session.place or self.place
        if len(self.modes) > 1:
            return Where(
                None if mode is Mode.ONLINE else place,
                None if mode is Mode.ON_SITE else self.online_link,
            )
        return Where(place, None if session.place else self.online_link)

    def whereabouts(self, mode: Mode | None = None) -> dict[str, Where]:
        """Return where each session is, by its id, for who takes part by a mode; None: in all its ways."""
        return {session.id: self.where(session, mode) for session in self.sessions}

    @property
    def wheres(self) -> tuple[Where, ...]:
        """Where the sessions are, each once, in their order."""
        return tuple(dict.fromkeys(self.whereabouts().values()))

    @property
    def places(self) -> tuple[Place, ...]:
        """The places where sessions are, each once, in their order."""
        return tuple(dict.fromkeys(where.place for where in self.wheres if where.place is not None))

    @property
    def is_online(self) -> bool:
        """Whether people can take part in a session from where they are."""
        return any(where.online_link is not None for where in self.wheres)

    def held(self, now: datetime) -> bool:
        """Whether it took place: published, and over."""
        return self.state is State.PUBLISHED and self.ends_at <= now

    def takes_registrations(self, now: datetime) -> bool:
        """Whether the registration window is open. Seats are another matter."""
        opens = self.registration.opens_at
        return self.state is State.PUBLISHED and (opens is None or opens <= now) and now < self.registration_closes_at

    @property
    def effective_rounds(self) -> tuple[Round, ...]:
        """Its own rounds, else those of its programme."""
        return self.inherited_rounds if self.rounds is None else self.rounds

    @property
    def effective_reminders(self) -> tuple[Reminder, ...]:
        """Its own reminders, else those that are usual for its kind."""
        return reminders.USUAL[self.kind] if self.reminders is None else self.reminders

    def planned_reminders(self, kinds: Collection[ReminderKind] = SWITCHED_ON) -> tuple[Planned, ...]:
        """Return the reminders of these kinds of all its sessions, soonest first, while it is published: those that go
        by the clock.

        What is due after the start reminds of nothing. Nor does what was due before publication, before the session was
        moved, or before the reminders were what they are: those who come had been told otherwise, or not yet.
        """
        if self.state is not State.PUBLISHED:
            return ()
        planned = (
            one.planned(session)
            for session in self.sessions
            for one in self.effective_reminders
            if one.kind in kinds and one.is_by_clock and not one.paused
        )
        return tuple(
            sorted(
                (one for one in planned if self._known_since(one.session) < one.moment < one.until),
                key=lambda one: one.moment,
            )
        )

    def planned(self, session: str, reminder: str, moment: datetime, kinds: Collection[ReminderKind]) -> Planned | None:
        """Return the reminder that is planned for a session at a moment, if it still is, and is of these kinds."""
        which = (session, reminder, moment)
        return next((one for one in self.planned_reminders(kinds) if one.which == which), None)

    @property
    def telling_of_recording(self) -> Reminder | None:
        """To whom it is told that the recording is online; None: to nobody."""
        if self.state is not State.PUBLISHED:
            return None
        told = (one for one in self.effective_reminders if one.kind is ReminderKind.RECORDING and not one.paused)
        return next(told, None)

    def reminds(self, planned: Planned, sessions: Collection[str]) -> bool:
        """Whether a reminder is for who comes to these sessions: before each of them, and after the last."""
        if planned.session not in sessions or planned.reminder.is_before:
            return planned.session in sessions
        theirs = (one for one in self.sessions if one.id in sessions)
        return planned.session == max(theirs, key=lambda one: one.ends_at.astimezone(UTC)).id

    def _known_since(self, session_id: str) -> datetime:
        move = self.last_move(session_id)
        moments = (self.published_at, self.reminders_since, move.at if move is not None else None)
        return max(moment for moment in moments if moment is not None)

    def is_open_to_everybody(self, now: datetime) -> bool:
        """Whether no round keeps anybody out now."""
        all_rounds = self.effective_rounds
        return not all_rounds or any(one.is_open(now) and one.who == Who() for one in all_rounds)

    @property
    def modes(self) -> tuple[Mode, ...]:
        """The ways to take part that people choose between: two where it is both on site and online.

        Of several sessions, one may be on site and another online: it is a choice only where seats are counted apart.
        """
        at_places = [session.place is not None or self.place is not None for session in self.sessions]
        apart = self.on_site_capacity is not None or self.online_capacity is not None
        if self.online_link is not None and all(at_places) and (apart or len(self.sessions) == 1):
            return (Mode.ON_SITE, Mode.ONLINE)
        return (Mode.ON_SITE,) if any(at_places) or self.online_link is None else (Mode.ONLINE,)

    def capacities(self) -> dict[str, int | None]:
        """Return the capacity by pool, without the rounds' reserved seats. None is no limit."""
        return {
            WHOLE: self.capacity,
            Mode.ON_SITE.value: self.on_site_capacity,
            Mode.ONLINE.value: self.online_capacity,
        } | {session.pool: session.capacity for session in self.sessions}

    def reserved(self) -> dict[str, int]:
        """Return the seats that rounds keep, by pool. They are a part of the whole gathering's capacity."""
        return {one.pool: one.reserved_seats for one in self.effective_rounds if one.reserved_seats}

    def choices(self) -> dict[str, tuple[Session, ...]]:
        """Return the sets of sessions of which each takes exactly one, by label."""
        labels = dict.fromkeys(one.choose_one_of for one in self.sessions if one.choose_one_of is not None)
        return {label: tuple(s for s in self.sessions if s.choose_one_of == label) for label in labels}

    def sessions_without_choice(self) -> tuple[Session, ...]:
        """The sessions that everybody attends."""
        return tuple(session for session in self.sessions if session.choose_one_of is None)

    def check(self, *, languages: tuple[str, ...]) -> None:
        """Raise Invalid with every fault a draft may not have, all at once."""
        if faults := tuple(self._faults(languages)):
            raise Invalid(*faults)

    def check_seats(self) -> None:
        """Raise Invalid when its rounds reserve seats that there are not."""
        if faults := tuple(self._seat_faults()):
            raise Invalid(*faults)

    def _faults(self, languages: tuple[str, ...]) -> Iterator[Fault]:
        if not self.title.get(languages[0], "").strip():
            yield Fault(f"title.{languages[0]}", N_("Give the gathering a title."))
        for name in ("title", "summary", "description", "accessibility", "price_text"):
            for language in set(getattr(self, name)) - set(languages):
                yield Fault(f"{name}.{language}", N_("This network does not use that language."))
        yield from free_text.by_language("speakers", self.speakers, languages=languages, longest=LONGEST_SPEAKERS)
        if not _SLUG.fullmatch(self.slug) or self.slug in RESERVED_SLUGS or len(self.slug) > LONGEST_SLUG:
            yield Fault(
                "slug", N_("Use small letters a-z, digits and single hyphens, and not a word the site itself uses.")
            )
        if not self.sessions:
            yield Fault("sessions", N_("Give the gathering at least one session."))
        for at, session in enumerate(self.sessions):
            if session.ends_at.astimezone(UTC) <= session.starts_at.astimezone(UTC):
                yield Fault(f"sessions.{at}.ends_at", N_("The end must be after the start."))
        if len({session.id for session in self.sessions}) < len(self.sessions):
            yield Fault("sessions", N_("Two sessions have the same id."))
        if any(goal not in GOALS for goal in self.goals):
            yield Fault("goals", N_("The goals are numbered 1 to 17."))
        window = self.registration
        if window.opens_at and window.closes_at and window.closes_at <= window.opens_at:
            yield Fault("registration.closes_at", N_("Registration must close after it opens."))
        yield from rounds.faults(self.rounds or (), languages=languages)
        yield from questions.faults(self.questions, languages=languages)
        yield from reminders.faults(self.reminders or ())
        yield from share_faults(self.certificate_share)
        yield from wording.text_faults(self.texts, languages=languages)
        yield from self._seat_faults()

    def _seat_faults(self) -> Iterator[Fault]:
        reserved = sum(self.reserved().values())
        if reserved and self.capacity is None:
            yield Fault("capacity", N_("Seats can only be reserved out of a number of seats: say how many there are."))
        elif reserved > (self.capacity or 0):
            yield Fault(
                "rounds",
                N_("The rounds reserve %(reserved)s seats, and there are only %(capacity)s."),
                {"reserved": reserved, "capacity": self.capacity},
            )
        if any(len(sessions) < 2 for sessions in self.choices().values()):
            yield Fault("sessions", N_("A choice needs at least two sessions to choose between."))

    def _unpublishable(self) -> Iterator[Fault]:
        nowhere = [at for at, session in enumerate(self.sessions) if self.where(session) == Where(None, None)]
        if len(nowhere) == len(self.sessions):
            yield Fault("place", N_("Say where it takes place: a place, an online link or both."))
        else:
            for at in nowhere:
                yield Fault(f"sessions.{at}.place.name", N_("Others have a place: say where this one is, too."))
        if self.online_link is not None and not self.is_online:
            message = N_("The link leads to no session: each has a place of its own.")
            yield Fault("online_link", message)
        if self.on_site_capacity is not None and any(where.place is None for where in self.wheres):
            yield Fault("on_site_capacity", N_("Not all of it is on site: limit the seats of each session instead."))
        if self.online_capacity is not None and any(where.online_link is None for where in self.wheres):
            yield Fault("online_capacity", N_("Not all of it is online: limit the seats of each session instead."))

    def published(self, now: datetime) -> "Gathering":
        """Return the gathering as published. Publishing what is published changes nothing.

        Raise Invalid when something is missing that people need before they sign up.
        """
        if self.state is State.PUBLISHED:
            return self
        if self.state is State.CANCELLED:
            raise GatheringIsCancelled
        if faults := tuple(self._unpublishable()):
            raise Invalid(*faults)
        return replace(self, state=State.PUBLISHED, published_at=now, version=self.version + 1)

    def cancelled(self, words: str = "") -> "Gathering":
        """Return the gathering as cancelled, for good. A draft can be cancelled too; then nobody ever saw it."""
        if self.state is State.CANCELLED:
            return self
        return replace(
            self, state=State.CANCELLED, version=self.version + 1, sequence=self.sequence + 1, called_off=words
        )

    def changed_to(self, wanted: "Gathering", now: datetime, words: str = "") -> "Gathering":
        """Return `wanted` as the next version, with what a change may not touch kept.

        `sequence` rises if a calendar must show the change, and `words` go with it to those who come. Raise Invalid
        when a published gathering would become one that could not be published, its sessions would be others (people
        hold seats in them), or one that is to come would be past.
        """
        if self.state is State.CANCELLED:
            raise GatheringIsCancelled
        if self.state is State.PUBLISHED and (faults := tuple(self._untouchable(wanted, now))):
            raise Invalid(*faults)
        moved = self.moves_to(wanted)
        sequence = self.sequence + bool(moved)
        told = self.moved
        since = self.reminders_since
        if self.state is State.PUBLISHED and wanted.effective_reminders != self.effective_reminders:
            since = now
        if moved and self.state is State.PUBLISHED:
            told = (*(one.without(moved) for one in told), Moved(sequence, moved, now, words))
        return replace(
            wanted,
            id=self.id,
            slug=self.slug,
            state=self.state,
            published_at=self.published_at,
            version=self.version + 1,
            sequence=sequence,
            moved=tuple(one for one in told if one.sessions),
            called_off=self.called_off,
            reminders_since=since,
        )

    def _untouchable(self, wanted: "Gathering", now: datetime) -> Iterator[Fault]:
        if {session.id for session in wanted.sessions} != {session.id for session in self.sessions}:
            yield Fault("sessions", N_("Sessions cannot be added or removed after publication."))
        chosen = {session.id: session.choose_one_of for session in self.sessions}
        if any(chosen.get(one.id, one.choose_one_of) != one.choose_one_of for one in wanted.sessions):
            yield Fault("sessions", _HAVE_CHOSEN)
        ahead = {session.id for session in self.sessions if session.starts_at > now}
        for at, session in enumerate(wanted.sessions):
            if session.id in ahead and session.starts_at <= now:
                message = N_("That time is past: nobody could come. A session that is to come can only be moved ahead.")
                yield Fault(f"sessions.{at}.starts_at", message)
        if wanted.choose_sessions != self.choose_sessions:
            yield Fault("choose_sessions", _HAVE_CHOSEN)
        if len(self.modes) > len(wanted.modes) and wanted.places and wanted.online_link is not None:
            message = N_(
                "People have chosen to take part on site or online: keep every session open to both, and a number of "
                "seats for one of them."
            )
            yield Fault("online_capacity", message)
        reserved = wanted.reserved()
        for one in self.effective_rounds:
            free = one.kept_until is not None and one.kept_until <= now
            if free and one.reserved_seats and reserved.get(one.pool, one.reserved_seats) != one.reserved_seats:
                yield Fault("rounds", N_("The reserved seats of a round that has set them free cannot change."))
        yield from wanted._unpublishable()

    def inheriting(self, inherited: tuple[Round, ...], now: datetime) -> "Gathering":
        """Return the gathering with its programme's rounds as they are now; itself if nothing is new."""
        if inherited == self.inherited_rounds:
            return self
        return self.changed_to(replace(self, inherited_rounds=inherited), now)

    def moves_to(self, wanted: "Gathering") -> tuple[str, ...]:
        """Return the sessions that calendars would show at another time, at another place or by another link."""
        shown, will_be = self._on_calendars(), wanted._on_calendars()
        return tuple(id for id in will_be if shown.get(id) != will_be[id])

    def _on_calendars(self) -> dict[str, object]:
        return {one.id: (self.modes, one.starts_at, one.ends_at, self.where(one)) for one in self.sessions}

    def last_move(self, session_id: str) -> Moved | None:
        """Return how a session was last moved after publication; None if it was not."""
        return next((one for one in self.moved if session_id in one.sessions), None)


def share_faults(share: int | None) -> Iterator[Fault]:
    """Yield what is wrong with a rule for certificates."""
    if share is not None and not 1 <= share <= 100:
        yield Fault("certificate_share", N_("Write a number from 1 to 100."))


def slug_of(title: str) -> str:
    """Return a title as a part of an address: `Inspirationsdag på Ærø` -> `inspirationsdag-paa-aeroe`."""
    return (
        re.sub(r"[^a-z0-9]+", "-", unicodedata.normalize("NFC", title).lower().translate(_LETTERS))
        .strip("-")[:LONGEST_SLUG]
        .strip("-")
    )


def addresses(asked_for: str, title: str) -> Iterator[str]:
    """Yield the slugs to try for something new: the one that was asked for; else its title's, then that and a number.

    What was asked for has no other: whoever asked is told that it is taken.
    """
    if asked_for:
        yield asked_for
        return
    yield (slug := slug_of(title))
    yield from (f"{slug[:76].rstrip('-')}-{number}" for number in range(2, 100))


class GatheringNotFound(Refusal):
    """No such gathering, or not one that the public may see."""

    kind = "gathering-not-found"
    status = 404
    message = N_("There is no gathering at this address.")


class GatheringIsCancelled(Refusal):
    """A cancelled gathering stays cancelled: plan a new one."""

    kind = "gathering-cancelled"
    status = 409
    message = N_("This gathering is cancelled.")


class GatheringChangedMeanwhile(Refusal):
    """Somebody saved a change after this one was begun."""

    kind = "changed-meanwhile"
    status = 409
    message = N_("Somebody else changed this while you were editing. Open it again and repeat your change.")


class SlugTaken(Refusal):
    """Another gathering has this address."""

    kind = "slug-taken"
    status = 409
    message = N_("Another gathering already has this address.")


class CapacityTaken(Refusal):
    """More seats are taken, or kept for a round, than there would be; `needed` is the least number for each pool that
    is too small, and `least` that of the first."""

    kind = "capacity-taken"
    status = 409
    message = N_("There must be at least %(least)s seats: so many are taken, or kept for a round.")
