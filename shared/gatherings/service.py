"""Planning: what coordinators do with gatherings, and what the public sees of them."""

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from events.envelope import C, Envelope
from events.gatherings import GatheringCancelled, GatheringChanged, GatheringMoved, GatheringPublished
from shared import free_text
from shared.gatherings.model import Gathering, GatheringChangedMeanwhile, GatheringNotFound, SlugTaken, State, addresses
from shared.gatherings.ports import GatheringStore, Page, Programmes
from shared.gatherings.reminders import FURTHEST, SWITCHED_ON, ReminderKind
from shared.gatherings.rounds import Round
from shared.ids import new_id
from shared.refusals import N_, Fault, Invalid

AT_ONCE: Final = 200

LONGEST_WORDS: Final = 1000
"""Characters of what goes to those who come, with a change."""

LONGEST: Final = timedelta(days=120)
"""How long after its start a gathering may still be going on: courses have months between their sessions."""


LATELY: Final = timedelta(days=2)


def plan(
    gathering: Gathering, *, languages: tuple[str, ...], programmes: Programmes, store: GatheringStore
) -> Gathering:
    """Keep a new draft and return it.

    A gathering without a slug gets one of its title, with a number behind if that is taken. Raise Invalid, or
    SlugTaken for a slug that was asked for.
    """
    inherited = _inherited(gathering, programmes)
    for slug in addresses(gathering.slug, gathering.title.get(languages[0], "")):
        wanted = replace(gathering, slug=slug, inherited_rounds=inherited)
        wanted.check(languages=languages)
        with suppress(SlugTaken):
            store.create(wanted)
            return wanted
    raise SlugTaken


def change(
    wanted: Gathering,
    *,
    version: int,
    languages: tuple[str, ...],
    programmes: Programmes,
    store: GatheringStore,
    now: datetime,
    correlation_id: str,
    words: str = "",
) -> Gathering:
    """Save a changed gathering and return it as kept. If time, place or link is another, those who come are told.

    `words` is what they are told besides; raise Invalid if it cannot be. `version` is the one the change was made from:
    raise GatheringChangedMeanwhile when it is no longer the newest.
    """
    words = _words(words)
    before = store.get(wanted.id)
    if before.version != version:
        raise GatheringChangedMeanwhile
    inherited = _inherited(wanted, programmes)
    if before.held(now):
        # Nobody registers any more: what was would only be kept anew, addresses included.
        inherited = before.inherited_rounds
    after = before.changed_to(replace(wanted, inherited_rounds=inherited), now, words)
    after.check(languages=languages)
    _save(before, after, store=store, now=now, correlation_id=correlation_id)
    rounds = _inherited(after, programmes)
    if rounds != after.inherited_rounds and not before.held(now):
        # The programme was changed before it could know of this gathering, so nobody else will tell it.
        inherit(after.id, rounds, store=store, now=now, correlation_id=correlation_id)
        return store.get(after.id)
    return after


def inherit(
    gathering_id: str, rounds: tuple[Round, ...], *, store: GatheringStore, now: datetime, correlation_id: str
) -> bool:
    """Copy a programme's rounds to one of its gatherings. Return whether they were new to it.

    Raise Invalid or CapacityTaken when the gathering cannot carry them, GatheringChangedMeanwhile to be tried again.
    """
    before = store.get(gathering_id)
    after = before.inheriting(rounds, now)
    if after is before:
        return False
    after.check_seats()
    _save(before, after, store=store, now=now, correlation_id=correlation_id)
    return True


def publish(gathering_id: str, *, store: GatheringStore, now: datetime, correlation_id: str) -> Gathering:
    """Show a gathering to the public and open its seats. Raise Invalid when something is missing."""
    before = store.get(gathering_id)
    after = before.published(now)
    if after is not before:
        published = GatheringPublished(gathering_id=after.id)
        store.save(before, after, [_fact(published, after, now, correlation_id)], now)
    return after


def cancel(
    gathering_id: str, words: str = "", *, store: GatheringStore, now: datetime, correlation_id: str
) -> Gathering:
    """Cancel a gathering and give no more seats. Those who come are told, with the `words`; raise Invalid for these."""
    words = _words(words)
    before = store.get(gathering_id)
    after = before.cancelled(words)
    if after is not before:
        facts = []
        if before.state is State.PUBLISHED:
            facts = [_fact(GatheringCancelled(gathering_id=after.id), after, now, correlation_id)]
        store.save(before, after, facts, now)
    return after


def public(slug: str, *, store: GatheringStore) -> Gathering:
    """Return what the public sees at an address; raise GatheringNotFound."""
    gathering = store.get(store.id_of(slug))
    if not gathering.is_public:
        raise GatheringNotFound
    return gathering


def coming(*, store: GatheringStore, now: datetime) -> tuple[Gathering, ...]:
    """Return what is public and not over yet, soonest first."""
    return tuple(one for one in between(now - LONGEST, None, store=store) if one.ends_at > now)


def current(
    *, store: GatheringStore, now: datetime, kinds: Collection[ReminderKind] = SWITCHED_ON
) -> tuple[Gathering, ...]:
    """Return what is public, and not over or still to be reminded of; or not for long: what was missed shows for a
    while."""
    return tuple(
        gathering
        for gathering in between(now - LONGEST - FURTHEST, None, store=store)
        if any(
            moment > now - LATELY
            for moment in (gathering.ends_at, *(one.moment for one in gathering.planned_reminders(kinds)))
        )
    )


def between(since: datetime | None, until: datetime | None, *, store: GatheringStore) -> tuple[Gathering, ...]:
    """Return what is public and starts in a span, soonest first; an open end is left None."""
    found: list[Gathering] = []
    after = None
    while True:
        page = store.listed(since=since, until=until, after=after, limit=AT_ONCE)
        found += _public(page.gatherings)
        if page.next is None:
            return tuple(found)
        after = page.next


def past(*, store: GatheringStore, now: datetime, after: str | None = None, limit: int = 50) -> Page:
    """Return a page of the archive, latest first."""
    page = store.listed(until=now, latest_first=True, after=after, limit=limit)
    return Page(tuple(gathering for gathering in _public(page.gatherings) if gathering.ends_at <= now), page.next)


def _inherited(gathering: Gathering, programmes: Programmes) -> tuple[Round, ...]:
    if gathering.programme is None:
        return ()
    rounds = programmes.rounds(gathering.programme, gathering.track)
    if rounds is None:
        raise Invalid(Fault("programme", N_("There is no such programme, or it has no such track.")))
    return rounds


def _save(before: Gathering, after: Gathering, *, store: GatheringStore, now: datetime, correlation_id: str) -> None:
    facts: list[Envelope[Any]] = []
    if after.state is State.PUBLISHED:
        is_moved = after.sequence > before.sequence
        changed = GatheringChanged(gathering_id=after.id, on_the_calendar=is_moved)
        facts.append(_fact(changed, after, now, correlation_id))
        if is_moved:
            moved = GatheringMoved(gathering_id=after.id, sessions=after.moved[-1].sessions)
            facts.append(_fact(moved, after, now, correlation_id))
    store.save(before, after, facts, now)


def _words(typed: str) -> str:
    """Return what a coordinator says to those who come, tidy. Raise Invalid."""
    words = free_text.tidy(typed)
    if faults := tuple(free_text.faults("words", words, longest=LONGEST_WORDS)):
        raise Invalid(*faults)
    return words


def _public(gatherings: Iterable[Gathering]) -> Iterable[Gathering]:
    return (gathering for gathering in gatherings if gathering.is_public)


def _fact(data: C, gathering: Gathering, now: datetime, correlation_id: str) -> Envelope[C]:
    return Envelope[C].of(
        data,
        id=new_id(),
        subject=gathering.id,
        subject_version=gathering.version,
        at=now,
        correlation_id=correlation_id,
    )
