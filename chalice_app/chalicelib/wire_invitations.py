"""JSON of invitations as the coordinator API takes and gives it."""

from typing import Annotated, Any

from pydantic import Field

from chalicelib.wire import Wire
from chalicelib.wire_registrations import Email
from shared.invitations.model import MOST, Invitation
from shared.invitations.service import Preview
from shared.registration.model import Status


class InvitationsBody(Wire):
    """Addresses to invite. Who was invited before gets the mail once more only with `again`."""

    emails: list[Email] = Field(min_length=1, max_length=MOST)
    again: bool = False
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")] | None = None


def invited(preview: Preview, *, again: bool) -> dict[str, Any]:
    """Return who gets a mail, and why the others do not."""
    return {
        "invited": [one.email for one in (*preview.new, *(preview.again if again else ()))],
        "invited_before": [one.email for one in preview.again],
        "registered": list(preview.registered),
    }


def invitation(one: Invitation, status: Status | None) -> dict[str, Any]:
    """Return an invitation, with how the person stands who registered by it; null if nobody did."""
    return {
        "id": one.id,
        "email": one.email,
        "language": one.language,
        "invited_at": one.invited_at.isoformat(),
        "status": status,
    }
