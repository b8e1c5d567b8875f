"""Registering and giving back: the same on the fake and on the table, or the fake lies."""

from dataclasses import replace
from datetime import timedelta

import pytest

from events.mail import MailArrived, MailFailed
from shared.gatherings.model import GatheringIsCancelled, GatheringNotFound, Window
from shared.notify.model import MailProblem
from shared.refusals import Invalid
from shared.registration import service as registering
from shared.registration.allowance import Allowance
from shared.registration.changes import note_mail_arrival, note_mail_problem
from shared.registration.model import (
    GatheringFull,
    KeyReused,
    RegistrationClosed,
    RegistrationNotFound,
    RegistrationNotOpenYet,
    Status,
    TooLateToChange,
    TooManyAttempts,
)
from tests.support.builders import NOW, a_fact, a_gathering, a_session, an_application, applicants
from tests.support.stores import GENEROUS, Desk, everybody


def test_a_seat_is_taken_and_announced(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=2))

    answer = desk.register(gathering)

    assert answer.status is Status.CONFIRMED
    assert desk.left(gathering) == 1
    assert desk.get(gathering, answer.registration_id).participant.email == "deltager1@herning.example.org"
    assert desk.stores.fact_types() == ["GatheringPublished", "RegistrationConfirmed"]


def test_a_fact_about_a_seat_names_it_and_nobody(desk: Desk) -> None:
    gathering = desk.publish(a_gathering())

    answer = desk.register(gathering)

    [fact] = [fact for fact in desk.stores.facts() if fact.type == "RegistrationConfirmed"]
    assert (fact.subject, fact.subject_version) == (answer.registration_id, 1)
    assert fact.data.model_dump() == {"registration_id": answer.registration_id, "gathering_id": gathering.id}


def test_the_last_seat_is_given_once(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=1))
    first, second = applicants(2)

    desk.register(gathering, first)

    with pytest.raises(GatheringFull):
        desk.register(gathering, second)
    assert desk.left(gathering) == 0


def test_the_fullest_session_decides(desk: Desk) -> None:
    sessions = (a_session(), a_session("2026-10-06T09:00", id="two", capacity=1))
    gathering = desk.publish(a_gathering(capacity=5, sessions=sessions))
    first, second = applicants(2)

    desk.register(gathering, first)

    with pytest.raises(GatheringFull):
        desk.register(gathering, second)
    left = {"whole": 4, "on_site": None, "online": None, "session-one": None, "session-two": 0}
    assert desk.stores.seats_left(gathering.id) == left


def test_without_a_limit_nobody_is_refused(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=None))

    everybody(desk, gathering, applicants(5))

    assert desk.left(gathering) is None


@pytest.mark.parametrize(
    ("name", "email"),
    [
        ("Deltager 1", "deltager1@herning.example.org"),
        ("  deltager  1 ", "Deltager1@Herning.Example.org"),
        ("DELTAGER\u200b 1", " deltager1@herning.example.org\u00a0"),
    ],
    ids=["the same letters", "other capitals and blanks", "invisible characters"],
)
def test_the_same_person_twice_is_one_seat_and_gets_the_link_again(desk: Desk, name: str, email: str) -> None:
    gathering = desk.publish(a_gathering(capacity=2))
    first = desk.register(gathering)

    again = desk.register(gathering, an_application(name=name, email=email))

    assert again == first
    assert desk.left(gathering) == 1
    assert desk.stores.fact_types() == ["GatheringPublished", "RegistrationConfirmed", "RegistrationLinkRequested"]


def test_the_same_person_again_when_it_is_full_still_gets_the_link(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=1))
    first = desk.register(gathering)

    assert desk.register(gathering) == first


def test_two_people_may_share_an_address(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=2))

    everybody(desk, gathering, [an_application(name="Deltager 1"), an_application(name="Deltager 2")])

    assert desk.left(gathering) == 0


def test_the_same_person_may_take_part_in_two_gatherings(desk: Desk) -> None:
    one, other = desk.publish(a_gathering()), desk.publish(a_gathering(slug="design-thinking"))

    first, second = desk.register(one), desk.register(other)

    assert first.registration_id != second.registration_id


def test_the_same_request_twice_is_answered_alike_and_done_once(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=2))

    first = desk.register(gathering, key="the same")
    again = desk.register(gathering, key="the same")

    assert again == first
    assert desk.left(gathering) == 1
    assert desk.stores.fact_types() == ["GatheringPublished", "RegistrationConfirmed"]


def test_the_same_request_for_the_link_twice_mails_it_once(desk: Desk) -> None:
    gathering = desk.publish(a_gathering())
    desk.register(gathering)

    first = desk.register(gathering, key="again")
    again = desk.register(gathering, key="again")

    assert again == first
    assert desk.stores.fact_types().count("RegistrationLinkRequested") == 1


def test_a_key_used_for_something_else_is_refused(desk: Desk) -> None:
    gathering = desk.publish(a_gathering())
    first, second = applicants(2)
    desk.register(gathering, first, key="the same")

    with pytest.raises(KeyReused):
        desk.register(gathering, second, key="the same")
    with pytest.raises(KeyReused):
        desk.register(gathering, replace(first, reference="", role="leader"), key="the same")


def test_a_request_answered_before_is_answered_alike_when_it_is_full(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=1))
    first = desk.register(gathering, key="the same")

    assert desk.register(gathering, key="the same") == first


def test_nobody_registers_before_the_window_opens(desk: Desk) -> None:
    opens_at = NOW + timedelta(hours=1)
    gathering = desk.publish(a_gathering(registration=Window(opens_at=opens_at)))

    with pytest.raises(RegistrationNotOpenYet) as refused:
        desk.register(gathering)

    assert refused.value.details == {"opens_at": opens_at}


def test_nobody_registers_after_the_window_closes(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(registration=Window(closes_at=NOW)))

    with pytest.raises(RegistrationClosed):
        desk.register(gathering)


def test_nobody_registers_for_a_cancelled_gathering(desk: Desk) -> None:
    gathering = desk.publish(a_gathering())
    desk.call_off(gathering)

    with pytest.raises(GatheringIsCancelled):
        desk.register(gathering)


def test_who_remembers_the_gathering_does_not_register_after_it_was_cancelled(desk: Desk) -> None:
    gathering = desk.publish(a_gathering())
    desk.reader.remembered(gathering.slug)
    desk.call_off(gathering)

    with pytest.raises((GatheringIsCancelled, RegistrationClosed)):
        desk.register(gathering)


def test_nobody_registers_for_a_draft_or_for_nothing(desk: Desk) -> None:
    gathering = a_gathering()
    desk.stores.gatherings.create(gathering)

    for slug in (gathering.slug, "findes-ikke"):
        with pytest.raises(GatheringNotFound):
            desk.register(replace(gathering, slug=slug))


def test_a_change_between_reading_and_writing_is_read_before_the_seat_is_given(desk: Desk) -> None:
    gathering = desk.publish(a_gathering())
    desk.reader.remembered(gathering.slug)
    moved = (a_session("2026-10-05T13:00"), a_session("2026-10-06T13:00", id="two"))
    other = Desk(desk.stores)
    changed = other.change(replace(gathering, title={"da": "Nyt navn"}, sessions=(moved[0],)))

    answer = desk.register(gathering)

    assert desk.reader.remembered(gathering.slug).version == changed.version
    assert answer.status == Status.CONFIRMED


def test_a_refusal_by_what_is_remembered_is_checked_against_what_is_kept(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(registration=Window(closes_at=NOW)))
    desk.reader.remembered(gathering.slug)
    Desk(desk.stores).change(replace(gathering, registration=Window()))

    answer = desk.register(gathering)

    assert answer.status is Status.CONFIRMED


def test_a_window_closed_meanwhile_refuses(desk: Desk) -> None:
    gathering = desk.publish(a_gathering())
    desk.reader.remembered(gathering.slug)
    Desk(desk.stores).change(replace(gathering, registration=Window(closes_at=NOW)))

    with pytest.raises(RegistrationClosed):
        desk.register(gathering)


def test_what_is_filled_in_wrong_is_told_all_at_once_and_takes_nothing(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=1))

    with pytest.raises(Invalid) as refused:
        desk.register(gathering, an_application(name="", email="x", library="999999", role="boss"))

    assert [fault.field for fault in refused.value.faults] == [
        f"participants.0.{field}" for field in ("name", "email", "library", "role")
    ]
    assert desk.left(gathering) == 1


@pytest.mark.parametrize(
    ("allowance", "passes", "longest"),
    [
        (replace(GENEROUS, network_per_second=2), 2, 1),
        (replace(GENEROUS, domain_per_second=2), 2, 1),
        (replace(GENEROUS, address_per_hour=2), 2, 3600),
    ],
    ids=["network", "domain", "address"],
)
def test_too_many_at_once_are_told_when_to_come_back(
    desk: Desk, allowance: Allowance, passes: int, longest: int
) -> None:
    desk.allowance = allowance
    gatherings = [desk.publish(a_gathering(slug=f"nummer-{number}")) for number in range(passes + 1)]
    for gathering in gatherings[:passes]:
        desk.register(gathering)

    with pytest.raises(TooManyAttempts) as refused:
        desk.register(gatherings[-1])

    retry_after = refused.value.details["retry_after"]
    assert isinstance(retry_after, int)
    assert 1 <= retry_after <= longest
    assert desk.left(gatherings[-1]) is None
    desk.now += timedelta(seconds=retry_after)
    assert desk.register(gatherings[-1]).status is Status.CONFIRMED


def test_limits_count_each_network_domain_and_address_apart(desk: Desk) -> None:
    desk.allowance = Allowance(1, 1, 1, unproven_per_domain=10)
    gathering = desk.publish(a_gathering())

    desk.register(gathering, an_application(), network="198.51.100.7")
    desk.register(gathering, an_application(email="deltager2@aarhus.example.org"), network="198.51.100.8")

    with pytest.raises(TooManyAttempts):
        desk.register(gathering, an_application(email="d3@odense.example.org"), network="198.51.100.7")


def test_asking_for_the_link_counts_against_the_limits_too(desk: Desk) -> None:
    desk.allowance = replace(GENEROUS, address_per_hour=2)
    gathering = desk.publish(a_gathering())
    desk.register(gathering)
    desk.register(gathering)

    with pytest.raises(TooManyAttempts):
        desk.register(gathering)


def test_a_repeated_request_is_answered_whatever_the_limits(desk: Desk) -> None:
    desk.allowance = replace(GENEROUS, address_per_hour=1)
    gathering = desk.publish(a_gathering())
    first = desk.register(gathering, key="the same")

    assert desk.register(gathering, key="the same") == first


def test_a_form_for_several_gatherings_counts_once_and_what_it_asks_for_not_again(desk: Desk) -> None:
    allowance = replace(GENEROUS, address_per_hour=1)
    desk.allowance = allowance
    gatherings = [desk.publish(a_gathering(slug=slug)) for slug in ("foerste", "anden")]
    email = an_application().email

    def count(key: str) -> None:
        registering.count(key, email, network="198.51.100.7", allowance=allowance, around=desk.around, now=desk.now)

    count("form")
    count("form")
    taken = [desk.register(one, counted=True) for one in gatherings]

    assert [one.status for one in taken] == [Status.CONFIRMED, Status.CONFIRMED]
    with pytest.raises(TooManyAttempts):
        count("another form")
    with pytest.raises(TooManyAttempts):
        desk.register(gatherings[0])


def test_a_seat_given_back_is_free_at_once(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=1))
    first, second = applicants(2)
    answer = desk.register(gathering, first)

    cancelled = desk.cancel(gathering, answer.registration_id)

    assert cancelled.status is Status.CANCELLED
    assert desk.get(gathering, answer.registration_id) == cancelled
    assert desk.register(gathering, second).status is Status.CONFIRMED


def test_who_gave_a_seat_back_may_register_anew(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=1))
    first = desk.register(gathering)
    desk.cancel(gathering, first.registration_id)

    second = desk.register(gathering)

    assert second.registration_id != first.registration_id
    assert desk.left(gathering) == 0


def test_to_give_back_twice_changes_nothing_more(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=1))
    answer = desk.register(gathering)
    once = desk.cancel(gathering, answer.registration_id)

    twice = desk.cancel(gathering, answer.registration_id)

    assert twice == once
    assert desk.left(gathering) == 1
    assert desk.stores.fact_types().count("RegistrationCancelled") == 1


def test_nobody_gives_back_after_the_time_for_it(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(registration=Window(changes_until=NOW + timedelta(hours=1))))
    answer = desk.register(gathering)
    desk.now += timedelta(hours=1)

    with pytest.raises(TooLateToChange) as refused:
        desk.cancel(gathering, answer.registration_id)

    assert refused.value.details == {"contact": gathering.contact}


def test_giving_back_uses_the_time_as_it_is_set_now(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(registration=Window(changes_until=NOW)))
    answer = desk.register(gathering)
    Desk(desk.stores).change(replace(gathering, registration=Window(changes_until=NOW + timedelta(hours=1))))

    assert desk.cancel(gathering, answer.registration_id).status is Status.CANCELLED


def test_nobody_gives_back_what_is_not_there(desk: Desk) -> None:
    gathering = desk.publish(a_gathering())

    with pytest.raises(RegistrationNotFound):
        desk.cancel(gathering, "nothing")


def test_a_registration_comes_back_as_it_was_kept(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(asks_invoice_reference=True))
    application = an_application(name="Åse-rollen Ærø", gln="5790000000005", reference="Konto 17", role="leader")

    kept = desk.get(gathering, desk.register(gathering, application).registration_id)

    assert kept.participant.name == "Åse-rollen Ærø"
    assert kept.invoice is not None
    assert (kept.invoice.gln, kept.invoice.reference) == ("5790000000005", "Konto 17")
    assert (kept.sessions, kept.pools) == (("one",), ("whole", "online", "session-one"))
    assert (kept.registered_at, kept.version, kept.deadline) == (NOW, 1, None)


def test_many_registrations_are_found_and_the_missing_left_out(desk: Desk) -> None:
    gathering = desk.publish(a_gathering())
    first, second = everybody(desk, gathering, applicants(2))

    found = desk.stores.registrations.many(
        [(gathering.id, first.registration_id), (gathering.id, second.registration_id), (gathering.id, "gone")]
    )

    assert set(found) == {first.registration_id, second.registration_id}


def a_mail_failure(registration_id: str | None, gathering_id: str, problem: MailProblem) -> MailFailed:
    return MailFailed(
        registration_id=registration_id or "", gathering_id=gathering_id, kind="confirmation", problem=problem.value
    )


def test_a_mail_problem_shows_on_the_registration(desk: Desk) -> None:
    gathering = desk.publish(a_gathering())
    answer = desk.register(gathering)
    fact = a_fact(a_mail_failure(answer.registration_id, gathering.id, MailProblem.BOUNCED), version=3)

    noted = note_mail_problem(fact, store=desk.stores.registrations, now=NOW)
    again = note_mail_problem(fact, store=desk.stores.registrations, now=NOW)

    assert (noted, again) == (True, False)
    assert desk.get(gathering, answer.registration_id).mail_problem == "bounced"


def a_mail_arrival(registration_id: str | None, gathering_id: str) -> MailArrived:
    return MailArrived(registration_id=registration_id or "", gathering_id=gathering_id, kind="confirmation")


@pytest.mark.parametrize("in_order", [True, False])
def test_a_mail_thought_lost_that_has_arrived_is_no_problem_whichever_is_heard_first(
    desk: Desk, in_order: bool
) -> None:
    gathering = desk.publish(a_gathering())
    answer = desk.register(gathering)
    lost = a_fact(a_mail_failure(answer.registration_id, gathering.id, MailProblem.UNKNOWN), version=3)
    arrived = a_fact(a_mail_arrival(answer.registration_id, gathering.id), version=4)
    store = desk.stores.registrations

    if in_order:
        assert note_mail_problem(lost, store=store, now=NOW)
        assert note_mail_arrival(arrived, store=store, now=NOW)
    else:
        assert not note_mail_arrival(arrived, store=store, now=NOW)
        assert not note_mail_problem(lost, store=store, now=NOW)
    assert desk.get(gathering, answer.registration_id).mail_problem is None


def test_a_mail_that_has_arrived_says_nothing_of_another_that_came_back(desk: Desk) -> None:
    gathering = desk.publish(a_gathering())
    answer = desk.register(gathering)
    failed = a_fact(a_mail_failure(answer.registration_id, gathering.id, MailProblem.BOUNCED), version=3)
    note_mail_problem(failed, store=desk.stores.registrations, now=NOW)
    arrived = a_fact(a_mail_arrival(answer.registration_id, gathering.id), version=2, subject="another mail")

    assert not note_mail_arrival(arrived, store=desk.stores.registrations, now=NOW)
    assert desk.get(gathering, answer.registration_id).mail_problem == "bounced"


def test_an_older_mail_problem_does_not_cover_a_newer_one(desk: Desk) -> None:
    gathering = desk.publish(a_gathering())
    answer = desk.register(gathering)
    older, newer = (
        a_fact(a_mail_failure(answer.registration_id, gathering.id, problem), version=version)
        for version, problem in ((3, MailProblem.BOUNCED), (4, MailProblem.COMPLAINED))
    )

    outcomes = [note_mail_problem(fact, store=desk.stores.registrations, now=NOW) for fact in (newer, older)]

    assert outcomes == [True, False]
    assert desk.get(gathering, answer.registration_id).mail_problem == "complained"


def test_problems_of_different_mails_are_each_noted(desk: Desk) -> None:
    gathering = desk.publish(a_gathering())
    answer = desk.register(gathering)
    failed = a_mail_failure(answer.registration_id, gathering.id, MailProblem.BOUNCED)

    outcomes = [
        note_mail_problem(a_fact(failed, subject=subject, version=3), store=desk.stores.registrations, now=NOW)
        for subject in ("confirmation", "cancellation")
    ]

    assert outcomes == [True, True]


def test_a_mail_problem_of_a_registration_that_is_erased_is_let_go(desk: Desk) -> None:
    fact = a_fact(a_mail_failure("erased", "erased", MailProblem.BOUNCED), version=3)

    assert note_mail_problem(fact, store=desk.stores.registrations, now=NOW) is False
