"""Who was there: noted at the door, by hand or from a meeting's report, and never by two of them at odds."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from shared.attendance import service
from shared.attendance.model import NoSeat, NotBegun, SessionNotFound, Tally, tally
from shared.attendance.reports import ReportUnreadable
from shared.gatherings.model import Gathering, Place
from shared.registration.attendance import Attendance, Source
from shared.registration.model import Registration, RegistrationNotFound
from shared.spreadsheets.previews import PreviewNotFound
from tests.support.builders import NOW, a_gathering, a_session, an_application
from tests.support.data import DATA
from tests.support.memory_previews import InMemoryPreviewStore
from tests.support.stores import Desk

THE_DAY = datetime(2026, 11, 5, 12, tzinfo=UTC)
REPORTS = DATA / "attendance"
LIBRARIES = {"herning": "765700", "aarhus": "775100", "toender": "755000", "hoeje-taastrup": "716900"}
PEOPLE = {
    "deltager1@herning.example.org": "Deltager 1",
    "deltager2@herning.example.org": "Børnebibliotekar 2",
    "deltager3@aarhus.example.org": "Deltager Tre",
    "deltager8@toender.example.org": "Deltager 8",
    "deltager9@hoeje-taastrup.example.org": "Deltager 9",
}


@pytest.fixture
def webinar(desk: Desk) -> Gathering:
    """One that five have a seat in, as the samples have it."""
    gathering = desk.publish(a_gathering(sessions=(a_session("2026-11-05T10:00", id="one"),)))
    for email, name in PEOPLE.items():
        library = LIBRARIES[email.partition("@")[2].removesuffix(".example.org")]
        desk.register(gathering, an_application(name=name, email=email, library=library))
    return gathering


def people(desk: Desk, gathering: Gathering) -> dict[str, Registration]:
    page, _ = desk.stores.registrations.of_gathering(gathering.id, after=None, limit=500)
    return {one.participant.email.partition("@")[0]: one for one in page}


def noted(desk: Desk, gathering: Gathering, session: str = "one") -> dict[str, bool | None]:
    found = people(desk, gathering)
    return {name: one.attended[session].was_there if session in one.attended else None for name, one in found.items()}


def mark(desk: Desk, gathering: Gathering, who: str, **said: object) -> Registration:
    asked = {"was_there": True, "source": Source.CHECK_IN, "now": THE_DAY, "session_id": "one"} | said
    registration_id = people(desk, gathering)[who].id
    return service.mark(gathering, registration_id=registration_id, store=desk.stores.registrations, **asked)  # type: ignore[arg-type]


def imported(desk: Desk, gathering: Gathering, path: Path, minutes: int = 30, **chosen: int) -> service.Noted:
    """Import a report. `chosen` matches people, by their place in it, with the registrations of those names."""
    previews, store = InMemoryPreviewStore(), desk.stores.registrations
    kept = service.preview_report(path.read_bytes(), gathering, "one", store=store, previews=previews, now=THE_DAY)
    preview = service.shown_report(kept, gathering.id, previews=previews, now=THE_DAY)
    ids = {at: people(desk, gathering)[who].id for who, at in chosen.items()}
    return service.confirm_report(preview, gathering, ids, minutes=minutes, store=store, now=THE_DAY)


def test_who_is_let_in_at_the_door_was_there(desk: Desk, webinar: Gathering) -> None:
    one = mark(desk, webinar, "deltager1")

    assert one.attended == {"one": Attendance(was_there=True, source=Source.CHECK_IN, at=THE_DAY)}
    assert noted(desk, webinar)["deltager1"] is True
    assert noted(desk, webinar)["deltager2"] is None


def test_a_mark_that_comes_again_changes_nothing(desk: Desk, webinar: Gathering) -> None:
    first = mark(desk, webinar, "deltager1")
    again = mark(desk, webinar, "deltager1", now=THE_DAY + timedelta(minutes=5))

    assert again == first


def test_a_mark_can_be_taken_back(desk: Desk, webinar: Gathering) -> None:
    mark(desk, webinar, "deltager1")
    mark(desk, webinar, "deltager1", was_there=False)

    assert noted(desk, webinar)["deltager1"] is False


def test_nobody_was_there_half_a_day_before(desk: Desk, webinar: Gathering) -> None:
    with pytest.raises(NotBegun):
        mark(desk, webinar, "deltager1", now=datetime(2026, 11, 4, 20, tzinfo=UTC))


def test_who_has_no_seat_was_not_there(desk: Desk, webinar: Gathering) -> None:
    desk.cancel(webinar, people(desk, webinar)["deltager1"].id)

    with pytest.raises(NoSeat):
        mark(desk, webinar, "deltager1")


def test_there_is_no_other_session_and_nobody_else(desk: Desk, webinar: Gathering) -> None:
    with pytest.raises(SessionNotFound):
        mark(desk, webinar, "deltager1", session_id="two")
    with pytest.raises(RegistrationNotFound):
        service.mark(
            webinar,
            "one",
            "nobody",
            was_there=True,
            source=Source.HAND,
            store=desk.stores.registrations,
            now=THE_DAY,
        )


@pytest.mark.parametrize(
    "name",
    [
        "attendance-current-day-month.csv",
        "attendance-current-en-us.csv",
        "attendance-current-resaved-comma-utf8.csv",
        "attendance-current-danish-dates-UNVERIFIED.csv",
    ],
)
def test_all_variants_of_one_meeting_give_the_same_attendance(desk: Desk, webinar: Gathering, name: str) -> None:
    came = imported(desk, webinar, REPORTS / "teams" / name)

    assert noted(desk, webinar) == {
        "deltager1": True,
        "deltager2": True,
        "deltager3": True,
        "deltager8": False,  # 45 seconds
        "deltager9": False,
    }
    assert came == service.Noted(3, 2)
    assert people(desk, webinar)["deltager2"].attended["one"].seconds == 3903


@pytest.mark.parametrize(
    "name",
    [
        "participants-2021-plain.csv",
        "participants-2021-with-meeting-header.csv",
        "participants-current-with-meeting-header.csv",
        "participants-unique-users-UNVERIFIED.csv",
        "webinar-attendee-report-2020.csv",
    ],
)
def test_so_do_the_reports_of_the_other_tool(desk: Desk, webinar: Gathering, name: str) -> None:
    imported(desk, webinar, REPORTS / "zoom" / name)

    assert noted(desk, webinar) == {
        "deltager1": True,
        "deltager2": True,
        "deltager3": True,
        "deltager8": False,
        "deltager9": False,
    }


def test_a_report_that_is_imported_twice_says_the_same(desk: Desk, webinar: Gathering) -> None:
    report = REPORTS / "teams" / "attendance-current-en-us.csv"
    imported(desk, webinar, report)
    before = people(desk, webinar)

    imported(desk, webinar, report)

    assert people(desk, webinar) == before


def test_with_fewer_minutes_more_were_there(desk: Desk, webinar: Gathering) -> None:
    report = REPORTS / "teams" / "attendance-current-en-us.csv"
    imported(desk, webinar, report)

    imported(desk, webinar, report, minutes=0)

    assert noted(desk, webinar)["deltager8"] is True
    assert noted(desk, webinar)["deltager9"] is False, "who is not in the report was not there for any time"


def test_who_has_no_address_in_the_report_is_matched_by_hand(desk: Desk, webinar: Gathering) -> None:
    # The place of a guest who was there for 1 hour and 26 minutes.
    imported(desk, webinar, REPORTS / "teams" / "attendance-current-en-us.csv", deltager9=8)

    assert noted(desk, webinar)["deltager9"] is True
    assert people(desk, webinar)["deltager9"].attended["one"].seconds == 5210


def test_people_know_better_than_reports(desk: Desk, webinar: Gathering) -> None:
    mark(desk, webinar, "deltager9", source=Source.HAND)
    mark(desk, webinar, "deltager1", was_there=False, source=Source.HAND)

    imported(desk, webinar, REPORTS / "teams" / "attendance-current-en-us.csv")

    assert noted(desk, webinar)["deltager9"] is True
    assert noted(desk, webinar)["deltager1"] is False


def test_who_sat_on_site_is_no_part_of_the_meeting(desk: Desk) -> None:
    hybrid = desk.publish(
        a_gathering(
            place=Place("Herning Bibliotek", "Østergade 8"), sessions=(a_session("2026-11-05T10:00", id="one"),)
        )
    )
    desk.register(hybrid, an_application(email="deltager9@herning.example.org", mode="on_site"))
    desk.register(hybrid, an_application(email="deltager8@herning.example.org", mode="online"))

    imported(desk, hybrid, REPORTS / "teams" / "attendance-current-en-us.csv")

    assert noted(desk, hybrid) == {"deltager9": None, "deltager8": False}


def test_two_who_share_an_address_are_told_apart_by_name(desk: Desk) -> None:
    webinar = desk.publish(a_gathering(sessions=(a_session("2026-11-05T10:00", id="one"),)))
    shared = {"email": "deltager1@herning.example.org"}
    first = desk.register(webinar, an_application(name="Deltager 1", **shared)).registration_id
    second = desk.register(webinar, an_application(name="Deltager 2", **shared)).registration_id

    imported(desk, webinar, REPORTS / "teams" / "attendance-current-en-us.csv")

    found = {one.id: one.attended["one"].was_there for one in _all(desk, webinar)}
    assert found == {first: True, second: False}


def _all(desk: Desk, gathering: Gathering) -> list[Registration]:
    page, _ = desk.stores.registrations.of_gathering(gathering.id, after=None, limit=500)
    return list(page)


def test_a_preview_belongs_to_its_gathering(desk: Desk, webinar: Gathering) -> None:
    previews, store = InMemoryPreviewStore(), desk.stores.registrations
    content = (REPORTS / "teams" / "attendance-current-en-us.csv").read_bytes()
    kept = service.preview_report(content, webinar, "one", store=store, previews=previews, now=THE_DAY)

    with pytest.raises(PreviewNotFound):
        service.shown_report(kept, "another", previews=previews, now=THE_DAY)


def test_what_is_no_report_is_refused(desk: Desk, webinar: Gathering) -> None:
    store = desk.stores.registrations
    with pytest.raises(ReportUnreadable):
        service.preview_report(b"", webinar, "one", store=store, previews=InMemoryPreviewStore(), now=THE_DAY)


def test_more_than_are_written_at_once_are_noted_all(desk: Desk) -> None:
    webinar = desk.publish(a_gathering(capacity=None, sessions=(a_session("2026-11-05T10:00", id="one"),)))
    for number in range(service.AT_ONCE + 3):
        desk.register(webinar, an_application(name=f"Person {number}", email=f"p{number}@herning.example.org"))
    ids = [one.id for one in _all(desk, webinar)]

    said = dict.fromkeys(ids, True)
    service.mark_all(webinar, "one", said, store=desk.stores.registrations, now=THE_DAY)

    assert set(noted(desk, webinar).values()) == {True}


def test_of_several_by_hand_all_or_none_are_noted(desk: Desk, webinar: Gathering) -> None:
    said = {people(desk, webinar)["deltager1"].id: True, "nobody": True}

    with pytest.raises(NoSeat):
        service.mark_all(webinar, "one", said, store=desk.stores.registrations, now=THE_DAY)

    assert set(noted(desk, webinar).values()) == {None}


def test_pressed_and_was_there_are_counted_apart(desk: Desk, webinar: Gathering) -> None:
    mark(desk, webinar, "deltager1")
    mark(desk, webinar, "deltager2", was_there=False)

    assert tally(_all(desk, webinar), webinar) == {"one": Tally(seats=5, pressed=0, were_there=1, were_not=1)}
    assert tally(_all(desk, webinar), webinar)["one"].not_known == 3


MARKS = st.builds(
    Attendance,
    was_there=st.booleans(),
    source=st.sampled_from(Source),
    at=st.just(NOW),
    seconds=st.integers(0, 10_000),
)


@given(marks=st.lists(MARKS, min_size=1, max_size=6))
def test_what_is_said_twice_is_said_once(marks: list[Attendance]) -> None:
    known: Attendance | None = None
    for mark in marks:
        known = mark.after(known)
        assert mark.after(known) is known


@given(marks=st.lists(MARKS, min_size=1, max_size=6))
def test_no_report_ever_outweighs_a_person(marks: list[Attendance]) -> None:
    known: Attendance | None = None
    for mark in marks:
        known = mark.after(known)

    by_people = [mark for mark in marks if mark.source is not Source.REPORT]
    if by_people:
        assert known is not None
        assert known.was_there == by_people[-1].was_there
