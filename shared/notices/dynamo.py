"""Interests and requests for links in the table."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, Final

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist

from events.envelope import Envelope
from events.registration import LinksRequested, RoundOpened
from shared.gatherings.openings import UNKNOWN
from shared.limits import Limit, count, reached
from shared.messaging.outbox import announce
from shared.notices.model import Interest, LinksRequest
from shared.patience import tries
from shared.refusals import StoreUnavailable
from shared.registration.model import TooManyAttempts
from shared.table import ConditionsFailed, Item, Transaction, patiently
from shared.time import utc_moment, utc_text

if TYPE_CHECKING:
    from pynamodb.expressions.condition import Condition

DUE: Final = "INTEREST"

TOLD_WITHIN: Final = timedelta(days=7)
"""How long an interest stays that was to be told, if the mail that should have forgotten it never came that far."""

REQUEST_KEPT: Final = timedelta(days=1)
"""How long a request for links stays at most."""


class InterestItem(Item):
    """An address, in the index `due` while it waits."""

    PERSONAL: ClassVar = frozenset({"email", "guard", "library", "person", "role"})

    email = UnicodeAttribute()
    language = UnicodeAttribute()
    guard = UnicodeAttribute()
    library = UnicodeAttribute(null=True)
    role = UnicodeAttribute(null=True)
    after_share = BooleanAttribute()

    @classmethod
    def of(cls, interest: Interest) -> "InterestItem":
        """Return the item of an interest that waits."""
        assert interest.opens_at is not None, "one that does not wait is not kept anew"
        return cls(
            *_key(interest.gathering_id, interest.id),
            email=interest.email,
            language=interest.language,
            guard=interest.guard,
            person=interest.person,
            library=interest.library or None,
            role=interest.role or None,
            after_share=interest.after_share,
            due=DUE,
            due_at=utc_text(interest.opens_at),
        )

    def to_domain(self) -> Interest:
        """Return the interest."""
        gathering_id, interest_id = _ids(self)
        assert self.person is not None
        return Interest(
            id=interest_id,
            gathering_id=gathering_id,
            email=self.email,
            language=self.language,
            guard=self.guard,
            person=self.person,
            opens_at=utc_moment(self.due_at) if self.due_at else None,
            library=self.library or UNKNOWN,
            role=self.role or UNKNOWN,
            after_share=self.after_share,
        )


class InterestGuardItem(Item):
    """Who has left an address for a gathering, by hash: there as long as the interest."""

    PERSONAL: ClassVar = frozenset({"pk", "person"})

    interest_id = UnicodeAttribute()


class LinksRequestItem(Item):
    """Somebody asked for links."""

    PERSONAL: ClassVar = frozenset({"email", "person"})

    email = UnicodeAttribute()
    language = UnicodeAttribute()


class DynamoNoticeStore:
    """Notices in DynamoDB."""

    def leave(self, interest: Interest, *, limits: Sequence[Limit], now: datetime) -> None:
        """Keep an interest, in the place of one of the same address. Raise TooManyAttempts."""
        for _ in tries():
            transaction = Transaction()
            transaction.put("interest", InterestItem.of(interest))
            mine = InterestGuardItem.pk.does_not_exist() | (InterestGuardItem.interest_id == interest.id)
            transaction.put("guard", _guard(interest), condition=mine)
            try:
                _commit(transaction, limits, now)
                return
            except ConditionsFailed as refused:
                # The address is here already: its row is taken over, also if that expired before its guard.
                interest = replace(interest, id=refused.items["guard"]["interest_id"]["S"])
        raise StoreUnavailable

    def interest(self, gathering_id: str, interest_id: str) -> Interest | None:
        """Return an interest, waiting or not; None if it is forgotten."""
        try:
            item = patiently(lambda: InterestItem.get(*_key(gathering_id, interest_id), consistent_read=True))
        except DoesNotExist:
            return None
        return item.to_domain()

    def left_for(self, gathering_id: str) -> Iterable[Interest]:
        """Yield the interests in a gathering."""
        pk, prefix = _key(gathering_id, "")
        for row in InterestItem.query(pk, InterestItem.sk.startswith(prefix), consistent_read=True):
            yield row.to_domain()

    def due(self, now: datetime) -> Iterable[tuple[str, str]]:
        """Yield gathering's id and own id of the interests whose moment has come, the oldest first."""
        for row in Item.query(DUE, Item.due_at <= utc_text(now), index_name="due"):
            yield _ids(row)

    def retime(self, interest: Interest, opens_at: datetime) -> bool:
        """Let it wait for another moment. Return False when it is no longer as it was."""
        transaction = Transaction()
        actions = [InterestItem.due_at.set(utc_text(opens_at))]
        transaction.update("interest", _item(interest), actions, condition=_as_it_was(interest))
        return _done(transaction)

    def ripen(self, interest: Interest, fact: Envelope[RoundOpened], *, now: datetime) -> bool:
        """Let it wait no longer, and announce that. Return False when it is no longer as it was."""
        transaction = Transaction()
        actions = [
            InterestItem.due.remove(),
            InterestItem.due_at.remove(),
            InterestItem.expires_at.set(now + TOLD_WITHIN),
        ]
        transaction.update("interest", _item(interest), actions, condition=_as_it_was(interest))
        guard = _guard(interest)
        guard.expires_at = now + TOLD_WITHIN
        transaction.put("guard", guard)
        announce(transaction, fact)
        return _done(transaction)

    def drop(self, interest: Interest) -> bool:
        """Forget one that nobody is to be told of. Return False when it is no longer as it was."""
        return self._delete(interest)

    def forget(self, gathering_id: str, interest_id: str) -> None:
        """Forget one that has been told. If its address was left anew meanwhile, that stays."""
        interest = self.interest(gathering_id, interest_id)
        if interest is not None and interest.opens_at is None:
            self._delete(interest)

    def ask(
        self, request: LinksRequest, fact: Envelope[LinksRequested], *, limits: Sequence[Limit], now: datetime
    ) -> None:
        """Keep a request for links and announce it. Raise TooManyAttempts."""
        transaction = Transaction()
        item = LinksRequestItem(
            *_request_key(request.id),
            email=request.email,
            language=request.language,
            person=request.person,
            expires_at=now + REQUEST_KEPT,
        )
        transaction.put("request", item)
        announce(transaction, fact)
        _commit(transaction, limits, now)

    def request(self, request_id: str) -> LinksRequest | None:
        """Return a request; None if it is forgotten."""
        try:
            item = patiently(lambda: LinksRequestItem.get(*_request_key(request_id), consistent_read=True))
        except DoesNotExist:
            return None
        assert item.person is not None
        return LinksRequest(request_id, item.email, item.language, item.person)

    def forget_request(self, request_id: str) -> None:
        """Forget a request that has been answered."""
        transaction = Transaction()
        transaction.delete("request", LinksRequestItem(*_request_key(request_id)))
        transaction.commit()

    def _delete(self, interest: Interest) -> bool:
        transaction = Transaction()
        transaction.delete("interest", _item(interest), condition=_as_it_was(interest))
        transaction.delete("guard", _guard(interest))
        return _done(transaction)


def _commit(transaction: Transaction, limits: Sequence[Limit], now: datetime) -> None:
    """Write, counted against the limits. Raise TooManyAttempts, else ConditionsFailed."""
    for limit in limits:
        count(transaction, limit, now=now)
    try:
        transaction.commit()
    except ConditionsFailed as refused:
        if hit := reached(refused.items, limits):
            raise TooManyAttempts(retry_after=max(limit.retry_after(now) for limit in hit)) from refused
        raise


def _done(transaction: Transaction) -> bool:
    try:
        transaction.commit()
    except ConditionsFailed:
        return False
    return True


def _as_it_was(interest: Interest) -> "Condition":
    told: Condition = InterestItem.pk.exists() & InterestItem.due_at.does_not_exist()
    waiting: Condition = InterestItem.due_at == utc_text(interest.opens_at) if interest.opens_at else told
    return waiting


def _item(interest: Interest) -> InterestItem:
    return InterestItem(*_key(interest.gathering_id, interest.id))


def _guard(interest: Interest) -> InterestGuardItem:
    return InterestGuardItem(f"INTERESTED#{interest.guard}", "GUARD", person=interest.person, interest_id=interest.id)


def _key(gathering_id: str, interest_id: str) -> tuple[str, str]:
    return f"GATHERING#{gathering_id}", f"INTEREST#{interest_id}"


def _ids(row: Item) -> tuple[str, str]:
    return row.pk.removeprefix("GATHERING#"), row.sk.removeprefix("INTEREST#")


def _request_key(request_id: str) -> tuple[str, str]:
    return f"LINKS#{request_id}", "REQUEST"
