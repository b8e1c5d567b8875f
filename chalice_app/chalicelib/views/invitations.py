"""The coordinators' API: who is invited to a gathering."""

from typing import Final

from chalice.app import Response

from chalicelib import answers, bodies, routing, wire_invitations
from chalicelib.inviting import registered, standing
from chalicelib.visit import SignedInVisit
from chalicelib.wire_invitations import InvitationsBody
from shared.bootstrap import web as bootstrap
from shared.invitations import service
from shared.refusals import N_, Fault, Invalid
from shared.roles import Role

api = routing.coordinator_api()

PATH: Final = "/api/v1/coordinator/gatherings/{gathering_id}/invitations"


@api.get(PATH, Role.COORDINATOR, own=True)
def invitations(visit: SignedInVisit, gathering_id: str) -> Response:
    """List who is invited, and who of them has registered."""
    bootstrap.gatherings().get(gathering_id)
    found = standing(bootstrap.invitations().of_gathering(gathering_id), registered(gathering_id))
    shown = [wire_invitations.invitation(one, there.status if there else None) for one, there in found]
    return answers.data({"invitations": shown})


@api.post(PATH, Role.COORDINATOR, own=True)
def invite(visit: SignedInVisit, gathering_id: str) -> Response:
    """Invite addresses, all of them or none. Who is registered, or was invited before, gets no mail."""
    gathering = bootstrap.gatherings().get(gathering_id)
    body = bodies.read(InvitationsBody, visit.request)
    language = body.language or visit.network.languages[0]
    if language not in visit.network.languages:
        raise Invalid(Fault("language", N_("This network does not use that language.")))
    plan = service.plan(
        body.emails,
        language,
        gathering=gathering,
        registrations=registered(gathering_id),
        store=bootstrap.invitations(),
        secret=bootstrap.hashed(),
        now=visit.now,
    )
    if plan.faulty:
        raise Invalid(*(_at(body.emails, typed, fault) for typed, fault in plan.faulty))
    service.invite(
        plan, again=body.again, store=bootstrap.invitations(), now=visit.now, correlation_id=visit.correlation_id
    )
    return answers.data(wire_invitations.invited(plan, again=body.again), status=201)


def _at(emails: list[str], typed: str, fault: Fault) -> Fault:
    return Fault(f"emails.{emails.index(typed)}", fault.message, fault.values)
