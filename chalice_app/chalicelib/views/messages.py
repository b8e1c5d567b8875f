"""The coordinators' API: what is written to those who are registered."""

import hashlib
from typing import Final

from chalice.app import Response

from chalicelib import answers, bodies, routing, wire_messages
from chalicelib.visit import SignedInVisit
from chalicelib.wire_messages import MessageBody
from shared.bootstrap import web as bootstrap
from shared.messages import service
from shared.refusals import N_, Fault, Invalid
from shared.registration.model import KeyReused
from shared.roles import Role

api = routing.coordinator_api()

PATH: Final = "/api/v1/coordinator/messages"


@api.get(PATH, Role.COORDINATOR)
def messages(visit: SignedInVisit) -> Response:
    """List the messages to those of a gathering, the one that leaves last first."""
    gathering_id = _gathering(visit)
    bootstrap.gatherings().get(gathering_id)
    found = bootstrap.messages().of_gathering(gathering_id)
    shown = [wire_messages.message(one, visit.network.zone) for one in found]
    return answers.data({"messages": shown, "next": None})


@api.post(PATH, Role.COORDINATOR)
def write(visit: SignedInVisit) -> Response:
    """Write to those of a gathering, or to some of them, now or at a time."""
    body = bodies.read(MessageBody, visit.request)
    key = f"{visit.who.id}|{bodies.idempotency_key(visit.request)}"
    wanted = body.to_domain(hashlib.sha256(key.encode()).hexdigest()[:32], visit.now)
    kept = service.write(
        wanted,
        bootstrap.gatherings().get(body.gathering),
        languages=visit.network.languages,
        store=bootstrap.messages(),
        now=visit.now,
        correlation_id=visit.correlation_id,
    )
    if (kept.subject, kept.body, kept.audience) != (wanted.subject, wanted.body, wanted.audience):
        raise KeyReused
    return answers.data(wire_messages.message(kept, visit.network.zone), status=201)


@api.delete(f"{PATH}/{{message_id}}", Role.COORDINATOR)
def withdraw(visit: SignedInVisit, message_id: str) -> Response:
    """Call back a message that has not left."""
    gone = service.withdraw(_gathering(visit), message_id, store=bootstrap.messages())
    return answers.data(wire_messages.message(gone, visit.network.zone))


def _gathering(visit: SignedInVisit) -> str:
    if not (gathering_id := visit.query.get("gathering", "")):
        raise Invalid(Fault("gathering", N_("Say which gathering.")))
    return gathering_id
