"""Copies keep weekdays and wall-clock times, whatever the clocks do meanwhile."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, strategies as st

from shared.gatherings.audience import Audience
from shared.gatherings.copies import copy_of, id_of_copy, moment_moved, monday, rounds_moved, weeks_between
from shared.gatherings.model import FairShare, Gathering, State, Window
from shared.gatherings.reminders import Reminder
from shared.gatherings.rounds import NOBODY, Round, Who
from shared.ids import new_id
from tests.support.builders import ZONE, a_gathering, a_published_gathering, a_session

WALL = ZoneInfo(ZONE)
DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WALL)


def clock(moment: datetime | None) -> str:
    assert moment is not None
    assert moment.utcoffset() == timedelta(0)
    return moment.astimezone(WALL).strftime("%a %Y-%m-%d %H:%M")


def copied(gathering: Gathering, starts_on: date) -> Gathering:
    return copy_of(gathering, starts_on, id=new_id(), session_ids=[new_id() for _ in gathering.sessions])


def times(gathering: Gathering) -> list[tuple[datetime, datetime]]:
    return [(session.starts, session.ends) for session in gathering.sessions]


@st.composite
def courses(draw: st.DrawFn) -> Gathering:
    """Gatherings of some sessions, at any time of day and of the year."""
    starts = draw(st.lists(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)), min_size=1, max_size=4))
    hours = draw(st.floats(0.25, 30))
    first = datetime.combine(min(starts).date(), datetime.min.time())
    window = st.none() | st.datetimes(first - timedelta(days=90), first, timezones=st.just(WALL))
    return a_gathering(
        sessions=tuple(
            a_session(start.isoformat(timespec="minutes"), id=f"s{at}", hours=hours) for at, start in enumerate(starts)
        ),
        registration=Window(draw(window), draw(window), draw(window)),
    )


@given(courses(), DAYS)
def test_weekdays_and_wall_clock_times_are_kept(gathering: Gathering, starts_on: date) -> None:
    copy = copied(gathering, starts_on)

    shifts = {after[0] - before[0] for before, after in zip(times(gathering), times(copy), strict=True)}
    shifts |= {after[1] - before[1] for before, after in zip(times(gathering), times(copy), strict=True)}
    [shift] = shifts
    assert shift.seconds == 0 and shift.days % 7 == 0
    assert monday(min(start for start, _ in times(copy)).date()) == monday(starts_on)


@given(courses(), DAYS, DAYS)
def test_a_copy_of_a_copy_is_a_copy_of_the_first(gathering: Gathering, one: date, other: date) -> None:
    by_way_of_one = copied(copied(gathering, one), other)

    assert times(by_way_of_one) == times(copied(gathering, other))


@given(courses(), DAYS)
def test_the_window_moves_as_the_sessions_do_on_the_clock_on_the_wall(gathering: Gathering, starts_on: date) -> None:
    copy = copied(gathering, starts_on)
    shift = times(copy)[0][0] - times(gathering)[0][0]

    for name in ("opens_at", "closes_at", "changes_until"):
        before, after = getattr(gathering.registration, name), getattr(copy.registration, name)
        assert (before is None) == (after is None)
        if before is not None:
            wanted = before.replace(tzinfo=None) + shift
            assume(wanted == wanted.replace(tzinfo=WALL).astimezone(UTC).astimezone(WALL).replace(tzinfo=None))
            assert after.astimezone(WALL).replace(tzinfo=None) == wanted


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)), st.integers(-200, 200))
def test_a_moment_that_moves_forth_and_back_is_where_it_was(moment: datetime, weeks: int) -> None:
    there = moment_moved(moment, weeks, WALL)
    # What falls into an hour that does not exist, or exists twice, cannot be told from its neighbour.
    assume(all(one.astimezone(WALL).hour not in (1, 2, 3) for one in (moment, there)))

    assert moment_moved(there, -weeks, WALL) == moment


@pytest.mark.parametrize(
    ("starts_on", "first"),
    [
        ("2027-03-01", "2027-03-02"),
        ("2027-03-02", "2027-03-02"),
        ("2027-03-07", "2027-03-02"),
        ("2027-03-08", "2027-03-09"),
        ("2026-10-06", "2026-10-06"),
        ("2026-09-01", "2026-09-01"),
    ],
)
def test_the_date_says_which_week(starts_on: str, first: str) -> None:
    tuesdays = a_gathering(sessions=(a_session("2026-10-13T09:00", id="two"), a_session("2026-10-06T09:00")))

    copy = copied(tuesdays, date.fromisoformat(starts_on))

    assert copy.sessions[1].starts.date().isoformat() == first
    assert copy.sessions[0].starts - copy.sessions[1].starts == timedelta(days=7)


def test_nine_oclock_stays_nine_oclock_from_summer_to_winter() -> None:
    gathering = a_gathering(
        sessions=(a_session("2026-10-20T09:00"),),
        registration=Window(wall("2026-10-01T08:00"), wall("2026-10-19T12:00"), wall("2026-10-19T16:00")),
        rounds=(
            Round("first", {"da": "Først"}, wall("2026-10-01T08:00"), wall("2026-10-10T12:00"), Who(), 5),
            Round("rest", {"da": "Resten"}, wall("2026-10-10T12:00"), None, Who(), 3, wall("2026-10-15T23:00")),
        ),
        fair_share=FairShare(2, wall("2026-10-12T00:00")),
    )

    copy = copied(gathering, date(2026, 11, 23))

    assert copy.starts_at.isoformat() == "2026-11-24T09:00:00+01:00"
    window, (first, rest) = copy.registration, copy.rounds or ()
    assert clock(window.opens_at) == "Thu 2026-11-05 08:00"
    assert clock(window.closes_at) == "Mon 2026-11-23 12:00"
    assert clock(window.changes_until) == "Mon 2026-11-23 16:00"
    assert (clock(first.opens_at), clock(first.closes_at)) == ("Thu 2026-11-05 08:00", "Sat 2026-11-14 12:00")
    assert (first.rolls_over_at, first.reserved_seats, rest.closes_at) == (None, 5, None)
    assert clock(rest.rolls_over_at) == "Thu 2026-11-19 23:00"
    assert copy.fair_share is not None
    assert (copy.fair_share.per_library, clock(copy.fair_share.until)) == (2, "Mon 2026-11-16 00:00")


def test_a_copy_begins_as_a_draft_of_its_own() -> None:
    texts = {"reminder": {"da": "Husk en penn."}}
    speakers = {"da": "En forsker"}
    gathering = a_published_gathering(capacity=3, speakers=speakers, texts=texts, programme="p", track="t")
    gathering = replace(gathering, version=7, sequence=4)

    copy = copy_of(gathering, date(2027, 3, 1), id="new", session_ids=["first"])

    assert (copy.id, copy.slug, copy.state, copy.published_at) == ("new", "", State.DRAFT, None)
    assert (copy.version, copy.sequence, copy.sessions[0].id) == (1, 0, "first")
    assert (copy.capacity, copy.programme, copy.track, copy.texts) == (3, "p", "t", texts)
    assert (copy.speakers, copy.rounds, copy.fair_share) == (speakers, None, None)


def test_there_must_be_an_id_for_each_session() -> None:
    with pytest.raises(ValueError, match="shorter"):
        copy_of(a_gathering(), date(2027, 3, 1), id="new", session_ids=[])


@given(DAYS, DAYS)
def test_weeks_are_counted_from_monday_to_monday(first: date, wanted: date) -> None:
    weeks = weeks_between(first, wanted)

    assert monday(first + timedelta(weeks=weeks)) == monday(wanted)
    assert weeks_between(wanted, first) == -weeks


def test_rounds_that_move_keep_all_else() -> None:
    one = Round("first", {"da": "Først"}, wall("2026-10-01T08:00"), None, Who(roles=("leader",)), 5)

    [later] = rounds_moved([one], 1, WALL)

    assert later == replace(one, opens_at=wall("2026-10-08T08:00"))


def test_rounds_that_move_leave_addresses_behind_and_do_not_open_to_everybody() -> None:
    one = Round("first", {"da": "Først"}, wall("2026-10-01T08:00"), None, Who(emails=("leder@example.org",)))

    [later] = rounds_moved([one], 1, WALL)

    assert later.who == Who(emails=(NOBODY,))


def test_the_id_of_a_copy_follows_from_what_it_is_a_copy_of() -> None:
    assert id_of_copy("a", "b") == id_of_copy("a", "b")
    assert len({id_of_copy("a", "b"), id_of_copy("b", "a"), id_of_copy("ab"), id_of_copy("a", "b", "")}) == 4
    assert len(id_of_copy("a")) == len(new_id())


def test_a_reminder_of_a_copy_is_for_the_same_session_of_it() -> None:
    sessions = a_session(id="one"), a_session("2026-10-06T09:00", id="two")
    audiences = Audience(session="two", role="leader"), Audience(), Audience(session="another")
    reminders = tuple(Reminder(minutes_before=n, audience=one) for n, one in enumerate(audiences))

    copy = copy_of(
        a_gathering(sessions=sessions, reminders=reminders), date(2027, 1, 4), id="id", session_ids=["a", "b"]
    )

    assert copy.reminders is not None
    assert [one.audience for one in copy.reminders] == [Audience(session="b", role="leader"), *audiences[1:]]
