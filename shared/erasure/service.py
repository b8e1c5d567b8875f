"""Forgetting one person (GDPR, Article 17).

Every step leaves a state that holds, and does nothing the second time: who was interrupted presses the button again.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Final

from events.envelope import Envelope
from events.programmes import ProgrammeChanged
from shared.erasure.model import Theirs, gathering_without, participation, programme_without, speaks_of
from shared.erasure.ports import Kept
from shared.gatherings.model import Gathering, GatheringChangedMeanwhile
from shared.gatherings.ports import GatheringStore
from shared.ids import new_id
from shared.patience import tries
from shared.privacy.tombstones import tombstone
from shared.programmes.model import ProgrammeChangedMeanwhile
from shared.programmes.service import every
from shared.refusals import StoreUnavailable
from shared.registration import changes
from shared.registration.applying import mailbox
from shared.registration.model import Actor, By, Registration, RegistrationNotFound, What
from shared.registration.ports import Bookkeeping, Secret
from shared.registration.rewriting import Key
from shared.spreadsheets.previews import KeptPreview

AT_ONCE: Final = 100

_NEVER_TOO_LATE: Final = By(Actor.COORDINATOR)
"""A right has no deadline, and a coordinator is never too late to give a seat back. Who did it is forgotten next."""


def erase(person: str, *, kept: Kept, around: Bookkeeping, secret: Secret, now: datetime, correlation_id: str) -> None:
    """Forget everything about a person, who is named by the keyed hash of the address.

    Seats in gatherings to come are given back first, so that the line moves. What counts for good is kept without the
    person. Those who were registered by the person stay registered. Lists with the person that coordinators are about
    to import are dropped whole, for they are uploaded in a minute.
    """
    theirs = is_of(person, secret)
    strike(theirs, kept=kept, now=now, correlation_id=correlation_id)
    for preview in previews_of(person, theirs, kept=kept, now=now):
        kept.previews.drop(preview.id)
    found = [(kept.gatherings.get(one.gathering_id), one) for one in kept.registrations.of_person(person)]
    # The latest goes first: what is somebody's first shows as long as the earlier ones are there.
    for gathering, one in sorted(found, key=lambda each: each[0].starts_at, reverse=True):
        key = (one.gathering_id, one.id)
        if one.status.is_live and now < gathering.starts_at:
            changes.cancel(key, _NEVER_TOO_LATE, around=around, now=now, correlation_id=correlation_id)
        forget(key, kept=kept)
    kept.rows.forget_person(person)


def previews_of(person: str, theirs: Theirs, *, kept: Kept, now: datetime) -> Iterator[KeptPreview]:
    """Yield the lists that coordinators have uploaded and that name a person, before and after they are confirmed."""
    ids = {one.id for one in kept.registrations.of_person(person)}
    for preview in kept.previews.every(now=now):
        if speaks_of(filter(None, (preview.document, preview.outcome, *preview.steps)), theirs, ids):
            yield preview


def is_of(person: str, secret: Secret) -> Theirs:
    """Return what tells a person's address from others, however it is spelt."""
    return lambda email: mailbox(email, secret) == person


def forget(key: Key, *, kept: Kept) -> None:
    """Forget one registration and the mails about it; what counts for good stays. It need not be there any more."""
    # While the registration is there, whoever repeats this finds the mails.
    kept.rows.forget_mails(key[1])
    put_away(key, kept=kept)


def disown(key: Key, *, kept: Kept, around: Bookkeeping, now: datetime, correlation_id: str) -> None:
    """Forget a registration that somebody else made with this person's address; its seat is given back first.

    Raise RegistrationNotFound when it is forgotten already.
    """
    changes.cancel(key, _NEVER_TOO_LATE, what=What.NOT_ME, around=around, now=now, correlation_id=correlation_id)
    forget(key, kept=kept)


def put_away(key: Key, *, kept: Kept) -> None:
    """Leave a tombstone in the place of a registration, if it is there."""
    for _ in tries():
        try:
            one = kept.registrations.get(*key)
        except RegistrationNotFound:
            return
        if bury(one, kept=kept):
            return
    raise StoreUnavailable


def bury(one: Registration, *, kept: Kept) -> bool:
    """Leave a tombstone of a registration. Return False when it, or the same person's next, has changed meanwhile."""
    same = {each.id: each for each in (*kept.registrations.of_person(one.person), one)}
    gatherings = kept.gatherings.many({each.gathering_id for each in same.values()})
    marks = kept.rows.marks([(each.gathering_id, each.id) for each in same.values()])
    life = sorted(same.values(), key=lambda each: (gatherings[each.gathering_id].starts_at, each.id))
    counted = [
        participation(each, gatherings[each.gathering_id], marks.get((each.gathering_id, each.id), frozenset()))
        for each in life
    ]
    at = life.index(one)
    left = tombstone(counted[at], counted[:at])
    if at + 1 == len(life) or counted[at].leaves <= counted[at + 1].marks:
        return kept.rows.bury(one, left)
    # The next is enough: when it goes, it leaves what it was given to the one after it.
    return kept.rows.bury(one, left, heir=(life[at + 1], counted[at].leaves | counted[at + 1].marks))


def strike(theirs: Theirs, *, kept: Kept, now: datetime, correlation_id: str) -> None:
    """Take addresses out of all rounds that name them."""
    for gathering in every_gathering(kept.gatherings):
        if gathering_without(gathering, theirs) is not gathering:
            strike_gathering(gathering.id, theirs, kept=kept, now=now)
    for programme in every(store=kept.programmes):
        if programme_without(programme, theirs) is not programme:
            strike_programme(programme.id, theirs, kept=kept, now=now, correlation_id=correlation_id)


def strike_gathering(gathering_id: str, theirs: Theirs, *, kept: Kept, now: datetime) -> None:
    """Take addresses out of a gathering's rounds. It is the same gathering to everybody else, so nobody is told."""
    for _ in tries():
        before = kept.gatherings.get(gathering_id)
        after = gathering_without(before, theirs)
        if after is before:
            return
        with suppress(GatheringChangedMeanwhile):
            kept.gatherings.save(before, after, (), now)
            return
    raise StoreUnavailable


def strike_programme(programme_id: str, theirs: Theirs, *, kept: Kept, now: datetime, correlation_id: str) -> None:
    """Take addresses out of a programme's rounds; its gatherings follow."""
    for _ in tries():
        before = kept.programmes.get(programme_id)
        after = programme_without(before, theirs)
        if after is before:
            return
        changed = Envelope[ProgrammeChanged].of(
            ProgrammeChanged(programme_id=after.id),
            id=new_id(),
            subject=after.id,
            subject_version=after.version,
            at=now,
            correlation_id=correlation_id,
        )
        with suppress(ProgrammeChangedMeanwhile):
            kept.programmes.save(before, after, changed)
            return
    raise StoreUnavailable


def every_gathering(store: GatheringStore, *, until: datetime | None = None) -> Iterator[Gathering]:
    """Yield gatherings of every state that start before a moment, the earliest first, some at a time."""
    after = None
    while True:
        page = store.listed(until=until, after=after, limit=AT_ONCE)
        yield from page.gatherings
        if page.next is None:
            return
        after = page.next
