"""A participant's own registration: found by its link, and changed by who holds it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from chalicelib.faults import placed
from chalicelib.visit import Visit
from chalicelib.wire_registrations import OwnPatch
from shared.bootstrap import web as bootstrap
from shared.erasure import service as erasing
from shared.gatherings.model import Gathering
from shared.links import LinkBroken, Purpose
from shared.refusals import N_, Fault, Invalid
from shared.registration import changes, correcting
from shared.registration.model import Actor, By, Registration, What
from shared.registration.rewriting import Key

PARTICIPANT: Final = By(Actor.PARTICIPANT)


def mine(visit: Visit, token: str) -> tuple[Registration, Gathering]:
    """Return what a link leads to. Raise LinkBroken, LinkExpired or RegistrationNotFound.

    Links that were sent to an address that is no longer the person's are dead.
    """
    ids = bootstrap.links().read(Purpose.REGISTRATION, token, now=visit.now)
    gathering_id, registration_id, generation = ids
    found = bootstrap.registrations().get(gathering_id, registration_id)
    if generation != str(found.link_generation):
        raise LinkBroken
    return found, bootstrap.gatherings().get(gathering_id)


def changed(visit: Visit, found: Registration, patch: OwnPatch) -> Registration:
    """Do one of what the patch asks for, and return the registration as it is then.

    Raise Invalid when it asks for more than one thing: each may be refused by itself.
    """
    key = (found.gathering_id, found.id)
    around, now, correlation_id = bootstrap.surroundings(), visit.now, visit.correlation_id
    asked = patch.model_dump(exclude_none=True).keys()
    if asked == {"confirm"}:
        return changes.claim(key, PARTICIPANT, around=around, now=now, correlation_id=correlation_id)
    if asked == {"accept"}:
        return changes.accept(key, PARTICIPANT, around=around, now=now, correlation_id=correlation_id)
    if asked == {"decline"}:
        return changes.cancel(
            key, PARTICIPANT, what=What.NOT_INTERESTED, around=around, now=now, correlation_id=correlation_id
        )
    if asked == {"not_me"}:
        erasing.disown(key, kept=bootstrap.kept(), around=around, now=now, correlation_id=correlation_id)
        return found.ended(What.NOT_ME, PARTICIPANT, now)
    if asked and asked <= {"sessions", "mode"}:
        return changes.change_sessions(
            key, patch.sessions, patch.mode or "", PARTICIPANT, around=around, now=now, correlation_id=correlation_id
        )
    if asked and asked <= {"answers", "needs"}:
        needs = (patch.needs.diet, patch.needs.accommodation) if patch.needs else None
        return changes.answer(
            key, patch.answers, needs, PARTICIPANT, around=around, now=now, correlation_id=correlation_id
        )
    if patch.email is not None and asked == {"email"}:
        return correcting.change_address(
            key, patch.email, PARTICIPANT, around=around, now=now, correlation_id=correlation_id
        )
    if patch.hand_over is not None and asked == {"hand_over"}:
        to = patch.hand_over
        with placed("hand_over.{}".format):
            changes.hand_over(
                key,
                to.name,
                to.email,
                PARTICIPANT,
                allowance=bootstrap.allowance(),
                around=around,
                now=now,
                correlation_id=correlation_id,
            )
        return around.store.get(*key)
    raise Invalid(Fault("", N_("Ask for one thing at a time.")))


def to_colleague(form: Mapping[str, str]) -> Callable[..., Registration]:
    """Return what gives a seat to whom a form names, with faults at the form's fields."""
    name, email = form.get("colleague-name", ""), form.get("colleague-email", "")

    def hand_over(key: Key, by: By, **rest: Any) -> Registration:
        with placed("colleague-{}".format):
            return changes.hand_over(key, name, email, by, allowance=bootstrap.allowance(), **rest)

    return hand_over
