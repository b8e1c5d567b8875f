"""Counting that a recording is watched."""

from datetime import datetime, timedelta

from shared.limits import Limit
from shared.viewing.model import Viewing, month_of
from shared.viewing.ports import Counting


def count(slug: str, viewing: Viewing, *, network: str, around: Counting, now: datetime) -> None:
    """Count one more for the webinar at an address, told from the network address `network`.

    Raise WebinarNotFound for one that is not shown, TooManyAttempts or StoreUnavailable.
    """
    limit = Limit("views", around.secret(f"views|{network}"), around.per_hour, timedelta(hours=1))
    around.store.add(around.webinars.shown(slug), viewing, month_of(now, around.zone), limit=limit, now=now)
