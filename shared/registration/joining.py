"""Going to a session online: by a button, in its time, and noted. To have pressed it is not to have been there."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from shared.gatherings.model import Gathering, Session, State
from shared.links import Links, Purpose
from shared.registration.model import Registration, Status
from shared.registration.ports import Bookkeeping
from shared.registration.rewriting import Key, rewrite

KEPT: Final = timedelta(days=7)
"""How long after a session the way in says that it is over."""


def way_in(one: Registration, gathering: Gathering, session: Session, links: Links) -> str:
    """Return the path of somebody's own way in to a session; nothing where it is not online for them."""
    if gathering.where(session, one.mode).online_link is None:
        return ""
    ids = (gathering.id, one.id, str(one.link_generation), session.id)
    return f"/deltag/{links.token(Purpose.JOIN, *ids, expires=session.joined_until + KEPT)}"


class Door(StrEnum):
    """Whether somebody can go in to a session."""

    OPEN = "open"
    EARLY = "early"
    OVER = "over"
    NO_SEAT = "no_seat"
    CANCELLED = "cancelled"
    NOT_ONLINE = "not_online"


def door(one: Registration, gathering: Gathering, session: Session, now: datetime) -> Door:
    """Return how it is for somebody at a moment."""
    if gathering.state is State.CANCELLED:
        return Door.CANCELLED
    if one.status is not Status.CONFIRMED or session.id not in one.sessions:
        return Door.NO_SEAT
    if gathering.where(session, one.mode).online_link is None:
        return Door.NOT_ONLINE
    if now < session.joined_from:
        return Door.EARLY
    return Door.OPEN if now < session.joined_until else Door.OVER


def join(key: Key, session: Session, *, around: Bookkeeping, now: datetime, correlation_id: str) -> str | None:
    """Note that somebody goes to a session, and return where it is; None when they cannot go in now."""
    link: str | None = None

    def joining(one: Registration, gathering: Gathering) -> Registration:
        nonlocal link
        there = next((each for each in gathering.sessions if each.id == session.id), session)
        if door(one, gathering, there, now) is not Door.OPEN:
            link = None
            return one
        link = gathering.where(there, one.mode).online_link
        return one.joining(there.id, now)

    rewrite(key, joining, around, now, correlation_id)
    return link
