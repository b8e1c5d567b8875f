"""Programmes in the table."""

from functools import lru_cache
from typing import Any, ClassVar, Final

from pydantic import TypeAdapter
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist

from events.envelope import Envelope
from shared.gatherings.model import LONGEST_SLUG
from shared.gatherings.rounds import Round
from shared.messaging.outbox import announce
from shared.programmes.model import (
    Programme,
    ProgrammeChangedMeanwhile,
    ProgrammeExists,
    ProgrammeNotFound,
    ProgrammeSlugTaken,
)
from shared.programmes.ports import ProgrammePage
from shared.table import ConditionsFailed, Item, Transaction, patiently

LISTING: Final = "PROGRAMMES"
LONGEST_ID: Final = 64
"""A key may have 2048 bytes; what is longer than any id of ours is not looked for."""


@lru_cache
def _document() -> TypeAdapter[Programme]:
    return TypeAdapter(Programme)


class ProgrammeItem(Item):
    """A programme as one document, tracks and rounds included: it is always read and saved whole.

    Its rounds may name the addresses of those who are invited.
    """

    PERSONAL: ClassVar = frozenset({"document"})

    version = NumberAttribute()
    document = UnicodeAttribute()

    @classmethod
    def of(cls, programme: Programme) -> "ProgrammeItem":
        """Return the item of a programme."""
        return cls(
            *key(programme.id),
            version=programme.version,
            document=_document().dump_json(programme).decode(),
            listing_pk=LISTING,
            listing_sk=f"{programme.starts_on.isoformat()}#{programme.id}",
        )

    def to_domain(self) -> Programme:
        """Return the programme."""
        return _document().validate_json(self.document)


class ProgrammeSlugItem(Item):
    """An address, and the programme it leads to. It never changes."""

    programme_id = UnicodeAttribute()


def key(programme_id: str) -> tuple[str, str]:
    """Return the key of a programme."""
    return f"PROGRAMME#{programme_id}", "META"


class DynamoProgrammeStore:
    """Programmes in DynamoDB."""

    def get(self, programme_id: str) -> Programme:
        """Return a programme; raise ProgrammeNotFound."""
        if len(programme_id) > LONGEST_ID:
            raise ProgrammeNotFound
        try:
            return patiently(lambda: ProgrammeItem.get(*key(programme_id), consistent_read=True)).to_domain()
        except DoesNotExist as error:
            raise ProgrammeNotFound from error

    def id_of(self, slug: str) -> str:
        """Return the id of the programme at an address; raise ProgrammeNotFound."""
        if len(slug) > LONGEST_SLUG:
            raise ProgrammeNotFound
        try:
            return patiently(lambda: ProgrammeSlugItem.get(*_slug_key(slug))).programme_id
        except DoesNotExist as error:
            raise ProgrammeNotFound from error

    def rounds(self, programme_id: str, track: str | None) -> tuple[Round, ...] | None:
        """Return the rounds that a gathering inherits; None if there is no such programme or track."""
        try:
            return self.get(programme_id).rounds_of(track)
        except ProgrammeNotFound:
            return None

    def create(self, programme: Programme) -> None:
        """Keep a new draft; raise ProgrammeExists, or ProgrammeSlugTaken."""
        transaction = Transaction()
        transaction.put(
            "slug",
            ProgrammeSlugItem(*_slug_key(programme.slug), programme_id=programme.id),
            condition=ProgrammeSlugItem.pk.does_not_exist(),
        )
        transaction.put("programme", ProgrammeItem.of(programme), condition=ProgrammeItem.pk.does_not_exist())
        try:
            transaction.commit()
        except ConditionsFailed as refused:
            raise (ProgrammeExists if "programme" in refused.items else ProgrammeSlugTaken) from refused

    def save(self, before: Programme, after: Programme, fact: Envelope[Any]) -> None:
        """Replace `before` by `after` and announce the fact; raise ProgrammeChangedMeanwhile."""
        transaction = Transaction()
        transaction.put("programme", ProgrammeItem.of(after), condition=ProgrammeItem.version == before.version)
        announce(transaction, fact)
        try:
            transaction.commit()
        except ConditionsFailed as refused:
            raise ProgrammeChangedMeanwhile from refused

    def listed(self, *, after: str | None = None, limit: int = 100) -> ProgrammePage:
        """Return programmes of every state, the latest first day first, from behind the cursor `after`."""
        before = None if after is None else ProgrammeItem.listing_sk < after
        rows = patiently(
            lambda: list(
                # One more than is shown tells whether there is a next page.
                ProgrammeItem.query(LISTING, before, scan_index_forward=False, limit=limit + 1, index_name="listing")
            )
        )
        shown = rows[:limit]
        return ProgrammePage(
            tuple(row.to_domain() for row in shown), shown[-1].listing_sk if len(rows) > limit else None
        )


def _slug_key(slug: str) -> tuple[str, str]:
    return f"PROGRAMME_SLUG#{slug}", "SLUG"
