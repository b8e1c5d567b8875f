"""What everybody sees: gatherings, and the form that takes a seat."""

import hashlib
from datetime import timedelta
from typing import Final

from chalice.app import Response

from chalicelib import answers, bodies, routing, seat
from chalicelib.routing import Unavailable
from chalicelib.screens import (
    GatheringScreen,
    GatheringsScreen,
    IndexScreen,
    LibraryChoice,
    Listing,
    PrivacyScreen,
    Problem,
    ReceiptScreen,
    RegisterScreen,
    Typed,
)
from chalicelib.visit import Visit
from shared import seats
from shared.bootstrap import web as bootstrap
from shared.gatherings import service as planning
from shared.gatherings.model import Gathering, GatheringNotFound
from shared.ids import new_id
from shared.links import Purpose
from shared.refusals import Invalid, Refusal, StoreUnavailable
from shared.registration.model import Application

pages = routing.pages()

ON_THE_FRONT_PAGE: Final = 6
RECEIPT_LIVES: Final = timedelta(hours=1)


@pages.get("/")
def front(visit: Visit) -> Response:
    """Show what it is, and what comes next."""
    coming = planning.coming(store=bootstrap.gatherings(), now=visit.now)
    return answers.page(visit, "index.html", IndexScreen(_listings(coming[:ON_THE_FRONT_PAGE], visit)))


@pages.get("/arrangementer")
def gatherings(visit: Visit) -> Response:
    """Show what is coming and what has been."""
    store = bootstrap.gatherings()
    coming = planning.coming(store=store, now=visit.now)
    past = planning.past(store=store, now=visit.now).gatherings
    screen = GatheringsScreen(_listings(coming, visit), tuple(Listing(one, visit.now) for one in past))
    return answers.page(visit, "gatherings.html", screen)


@pages.get("/arrangementer/{slug}")
def gathering(visit: Visit, slug: str) -> Response:
    """Show one gathering."""
    return answers.page(visit, "gathering.html", GatheringScreen(_listing(slug, visit)))


@pages.get("/arrangementer/{slug}/kalender.ics")
def entry(visit: Visit, slug: str) -> Response:
    """Give the gathering as calendar entries, for who wants to remember it before signing up."""
    found = planning.public(slug, store=bootstrap.gatherings())
    return answers.calendar(
        visit, found, found.sessions, url=f"/arrangementer/{slug}", uid_of=lambda session: f"{found.id}-{session.id}"
    )


@pages.get("/arrangementer/{slug}/tilmelding")
def form(visit: Visit, slug: str) -> Response:
    """Show the form."""
    return _form(visit, slug, Typed(), new_id())


@pages.post("/arrangementer/{slug}/tilmelding")
def register(visit: Visit, slug: str) -> Response:
    """Take the seat, or show the form again with all that was typed."""
    fields = bodies.form(visit.request)
    typed = Typed(**{name: fields.get(name, "") for name in Typed.__slots__})
    nonce = fields.get("idempotency_key") or new_id()
    try:
        # Only a program fills in a field that nobody sees. It is told nothing of that.
        if not fields.get("website"):
            _take_seat(visit, slug, typed, nonce)
    except GatheringNotFound:
        raise
    except Refusal as refusal:
        return _form(visit, slug, typed, nonce, refusal)
    except StoreUnavailable:
        return _form(visit, slug, typed, nonce, Unavailable(retry_after=5))
    receipt = bootstrap.links().token(Purpose.RECEIPT, slug, expires=visit.now + RECEIPT_LIVES)
    return answers.see_other(visit, f"/arrangementer/{slug}/tilmelding/kvittering/{receipt}")


@pages.get("/arrangementer/{slug}/tilmelding/kvittering/{receipt}")
def received(visit: Visit, slug: str, receipt: str) -> Response:
    """Say that the seat is taken: the same to who had one already, so that it tells nothing of others."""
    if bootstrap.links().read(Purpose.RECEIPT, receipt, now=visit.now) != (slug,):
        raise GatheringNotFound
    return answers.page(visit, "receipt.html", ReceiptScreen(_listing(slug, visit)))


@pages.get("/privatliv")
def privacy(visit: Visit) -> Response:
    """Say what becomes of people's data (GDPR, Article 13)."""
    return answers.page(visit, "privacy.html", PrivacyScreen(visit.network.legal.kept_months))


@pages.get("/was")
def accessibility_statement(visit: Visit) -> Response:
    """Lead to the accessibility statement, at the address that the rules give it (BEK 904 of 22/08/2019)."""
    return answers.redirect(visit.network.legal.accessibility_statement)


def _take_seat(visit: Visit, slug: str, typed: Typed, nonce: str) -> None:
    typed_in = {name: getattr(typed, name) for name in Typed.__slots__}
    # Going back and changing the name is another request; sending the same twice is not.
    fingerprint = hashlib.sha256("\n".join(typed_in.values()).encode()).hexdigest()
    seat.take(visit, slug, Application(**typed_in, language=visit.voice.language), key=f"form|{nonce}|{fingerprint}")


def _form(visit: Visit, slug: str, typed: Typed, nonce: str, refusal: Refusal | None = None) -> Response:
    listing = _listing_after(refusal, slug, visit)
    faults = refusal.faults if isinstance(refusal, Invalid) else ()
    problem = None
    if refusal is not None and not faults:
        problem = Problem(refusal.message, retry_after=refusal.retry_after)
    screen = RegisterScreen(
        listing=listing,
        libraries=tuple(
            LibraryChoice(one.id, one.name, one.aliases, is_municipal=one.municipality is not None)
            for one in bootstrap.libraries().all()
        ),
        idempotency_key=nonce,
        kept_months=visit.network.legal.kept_months,
        typed=typed,
        faults=faults,
        problem=problem,
    )
    if refusal is None:
        return answers.page(visit, "register.html", screen)
    return answers.page(visit, "register.html", screen, status=refusal.status, retry_after=refusal.retry_after)


def _listing(slug: str, visit: Visit) -> Listing:
    found = planning.public(slug, store=bootstrap.gatherings())
    return Listing(found, visit.now, seats.tightest(seats.left_in(found.id)))


def _listing_after(refusal: Refusal | None, slug: str, visit: Visit) -> Listing:
    if isinstance(refusal, Unavailable):
        # The form must come back with all that was typed, and the store is not there to be asked.
        return Listing(bootstrap.gathering_reader().remembered(slug), visit.now)
    return _listing(slug, visit)


def _listings(found: tuple[Gathering, ...], visit: Visit) -> tuple[Listing, ...]:
    left = seats.left(one.id for one in found)
    return tuple(Listing(one, visit.now, seats.tightest(left.get(one.id, {}))) for one in found)
