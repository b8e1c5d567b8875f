"""Invitations in the table."""

from collections.abc import Iterator, Sequence
from typing import ClassVar, Final

from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import DoesNotExist
from pynamodb.expressions.condition import Condition

from events.envelope import Envelope
from events.registration import InvitationMade
from shared.invitations.model import Invitation
from shared.messaging.outbox import announce
from shared.table import ConditionsFailed, Item, Transaction, patiently
from shared.time import utc_moment, utc_text

AT_ONCE: Final = 50
"""Invitations of one transaction, which holds a hundred items: each has its fact beside it."""

Invited = Sequence[tuple[Invitation, Envelope[InvitationMade]]]


class InvitationItem(Item):
    """An address that was invited."""

    PERSONAL: ClassVar = frozenset({"email", "person"})

    email = UnicodeAttribute()
    language = UnicodeAttribute()
    invited_at = UnicodeAttribute()

    @classmethod
    def of(cls, one: Invitation) -> "InvitationItem":
        """Return the item of an invitation."""
        return cls(
            *_key(one.gathering_id, one.id),
            email=one.email,
            person=one.person,
            language=one.language,
            invited_at=utc_text(one.invited_at),
        )

    def to_domain(self) -> Invitation:
        """Return the invitation."""
        assert self.person is not None
        return Invitation(
            id=self.sk.removeprefix("INVITATION#"),
            gathering_id=self.pk.removeprefix("GATHERING#"),
            email=self.email,
            person=self.person,
            language=self.language,
            invited_at=utc_moment(self.invited_at),
        )


class DynamoInvitationStore:
    """Invitations in DynamoDB."""

    def add(self, invited: Invited) -> None:
        """Keep new invitations and announce them. Those that are there already are neither kept nor announced."""
        _put(invited, InvitationItem.pk.does_not_exist())

    def renew(self, invited: Invited) -> None:
        """Keep invitations that are sent once more and announce them. Those that are gone stay so."""
        _put(invited, InvitationItem.pk.exists())

    def get(self, gathering_id: str, invitation_id: str) -> Invitation | None:
        """Return an invitation; None if it is gone."""
        try:
            item = patiently(lambda: InvitationItem.get(*_key(gathering_id, invitation_id), consistent_read=True))
        except DoesNotExist:
            return None
        return item.to_domain()

    def of_gathering(self, gathering_id: str) -> tuple[Invitation, ...]:
        """Return all invitations to a gathering, in no order."""
        pk, prefix = _key(gathering_id, "")
        found = InvitationItem.sk.startswith(prefix)
        rows = patiently(lambda: list(InvitationItem.query(pk, found, consistent_read=True)))
        return tuple(row.to_domain() for row in rows)


def _put(invited: Invited, condition: Condition) -> None:
    for some in _some(invited):
        transaction = Transaction()
        for one, fact in some:
            transaction.put(one.id, InvitationItem.of(one), condition=condition)
            announce(transaction, fact)
        try:
            transaction.commit()
        except ConditionsFailed as refused:
            # One that is not as it should be keeps all others from being written.
            _put([each for each in some if each[0].id not in refused.items], condition)


def _some(invited: Invited) -> Iterator[Invited]:
    return (invited[at : at + AT_ONCE] for at in range(0, len(invited), AT_ONCE))


def _key(gathering_id: str, invitation_id: str) -> tuple[str, str]:
    return f"GATHERING#{gathering_id}", f"INVITATION#{invitation_id}"
