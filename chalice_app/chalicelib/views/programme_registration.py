"""One form that signs a person up to several gatherings of a programme."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
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
from shared.gatherings.model import Gathering, GatheringIsCancelled, GatheringNotFound, Text
from shared.ids import new_id
from shared.links import Purpose
from shared.programmes import service as planning
from shared.programmes.model import Programme
from shared.refusals import N_, Fault, Invalid, Refusal, StoreUnavailable
from shared.registration import model, service
from shared.registration.applying import Booking

pages = routing.pages()

MOST_AT_ONCE: Final = 25
"""Gatherings on one form, which counts once: each is a write of its own, and the answer waits for all of them."""

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
        GatheringIsCancelled,
    )
}


@dataclass(frozen=True, slots=True)
class ProgrammeRegisterScreen(Screen):
    """The form, empty or with what was typed and what is wrong with it. Gatherings `later` are not open yet."""

    title: Text
    path: str
    listings: tuple[Listing, ...]
    later: tuple[Listing, ...]
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
class Became:
    """What became of one gathering on the form: a registration's status, or why there is none.

    `opens_at` is when this person can register.
    """

    gathering: Gathering
    outcome: Outcome
    opens_at: datetime | None = None

    @property
    def is_kept(self) -> bool:
        """Whether there is a registration, of which a mail tells."""
        return self.outcome.status in tuple(model.Status)

    @property
    def sentence(self) -> str:
        """Why there is none."""
        return REFUSALS.get(self.outcome.status, N_("There was no room"))


@dataclass(frozen=True, slots=True)
class ProgrammeReceiptScreen(Screen):
    """What became of each gathering on the form. `library` and `role` say for whom a later opening is looked up."""

    personal: ClassVar[bool] = True
    title: Text
    path: str
    library: str
    role: str
    outcomes: tuple[Became, ...]


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
        # Only a program fills in a field that nobody sees. It is told nothing of that.
        outcomes = [] if fields.get("website", [""])[-1] else _take_all(visit, typed, gatherings, nonce)
    except Refusal as refusal:
        return _form(visit, found, typed, nonce, refusal)
    except StoreUnavailable:
        return _form(visit, found, typed, nonce, Unavailable(retry_after=5))
    # The address would be personal: a receipt asks for it again.
    told = (slug, typed.person.library, typed.person.role, *outcomes)
    receipt = bootstrap.links().token(Purpose.RECEIPT, *told, expires=visit.now + RECEIPT_LIVES)
    return answers.see_other(visit, f"/forloeb/{slug}/tilmelding/kvittering/{receipt}")


@pages.get("/forloeb/{slug}/tilmelding/kvittering/{receipt}")
def received(visit: Visit, slug: str, receipt: str) -> Response:
    """Say what became of each."""
    said, *told = bootstrap.links().read(Purpose.RECEIPT, receipt, now=visit.now)
    if said != slug:
        raise GatheringNotFound
    library, role, *outcomes = told
    found = planning.public(slug, store=bootstrap.programmes())
    gatherings = {one.slug: one for one in _gatherings(found)}
    became = tuple(one for outcome in outcomes if (one := _became(outcome, gatherings)) is not None)
    screen = ProgrammeReceiptScreen(found.title, f"/forloeb/{slug}", library, role, became)
    return answers.page(visit, "receipt-programme.html", screen)


def _gatherings(found: Programme) -> list[Gathering]:
    return [one for one in bootstrap.gatherings().of_programme(found.id) if one.is_public]


def _faults(visit: Visit, typed: TypedMany, gatherings: dict[str, Gathering]) -> list[Fault]:
    if not typed.chosen:
        return [Fault("gatherings", N_("Choose at least one gathering."))]
    if len(typed.chosen) > MOST_AT_ONCE:
        limit = {"limit": MOST_AT_ONCE}
        return [Fault("gatherings", N_("Choose at most %(limit)s gatherings at a time."), limit)]
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


def _take_all(visit: Visit, typed: TypedMany, gatherings: Mapping[str, Gathering], nonce: str) -> list[str]:
    """Sign up for each gathering, and return what became of it, as a receipt carries it."""
    seat.count(visit, typed.person.email, key=f"programme-form|{nonce}|{_fingerprint(typed)}")
    return [_take(visit, typed, gatherings[slug], nonce) for slug in typed.chosen]


def _take(visit: Visit, typed: TypedMany, gathering: Gathering, nonce: str) -> str:
    booking = _booking(visit, typed, gathering)
    key = f"programme|{nonce}|{gathering.slug}|{_fingerprint(booking)}"
    try:
        [one] = seat.take(visit, gathering.slug, booking, key=key, counted=True)
    except Refusal as refusal:
        return _said(gathering, Outcome(refusal.kind), refusal.details.get("opens_at"))
    return _said(gathering, Outcome.of(one))


def _fingerprint(asked: Booking | TypedMany) -> str:
    return hashlib.sha256(repr(asked).encode()).hexdigest()


def _said(gathering: Gathering, outcome: Outcome, opens_at: object = None) -> str:
    opens = opens_at.isoformat() if isinstance(opens_at, datetime) else ""
    return f"{gathering.slug}|{outcome}|{opens}"


def _became(said: str, gatherings: Mapping[str, Gathering]) -> Became | None:
    """Return what a receipt says of one gathering; None if it is there no more."""
    slug, outcome, opens = said.split("|")
    if slug not in gatherings:
        return None
    return Became(gatherings[slug], Outcome.read(outcome), datetime.fromisoformat(opens) if opens else None)


def _form(visit: Visit, found: Programme, typed: TypedMany, nonce: str, refusal: Refusal | None = None) -> Response:
    gatherings = _gatherings(found)
    left = seats.left(one.id for one in gatherings)
    listings = tuple(Listing.of(one, visit.now, left.get(one.id, {})) for one in gatherings)
    faults = refusal.faults if isinstance(refusal, Invalid) else ()
    screen = ProgrammeRegisterScreen(
        title=found.title,
        path=f"/forloeb/{found.slug}",
        listings=tuple(one for one in listings if one.standing in (Standing.OPEN, Standing.WAITING)),
        later=tuple(one for one in listings if one.standing is Standing.NOT_YET),
        libraries=LibraryChoice.all(bootstrap.libraries()),
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
