"""Screens for every page, true to life, the difficult cases included: what templates are tried on."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final, NamedTuple

from chalicelib import render
from chalicelib.certificates import printed
from chalicelib.forms.programme_registering import Chosen, TypedMany
from chalicelib.forms.registering import Person, Typed
from chalicelib.mine_screens import NoticeScreen
from chalicelib.narrator import RoundInWords, TrackInWords
from chalicelib.programme_screens import ProgrammeScreen
from chalicelib.screens import (
    BookingScreen,
    CancelScreen,
    ErrorScreen,
    ForgottenScreen,
    GatheringScreen,
    GatheringsScreen,
    IndexScreen,
    JoinScreen,
    LibraryChoice,
    Listing,
    MovedScreen,
    Outcome,
    OwnScreen,
    PrivacyScreen,
    Problem,
    ReceiptScreen,
    RegisterScreen,
    Screen,
)
from chalicelib.views.certificates import AskScreen, CertificateScreen
from chalicelib.views.programme_registration import Became, ProgrammeReceiptScreen, ProgrammeRegisterScreen
from shared import i18n, network
from shared.certificates.model import Certificate, CertificateNotFound
from shared.gatherings.model import Gathering, Kind, Place, Session, State, Window
from shared.gatherings.questions import Condition, Option, Question, QuestionKind
from shared.gatherings.rounds import Round, Who
from shared.programmes.model import Programme
from shared.refusals import Fault
from shared.registration.joining import Door
from shared.registration.model import Actor, Awaits, By, Registration, Status, What
from shared.registration.placing import Left
from shared.registration.ports import LeftOut, Overtaking, Receipt
from tests.support.builders import a_registration
from tests.support.sample_mine import MINE

NETWORK: Final = network.load()
NOW: Final = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


class Sample(NamedTuple):
    """A screen on its template, at its address."""

    template: str
    screen: Screen
    path: str
    status: int = 200

    def html(self, language: str) -> str:
        """Return the page in a language."""
        voice = i18n.voice(language, NETWORK.languages, NETWORK.time_zone)
        return render.page(self.template, self.screen, voice=voice, network=NETWORK, path=self.path, status=self.status)


def a_session(start: str, end: str, *, id: str = "one", title: dict[str, str] | None = None) -> Session:
    """Return a session from `2026-10-05T09:00` to a time of the same day."""
    starts = datetime.fromisoformat(start)
    ends = datetime.fromisoformat(f"{start[:10]}T{end}")
    return Session(id=id, title=title or {}, starts=starts, ends=ends, zone="Europe/Copenhagen")


WEBINAR: Final = Gathering(
    id="webinar",
    slug="verdensmaal-og-citizen-science",
    kind=Kind.WEBINAR,
    title={"da": "Verdensmål og citizen science", "en": "The Global Goals and citizen science"},
    summary={
        "da": "Hvordan låner biblioteket kikkerter, prøveglas og nysgerrighed ud? To kommuner fortæller, "
        "hvad der virkede.",
        "en": "How does a library lend out binoculars and curiosity? Two municipalities tell what worked.",
    },
    description={
        "da": "Når borgere er med til at samle viden, bliver biblioteket et sted, hvor forskning **sker**."
        "\n\n# Du lærer\n\n- at finde et projekt, der passer til jeres bibliotek\n"
        "- at få skoler og foreninger med\n"
        "- at måle, hvad I fik ud af det\n\n"
        "## Før webinaret\n\nSkriv gerne *ét* spørgsmål, som I vil have svar på. "
        "Læs mere på [netværkets sider](https://db2030.example.org/citizen-science).\n\n"
        "> Vi troede, vi skulle lære dem noget. Det blev omvendt.\n"
    },
    speakers={"da": "En bibliotekar fra Aarhus og en forsker", "en": "A librarian from Aarhus and a researcher"},
    sessions=(a_session("2026-10-05T09:00", "11:30"),),
    contact="tovholder@db2030.example.org",
    state=State.PUBLISHED,
    online_link="https://moede.example.org/hemmeligt-rum",
    accessibility={"da": "Webinaret tekstes direkte på dansk. Slides sendes ud dagen før."},
    is_recorded=True,
    capacity=300,
    themes=("citizen-science", "partnerskaber"),
    goals=(4, 13, 17),
)

INSPIRATION_DAY: Final = replace(
    WEBINAR,
    id="herning",
    slug="inspirationsdag-i-herning",
    kind=Kind.INSPIRATION_DAY,
    title={
        "da": "Inspirationsdag: Ét bibliotek, sytten verdensmål",
        "en": "Inspiration day: one library, seventeen goals",
    },
    summary={"da": "En hel dag med eksempler, som I kan tage med hjem og bruge i morgen."},
    sessions=(a_session("2026-11-12T09:30", "15:30"),),
    place=Place("Herning Bibliotek", "Østergade 8, 7400 Herning"),
    online_link=None,
    is_recorded=False,
    accessibility={
        "da": "- Niveaufri adgang fra Østergade, elevator til 1. sal og handicaptoilet\n"
        "- Teleslynge i salen\n"
        "- Tegnsprogstolk, hvis du skriver til os senest 14 dage før"
    },
    capacity=80,
    registration=Window(closes_at=datetime(2026, 10, 29, 11, 0, tzinfo=UTC)),
    asks_invoice_reference=True,
    price_text={"da": "1.000 kr. pr. deltager. Vi sender en e-faktura bagefter."},
    programme_sheet="/materialer/program-herning.pdf",
    goals=tuple(range(1, 18)),
)

FESTIVAL: Final = replace(
    INSPIRATION_DAY,
    id="festival",
    slug="vidensfestival-i-ballerup",
    kind=Kind.FESTIVAL,
    title={"da": "Vidensfestival i Ballerup: unge stemmer"},
    summary={"da": "Hør, hvad unge selv siger, og tag deres ideer med hjem til biblioteket."},
    place=Place("Baltoppen LIVE", "Baltorpvej 20, 2750 Ballerup"),
    online_link="https://moede.example.org/festival",
    is_recorded=True,
    price_text={},
    asks_invoice_reference=False,
    sessions=(
        a_session("2026-10-22T09:00", "15:00", title={"da": "Festivaldag"}),
        a_session("2026-10-29T13:00", "15:00", id="two", title={"da": "Opsamling online"}),
        a_session("2027-01-14T13:00", "15:00", id="three", title={"da": "Hvad blev det til?"}),
    ),
    registration=Window(opens_at=datetime(2026, 9, 15, 8, 0, tzinfo=UTC)),
)

COURSE: Final = replace(
    WEBINAR,
    id="course",
    slug="design-thinking-med-et-baeredygtigt-lag",
    kind=Kind.COURSE,
    title={"da": "Design thinking med et bæredygtigt lag"},
    summary={"da": "Tre formiddage, hvor I former en idé, prøver den af og lægger bæredygtighed oveni."},
    goals=(),
    themes=(),
    capacity=24,
)

WORKSHOP: Final = replace(
    COURSE,
    id="workshop",
    slug="psykologiske-faktorer",
    kind=Kind.WORKSHOP,
    title={"da": "Psykologiske faktorer: hvorfor gør vi ikke bare det, vi ved er rigtigt?"},
    summary={},
    description={},
    sessions=(a_session("2026-12-02T10:00", "12:00"),),
)

PAST: Final = replace(
    WEBINAR,
    id="past",
    slug="bibliotekets-klimahandleplan",
    title={"da": "Bibliotekets klimahandleplan"},
    sessions=(a_session("2026-03-23T09:00", "11:30"),),
)

OPEN: Final = Listing(WEBINAR, NOW, seats_left=212)
FEW: Final = Listing(INSPIRATION_DAY, NOW, seats_left=3)
NOT_YET: Final = Listing(FESTIVAL, NOW, seats_left=80)
FULL: Final = Listing(COURSE, NOW, seats_left=0)
CANCELLED: Final = Listing(replace(WORKSHOP, state=State.CANCELLED), NOW, seats_left=20)
HELD: Final = Listing(PAST, NOW, seats_left=None)

COMING: Final = (OPEN, FULL, NOT_YET, FEW, CANCELLED)

LIBRARIES: Final = (
    *(
        LibraryChoice(one.library, one.name, one.aliases)
        for one in sorted(NETWORK.areas.municipalities, key=lambda one: i18n.danish_order(one.name))
    ),
    *(LibraryChoice(one.number, one.name, one.aliases, is_municipal=False) for one in NETWORK.libraries.others),
)

QUESTIONS: Final = (
    Question(
        "scene",
        QuestionKind.CHOICE,
        {"da": "Hvilken scene vil du helst se?"},
        required=True,
        options=(Option("stor", {"da": "Store scene"}), Option("unge", {"da": "Unges scene"})),
    ),
    Question(
        "oplaeg",
        QuestionKind.TEXT,
        {"da": "Hvad vil du høre de unge om?"},
        help={"da": "Skriv gerne kort."},
        shown_if=Condition("scene", ("unge",)),
    ),
    Question(
        "dage",
        QuestionKind.CHOICES,
        {"da": "Hvornår kan du hjælpe?"},
        options=(Option("foer", {"da": "Dagen før"}), Option("efter", {"da": "Dagen efter"})),
    ),
    Question("taler", QuestionKind.YES_NO, {"da": "Vil du sige noget selv?"}),
)

SEMINAR: Final = replace(
    INSPIRATION_DAY,
    id="seminar",
    slug="verdensmaalsseminar",
    title={"da": "Bibliotekernes verdensmålsseminar"},
    online_link="https://moede.example.org/seminar",
    on_site_capacity=40,
    online_capacity=200,
    waiting_list=True,
    questions=QUESTIONS,
    asks_needs=True,
    sessions=(
        a_session("2026-11-12T09:00", "12:00", title={"da": "Fælles dag online"}),
        replace(a_session("2026-11-19T10:00", "16:00", id="two", title={"da": "Ballerup"}), choose_one_of="Landsdel"),
        replace(a_session("2026-11-26T10:00", "16:00", id="three", title={"da": "Herning"}), choose_one_of="Landsdel"),
    ),
)
WAITING: Final = Listing(SEMINAR, NOW, seats_left=0)
PARTLY_FULL: Final = Listing.of(
    SEMINAR, NOW, {"whole": 90, "on_site": 0, "online": 80, "session-two": 0, "session-three": 12}
)
KEPT: Final = Listing.of(
    replace(
        INSPIRATION_DAY, rounds=(Round("first", {"da": "Ledere"}, NOW, who=Who(roles=("leader",)), reserved_seats=5),)
    ),
    NOW,
    {"whole": 0, "round-first": 5},
)
CHOOSING: Final = Listing(replace(SEMINAR, sessions=FESTIVAL.sessions, choose_sessions=True), NOW, seats_left=9)

EMPTY_FORM: Final = RegisterScreen(
    OPEN, LIBRARIES, idempotency_key="b7e0c3", kept_until=date(2027, 10, 5), needs_kept_until=date(2026, 10, 8)
)

SOMEBODY: Final = Person(
    name="<b>Åse-rollen Ærø Østergård</b>",
    email="aase@herning",
    library="765700",
    role="staff",
    gln="579000",
    reference='Konto "17" & co.',
)
TYPED: Final = Typed((SOMEBODY,))

FAULTY_FORM: Final = replace(
    EMPTY_FORM,
    listing=FEW,
    typed=TYPED,
    faults=(
        Fault("participants.0.name", "Write the name."),
        Fault("participants.0.email", "This is not an e-mail address. It should look like name@library.dk."),
        Fault("participants.0.library", "Choose the library."),
        Fault("participants.0.role", "Choose staff or leader."),
        Fault("participants.0.gln", "An EAN/GLN number has 13 digits, and this one is mistyped."),
    ),
)

BUSY_FORM: Final = replace(
    EMPTY_FORM,
    typed=TYPED,
    problem=Problem("We are very busy right now. Nothing was saved; try again in a moment.", retry_after=20),
)

NOT_YOURS_YET: Final = replace(
    EMPTY_FORM,
    typed=TYPED,
    problem=Problem("Registration is not open to you at the moment.", opens_at=datetime(2026, 9, 20, 7, tzinfo=UTC)),
)

ASKING_FORM: Final = replace(
    EMPTY_FORM,
    listing=PARTLY_FULL,
    typed=Typed((replace(SOMEBODY, mode="online", sessions=("three",)),)),
    faults=(Fault("participants.0.answers.scene", "This question needs an answer."),),
)

GROUP_FORM: Final = replace(
    EMPTY_FORM,
    listing=WAITING,
    typed=Typed((SOMEBODY, Person(name="Kollega 2"), Person()), group=True, booker_name="Lone Leder", together=False),
    faults=(
        Fault("booker.email", "Write the work e-mail address."),
        Fault("participants.1.email", "Write the work e-mail address."),
        Fault("participants.2.name", "Write the name."),
        Fault("participants.2.sessions", "Choose one of the sessions that take turns."),
    ),
)


def a_person(status: Status, listing: Listing, **changes: object) -> Registration:
    """Return somebody's registration in a state."""
    made = a_registration(listing.gathering, name="<b>Åse-rollen</b>", status=status)
    return replace(made, **changes)  # type: ignore[arg-type]


def an_ended(what: What, actor: Actor = Actor.PARTICIPANT) -> Registration:
    """Return somebody's registration after its end."""
    return a_person(Status.CONFIRMED, OPEN).ended(what, By(actor), NOW)


IN_A_WEEK: Final = datetime(2026, 9, 8, 14, 0, tzinfo=UTC)

CONFIRMED: Final = OwnScreen(
    OPEN,
    a_person(Status.CONFIRMED, OPEN),
    "t0k3n",
    csrf="c5rf",
    library="Herning",
    ways_in=((WEBINAR.sessions[0], "/deltag/t0k3n"),),
    needs_kept_until=date(2026, 10, 8),
)

OF_SOMEBODY: Final = Certificate(
    "abcdefghijklmnop", "past", "somebody", PAST.title, (PAST.starts_at, PAST.ends_at), 150, (4, 13), NOW
)
CERTIFICATE: Final = CertificateScreen(
    OF_SOMEBODY,
    printed(
        OF_SOMEBODY,
        "<b>Åse-rollen Ærø Østergård</b>",
        voice=i18n.voice("da", NETWORK.languages, NETWORK.time_zone),
        network=NETWORK,
        url="https://tovholder.example.org/bevis/abcdefghijklmnop",
    ),
)

OWN_PAGES: Final = {
    "confirmed": CONFIRMED,
    "asked": replace(
        CONFIRMED,
        listing=WAITING,
        mine=a_person(Status.CONFIRMED, WAITING, booking_id="booking", unproven="domain"),
        booker="Lone Leder",
        asked=QUESTIONS[:1],
        faults=(
            Fault("answers.scene", "This question needs an answer."),
            Fault("colleague-name", "Write the name."),
            Fault("email", "Write the work e-mail address."),
        ),
    ),
    "choosing": replace(CONFIRMED, listing=CHOOSING, mine=a_person(Status.CONFIRMED, CHOOSING), sessions=("one",)),
    "unproven": replace(CONFIRMED, mine=a_person(Status.CONFIRMED, OPEN, unproven="domain")),
    "pending": replace(
        CONFIRMED,
        mine=a_person(Status.PENDING, OPEN, awaits=frozenset({Awaits.PROOF}), unproven="domain", deadline=IN_A_WEEK),
    ),
    "awaiting": replace(
        CONFIRMED,
        mine=a_person(Status.PENDING, OPEN, awaits=frozenset({Awaits.LIBRARY, Awaits.APPROVAL}), deadline=IN_A_WEEK),
    ),
    "waiting": replace(
        CONFIRMED,
        listing=WAITING,
        mine=a_person(Status.WAITLISTED, WAITING, place=7),
        position=3,
        overtaken=(Overtaking("exception", 9, NOW, "Oplægsholder"),),
    ),
    "offered": replace(CONFIRMED, mine=a_person(Status.OFFERED, OPEN, deadline=IN_A_WEEK)),
    "offer-over": replace(
        CONFIRMED,
        mine=a_person(Status.EXPIRED, OPEN),
        problem=Problem("The offer has ended, and the seat has gone on to the next in line."),
    ),
    "cancelled": replace(CONFIRMED, mine=an_ended(What.CANCELLED)),
    "handed-over": replace(CONFIRMED, mine=an_ended(What.HANDED_OVER, Actor.BOOKER), booker="Lone Leder"),
    "declined": replace(CONFIRMED, mine=an_ended(What.REJECTED, Actor.COORDINATOR)),
    "moved-on": replace(CONFIRMED, mine=an_ended(What.MOVED, Actor.COORDINATOR)),
    "called-off": replace(CONFIRMED, listing=CANCELLED, mine=a_person(Status.CONFIRMED, CANCELLED)),
    "held": replace(CONFIRMED, listing=HELD, mine=a_person(Status.CONFIRMED, HELD)),
}

IN_EVERY_STATE: Final[dict[Status, dict[str, object]]] = {
    Status.CONFIRMED: {"claimed_at": NOW},
    Status.PENDING: {"deadline": IN_A_WEEK},
    Status.WAITLISTED: {"place": 4},
    Status.OFFERED: {"deadline": IN_A_WEEK},
    Status.CANCELLED: {},
    Status.EXPIRED: {},
}
BOOKED: Final = tuple(
    a_person(status, WAITING, id=f"person-{status}", booking_id="receipt", **more)
    for status, more in IN_EVERY_STATE.items()
)
LEFT_OUT: Final = tuple(LeftOut(f"<b>Kollega {at}</b>", "hash", why) for at, why in enumerate(Left))

BOOKING: Final = BookingScreen(
    WAITING,
    Receipt("receipt", "seminar", "Lone Leder", "lone@herning.example.org", "hash", "da", (), NOW, LEFT_OUT),
    (*BOOKED, a_person(Status.CONFIRMED, WAITING, id="there-before")),
    {"person-waitlisted": 4},
    "t0k3n",
    "c5rf",
    faults=(Fault("colleague-name", "Write the name."),),
    about="person-pending",
    typed={"colleague-email": "ny@herning.example.org"},
)

FIRST_ROUND: Final = RoundInWords(
    {"da": "Certificeringsbibliotekerne", "en": "Certification libraries"},
    "For biblioteker, der er certificerede eller i gang med certificeringen.",
    "Åben til tirsdag den 8. september 2026 kl. 10.00.",
    "5 pladser i hvert arrangement er forbeholdt denne runde indtil tirsdag den 8. september 2026 kl. 10.00.",
)

PROGRAMME: Final = ProgrammeScreen(
    themes=("Borgerforskning",),
    programme=Programme(
        id="programme",
        slug="verdensmaal-i-praksis",
        title={"da": "Verdensmål i praksis", "en": "The Global Goals in practice"},
        summary={"da": "Et forløb for biblioteker, der vil certificeres, er i gang eller er det allerede."},
        description={
            "da": "Vælg selv, hvilke arrangementer du deltager i.\n\n# Sådan gør du\n\n- tilmeld dig\n- mød op"
        },
        starts_on=date(2026, 9, 7),
        ends_on=date(2027, 1, 29),
        contact="tovholder@db2030.example.org",
        state=State.PUBLISHED,
        owner_group="Kompetencegruppen",
        themes=("citizen-science", "partnerskaber"),
    ),
    period="mandag den 7. september 2026 til fredag den 29. januar 2027",
    tracks=(
        TrackInWords({"da": "Medarbejdere"}, "For medarbejdere.", ()),
        TrackInWords({"da": "Ledere"}, "For ledere.", (replace(FIRST_ROUND, name={"da": "Ledernes runde"}, kept=""),)),
    ),
    rounds=(FIRST_ROUND, RoundInWords({"da": "Alle andre"}, "For alle.", "Åbner 8. september kl. 10.00.")),
    coming=COMING,
    past=(HELD,),
    series={"@context": "https://schema.org", "@type": "EventSeries", "name": "Verdensmål i praksis"},
)


PROGRAMME_FORM: Final = ProgrammeRegisterScreen(
    title=PROGRAMME.programme.title,
    path=PROGRAMME.path,
    listings=(OPEN, WAITING),
    later=(NOT_YET,),
    libraries=LIBRARIES,
    idempotency_key="b7e0c3",
    typed=TypedMany(SOMEBODY, {SEMINAR.slug: Chosen(("three",), "online")}),
    faults=(Fault("gatherings", "Choose at least one gathering."), Fault("name", "Write the name.")),
)

PROGRAMME_RECEIPT: Final = ProgrammeReceiptScreen(
    title=PROGRAMME.programme.title,
    path=PROGRAMME.path,
    library="765700",
    role="staff",
    outcomes=(
        Became(WEBINAR, Outcome("confirmed")),
        Became(INSPIRATION_DAY, Outcome("pending", awaits=frozenset({"proof"}))),
        Became(SEMINAR, Outcome("waitlisted", 3)),
        Became(COURSE, Outcome("full")),
        Became(FESTIVAL, Outcome("not-eligible"), datetime(2026, 9, 20, 7, tzinfo=UTC)),
        Became(WORKSHOP, Outcome("fair-share-reached"), datetime(2026, 9, 22, 7, tzinfo=UTC)),
    ),
)

EVERY_OUTCOME: Final = tuple(
    Outcome(status, 3 if status == "waitlisted" else None, frozenset({"proof"} if status == "pending" else ()))
    for status in ("confirmed", "pending", "waitlisted", "offered", "full")
)
AWAITING: Final = Outcome("pending", awaits=frozenset({"library", "approval"}))


SAMPLES: Final = {
    "index": Sample("index.html", IndexScreen(COMING[:3]), "/"),
    "index-empty": Sample("index.html", IndexScreen(()), "/"),
    "gatherings": Sample("gatherings.html", GatheringsScreen(COMING, (HELD,)), "/arrangementer/"),
    **{
        f"gathering-{listing.standing}": Sample("gathering.html", GatheringScreen(listing), listing.path)
        for listing in (OPEN, FULL, WAITING, NOT_YET, CANCELLED, HELD)
    },
    "gathering-rounds": Sample(
        "gathering.html", GatheringScreen(OPEN, PROGRAMME.rounds, PROGRAMME.programme), OPEN.path
    ),
    "gathering-kept": Sample("gathering.html", GatheringScreen(KEPT), KEPT.path),
    "notice-rounds": Sample("notice.html", NoticeScreen(listing=KEPT, libraries=LIBRARIES), f"{KEPT.path}/besked"),
    "gathering-few": Sample("gathering.html", GatheringScreen(FEW), FEW.path),
    "register": Sample("register.html", EMPTY_FORM, f"{OPEN.path}/tilmelding"),
    "register-faulty": Sample("register.html", FAULTY_FORM, f"{FEW.path}/tilmelding", 422),
    "register-busy": Sample("register.html", BUSY_FORM, f"{OPEN.path}/tilmelding", 503),
    "register-not-yet": Sample("register.html", NOT_YOURS_YET, f"{OPEN.path}/tilmelding", 403),
    "register-asking": Sample("register.html", ASKING_FORM, f"{WAITING.path}/tilmelding", 422),
    "register-group": Sample("register.html", GROUP_FORM, f"{WAITING.path}/tilmelding", 422),
    "register-sessions": Sample("register.html", replace(EMPTY_FORM, listing=CHOOSING), f"{WAITING.path}/tilmelding"),
    "register-programme": Sample("register-programme.html", PROGRAMME_FORM, f"{PROGRAMME.path}/tilmelding", 422),
    "receipt-programme": Sample("receipt-programme.html", PROGRAMME_RECEIPT, f"{PROGRAMME.path}/tilmelding/kvittering"),
    **{
        f"receipt-{one.status}": Sample(
            "receipt.html", ReceiptScreen(OPEN, (one,)), f"{OPEN.path}/tilmelding/kvittering"
        )
        for one in EVERY_OUTCOME[:4]
    },
    "receipt-awaiting": Sample("receipt.html", ReceiptScreen(OPEN, (AWAITING,)), f"{OPEN.path}/tilmelding/kvittering"),
    "receipt-group": Sample("receipt.html", ReceiptScreen(OPEN, EVERY_OUTCOME), f"{OPEN.path}/tilmelding/kvittering"),
    **{f"registration-{name}": Sample("registration.html", one, one.path) for name, one in OWN_PAGES.items()},
    "booking": Sample("booking.html", BOOKING, BOOKING.path),
    "moved": Sample("moved.html", MovedScreen(), "/tilmelding/flyttet"),
    "forgotten": Sample("forgotten.html", ForgottenScreen(), "/tilmelding/slettet"),
    **{
        f"join-{one}": Sample(
            "join.html",
            JoinScreen(OPEN, OPEN.gathering.sessions[0], one, "/deltag/t0k3n", csrf="c5rf"),
            "/deltag/t0k3n",
        )
        for one in Door
    },
    "certificate": Sample("certificate.html", CERTIFICATE, CERTIFICATE.path),
    "certificate-of-nobody": Sample(
        "certificate.html", replace(CERTIFICATE, printed=replace(CERTIFICATE.printed, name="")), CERTIFICATE.path
    ),
    "certificate-taken-back": Sample(
        "certificate.html", replace(CERTIFICATE, certificate=CERTIFICATE.certificate.revoked(NOW)), CERTIFICATE.path
    ),
    "certificate-ask": Sample("certificate-ask.html", AskScreen(), "/bevis"),
    "certificate-unknown": Sample("certificate-ask.html", AskScreen("<b>abcd", CertificateNotFound()), "/bevis", 404),
    "cancel": Sample(
        "cancel.html",
        CancelScreen(OPEN, CONFIRMED.mine, "/tilmelding/t0k3n", csrf="c5rf"),
        "/tilmelding/t0k3n/afmelding",
    ),
    "cancel-for-another": Sample(
        "cancel.html",
        CancelScreen(OPEN, CONFIRMED.mine, "/tilmelding/gruppe/t0k3n", csrf="c5rf", mine=False),
        "/tilmelding/gruppe/t0k3n/afmelding",
    ),
    "programme": Sample("programme.html", PROGRAMME, PROGRAMME.path),
    "programme-cancelled": Sample(
        "programme.html",
        replace(
            PROGRAMME,
            programme=replace(PROGRAMME.programme, state=State.CANCELLED),
            tracks=(),
            rounds=(),
            coming=(),
            past=(),
        ),
        PROGRAMME.path,
    ),
    **{name: Sample(*one) for name, one in MINE.items()},
    "privacy": Sample("privacy.html", PrivacyScreen(NETWORK.legal.periods), "/privatliv"),
    "error-404": Sample(
        "error.html", ErrorScreen(404, "We could not find what you are looking for."), "/findes-ikke", 404
    ),
    "error-429": Sample(
        "error.html",
        ErrorScreen(429, "That was too many at once. Wait a little and try again.", retry_after=240),
        "/",
        429,
    ),
    "error-500": Sample("error.html", ErrorScreen(500, "Something went wrong here"), "/", 500),
}
