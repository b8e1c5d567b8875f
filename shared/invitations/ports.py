"""What inviting needs of its surroundings."""

from collections.abc import Sequence
from typing import Protocol

from events.envelope import Envelope
from events.registration import InvitationMade
from shared.invitations.model import Invitation


class InvitationStore(Protocol):
    """Where invitations are kept."""

    def add(self, invited: Sequence[tuple[Invitation, Envelope[InvitationMade]]]) -> None:
        """Keep new invitations and announce them. Those that are there already are neither kept nor announced."""
        ...

    def renew(self, invited: Sequence[tuple[Invitation, Envelope[InvitationMade]]]) -> None:
        """Keep invitations that are sent once more and announce them. Those that are gone stay so."""
        ...

    def get(self, gathering_id: str, invitation_id: str) -> Invitation | None:
        """Return an invitation; None if it is gone."""
        ...

    def of_gathering(self, gathering_id: str) -> tuple[Invitation, ...]:
        """Return all invitations to a gathering, in no order."""
        ...
