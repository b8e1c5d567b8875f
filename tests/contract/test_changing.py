"""What becomes of a seat after it was taken: by the person, who booked it, a coordinator or the clock."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from events.envelope import Envelope
from events.mail import MailFailed
from shared.gatherings.model import Gathering, Mode, Place, Window
from shared.gatherings.needs import Needs
from shared.gatherings.questions import Question, QuestionKind
from shared.gatherings.rounds import Who
from shared.refusals import Invalid, Refusal
from shared.registration import changes, correcting
from shared.registration.applying import Booker
from shared.registration.correcting import Correction
from shared.registration.model import (
    AlreadyRegistered,
    Awaits,
    By,
    ClaimedMeanwhile,
    GatheringFull,
    HoldOver,
    NoSeatYet,
    RegistrationChangedMeanwhile,
    RegistrationNotFound,
    RegistrationOver,
    Role,
    Status,
    TooLateToChange,
    TooManyUnproven,
    What,
)
from tests.support.builders import NOW, a_fact, a_gathering, a_session, an_application, applicants
from tests.support.programmes import a_round
from tests.support.stores import BOOKER, COORDINATOR, GENEROUS, PERSON, Desk, everybody

UNKNOWN = an_application(email="deltager1@gratis.example.net")
SECRETARY = Booker("Sekretær", "sekretaer@herning.example.org")


def held(desk: Desk, **more: Any) -> tuple[Gathering, str]:
    """Let somebody hold a seat whose address proves nothing."""
    gathering = desk.publish(a_gathering(capacity=1, **more))
    return gathering, desk.register(gathering, UNKNOWN).registration_id or ""


# Proofs and answers that a seat is held for.


def test_a_seat_is_confirmed_when_the_address_is_proven(desk: Desk) -> None:
    gathering, mine = held(desk)

    proven = desk.do(changes.prove, gathering, mine, PERSON)

    assert (proven.status, proven.awaits, proven.deadline, proven.unproven) == (Status.CONFIRMED, frozenset(), None, "")
    assert desk.do(changes.prove, gathering, mine, PERSON) == proven
    assert list(desk.stores.registrations.due(None)) == []
    assert not any(desk.seats(gathering).unproven.values())
    assert desk.stores.fact_types().count("RegistrationConfirmed") == 1


def test_a_hold_ends_with_its_deadline(desk: Desk) -> None:
    gathering, mine = held(desk)
    desk.now = desk.get(gathering, mine).deadline or desk.now

    with pytest.raises(HoldOver):
        desk.do(changes.prove, gathering, mine, PERSON)
    assert desk.do(changes.lapse, gathering, mine) is True

    assert desk.get(gathering, mine).status is Status.EXPIRED
    assert desk.left(gathering) == 1
    assert desk.stores.fact_types().count("RegistrationExpired") == 1
    with pytest.raises(HoldOver):
        desk.do(changes.prove, gathering, mine, PERSON)


def test_nothing_lapses_that_is_not_there_or_not_due(desk: Desk) -> None:
    gathering, mine = held(desk)

    assert desk.do(changes.lapse, gathering, "nothing") is False
    assert desk.do(changes.lapse, gathering, mine) is False
    desk.do(changes.prove, gathering, mine, PERSON)
    desk.now += timedelta(days=30)
    assert desk.do(changes.lapse, gathering, mine) is False


def test_a_coordinators_word_for_the_workplace_confirms_at_once(desk: Desk) -> None:
    rounds = (a_round(opens_at=NOW, who=Who(libraries=("765700",))),)
    gathering, mine = held(desk, rounds=rounds)
    assert desk.get(gathering, mine).awaits == frozenset({Awaits.PROOF, Awaits.LIBRARY})

    known = desk.do(changes.accept_library, gathering, mine, COORDINATOR)

    assert (known.status, known.awaits, known.deadline) == (Status.CONFIRMED, frozenset(), None)


def test_a_domain_that_is_accepted_confirms_all_who_wait_for_that(desk: Desk) -> None:
    rounds = (a_round(opens_at=NOW, who=Who(libraries=("765700", "775100"))),)
    gathering = desk.publish(a_gathering(rounds=rounds))
    people = [
        replace(UNKNOWN, name="Deltager 1"),
        replace(UNKNOWN, name="Deltager 2"),
        replace(UNKNOWN, name="Deltager 3", library="775100"),
        replace(UNKNOWN, name="Deltager 4", email="deltager4@andet.example.net"),
        an_application(name="Deltager 5"),
    ]
    answers = everybody(desk, gathering, people)

    desk.libraries.accept_domain("765700", "gratis.example.net")
    confirmed = changes.domains_listed([], COORDINATOR, around=desk.around, now=desk.now, correlation_id="correlation")

    assert confirmed == 2
    assert desk.statuses(gathering, answers) == ["confirmed", "confirmed", "pending", "pending", "confirmed"]


def test_a_domain_that_is_accepted_counts_for_who_waits_in_line(desk: Desk) -> None:
    rounds = (a_round(opens_at=NOW, who=Who(libraries=("765700",))),)
    gathering = desk.publish(a_gathering(rounds=rounds, capacity=1, waiting_list=True))
    first, waits = everybody(desk, gathering, [an_application(), replace(UNKNOWN, name="Deltager 2")])
    desk.libraries.accept_domain("765700", "gratis.example.net")

    changes.domains_listed([gathering.id], COORDINATOR, around=desk.around, now=desk.now, correlation_id="correlation")
    desk.cancel(gathering, first.registration_id)
    desk.move_line(gathering)

    assert desk.accept(gathering, waits.registration_id).status is Status.CONFIRMED


def test_who_is_to_be_approved_is_held_without_end_until_then(desk: Desk) -> None:
    gathering, mine = held(desk, approval=True)

    proven = desk.do(changes.prove, gathering, mine, PERSON)
    assert (proven.status, proven.awaits, proven.deadline) == (Status.PENDING, frozenset({Awaits.APPROVAL}), None)

    assert desk.do(changes.approve, gathering, mine, COORDINATOR).status is Status.CONFIRMED
    assert desk.do(changes.approve, gathering, mine, COORDINATOR).version == 3


def test_who_is_rejected_gives_the_seat_back(desk: Desk) -> None:
    gathering, mine = held(desk, approval=True)

    rejected = desk.do(changes.cancel, gathering, mine, COORDINATOR, what=What.REJECTED)

    assert (rejected.status, rejected.history[-1].what) == (Status.CANCELLED, What.REJECTED)
    assert desk.left(gathering) == 1
    with pytest.raises(RegistrationOver):
        desk.do(changes.approve, gathering, mine, COORDINATOR)
    with pytest.raises(RegistrationOver):
        desk.do(changes.accept_library, gathering, mine, COORDINATOR)


# Whose it is.


def test_who_was_registered_by_somebody_takes_the_registration_over(desk: Desk) -> None:
    gathering = desk.publish(a_gathering())
    [answer] = desk.book(gathering, UNKNOWN, booker=SECRETARY)

    claimed = desk.do(changes.claim, gathering, answer.registration_id, PERSON)

    assert (claimed.status, claimed.claimed_at, claimed.unproven) == (Status.CONFIRMED, NOW, "")
    assert desk.do(changes.claim, gathering, answer.registration_id, PERSON) == claimed
    with pytest.raises(ClaimedMeanwhile):
        desk.cancel(gathering, answer.registration_id, BOOKER)
    assert desk.cancel(gathering, answer.registration_id).status is Status.CANCELLED


def test_who_booked_cancels_what_nobody_has_taken_over(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=1))
    [answer] = desk.book(gathering, an_application(), booker=SECRETARY)

    assert desk.cancel(gathering, answer.registration_id, BOOKER).status is Status.CANCELLED
    assert desk.left(gathering) == 1


# Another colleague.


def test_a_seat_is_handed_over_and_never_free(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=1, waiting_list=True, asks_invoice_reference=True))
    mine = desk.register(gathering, an_application(gln="5790000000005", reference="Konto 17")).registration_id
    waiting = desk.register(gathering, applicants(2)[1])

    colleague = desk.hand_over(gathering, mine, " Kollega ", "kollega@herning.example.org")

    before = desk.get(gathering, mine)
    assert (before.status, before.history[-1].what) == (Status.CANCELLED, What.HANDED_OVER)
    assert desk.get(gathering, colleague.id) == colleague
    assert (colleague.status, colleague.participant.name) == (Status.CONFIRMED, "Kollega")
    assert (colleague.pools, colleague.invoice, colleague.sessions) == (before.pools, before.invoice, before.sessions)
    assert colleague.answers == {}
    assert colleague.history[0].what is What.TAKEN_OVER
    assert desk.move_line(gathering) == 0
    assert desk.statuses(gathering, [waiting]) == ["waitlisted"]
    assert desk.seats(gathering).libraries == {"765700": 2}
    told = desk.stores.fact_types()
    assert (told.count("RegistrationHandedOver"), told.count("RegistrationConfirmed")) == (1, 2)
    assert "RegistrationCancelled" not in told


def test_a_seat_is_handed_over_once(desk: Desk) -> None:
    gathering = desk.publish(a_gathering())
    mine = desk.register(gathering).registration_id
    to = ("Kollega", "kollega@herning.example.org", PERSON)
    desk.hand_over(gathering, mine, *to)

    with pytest.raises(RegistrationOver):
        desk.hand_over(gathering, mine, *to)


@pytest.mark.parametrize(
    ("name", "email"),
    [("Deltager 2", "deltager2@herning.example.org"), (" deltager 1", "Deltager1@Herning.example.org")],
    ids=["a colleague who is registered", "oneself"],
)
def test_nobody_takes_over_who_has_a_seat_already(desk: Desk, name: str, email: str) -> None:
    gathering = desk.publish(a_gathering())
    first, _ = everybody(desk, gathering, applicants(2))

    with pytest.raises(AlreadyRegistered):
        desk.hand_over(gathering, first.registration_id, name, email)

    assert desk.statuses(gathering, [first]) == ["confirmed"]


def test_who_waits_at_a_new_address_has_to_prove_it_to_keep_the_place(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=1, waiting_list=True))
    _, waiting = everybody(desk, gathering, applicants(2))
    assert desk.get(gathering, waiting.registration_id).deadline is None

    moved = desk.do(correcting.change_address, gathering, waiting.registration_id, "ny@gratis.example.net", PERSON)

    assert (moved.status, moved.awaits) == (Status.WAITLISTED, frozenset({Awaits.PROOF}))
    assert moved.deadline is not None
    proven = desk.do(changes.prove, gathering, waiting.registration_id, PERSON)
    assert (proven.status, proven.deadline, proven.unproven) == (Status.WAITLISTED, None, "")


def test_who_accepts_an_offer_counts_among_those_who_have_proven_their_address(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=1, waiting_list=True))
    seated, waiting = everybody(desk, gathering, applicants(2))
    desk.cancel(gathering, seated.registration_id)
    desk.move_line(gathering)

    accepted = desk.accept(gathering, waiting.registration_id)

    assert (accepted.status, accepted.unproven) == (Status.CONFIRMED, "")
    assert not any(desk.seats(gathering).unproven.values())


def test_a_held_seat_is_not_held_anew_with_each_who_takes_it_over(desk: Desk) -> None:
    gathering, mine = held(desk)
    deadline = desk.get(gathering, mine).deadline
    assert deadline is not None
    desk.now = deadline - timedelta(minutes=1)

    colleague = desk.hand_over(gathering, mine, "Kollega", "kollega@gratis.example.net")

    assert colleague.deadline == deadline


def test_handing_over_brings_no_more_people_of_a_domain_than_may_come_unproven(desk: Desk) -> None:
    gathering = desk.publish(a_gathering())
    desk.allowance = replace(GENEROUS, unproven_per_domain=1)
    mine = desk.register(gathering).registration_id
    elsewhere = desk.register(
        gathering, an_application(name="En anden", email="anden@aarhus.example.org", library="775100")
    ).registration_id

    assert desk.hand_over(gathering, mine, "Kollega", "kollega@herning.example.org").unproven
    with pytest.raises(TooManyUnproven):
        desk.hand_over(gathering, elsewhere, "Tredje", "tredje@herning.example.org")
    assert desk.get(gathering, elsewhere).status is Status.CONFIRMED


def test_a_colleague_proves_the_address_and_the_workplace_like_anybody(desk: Desk) -> None:
    rounds = (a_round(opens_at=NOW, who=Who(libraries=("765700",))),)
    gathering = desk.publish(a_gathering(rounds=rounds))
    mine = desk.register(gathering).registration_id

    colleague = desk.hand_over(gathering, mine, "Kollega", "kollega@gratis.example.net")

    assert (colleague.status, colleague.awaits) == (Status.PENDING, frozenset({Awaits.PROOF, Awaits.LIBRARY}))
    assert colleague.deadline is not None


def test_only_seats_are_handed_over_and_only_to_an_address(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=1, waiting_list=True))
    seated, waiting = everybody(desk, gathering, applicants(2))

    with pytest.raises(NoSeatYet):
        desk.hand_over(gathering, waiting.registration_id, "Kollega", "k@herning.example.org")
    for name, email in (("Kollega", "kollega"), ("", "k@herning.example.org")):
        with pytest.raises(Invalid):
            desk.hand_over(gathering, seated.registration_id, name, email)


# Other sessions, another way.


def course(**more: Any) -> Gathering:
    sessions = tuple(
        a_session(f"2026-10-0{day}T09:00", id=id, capacity=2) for day, id in enumerate(("one", "two", "three"), start=1)
    )
    place = Place("Herning Bibliotek", "Østergade 8")
    return a_gathering(
        **{"sessions": sessions, "choose_sessions": True, "place": place, "on_site_capacity": 1, "online_capacity": 9}
        | more
    )


def test_somebody_moves_to_other_sessions_and_their_seats_move_along(desk: Desk) -> None:
    gathering = desk.publish(course())
    mine = desk.register(gathering, an_application(sessions=("one", "two"), mode="online")).registration_id

    moved = desk.do(changes.change_sessions, gathering, mine, ("three", "two"), "on_site", PERSON)

    assert (moved.sessions, moved.mode) == (("two", "three"), Mode.ON_SITE)
    assert moved.pools == ("whole", "on_site", "session-two", "session-three")
    left = desk.seats(gathering).left
    assert {pool: left[pool] for pool in ("session-one", "session-two", "session-three", "on_site", "online")} == {
        "session-one": 2,
        "session-two": 1,
        "session-three": 1,
        "on_site": 0,
        "online": 9,
    }
    assert desk.stores.fact_types().count("RegistrationChanged") == 1


def test_to_move_to_where_one_is_changes_nothing(desk: Desk) -> None:
    gathering = desk.publish(course())
    mine = desk.register(gathering, an_application(sessions=("one",), mode="online")).registration_id

    same = desk.do(changes.change_sessions, gathering, mine, ("one",), "", PERSON)

    assert same == desk.do(changes.change_sessions, gathering, mine, None, "online", PERSON)
    assert same.version == 1
    assert "RegistrationChanged" not in desk.stores.fact_types()


def test_nobody_moves_into_a_session_that_is_full_or_waited_for(desk: Desk) -> None:
    gathering = desk.publish(course(waiting_list=True))
    people = [replace(one, mode="online") for one in applicants(5)]
    in_one = everybody(desk, gathering, [replace(one, sessions=("one",)) for one in people[:2]])
    mine = desk.register(gathering, replace(people[2], sessions=("two",))).registration_id

    with pytest.raises(GatheringFull):
        desk.do(changes.change_sessions, gathering, mine, ("one",), "", PERSON)

    desk.register(gathering, replace(people[3], sessions=("one",)))
    desk.cancel(gathering, in_one[0].registration_id)
    with pytest.raises(GatheringFull):
        desk.do(changes.change_sessions, gathering, mine, ("one", "two"), "", PERSON)
    assert desk.get(gathering, mine).sessions == ("two",)


def test_a_session_left_is_offered_to_who_waits_for_it(desk: Desk) -> None:
    gathering = desk.publish(course(waiting_list=True))
    people = [replace(one, mode="online", sessions=("one",)) for one in applicants(3)]
    first, _, waiting = everybody(desk, gathering, people)

    desk.do(changes.change_sessions, gathering, first.registration_id, ("two",), "", PERSON)

    assert desk.move_line(gathering) == 1
    assert desk.statuses(gathering, [waiting]) == ["offered"]


@pytest.mark.parametrize("sessions", [(), ("other",)])
def test_a_move_to_no_session_is_refused(desk: Desk, sessions: tuple[str, ...]) -> None:
    gathering = desk.publish(course())
    mine = desk.register(gathering, an_application(sessions=("one",), mode="online")).registration_id

    with pytest.raises(Invalid) as refused:
        desk.do(changes.change_sessions, gathering, mine, sessions, "", PERSON)

    assert {fault.field for fault in refused.value.faults} == {"sessions"}


def test_a_way_to_take_part_is_one_that_there_is_or_that_one_has(desk: Desk) -> None:
    gathering = desk.publish(course(place=None, on_site_capacity=None))
    mine = desk.register(gathering, an_application(sessions=("one",))).registration_id

    with pytest.raises(Invalid) as refused:
        desk.do(changes.change_sessions, gathering, mine, ("one",), "on_site", PERSON)
    assert [fault.field for fault in refused.value.faults] == ["mode"]

    on_site = replace(gathering, place=Place("Herning", "Østergade 8"), online_link=None, online_capacity=None)
    desk.change(on_site)
    assert desk.do(changes.change_sessions, gathering, mine, ("two",), "", PERSON).mode is Mode.ONLINE


def test_a_seat_of_a_round_that_has_ended_can_still_be_moved_and_given_back(desk: Desk) -> None:
    rounds = (a_round("kept", opens_at=NOW, closes_at=NOW + timedelta(days=1), reserved_seats=2),)
    gathering = desk.publish(course(capacity=5, rounds=rounds))
    mine = desk.register(gathering, an_application(sessions=("one",), mode="online")).registration_id
    desk.now += timedelta(days=1)
    desk.roll_over(gathering)

    moved = desk.do(changes.change_sessions, gathering, mine, ("two",), "", PERSON)
    assert moved.pools[0] == "round-kept"

    desk.cancel(gathering, mine)
    assert desk.seats(gathering).left["whole"] == 5


# Another address.


def test_another_address_makes_old_links_die(desk: Desk) -> None:
    gathering = desk.publish(a_gathering())
    mine = desk.register(gathering).registration_id
    before = desk.get(gathering, mine)

    moved = desk.do(correcting.change_address, gathering, mine, "ny@herning.example.org", PERSON)

    assert moved.participant.email == "ny@herning.example.org"
    assert (moved.former_email, moved.link_generation) == ("deltager1@herning.example.org", 2)
    assert desk.stores.registrations.of_person(before.person) == ()
    assert desk.stores.registrations.of_person(moved.person) == (moved,)
    assert desk.stores.fact_types().count("RegistrationAddressChanged") == 1
    assert desk.register(gathering, an_application(email="NY@herning.example.org")).registration_id == mine


def test_a_new_address_that_proves_nothing_is_to_be_proven_and_the_seat_is_held_meanwhile(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=1))
    mine = desk.register(gathering).registration_id
    desk.do(changes.claim, gathering, mine, PERSON)

    held = desk.do(correcting.change_address, gathering, mine, "ny@gratis.example.net", PERSON)

    assert (held.status, held.awaits) == (Status.PENDING, frozenset({Awaits.PROOF}))
    assert held.deadline == desk.around.deadlines.hold_until(NOW, gathering.starts_at)
    assert desk.left(gathering) == 0
    assert sum(desk.seats(gathering).unproven.values()) == 1
    assert desk.do(changes.claim, gathering, mine, PERSON).status is Status.CONFIRMED
    assert not any(desk.seats(gathering).unproven.values())


def test_who_changes_the_address_again_and_again_gets_no_more_time(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=1))
    mine = desk.register(gathering).registration_id
    first = desk.do(correcting.change_address, gathering, mine, "ny@gratis.example.net", PERSON)
    desk.now += timedelta(hours=20)

    again = desk.do(correcting.change_address, gathering, mine, "nyere@gratis.example.net", PERSON)

    assert again.deadline == first.deadline
    desk.now = again.deadline or desk.now
    assert desk.do(changes.lapse, gathering, mine) is True
    assert desk.left(gathering) == 1


def test_an_address_of_the_library_needs_no_more_proof_than_on_the_form(desk: Desk) -> None:
    gathering, mine = held(desk)

    moved = desk.do(correcting.change_address, gathering, mine, "deltager1@herning.example.org", PERSON)

    assert (moved.status, moved.awaits, moved.deadline) == (Status.CONFIRMED, frozenset(), None)


@pytest.mark.parametrize("proven", [True, False])
def test_who_never_had_mail_at_the_library_has_not_shown_to_work_there(desk: Desk, proven: bool) -> None:
    gathering = desk.publish(a_gathering(rounds=(a_round(opens_at=NOW, who=Who(libraries=("765700",))),)))
    mine = desk.register(gathering).registration_id
    if proven:
        desk.do(changes.claim, gathering, mine, PERSON)

    moved = desk.do(correcting.change_address, gathering, mine, "ny@gratis.example.net", PERSON)

    assert moved.awaits == ({Awaits.PROOF} if proven else {Awaits.PROOF, Awaits.LIBRARY})


def test_that_mails_did_not_arrive_is_nothing_against_another_address(desk: Desk) -> None:
    gathering = desk.publish(a_gathering())
    mine = desk.register(gathering).registration_id or ""
    failed = a_fact(MailFailed(gathering_id=gathering.id, registration_id=mine, kind="confirmation", problem="bounced"))
    changes.note_mail_problem(failed, store=desk.stores.registrations, now=desk.now)
    assert desk.get(gathering, mine).mail_problem == "bounced"

    desk.do(correcting.change_address, gathering, mine, "ny@herning.example.org", PERSON)

    assert desk.get(gathering, mine).mail_problem is None


def test_the_same_address_in_other_letters_changes_nothing(desk: Desk) -> None:
    gathering = desk.publish(a_gathering())
    mine = desk.register(gathering).registration_id

    assert desk.do(correcting.change_address, gathering, mine, "DELTAGER1@herning.example.org", PERSON).version == 1


def test_an_address_under_which_the_same_name_is_registered_is_taken(desk: Desk) -> None:
    gathering = desk.publish(a_gathering())
    mine = desk.register(gathering).registration_id
    desk.register(gathering, an_application(email="anden@herning.example.org"))

    with pytest.raises(AlreadyRegistered):
        desk.do(correcting.change_address, gathering, mine, "anden@herning.example.org", PERSON)
    with pytest.raises(Invalid):
        desk.do(correcting.change_address, gathering, mine, "anden", PERSON)

    assert desk.get(gathering, mine).version == 1


# What is said along with it.


def test_answers_are_kept_complete(desk: Desk) -> None:
    question = Question("q", QuestionKind.YES_NO, {"da": "Kører du i bil?"}, required=True)
    gathering = desk.publish(a_gathering(questions=(question,), asks_needs=True))
    [answer] = desk.book(gathering, an_application(), booker=SECRETARY)
    mine = answer.registration_id

    with pytest.raises(Invalid):
        desk.do(changes.answer, gathering, mine, {}, None, PERSON)
    kept = desk.do(changes.answer, gathering, mine, {"q": True}, ("Vegetar", ""), PERSON)
    same = desk.do(changes.answer, gathering, mine, None, None, PERSON)

    assert (kept.answers, kept.needs) == ({"q": True}, Needs("Vegetar", ""))
    assert same == kept == desk.get(gathering, mine)
    assert desk.stores.fact_types().count("NeedsStated") == 1


@pytest.mark.parametrize(("by", "is_mine"), [(PERSON, True), (COORDINATOR, False)])
def test_who_changes_something_on_the_own_page_says_that_it_is_theirs(desk: Desk, by: By, is_mine: bool) -> None:
    gathering, mine = held(desk, asks_needs=True)

    changed = desk.do(changes.answer, gathering, mine, None, ("Vegetar", ""), by)

    assert (changed.claimed_at == desk.now, changed.is_doubtful) == (is_mine, not is_mine)
    assert Awaits.PROOF in changed.awaits


def test_an_answer_that_is_missing_is_taken_until_the_gathering_begins(desk: Desk) -> None:
    question = Question("q", QuestionKind.YES_NO, {"da": "Kører du i bil?"}, required=True)
    window = Window(changes_until=NOW + timedelta(hours=1))
    gathering = desk.publish(a_gathering(questions=(question,), registration=window))
    mine, other = (one.registration_id for one in desk.book(gathering, *applicants(2), booker=SECRETARY))
    desk.now += timedelta(hours=1)

    kept = desk.do(changes.answer, gathering, mine, {"q": True}, None, PERSON)

    assert kept.answers == {"q": True}
    with pytest.raises(TooLateToChange):
        desk.do(changes.answer, gathering, mine, {"q": False}, None, PERSON)
    desk.now = gathering.starts_at
    with pytest.raises(TooLateToChange):
        desk.do(changes.answer, gathering, other, {"q": True}, None, PERSON)


def test_a_coordinators_note_is_kept(desk: Desk) -> None:
    gathering = desk.publish(a_gathering())
    mine = desk.register(gathering).registration_id

    noted = desk.do(changes.note, gathering, mine, "Ring først", COORDINATOR)

    assert desk.get(gathering, mine) == noted
    assert (noted.note, noted.history[-1].by) == ("Ring først", COORDINATOR)


def test_a_note_for_a_version_that_is_not_the_newest_is_refused(desk: Desk) -> None:
    gathering = desk.publish(a_gathering())
    mine = desk.register(gathering).registration_id
    desk.do(changes.note, gathering, mine, "Ring først", COORDINATOR, version=1)

    with pytest.raises(RegistrationChangedMeanwhile):
        desk.do(changes.note, gathering, mine, "Kommer sent", COORDINATOR, version=1)

    assert desk.get(gathering, mine).note == "Ring først"


# What a coordinator puts right.


def test_a_corrected_address_needs_no_proof_and_old_links_die(desk: Desk) -> None:
    gathering, mine = held(desk)

    right = desk.do(
        correcting.correct, gathering, mine, Correction(email="deltager2@gratis.example.net"), COORDINATOR, version=1
    )

    assert (right.status, right.deadline, right.link_generation) == (Status.CONFIRMED, None, 2)
    assert right.former_email == "deltager1@gratis.example.net"
    assert not any(desk.seats(gathering).unproven.values())
    assert desk.stores.registrations.of_person(right.person) == (right,)
    assert desk.stores.fact_types().count("RegistrationAddressChanged") == 1


def test_an_address_that_mails_do_not_reach_is_not_told_that_it_is_corrected(desk: Desk) -> None:
    gathering = desk.publish(a_gathering())
    mine = desk.register(gathering).registration_id or ""
    ids = {"mail_id": "mail", "registration_id": mine, "gathering_id": gathering.id}
    failed = MailFailed(**ids, kind="confirmation", problem="bounced")
    envelope = Envelope[MailFailed].of(
        failed, id="fact", subject=mine, subject_version=1, at=desk.now, correlation_id="correlation"
    )
    changes.note_mail_problem(envelope, store=desk.stores.registrations, now=desk.now)

    right = desk.do(correcting.correct, gathering, mine, Correction(email="ny@herning.example.org"), COORDINATOR)

    assert (right.former_email, right.mail_problem) == (None, None)


def test_a_corrected_name_is_the_same_registration_and_frees_the_wrong_name(desk: Desk) -> None:
    gathering = desk.publish(a_gathering())
    mine = desk.register(gathering, an_application(name="Detlager 1")).registration_id

    right = desk.do(correcting.correct, gathering, mine, Correction(name=" Deltager  1 "), COORDINATOR)

    assert (right.participant.name, right.history[-1].what) == ("Deltager 1", What.CORRECTED)
    assert desk.register(gathering, an_application(name="Deltager 1")).registration_id == mine
    assert desk.register(gathering, an_application(name="Detlager 1")).registration_id != mine


def test_a_corrected_library_is_counted_there_and_taken_for_proven(desk: Desk) -> None:
    rounds = (a_round(opens_at=NOW, who=Who(libraries=("765700",))),)
    gathering, mine = held(desk, rounds=rounds)

    right = desk.do(correcting.correct, gathering, mine, Correction(library="775100", role="leader"), COORDINATOR)

    assert (right.participant.library, right.participant.role) == ("775100", Role.LEADER)
    assert right.awaits == frozenset({Awaits.PROOF})
    assert {key: n for key, n in desk.seats(gathering).libraries.items() if n} == {"775100": 1}


def test_a_correction_keeps_the_place_in_the_line(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=1, waiting_list=True))
    _, mine, _ = everybody(desk, gathering, applicants(3))
    before = desk.get(gathering, mine.registration_id)

    right = desk.do(correcting.correct, gathering, mine.registration_id, Correction(name="Ny"), COORDINATOR)

    assert (right.status, right.place) == (Status.WAITLISTED, before.place)


def test_what_is_wrong_with_a_correction_is_told_at_once(desk: Desk) -> None:
    gathering = desk.publish(a_gathering())
    mine = desk.register(gathering).registration_id

    with pytest.raises(Invalid) as refused:
        desk.do(correcting.correct, gathering, mine, Correction("", "a@", "nothing", "boss"), COORDINATOR)

    assert [fault.field for fault in refused.value.faults] == ["name", "email", "library", "role"]
    assert desk.do(correcting.correct, gathering, mine, Correction(), COORDINATOR).version == 1


def test_nobody_is_corrected_into_somebody_else(desk: Desk) -> None:
    gathering = desk.publish(a_gathering())
    mine = desk.register(gathering).registration_id
    desk.register(gathering, an_application(name="En anden"))

    with pytest.raises(AlreadyRegistered):
        desk.do(correcting.correct, gathering, mine, Correction(name="En anden"), COORDINATOR)


def test_a_coordinator_accepts_an_offer_for_who_has_said_so(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(capacity=1, waiting_list=True))
    first = desk.register(gathering)
    waits = desk.register(gathering, replace(UNKNOWN, name="Deltager 2"))
    desk.cancel(gathering, first.registration_id)
    desk.move_line(gathering)

    accepted = desk.do(changes.accept, gathering, waits.registration_id, COORDINATOR)

    assert (accepted.status, accepted.history[-1].by) == (Status.CONFIRMED, COORDINATOR)


def test_the_link_is_mailed_again_and_nothing_else_changes(desk: Desk) -> None:
    gathering = desk.publish(a_gathering())
    mine = desk.register(gathering).registration_id

    desk.do(changes.send_link, gathering, mine)

    [fact] = [fact for fact in desk.stores.facts() if fact.type == "RegistrationLinkRequested"]
    assert (fact.subject, fact.subject_version) == (mine, 1)


CHANGES: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "sessions": (changes.change_sessions, (("one",), "")),
    "answers": (changes.answer, ({}, None)),
    "address": (correcting.change_address, ("ny@herning.example.org",)),
    "colleague": (partial(changes.hand_over, allowance=GENEROUS), ("Kollega", "kollega@herning.example.org")),
    "cancel": (changes.cancel, ()),
}


@pytest.mark.parametrize("name", CHANGES)
def test_changes_end_with_their_time(desk: Desk, name: str) -> None:
    gathering = desk.publish(a_gathering(registration=Window(changes_until=NOW + timedelta(hours=1))))
    mine = desk.register(gathering).registration_id
    desk.now += timedelta(hours=1)
    use_case, details = CHANGES[name]

    with pytest.raises(TooLateToChange):
        desk.do(use_case, gathering, mine, *details, PERSON)

    desk.do(use_case, gathering, mine, *details, COORDINATOR)


@pytest.mark.parametrize("name", [name for name in CHANGES if name != "cancel"])
@pytest.mark.parametrize(("what", "refusal"), [("cancelled", RegistrationOver), ("gone", RegistrationNotFound)])
def test_what_is_over_or_not_there_is_not_changed(desk: Desk, name: str, what: str, refusal: type[Refusal]) -> None:
    gathering = desk.publish(a_gathering())
    mine = desk.register(gathering).registration_id
    desk.cancel(gathering, mine)
    use_case, details = CHANGES[name]

    with pytest.raises(refusal):
        desk.do(use_case, gathering, mine if what == "cancelled" else "gone", *details, PERSON)


def test_nobody_changes_anything_of_a_cancelled_gathering(desk: Desk) -> None:
    gathering = desk.publish(a_gathering())
    mine = desk.register(gathering).registration_id
    desk.call_off(gathering)

    with pytest.raises(TooLateToChange):
        desk.cancel(gathering, mine)
