"""One form that signs a person up to several gatherings of a programme."""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import ClassVar, Final

from chalice.app import Response

from chalicelib import answers, bodies, routing, seat
from chalicelib.forms import programme_registering, registering
from chalicelib.forms.programme_registering import TypedMany
from chalicelib.routing import Unavailable
from chalicelib.screens import LibraryChoice, Listing, Outcome, Problem, Screen, Standing
from chalicelib.visit import Visit
from shared import seats
from shared.bootstrap import web as bootstrap
from shared.gatherings.model import Gathering, GatheringNotFound, Text
from shared.gatherings.seating import places_left
from shared.ids import new_id
from shared.links import Purpose
from shared.programmes import service as planning
from shared.programmes.model import Programme
from shared.refusals import N_, Fault, Invalid, Refusal, StoreUnavailable
from shared.registration import model, service
from shared.registration.applying import Booking

pages = routing.pages()

RECEIPT_LIVES: Final = timedelta(hours=1)
REFUSALS: Final[dict[str, str]] = {
    one.kind: one.message
    for one in (
        model.NotEligible,
        model.RegistrationNotOpenYet,
        model.RegistrationClosed,
        model.GatheringFull,
        model.FairShareReached,
        model.TooManyUnproven,
        model.TooManyAttempts,
        Unavailable,
    )
}


@dataclass(frozen=True, slots=True)
class ProgrammeRegisterScreen(Screen):
    """The form, empty or with what was typed and what is wrong with it."""

    title: Text
    path: str
    listings: tuple[Listing, ...]
    libraries: tuple[LibraryChoice, ...]
    idempotency_key: str
    typed: TypedMany = field(default_factory=TypedMany)
    faults: tuple[Fault, ...] = ()
    problem: Problem | None = None

    @property
    def fields(self) -> dict[str, tuple[Fault, ...]]:
        """What is wrong, by field."""
        return registering.by_field(self.faults)

    def faults_of(self, name: str) -> tuple[Fault, ...]:
        """What is wrong with one field."""
        return self.fields.get(name, ())

    def prefix(self, at: int) -> str:
        """What the names of the person's fields begin with."""
        return registering.prefix(at)


@dataclass(frozen=True, slots=True)
class ProgrammeReceiptScreen(Screen):
    """What became of each gathering that somebody signed up for."""

    personal: ClassVar[bool] = True
    title: Text
    path: str
    outcomes: tuple[tuple[Gathering, Outcome], ...]

    def sentence(self, kind: str) -> str:
        """Why there is no seat."""
        return REFUSALS.get(kind, N_("There was no room"))


@pages.get("/forloeb/{slug}/tilmelding")
def form(visit: Visit, slug: str) -> Response:
    """Show the form."""
    found = planning.public(slug, store=bootstrap.programmes())
    return _form(visit, found, TypedMany(), new_id())


@pages.post("/forloeb/{slug}/tilmelding")
def register(visit: Visit, slug: str) -> Response:
    """Sign up for each that was chosen. What is wrong with the form is said before anything is taken."""
    found = planning.public(slug, store=bootstrap.programmes())
    fields = bodies.fields(visit.request)
    gatherings = {one.slug: one for one in _gatherings(found)}
    typed = programme_registering.read(fields, list(gatherings.values()))
    nonce = fields.get("idempotency_key", [""])[-1] or new_id()
    if faults := _faults(visit, typed, gatherings):
        return _form(visit, found, typed, nonce, Invalid(*faults))
    try:
        spam = bool(fields.get("website", [""])[-1])
        outcomes = [] if spam else [_take(visit, typed, gatherings[one], nonce) for one in typed.chosen]
    except StoreUnavailable:
        return _form(visit, found, typed, nonce, Unavailable(retry_after=5))
    receipt = bootstrap.links().token(Purpose.RECEIPT, slug, *outcomes, expires=visit.now + RECEIPT_LIVES)
    return answers.see_other(visit, f"/forloeb/{slug}/tilmelding/kvittering/{receipt}")


@pages.get("/forloeb/{slug}/tilmelding/kvittering/{receipt}")
def received(visit: Visit, slug: str, receipt: str) -> Response:
    """Say what became of each."""
    said, *outcomes = bootstrap.links().read(Purpose.RECEIPT, receipt, now=visit.now)
    if said != slug:
        raise GatheringNotFound
    found = planning.public(slug, store=bootstrap.programmes())
    gatherings = {one.slug: one for one in _gatherings(found)}
    told = []
    for outcome in outcomes:
        name, status, position = outcome.split(":")
        if name in gatherings:
            told.append((gatherings[name], Outcome(status, int(position) if position else None)))
    screen = ProgrammeReceiptScreen(found.title, f"/forloeb/{slug}", tuple(told))
    return answers.page(visit, "receipt-programme.html", screen)


def _gatherings(found: Programme) -> list[Gathering]:
    return [one for one in bootstrap.gatherings().of_programme(found.id) if one.is_public]


def _faults(visit: Visit, typed: TypedMany, gatherings: dict[str, Gathering]) -> list[Fault]:
    if not typed.chosen:
        return [Fault("gatherings", N_("Choose at least one gathering."))]
    faults: dict[str, Fault] = {}
    for slug in typed.chosen:
        try:
            service.inspect(_booking(visit, typed, gatherings[slug]), gatherings[slug], bootstrap.libraries())
        except Invalid as invalid:
            for fault in invalid.faults:
                there = programme_registering.of_gathering(fault, slug)
                faults.setdefault(there.field, there)
    return list(faults.values())


def _booking(visit: Visit, typed: TypedMany, gathering: Gathering) -> Booking:
    alone = registering.Typed((typed.for_gathering(gathering.slug),))
    return replace(alone.booking(gathering, visit.voice.language), questions_later=True)


def _take(visit: Visit, typed: TypedMany, gathering: Gathering, nonce: str) -> str:
    booking = _booking(visit, typed, gathering)
    fingerprint = hashlib.sha256(repr(booking).encode()).hexdigest()
    key = f"programme|{nonce}|{gathering.slug}|{fingerprint}"
    try:
        [one] = seat.take(visit, gathering.slug, booking, key=key)
    except Refusal as refusal:
        return f"{gathering.slug}:{refusal.kind}:"
    return f"{gathering.slug}:{one.status}:{one.position or ''}"


def _form(visit: Visit, found: Programme, typed: TypedMany, nonce: str, refusal: Refusal | None = None) -> Response:
    gatherings = _gatherings(found)
    left = seats.left(one.id for one in gatherings)
    listings = (Listing(one, visit.now, places_left(one, left.get(one.id, {}))) for one in gatherings)
    faults = refusal.faults if isinstance(refusal, Invalid) else ()
    screen = ProgrammeRegisterScreen(
        title=found.title,
        path=f"/forloeb/{found.slug}",
        listings=tuple(one for one in listings if one.standing in (Standing.OPEN, Standing.WAITING)),
        libraries=tuple(
            LibraryChoice(one.id, one.name, one.aliases, is_municipal=one.municipality is not None)
            for one in bootstrap.libraries().all()
        ),
        idempotency_key=nonce,
        typed=typed,
        faults=faults,
        problem=Problem.of(refusal) if refusal is not None and not faults else None,
    )
    if refusal is None:
        return answers.page(visit, "register-programme.html", screen)
    return answers.page(
        visit, "register-programme.html", screen, status=refusal.status, retry_after=refusal.retry_after
    )
