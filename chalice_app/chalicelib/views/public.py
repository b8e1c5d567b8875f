"""What everybody sees: gatherings, and the form that takes a seat."""

import hashlib
from datetime import timedelta
from typing import Final

from chalice.app import Response

from chalicelib import answers, bodies, invitations, routing, seat, theme_words
from chalicelib.faults import placed
from chalicelib.forms import registering
from chalicelib.forms.registering import Typed
from chalicelib.narrator import Narrator, RoundInWords
from chalicelib.routing import Unavailable
from chalicelib.screens import (
    GatheringScreen,
    GatheringsScreen,
    IndexScreen,
    LibraryChoice,
    Listing,
    Outcome,
    PrivacyScreen,
    Problem,
    ReceiptScreen,
    RegisterScreen,
)
from chalicelib.visit import Visit
from shared import seats
from shared.bootstrap import web as bootstrap
from shared.gatherings import service as planning
from shared.gatherings.model import Gathering, GatheringNotFound
from shared.ids import new_id
from shared.links import Purpose
from shared.privacy.model import Group
from shared.programmes.model import Programme, ProgrammeNotFound
from shared.refusals import Invalid, NotFound, Refusal, StoreUnavailable
from shared.registration.ports import Answers

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
    listing = _listing(slug, visit)
    found = listing.gathering
    themes = theme_words.in_words(found.themes, visit.voice)
    screen = GatheringScreen(listing, _rounds(found, visit), _programme(found), themes)
    return answers.page(visit, "gathering.html", screen)


@pages.get("/arrangementer/{slug}/kalender.ics")
def entry(visit: Visit, slug: str) -> Response:
    """Give the gathering as calendar entries, for who wants to remember it before signing up."""
    found = planning.public(slug, store=bootstrap.gatherings())
    return answers.calendar(visit, found, url=f"/arrangementer/{slug}")


@pages.get("/webinarer")
def webinars(visit: Visit) -> Response:
    """Lead to the catalogue, which is written ahead. With the stroke at the end, it was not there."""
    if visit.path.endswith("/"):
        raise NotFound
    return answers.redirect(visit.network.address("/webinarer/", visit.voice.language))


@pages.get("/kalender.ics")
def calendar(visit: Visit) -> Response:
    """Give all gatherings as a calendar to subscribe to."""
    return answers.feed(visit, _of_a_year(visit), visit.network.name)


@pages.get("/temaer/{theme}/kalender.ics")
def theme_calendar(visit: Visit, theme: str) -> Response:
    """Give the gatherings on a theme as a calendar to subscribe to. It is empty until there are any."""
    [words], slugs = theme_words.in_words([theme], visit.voice), bootstrap.themes().themes().slugs(theme)
    of_theme = [one for one in _of_a_year(visit) if not slugs.isdisjoint(one.themes)]
    return answers.feed(visit, of_theme, f"{visit.network.short_name}: {words}")


@pages.get("/arrangementer/{slug}/tilmelding")
def form(visit: Visit, slug: str) -> Response:
    """Show the form."""
    start = Typed().after("group") if visit.query.get("gruppe") else None
    return _form(visit, slug, start or Typed(), new_id(), invitation=visit.query.get("invitation", ""))


@pages.post("/arrangementer/{slug}/tilmelding")
def register(visit: Visit, slug: str) -> Response:
    """Take the seats, or show the form again with all that was typed."""
    fields = bodies.fields(visit.request)
    typed = registering.read(fields, bootstrap.gathering_reader().remembered(slug))
    nonce = fields.get("idempotency_key", [""])[-1] or new_id()
    invitation = fields.get("invitation", [""])[-1]
    if grown := typed.after(fields.get("action", [""])[-1]):
        return _form(visit, slug, grown, nonce, invitation=invitation)
    try:
        # Only a program fills in a field that nobody sees. It is told nothing of that.
        taken = () if fields.get("website", [""])[-1] else _take_seats(visit, slug, typed, nonce, invitation)
    except GatheringNotFound:
        raise
    except Refusal as refusal:
        return _form(visit, slug, typed, nonce, refusal, invitation=invitation)
    except StoreUnavailable:
        return _form(visit, slug, typed, nonce, Unavailable(retry_after=5), invitation=invitation)
    outcomes = [str(Outcome.of(one)) for one in taken] or [str(Outcome("confirmed"))]
    receipt = bootstrap.links().token(Purpose.RECEIPT, slug, *outcomes, expires=visit.now + RECEIPT_LIVES)
    return answers.see_other(visit, f"/arrangementer/{slug}/tilmelding/kvittering/{receipt}")


@pages.get("/arrangementer/{slug}/tilmelding/kvittering/{receipt}")
def received(visit: Visit, slug: str, receipt: str) -> Response:
    """Say what became of everybody on the form: the same to who was registered already."""
    said, *outcomes = bootstrap.links().read(Purpose.RECEIPT, receipt, now=visit.now)
    if said != slug:
        raise GatheringNotFound
    return answers.page(visit, "receipt.html", ReceiptScreen(_listing(slug, visit), tuple(map(Outcome.read, outcomes))))


@pages.get("/privatliv")
def privacy(visit: Visit) -> Response:
    """Say what becomes of people's data (GDPR, Article 13)."""
    return answers.page(visit, "privacy.html", PrivacyScreen(visit.network.legal.periods))


@pages.get("/was")
def accessibility_statement(visit: Visit) -> Response:
    """Lead to the accessibility statement, at the address that the rules give it (BEK 904 of 22/08/2019)."""
    return answers.redirect(visit.network.legal.accessibility_statement)


def _take_seats(visit: Visit, slug: str, typed: Typed, nonce: str, invitation: str) -> Answers:
    booking = typed.booking(bootstrap.gathering_reader().remembered(slug), visit.voice.language)
    # Going back and changing the name is another request; sending the same twice is not.
    fingerprint = hashlib.sha256(repr(booking).encode()).hexdigest()
    invited = invitations.read(visit, slug, invitation) if invitation else None
    with placed(registering.asked_once):
        return seat.take(visit, slug, booking, key=f"form|{nonce}|{fingerprint}", invitation=invited)


def _of_a_year(visit: Visit) -> tuple[Gathering, ...]:
    """Return what is to come, and what has been in the last year: what leaves a calendar is gone from subscribers'."""
    return planning.between(visit.now - timedelta(days=365), None, store=bootstrap.gatherings())


def _form(
    visit: Visit, slug: str, typed: Typed, nonce: str, refusal: Refusal | None = None, *, invitation: str = ""
) -> Response:
    listing = _listing_after(refusal, slug, visit)
    faults = refusal.faults if isinstance(refusal, Invalid) else ()
    periods = visit.network.legal.periods
    ends_at = listing.gathering.ends_at
    lets_in = invitation or listing.gathering.is_open_to_everybody(visit.now)
    screen = RegisterScreen(
        listing=listing,
        libraries=LibraryChoice.all(bootstrap.libraries()),
        idempotency_key=nonce,
        kept_until=periods.erased_on(Group.PARTICIPATION, ends_at),
        needs_kept_until=periods.erased_on(Group.NEEDS, ends_at),
        typed=typed,
        faults=faults,
        problem=Problem.of(refusal) if refusal is not None and not faults else None,
        invitation=invitation,
        rounds=() if lets_in else _rounds(listing.gathering, visit),
    )
    if refusal is None:
        return answers.page(visit, "register.html", screen)
    return answers.page(visit, "register.html", screen, status=refusal.status, retry_after=refusal.retry_after)


def _rounds(found: Gathering, visit: Visit) -> tuple[RoundInWords, ...]:
    return Narrator(visit.now, visit.voice, bootstrap.libraries().names()).rounds_of(found)


def _programme(found: Gathering) -> Programme | None:
    """Return the programme that a gathering belongs to, if the public may see it."""
    if found.programme is None:
        return None
    try:
        programme = bootstrap.programmes().get(found.programme)
    except ProgrammeNotFound:
        return None
    return programme if programme.is_public else None


def _listing(slug: str, visit: Visit) -> Listing:
    found = planning.public(slug, store=bootstrap.gatherings())
    return Listing.of(found, visit.now, seats.left_in(found.id))


def _listing_after(refusal: Refusal | None, slug: str, visit: Visit) -> Listing:
    if isinstance(refusal, Unavailable):
        # The form must come back with all that was typed, and the store is not there to be asked.
        return Listing(bootstrap.gathering_reader().remembered(slug), visit.now)
    return _listing(slug, visit)


def _listings(found: tuple[Gathering, ...], visit: Visit) -> tuple[Listing, ...]:
    left = seats.left(one.id for one in found)
    return tuple(Listing.of(one, visit.now, left.get(one.id, {})) for one in found)
