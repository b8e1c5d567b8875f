"""Telling people: no mail twice, none forgotten in silence. The same on the fake ledger and on the table."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from events.envelope import Envelope
from events.mail import MailFailed
from events.registration import (
    LinksRequested,
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationLinkRequested,
    RoundOpened,
)
from shared.gatherings.model import Gathering, Place
from shared.links import MINE_LIVES, LinkExpired, Purpose
from shared.notices.model import Interest, LinksRequest
from shared.notify import ports
from shared.notify.model import (
    SENDING_FOR,
    FollowUp,
    MailId,
    MailKind,
    MailState,
    Outcome,
    Refused,
    Sent,
    Throttled,
    Unknown,
    settle,
    turn,
)
from shared.notify.ports import Attempt, Claim
from shared.notify.service import Recorded, Told, record_report, settle_overdue, tell
from shared.registration import changes, correcting
from shared.registration.applying import Booker
from shared.registration.model import By, What
from tests.support.builders import NETWORK, NOW, a_fact, a_gathering, a_session, an_application, applicants
from tests.support.faults import EVERYTHING, FaultInjector
from tests.support.mails import LINKS, Mail, a_composer
from tests.support.memory_invitations import InMemoryInvitations
from tests.support.memory_mail import InMemoryMailer, InMemoryNotices
from tests.support.memory_mailboxes import InMemoryMailboxStore
from tests.support.memory_webinars import InMemoryWebinarStore
from tests.support.ses import a_bounce, a_complaint, a_delivery
from tests.support.stores import PERSON, Desk, Stores, everybody, in_the_table


class Office:
    """Where facts become mails."""

    def __init__(self, desk: Desk, *outcomes: Outcome) -> None:
        self.desk = desk
        self.stores = desk.stores
        self.mailer = InMemoryMailer(*outcomes)
        self.notices = InMemoryNotices()
        self.invitations = InMemoryInvitations()
        self.webinars = InMemoryWebinarStore()
        self.mailboxes = InMemoryMailboxStore()
        self.now = NOW

    def tell(self, *facts: Envelope[Any]) -> Told:
        return tell(
            facts,
            office=ports.Office(
                self.stores.registrations,
                self.stores.gatherings,
                self.notices,
                self.invitations,
                self.stores.messages,
                self.webinars,
                self.mailboxes,
                a_composer(),
                self.stores.ledger,
                self.mailer,
                NETWORK.zone,
                lambda owner: f"{owner}@example.org",
            ),
            now=self.now,
        )

    def sweep(self) -> int:
        return settle_overdue(ledger=self.stores.ledger, now=self.now, correlation_id="sweep")

    def report(self, body: str) -> Recorded:
        return record_report(body, ledger=self.stores.ledger, now=self.now, correlation_id="report")

    def states(self, fact: Envelope[Any]) -> list[MailState]:
        return [row.state for row in self.stores.ledger.history(fact.subject)]

    def facts(self, name: str) -> list[Envelope[Any]]:
        return [fact for fact in self.stores.facts() if fact.type == name]

    @property
    def failures(self) -> list[MailFailed]:
        return [fact.data for fact in sorted(self.facts("MailFailed"), key=lambda one: one.subject_version)]

    def newest(self, name: str, registration_id: str | None) -> Envelope[Any]:
        found = [fact for fact in self.facts(name) if fact.subject == registration_id]
        return max(found, key=lambda fact: fact.subject_version)

    @property
    def mails(self) -> list[Mail]:
        return [Mail.of(raw) for _, raw in self.mailer.sent]

    def entries(self) -> list[tuple[str, str, str]]:
        """Return who was mailed which calendar entries: address, session, and what became of it."""
        found = []
        for recipient, raw in self.mailer.sent:
            mail = Mail.of(raw)
            if mail.calendars:
                session = str(mail.event["UID"]).split("-", 1)[1]
                found.append((recipient.split("@")[0], session, str(mail.event["STATUS"])))
        return sorted(found)

    @property
    def subjects(self) -> list[str]:
        return [Mail.of(raw).header("Subject") for _, raw in self.mailer.sent]


@pytest.fixture
def gathering(desk: Desk) -> Gathering:
    return desk.publish(a_gathering(title={"da": "Kursus"}))


@pytest.fixture
def office(desk: Desk) -> Office:
    return Office(desk)


def confirmed(office: Office, gathering: Gathering, **changes: Any) -> Envelope[RegistrationConfirmed]:
    answer = office.desk.register(gathering, an_application(**changes))
    [fact] = [one for one in office.facts("RegistrationConfirmed") if one.subject == answer.registration_id]
    return fact


def cancelled(office: Office, fact: Envelope[Any], gathering: Gathering) -> Envelope[RegistrationCancelled]:
    office.desk.cancel(gathering, fact.subject)
    [gone] = [one for one in office.facts("RegistrationCancelled") if one.subject == fact.subject]
    return gone


def mail_of(fact: Envelope[Any], kind: MailKind = MailKind.CONFIRMATION, occurrence: str = "one") -> MailId:
    return MailId(fact.data.gathering_id, fact.data.registration_id, kind, occurrence)


def test_a_seat_is_confirmed_to_the_person(office: Office, gathering: Gathering) -> None:
    told = office.tell(confirmed(office, gathering))

    assert told == Told(set(), Counter({"sent": 1}))
    [(recipient, _)] = office.mailer.sent
    assert recipient == "deltager1@herning.example.org"
    assert office.subjects == ["Du er tilmeldt: Kursus"]


def test_the_same_fact_twice_is_one_mail(office: Office, gathering: Gathering) -> None:
    fact = confirmed(office, gathering)

    first, second = office.tell(fact), office.tell(fact)

    assert len(office.mailer.sent) == 1
    assert (first.again, second.again) == (set(), set())


def test_another_fact_that_says_the_same_is_no_other_mail(office: Office, gathering: Gathering) -> None:
    fact = confirmed(office, gathering)

    office.tell(fact, a_fact(fact.data, subject=fact.subject))
    office.tell(a_fact(fact.data, subject=fact.subject))

    assert len(office.mailer.sent) == 1


def test_each_session_has_a_mail_of_its_own(office: Office, desk: Desk) -> None:
    sessions = (a_session(), a_session("2026-11-05T09:00", id="two"))
    course = desk.publish(a_gathering(title={"da": "Kursus"}, sessions=sessions))

    office.tell(confirmed(office, course))

    assert sorted(office.subjects) == ["Du er tilmeldt: Kursus (1 af 2)", "Du er tilmeldt: Kursus (2 af 2)"]


def test_a_seat_given_back_is_told_too(office: Office, gathering: Gathering) -> None:
    first = confirmed(office, gathering)
    office.tell(first)

    office.tell(cancelled(office, first, gathering))

    assert len(office.subjects) == 2


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["in order", "in reverse"])
def test_who_cancelled_before_the_confirmation_left_gets_no_confirmation(
    office: Office, gathering: Gathering, order: Sequence[int]
) -> None:
    first = confirmed(office, gathering)
    facts: list[Envelope[Any]] = [first, cancelled(office, first, gathering)]

    for at in order:
        office.tell(facts[at])

    [mail] = office.mails
    assert mail.header("Subject") == "Du er afmeldt: Kursus"
    assert mail.calendars == [], "there is nothing to take out of a calendar"


def test_the_link_is_mailed_each_time_it_is_asked_for_and_once_each_time(office: Office, gathering: Gathering) -> None:
    first = confirmed(office, gathering)
    requests = [a_fact(RegistrationLinkRequested(**first.data.model_dump()), subject=first.subject) for _ in range(2)]

    for fact in (*requests, *requests):
        office.tell(fact)

    assert len(office.mailer.sent) == 2
    assert {tuple(Mail.of(raw).calendars) for _, raw in office.mailer.sent} == {()}


def test_a_batch_is_told_together(office: Office, gathering: Gathering) -> None:
    facts = [confirmed(office, gathering, name=one.name, email=one.email) for one in applicants(10)]

    told = office.tell(*facts)

    assert told.states == {"sent": 10}
    assert len({recipient for recipient, _ in office.mailer.sent}) == 10


def test_a_batch_for_a_course_of_many_days_is_told_whole(office: Office, desk: Desk) -> None:
    sessions = tuple(a_session(f"2026-10-01T{hour:02}:{minute:02}", id=f"at-{hour}-{minute}")
                     for hour in range(7, 19) for minute in (0, 20, 40))  # fmt: skip
    course = desk.publish(a_gathering(sessions=sessions))
    facts = [confirmed(office, course, name=one.name, email=one.email) for one in applicants(3)]

    told = office.tell(*facts)

    assert told == Told(set(), Counter({"sent": 108}))


def test_of_a_registration_that_is_erased_nobody_is_told(office: Office) -> None:
    fact = a_fact(RegistrationConfirmed(registration_id="erased", gathering_id="erased"))

    assert office.tell(fact) == Told(set(), Counter({}))


def test_a_throttled_mail_is_tried_again(desk: Desk, gathering: Gathering) -> None:
    office = Office(desk, Throttled(), Throttled())
    fact = confirmed(office, gathering)

    tries = [office.tell(fact) for _ in range(4)]

    assert [told.again for told in tries] == [{fact.id}, {fact.id}, set(), set()]
    assert len(office.mailer.sent) == 1
    assert office.failures == []


def test_a_mail_that_is_refused_again_and_again_is_made_known(desk: Desk, gathering: Gathering) -> None:
    office = Office(desk, *[Refused()] * 9)
    fact = confirmed(office, gathering)

    tries = [office.tell(fact) for _ in range(5)]

    assert [told.again for told in tries] == [{fact.id}, {fact.id}, set(), set(), set()]
    assert len(office.mailer.asked) == 3
    [failure] = office.failures
    assert (failure.problem, failure.registration_id, failure.kind) == ("refused", fact.subject, "confirmation")


def test_throttles_are_no_refusals(desk: Desk, gathering: Gathering) -> None:
    office = Office(desk, Throttled(), Throttled(), Throttled(), Refused())
    fact = confirmed(office, gathering)

    tries = [office.tell(fact) for _ in range(5)]

    assert tries[3].again == {fact.id}
    assert len(office.mailer.sent) == 1


def test_a_send_that_timed_out_is_never_repeated_and_is_made_known(desk: Desk, gathering: Gathering) -> None:
    office = Office(desk, Unknown())
    fact = confirmed(office, gathering)

    told = [office.tell(fact) for _ in range(3)]

    assert [one.again for one in told] == [set(), set(), set()]
    assert len(office.mailer.asked) == 1
    assert [failure.problem for failure in office.failures] == ["unknown"]


def test_of_a_batch_only_what_failed_comes_again(desk: Desk, gathering: Gathering) -> None:
    office = Office(desk, Sent("1"), Throttled(), Unknown())
    facts = [confirmed(office, gathering, name=one.name, email=one.email) for one in applicants(3)]

    told = office.tell(*facts)

    assert len(told.again) == 1
    assert told.states == {"sent": 1, "planned": 1, "unknown": 1}
    office.tell(*[fact for fact in facts if fact.id in told.again])
    assert len(office.mailer.asked) == 4


def test_a_crash_between_claiming_and_closing_is_found_by_the_sweep(office: Office, gathering: Gathering) -> None:
    fact = confirmed(office, gathering)
    office.stores.ledger.claim([mail_of(fact)], now=NOW)

    office.now = NOW + SENDING_FOR
    too_early = office.sweep()
    office.now += timedelta(seconds=1)
    swept = [office.sweep(), office.sweep()]

    assert (too_early, swept) == (0, [1, 0])
    assert [failure.problem for failure in office.failures] == ["unknown"]
    assert office.tell(fact).again == set()
    assert office.mailer.asked == []


def test_what_is_sent_is_never_swept(office: Office, gathering: Gathering) -> None:
    office.tell(confirmed(office, gathering))

    office.now += timedelta(days=1)

    assert office.sweep() == 0


def test_a_sender_that_was_given_up_on_comes_too_late_to_change_it(office: Office, gathering: Gathering) -> None:
    mail = mail_of(confirmed(office, gathering))
    [claim] = office.stores.ledger.claim([mail], now=NOW)
    office.now += SENDING_FOR * 2
    office.sweep()

    office.stores.ledger.close([an_attempt(claim, Sent("late"))], now=office.now)

    assert office.stores.ledger.find("late") is None
    assert len(office.failures) == 1


def an_attempt(claim: Claim, outcome: Outcome) -> Attempt:
    return Attempt(claim, outcome, settle(outcome, claim.number), "correlation")


def test_two_senders_never_hold_the_same_row(stores: Stores) -> None:
    mails = [MailId("gathering", f"registration{number}", MailKind.CONFIRMATION, "one") for number in range(3)]

    first = stores.ledger.claim(mails[:2], now=NOW)
    second = stores.ledger.claim(mails, now=NOW)

    assert [claim.mail for claim in first] == mails[:2]
    assert [claim.mail for claim in second] == mails[2:]
    assert stores.ledger.claim(mails, now=NOW) == []


def test_a_row_to_be_tried_again_is_claimed_by_one(stores: Stores) -> None:
    mail = MailId("gathering", "registration", MailKind.CONFIRMATION, "one")
    [claim] = stores.ledger.claim([mail], now=NOW)
    stores.ledger.close([an_attempt(claim, Throttled())], now=NOW)

    [again] = stores.ledger.claim([mail], now=NOW)

    assert again.number == 1, "a throttle is no attempt at this mail"
    assert again.version > claim.version
    assert stores.ledger.claim([mail], now=NOW) == []


def test_of_follow_ups_to_a_person_about_one_thing_the_first_is_it(stores: Stores) -> None:
    mails = [MailId(f"gathering{n}", f"registration{n}", MailKind.FOLLOW_UP, "programme") for n in range(3)]
    other = MailId("gathering3", "registration3", MailKind.FOLLOW_UP, "another")
    follow_ups = {mail: FollowUp("person", mail.occurrence) for mail in (*mails, other)}

    together = stores.ledger.claim(mails[:2], now=NOW, follow_ups=follow_ups)
    later = stores.ledger.claim([mails[2], other], now=NOW, follow_ups=follow_ups)

    assert [claim.mail for claim in (*together, *later)] == [mails[0], other]
    assert stores.ledger.history("registration1") == stores.ledger.history("registration2") == []


def test_a_follow_up_that_waits_for_its_turn_is_it_already(stores: Stores) -> None:
    thanks = MailId("gathering", "registration", MailKind.THANKS, "thanks-pm60")
    mails = [MailId(f"gathering{n}", f"registration{n}", MailKind.FOLLOW_UP, "programme") for n in range(2)]
    turns = {mail: turn("person", NOW, NETWORK.zone) for mail in (thanks, *mails)}
    follow_ups = {mail: FollowUp("person", mail.occurrence) for mail in mails}
    stores.ledger.claim([thanks], now=NOW, turns=turns)

    assert [stores.ledger.claim([mail], now=NOW, turns=turns, follow_ups=follow_ups) for mail in mails] == [[], []]

    [waiting] = stores.ledger.waited(NOW + timedelta(days=2))
    assert waiting == mails[0]
    stores.ledger.release(waiting, {MailState.WAITING}, now=NOW + timedelta(days=2), correlation_id="sweep")
    tomorrow = {mail: turn("person", NOW + timedelta(days=2), NETWORK.zone) for mail in mails}
    late = stores.ledger.claim(mails[::-1], now=NOW + timedelta(days=2), turns=tomorrow, follow_ups=follow_ups)
    assert [claim.mail for claim in late] == [mails[0]]


def test_of_several_attempts_the_ones_still_ours_are_closed(stores: Stores) -> None:
    mails = [MailId("gathering", f"registration{number}", MailKind.CONFIRMATION, "one") for number in range(3)]
    claims = stores.ledger.claim(mails, now=NOW)
    stores.ledger.give_up_on(mails[1], now=NOW, correlation_id="sweep")

    attempts = [an_attempt(claim, Sent(f"message{at}")) for at, claim in enumerate(claims)]
    stores.ledger.close(attempts, now=NOW)

    assert [stores.ledger.find(f"message{at}") for at in range(3)] == [mails[0], None, mails[2]]


def test_a_bounce_is_noted_once_and_made_known(office: Office, gathering: Gathering) -> None:
    fact = confirmed(office, gathering)
    office.tell(fact)
    bounce = a_bounce(mail_of(fact))

    outcomes = [office.report(bounce) for _ in range(3)]

    assert outcomes == [Recorded.NOTED, Recorded.NOTHING_NEW, Recorded.NOTHING_NEW]
    assert [failure.problem for failure in office.failures] == ["bounced"]


def test_a_complaint_after_a_bounce_is_noted_with_a_newer_version(office: Office, gathering: Gathering) -> None:
    fact = confirmed(office, gathering)
    office.tell(fact)

    outcomes = [office.report(one) for one in (a_bounce(mail_of(fact)), a_complaint(mail_of(fact)))]

    assert outcomes == [Recorded.NOTED, Recorded.NOTED]
    bounced, complained = sorted(office.facts("MailFailed"), key=lambda one: one.subject_version)
    assert (bounced.data.problem, complained.data.problem) == ("bounced", "complained")
    assert bounced.subject == complained.subject
    assert bounced.subject_version < complained.subject_version


def test_reports_that_alternate_are_not_noted_without_end(office: Office, gathering: Gathering) -> None:
    fact = confirmed(office, gathering)
    office.tell(fact)
    reports = [a_bounce(mail_of(fact)), a_complaint(mail_of(fact))] * 2

    outcomes = [office.report(one) for one in reports]

    assert outcomes[2:] == [Recorded.NOTHING_NEW, Recorded.NOTHING_NEW]


def test_a_bounce_that_names_no_row_is_found_by_its_message(office: Office, gathering: Gathering) -> None:
    office.tell(confirmed(office, gathering))

    assert office.report(a_bounce(None, message_id="message-1")) is Recorded.NOTED


def test_a_bounce_before_its_message_is_known_comes_again(office: Office, gathering: Gathering) -> None:
    bounce = a_bounce(None, message_id="message-1")
    first = office.report(bounce)
    office.tell(confirmed(office, gathering))

    again = office.report(bounce)

    assert first is Recorded.NO_SUCH_MAIL
    assert first.comes_again
    assert again is Recorded.NOTED


def test_a_report_settles_a_mail_of_which_nobody_knew(desk: Desk, gathering: Gathering) -> None:
    office = Office(desk, Unknown())
    fact = confirmed(office, gathering)
    office.tell(fact)

    assert office.report(a_bounce(mail_of(fact))) is Recorded.NOTED
    assert [failure.problem for failure in office.failures] == ["unknown", "bounced"]


def test_a_mail_in_its_mailbox_is_delivered_and_reported_once(office: Office, gathering: Gathering) -> None:
    fact = confirmed(office, gathering)
    office.tell(fact)

    outcomes = [office.report(a_delivery(mail_of(fact))) for _ in range(2)]

    assert outcomes == [Recorded.ARRIVED, Recorded.NOTHING_NEW]
    assert office.states(fact) == [MailState.DELIVERED]
    assert not office.facts("MailArrived"), "nobody thought that it was lost"


def test_a_mail_thought_lost_that_arrives_is_made_known(desk: Desk, gathering: Gathering) -> None:
    office = Office(desk, Unknown())
    fact = confirmed(office, gathering)
    office.tell(fact)

    assert office.report(a_delivery(mail_of(fact))) is Recorded.ARRIVED
    assert office.states(fact) == [MailState.DELIVERED]
    [lost, arrived] = [*office.facts("MailFailed"), *office.facts("MailArrived")]
    assert (lost.data.problem, lost.subject) == ("unknown", arrived.subject)
    assert lost.subject_version < arrived.subject_version


def test_a_delivery_covers_no_bounce_and_a_bounce_comes_after_a_delivery(office: Office, gathering: Gathering) -> None:
    first, second = (confirmed(office, gathering, email=f"{name}@herning.example.org") for name in ("bo", "eva"))
    office.tell(first, second)

    outcomes = [
        office.report(report)
        for report in (
            a_bounce(mail_of(first)),
            a_delivery(mail_of(first)),
            a_delivery(mail_of(second)),
            a_bounce(mail_of(second)),
        )
    ]

    assert outcomes == [Recorded.NOTED, Recorded.NOTHING_NEW, Recorded.ARRIVED, Recorded.NOTED]
    assert office.states(first) == office.states(second) == [MailState.SENT]


def test_a_delivery_before_the_answer_to_sending_is_not_lost(office: Office, gathering: Gathering) -> None:
    fact = confirmed(office, gathering)
    [claim] = office.stores.ledger.claim([mail_of(fact)], now=NOW)

    assert office.report(a_delivery(mail_of(fact))) is Recorded.ARRIVED
    office.stores.ledger.close([an_attempt(claim, Sent("message"))], now=NOW)

    office.now += timedelta(days=1)
    assert (office.sweep(), office.states(fact)) == (0, [MailState.DELIVERED])


def test_a_delivery_of_a_mail_that_is_being_sent_once_more_waits_for_that_one(desk: Desk, gathering: Gathering) -> None:
    office = Office(desk, Unknown())
    fact = confirmed(office, gathering)
    office.tell(fact)
    office.stores.ledger.release(mail_of(fact), {MailState.UNKNOWN}, now=NOW, correlation_id="again")

    assert office.report(a_delivery(mail_of(fact))) is Recorded.NOTHING_NEW
    assert office.states(fact) == [MailState.PLANNED]


def test_a_bounce_while_it_is_being_sent_is_not_lost(office: Office, gathering: Gathering) -> None:
    mail = mail_of(confirmed(office, gathering))
    [claim] = office.stores.ledger.claim([mail], now=NOW)

    assert office.report(a_bounce(mail)) is Recorded.NOTED
    office.stores.ledger.close([an_attempt(claim, Sent("message"))], now=NOW)

    assert [failure.problem for failure in office.failures] == ["bounced"]
    office.now += timedelta(days=1)
    assert office.sweep() == 0


@pytest.mark.parametrize("body", ["", "Topic check from SES", '{"eventType": "Send"}'])
def test_what_is_no_problem_changes_nothing(office: Office, body: str) -> None:
    assert office.report(body) is Recorded.NOTHING_NEW


def test_a_broken_report_goes_to_the_dead_letters(office: Office) -> None:
    recorded = office.report('{"eventType": "Bounce"}')

    assert recorded is Recorded.UNREADABLE
    assert recorded.comes_again


def test_a_report_of_a_mail_that_is_not_ours_is_let_go(office: Office) -> None:
    mail = MailId("another", "another", MailKind.CONFIRMATION, "one")

    assert office.report(a_bounce(mail)) is Recorded.NOTHING_NEW


def test_everybody_is_told_once_however_often_and_however_badly_it_goes(desk: Desk, gathering: Gathering) -> None:
    outcomes: list[Outcome] = [
        Throttled(),
        Sent("a"),
        Refused(),
        Sent("b"),
        Throttled(),
        Refused(),
        Sent("c"),
        Sent("d"),
    ]
    office = Office(desk, *outcomes)
    everybody(desk, gathering, applicants(4))
    facts = office.facts("RegistrationConfirmed")

    for _ in range(4):
        for fact in facts:
            office.tell(fact, fact.model_copy(update={"correlation_id": "twin"}))

    recipients = [recipient for recipient, _ in office.mailer.sent]
    assert len(recipients) == len(set(recipients)) == 4
    assert office.failures == []


COURSE = (
    a_session(id="one", title={"da": "Dag 1"}),
    a_session("2026-11-05T09:00", id="two", choose_one_of="B"),
    a_session("2026-11-06T09:00", id="three", choose_one_of="B"),
    a_session("2026-11-07T09:00", id="four", choose_one_of="B"),
)


@pytest.fixture
def course(desk: Desk) -> Gathering:
    return desk.publish(a_gathering(title={"da": "Kursus"}, sessions=COURSE))


def chosen(office: Office, course: Gathering, session: str) -> str:
    answer = office.desk.register(course, an_application(sessions=("one", session)))
    assert answer.registration_id is not None
    return answer.registration_id


def choose(office: Office, course: Gathering, registration_id: str, session: str, by: By = PERSON) -> Envelope[Any]:
    office.desk.do(changes.change_sessions, course, registration_id, ["one", session], "", by)
    return office.newest("RegistrationChanged", registration_id)


def test_who_changes_sessions_has_one_taken_away_and_another_given(office: Office, course: Gathering) -> None:
    registration_id = chosen(office, course, "two")
    office.tell(office.newest("RegistrationConfirmed", registration_id))
    office.mailer.sent.clear()

    fact = choose(office, course, registration_id, "three")
    office.tell(fact, fact)
    office.tell(fact)

    assert office.entries() == [("deltager1", "three", "CONFIRMED"), ("deltager1", "two", "CANCELLED")]
    assert len(office.mails) == 2


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["in order", "in reverse"])
def test_who_changes_sessions_twice_before_we_came_to_it_is_told_once(
    office: Office, course: Gathering, order: Sequence[int]
) -> None:
    registration_id = chosen(office, course, "two")
    office.tell(office.newest("RegistrationConfirmed", registration_id))
    office.mailer.sent.clear()
    facts = [choose(office, course, registration_id, session) for session in ("three", "four")]

    for at in order:
        office.tell(facts[at])

    assert office.entries() == [("deltager1", "four", "CONFIRMED"), ("deltager1", "two", "CANCELLED")]


def test_who_changes_back_has_the_entry_again(office: Office, course: Gathering) -> None:
    registration_id = chosen(office, course, "two")
    office.tell(office.newest("RegistrationConfirmed", registration_id))

    office.tell(choose(office, course, registration_id, "three"))
    office.mailer.sent.clear()
    office.tell(choose(office, course, registration_id, "two"))

    assert office.entries() == [("deltager1", "three", "CANCELLED"), ("deltager1", "two", "CONFIRMED")]
    office.mailer.sent.clear()
    office.desk.cancel(course, registration_id)
    cancelled = office.newest("RegistrationCancelled", registration_id)
    office.tell(cancelled)
    office.tell(cancelled)
    assert office.entries() == [("deltager1", "one", "CANCELLED"), ("deltager1", "two", "CANCELLED")]


def test_a_change_in_one_batch_with_the_confirmation_gives_no_entry_that_it_takes_away(
    office: Office, course: Gathering
) -> None:
    registration_id = chosen(office, course, "two")
    confirmation = office.newest("RegistrationConfirmed", registration_id)

    office.tell(confirmation, choose(office, course, registration_id, "three"))

    assert office.entries() == [("deltager1", "one", "CONFIRMED"), ("deltager1", "three", "CONFIRMED")]


def test_who_is_back_where_the_confirmation_was_has_the_entry_again_if_that_comes_twice(
    office: Office, course: Gathering
) -> None:
    registration_id = chosen(office, course, "two")
    confirmation = office.newest("RegistrationConfirmed", registration_id)
    office.tell(confirmation)
    office.tell(choose(office, course, registration_id, "three"))
    office.mailer.sent.clear()

    office.tell(confirmation, choose(office, course, registration_id, "two"))

    assert office.entries() == [("deltager1", "three", "CANCELLED"), ("deltager1", "two", "CONFIRMED")]


def test_what_was_throttled_of_a_change_is_sent_later(desk: Desk, course: Gathering) -> None:
    office = Office(desk, Sent("1"), Sent("2"), Throttled(), Throttled())
    registration_id = chosen(office, course, "two")
    office.tell(office.newest("RegistrationConfirmed", registration_id))
    fact = choose(office, course, registration_id, "three")
    office.mailer.sent.clear()

    again = [office.tell(fact).again, office.tell(fact).again, office.tell(fact).again]

    assert again == [{fact.id}, set(), set()]
    assert office.entries() == [("deltager1", "three", "CONFIRMED"), ("deltager1", "two", "CANCELLED")]


def test_who_may_take_part_in_two_ways_is_told_of_every_session_again(office: Office) -> None:
    hybrid = office.desk.publish(
        a_gathering(sessions=COURSE, place=Place("Herning", "Østergade 8"), on_site_capacity=9, online_capacity=9)
    )
    answer = office.desk.register(hybrid, an_application(sessions=("one", "two"), mode="on_site"))
    office.tell(office.newest("RegistrationConfirmed", answer.registration_id))
    office.mailer.sent.clear()

    office.desk.do(changes.change_sessions, hybrid, answer.registration_id, ["one", "two"], "online", PERSON)
    office.tell(office.newest("RegistrationChanged", answer.registration_id))

    assert office.entries() == [("deltager1", "one", "CONFIRMED"), ("deltager1", "two", "CONFIRMED")]
    assert all("LOCATION" not in mail.event for mail in office.mails)


def moved(office: Office, gathering: Gathering, registration_id: str, email: str) -> Envelope[Any]:
    office.desk.do(correcting.change_address, gathering, registration_id, email, PERSON)
    return office.newest("RegistrationAddressChanged", registration_id)


def test_who_changes_address_is_told_at_both(office: Office, gathering: Gathering) -> None:
    fact = confirmed(office, gathering)
    office.tell(fact)
    old = office.mails[0].link
    office.mailer.sent.clear()

    office.tell(moved(office, gathering, fact.subject, "ny@herning.example.org"))

    told = {recipient: Mail.of(raw) for recipient, raw in office.mailer.sent}
    assert told.keys() == {"deltager1@herning.example.org", "ny@herning.example.org"}
    assert told["deltager1@herning.example.org"].links == []
    assert told["deltager1@herning.example.org"].calendars == []
    assert told["ny@herning.example.org"].link != old
    assert office.entries() == [("ny", "one", "CONFIRMED")]


def test_an_address_that_is_to_be_proven_gets_the_button_and_the_entry_and_loses_both_with_the_seat(
    office: Office, gathering: Gathering
) -> None:
    fact = confirmed(office, gathering)
    office.tell(fact)
    office.mailer.sent.clear()
    change = moved(office, gathering, fact.subject, "ny@gratis.example.net")

    for _ in range(2):
        office.tell(change, office.newest("RegistrationPending", fact.subject))

    [mail] = [Mail.of(raw) for recipient, raw in office.mailer.sent if recipient == "ny@gratis.example.net"]
    assert "Tryk på knappen på din side inden" in " ".join(mail.text.split())
    assert office.entries() == [("ny", "one", "CONFIRMED")]
    office.now = office.desk.now = office.stores.registrations.get(gathering.id, fact.subject).deadline
    office.desk.do(changes.lapse, gathering, fact.subject)
    office.tell(office.newest("RegistrationExpired", fact.subject))
    assert office.entries() == [("ny", "one", "CANCELLED"), ("ny", "one", "CONFIRMED")]


@pytest.mark.parametrize("told_before", [True, False])
def test_who_proves_another_address_has_one_entry_there(
    office: Office, gathering: Gathering, told_before: bool
) -> None:
    fact = confirmed(office, gathering)
    if told_before:
        office.tell(fact)
        office.mailer.sent.clear()
    office.tell(fact, moved(office, gathering, fact.subject, "ny@gratis.example.net"))
    office.desk.do(changes.claim, gathering, fact.subject, PERSON)

    for _ in range(2):
        office.tell(office.newest("RegistrationConfirmed", fact.subject))

    assert office.entries() == [("ny", "one", "CONFIRMED")]


def test_the_former_address_is_forgotten_when_it_has_been_told(office: Office, gathering: Gathering) -> None:
    fact = confirmed(office, gathering)
    key = (gathering.id, fact.subject)
    change = moved(office, gathering, fact.subject, "ny@herning.example.org")
    kept = office.stores.registrations.get(*key)

    for _ in range(2):
        office.tell(change)

    told = office.stores.registrations.get(*key)
    assert kept.former_email == "deltager1@herning.example.org"
    assert (told.former_email, told.version) == (None, kept.version + 1)


def test_the_former_address_is_kept_while_its_mail_is_throttled(desk: Desk, gathering: Gathering) -> None:
    office = Office(desk, Throttled())
    fact = confirmed(office, gathering)

    told = office.tell(change := moved(office, gathering, fact.subject, "ny@herning.example.org"))

    assert told.again == {change.id}
    assert office.stores.registrations.get(gathering.id, fact.subject).former_email == "deltager1@herning.example.org"


def test_who_changes_address_twice_before_we_came_to_it_is_told_once(office: Office, gathering: Gathering) -> None:
    fact = confirmed(office, gathering)
    facts = [moved(office, gathering, fact.subject, f"{name}@herning.example.org") for name in ("ny", "nyere")]

    for one in (*facts, *facts):
        office.tell(one)

    assert sorted(recipient for recipient, _ in office.mailer.sent) == [
        "ny@herning.example.org",
        "nyere@herning.example.org",
    ]


def test_a_bounce_at_the_old_address_says_nothing_of_the_registration(office: Office, gathering: Gathering) -> None:
    fact = confirmed(office, gathering)
    office.tell(moved(office, gathering, fact.subject, "ny@herning.example.org"))

    outcome = office.report(a_bounce(mail_of(fact, MailKind.OLD_ADDRESS, "2")))

    assert outcome is Recorded.NOTED
    assert office.failures == []


def test_a_seat_handed_over_is_told_to_both(office: Office, gathering: Gathering) -> None:
    fact = confirmed(office, gathering)
    office.tell(fact)
    office.mailer.sent.clear()

    colleague = office.desk.hand_over(gathering, fact.subject, "Deltager 2", "deltager2@herning.example.org")
    facts = [
        office.newest("RegistrationHandedOver", fact.subject),
        office.newest("RegistrationConfirmed", colleague.id),
    ]
    office.tell(*facts)
    office.tell(*facts)

    assert office.entries() == [("deltager1", "one", "CANCELLED"), ("deltager2", "one", "CONFIRMED")]
    former, new = office.mails
    assert "kollega" in former.text
    assert "En kollegas plads er givet videre til dig." in new.text
    assert "Deltager 1" not in new.text


def test_who_says_not_me_hears_no_more(office: Office, gathering: Gathering) -> None:
    fact = confirmed(office, gathering)
    office.tell(fact)

    key = (gathering.id, fact.subject)
    changes.cancel(key, PERSON, what=What.NOT_ME, around=office.desk.around, now=NOW, correlation_id="correlation")
    told = office.tell(office.newest("RegistrationCancelled", fact.subject))

    assert told == Told(set(), Counter())
    assert len(office.mails) == 1


@pytest.fixture
def full(desk: Desk) -> Gathering:
    gathering = desk.publish(a_gathering(title={"da": "Kursus"}, capacity=1, waiting_list=True))
    desk.register(gathering, an_application(name="Den første", email="foerst@herning.example.org"))
    return gathering


def test_who_waits_is_told_and_offered_a_seat_and_told_when_that_is_over(office: Office, full: Gathering) -> None:
    [first] = [fact.subject for fact in office.facts("RegistrationConfirmed")]
    waiting = office.desk.register(full).registration_id
    office.tell(office.newest("RegistrationWaitlisted", waiting))
    office.desk.cancel(full, first)
    office.desk.move_line(full)
    offer = office.newest("RegistrationOffered", waiting)
    office.tell(offer)
    deadline = office.desk.get(full, waiting).deadline
    assert deadline is not None
    office.now = office.desk.now = deadline
    assert office.desk.do(changes.lapse, full, waiting)

    late = office.tell(offer, a_fact(offer.data, subject=offer.subject))
    office.tell(office.newest("RegistrationExpired", waiting))

    assert late == Told(set(), Counter()), "an offer that is over is not made"
    assert office.subjects == [
        "Du står på venteliste: Kursus",
        "Der er en plads til dig: Kursus",
        "Tilbuddet er udløbet: Kursus",
    ]
    assert office.entries() == []


def test_who_has_left_the_line_is_not_told_of_a_place_in_it(office: Office, full: Gathering) -> None:
    waiting = office.desk.register(full).registration_id
    office.desk.cancel(full, waiting)

    office.tell(office.newest("RegistrationWaitlisted", waiting))
    office.tell(office.newest("RegistrationCancelled", waiting))

    [mail] = office.mails
    assert "Du står ikke længere på venteliste." in mail.text


def test_who_has_proven_the_address_before_we_came_to_it_is_not_asked_to(office: Office, gathering: Gathering) -> None:
    answer = office.desk.register(gathering, an_application(email="nogen@etandetsted.example.org"))
    pending = office.newest("RegistrationPending", answer.registration_id)
    office.desk.do(changes.prove, gathering, answer.registration_id, PERSON)

    office.tell(pending, office.newest("RegistrationConfirmed", answer.registration_id))

    assert office.subjects == ["Du er tilmeldt: Kursus"]


def test_a_hold_that_is_over_is_no_longer_asked_about(office: Office, gathering: Gathering) -> None:
    answer = office.desk.register(gathering, an_application(email="nogen@etandetsted.example.org"))
    deadline = office.desk.get(gathering, answer.registration_id).deadline
    assert deadline is not None
    office.now = deadline

    assert office.tell(office.newest("RegistrationPending", answer.registration_id)) == Told(set(), Counter())


def test_needs_are_told_to_the_contact_each_time_they_change(office: Office, desk: Desk) -> None:
    gathering = desk.publish(a_gathering(asks_needs=True, contact="kontakt@herning.example.org"))
    answer = desk.register(gathering, an_application(diet="Glutenfri"))
    first = office.newest("NeedsStated", answer.registration_id)
    desk.do(changes.answer, gathering, answer.registration_id, {}, ("Vegansk", ""), PERSON)
    second = office.newest("NeedsStated", answer.registration_id)

    for fact in (first, second, first, second):
        office.tell(fact)

    assert [recipient for recipient, _ in office.mailer.sent] == ["kontakt@herning.example.org"] * 2
    assert not any("gluten" in mail.text.casefold() or "Deltager 1" in mail.text for mail in office.mails)


def booked(office: Office, gathering: Gathering) -> tuple[Envelope[Any], list[Envelope[Any]]]:
    booker = Booker("Bodil Booker", "bodil@herning.example.org")
    office.desk.book(gathering, *applicants(3), booker=booker)
    [receipt] = office.facts("BookingMade")
    return receipt, office.facts("RegistrationConfirmed")


def test_a_booking_is_told_to_the_booker_and_to_each_of_the_others(office: Office, gathering: Gathering) -> None:
    receipt, facts = booked(office, gathering)

    for _ in range(2):
        assert office.tell(receipt, *facts).again == set()

    told = {recipient: Mail.of(raw) for recipient, raw in office.mailer.sent}
    assert len(office.mailer.sent) == 4
    mine = told.pop("bodil@herning.example.org")
    assert "- Deltager 1: har en plads" in mine.text
    for mail in told.values():
        assert "Bodil Booker har tilmeldt dig." in mail.text
        assert mail.link not in mine.text
        assert "bodil@" not in mail.text
    links = {mail.link for mail in told.values()}
    assert len(links) == 3
    assert all(sum(link in mail.text for mail in told.values()) == 1 for link in links), "each has their own link only"


def test_a_receipt_that_bounces_marks_nobodys_registration(office: Office, gathering: Gathering) -> None:
    receipt, _ = booked(office, gathering)
    office.tell(receipt)
    mail = MailId(gathering.id, receipt.data.booking_id, MailKind.RECEIPT, "once")

    assert office.report(a_bounce(mail)) is Recorded.NOTED
    assert office.failures == []


def test_a_crash_before_a_receipt_left_is_settled_and_marks_nobody(office: Office, gathering: Gathering) -> None:
    receipt, _ = booked(office, gathering)
    mail = MailId(gathering.id, receipt.data.booking_id, MailKind.RECEIPT, "once")
    office.stores.ledger.claim([mail], now=NOW)
    office.now = NOW + SENDING_FOR * 2

    assert [office.sweep(), office.sweep()] == [1, 0]
    assert office.failures == []
    assert office.tell(receipt) == Told(set(), Counter())


def asked_to_be_told(office: Office, gathering: Gathering) -> Envelope[RoundOpened]:
    office.notices.interests[gathering.id, "interest"] = Interest(
        "interest", gathering.id, "nysgerrig@herning.example.org", "en", "guard", "person", None
    )
    return a_fact(RoundOpened(interest_id="interest", gathering_id=gathering.id))


def test_who_asked_to_be_told_is_told_once_and_forgotten(office: Office, gathering: Gathering) -> None:
    fact = asked_to_be_told(office, gathering)

    office.tell(fact)
    office.tell(fact)

    [(recipient, raw)] = office.mailer.sent
    assert recipient == "nysgerrig@herning.example.org"
    assert Mail.of(raw).header("Subject") == "You can sign up now: Kursus"
    assert office.notices.interests == {}


def test_who_asks_again_before_being_forgotten_is_told_again(office: Office, gathering: Gathering) -> None:
    for _ in range(2):
        office.tell(asked_to_be_told(office, gathering))

    assert len(office.mails) == 2


@pytest.mark.parametrize(
    ("outcomes", "kept"),
    [([Throttled()], True), ([Refused()], True), ([Unknown()], True), ([Refused()] * 3, False)],
    ids=["throttled", "refused once", "unknown", "refused for good"],
)
def test_an_address_is_kept_until_its_mail_is_sent_or_refused(
    desk: Desk, gathering: Gathering, outcomes: list[Outcome], kept: bool
) -> None:
    office = Office(desk, *outcomes)
    fact = asked_to_be_told(office, gathering)

    for _ in outcomes:
        office.tell(fact)

    assert bool(office.notices.interests) is kept
    assert office.failures == []


def test_who_cannot_sign_up_any_more_is_forgotten_untold(office: Office, gathering: Gathering) -> None:
    fact = asked_to_be_told(office, gathering)
    office.now = gathering.starts_at

    assert office.tell(fact) == Told(set(), Counter())
    assert office.notices.interests == {}


def asks_for_links(office: Office, person: str) -> Envelope[LinksRequested]:
    office.notices.requests["request"] = LinksRequest("request", "deltager1@herning.example.org", "da", person)
    return a_fact(LinksRequested(request_id="request"))


def test_who_asks_for_links_gets_all_that_are_not_over_in_one_mail(office: Office, desk: Desk) -> None:
    gatherings = [desk.publish(a_gathering(title={"da": f"Kursus {n}"}, slug=f"kursus-{n}")) for n in range(3)]
    registrations = [desk.get(each, desk.register(each).registration_id) for each in gatherings]
    desk.cancel(gatherings[0], registrations[0].id)
    fact = asks_for_links(office, registrations[0].person)

    office.tell(fact)
    office.tell(fact)

    [mail] = office.mails
    tokens = [link.rpartition("/")[2] for link in mail.links]
    assert {LINKS.read(Purpose.REGISTRATION, token, now=NOW)[1] for token in tokens} == {
        one.id for one in registrations[1:]
    }
    assert office.notices.requests == {}


def test_who_was_registered_once_gets_the_link_to_all_that_is_kept(office: Office, gathering: Gathering) -> None:
    one = office.desk.get(gathering, office.desk.register(gathering).registration_id)
    office.desk.cancel(gathering, one.id)

    office.tell(asks_for_links(office, one.person))

    [mail] = office.mails
    assert mail.links == []
    assert LINKS.read(Purpose.MINE, mail.mine, now=NOW + MINE_LIVES - timedelta(seconds=1)) == (one.person,)
    with pytest.raises(LinkExpired):
        LINKS.read(Purpose.MINE, mail.mine, now=NOW + MINE_LIVES)


def test_who_is_registered_nowhere_gets_no_mail(office: Office) -> None:
    fact = asks_for_links(office, "a stranger")

    assert office.tell(fact) == Told(set(), Counter())
    assert office.notices.requests == {}


def test_a_refused_list_of_links_is_tried_again_and_marks_nobody(desk: Desk, gathering: Gathering) -> None:
    office = Office(desk, *[Refused()] * 3)
    one = desk.get(gathering, desk.register(gathering).registration_id)
    fact = asks_for_links(office, one.person)

    assert [bool(office.tell(fact).again) for _ in range(3)] == [True, True, False]
    assert office.failures == []
    assert office.stores.ledger.of_subject("request") == []


def test_a_batch_of_many_kinds_is_told_whole_and_each_once(office: Office, desk: Desk, course: Gathering) -> None:
    gathering = desk.publish(a_gathering(slug="andet", title={"da": "Andet"}, asks_needs=True))
    receipt, facts = booked(office, gathering)
    changed = chosen(office, course, "two")
    office.tell(office.newest("RegistrationConfirmed", changed))
    gone = confirmed(office, course, name="Væk", email="vaek@herning.example.org", sessions=("one", "two"))
    batch = [
        receipt,
        *facts,
        choose(office, course, changed, "three"),
        cancelled(office, gone, course),
        gone,
        asked_to_be_told(office, gathering),
        asks_for_links(office, desk.get(course, changed).person),
    ]
    office.mailer.sent.clear()

    first = office.tell(*batch)
    again = office.tell(*reversed(batch))

    assert (first.again, again) == (set(), Told(set(), Counter()))
    assert sorted(str(mail.kind) for mail in office.mailer.asked[-9:]) == sorted(
        [
            "receipt",
            "confirmation",
            "confirmation",
            "confirmation",
            "left",
            "change",
            "cancellation",
            "opening",
            "links",
        ]
    )


@pytest.mark.parametrize("people", [1, 8])
@pytest.mark.usefixtures("table")
def test_confirmations_cost_four_calls_however_many_they_are(people: int) -> None:
    office = Office(Desk(in_the_table()))
    gathering = office.desk.publish(a_gathering())
    facts = [confirmed(office, gathering, name=one.name, email=one.email) for one in applicants(people)]

    with FaultInjector(operations=EVERYTHING) as calls:
        office.tell(*facts)

    assert len(office.mails) == people
    assert len(calls.seen) == 4, "registrations, gatherings, claims, outcomes"


def test_the_ledger_tells_which_mails_may_have_arrived(stores: Stores) -> None:
    mails = [MailId("gathering", "registration", MailKind.CONFIRMATION, f"session-{number}") for number in range(5)]
    claims = stores.ledger.claim(mails, now=NOW)
    outcomes: list[Outcome] = [Sent("a"), Throttled(), Refused(), Unknown()]
    attempts = [an_attempt(claim, outcome) for claim, outcome in zip(claims, outcomes, strict=False)]
    stores.ledger.close(attempts, now=NOW)
    stores.ledger.claim([MailId("gathering", "another", MailKind.CONFIRMATION, "one")], now=NOW)

    arrived = {mail.occurrence for mail in stores.ledger.of_subject("registration")}

    assert arrived == {"session-0", "session-3", "session-4"}
