"""Gatherings in the table."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, ClassVar, Final

from pydantic import TypeAdapter
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist

from events.envelope import Envelope
from shared import seats
from shared.gatherings.model import (
    LONGEST_SLUG,
    Gathering,
    GatheringChangedMeanwhile,
    GatheringNotFound,
    SlugTaken,
    State,
)
from shared.gatherings.ports import Page
from shared.gatherings.seating import resized
from shared.messaging.outbox import announce
from shared.refusals import StoreUnavailable
from shared.table import ConditionsFailed, Item, Transaction, patiently
from shared.time import utc_text

LISTING: Final = "GATHERINGS"
LONGEST_ID: Final = 64
"""A key may have 2048 bytes; what is longer than any id of ours is not looked for."""

MOST_TRIES: Final = 20
"""How often a change is tried while people take seats."""


@lru_cache
def _document() -> TypeAdapter[Gathering]:
    return TypeAdapter(Gathering)


class GatheringItem(Item):
    """A gathering as one document: it is always read and saved whole, and only `state` and `version` are asked for.

    Its rounds may name the addresses of those who are invited.
    """

    PERSONAL: ClassVar = frozenset({"document"})

    state = UnicodeAttribute()
    version = NumberAttribute()
    document = UnicodeAttribute()

    @classmethod
    def of(cls, gathering: Gathering) -> "GatheringItem":
        """Return the item of a gathering."""
        return cls(
            *key(gathering.id),
            state=gathering.state,
            version=gathering.version,
            document=_document().dump_json(gathering).decode(),
            listing_pk=LISTING,
            listing_sk=f"{utc_text(gathering.starts_at)}#{gathering.id}",
        )

    def to_domain(self) -> Gathering:
        """Return the gathering."""
        return _document().validate_json(self.document)


class MemberItem(Item):
    """That a gathering belongs to a programme."""


class SlugItem(Item):
    """An address, and the gathering it leads to. It never changes."""

    gathering_id = UnicodeAttribute()


def key(gathering_id: str) -> tuple[str, str]:
    """Return the key of a gathering."""
    return f"GATHERING#{gathering_id}", "META"


class DynamoGatheringStore:
    """Gatherings in DynamoDB."""

    def __init__(self) -> None:
        # Slugs never change hands, so what was read once stays true.
        self._ids: dict[str, str] = {}

    def get(self, gathering_id: str) -> Gathering:
        """Return a gathering; raise GatheringNotFound."""
        if len(gathering_id) > LONGEST_ID:
            raise GatheringNotFound
        try:
            return patiently(lambda: GatheringItem.get(*key(gathering_id), consistent_read=True)).to_domain()
        except DoesNotExist as error:
            raise GatheringNotFound from error

    def many(self, ids: Collection[str]) -> dict[str, Gathering]:
        """Return gatherings by id. What is gone is left out."""
        keys = [key(gathering_id) for gathering_id in ids]
        items = patiently(lambda: list(GatheringItem.batch_get(keys, consistent_read=True)))
        return {gathering.id: gathering for gathering in (item.to_domain() for item in items)}

    def id_of(self, slug: str) -> str:
        """Return the id of the gathering at an address; raise GatheringNotFound."""
        if len(slug) > LONGEST_SLUG:
            raise GatheringNotFound
        if slug not in self._ids:
            try:
                self._ids[slug] = patiently(lambda: SlugItem.get(f"SLUG#{slug}", "SLUG")).gathering_id
            except DoesNotExist as error:
                raise GatheringNotFound from error
        return self._ids[slug]

    def create(self, gathering: Gathering) -> None:
        """Keep a new draft. Raise SlugTaken, or GatheringChangedMeanwhile when there is one of this id."""
        transaction = Transaction()
        transaction.put(
            "slug",
            SlugItem(f"SLUG#{gathering.slug}", "SLUG", gathering_id=gathering.id),
            condition=SlugItem.pk.does_not_exist(),
        )
        transaction.put("gathering", GatheringItem.of(gathering), condition=GatheringItem.pk.does_not_exist())
        _join(transaction, None, gathering)
        try:
            transaction.commit()
        except ConditionsFailed as refused:
            raise (GatheringChangedMeanwhile if "gathering" in refused.items else SlugTaken) from refused

    def save(self, before: Gathering, after: Gathering, facts: Sequence[Envelope[Any]], now: datetime) -> None:
        """Replace `before` by `after`, with its seats, and announce the facts, all or nothing.

        Raise GatheringChangedMeanwhile when `before` is no longer what is kept, CapacityTaken when more seats are
        taken than `after` has.
        """
        resizes = before.state is after.state is State.PUBLISHED
        seen = seats.see(before.id) if resizes else None
        for _ in range(MOST_TRIES):
            transaction = Transaction()
            transaction.put("gathering", GatheringItem.of(after), condition=GatheringItem.version == before.version)
            _join(transaction, before, after)
            if seen is not None:
                seats.move(transaction, after.id, resized(before, after, seen, now))
            elif after.state is State.PUBLISHED:
                seats.open_seats(transaction, after, now)
            elif before.state is State.PUBLISHED:
                seats.close_seats(transaction, after.id)
            for fact in facts:
                announce(transaction, fact)
            try:
                transaction.commit()
                return
            except ConditionsFailed as refused:
                if "gathering" in refused.items:
                    raise GatheringChangedMeanwhile from refused
                # Seats were taken or given back meanwhile: look whether it still fits.
                seen = seats.as_it_was(refused.items[seats.LABEL])
        raise StoreUnavailable

    def of_programme(self, programme_id: str) -> tuple[Gathering, ...]:
        """Return the gatherings of a programme, of every state, by start."""
        rows = patiently(
            lambda: list(
                MemberItem.query(
                    f"PROGRAMME#{programme_id}", MemberItem.sk.startswith("GATHERING#"), consistent_read=True
                )
            )
        )
        keys = [key(row.sk.removeprefix("GATHERING#")) for row in rows]
        found = patiently(lambda: list(GatheringItem.batch_get(keys, consistent_read=True))) if keys else []
        return tuple(sorted((item.to_domain() for item in found), key=lambda one: one.starts_at))

    def listed(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        latest_first: bool = False,
        after: str | None = None,
        limit: int = 100,
    ) -> Page:
        """Return gatherings of every state that start in the span, by start, from behind the cursor `after`."""
        low = utc_text(since) if since else "0"
        high = utc_text(until) if until else "9"
        if after is not None:
            low, high = (low, after) if latest_first else (after, high)
        if low > high:
            return Page((), None)
        rows = patiently(
            lambda: list(
                GatheringItem.query(
                    LISTING,
                    # BETWEEN includes both ends; one row more tells whether there is a next page.
                    GatheringItem.listing_sk.between(low, high),
                    scan_index_forward=not latest_first,
                    limit=limit + 2,
                    index_name="listing",
                )
            )
        )
        rows = [row for row in rows if row.listing_sk != after]
        shown = rows[:limit]
        return Page(tuple(row.to_domain() for row in shown), shown[-1].listing_sk if len(rows) > limit else None)


def _join(transaction: Transaction, before: Gathering | None, after: Gathering) -> None:
    """Let the programme know its gathering, and forget one that has left it."""
    was = None if before is None else before.programme
    if was == after.programme:
        return
    if was is not None:
        transaction.delete("left", MemberItem(f"PROGRAMME#{was}", f"GATHERING#{after.id}"))
    if after.programme is not None:
        transaction.put("joined", MemberItem(f"PROGRAMME#{after.programme}", f"GATHERING#{after.id}"))
