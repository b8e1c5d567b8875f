"""The form that writes a message to those of a gathering."""

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import Final

from chalicelib.audiences import PARTS
from chalicelib.forms.fields import Fields, Reader
from chalicelib.wire_messages import MessageBody
from shared.refusals import N_

LATER: Final = "later"
"""What the field `when` says of a message that leaves at a time."""

LABELS: Final[Mapping[str, str]] = {
    "subject": N_("Subject"),
    "body": N_("Message"),
    "send_at": N_("Date"),
    "send_at.time": N_("Time"),
    **PARTS,
}


def opening(audience: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the fields of a message that nothing is written of yet."""
    return {name: [audience.get(name, "")] for name in PARTS}


def read(gathering_id: str, fields: Fields, languages: Sequence[str], zone: tzinfo) -> MessageBody:
    """Return the message. Raise Invalid."""
    reader = Reader(fields, languages, zone)
    send_at = None
    if reader.line("when") == LATER:
        send_at = reader.moment("send_at")
        if send_at is None and not reader.faults:
            reader.fault("send_at", N_("Write the date."))
    body = {
        "gathering": gathering_id,
        "subject": reader.words("subject"),
        "body": reader.words("body"),
        "audience": {name: reader.long(name) for name in PARTS},
        "send_at": send_at,
    }
    return reader.checked(MessageBody, body)
