"""Somebody fills in everything that can be filled in, is erased, and has left no trace."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from events.routes import QueueName
from shared.attendance.service import mark_all
from shared.bootstrap import web as bootstrap
from shared.certificates.service import issue
from shared.gatherings.model import Gathering, Window
from shared.gatherings.questions import Question, QuestionKind
from shared.gatherings.rounds import Round, Who
from shared.links import Purpose
from shared.mailboxes.model import Topic
from shared.messaging.outbox import unsent_since
from shared.messaging.relay import relay
from shared.messaging.sqs import Queues
from shared.notify.dynamo import DynamoLedger
from shared.notify.model import MailId, MailKind, turn
from shared.privacy.model import Heading, records
from shared.registration import changes, correcting
from shared.registration.applying import Booker
from shared.registration.joining import join
from shared.registration.model import Actor, By, Status
from shared.roles import Role
from tests.support import aws, traces
from tests.support.api_gateway import Answer
from tests.support.builders import NETWORK, NOW, a_gathering, a_session, an_application
from tests.support.site import Site
from tests.support.stores import COORDINATOR, PERSON

NAME: Final = "Åse Ærø"
EMAIL: Final = "Aase.Aeroe@herning.example.org"
COLLEAGUE: Final = {
    "name": "Deltager 2",
    "email": "deltager2@herning.example.org",
    "library": "765700",
    "role": "staff",
}
COLLEAGUE_BOOKS: Final = {"name": "Deltager 3", "email": "deltager3@herning.example.org"}
EVERYTHING: Final = {
    "name": NAME,
    "email": EMAIL,
    "library": "765700",
    "role": "leader",
    "answers": {"wish": "Helst tæt på Åse Ærøs plads"},
    "needs": {"diet": "Ingen nødder", "accommodation": "Teleslynge"},
}
NOTE: Final = "Ring til Åse Ærø"
LIST: Final = f"Navn;E-mail;Bibliotek\n{NAME};{EMAIL};Herning\n"
FORMER: Final = "aa.aeroe@herning.example.org"
OUT_OF_TURN: Final = "Åse Ærø holder oplæg"
WORDS: Final = ("holder oplæg", "Helst tæt på", "Ring til", "Ingen nødder", "Teleslynge", "5790000000005", "Kontor 4")
FOR_A_DAY: Final = ("LIMIT#", "IDEMPOTENCY#")
"""What may tell of somebody for a day, by keyed hashes."""

API: Final = "/api/v1/coordinator"
DAY: Final = timedelta(days=1)


def plan(site: Site) -> list[Gathering]:
    """Gatherings of every kind that somebody can leave traces in."""
    questions = (Question("wish", QuestionKind.TEXT, {"da": "Ønsker?"}),)
    full: dict[str, Any] = {"questions": questions, "asks_needs": True, "asks_invoice_reference": True}
    invited = Round("invited", {"da": "Inviterede"}, NOW - DAY, who=Who(emails=(EMAIL.casefold(),)))
    return [
        site.publish(a_gathering(slug="alt", **full)),
        site.publish(a_gathering(slug="kollega")),
        site.publish(a_gathering(slug="venteliste", capacity=1, waiting_list=True)),
        site.publish(a_gathering(slug="fuldt", capacity=1)),
        site.publish(a_gathering(slug="tur", capacity=1, waiting_list=True)),
        site.publish(a_gathering(slug="skift")),
        site.publish(a_gathering(slug="inviterede", rounds=(invited,))),
        site.publish(a_gathering(slug="senere", registration=Window(opens_at=NOW + DAY))),
    ]


def register(site: Site, slug: str, *people: dict[str, Any], **more: Any) -> Answer:
    body = {"participants": list(people)} | more
    answer = site.post(f"/api/v1/gatherings/{slug}/registrations", body, idempotency_key=f"{slug}-{len(people)}")
    assert answer.status == 201, answer.text
    return answer


def fill_in(site: Site, plain: dict[str, Any]) -> None:
    """Do everything that leaves something behind."""
    booker = {"name": NAME, "email": EMAIL}
    register(site, "alt", EVERYTHING, invoice={"gln": "5790000000005", "reference": "Kontor 4"})
    register(site, "kollega", COLLEAGUE, plain | {"name": f"{NAME} 2"}, booker=booker)
    register(site, "venteliste", COLLEAGUE)
    register(site, "venteliste", plain, plain | {"name": f"{NAME} 2"}, group="as_many")
    register(site, "fuldt", COLLEAGUE, plain, booker=COLLEAGUE_BOOKS, group="as_many")
    register(site, "inviterede", plain)
    [first, *_] = bootstrap.registrations().of_person(bootstrap.hashed()(f"mailbox|{EMAIL.casefold()}"))
    key = (first.gathering_id, first.id)
    changes.note(key, NOTE, COORDINATOR, around=bootstrap.surroundings(), now=NOW, correlation_id="correlation")
    for one in bootstrap.registrations().of_person(first.person):
        online = bootstrap.gatherings().get(one.gathering_id)
        there, at, around = (one.gathering_id, one.id), online.starts_at, bootstrap.surroundings()
        join(there, online.sessions[0], around=around, now=at, correlation_id="correlation")
    seated = next(one for one in bootstrap.registrations().of_person(first.person) if one.status is Status.CONFIRMED)
    attend(seated.gathering_id, seated.id)
    bootstrap.mailboxes().choose(first.person, frozenset({Topic.MESSAGES}), now=NOW)
    change_hands(site)
    assert site.post("/api/v1/gatherings/senere/interest", {"email": EMAIL}).status == 202
    assert site.post_form("/mine", {"email": EMAIL}).status == 200


def attend(gathering_id: str, registration_id: str) -> None:
    """Note that the person was there, and write, and give a certificate."""
    gathering, store = bootstrap.gatherings().get(gathering_id), bootstrap.registrations()
    session, after = gathering.sessions[0], gathering.ends_at
    mark_all(gathering, session.id, {registration_id: True}, store=store, now=after)
    issued = issue(
        replace(gathering, certificate_share=1),
        registrations=store,
        programmes=bootstrap.programmes(),
        store=bootstrap.certificates(),
        now=after,
        correlation_id="correlation",
    )
    assert issued == 1
    mail, one = MailId(gathering_id, registration_id, MailKind.MESSAGE, "one"), store.get(gathering_id, registration_id)
    DynamoLedger().claim([mail], now=NOW, turns={mail: turn(one.person, NOW, NETWORK.zone)})


def change_hands(site: Site) -> None:
    """Seat the person out of turn, take over a seat under another address, and give one to a colleague."""
    # With the key that the pages go by.
    site.desk.around = bootstrap.surroundings()
    store = bootstrap.gatherings()
    exception, seat = (store.get(store.id_of(slug)) for slug in ("tur", "skift"))
    somebody = an_application(name="Deltager 4", email="deltager4@herning.example.org")
    mine = an_application(name=NAME, email=FORMER)
    seated = site.desk.register(exception, somebody)
    waiting = site.desk.register(exception, mine)
    site.desk.cancel(exception, seated.registration_id)
    site.desk.do(
        changes.seat_out_of_turn, exception, waiting.registration_id, By(Actor.COORDINATOR, "one", OUT_OF_TURN)
    )
    site.desk.do(correcting.change_address, exception, waiting.registration_id, EMAIL, PERSON)
    theirs = site.desk.register(seat, somebody)
    holder = theirs.registration_id
    for name, email in ((NAME, EMAIL), ("Deltager 3", "deltager3@herning.example.org")):
        allowance = site.desk.allowance
        holder = site.desk.do(changes.hand_over, seat, holder, name, email, PERSON, allowance=allowance).id


def invite_and_import(site: Site, gathering: Gathering) -> None:
    """Do what coordinators do with the address: invite, begin to invite, begin to import, and import."""
    api, desk = site.signed_in(Role.COORDINATOR), site.at_the_desk(Role.COORDINATOR)
    assert api.post(f"{API}/gatherings/{gathering.id}/invitations", {"emails": [EMAIL]}).status == 201
    pasted = desk.send_desk_form(
        f"/tovholder/arrangementer/{gathering.id}/invitationer", {"emails": EMAIL, "language": "da"}
    )
    assert pasted.status == 303
    participants = {"kind": "participants", "gathering": gathering.id, "text": LIST}
    shown, confirmed = (api.post(f"{API}/imports", participants) for _ in range(2))
    assert shown.status == confirmed.status == 201, shown.text
    assert api.post(f"{confirmed.headers['location']}/confirm").status == 200


def link(person: str) -> str:
    return bootstrap.links().token(Purpose.MINE, person, expires=NOW + 7 * DAY)


def press_the_button(site: Site, token: str) -> Answer:
    page = site.get(f"/mine/{token}/data")
    return site.post_form(f"/mine/{token}/data", {"csrf": page.field("csrf"), "sure": "yes"})


def deliver(site: Site) -> None:
    """Bring facts to their queues."""
    queues = Queues(aws.client("sqs"), aws.QUEUE_URLS)
    relay(list(unsent_since(site.clock.now + DAY)), queues=queues, mark_sent=lambda ids: None)


def test_who_is_erased_leaves_no_trace(site: Site) -> None:
    gatherings = plan(site)
    plain = {name: EVERYTHING[name] for name in ("name", "email", "library", "role")}
    fill_in(site, plain)
    invite_and_import(site, gatherings[-1])
    secret = bootstrap.hashed()
    person = secret(f"mailbox|{EMAIL.casefold()}")
    mine = bootstrap.registrations().of_person(person)
    [invitation] = bootstrap.invitations().of_gathering(gatherings[-1].id)
    noted = [MailId(one.gathering_id, one.id, MailKind.CONFIRMATION, "one") for one in mine]
    noted.append(MailId(invitation.gathering_id, invitation.id, MailKind.INVITATION, "one"))
    DynamoLedger().claim(noted, now=NOW)
    ids = [one.id for one in gatherings]
    made = {
        text
        for name in (NAME, f"{NAME} 2")
        for text in traces.hashes(secret, email=EMAIL, name=name, gathering_ids=ids)
    }
    written = {text for one in (NAME, EMAIL, FORMER, *WORDS) for text in traces.spellings(one)}
    before = traces.simulated(lasting_beyond=NOW)
    kept = {attribute for row in aws.rows() for attribute in row}
    mails = [f"MAIL#{mail.subject_id}" for mail in noted]

    answer = press_the_button(site, link(person))
    deliver(site)
    # Limits and answered requests are gone after a day, at the latest.
    at_once = traces.simulated(lasting_beyond=NOW)
    after = [part for part in at_once if not any(kind in part for kind in FOR_A_DAY)]

    assert answer.status == 303
    assert traces.found([*written, *made, *mails], after) == {}
    assert traces.found([*written, *mails], at_once) == {}
    assert traces.found(FOR_A_DAY, traces.simulated(lasting_beyond=NOW + DAY)) == {}
    # What is looked for was there: else it is no wonder that nothing is found.
    of_participants = (record for record in records() if record.heading is not Heading.STAFF)
    assert {name for one in of_participants for names in one.kept_in.values() for name in names} <= kept
    seen = traces.found([*written, *made, *mails], before)
    assert all(traces.spellings(text) & seen.keys() for text in (NAME, EMAIL, FORMER, *WORDS))
    assert {person, *mails} <= seen.keys()
    assert traces.found(FOR_A_DAY, at_once).keys() == set(FOR_A_DAY)
    assert len(made & seen.keys()) == 11


def test_others_keep_their_seats_and_the_line_moves(site: Site) -> None:
    plan(site)
    plain = {name: EVERYTHING[name] for name in ("name", "email", "library", "role")}
    fill_in(site, plain)
    secret = bootstrap.hashed()

    press_the_button(site, link(secret(f"mailbox|{EMAIL.casefold()}")))

    left = bootstrap.registrations().of_person(secret(f"mailbox|{COLLEAGUE['email']}"))
    assert sorted(one.status for one in left) == ["confirmed"] * 3
    assert any(one.booking_id is not None for one in left)
    deliver(site)
    assert aws.take(QueueName.MOVE_LINE)


def test_what_counts_is_left_without_the_person(site: Site) -> None:
    past = site.publish(a_gathering(slug="holdt", sessions=(a_session("2026-09-02T09:00"),)))
    register(site, "holdt", {name: EVERYTHING[name] for name in ("name", "email", "library", "role")})
    site.clock.advance(2 * DAY)

    token = link(bootstrap.hashed()(f"mailbox|{EMAIL.casefold()}"))
    press_the_button(site, token)

    [tombstone] = [row for row in aws.rows() if row["sk"]["S"].startswith("TOMBSTONE#")]
    assert tombstone["pk"]["S"] == f"GATHERING#{past.id}"
    assert tombstone["library"]["S"] == "765700"
    assert tombstone["first_ever"]["BOOL"]
    assert site.get(f"/mine/{token}/data.json").json().keys() == {"made_at"}


def test_who_never_signed_up_leaves_no_trace_and_the_line_moves(site: Site) -> None:
    gathering = site.publish(a_gathering(slug="venteliste", capacity=1, waiting_list=True))
    colleague = COLLEAGUE["email"]
    booker = Booker(COLLEAGUE["name"], colleague)
    application = an_application(name=NAME, email=EMAIL, library="765700", role="leader")
    [booked] = site.desk.book(gathering, application, booker=booker)
    site.desk.register(gathering, an_application(name=COLLEAGUE["name"], email=colleague))
    assert booked.registration_id is not None
    token = site.link(gathering, booked.registration_id)
    deliver(site)
    for queue in QueueName:
        aws.take(queue)

    csrf = site.get(f"/tilmelding/{token}/afmelding").field("csrf")
    answer = site.post_form(f"/tilmelding/{token}/ikke-mig", {"csrf": csrf})
    deliver(site)

    assert answer.status == 303
    assert site.get(answer.headers["location"]).status == 200
    person = bootstrap.hashed()(f"mailbox|{EMAIL.casefold()}")
    written = {text for one in (NAME, EMAIL) for text in traces.spellings(one)}
    assert aws.take(QueueName.MOVE_LINE)
    assert site.desk.move_line(gathering) == 1
    assert traces.found([*written, person], traces.simulated(lasting_beyond=NOW + DAY)) == {}
