"""Somebody is moved to another gathering: a seat there, then the one here is given back; a second try finds it."""

from typing import Any

import pytest

from shared.gatherings.model import Gathering
from shared.refusals import Invalid
from shared.registration import changes, moving
from shared.registration.model import AlreadyRegistered, GatheringFull, Registration, RegistrationOver, Status, What
from tests.support.builders import a_gathering, a_session, an_application
from tests.support.stores import COORDINATOR, GENEROUS, KINDS, Desk


@pytest.fixture(params=KINDS)
def desk(request: pytest.FixtureRequest) -> Desk:
    if request.param == "dynamo":
        request.getfixturevalue("table")
    return Desk(KINDS[request.param]())


@pytest.fixture
def here(desk: Desk) -> Gathering:
    return desk.publish(a_gathering(capacity=2, waiting_list=True))


def another(desk: Desk, **changes: Any) -> Gathering:
    return desk.publish(a_gathering(slug="et-andet", **changes))


def move(desk: Desk, here: Gathering, id: str | None, there: Gathering, **more: Any) -> Registration:
    assert id is not None
    return moving.move_to(
        (here.id, id),
        there.id,
        more.get("sessions"),
        "",
        COORDINATOR,
        allowance=GENEROUS,
        around=desk.around,
        now=desk.now,
        correlation_id="correlation",
    )


def test_somebody_gets_a_seat_there_and_gives_back_the_one_here(desk: Desk, here: Gathering) -> None:
    there = another(desk, asks_needs=True)
    id = desk.register(here).registration_id

    moved = move(desk, here, id, there)

    assert (moved.gathering_id, moved.status, moved.participant) == (
        there.id,
        Status.CONFIRMED,
        desk.get(here, id).participant,
    )
    assert (desk.get(here, id).status, desk.get(here, id).history[-1].what) == (Status.CANCELLED, What.MOVED)
    assert desk.left(here) == 2


def test_stopped_between_the_two_it_is_repeated(desk: Desk, here: Gathering, monkeypatch: pytest.MonkeyPatch) -> None:
    there = another(desk, capacity=1)
    id = desk.register(here).registration_id

    class Crash(Exception):
        pass

    def crash(*_: object, **__: object) -> None:
        raise Crash

    with monkeypatch.context() as broken, pytest.raises(Crash):
        broken.setattr(changes, "cancel", crash)
        move(desk, here, id, there)
    moved = move(desk, here, id, there)

    assert [one.id for one in desk.everybody(there)] == [moved.id]
    assert desk.get(here, id).status is Status.CANCELLED


def test_a_seat_is_never_given_up_for_a_place_in_the_line(desk: Desk, here: Gathering) -> None:
    there = another(desk, capacity=1, waiting_list=True)
    desk.register(there, an_application(name="En anden", email="anden@herning.example.org"))
    id = desk.register(here).registration_id

    with pytest.raises(GatheringFull):
        move(desk, here, id, there)

    assert desk.get(here, id).status is Status.CONFIRMED
    assert len(desk.everybody(there)) == 1


def test_who_waits_here_may_wait_there(desk: Desk, here: Gathering) -> None:
    there = another(desk, capacity=1, waiting_list=True)
    for gathering, number in ((here, 2), (there, 1)):
        for n in range(number):
            desk.register(gathering, an_application(name=f"Anden {n}", email=f"anden{n}@herning.example.org"))
    id = desk.register(here).registration_id

    assert move(desk, here, id, there).status is Status.WAITLISTED
    assert desk.get(here, id).status is Status.CANCELLED


def test_who_waits_there_already_keeps_the_seat_here(desk: Desk, here: Gathering) -> None:
    there = another(desk, capacity=1, waiting_list=True)
    desk.register(there, an_application(name="En anden", email="anden@herning.example.org"))
    desk.register(there)
    id = desk.register(here).registration_id

    with pytest.raises(AlreadyRegistered):
        move(desk, here, id, there)

    assert desk.get(here, id).status is Status.CONFIRMED


def test_who_has_a_seat_there_already_only_gives_back_the_one_here(desk: Desk, here: Gathering) -> None:
    there = another(desk)
    before = desk.register(there).registration_id
    id = desk.register(here).registration_id

    assert move(desk, here, id, there).id == before
    assert desk.get(here, id).status is Status.CANCELLED


def test_sessions_that_have_to_be_chosen_are_asked_for(desk: Desk, here: Gathering) -> None:
    sessions = tuple(a_session(f"2026-10-05T{hour}:00", id=hour, choose_one_of="Spor") for hour in ("09", "13"))
    there = another(desk, sessions=sessions)
    id = desk.register(here).registration_id

    with pytest.raises(Invalid):
        move(desk, here, id, there)

    assert move(desk, here, id, there, sessions=["13"]).sessions == ("13",)


def test_what_is_over_and_where_somebody_is_cannot_be_moved(desk: Desk, here: Gathering) -> None:
    id = desk.register(here).registration_id

    with pytest.raises(Invalid):
        move(desk, here, id, here)
    desk.cancel(here, id)
    with pytest.raises(RegistrationOver):
        move(desk, here, id, another(desk))
