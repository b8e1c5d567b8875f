"""Registrations, their line and receipts in the table."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from pynamodb.attributes import BooleanAttribute, JSONAttribute, ListAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist

from events.envelope import Envelope
from events.routes import QueueName
from shared import seats
from shared.gatherings.model import Mode
from shared.gatherings.needs import Needs
from shared.gatherings.seating import Seats
from shared.limits import count, reached
from shared.messaging import inbox
from shared.messaging.outbox import announce
from shared.registration.attendance import Attendance, Source
from shared.registration.line import Member, Party
from shared.registration.model import (
    Actor,
    Awaits,
    By,
    Invoice,
    KeyReused,
    Participant,
    Registration,
    RegistrationChangedMeanwhile,
    RegistrationNotFound,
    Role,
    Status,
    Step,
    TooManyAttempts,
    What,
)
from shared.registration.ports import (
    Answer,
    Answers,
    Batch,
    Change,
    Crossed,
    LeftOut,
    Occupied,
    Once,
    Outcome,
    Overtaking,
    Receipt,
    Repeated,
    SeatsWere,
    Written,
)
from shared.table import ConditionsFailed, Conflicted, Item, Transaction, patiently
from shared.time import utc_moment, utc_text

KEYS_KEPT: Final = timedelta(days=1)
"""How long an idempotency key is remembered."""

_NOBODY_KNOWS: Final = "unknown"
"""The problem of a mail that was perhaps sent."""

DUE: Final = "REGISTRATION"


class RegistrationItem(Item):
    """One person's seat, or place in the line."""

    PERSONAL: ClassVar = frozenset(
        {"name", "email", "former_email", "library", "role", "answers", "diet", "accommodation", "gln", "reference"}
        | {"note", "history", "guard", "person", "joined", "attended", "certificate"}
    )

    guard = UnicodeAttribute()
    status = UnicodeAttribute()
    version = NumberAttribute()
    name = UnicodeAttribute()
    email = UnicodeAttribute()
    former_email = UnicodeAttribute(null=True)
    successor = UnicodeAttribute(null=True)
    library = UnicodeAttribute()
    role = UnicodeAttribute()
    mode = UnicodeAttribute()
    sessions: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute)
    general: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute)
    pools: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute)
    waits_in: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute)
    place = NumberAttribute(null=True)
    round_id = UnicodeAttribute(null=True)
    awaits: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute)
    unproven = UnicodeAttribute(null=True)
    booking_id = UnicodeAttribute(null=True)
    claimed_at = UnicodeAttribute(null=True)
    language = UnicodeAttribute()
    registered_at = UnicodeAttribute()
    link_generation = NumberAttribute()
    answers: JSONAttribute = JSONAttribute(null=True)
    diet = UnicodeAttribute(null=True)
    accommodation = UnicodeAttribute(null=True)
    gln = UnicodeAttribute(null=True)
    reference = UnicodeAttribute(null=True)
    note = UnicodeAttribute(null=True)
    joined: JSONAttribute = JSONAttribute(null=True)
    attended: JSONAttribute = JSONAttribute(null=True)
    certificate = UnicodeAttribute(null=True)
    mail_problem = UnicodeAttribute(null=True)
    history: JSONAttribute = JSONAttribute()

    @classmethod
    def of(cls, one: Registration) -> "RegistrationItem":
        """Return the item of a registration."""
        who, invoice, needs = one.participant, one.invoice, one.needs
        deadline = utc_text(one.deadline) if one.deadline else None
        return cls(
            *_key(one.gathering_id, one.id),
            guard=one.guard,
            person=one.person,
            status=one.status,
            version=one.version,
            name=who.name,
            email=who.email,
            former_email=one.former_email,
            successor=one.successor,
            library=who.library,
            role=who.role,
            mode=one.mode,
            sessions=list(one.sessions),
            general=list(one.general),
            pools=list(one.pools),
            waits_in=list(one.waits_in),
            place=one.place,
            round_id=one.round_id,
            awaits=sorted(one.awaits),
            unproven=one.unproven or None,
            booking_id=one.booking_id,
            claimed_at=utc_text(one.claimed_at) if one.claimed_at else None,
            language=one.language,
            registered_at=utc_text(one.registered_at),
            link_generation=one.link_generation,
            answers=dict(one.answers) or None,
            diet=needs.diet or None if needs else None,
            accommodation=needs.accommodation or None if needs else None,
            gln=invoice.gln if invoice else None,
            reference=invoice.reference if invoice else None,
            note=one.note or None,
            joined={session: utc_text(at) for session, at in one.joined.items()} or None,
            attended={
                session: [said.was_there, said.source, utc_text(said.at), said.seconds]
                for session, said in one.attended.items()
            }
            or None,
            certificate=one.certificate,
            mail_problem=one.mail_problem,
            history=[[utc_text(s.at), s.what, s.by.actor, s.by.id, s.by.why] for s in one.history],
            due=DUE if deadline else None,
            due_at=deadline,
        )

    def to_domain(self) -> Registration:
        """Return the registration."""
        gathering_id, registration_id = _ids(self.pk, self.sk)
        return Registration(
            id=registration_id,
            gathering_id=gathering_id,
            participant=Participant(self.name, self.email, self.library, Role(self.role)),
            sessions=tuple(self.sessions),
            mode=Mode(self.mode),
            language=self.language,
            registered_at=utc_moment(self.registered_at),
            guard=self.guard,
            person=self.person,
            general=tuple(self.general),
            status=Status(self.status),
            version=int(self.version),
            round_id=self.round_id,
            pools=tuple(self.pools),
            waits_in=tuple(self.waits_in),
            place=None if self.place is None else int(self.place),
            awaits=frozenset(map(Awaits, self.awaits)),
            deadline=utc_moment(self.due_at) if self.due_at else None,
            unproven=self.unproven or "",
            booking_id=self.booking_id,
            claimed_at=utc_moment(self.claimed_at) if self.claimed_at else None,
            link_generation=int(self.link_generation),
            answers={key: tuple(one) if isinstance(one, list) else one for key, one in (self.answers or {}).items()},
            needs=Needs(self.diet or "", self.accommodation or "") if self.diet or self.accommodation else None,
            invoice=None if self.gln is None else Invoice(self.gln, self.reference or ""),
            note=self.note or "",
            joined={session: utc_moment(at) for session, at in (self.joined or {}).items()},
            attended={
                session: Attendance(was_there, Source(source), utc_moment(at), seconds)
                for session, (was_there, source, at, seconds) in (self.attended or {}).items()
            },
            certificate=self.certificate,
            former_email=self.former_email,
            successor=self.successor,
            mail_problem=self.mail_problem,
            history=tuple(
                Step(utc_moment(at), What(what), By(Actor(actor), id, why)) for at, what, actor, id, why in self.history
            ),
        )


class GuardItem(Item):
    """Who is registered, by hash: there while the registration is in force."""

    PERSONAL: ClassVar = frozenset({"pk"})

    registration_id = UnicodeAttribute()


class PartyItem(Item):
    """Those who wait at one place in the line."""

    version = NumberAttribute()
    together = BooleanAttribute()
    members: JSONAttribute = JSONAttribute()
    pools: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute)

    @classmethod
    def of(cls, gathering_id: str, party: Party) -> "PartyItem":
        """Return the item of a party."""
        return cls(
            *_party_key(gathering_id, party.place),
            version=party.version,
            together=party.together,
            members=[[one.registration_id, list(one.general), list(one.others)] for one in party.members],
            pools=sorted(party.pools),
        )

    def to_domain(self) -> Party:
        """Return the party."""
        return Party(
            place=int(self.sk.removeprefix("LINE#")),
            members=tuple(Member(id, tuple(general), tuple(others)) for id, general, others in self.members),
            pools=frozenset(self.pools),
            together=self.together,
            version=int(self.version),
        )


class ReceiptItem(Item):
    """Who registered others, and whom."""

    PERSONAL: ClassVar = frozenset({"name", "email", "person"})

    name = UnicodeAttribute()
    email = UnicodeAttribute()
    language = UnicodeAttribute()
    registrations: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute)
    left_out = NumberAttribute(null=True)
    made_at = UnicodeAttribute()


class LeftOutItem(Item):
    """Somebody on another's form for whom there was no room: a row of its own, so that it is found by the person."""

    PERSONAL: ClassVar = frozenset({"name", "person"})

    name = UnicodeAttribute()
    reason = UnicodeAttribute()

    @classmethod
    def of(cls, receipt: Receipt, at: int, one: LeftOut) -> "LeftOutItem":
        """Return the item of one of those who were left out."""
        sk = f"{left_out_of(receipt.id)}{at:02}"
        return cls(f"GATHERING#{receipt.gathering_id}", sk, person=one.person, name=one.name, reason=one.why)

    def to_domain(self) -> LeftOut:
        """Return who was left out."""
        return LeftOut(self.name, self.person, self.reason)


class OvertakingItem(Item):
    """A coordinator's exception."""

    PERSONAL: ClassVar = frozenset({"why"})

    place = NumberAttribute()
    at = UnicodeAttribute()
    why = UnicodeAttribute()


class IdempotencyItem(Item):
    """An answered request."""

    PERSONAL: ClassVar = frozenset({"body_hash", "answers"})

    body_hash = UnicodeAttribute()
    answers: JSONAttribute = JSONAttribute()


class DynamoRegistrationStore:
    """Registrations in DynamoDB."""

    def write(self, batch: Batch, *, now: datetime) -> Outcome:
        """Write all of it or nothing, and say which.

        Raise KeyReused, TooManyAttempts, or RegistrationChangedMeanwhile when a registration or a party of the line
        is no longer what it was.
        """
        transaction = Transaction()
        for change in batch.changes:
            _write_change(transaction, change)
        for before, after in batch.parties:
            _write_party(transaction, batch.gathering_id, before, after)
        if batch.receipt is not None:
            transaction.put("receipt", _receipt_item(batch.receipt))
            for at, one in enumerate(batch.receipt.left_out):
                transaction.put(f"left-out-{at}", LeftOutItem.of(batch.receipt, at, one))
        if batch.overtaking is not None:
            transaction.put("overtaking", _overtaking_item(batch.gathering_id, batch.overtaking))
        if batch.once is not None:
            _answer_once(transaction, batch.once, now)
        for fact in (*(one for change in batch.changes for one in change.facts), *batch.facts):
            announce(transaction, fact)
        if batch.move is not None:
            seats.move(transaction, batch.gathering_id, batch.move)
        for limit in batch.limits:
            count(transaction, limit, now=now)
        try:
            # A place in the line is a moment: written again later, it is behind those who came meanwhile.
            transaction.commit(fleeting=batch.move is not None and batch.move.place is not None)
        except Conflicted:
            return Crossed()
        except ConditionsFailed as refused:
            return _why_not(refused, batch, now)
        return Written()

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

    def of_person(self, person: str) -> tuple[Registration, ...]:
        """Return all registrations under an address, the latest first. `person` is its keyed hash."""
        rows = patiently(lambda: list(Item.query(person, index_name="person")))
        keys = [_ids(row.pk, row.sk) for row in rows if row.sk.startswith("REGISTRATION#")]
        found = self.many(keys).values() if keys else ()
        return tuple(sorted(found, key=lambda one: one.registered_at, reverse=True))

    def forget_former_address(self, gathering_id: str, registration_id: str) -> None:
        """Forget the address that somebody had before, now that it has been told."""
        transaction = Transaction()
        transaction.update(
            "registration",
            RegistrationItem(*_key(gathering_id, registration_id)),
            [RegistrationItem.former_email.remove(), RegistrationItem.version.set(RegistrationItem.version + 1)],
            condition=RegistrationItem.former_email.exists(),
        )
        with suppress(ConditionsFailed):
            transaction.commit()

    def seats(self, gathering_id: str) -> Seats | None:
        """Return the seats of a gathering as they are; None if it was never published."""
        return seats.see(gathering_id)

    def line(self, gathering_id: str) -> tuple[Party, ...]:
        """Return all who wait, in the order of their places."""
        pk, prefix = f"GATHERING#{gathering_id}", PartyItem.sk.startswith("LINE#")
        rows = patiently(lambda: list(PartyItem.query(pk, prefix, consistent_read=True)))
        return tuple(row.to_domain() for row in rows)

    def party(self, gathering_id: str, place: int) -> Party | None:
        """Return who waits at a place, if anybody does."""
        try:
            return patiently(lambda: PartyItem.get(*_party_key(gathering_id, place), consistent_read=True)).to_domain()
        except DoesNotExist:
            return None

    def receipt(self, gathering_id: str, receipt_id: str) -> Receipt:
        """Return who registered others; raise RegistrationNotFound."""
        try:
            item = patiently(lambda: ReceiptItem.get(*_receipt_key(gathering_id, receipt_id), consistent_read=True))
        except DoesNotExist as error:
            raise RegistrationNotFound from error
        return Receipt(
            id=receipt_id,
            gathering_id=gathering_id,
            name=item.name,
            email=item.email,
            person=item.person,
            language=item.language,
            registrations=tuple(item.registrations),
            made_at=utc_moment(item.made_at),
            left_out=tuple(one.to_domain() for one in (_left_out(item) if item.left_out else ())),
        )

    def overtakings(self, gathering_id: str) -> tuple[Overtaking, ...]:
        """Return coordinators' exceptions to the order of the line, the oldest first."""
        pk, prefix = f"GATHERING#{gathering_id}", OvertakingItem.sk.startswith("OVERTAKING#")
        rows = patiently(lambda: list(OvertakingItem.query(pk, prefix)))
        found = [Overtaking(row.sk.split("#")[1], int(row.place), utc_moment(row.at), row.why) for row in rows]
        return tuple(sorted(found, key=lambda one: one.at))

    def due(self, until: datetime | None) -> Iterable[tuple[str, str]]:
        """Yield the keys of holds and offers whose deadline is before a moment; None: of all that have one."""
        span = None if until is None else Item.due_at <= utc_text(until)
        for row in Item.query(DUE, span, index_name="due"):
            yield _ids(row.pk, row.sk)

    def rolling_over(self, now: datetime) -> Iterable[str]:
        """Yield the gatherings that have a round whose reserved seats are to be set free by now."""
        return seats.rolling_over(now)

    def note_mail_problem(
        self, gathering_id: str, registration_id: str, problem: str, fact: Envelope[Any], *, now: datetime
    ) -> bool:
        """Mark a registration, unless a newer fact of the same mail did, or it is gone. Return whether it was."""
        transaction = Transaction()
        transaction.update(
            "registration",
            RegistrationItem(*_key(gathering_id, registration_id)),
            [RegistrationItem.mail_problem.set(problem), RegistrationItem.version.set(RegistrationItem.version + 1)],
            condition=RegistrationItem.pk.exists(),
        )
        inbox.apply_newer(transaction, QueueName.NOTE_MAIL_FAILURE, fact, now=now)
        try:
            transaction.commit()
        except ConditionsFailed:
            return False
        return True

    def note_mail_arrival(self, gathering_id: str, registration_id: str, fact: Envelope[Any], *, now: datetime) -> bool:
        """Unmark a registration of which nobody knew more, and let older facts of the same mail have no effect."""
        transaction = Transaction()
        transaction.update(
            "registration",
            RegistrationItem(*_key(gathering_id, registration_id)),
            [RegistrationItem.mail_problem.remove(), RegistrationItem.version.set(RegistrationItem.version + 1)],
            condition=RegistrationItem.mail_problem == _NOBODY_KNOWS,
        )
        inbox.apply_newer(transaction, QueueName.NOTE_MAIL_FAILURE, fact, now=now)
        try:
            transaction.commit()
        except ConditionsFailed as refused:
            if inbox.LABEL not in refused.items:
                inbox.pass_over(QueueName.NOTE_MAIL_FAILURE, fact, now=now)
            return False
        return True


def _key(gathering_id: str, registration_id: str) -> tuple[str, str]:
    return f"GATHERING#{gathering_id}", f"REGISTRATION#{registration_id}"


def _ids(pk: str, sk: str) -> tuple[str, str]:
    return pk.removeprefix("GATHERING#"), sk.removeprefix("REGISTRATION#")


def _guard_key(guard: str) -> tuple[str, str]:
    return f"GUARD#{guard}", "GUARD"


def _party_key(gathering_id: str, place: int) -> tuple[str, str]:
    return f"GATHERING#{gathering_id}", f"LINE#{place:020}"


def _receipt_key(gathering_id: str, receipt_id: str) -> tuple[str, str]:
    return f"GATHERING#{gathering_id}", f"RECEIPT#{receipt_id}"


def _write_change(transaction: Transaction, change: Change) -> None:
    before, after = change.before, change.after
    condition = RegistrationItem.pk.does_not_exist() if before is None else RegistrationItem.version == before.version
    transaction.put(f"registration-{after.id}", RegistrationItem.of(after), condition=condition)
    was = before.guard if before is not None and before.status.is_live else None
    will_be = after.guard if after.status.is_live else None
    if was == will_be:
        return
    if was is not None:
        transaction.delete("was", GuardItem(*_guard_key(was)))
    if will_be is not None:
        transaction.put(
            f"guard-{after.id}",
            GuardItem(*_guard_key(will_be), registration_id=after.id),
            condition=GuardItem.pk.does_not_exist(),
        )


def _write_party(transaction: Transaction, gathering_id: str, before: Party | None, after: Party | None) -> None:
    if after is not None:
        # Nobody else has a new party's place: the seats give each out once.
        condition = None if before is None else PartyItem.version == before.version
        transaction.put("party", PartyItem.of(gathering_id, after), condition=condition)
    elif before is not None:
        item = PartyItem(*_party_key(gathering_id, before.place))
        transaction.delete("party", item, condition=PartyItem.version == before.version)


def _why_not(refused: ConditionsFailed, batch: Batch, now: datetime) -> Outcome:
    """Say what the failed conditions mean: the request's own first, then people, then rows, then seats."""
    if batch.once is not None and "idempotency" in refused.items:
        return Repeated(_answers_given(refused.items["idempotency"], batch.once))
    if hit := reached(refused.items, batch.limits):
        raise TooManyAttempts(retry_after=max(limit.retry_after(now) for limit in hit)) from refused
    occupied = {
        change.after.id: refused.items[label]["registration_id"]["S"]
        for change in batch.changes
        if (label := f"guard-{change.after.id}") in refused.items
    }
    if occupied:
        return Occupied(occupied)
    if set(refused.items) - {seats.LABEL}:
        raise RegistrationChangedMeanwhile from refused
    return SeatsWere(seats.as_it_was(refused.items[seats.LABEL]))


def _receipt_item(receipt: Receipt) -> ReceiptItem:
    return ReceiptItem(
        *_receipt_key(receipt.gathering_id, receipt.id),
        person=receipt.person,
        name=receipt.name,
        email=receipt.email,
        language=receipt.language,
        registrations=list(receipt.registrations),
        left_out=len(receipt.left_out) or None,
        made_at=utc_text(receipt.made_at),
    )


def left_out_of(receipt_id: str) -> str:
    """Return what the keys of those begin with whom a booking left out."""
    return f"LEFTOUT#{receipt_id}#"


def _left_out(receipt: ReceiptItem) -> list[LeftOutItem]:
    theirs = LeftOutItem.sk.startswith(left_out_of(receipt.sk.removeprefix("RECEIPT#")))
    return patiently(lambda: list(LeftOutItem.query(receipt.pk, theirs, consistent_read=True)))


def _overtaking_item(gathering_id: str, overtaking: Overtaking) -> OvertakingItem:
    return OvertakingItem(
        f"GATHERING#{gathering_id}",
        f"OVERTAKING#{overtaking.id}",
        place=overtaking.place,
        at=utc_text(overtaking.at),
        why=overtaking.why,
    )


def _answer_once(transaction: Transaction, once: Once, now: datetime) -> None:
    transaction.put(
        "idempotency",
        IdempotencyItem(
            f"IDEMPOTENCY#{once.key}",
            "KEY",
            body_hash=once.body_hash,
            answers=[[one.registration_id, one.status, *sorted(one.awaits)] for one in once.answers],
            expires_at=now + KEYS_KEPT,
        ),
        condition=IdempotencyItem.pk.does_not_exist(),
    )


def _answers_given(raw_item: Mapping[str, Any], once: Once) -> Answers:
    item = IdempotencyItem.from_raw_data(dict(raw_item))
    if item.body_hash != once.body_hash:
        raise KeyReused
    return tuple(
        Answer(registration_id, status, awaits=frozenset(map(Awaits, awaits)))
        for registration_id, status, *awaits in item.answers
    )
