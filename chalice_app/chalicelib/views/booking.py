"""The page of somebody who signed others up: what became of them, and what may still be done for them."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

from chalice.app import Response

from chalicelib import answers, bodies, routing
from chalicelib.own import to_colleague
from chalicelib.routing import Unavailable
from chalicelib.screens import BookingScreen, CancelScreen, Listing, Problem
from chalicelib.visit import Visit
from shared.bootstrap import web as bootstrap
from shared.gatherings.model import Gathering
from shared.links import LinkBroken, Purpose
from shared.refusals import Invalid, Refusal, StoreUnavailable
from shared.registration import changes
from shared.registration.line import position
from shared.registration.model import Actor, By, Registration
from shared.registration.ports import Receipt

pages = routing.pages()

BOOKER: Final = By(Actor.BOOKER)
FORM_LIVES: Final = timedelta(hours=2)


@pages.get("/tilmelding/gruppe/{token}")
def booking(visit: Visit, token: str) -> Response:
    """Show everybody's status."""
    return _page(visit, token, *_booked(visit, token))


@pages.get("/tilmelding/gruppe/{token}/afmelding")
def question(visit: Visit, token: str) -> Response:
    """Ask whether one person's seat is really to be given back."""
    receipt, gathering = _booked(visit, token)
    about = visit.query.get("id", "")
    one = next((each for each in _people(receipt, gathering) if each.id == about), None)
    if one is None or one.booking_id != receipt.id:
        raise LinkBroken
    path = f"/tilmelding/gruppe/{token}"
    screen = CancelScreen(Listing(gathering, visit.now), one, path, _csrf(visit, receipt), mine=False)
    return answers.page(visit, "cancel.html", screen)


@pages.post("/tilmelding/gruppe/{token}/afmelding")
def cancel(visit: Visit, token: str) -> Response:
    """Give one person's seat back."""
    return _act(visit, token, changes.cancel)


@pages.post("/tilmelding/gruppe/{token}/kollega")
def replace(visit: Visit, token: str) -> Response:
    """Give one person's seat to another colleague."""
    return _act(visit, token, to_colleague(bodies.form(visit.request)))


def _booked(visit: Visit, token: str) -> tuple[Receipt, Gathering]:
    gathering_id, receipt_id = bootstrap.links().read(Purpose.BOOKING, token, now=visit.now)
    return bootstrap.registrations().receipt(gathering_id, receipt_id), bootstrap.gatherings().get(gathering_id)


def _act(visit: Visit, token: str, do: Callable[..., Registration]) -> Response:
    """Do what a button asks for, if the person was signed up on this form and has not taken over."""
    form = bodies.form(visit.request)
    receipt, gathering = _booked(visit, token)
    if bootstrap.links().read(Purpose.OWN_FORM, form.get("csrf", ""), now=visit.now) != (receipt.id,):
        raise LinkBroken
    about = form.get("id", "")
    if about not in {one.id for one in _people(receipt, gathering) if one.booking_id == receipt.id}:
        raise LinkBroken
    try:
        do(
            (gathering.id, about),
            BOOKER,
            around=bootstrap.surroundings(),
            now=visit.now,
            correlation_id=visit.correlation_id,
        )
    except Refusal as refusal:
        return _page(visit, token, receipt, gathering, refusal, about=about, typed=form)
    except StoreUnavailable:
        # It may be too busy to write and still be read.
        return _page(visit, token, receipt, gathering, Unavailable(retry_after=5), about=about, typed=form)
    return answers.see_other(visit, f"/tilmelding/gruppe/{token}")


def _people(receipt: Receipt, gathering: Gathering) -> list[Registration]:
    """Return those on the form, in their order; in the place of who was replaced, the colleague.

    Whom somebody chose after taking over from the booker, or who was there before the booking, is not the booker's to
    know.
    """
    store = bootstrap.registrations()
    ids = list(receipt.registrations)
    found: dict[str, Registration] = {}
    while missing := [one for one in ids if one not in found]:
        found |= store.many([(gathering.id, one) for one in missing])
        ids = [_now(found[one], receipt) for one in ids if one in found]
    return [found[one] for one in ids]


def _now(one: Registration, receipt: Receipt) -> str:
    is_the_bookers = one.booking_id == receipt.id and one.claimed_at is None
    return one.successor if one.successor is not None and is_the_bookers else one.id


def _page(
    visit: Visit,
    token: str,
    receipt: Receipt,
    gathering: Gathering,
    refusal: Refusal | None = None,
    *,
    about: str = "",
    typed: Mapping[str, str] | None = None,
) -> Response:
    people = _people(receipt, gathering)
    line = bootstrap.registrations().line(gathering.id)
    faults = refusal.faults if isinstance(refusal, Invalid) else ()
    screen = BookingScreen(
        listing=Listing(gathering, visit.now),
        receipt=receipt,
        people=tuple(people),
        positions={one.id: position(line, one.id) for one in people},
        token=token,
        csrf=_csrf(visit, receipt),
        faults=faults,
        about=about,
        typed=typed or {},
        problem=Problem.of(refusal) if refusal is not None and not faults else None,
    )
    status, retry_after = (refusal.status, refusal.retry_after) if refusal else (200, None)
    return answers.page(visit, "booking.html", screen, status=status, retry_after=retry_after)


def _csrf(visit: Visit, receipt: Receipt) -> str:
    return bootstrap.links().token(Purpose.OWN_FORM, receipt.id, expires=visit.now + FORM_LIVES)
