"""Where people lie in the table, and what is put in their place."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any, ClassVar, Final

from pynamodb.attributes import BooleanAttribute, JSONAttribute, ListAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from shared.erasure.model import Mail
from shared.erasure.ports import Done, Heir, Key
from shared.ids import new_id
from shared.invitations.dynamo import InvitationItem
from shared.invitations.model import Invitation
from shared.mailboxes.dynamo import DynamoMailboxStore
from shared.mailboxes.model import Mailbox
from shared.notify.dynamo import KEPT as MAILS_KEPT, MailItem
from shared.notify.model import MailProblem, MailState
from shared.privacy.model import Group
from shared.privacy.tombstones import Tombstone
from shared.registration.dynamo import GuardItem, LeftOutItem, RegistrationItem, left_out_of
from shared.registration.model import Registration
from shared.registration.ports import LeftOut
from shared.table import ConditionsFailed, Item, Transaction, patiently

REGISTRATION: Final = "REGISTRATION#"
INTEREST: Final = "INTEREST#"
RECEIPT: Final = "RECEIPT#"
INVITATION: Final = "INVITATION#"
LEFT_OUT: Final = "LEFTOUT#"
OVERTAKING: Final = "OVERTAKING#"

SURROUNDINGS: Final = (RECEIPT, LEFT_OUT, "LINE#", OVERTAKING, INVITATION)
"""The rows of a gathering that have people in them, besides registrations and interests."""

AT_ONCE: Final = 100
"""The most items that a transaction may hold, and a batch may ask for."""


class TombstoneItem(Item):
    """One registration, without the person."""

    library = UnicodeAttribute()
    role = UnicodeAttribute()
    status = UnicodeAttribute()
    attended = BooleanAttribute(null=True)
    first_ever = BooleanAttribute()
    first_in_programme = BooleanAttribute()
    first_in_year = BooleanAttribute()

    @classmethod
    def of(cls, one: Tombstone) -> "TombstoneItem":
        """Return the item of a tombstone. Its id is new: nothing leads from the old one here."""
        return cls(
            f"GATHERING#{one.gathering_id}",
            f"TOMBSTONE#{new_id()}",
            library=one.library,
            role=one.role,
            status=one.status,
            attended=one.attended,
            first_ever=one.first_ever,
            first_in_programme=one.first_in_programme,
            first_in_year=one.first_in_year,
        )


class MarksItem(Item):
    """What a registration is no longer the first of, because an earlier one has been deleted."""

    PERSONAL: ClassVar = frozenset({"person"})

    marks: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute)


class RetentionItem(Item):
    """The days on which a gathering was deleted from, by group."""

    done: JSONAttribute = JSONAttribute()


class DynamoPersonalRows:
    """What is kept of people, in DynamoDB."""

    def registrations(self, gathering_id: str) -> Iterator[Registration]:
        """Yield everybody in a gathering, some at a time."""
        for row in RegistrationItem.query(_pk(gathering_id), RegistrationItem.sk.startswith(REGISTRATION)):
            yield row.to_domain()

    def marks(self, keys: Sequence[Key]) -> dict[Key, frozenset[str]]:
        """Return what registrations are no longer the first of; those without marks are absent."""
        wanted = {_marks_key(key): key for key in keys}
        rows = patiently(lambda: list(MarksItem.batch_get(list(wanted), consistent_read=True)))
        return {wanted[row.pk, row.sk]: frozenset(row.marks) for row in rows}

    def bury(self, one: Registration, tombstone: Tombstone, heir: Heir | None = None) -> bool:
        """Put a tombstone in the place of a registration and of what belongs to it, and mark its heir.

        Return False when it has changed meanwhile, or the heir is gone.
        """
        transaction = Transaction()
        as_it_is = RegistrationItem.version == one.version
        transaction.delete("registration", RegistrationItem.of(one), condition=as_it_is)
        transaction.delete("marks", MarksItem(*_marks_key((one.gathering_id, one.id))))
        transaction.delete("overtaking", Item(_pk(one.gathering_id), f"{OVERTAKING}{one.id}"))
        if one.status.is_live:
            transaction.delete("guard", GuardItem(f"GUARD#{one.guard}", "GUARD"))
        transaction.put("tombstone", TombstoneItem.of(tombstone))
        if heir is not None:
            later, marks = heir
            there = RegistrationItem.of(later)
            transaction.check("heir", RegistrationItem, there.pk, there.sk, RegistrationItem.pk.exists())
            item = MarksItem(*_marks_key((later.gathering_id, later.id)), person=later.person, marks=sorted(marks))
            transaction.put("heirs marks", item)
        return _done(transaction)

    def forget_needs(self, gathering_id: str) -> int:
        """Forget what people in a gathering needed, and return of how many."""
        forgotten = 0
        for row in RegistrationItem.query(
            _pk(gathering_id), RegistrationItem.sk.startswith(REGISTRATION), filter_condition=_has_needs()
        ):
            transaction = Transaction()
            actions = [
                RegistrationItem.diet.remove(),
                RegistrationItem.accommodation.remove(),
                # Whoever changes it at this moment would put them back.
                RegistrationItem.version.set(RegistrationItem.version + 1),
            ]
            transaction.update("registration", row, actions, condition=RegistrationItem.pk.exists())
            forgotten += _done(transaction)
        return forgotten

    def forget_surroundings(self, gathering_id: str) -> None:
        """Forget who booked, waited, was overtaken and was invited in a gathering, and the mails to the invited."""
        # While the invitations are there, whoever repeats this finds the mails.
        for row in Item.query(_pk(gathering_id), Item.sk.startswith(INVITATION)):
            self.forget_mails(_ids(row)[1])
        for prefix in SURROUNDINGS:
            _delete(Item.query(_pk(gathering_id), Item.sk.startswith(prefix)))

    def mails(self, about: str) -> list[Mail]:
        """Return the mails about a registration, or whatever else the id is of, the first one first."""
        rows = patiently(lambda: list(MailItem.query(f"MAIL#{about}")))
        return sorted(map(_mail, rows), key=lambda mail: mail.at)

    def forget_mails(self, about: str) -> None:
        """Forget that there were mails about a registration, or whatever else the id is of."""
        _delete(Item.query(f"MAIL#{about}"))

    def mailbox(self, person: str) -> Mailbox | None:
        """Return what is known of somebody's mailbox."""
        return DynamoMailboxStore().many([person]).get(person)

    def receipts(self, person: str) -> list[Key]:
        """Return what somebody booked for others."""
        return _belonging(person, RECEIPT)

    def left_out(self, person: str) -> list[tuple[str, LeftOut]]:
        """Return where there was no room for somebody whom another signed up: the gatherings' ids, and what is kept."""
        keys = [(row.pk, row.sk) for row in _of_person(person) if row.sk.startswith(LEFT_OUT)]
        rows = patiently(lambda: list(LeftOutItem.batch_get(keys)))
        return [(_ids(row)[0], row.to_domain()) for row in rows]

    def interests(self, person: str) -> list[Key]:
        """Return what somebody asked to be told of."""
        return _belonging(person, INTEREST)

    def invitations(self, person: str) -> list[Invitation]:
        """Return the invitations that somebody got."""
        keys = [(row.pk, row.sk) for row in _of_person(person) if row.sk.startswith(INVITATION)]
        return patiently(lambda: [row.to_domain() for row in InvitationItem.batch_get(keys)])

    def requests(self, person: str) -> list[str]:
        """Return the ids of somebody's requests for links."""
        return [row.pk.removeprefix("LINKS#") for row in _of_person(person) if row.pk.startswith("LINKS#")]

    def forget_person(self, person: str) -> None:
        """Forget every row that is found by the person, registrations excepted: those are buried."""
        belonging = (key for prefix in (RECEIPT, INTEREST, INVITATION) for key in _belonging(person, prefix))
        for about in (*self.requests(person), *(id for _, id in belonging)):
            self.forget_mails(about)
        for gathering_id, receipt_id in self.receipts(person):
            _delete(Item.query(_pk(gathering_id), Item.sk.startswith(left_out_of(receipt_id))))
        _delete(row for row in _of_person(person) if not row.sk.startswith(REGISTRATION))

    def count(self, gathering_id: str, group: Group) -> int:
        """Return how much there is to delete."""
        prefix = INTEREST if group is Group.INTEREST else REGISTRATION
        only = _has_needs() if group is Group.NEEDS else None
        return patiently(
            lambda: RegistrationItem.count(_pk(gathering_id), RegistrationItem.sk.startswith(prefix), only)
        )

    def done(self, gathering_ids: Sequence[str]) -> Mapping[str, Done]:
        """Return what has been deleted, by gathering, of at most a hundred."""
        rows = patiently(lambda: list(RetentionItem.batch_get([_retention_key(id) for id in gathering_ids])))
        found: dict[str, Done] = defaultdict(dict)
        for row in rows:
            days = {Group(group): date.fromisoformat(day) for group, day in row.done.items()}
            found[row.pk.removeprefix("GATHERING#")] = days
        return found

    def note_done(self, gathering_id: str, group: Group, on: date) -> None:
        """Remember that a group has been deleted."""
        days = {**self.done([gathering_id]).get(gathering_id, {}), group: on}
        known = {each.value: day.isoformat() for each, day in days.items()}
        transaction = Transaction()
        transaction.put("retention", RetentionItem(*_retention_key(gathering_id), done=known))
        transaction.commit()


def _mail(row: MailItem) -> Mail:
    # Rows say when they go, and that is so long after the mail was last tried.
    tried = row.expires_at - MAILS_KEPT
    problem = MailProblem(row.problem) if row.problem else None
    return Mail(row.mail().kind, tried, MailState(row.state), problem)


def _has_needs() -> Condition:
    found: Condition = RegistrationItem.diet.exists() | RegistrationItem.accommodation.exists()
    return found


def _of_person(person: str) -> list[Item]:
    return patiently(lambda: list(Item.query(person, index_name="person")))


def _belonging(person: str, prefix: str) -> list[Key]:
    return [_ids(row) for row in _of_person(person) if row.sk.startswith(prefix)]


def _delete(rows: Iterable[Item]) -> None:
    waiting = iter(rows)
    while some := list(islice(waiting, AT_ONCE)):
        transaction = Transaction()
        for row in some:
            transaction.delete(f"{row.pk} {row.sk}", Item(row.pk, row.sk))
        transaction.commit()


def _done(transaction: Transaction) -> bool:
    try:
        transaction.commit()
    except ConditionsFailed:
        return False
    return True


def _pk(gathering_id: str) -> str:
    return f"GATHERING#{gathering_id}"


def _marks_key(key: Key) -> tuple[str, str]:
    return _pk(key[0]), f"MARKS#{key[1]}"


def _retention_key(gathering_id: str) -> tuple[str, str]:
    return _pk(gathering_id), "RETENTION"


def _ids(row: Item) -> Key:
    return row.pk.removeprefix("GATHERING#"), row.sk.partition("#")[2]
