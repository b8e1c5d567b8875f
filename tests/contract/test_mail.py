"""Telling people: no mail twice, none forgotten in silence. The same on the fake ledger and on the table."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from events.envelope import Envelope
from events.mail import MailFailed
from events.registration import RegistrationCancelled, RegistrationConfirmed, RegistrationLinkRequested
from shared.gatherings.model import Gathering
from shared.notify.model import (
    SENDING_FOR,
    MailId,
    MailKind,
    Outcome,
    Refused,
    Sent,
    Throttled,
    Unknown,
    settle,
)
from shared.notify.ports import Attempt, Claim
from shared.notify.service import Recorded, Told, record_report, settle_overdue, tell
from tests.support.builders import NOW, a_fact, a_gathering, a_session, an_application, applicants
from tests.support.mails import Mail, a_composer
from tests.support.memory import InMemoryMailer
from tests.support.ses import a_bounce, a_complaint
from tests.support.stores import Desk, Stores, everybody


class Office:
    """Where facts become mails."""

    def __init__(self, desk: Desk, *outcomes: Outcome) -> None:
        self.desk = desk
        self.stores = desk.stores
        self.mailer = InMemoryMailer(*outcomes)
        self.now = NOW

    def tell(self, *facts: Envelope[Any]) -> Told:
        return tell(
            facts,
            registrations=self.stores.registrations,
            gatherings=self.stores.gatherings,
            composer=a_composer(),
            ledger=self.stores.ledger,
            mailer=self.mailer,
            now=self.now,
        )

    def sweep(self) -> int:
        return settle_overdue(ledger=self.stores.ledger, now=self.now, correlation_id="sweep")

    def report(self, body: str) -> Recorded:
        return record_report(body, ledger=self.stores.ledger, now=self.now, correlation_id="report")

    def facts(self, name: str) -> list[Envelope[Any]]:
        return [fact for fact in self.stores.facts() if fact.type == name]

    @property
    def failures(self) -> list[MailFailed]:
        return [fact.data for fact in sorted(self.facts("MailFailed"), key=lambda one: one.subject_version)]

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

    [mail] = [Mail.of(raw) for _, raw in office.mailer.sent]
    assert str(mail.event["STATUS"]) == "CANCELLED"


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


def test_a_bounce_while_it_is_being_sent_is_not_lost(office: Office, gathering: Gathering) -> None:
    mail = mail_of(confirmed(office, gathering))
    [claim] = office.stores.ledger.claim([mail], now=NOW)

    assert office.report(a_bounce(mail)) is Recorded.NOTED
    office.stores.ledger.close([an_attempt(claim, Sent("message"))], now=NOW)

    assert [failure.problem for failure in office.failures] == ["bounced"]
    office.now += timedelta(days=1)
    assert office.sweep() == 0


@pytest.mark.parametrize("body", ["", "Topic check from SES", '{"eventType": "Delivery"}'])
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
