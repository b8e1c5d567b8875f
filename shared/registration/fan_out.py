"""From what happened to a gathering to those whom it concerns: page by page, so that ten thousand take no more memory
than one.

A page carries ids only, and is sent on a queue of its own. Should this stop half-way, all of it is done again: each
person is told once all the same.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import count, islice
from typing import Any, Final

from events.envelope import C, Envelope
from events.gatherings import GatheringMoved
from events.registration import RegistrationsMoved
from shared.registration.queries import Pages, each

AT_ONCE: Final = 25
"""How many mails a page may call for: as many as are sent well within what a function may take, at SES's first rate."""


def pages(fact: Envelope[GatheringMoved], *, store: Pages) -> Iterator[Envelope[Any]]:
    """Yield a fact for each page of those whom the fact about their gathering concerns."""
    gathering_id, sessions = fact.data.gathering_id, fact.data.sessions
    told = (
        one.id
        for one in each(gathering_id, store=store)
        # Who registered later was shown how it is now.
        if one.registered_at < fact.at and one.comes_to_any(sessions)
    )
    yield from in_pages(
        fact,
        told,
        lambda ids: RegistrationsMoved(gathering_id=gathering_id, registration_ids=ids, sessions=sessions),
        mails_each=len(sessions),
    )


def in_pages(
    fact: Envelope[Any], ids: Iterable[str], said: Callable[[tuple[str, ...]], C], *, mails_each: int = 1
) -> Iterator[Envelope[C]]:
    """Yield what is `said` to each page of people, in the name of the fact that it follows from."""
    size = max(1, AT_ONCE // mails_each)
    left = iter(ids)
    for number in count():
        some = tuple(islice(left, size))
        if not some:
            return
        yield Envelope[C].of(
            said(some),
            id=f"{fact.id}-{number}",
            subject=fact.subject,
            subject_version=fact.subject_version,
            at=fact.at,
            correlation_id=fact.correlation_id,
        )
