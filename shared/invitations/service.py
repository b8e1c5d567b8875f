"""Inviting addresses: shown first, then sent exactly as it was shown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Final

from pydantic import TypeAdapter

from events.envelope import Envelope
from events.registration import InvitationMade
from shared import addresses
from shared.gatherings.model import Gathering, State
from shared.ids import new_id
from shared.invitations.model import MOST, Invitation, NobodyCanRegister, pasted
from shared.invitations.ports import InvitationStore
from shared.refusals import N_, Fault, Invalid
from shared.registration.applying import email_fault, mailbox
from shared.registration.model import Registration
from shared.registration.ports import Secret
from shared.spreadsheets.previews import KeptPreview, PreviewNotFound, PreviewStore

KIND: Final = "invitations"


@dataclass(frozen=True, slots=True)
class Preview:
    """What inviting some addresses would do.

    `new` are not invited yet. `again` are, each with when that was, and are sent the invitation once more only if that
    is asked for. `registered` need none. `faulty` is what is no address, each with why. `mails` are the ids that the
    facts of `again` will have, so that a second try sends no second mail.
    """

    gathering_id: str
    new: tuple[Invitation, ...]
    again: tuple[Invitation, ...]
    mails: tuple[str, ...]
    registered: tuple[str, ...]
    faulty: tuple[tuple[str, Fault], ...]


def preview_invitations(
    text: str,
    language: str,
    *,
    gathering: Gathering,
    registrations: Iterable[Registration],
    store: InvitationStore,
    secret: Secret,
    previews: PreviewStore,
    now: datetime,
) -> tuple[str, Preview]:
    """Return what inviting the addresses in a text would do, and the id by which to confirm it.

    Raise Invalid, or NobodyCanRegister.
    """
    preview = plan(
        pasted(text), language, gathering=gathering, registrations=registrations, store=store, secret=secret, now=now
    )
    preview_id = new_id()
    previews.keep(KeptPreview(preview_id, KIND, _document().dump_json(preview).decode()), now=now)
    return preview_id, preview


def plan(
    typed: Sequence[str],
    language: str,
    *,
    gathering: Gathering,
    registrations: Iterable[Registration],
    store: InvitationStore,
    secret: Secret,
    now: datetime,
) -> Preview:
    """Return what inviting some addresses would do. Raise Invalid for none or too many, or NobodyCanRegister."""
    if gathering.state is not State.PUBLISHED or now >= gathering.registration_closes_at:
        raise NobodyCanRegister
    if not typed:
        raise Invalid(Fault("emails", N_("Write at least one address.")))
    if len(typed) > MOST:
        raise Invalid(Fault("emails", N_("At most %(limit)s addresses can be invited at once."), {"limit": MOST}))
    there = {one.person for one in registrations if one.status.is_live}
    invited = {one.person: one for one in store.of_gathering(gathering.id)}
    new: dict[str, Invitation] = {}
    again: dict[str, Invitation] = {}
    registered: dict[str, str] = {}
    faulty: list[tuple[str, Fault]] = []
    for written in typed:
        email = addresses.sendable(written)
        if email is None:
            faulty.append((written, email_fault(written, "emails")))
            continue
        person = mailbox(email, secret)
        if person in there:
            registered.setdefault(person, email)
        elif person in invited:
            again[person] = invited[person]
        else:
            new.setdefault(person, Invitation(new_id(), gathering.id, email, person, language, now))
    mails = tuple(new_id() for _ in again)
    return Preview(
        gathering.id, tuple(new.values()), tuple(again.values()), mails, tuple(registered.values()), tuple(faulty)
    )


def shown_invitations(preview_id: str, *, previews: PreviewStore, now: datetime) -> Preview | int:
    """Return what was shown, or if it was confirmed, how many mails that made. Raise PreviewNotFound."""
    kept = previews.get(preview_id, now=now)
    if kept.kind != KIND:
        raise PreviewNotFound
    return _document().validate_json(kept.document) if kept.outcome is None else int(kept.outcome)


def confirm_invitations(
    preview_id: str,
    *,
    again: bool,
    store: InvitationStore,
    previews: PreviewStore,
    now: datetime,
    correlation_id: str,
) -> int:
    """Invite those who were shown, with `again` also those who were invited before, and return how many mails go out.

    Confirmed twice, it happens once. Raise PreviewNotFound.
    """
    shown = shown_invitations(preview_id, previews=previews, now=now)
    if isinstance(shown, int):
        return shown
    number = invite(shown, again=again, store=store, now=now, correlation_id=correlation_id)
    previews.settle(preview_id, str(number))
    return number


def invite(preview: Preview, *, again: bool, store: InvitationStore, now: datetime, correlation_id: str) -> int:
    """Invite those of a plan, and return how many mails go out. Done twice, nobody gets a second mail."""
    store.add([(one, _made(one, new_id(), now, correlation_id)) for one in preview.new])
    if not again:
        return len(preview.new)
    renewed = zip(preview.again, preview.mails, strict=True)
    store.renew([(replace(one, invited_at=now), _made(one, fact, now, correlation_id)) for one, fact in renewed])
    return len(preview.new) + len(preview.again)


def _made(one: Invitation, fact_id: str, now: datetime, correlation_id: str) -> Envelope[InvitationMade]:
    return Envelope[InvitationMade].of(
        InvitationMade(invitation_id=one.id, gathering_id=one.gathering_id),
        id=fact_id,
        subject=one.id,
        subject_version=1,
        at=now,
        correlation_id=correlation_id,
    )


@lru_cache
def _document() -> TypeAdapter[Preview]:
    return TypeAdapter(Preview)
