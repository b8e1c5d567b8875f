"""Who is registered is found, counted for the kitchen, and placed in the line as each sees it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, strategies as st

from shared.gatherings.model import Mode
from shared.gatherings.needs import Needs
from shared.libraries.model import Library
from shared.registration.catering import Catering, by_session, catering
from shared.registration.line import Member, Party, position, positions
from shared.registration.model import Awaits, Participant, Registration, Role, Status
from shared.registration.queries import AT_ONCE, Sought, everybody, found
from tests.support.builders import HERNING, NOW, a_published_gathering, a_registration, a_seminar

GATHERING = a_published_gathering(place=HERNING)
KOLDING = Library("762100", "Kolding Bibliotekerne")
POOLS = st.sampled_from(["whole", "on_site", "online", "session-one"])


@st.composite
def lines(draw: st.DrawFn) -> list[Party]:
    """Return a line."""
    sizes = draw(st.lists(st.integers(1, 3), max_size=8))
    return [
        Party(
            place,
            tuple(
                Member(f"{place}-{n}", ("whole",), tuple(sorted(draw(st.frozensets(POOLS, min_size=1)))))
                for n in range(size)
            ),
            draw(st.frozensets(POOLS, min_size=1)),
        )
        for place, size in enumerate(sizes, start=1)
    ]


@given(lines())
def test_all_positions_are_what_each_sees(line: list[Party]) -> None:
    ids = [member.registration_id for party in line for member in party.members]

    assert positions(line) == {id: position(line, id) for id in ids}


def somebody(name: str = "Åse Ærø", **changes: Any) -> Registration:
    who = Participant(name, "aase@kolding.example.org", "762100", Role.LEADER)
    return a_registration(GATHERING, participant=who, **changes)


def standing(number: str) -> Library:
    """Return what stands for a number: 761500 has become part of 762100."""
    return {number: Library(number, "Bibliotek"), "761500": KOLDING, "762100": KOLDING}[number]


@pytest.mark.parametrize(
    "sought",
    [
        Sought(),
        Sought(text="åse"),
        Sought(text="  ÆRØ "),
        Sought(text="aase@"),
        Sought(text="bibliotekerne"),
        Sought(status="confirmed", session="one", library="762100", role="leader"),
        Sought(library="761500"),
    ],
)
def test_somebody_is_found(sought: Sought) -> None:
    assert found([somebody()], sought, standing) != []


@pytest.mark.parametrize(
    "sought",
    [
        Sought(text="Herning"),
        Sought(status="waitlisted"),
        Sought(session="two"),
        Sought(library="765700"),
        Sought(role="staff"),
        Sought(round="another"),
        Sought(awaits="library"),
        Sought(mail_problem=True),
        Sought(text="åse", status="cancelled"),
    ],
)
def test_others_are_not(sought: Sought) -> None:
    assert found([somebody()], sought, standing) == []


def test_what_is_awaited_and_mails_that_failed_are_found() -> None:
    one = somebody(awaits=frozenset({Awaits.LIBRARY}), mail_problem="bounced")

    assert found([one], Sought(awaits="library", mail_problem=True), standing) == [one]


class Pages:
    """Registrations in pages."""

    def __init__(self, number: int) -> None:
        self._all = [a_registration(GATHERING, id=f"{n:05}") for n in range(number)]

    def of_gathering(
        self, gathering_id: str, *, after: str | None, limit: int
    ) -> tuple[list[Registration], str | None]:
        begin = 0 if after is None else int(after) + 1
        page = self._all[begin : begin + limit]
        return page, page[-1].id if begin + limit < len(self._all) else None


@pytest.mark.parametrize("number", [0, 1, AT_ONCE, AT_ONCE + 1, 3 * AT_ONCE])
def test_everybody_is_read_however_many_pages_they_take(number: int) -> None:
    assert len(everybody(GATHERING.id, store=Pages(number))) == number


def hungry(diet: str, accommodation: str = "", **changes: Any) -> Registration:
    return a_registration(GATHERING, needs=Needs(diet, accommodation), mode=Mode.ON_SITE, **changes)


def test_what_says_the_same_is_counted_together_and_names_nobody() -> None:
    people = [hungry("Vegetar"), hungry("vegetar "), hungry("Vegetar"), hungry("Nødder", "Teleslynge")]
    plain = a_registration(GATHERING, mode=Mode.ON_SITE)

    assert catering([*people, plain], GATHERING) == Catering(
        5, 0, (("Vegetar", 3), ("Nødder", 1)), (("Teleslynge", 1),)
    )


def test_each_place_has_its_own_and_who_comes_to_a_place_is_on_site() -> None:
    seminar = a_seminar().published(NOW)
    needs = {"kolding": Needs("Vegetar", ""), "herning": Needs("Nødder", "")}
    people = [
        a_registration(seminar, sessions=("online", place), needs=needs[place]) for place in ("kolding", "herning")
    ]
    online = a_registration(seminar, sessions=("online",), needs=Needs("Alt", ""))

    assert catering([*people, online], seminar) == Catering(2, 1, (("Nødder", 1), ("Vegetar", 1)), ())
    assert [(session.id, found) for session, found in by_session([*people, online], seminar)] == [
        ("online", Catering(0, 3, (), ())),
        ("herning", Catering(1, 0, (("Nødder", 1),), ())),
        ("kolding", Catering(1, 0, (("Vegetar", 1),), ())),
    ]


@pytest.mark.parametrize(
    "away",
    [
        lambda one: replace(one, status=Status.CANCELLED),
        lambda one: replace(one, status=Status.WAITLISTED),
        lambda one: replace(one, status=Status.OFFERED),
        lambda one: replace(one, mode=Mode.ONLINE),
    ],
)
def test_only_who_has_a_seat_on_site_eats(away: Callable[[Registration], Registration]) -> None:
    assert catering([away(hungry("Vegetar"))], GATHERING).people == 0
