"""Registrations in the table."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from pynamodb.attributes import JSONAttribute, ListAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist

from events.envelope import Envelope
from events.routes import QueueName
from shared import seats
from shared.limits import Limit, count, reached
from shared.messaging import inbox
from shared.messaging.outbox import announce
from shared.registration.model import (
    GatheringFull,
    Invoice,
    KeyReused,
    Participant,
    Registration,
    RegistrationClosed,
    RegistrationNotFound,
    Role,
    Status,
    TooManyAttempts,
)
from shared.registration.ports import Answer, GatheringMoved, Once, SomebodyThere, Taken
from shared.table import ConditionsFailed, Item, Transaction, patiently
from shared.time import utc_moment, utc_text

KEYS_KEPT: Final = timedelta(days=1)
"""How long an idempotency key is remembered."""


class RegistrationItem(Item):
    """One person's seat. `guard` is the hash that makes the same person twice one registration."""

    guard = UnicodeAttribute()
    status = UnicodeAttribute()
    version = NumberAttribute()
    name = UnicodeAttribute()
    email = UnicodeAttribute()
    library = UnicodeAttribute()
    role = UnicodeAttribute()
    sessions: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute)
    pools: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute)
    language = UnicodeAttribute()
    registered_at = UnicodeAttribute()
    gln = UnicodeAttribute(null=True)
    reference = UnicodeAttribute(null=True)
    cancelled_at = UnicodeAttribute(null=True)
    mail_problem = UnicodeAttribute(null=True)

    @classmethod
    def of(cls, registration: Registration, guard: str) -> "RegistrationItem":
        """Return the item of a new registration."""
        person, invoice = registration.participant, registration.invoice
        return cls(
            *_key(registration.gathering_id, registration.id),
            guard=guard,
            status=registration.status,
            version=registration.version,
            name=person.name,
            email=person.email,
            library=person.library,
            role=person.role,
            sessions=list(registration.sessions),
            pools=list(registration.pools),
            language=registration.language,
            registered_at=utc_text(registration.registered_at),
            expires_at=registration.kept_until,
            gln=invoice.gln if invoice else None,
            reference=invoice.reference if invoice else None,
        )

    def to_domain(self) -> Registration:
        """Return the registration."""
        return Registration(
            id=self.sk.removeprefix("REGISTRATION#"),
            gathering_id=self.pk.removeprefix("GATHERING#"),
            participant=Participant(self.name, self.email, self.library, Role(self.role)),
            sessions=tuple(self.sessions),
            pools=tuple(self.pools),
            language=self.language,
            registered_at=utc_moment(self.registered_at),
            kept_until=self.expires_at,
            status=Status(self.status),
            version=int(self.version),
            invoice=None if self.gln is None else Invoice(self.gln, self.reference or ""),
            cancelled_at=utc_moment(self.cancelled_at) if self.cancelled_at else None,
            mail_problem=self.mail_problem,
        )


class GuardItem(Item):
    """Who is registered, by hash: there while the registration holds a seat."""

    registration_id = UnicodeAttribute()


class IdempotencyItem(Item):
    """An answered request."""

    body_hash = UnicodeAttribute()
    answer: JSONAttribute = JSONAttribute()


class DynamoRegistrationStore:
    """Registrations in DynamoDB."""

    def take_seat(
        self,
        registration: Registration,
        fact: Envelope[Any],
        *,
        guard: str,
        gathering_version: int,
        once: Once,
        limits: Sequence[Limit],
        now: datetime,
    ) -> Taken | SomebodyThere | GatheringMoved:
        """Take the seat, remember the person and the answer, and announce it, all or nothing.

        Raise KeyReused, TooManyAttempts, RegistrationClosed or GatheringFull.
        """
        answer = Answer(registration.id, registration.status)
        transaction = Transaction()
        transaction.put("registration", RegistrationItem.of(registration, guard))
        transaction.put(
            "guard",
            GuardItem(*_guard_key(guard), registration_id=registration.id, expires_at=registration.kept_until),
            condition=GuardItem.pk.does_not_exist(),
        )
        _answer_once(transaction, once, answer, now)
        announce(transaction, fact)
        seats.take(transaction, registration.gathering_id, gathering_version, registration.pools)
        for limit in limits:
            count(transaction, limit, now=now)
        try:
            transaction.commit()
        except ConditionsFailed as refused:
            if "idempotency" in refused.items:
                return Taken(_answer_given(refused.items["idempotency"], once))
            if hit := reached(refused.items, limits):
                raise TooManyAttempts(retry_after=max(limit.retry_after(now) for limit in hit)) from refused
            if "guard" in refused.items:
                return SomebodyThere(refused.items["guard"]["registration_id"]["S"])
            match seats.why_none(refused.items[seats.LABEL], gathering_version):
                case seats.NoSeat.CHANGED:
                    return GatheringMoved()
                case seats.NoSeat.CLOSED:
                    raise RegistrationClosed from refused
                case seats.NoSeat.FULL:
                    raise GatheringFull from refused
        return Taken(answer)

    def ask_for_link(
        self, answer: Answer, fact: Envelope[Any], *, once: Once, limits: Sequence[Limit], now: datetime
    ) -> Answer:
        """Remember the answer and announce that the link is wanted. Raise KeyReused or TooManyAttempts."""
        transaction = Transaction()
        _answer_once(transaction, once, answer, now)
        announce(transaction, fact)
        for limit in limits:
            count(transaction, limit, now=now)
        try:
            transaction.commit()
        except ConditionsFailed as refused:
            if "idempotency" in refused.items:
                return _answer_given(refused.items["idempotency"], once)
            hit = reached(refused.items, limits)
            raise TooManyAttempts(retry_after=max(limit.retry_after(now) for limit in hit)) from refused
        return answer

    def get(self, gathering_id: str, registration_id: str) -> Registration:
        """Return a registration; raise RegistrationNotFound."""
        try:
            return patiently(
                lambda: RegistrationItem.get(*_key(gathering_id, registration_id), consistent_read=True)
            ).to_domain()
        except DoesNotExist as error:
            raise RegistrationNotFound from error

    def many(self, keys: Sequence[tuple[str, str]]) -> dict[str, Registration]:
        """Return registrations by id, for (gathering id, registration id). What is gone is left out."""
        items = patiently(lambda: list(RegistrationItem.batch_get([_key(*key) for key in keys], consistent_read=True)))
        return {registration.id: registration for registration in (item.to_domain() for item in items)}

    def of_gathering(
        self, gathering_id: str, *, after: str | None, limit: int
    ) -> tuple[list[Registration], str | None]:
        """Return a page of a gathering's registrations, in no order that means anything, and the cursor behind it."""
        pk, low = _key(gathering_id, after or "")
        _, high = _key(gathering_id, "~")
        if low > high:
            return [], None
        span = RegistrationItem.sk.between(low, high)
        rows = patiently(lambda: list(RegistrationItem.query(pk, span, limit=limit + 2, consistent_read=True)))
        found = [row.to_domain() for row in rows if row.sk != low]
        return found[:limit], found[limit - 1].id if len(found) > limit else None

    def give_back(self, before: Registration, after: Registration, fact: Envelope[Any]) -> None:
        """Cancel, free the seats, let the same person register anew, and announce it.

        A cancellation that came first has done all of it; then nothing is written.
        """
        item = patiently(lambda: RegistrationItem.get(*_key(before.gathering_id, before.id), consistent_read=True))
        transaction = Transaction()
        transaction.update(
            "registration",
            item,
            [
                RegistrationItem.status.set(after.status),
                RegistrationItem.version.set(after.version),
                RegistrationItem.cancelled_at.set(utc_text(after.cancelled_at or fact.at)),
            ],
            condition=RegistrationItem.version == before.version,
        )
        transaction.delete("guard", GuardItem(*_guard_key(item.guard)))
        announce(transaction, fact)
        seats.give_back(transaction, before.gathering_id, before.pools)
        try:
            transaction.commit()
        except ConditionsFailed:
            if self.get(before.gathering_id, before.id).status is not Status.CANCELLED:
                raise

    def note_mail_problem(
        self, gathering_id: str, registration_id: str, problem: str, fact: Envelope[Any], *, now: datetime
    ) -> bool:
        """Mark a registration, unless a newer fact of the same mail did, or it is gone. Return whether it was."""
        transaction = Transaction()
        transaction.update(
            "registration",
            RegistrationItem(*_key(gathering_id, registration_id)),
            [RegistrationItem.mail_problem.set(problem)],
            condition=RegistrationItem.pk.exists(),
        )
        inbox.apply_newer(transaction, QueueName.NOTE_MAIL_FAILURE, fact, now=now)
        try:
            transaction.commit()
        except ConditionsFailed:
            return False
        return True


def _key(gathering_id: str, registration_id: str) -> tuple[str, str]:
    return f"GATHERING#{gathering_id}", f"REGISTRATION#{registration_id}"


def _guard_key(guard: str) -> tuple[str, str]:
    return f"GUARD#{guard}", "GUARD"


def _answer_once(transaction: Transaction, once: Once, answer: Answer, now: datetime) -> None:
    transaction.put(
        "idempotency",
        IdempotencyItem(
            f"IDEMPOTENCY#{once.key}",
            "KEY",
            body_hash=once.body_hash,
            answer={"registration_id": answer.registration_id, "status": answer.status},
            expires_at=now + KEYS_KEPT,
        ),
        condition=IdempotencyItem.pk.does_not_exist(),
    )


def _answer_given(raw_item: Mapping[str, Any], once: Once) -> Answer:
    item = IdempotencyItem.from_raw_data(dict(raw_item))
    if item.body_hash != once.body_hash:
        raise KeyReused
    return Answer(item.answer["registration_id"], Status(item.answer["status"]))
