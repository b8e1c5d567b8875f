"""Each function, called as AWS calls it, on the table, queues and mail service of one process."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from moto.ses.models import ses_backends
from pynamodb.exceptions import TransactWriteError

from events.catalog import decode
from events.envelope import Envelope
from events.registration import RegistrationConfirmed
from events.routes import QueueName
from functions.fan_out.handler import handler as fan_out
from functions.move_line.handler import handler as move_line
from functions.note_mail_failure.handler import handler as note_mail_failure
from functions.reconcile.handler import handler as reconcile
from functions.record_mail_outcome.handler import handler as record_mail_outcome
from functions.relay_outbox.handler import handler as relay_outbox
from functions.schedule_reminders.handler import handler as schedule_reminders
from functions.send_messages.handler import handler as send_messages
from functions.send_registration_mail.handler import handler as send_registration_mail
from functions.sweep_due.handler import handler as sweep_due
from functions.sweep_outbox.handler import handler as sweep_outbox
from shared.bootstrap import mail as bootstrap
from shared.gatherings.model import Gathering, Window
from shared.gatherings.rounds import Round, Who
from shared.libraries.dynamo import DynamoLibraryStore
from shared.libraries.service import Directory
from shared.notices import service as notices
from shared.notices.dynamo import DynamoNoticeStore
from shared.notices.ports import Openings
from shared.notify.dynamo import DynamoLedger
from shared.notify.model import SENDING_FOR, MailId, MailKind
from shared.observability import logger
from shared.refusals import StoreUnavailable
from shared.registration.model import Status
from tests.support import aws
from tests.support.builders import NETWORK, NOW, a_fact, a_gathering, an_application
from tests.support.clock import Clock, Sleep
from tests.support.faults import EVERYTHING, FaultInjector, Trouble
from tests.support.lambdas import came_again, lambda_context, sqs_event, stream_event
from tests.support.mails import Mail
from tests.support.ses import a_bounce
from tests.support.stores import Desk, in_the_table

MAIL = QueueName.SEND_REGISTRATION_MAIL


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    names = ("move_line", "note_mail_failure", "record_mail_outcome", "send_messages", "send_registration_mail")
    for name in (*names, "fan_out", "reconcile", "schedule_reminders", "sweep_due", "sweep_outbox"):
        monkeypatch.setattr(f"functions.{name}.handler.utcnow", clock)


@pytest.fixture
def desk(table: None) -> Desk:
    return Desk(in_the_table())


@pytest.fixture
def gathering(desk: Desk) -> Gathering:
    return desk.publish(a_gathering(title={"da": "Kursus"}))


@pytest.fixture
def outgoing() -> Iterator[list[Mail]]:
    """What the mail service was given."""
    sent = ses_backends[aws.ACCOUNT][aws.REGION].sent_messages
    sent.clear()

    class Outgoing(list[Mail]):
        def __iter__(self) -> Iterator[Mail]:
            return (Mail.of(message.raw_data.encode()) for message in sent)

        def __len__(self) -> int:
            return len(sent)

    yield Outgoing()
    sent.clear()


def confirmed(desk: Desk, gathering: Gathering, **changes: Any) -> Envelope[Any]:
    answer = desk.register(gathering, an_application(**changes))
    [fact] = [
        one
        for one in desk.stores.facts()
        if one.subject == answer.registration_id and one.type == "RegistrationConfirmed"
    ]
    return fact


def test_the_relay_takes_facts_from_the_stream_to_their_queues(desk: Desk, gathering: Gathering) -> None:
    facts = [confirmed(desk, gathering), *[fact for fact in desk.stores.facts() if fact.type == "GatheringPublished"]]

    answer = relay_outbox(stream_event(facts), lambda_context())

    assert came_again(answer) == []
    assert aws.take(MAIL) == [facts[0].model_dump_json()]
    assert desk.stores.facts() == []


def test_the_relay_gives_back_what_a_queue_did_not_take(
    desk: Desk, gathering: Gathering, monkeypatch: pytest.MonkeyPatch
) -> None:
    from shared.bootstrap import relay as bootstrap
    from tests.support.memory import InMemoryQueues

    queues = InMemoryQueues()
    queues.full = {MAIL}
    monkeypatch.setattr(bootstrap, "queues", lambda: queues)
    published = [fact for fact in desk.stores.facts() if fact.type == "GatheringPublished"]
    fact = confirmed(desk, gathering)

    answer = relay_outbox(stream_event([*published, fact]), lambda_context())

    assert came_again(answer) == ["2"]
    assert [one.id for one in desk.stores.facts()] == [fact.id]


def test_the_relay_leaves_what_it_does_not_know_for_a_newer_deployment(table: None) -> None:
    fact = a_fact(RegistrationConfirmed(registration_id="r", gathering_id="g"))
    unknown = fact.model_dump_json().replace("RegistrationConfirmed", "SeatSold")

    assert came_again(relay_outbox(stream_event([unknown]), lambda_context())) == []


def test_the_sweep_sends_again_what_has_waited(desk: Desk, gathering: Gathering, clock: Clock) -> None:
    fact = confirmed(desk, gathering)

    clock.advance(timedelta(minutes=5))
    sweep_outbox({}, lambda_context())
    too_early = aws.take(MAIL)
    clock.advance(timedelta(seconds=1))
    sweep_outbox({}, lambda_context())
    in_time = aws.take(MAIL)
    sweep_outbox({}, lambda_context())

    assert (too_early, in_time) == ([], [fact.model_dump_json()])
    assert aws.take(MAIL) == []


def test_a_mail_leaves_through_the_mail_service(desk: Desk, gathering: Gathering, outgoing: list[Mail]) -> None:
    fact = confirmed(desk, gathering)

    answers = [send_registration_mail(sqs_event([fact]), lambda_context()) for _ in range(2)]

    assert [came_again(answer) for answer in answers] == [[], []]
    [mail] = outgoing
    assert mail.header("Subject") == "Du er tilmeldt: Kursus"
    assert mail.link.startswith("https://tovholder.example.org/tilmelding/")


def test_a_mail_calls_a_library_as_coordinators_do_now(desk: Desk, outgoing: list[Mail]) -> None:
    directory = Directory(NETWORK, DynamoLibraryStore(), clock=lambda: desk.now)
    directory.change(replace(directory.get("765700"), name="Herning og omegn"))
    bootstrap.libraries.cache_clear()
    rounds = (Round("round", {"da": "Runde"}, NOW, who=Who(libraries=("765700",))),)
    gathering = desk.publish(a_gathering(rounds=rounds))
    desk.register(gathering, an_application(email="deltager1@gratis.example.net"))
    [fact] = [one for one in desk.stores.facts() if one.type == "RegistrationPending"]

    send_registration_mail(sqs_event([fact]), lambda_context())

    [told] = outgoing
    # What this process remembers would be known to the next test.
    bootstrap.libraries.cache_clear()
    assert "det bibliotek, du har valgt (Herning og omegn)" in " ".join(told.text.split())


@pytest.mark.parametrize("poison", ["not JSON", '{"type": "SeatSold", "version": 1}'])
def test_poison_stops_nobody_elses_mail(desk: Desk, gathering: Gathering, outgoing: list[Mail], poison: str) -> None:
    facts = [confirmed(desk, gathering, name=f"Deltager {number}") for number in (1, 2)]

    answer = send_registration_mail(sqs_event([facts[0], poison, facts[1]]), lambda_context())

    assert came_again(answer) == ["message-2"]
    assert len(outgoing) == 2


def test_nothing_to_do_is_done_in_silence(desk: Desk, gathering: Gathering) -> None:
    erased = a_fact(RegistrationConfirmed(registration_id="erased", gathering_id=gathering.id))

    assert came_again(send_registration_mail(sqs_event([erased]), lambda_context())) == []
    assert came_again(send_registration_mail(sqs_event(["x"]), lambda_context())) == ["message-1"]


def test_a_busy_store_is_trouble_and_the_whole_batch_comes_again(
    desk: Desk, gathering: Gathering, sleep: Sleep, outgoing: list[Mail]
) -> None:
    fact = confirmed(desk, gathering)

    with (
        FaultInjector(probability=1, kinds=[Trouble.THROTTLED], operations=EVERYTHING),
        pytest.raises(StoreUnavailable),
    ):
        send_registration_mail(sqs_event([fact]), lambda_context())
    send_registration_mail(sqs_event([fact]), lambda_context())

    assert len(outgoing) == 1


def test_an_answer_lost_while_claiming_does_not_lose_the_mail(
    desk: Desk, gathering: Gathering, sleep: Sleep, outgoing: list[Mail]
) -> None:
    fact = confirmed(desk, gathering)

    with FaultInjector(Trouble.LOST_ANSWER, Trouble.CONFLICT):
        send_registration_mail(sqs_event([fact]), lambda_context())

    assert len(outgoing) == 1


def test_a_mail_service_that_refuses_is_tried_again_and_then_told(desk: Desk, gathering: Gathering) -> None:
    fact = confirmed(desk, gathering)
    ses = aws.client("ses")
    ses.delete_identity(Identity=aws.SENDER)
    try:
        answers = [send_registration_mail(sqs_event([fact]), lambda_context()) for _ in range(4)]
    finally:
        ses.verify_email_identity(EmailAddress=aws.SENDER)

    assert [came_again(answer) for answer in answers] == [["message-1"], ["message-1"], [], []]
    assert [one.data.problem for one in desk.stores.facts() if one.type == "MailFailed"] == ["refused"]


def test_a_bounce_ends_up_on_the_registration(desk: Desk, gathering: Gathering, outgoing: list[Mail]) -> None:
    fact = confirmed(desk, gathering)
    send_registration_mail(sqs_event([fact]), lambda_context())
    mail = MailId(gathering.id, fact.subject, MailKind.CONFIRMATION, "one")

    reported = record_mail_outcome(sqs_event([a_bounce(mail), a_bounce(mail), "Topic check"]), lambda_context())
    [failed] = [one for one in desk.stores.facts() if one.type == "MailFailed"]
    noted = [note_mail_failure(sqs_event([failed]), lambda_context()) for _ in range(2)]

    assert came_again(reported) == []
    assert [came_again(answer) for answer in noted] == [[], []]
    assert desk.get(gathering, fact.subject).mail_problem == "bounced"


def test_a_report_of_an_unknown_message_comes_again_alone(table: None) -> None:
    answer = record_mail_outcome(
        sqs_event([a_bounce(None, message_id="unknown"), '{"eventType": "Send"}', '{"eventType": "Bounce"}']),
        lambda_context(),
    )

    assert came_again(answer) == ["message-1", "message-3"]


def test_mails_left_by_a_crash_become_unknown(desk: Desk, gathering: Gathering, clock: Clock) -> None:
    fact = confirmed(desk, gathering)
    mail = MailId(gathering.id, fact.subject, MailKind.CONFIRMATION, "one")
    DynamoLedger().claim([mail], now=clock.now)

    sweep_due({}, lambda_context())
    clock.advance(SENDING_FOR + timedelta(seconds=1))
    sweep_due({}, lambda_context())

    assert [one.data.problem for one in desk.stores.facts() if one.type == "MailFailed"] == ["unknown"]


def test_the_sweep_ends_what_was_held_too_long(desk: Desk, gathering: Gathering, clock: Clock) -> None:
    answer = desk.register(gathering, an_application(email="deltager1@et.andet.example.org"))
    deadline = desk.get(gathering, answer.registration_id).deadline
    assert deadline is not None
    found = []

    for moment in (deadline - timedelta(seconds=1), deadline, deadline):
        clock.now = moment
        sweep_due({}, lambda_context())
        found.append(desk.get(gathering, answer.registration_id).status)

    assert found == [Status.PENDING, Status.EXPIRED, Status.EXPIRED]
    assert desk.stores.fact_types().count("RegistrationExpired") == 1


def test_the_sweep_sets_reserved_seats_free(desk: Desk, clock: Clock) -> None:
    ends = NOW + timedelta(days=2)
    first = Round("first", {"da": "Første"}, NOW - timedelta(days=1), ends, Who(roles=("leader",)), 3)
    gathering = desk.publish(a_gathering(capacity=5, rounds=(first, Round("rest", {"da": "Alle"}, ends))))
    clock.now = ends

    for _ in range(2):
        sweep_due({}, lambda_context())

    assert desk.seats(gathering).left["whole"] == 5
    assert desk.stores.fact_types().count("RoundRolledOver") == 1


def interested(desk: Desk, gathering: Gathering) -> None:
    notices.leave_interest(
        gathering.slug,
        "deltager1@herning.example.org",
        language="da",
        limits=(),
        secret=desk.around.secret,
        around=Openings(desk.reader, desk.libraries, desk.around.zone, DynamoNoticeStore()),
        now=NOW,
    )


def test_the_sweep_has_those_told_whose_moment_has_come(desk: Desk, clock: Clock) -> None:
    opens_at = NOW + timedelta(days=2)
    interested(desk, desk.publish(a_gathering(registration=Window(opens_at=opens_at))))
    told = []

    for moment in (opens_at - timedelta(seconds=1), opens_at, opens_at):
        clock.now = moment
        sweep_due({}, lambda_context())
        told.append(desk.stores.fact_types().count("RoundOpened"))

    assert told == [0, 1, 1]


def test_a_free_seat_whose_fact_was_lost_is_offered_all_the_same(desk: Desk, clock: Clock) -> None:
    gathering = desk.publish(a_gathering(capacity=1, waiting_list=True))
    first, waiting = (desk.register(gathering, an_application(name=name)) for name in ("Den første", "Den anden"))
    desk.cancel(gathering, first.registration_id)

    for _ in range(2):
        reconcile({}, lambda_context())

    assert desk.get(gathering, waiting.registration_id).status is Status.OFFERED
    assert desk.stores.fact_types().count("RegistrationOffered") == 1


def test_a_seat_given_back_is_offered_to_who_waits(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=1, waiting_list=True))
    first, waiting = (desk.register(gathering, an_application(name=name)) for name in ("Den første", "Den anden"))
    desk.cancel(gathering, first.registration_id)
    [cancelled] = [one for one in desk.stores.facts() if one.type == "RegistrationCancelled"]

    answer = move_line(sqs_event([cancelled, cancelled]), lambda_context())

    assert came_again(answer) == []
    assert desk.get(gathering, waiting.registration_id).status is Status.OFFERED
    assert desk.stores.fact_types().count("RegistrationOffered") == 1


def test_a_consumer_that_dies_half_way_through_a_promotion_is_done_by_the_next(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=3, waiting_list=True))
    answers = [desk.register(gathering, an_application(name=f"Deltager {at}")) for at in range(6)]
    for one in answers[:3]:
        desk.cancel(gathering, one.registration_id)
    fact = next(one for one in desk.stores.facts() if one.type == "RegistrationCancelled")

    dies = FaultInjector(None, probability=1.0, kinds=[Trouble.DENIED])
    with dies, pytest.raises(TransactWriteError):
        move_line(sqs_event([fact]), lambda_context())
    half_way = desk.statuses(gathering, answers[3:])
    again = move_line(sqs_event([fact, fact]), lambda_context())

    assert half_way == ["offered", "waitlisted", "waitlisted"]
    assert came_again(again) == []
    assert desk.statuses(gathering, answers[3:]) == ["offered"] * 3
    assert desk.stores.fact_types().count("RegistrationOffered") == 3
    assert desk.left(gathering) == 0


def test_an_offer_whose_mail_comes_back_is_marked_lapses_and_goes_on(desk: Desk, clock: Clock) -> None:
    gathering = desk.publish(a_gathering(capacity=1, waiting_list=True))
    first, second, third = (desk.register(gathering, an_application(name=f"Deltager {at}")) for at in range(3))
    desk.cancel(gathering, first.registration_id)
    desk.move_line(gathering)
    [offered] = [one for one in desk.stores.facts() if one.type == "RegistrationOffered"]
    send_registration_mail(sqs_event([offered]), lambda_context())
    mail = MailId(gathering.id, offered.subject, MailKind.OFFER, "once")

    record_mail_outcome(sqs_event([a_bounce(mail)]), lambda_context())
    [failed] = [one for one in desk.stores.facts() if one.type == "MailFailed"]
    note_mail_failure(sqs_event([failed]), lambda_context())
    marked = desk.get(gathering, second.registration_id)
    assert marked.deadline is not None
    clock.now = marked.deadline
    sweep_due({}, lambda_context())
    move_line(sqs_event([one for one in desk.stores.facts() if one.type == "RegistrationExpired"]), lambda_context())

    assert (marked.status, marked.mail_problem) == (Status.OFFERED, "bounced")
    assert desk.statuses(gathering, (second, third)) == ["expired", "offered"]


def test_who_waits_to_be_told_follows_a_gathering_that_opens_at_another_time(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(registration=Window(opens_at=NOW + timedelta(days=2))))
    interested(desk, gathering)
    desk.edit(gathering, registration=Window(opens_at=NOW + timedelta(days=5)))
    [changed] = [one for one in desk.stores.facts() if one.type == "GatheringChanged"]

    answer = move_line(sqs_event([changed, changed]), lambda_context())

    assert came_again(answer) == []
    [interest] = DynamoNoticeStore().left_for(gathering.id)
    assert interest.opens_at == NOW + timedelta(days=5)


def test_no_log_line_names_anybody(desk: Desk, gathering: Gathering, outgoing: list[Mail]) -> None:
    fact = confirmed(desk, gathering, name="Åse-rollen Ærø")
    output = StringIO()
    handler: Any = logger.registered_handler
    usual = handler.setStream(output)

    relay_outbox(stream_event([fact]), lambda_context())
    send_registration_mail(sqs_event([fact, "not JSON"]), lambda_context())
    record_mail_outcome(sqs_event([a_bounce(None, message_id="message")]), lambda_context())

    handler.setStream(usual)
    written = output.getvalue()
    lines = [json.loads(line) for line in written.splitlines()]
    assert {line["message"] for line in lines if "message" in line} >= {"facts_relayed", "mails_sent", "poison"}
    for word in ("Åse", "\\u00c5se", "herning", "deltager1", "tilmelding/"):
        assert word not in written
    assert fact.correlation_id in written


def test_schedules_follow_what_a_gathering_plans(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(title={"da": "Kursus"}))
    [published] = [fact for fact in desk.stores.facts() if fact.type == "GatheringPublished"]
    event = sqs_event([published.model_dump_json()])

    assert came_again(schedule_reminders(event, lambda_context())) == []
    before = schedules(gathering)
    assert came_again(schedule_reminders(event, lambda_context())) == []

    assert schedules(gathering) == before
    assert sorted(one["at"] for one in before.values()) == [
        "at(2026-10-04T07:00:00)",
        "at(2026-10-05T06:30:00)",
    ]
    target = next(iter(before.values()))["target"]
    assert target["Arn"] == aws.ENVIRONMENT["SCHEDULE_QUEUE_ARN"]
    assert target["RoleArn"] == aws.ENVIRONMENT["SCHEDULE_ROLE_ARN"]
    assert decode(target["Input"]).data.gathering_id == gathering.id

    desk.call_off(gathering)
    assert came_again(schedule_reminders(event, lambda_context())) == []
    assert schedules(gathering) == {}


def test_a_reminder_goes_from_the_clock_to_the_inbox(desk: Desk, clock: Clock, outgoing: list[Mail]) -> None:
    gathering = desk.publish(a_gathering(title={"da": "Kursus"}))
    desk.register(gathering, an_application())
    [published] = [fact for fact in desk.stores.facts() if fact.type == "GatheringPublished"]
    schedule_reminders(sqs_event([published.model_dump_json()]), lambda_context())
    rung = [one["target"]["Input"] for one in schedules(gathering).values()]

    clock.now = gathering.starts_at - timedelta(minutes=30)
    assert came_again(fan_out(sqs_event(rung), lambda_context())) == []
    pages = aws.take(QueueName.SEND_MESSAGES)
    assert came_again(send_messages(sqs_event(pages + pages), lambda_context())) == []

    # The one of the day before was due as well, and has not gone out until now.
    assert sorted(mail.header("Subject").partition(",")[0] for mail in outgoing) == ["Påmindelse: Kursus"] * 2


def schedules(gathering: Gathering) -> dict[str, Any]:
    client = aws.client("scheduler")
    group = aws.ENVIRONMENT["SCHEDULE_GROUP"]
    names = [one["Name"] for one in client.list_schedules(GroupName=group, NamePrefix=gathering.id)["Schedules"]]
    found = {name: client.get_schedule(GroupName=group, Name=name) for name in names}
    return {name: {"at": one["ScheduleExpression"], "target": one["Target"]} for name, one in found.items()}
