"""What forgetting people needs of its surroundings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from shared.erasure.model import Mail
from shared.gatherings.ports import GatheringStore
from shared.invitations.model import Invitation
from shared.mailboxes.model import Mailbox
from shared.notices.ports import NoticeStore
from shared.privacy.model import Group
from shared.privacy.tombstones import Tombstone
from shared.programmes.ports import ProgrammeStore
from shared.registration.model import Registration
from shared.registration.ports import LeftOut, Receipt
from shared.spreadsheets.previews import PreviewStore

Key = tuple[str, str]
"""A gathering's id, and the id of what belongs to it."""

Heir = tuple[Registration, frozenset[str]]
"""The same person's next registration, and all marks that it has from then on."""

Done = Mapping[Group, date]
"""The day on which a group of a gathering was last deleted."""


class Registrations(Protocol):
    """Registrations as they are."""

    def get(self, gathering_id: str, registration_id: str) -> Registration: ...

    def of_person(self, person: str) -> tuple[Registration, ...]: ...

    def receipt(self, gathering_id: str, receipt_id: str) -> Receipt: ...


class PersonalRows(Protocol):
    """What is kept of people, whatever it belongs to."""

    def registrations(self, gathering_id: str) -> Iterable[Registration]:
        """Yield everybody in a gathering, some at a time."""
        ...

    def marks(self, keys: Sequence[Key]) -> Mapping[Key, frozenset[str]]:
        """Return what registrations are no longer the first of; those without marks are absent."""
        ...

    def bury(self, one: Registration, tombstone: Tombstone, heir: Heir | None = None) -> bool:
        """Put a tombstone in the place of a registration and of what belongs to it, and mark its heir.

        Return False when it has changed meanwhile, or the heir is gone.
        """
        ...

    def forget_needs(self, gathering_id: str) -> int:
        """Forget what people in a gathering needed, and return of how many."""
        ...

    def forget_surroundings(self, gathering_id: str) -> None:
        """Forget who booked, waited, was overtaken and was invited in a gathering, and the mails to the invited."""
        ...

    def mails(self, about: str) -> Sequence[Mail]:
        """Return the mails about a registration, or whatever else the id is of, the first one first."""
        ...

    def forget_mails(self, about: str) -> None:
        """Forget that there were mails about a registration, or whatever else the id is of."""
        ...

    def mailbox(self, person: str) -> Mailbox | None:
        """Return what is known of somebody's mailbox."""
        ...

    def receipts(self, person: str) -> Sequence[Key]:
        """Return what somebody booked for others."""
        ...

    def left_out(self, person: str) -> Sequence[tuple[str, LeftOut]]:
        """Return where there was no room for somebody whom another signed up: the gatherings' ids, and what is kept."""
        ...

    def interests(self, person: str) -> Sequence[Key]:
        """Return what somebody asked to be told of."""
        ...

    def invitations(self, person: str) -> Sequence[Invitation]:
        """Return the invitations that somebody got."""
        ...

    def requests(self, person: str) -> Sequence[str]:
        """Return the ids of somebody's requests for links."""
        ...

    def forget_person(self, person: str) -> None:
        """Forget every row that is found by the person, registrations excepted: those are buried."""
        ...

    def count(self, gathering_id: str, group: Group) -> int:
        """Return how much there is to delete."""
        ...

    def done(self, gathering_ids: Sequence[str]) -> Mapping[str, Done]:
        """Return what has been deleted, by gathering, of at most a hundred."""
        ...

    def note_done(self, gathering_id: str, group: Group, on: date) -> None:
        """Remember that a group has been deleted."""
        ...


@dataclass(frozen=True, slots=True)
class Kept:
    """Where all that is kept of people lies."""

    gatherings: GatheringStore
    programmes: ProgrammeStore
    registrations: Registrations
    notices: NoticeStore
    rows: PersonalRows
    previews: PreviewStore
