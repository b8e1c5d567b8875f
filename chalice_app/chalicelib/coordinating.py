"""What coordinators do with one registration, for their pages and their API alike.

Editors do the same in their own gatherings. What reaches beyond these, or past those who wait, is for coordinators.
"""

import re
from collections.abc import Sequence
from typing import Final, get_args

from chalice.app import Request

from chalicelib import bodies
from chalicelib.visit import SignedInVisit
from chalicelib.wire_registrations import Action, RegistrationPatch
from shared import addresses, free_text
from shared.audit.model import Doing
from shared.bootstrap import web as bootstrap
from shared.gatherings import service as gatherings
from shared.gatherings.owning import require_owner
from shared.refusals import Invalid, Refusal
from shared.registration import changes, correcting, moving
from shared.registration.model import Actor, By, Registration, What
from shared.registration.rewriting import Key
from shared.roles import Role

FOR_COORDINATORS: Final = frozenset({"accept_domain", "seat"})

MOST_AT_ONCE: Final = 150
"""People whom one request does something to: API Gateway waits for 29 seconds."""

_ID: Final = re.compile("[a-z2-7]{16}")

LONGEST: Final = 1000
"""Characters of a reason or a note."""


def act(visit: SignedInVisit, key: Key, patch: RegistrationPatch) -> Registration:
    """Do what is asked for, and return the registration as it is then, for `move_to` the one in the other gathering.

    Raise what the use case raises.
    """
    around = bootstrap.surroundings()
    by = By(Actor.COORDINATOR, visit.who.id, _written("why", patch.why))
    now, correlation_id = visit.now, visit.correlation_id
    if patch.action in FOR_COORDINATORS:
        visit.who.require(Role.COORDINATOR)
    match patch.action:
        case "cancel":
            return changes.cancel(key, by, around=around, now=now, correlation_id=correlation_id)
        case "reject":
            return changes.cancel(key, by, what=What.REJECTED, around=around, now=now, correlation_id=correlation_id)
        case "accept":
            return changes.accept(key, by, around=around, now=now, correlation_id=correlation_id)
        case "approve":
            return changes.approve(key, by, around=around, now=now, correlation_id=correlation_id)
        case "accept_library":
            return changes.accept_library(key, by, around=around, now=now, correlation_id=correlation_id)
        case "accept_domain":
            return _accept_domain(visit, key, by)
        case "seat":
            return changes.seat_out_of_turn(key, by, around=around, now=now, correlation_id=correlation_id)
        case "move":
            return changes.change_sessions(
                key, patch.sessions, patch.mode or "", by, around=around, now=now, correlation_id=correlation_id
            )
        case "move_to":
            if Role.COORDINATOR not in visit.who.roles:
                require_owner(bootstrap.gatherings().get(patch.gathering), visit.who)
            return moving.move_to(
                key,
                patch.gathering,
                patch.sessions,
                patch.mode or "",
                by,
                allowance=bootstrap.allowance(),
                around=around,
                now=now,
                correlation_id=correlation_id,
            )
        case "correct":
            right = correcting.Correction(patch.name, patch.email, patch.library, patch.role)
            return correcting.correct(
                key, right, by, version=patch.version, around=around, now=now, correlation_id=correlation_id
            )
        case "note":
            text = _written("note", patch.note)
            return changes.note(
                key, text, by, version=patch.version, around=around, now=now, correlation_id=correlation_id
            )
        case "send_link":
            changes.send_link(key, around=around, now=now, correlation_id=correlation_id)
            return around.store.get(*key)


def asked_by_form(request: Request) -> Doing:
    """Return what a form of the pages asks for, and of whom where it names them."""
    fields = bodies.fields(request)
    return _doing(fields.get("action", [""])[-1], fields.get("id", []))


def asked_by_body(request: Request) -> Doing:
    """Return what a call of the API asks for, and of whom; nothing if it cannot be read, for then nothing is done."""
    try:
        patch = bodies.read(RegistrationPatch, request)
    except Refusal:
        return Doing()
    return _doing(patch.action, [patch.id])


def _doing(action: str, ids: Sequence[str]) -> Doing:
    # The log has no contents: what could be anything is not taken along.
    known = action if action in get_args(Action) else ""
    those = tuple(id for id in ids[:MOST_AT_ONCE] if _ID.fullmatch(id))
    return Doing(known, those if known else ())


def _written(field: str, text: str) -> str:
    """Return what a coordinator wrote of somebody, tidy. Raise Invalid."""
    tidied = free_text.tidy(text)
    if faults := tuple(free_text.faults(field, tidied, longest=LONGEST)):
        raise Invalid(*faults)
    return tidied


def _accept_domain(visit: SignedInVisit, key: Key, by: By) -> Registration:
    """List the address's domain as the library's."""
    store = bootstrap.registrations()
    who = store.get(*key).participant
    bootstrap.libraries().accept_domain(who.library, addresses.domain(who.email))
    domains_listed(visit, by.why)
    return store.get(*key)


def domains_listed(visit: SignedInVisit, why: str = "") -> None:
    """Confirm all whose seats are held for want of a domain that is listed now, and ask no more of who is in line."""
    coming = gatherings.coming(store=bootstrap.gatherings(), now=visit.now)
    changes.domains_listed(
        [one.id for one in coming if one.starts_at > visit.now],
        By(Actor.COORDINATOR, visit.who.id, why),
        around=bootstrap.surroundings(),
        now=visit.now,
        correlation_id=visit.correlation_id,
    )
