"""Telling people once: an address is left, its moment comes, and it is forgotten."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache

from events.envelope import Envelope
from events.registration import LinksRequested, RoundOpened
from shared import addresses
from shared.gatherings.model import Gathering, GatheringNotFound
from shared.gatherings.openings import UNKNOWN, opening
from shared.gatherings.rounds import ROLES, Candidate
from shared.ids import new_id
from shared.limits import Limit
from shared.notices.model import Interest, LinksRequest, next_opening
from shared.notices.ports import Libraries, NoticeStore, Openings
from shared.refusals import N_, Fault, Invalid
from shared.registration.applying import email_fault, mailbox, sameness
from shared.registration.ports import Secret


def leave_interest(
    slug: str,
    email: str,
    *,
    library: str = UNKNOWN,
    role: str = UNKNOWN,
    language: str,
    limits: Sequence[Limit],
    secret: Secret,
    around: Openings,
    now: datetime,
) -> datetime:
    """Keep an address until its owner can register, and return when that will be.

    The same address twice is one mail. A library that is not given is that of the address's domain, where only one has
    it. Raise Invalid, NothingOpens, TooManyAttempts or GatheringNotFound.
    """
    sendable = _checked(email, library, role, around.libraries)
    gathering = around.gatherings.fresh(slug)
    library = library or _library_of(sendable, around.libraries)
    candidate = _candidate(sendable, library, role, around.libraries)
    opens_at, after_share = next_opening(gathering, candidate, now=now, zone=around.zone)
    same = sameness(sendable)
    interest = Interest(
        id=new_id(),
        gathering_id=gathering.id,
        email=sendable,
        language=language,
        guard=secret(f"interest|{gathering.id}|{same}"),
        person=mailbox(sendable, secret),
        opens_at=opens_at,
        library=library,
        role=role,
        after_share=after_share,
    )
    around.store.leave(interest, limits=limits, now=now)
    return opens_at


def ripen(*, around: Openings, now: datetime, correlation_id: str) -> int:
    """Have those told whose moment has come, and return how many.

    A gathering may have changed since: what it is now decides. Who waits for a moment that was moved waits on, and
    who waits in vain is forgotten.
    """
    gathering = lru_cache(maxsize=64)(around.gatherings.by_id)
    told = 0
    for key in around.store.due(now):
        interest = around.store.interest(*key)
        if interest is None or interest.opens_at is None:
            continue
        moment = _moment(interest, gathering(interest.gathering_id), around, now)
        if moment is None:
            around.store.drop(interest)
        elif moment > now:
            around.store.retime(interest, moment)
        else:
            told += around.store.ripen(interest, _opened(interest, now, correlation_id), now=now)
    return told


def retime(gathering_id: str, *, around: Openings, now: datetime) -> int:
    """Let those who wait for a gathering wait for the moments that it has now, and return for how many that is new.

    Who would wait in vain is left to the old moment: until then, it may be changed again.
    """
    try:
        gathering = around.gatherings.by_id(gathering_id)
    except GatheringNotFound:
        return 0
    moved = 0
    waiting = (one for one in around.store.left_for(gathering_id) if one.opens_at is not None)
    for interest in waiting:
        moment = _moment(interest, gathering, around, now)
        if moment is not None and moment != interest.opens_at:
            moved += around.store.retime(interest, moment)
    return moved


def ask_for_links(
    email: str,
    *,
    language: str,
    limits: Sequence[Limit],
    secret: Secret,
    store: NoticeStore,
    now: datetime,
    correlation_id: str,
) -> None:
    """Have the link to all that somebody has signed up for mailed to them.

    Nothing is looked up, so that it is the same work for an address that nobody knows. Raise Invalid or
    TooManyAttempts.
    """
    sendable = addresses.sendable(email)
    if sendable is None:
        raise Invalid(email_fault(email))
    request = LinksRequest(new_id(), sendable, language, mailbox(sendable, secret))
    asked = Envelope[LinksRequested].of(
        LinksRequested(request_id=request.id),
        id=new_id(),
        subject=request.id,
        subject_version=1,
        at=now,
        correlation_id=correlation_id,
    )
    store.ask(request, asked, limits=limits, now=now)


def _checked(email: str, library: str, role: str, libraries: Libraries) -> str:
    sendable = addresses.sendable(email)
    faults = [] if sendable else [email_fault(email)]
    if library and not libraries.knows(library):
        faults.append(Fault("library", N_("We do not know that library. Choose one from the list.")))
    if role and role not in ROLES:
        faults.append(Fault("role", N_("Choose staff or leader.")))
    if faults or sendable is None:
        raise Invalid(*faults)
    return sendable


def _library_of(email: str, libraries: Libraries) -> str:
    found = libraries.of_domain(addresses.domain(email))
    return found[0].id if len(found) == 1 else UNKNOWN


def _candidate(email: str, library: str, role: str, libraries: Libraries) -> Candidate:
    def certification(on: date) -> str:
        return libraries.current(library).certification(on)

    return Candidate(email, libraries.numbers(library) if library else frozenset(), role, certification)


def _moment(interest: Interest, gathering: Gathering, around: Openings, now: datetime) -> datetime | None:
    candidate = _candidate(interest.email, interest.library, interest.role, around.libraries)
    return opening(gathering, candidate, after_share=interest.after_share, now=now, zone=around.zone)


def _opened(interest: Interest, now: datetime, correlation_id: str) -> Envelope[RoundOpened]:
    return Envelope[RoundOpened].of(
        RoundOpened(interest_id=interest.id, gathering_id=interest.gathering_id),
        id=new_id(),
        subject=interest.id,
        subject_version=1,
        at=now,
        correlation_id=correlation_id,
    )
