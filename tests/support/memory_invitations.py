"""Invitations in memory."""

from collections.abc import Sequence
from typing import Any

from events.envelope import Envelope
from events.registration import InvitationMade
from shared.invitations.model import Invitation


class InMemoryInvitations:
    """Invitations in memory. `facts` is what was announced."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Invitation] = {}
        self.facts: list[Envelope[Any]] = []

    def add(self, invited: Sequence[tuple[Invitation, Envelope[InvitationMade]]]) -> None:
        self._keep([each for each in invited if _key(each[0]) not in self.kept])

    def renew(self, invited: Sequence[tuple[Invitation, Envelope[InvitationMade]]]) -> None:
        self._keep([each for each in invited if _key(each[0]) in self.kept])

    def get(self, gathering_id: str, invitation_id: str) -> Invitation | None:
        return self.kept.get((gathering_id, invitation_id))

    def of_gathering(self, gathering_id: str) -> tuple[Invitation, ...]:
        return tuple(one for one in self.kept.values() if one.gathering_id == gathering_id)

    def _keep(self, invited: Sequence[tuple[Invitation, Envelope[InvitationMade]]]) -> None:
        for one, fact in invited:
            self.kept[_key(one)] = one
            self.facts.append(fact)


def _key(one: Invitation) -> tuple[str, str]:
    return one.gathering_id, one.id
