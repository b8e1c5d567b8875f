"""Personal links by which somebody who was invited registers."""

from chalicelib.visit import Visit
from shared.bootstrap import web as bootstrap
from shared.gatherings.model import GatheringNotFound
from shared.links import Purpose
from shared.registration.model import Actor, By
from shared.registration.service import Invitation


def read(visit: Visit, slug: str, token: str) -> Invitation:
    """Return the invitation that a personal link stands for: the address that it was sent to is proven by it.

    Raise LinkBroken, LinkExpired, or GatheringNotFound when it is for another gathering.
    """
    gathering_id, person = bootstrap.links().read(Purpose.INVITATION, token, now=visit.now)
    if bootstrap.gatherings().id_of(slug) != gathering_id:
        raise GatheringNotFound
    return Invitation(By(Actor.PARTICIPANT), person=person)
