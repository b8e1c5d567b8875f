"""Rounds decide who may register when, and keep seats for some."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.gatherings.model import CapacityTaken, FairShare, Gathering, Window
from shared.gatherings.rounds import Round, Who
from shared.gatherings.seating import rolled_over
from shared.refusals import Invalid
from shared.registration.model import (
    Actor,
    Awaits,
    By,
    FairShareReached,
    GatheringFull,
    NotEligible,
    RegistrationNotOpenYet,
)
from shared.registration.service import Invitation
from tests.support.builders import NOW, a_gathering, a_session, an_application, applicants
from tests.support.programmes import a_round
from tests.support.stores import COORDINATOR, Desk, everybody

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ELSEWHERE = an_application(name="En anden", email="deltager9@aarhus.example.org", library="775100")
CERTIFIED = Who(certification=("certified",))


def first(**changes: Any) -> Round:
    """The round of certified libraries: for two days, with one seat kept."""
    return replace(
        a_round("first", opens_at=NOW - HOUR, closes_at=NOW + 2 * DAY, who=CERTIFIED, reserved_seats=1), **changes
    )


def rest(**changes: Any) -> Round:
    """The round of everybody else."""
    return replace(a_round("rest", opens_at=NOW + DAY, closes_at=None), **changes)


def of_certified(desk: Desk, *rounds: Round, **changes: Any) -> Gathering:
    """Let Herning be certified, and publish a gathering."""
    desk.certify("765700")
    return desk.publish(a_gathering(**{"capacity": 3, "rounds": rounds} | changes))


def general(desk: Desk, gathering: Gathering, registration_id: str | None) -> str:
    return desk.get(gathering, registration_id).pools[0]


def test_who_is_not_in_a_round_yet_is_told_when_it_opens(desk: Desk) -> None:
    gathering = of_certified(desk, first(), rest())

    with pytest.raises(NotEligible) as refused:
        desk.register(gathering, ELSEWHERE)

    assert refused.value.details == {"opens_at": NOW + DAY}
    assert desk.register(gathering).status == "confirmed"
    desk.now += DAY
    assert desk.register(gathering, ELSEWHERE).status == "confirmed"


def test_before_the_window_each_is_told_when_their_own_round_opens(desk: Desk) -> None:
    gathering = of_certified(desk, first(), rest(opens_at=NOW + 5 * DAY), registration=Window(opens_at=NOW + DAY))

    for application, opens_at in ((an_application(), NOW + DAY), (ELSEWHERE, NOW + 5 * DAY)):
        with pytest.raises(RegistrationNotOpenYet) as refused:
            desk.register(gathering, application)
        assert refused.value.details == {"opens_at": opens_at}


def test_a_round_that_opens_when_registration_is_over_is_no_opening(desk: Desk) -> None:
    window = Window(closes_at=NOW + 3 * DAY)
    gathering = of_certified(desk, first(), rest(opens_at=NOW + 5 * DAY), registration=window)

    with pytest.raises(NotEligible) as refused:
        desk.register(gathering, ELSEWHERE)

    assert refused.value.details == {"opens_at": None}


@pytest.mark.parametrize(("closes", "opens_at"), [(10, None), (30, NOW + 20 * DAY)], ids=["closed", "open"])
def test_the_end_of_the_fair_share_is_an_opening_while_registration_is_open(
    desk: Desk, closes: int, opens_at: datetime | None
) -> None:
    gathering = desk.publish(
        a_gathering(
            sessions=(a_session("2026-12-01T09:00"),),
            fair_share=FairShare(1, NOW + 20 * DAY),
            registration=Window(closes_at=NOW + closes * DAY),
        )
    )
    desk.register(gathering)

    with pytest.raises(FairShareReached) as refused:
        desk.register(gathering, applicants(2)[1])

    assert refused.value.details == {"opens_at": opens_at}


def test_who_is_in_no_round_at_all_hears_of_no_opening(desk: Desk) -> None:
    gathering = of_certified(desk, first())

    with pytest.raises(NotEligible) as refused:
        desk.register(gathering, ELSEWHERE)

    assert refused.value.details == {"opens_at": None}


@pytest.mark.parametrize(
    ("who", "admitted"),
    [
        (Who(), True),
        (Who(roles=("staff",)), True),
        (Who(roles=("leader",)), False),
        (Who(libraries=("765700", "775100")), True),
        (Who(libraries=("775100",)), False),
        (Who(emails=("deltager1@herning.example.org",)), True),
        (Who(emails=("deltager2@herning.example.org",)), False),
        (Who(certification=("certified", "in_progress")), True),
        (Who(certification=("none",)), False),
        (Who(certification=("certified",), roles=("leader",)), False),
        (Who(certification=("certified",), roles=("staff", "leader")), True),
    ],
)
def test_a_round_is_for_those_in_all_its_lists(desk: Desk, who: Who, admitted: bool) -> None:
    gathering = of_certified(desk, first(who=who))

    if admitted:
        assert desk.register(gathering).status == "confirmed"
    else:
        with pytest.raises(NotEligible):
            desk.register(gathering)


def test_certification_is_that_of_the_day_the_round_opened(desk: Desk) -> None:
    desk.certify("765700", since=NOW.date())
    gathering = desk.publish(a_gathering(rounds=(first(opens_at=NOW - DAY, reserved_seats=None),)))

    with pytest.raises(NotEligible):
        desk.register(gathering)


def test_a_round_that_has_closed_admits_nobody(desk: Desk) -> None:
    gathering = of_certified(desk, first(), rest())
    desk.now = NOW + 2 * DAY

    kept = desk.get(gathering, desk.register(gathering).registration_id)

    assert (kept.round_id, kept.pools[0]) == ("rest", "whole")


def test_the_round_with_reserved_seats_left_is_used_though_another_opened_first(desk: Desk) -> None:
    gathering = of_certified(desk, rest(opens_at=NOW - DAY), first())
    one, two, _ = applicants(3)

    assert general(desk, gathering, desk.register(gathering, one).registration_id) == "round-first"
    assert general(desk, gathering, desk.register(gathering, two).registration_id) == "whole"


def test_of_two_rounds_with_reserved_seats_the_one_opened_first_is_used(desk: Desk) -> None:
    gathering = of_certified(desk, first(), first(id="second", opens_at=NOW - DAY))
    people = applicants(4)

    answers = everybody(desk, gathering, people[:3])

    pools = [general(desk, gathering, answer.registration_id) for answer in answers]
    assert pools == ["round-second", "round-first", "whole"]
    with pytest.raises(GatheringFull):
        desk.register(gathering, people[3])


def test_reserved_seats_are_a_part_of_the_whole_and_not_for_others(desk: Desk) -> None:
    gathering = of_certified(desk, first(reserved_seats=2), rest(opens_at=NOW), capacity=3)
    desk.register(gathering, ELSEWHERE)

    with pytest.raises(GatheringFull):
        desk.register(gathering, replace(ELSEWHERE, name="En tredje"))

    assert {answer.status for answer in everybody(desk, gathering, applicants(2))} == {"confirmed"}
    with pytest.raises(GatheringFull):
        desk.register(gathering, applicants(3)[2])


def test_what_a_round_has_left_is_everybodys_when_it_ends(desk: Desk) -> None:
    gathering = of_certified(desk, first(reserved_seats=2), rest(opens_at=NOW), capacity=2)
    desk.register(gathering)
    with pytest.raises(GatheringFull):
        desk.register(gathering, ELSEWHERE)
    assert desk.seats(gathering).next_rollover == NOW + 2 * DAY
    assert list(desk.stores.registrations.rolling_over(NOW)) == []
    assert desk.roll_over(gathering) is False

    desk.now = NOW + 2 * DAY
    assert list(desk.stores.registrations.rolling_over(desk.now)) == [gathering.id]
    assert desk.roll_over(gathering) is True
    assert desk.roll_over(gathering) is False
    assert list(desk.stores.registrations.rolling_over(desk.now)) == []

    assert desk.seats(gathering).next_rollover is None
    assert desk.register(gathering, ELSEWHERE).status == "confirmed"
    assert desk.stores.fact_types().count("RoundRolledOver") == 1


def test_a_seat_of_a_round_that_has_ended_is_given_back_to_everybody(desk: Desk) -> None:
    gathering = of_certified(desk, first(), rest(opens_at=NOW), capacity=1)
    mine = desk.register(gathering).registration_id
    desk.now = NOW + 2 * DAY
    desk.roll_over(gathering)
    with pytest.raises(GatheringFull):
        desk.register(gathering, ELSEWHERE)

    desk.cancel(gathering, mine)

    assert desk.seats(gathering).left["whole"] == 1
    assert desk.register(gathering, ELSEWHERE).status == "confirmed"


def test_seats_may_roll_over_while_the_round_goes_on(desk: Desk) -> None:
    gathering = of_certified(desk, first(rolls_over_at=NOW + DAY), capacity=1)
    desk.now = NOW + DAY
    desk.roll_over(gathering)

    kept = desk.get(gathering, desk.register(gathering).registration_id)

    assert (kept.round_id, kept.pools[0], kept.general) == ("first", "whole", ("whole",))


@pytest.mark.parametrize("at", ["published", "changed"])
def test_a_round_that_should_have_ended_is_due_at_once(desk: Desk, at: str) -> None:
    ended = first(opens_at=NOW - 9 * DAY, closes_at=NOW - 2 * DAY)
    gathering = of_certified(desk, ended if at == "published" else first(), rest(opens_at=NOW), capacity=1)
    if at == "changed":
        gathering = desk.edit(gathering, rounds=(ended, rest(opens_at=NOW)))

    due = desk.seats(gathering).next_rollover

    assert due is not None
    assert due <= desk.now
    assert desk.roll_over(gathering) is True
    assert desk.seats(gathering).left["whole"] == 1


def test_a_round_that_ends_as_the_next_one_opens_leaves_its_seats_to_who_comes_first(desk: Desk) -> None:
    ends = NOW + 2 * DAY
    gathering = of_certified(desk, first(reserved_seats=3), rest(opens_at=ends), waiting_list=True)
    desk.now = ends

    answer = desk.register(gathering, ELSEWHERE)

    assert (answer.status, general(desk, gathering, answer.registration_id)) == ("confirmed", "whole")
    assert desk.seats(gathering).left["whole"] == 2


def test_a_roll_over_goes_by_the_rounds_as_they_are(desk: Desk) -> None:
    gathering = of_certified(desk, first(), rest())
    later = first(id="later", closes_at=NOW + 5 * DAY)
    desk.edit(gathering, rounds=(first(), later, rest()))

    move = rolled_over(gathering, desk.seats(gathering), NOW + 2 * DAY)

    assert move is not None
    assert not move.holds(desk.seats(gathering))


def test_the_next_round_to_end_is_remembered(desk: Desk) -> None:
    later = first(id="later", closes_at=NOW + 5 * DAY)
    gathering = of_certified(desk, first(), later)
    desk.now = NOW + 2 * DAY

    desk.roll_over(gathering)

    assert desk.seats(gathering).next_rollover == NOW + 5 * DAY
    assert "round-later" in desk.seats(gathering).left


def test_whose_workplace_nobody_knows_waits_for_a_coordinators_word(desk: Desk) -> None:
    gathering = of_certified(desk, first())

    answer = desk.register(gathering, an_application(email="deltager1@gratis.example.net"))

    kept = desk.get(gathering, answer.registration_id)
    assert (answer.status, kept.awaits) == ("pending", frozenset({Awaits.PROOF, Awaits.LIBRARY}))
    assert kept.deadline is not None


def test_a_round_for_everybody_is_better_than_one_that_asks_for_proof(desk: Desk) -> None:
    gathering = of_certified(desk, first(), rest(opens_at=NOW))

    kept = desk.get(
        gathering, desk.register(gathering, an_application(email="deltager1@gratis.example.net")).registration_id
    )

    assert (kept.round_id, kept.awaits, kept.pools[0]) == ("rest", frozenset({Awaits.PROOF}), "whole")


def test_who_waits_takes_whichever_seat_is_free_first(desk: Desk) -> None:
    gathering = of_certified(desk, first(), rest(opens_at=NOW), capacity=2, waiting_list=True)
    one, two, three = applicants(3)
    desk.register(gathering, one)
    mine = desk.register(gathering, two).registration_id
    assert desk.get(gathering, desk.register(gathering, three).registration_id).waits_in == ("round-first", "whole")
    elsewhere = desk.register(gathering, ELSEWHERE)
    assert (elsewhere.status, elsewhere.position) == ("waitlisted", 2)

    desk.cancel(gathering, mine)
    assert desk.move_line(gathering) == 1

    assert desk.get(gathering, elsewhere.registration_id).status == "waitlisted"
    assert desk.seats(gathering).waiting["round-first"] == 0


def test_a_roll_over_lets_the_line_move(desk: Desk) -> None:
    gathering = of_certified(desk, first(), rest(opens_at=NOW), capacity=1, waiting_list=True)
    waiting = desk.register(gathering, ELSEWHERE)
    assert waiting.status == "waitlisted"
    assert desk.move_line(gathering) == 0

    desk.now = NOW + 2 * DAY
    desk.roll_over(gathering)

    assert desk.move_line(gathering) == 1
    assert desk.get(gathering, waiting.registration_id).pools[0] == "whole"


def test_who_is_invited_needs_no_round(desk: Desk) -> None:
    gathering = of_certified(desk, first())
    person = desk.around.secret("mailbox|deltager9@aarhus.example.org")

    for name, invitation in (
        ("En anden", Invitation(By(Actor.PARTICIPANT), person=person)),
        ("En tredje", Invitation(COORDINATOR)),
    ):
        answer = desk.register(gathering, replace(ELSEWHERE, name=name), invitation=invitation)
        assert (answer.status, general(desk, gathering, answer.registration_id)) == ("confirmed", "whole")


def test_an_invitation_is_for_one_address(desk: Desk) -> None:
    gathering = of_certified(desk, first())
    invitation = Invitation(By(Actor.PARTICIPANT), person=desk.around.secret("mailbox|somebody@else.example.org"))

    with pytest.raises(NotEligible):
        desk.register(gathering, ELSEWHERE, invitation=invitation)


# A coordinator's edits while seats are taken.


def test_a_new_round_takes_its_seats_from_the_whole_and_gives_them_back(desk: Desk) -> None:
    gathering = of_certified(desk, rest(opens_at=NOW), capacity=3)
    desk.register(gathering)

    both = desk.edit(gathering, rounds=(first(reserved_seats=2), rest(opens_at=NOW)))
    assert (desk.seats(gathering).left["whole"], desk.seats(gathering).left["round-first"]) == (0, 2)
    desk.register(both, applicants(2)[1])

    desk.edit(gathering, rounds=(rest(opens_at=NOW),))
    assert desk.seats(gathering).left["whole"] == 1
    assert "round-first" not in desk.seats(gathering).left


def test_more_cannot_be_reserved_than_is_left(desk: Desk) -> None:
    gathering = of_certified(desk, first(), rest(opens_at=NOW), capacity=3)
    desk.register(gathering, ELSEWHERE)

    with pytest.raises(CapacityTaken) as refused:
        desk.edit(gathering, rounds=(first(reserved_seats=3), rest(opens_at=NOW)))

    assert refused.value.details == {"least": 4, "needed": {"whole": 4}}


def test_what_rounds_keep_counts_among_the_seats_that_there_must_be(desk: Desk) -> None:
    gathering = of_certified(desk, first(reserved_seats=20), rest(opens_at=NOW), capacity=40)
    everybody(desk, gathering, [replace(ELSEWHERE, name=f"Deltager {at}") for at in range(5)])

    with pytest.raises(CapacityTaken) as refused:
        desk.edit(gathering, capacity=23)

    assert refused.value.details == {"least": 25, "needed": {"whole": 25}}
    desk.edit(gathering, capacity=25)


def test_a_round_cannot_reserve_fewer_seats_than_it_has_given(desk: Desk) -> None:
    gathering = of_certified(desk, first(reserved_seats=2), capacity=3)
    everybody(desk, gathering, applicants(2))

    with pytest.raises(CapacityTaken) as refused:
        desk.edit(gathering, rounds=(first(reserved_seats=1),))

    assert refused.value.details == {"least": 2, "needed": {"round-first": 2}}


def test_rounds_cannot_reserve_more_than_there_is(desk: Desk) -> None:
    with pytest.raises(Invalid) as refused:
        of_certified(desk, first(reserved_seats=2), first(id="other", reserved_seats=2), capacity=3)

    assert [fault.field for fault in refused.value.faults] == ["rounds"]


def test_what_a_round_has_set_free_stays_free(desk: Desk) -> None:
    gathering = of_certified(desk, first(), rest(opens_at=NOW))
    desk.now = NOW + 2 * DAY
    desk.roll_over(gathering)

    with pytest.raises(Invalid):
        desk.edit(gathering, rounds=(first(reserved_seats=2), rest(opens_at=NOW)))

    desk.edit(gathering, rounds=(first(closes_at=NOW + 5 * DAY), rest(opens_at=NOW)))
    desk.edit(gathering, rounds=(first(closes_at=NOW + 5 * DAY, reserved_seats=3), rest(opens_at=NOW)))
    assert desk.seats(gathering).left["whole"] == 3
    assert "round-first" not in desk.seats(gathering).left
    assert general(desk, gathering, desk.register(gathering).registration_id) == "whole"
