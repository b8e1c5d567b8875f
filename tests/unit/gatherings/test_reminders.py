"""When reminders are due, on the clock on the wall, through the nights when that is changed."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from shared.gatherings.audience import Audience
from shared.gatherings.model import Gathering, Kind, State
from shared.gatherings.reminders import LATE, SWITCHED_ON, USUAL, Reminder, ReminderKind, faults
from tests.support.builders import NOW, a_gathering, a_published_gathering, a_session

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
WEEK, DAY = Reminder(days_before=7, at=time(9)), Reminder(days_before=1, at=time(9))
BY_NIGHT = Reminder(days_before=1, at=time(2, 30))
THANKS = Reminder(ReminderKind.THANKS, minutes_after=60)
NUDGE = Reminder(ReminderKind.NUDGE, days_after=3, at=time(9))
RECORDING = Reminder(ReminderKind.RECORDING)
FOLLOW_UP = Reminder(ReminderKind.FOLLOW_UP, months_after=3, at=time(9))
HALF_AN_HOUR, TWO_HOURS = Reminder(minutes_before=30), Reminder(minutes_before=120)


@pytest.mark.parametrize(
    ("start", "reminder", "due"),
    [
        # In summer and in winter, nine o'clock is nine o'clock.
        ("2026-10-05T09:00", DAY, "2026-10-04T09:00+02:00"),
        ("2026-11-12T09:30", WEEK, "2026-11-05T09:00+01:00"),
        # The clock is put forward on 28 March 2027 at two, and back on 25 October 2026 at three.
        ("2027-03-29T09:00", DAY, "2027-03-28T09:00+02:00"),
        ("2027-03-29T09:00", WEEK, "2027-03-22T09:00+01:00"),
        ("2027-03-28T09:00", DAY, "2027-03-27T09:00+01:00"),
        ("2026-10-26T09:00", DAY, "2026-10-25T09:00+01:00"),
        ("2026-10-26T09:00", WEEK, "2026-10-19T09:00+02:00"),
        # A time that is skipped is an hour later; of one that comes twice the first is meant.
        ("2027-03-29T09:00", BY_NIGHT, "2027-03-28T03:30+02:00"),
        ("2026-10-26T09:00", BY_NIGHT, "2026-10-25T02:30+02:00"),
        # Minutes are minutes, whatever the clock does meanwhile.
        ("2027-03-28T03:15", HALF_AN_HOUR, "2027-03-28T01:45+01:00"),
        ("2026-10-25T03:30", TWO_HOURS, "2026-10-25T02:30+02:00"),
        # Half past midnight: the day before is the day before.
        ("2026-10-25T00:30", DAY, "2026-10-24T09:00+02:00"),
        ("2027-01-01T00:30", HALF_AN_HOUR, "2027-01-01T00:00+01:00"),
        ("2027-01-01T00:30", WEEK, "2026-12-25T09:00+01:00"),
    ],
)
def test_a_reminder_is_due_at_the_time_that_people_expect(start: str, reminder: Reminder, due: str) -> None:
    moment = reminder.moment(a_session(start))

    assert moment == datetime.fromisoformat(due)
    assert moment.tzinfo is UTC


@given(
    day=st.dates(date(2026, 1, 1), date(2040, 12, 31)),
    at=st.times().map(lambda t: t.replace(second=0, microsecond=0, fold=0)),
    days=st.integers(1, 90),
    start=st.times().map(lambda t: t.replace(second=0, microsecond=0, fold=0)),
)
def test_so_many_days_before_it_is_that_time_on_the_clock_or_the_clock_skips_it(
    day: date, at: time, days: int, start: time
) -> None:
    session = a_session(datetime.combine(day, start).isoformat())

    shown = Reminder(days_before=days, at=at).moment(session).astimezone(COPENHAGEN)

    wanted = datetime.combine(day - timedelta(days=days), at)
    skipped = time(2) <= at < time(3) and shown.replace(tzinfo=None) == wanted + timedelta(hours=1)
    assert shown.replace(tzinfo=None) == wanted or skipped
    assert shown < session.starts_at.astimezone(UTC)


@given(minutes=st.integers(0, 3 * 24 * 60), hour=st.datetimes(datetime(2026, 1, 1), datetime(2040, 1, 1)))
def test_so_many_minutes_before_are_so_many(minutes: int, hour: datetime) -> None:
    session = a_session(hour.isoformat())

    moment = Reminder(minutes_before=minutes).moment(session)

    assert session.starts_at.astimezone(UTC) - moment == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("end", "reminder", "due"),
    [
        # An hour is an hour, whatever the clock does meanwhile: it is put forward on 28 March 2027 at two, and back on
        # 25 October 2026 at three.
        ("2026-10-05T11:30", THANKS, "2026-10-05T12:30+02:00"),
        ("2027-03-28T01:30", THANKS, "2027-03-28T03:30+02:00"),
        ("2026-10-25T02:30", THANKS, "2026-10-25T02:30+01:00"),
        ("2026-10-25T03:30", THANKS, "2026-10-25T04:30+01:00"),
        ("2026-12-31T23:30", THANKS, "2027-01-01T00:30+01:00"),
        # Three days after is the third day, however late it got, and nine o'clock is nine o'clock.
        ("2026-10-05T11:30", NUDGE, "2026-10-08T09:00+02:00"),
        ("2026-10-05T00:30", NUDGE, "2026-10-08T09:00+02:00"),
        ("2026-10-22T16:00", NUDGE, "2026-10-25T09:00+01:00"),
        ("2027-03-25T16:00", NUDGE, "2027-03-28T09:00+02:00"),
        # A time that is skipped is an hour later; of one that comes twice the first is meant.
        ("2027-03-25T16:00", replace(NUDGE, at=time(2, 30)), "2027-03-28T03:30+02:00"),
        ("2026-10-22T16:00", replace(NUDGE, at=time(2, 30)), "2026-10-25T02:30+02:00"),
        ("2026-10-22T16:00", replace(NUDGE, at=time(0, 30)), "2026-10-25T00:30+02:00"),
        # Months are those of the calendar; one that is too short has its last day instead.
        ("2026-10-05T11:30", FOLLOW_UP, "2027-01-05T09:00+01:00"),
        ("2026-11-30T16:00", FOLLOW_UP, "2027-02-28T09:00+01:00"),
        ("2027-11-30T16:00", FOLLOW_UP, "2028-02-29T09:00+01:00"),
        ("2028-02-29T16:00", replace(FOLLOW_UP, months_after=12), "2029-02-28T09:00+01:00"),
        ("2027-03-31T16:00", replace(FOLLOW_UP, months_after=1), "2027-04-30T09:00+02:00"),
        ("2026-12-28T16:00", replace(FOLLOW_UP, at=time(2, 30)), "2027-03-28T03:30+02:00"),
        ("2026-07-25T16:00", replace(FOLLOW_UP, at=time(2, 30)), "2026-10-25T02:30+02:00"),
    ],
)
def test_what_follows_the_end_is_due_at_the_time_that_people_expect(end: str, reminder: Reminder, due: str) -> None:
    starts, ends = datetime.fromisoformat(end) - timedelta(hours=2), datetime.fromisoformat(end)

    moment = reminder.moment(replace(a_session(starts.isoformat()), ends=ends))

    assert moment == datetime.fromisoformat(due)
    assert moment.tzinfo is UTC


@given(
    end=st.datetimes(datetime(2026, 1, 1), datetime(2040, 1, 1)),
    at=st.times().map(lambda t: t.replace(second=0, microsecond=0, fold=0)),
    months=st.integers(1, 12),
)
def test_so_many_months_after_it_is_that_time_on_that_day_or_on_the_last_of_the_month(
    end: datetime, at: time, months: int
) -> None:
    session = replace(a_session(end.isoformat()), ends=end)

    follow_up = replace(FOLLOW_UP, months_after=months, at=at)
    shown = follow_up.moment(session).astimezone(COPENHAGEN).replace(tzinfo=None)

    assert (shown.year - end.year) * 12 + shown.month - end.month == months
    assert shown.day == end.day or (shown.day < end.day and (shown + timedelta(days=1)).day == 1)
    assert shown.time() == at or time(2) <= at < time(3)
    assert follow_up.moment(session) > session.ends_at


@given(end=st.datetimes(datetime(2026, 1, 1), datetime(2040, 1, 1)), minutes=st.integers(0, 30 * 24 * 60))
def test_so_many_minutes_after_are_so_many(end: datetime, minutes: int) -> None:
    session = replace(a_session(end.isoformat()), ends=end)

    moment = replace(THANKS, minutes_after=minutes).moment(session)

    assert moment - session.ends_at.astimezone(UTC) == timedelta(minutes=minutes)


def test_keys_tell_reminders_apart_and_those_of_old_stay() -> None:
    plan = (DAY, HALF_AN_HOUR, THANKS, NUDGE, RECORDING, FOLLOW_UP)

    assert [one.key for one in plan] == [
        "d1-0900",
        "m30",
        "thanks-pm60",
        "nudge-pd3-0900",
        "recording",
        "follow-up-pmo3-0900",
    ]


def keys(gathering: Gathering) -> list[tuple[str, str]]:
    return [(one.session, one.reminder.key) for one in gathering.planned_reminders()]


def test_each_session_has_its_own_soonest_first() -> None:
    sessions = a_session("2026-10-05T09:00", id="one"), a_session("2026-10-06T09:00", id="two")
    gathering = a_published_gathering(sessions=sessions)

    assert keys(gathering) == [("one", "d1-0900"), ("one", "m30"), ("two", "d1-0900"), ("two", "m30")]
    # At nine on the first day: that one begins, and a reminder of the other is due.
    assert gathering.planned_reminders()[2].moment == sessions[0].starts_at


@pytest.mark.parametrize("state", [State.DRAFT, State.CANCELLED])
def test_nobody_is_reminded_of_what_does_not_take_place(state: State) -> None:
    assert keys(replace(a_published_gathering(), state=state)) == []


def test_what_is_due_after_the_start_or_is_paused_is_not_sent() -> None:
    on_the_day = Reminder(days_before=0, at=time(9))
    paused = replace(DAY, paused=True)

    assert keys(a_published_gathering(reminders=(on_the_day, paused, HALF_AN_HOUR))) == [("one", "m30")]
    assert keys(a_published_gathering(reminders=(on_the_day,), sessions=(a_session("2026-10-05T13:00"),))) == [
        ("one", "d0-0900")
    ]


def test_what_was_due_before_publication_a_move_or_a_new_plan_is_not_made_up_for() -> None:
    soon = NOW + timedelta(days=3)
    late = a_gathering(sessions=(a_session(f"{soon:%Y-%m-%dT%H:%M}"),), reminders=(WEEK, DAY)).published(NOW)
    assert keys(late) == [("one", "d1-0900")]

    far = a_published_gathering(reminders=(WEEK, DAY))
    moved = far.changed_to(replace(far, sessions=late.sessions), NOW)
    assert keys(moved) == [("one", "d1-0900")]

    far = a_published_gathering(reminders=(DAY,), sessions=late.sessions)
    more = far.changed_to(replace(far, reminders=(WEEK, DAY)), NOW)
    renamed = more.changed_to(replace(more, title={"da": "Nyt"}), NOW + timedelta(days=2, hours=12))
    assert keys(more) == keys(renamed) == [("one", "d1-0900")]


def test_what_is_usual_depends_on_the_kind_until_there_are_others() -> None:
    assert {kind.value for kind in Kind} == set(USUAL)
    assert a_gathering().effective_reminders == (DAY, HALF_AN_HOUR, RECORDING)
    assert a_gathering(kind=Kind.FESTIVAL).effective_reminders == (WEEK, DAY, RECORDING)
    assert a_gathering(reminders=()).effective_reminders == ()


@pytest.mark.parametrize(
    ("reminders", "field"),
    [
        ((Reminder(),), "reminders.0"),
        ((Reminder(days_before=7),), "reminders.0"),
        ((DAY, Reminder(days_before=1, at=time(9), minutes_before=5)), "reminders.1"),
        ((DAY, replace(DAY, paused=True)), "reminders.1"),
        ((Reminder(days_before=91, at=time(9)),), "reminders.0"),
        ((Reminder(minutes_before=3 * 24 * 60 + 1),), "reminders.0"),
        (tuple(Reminder(minutes_before=n) for n in range(11)), "reminders"),
        ((replace(DAY, audience=Audience(status="waitlisted")),), "reminders.0"),
        ((Reminder(minutes_after=60),), "reminders.0"),
        ((replace(RECORDING, days_after=3, at=time(9)),), "reminders.0"),
        ((RECORDING, replace(RECORDING, paused=True)), "reminders.1"),
        ((replace(RECORDING, audience=Audience(status="waitlisted")),), "reminders.0"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(reminders: tuple[Reminder, ...], field: str) -> None:
    assert [fault.field for fault in faults(reminders)] == [field]


@pytest.mark.parametrize(
    ("changes", "telling"),
    [
        ({}, RECORDING),
        ({"reminders": (DAY,)}, None),
        ({"reminders": (DAY, replace(RECORDING, paused=True))}, None),
        ({"reminders": (RECORDING,), "state": State.CANCELLED}, None),
        ({"reminders": (RECORDING,), "state": State.DRAFT}, None),
        # What was kept with a time is told when there is a recording, all the same.
        ({"reminders": (replace(RECORDING, days_after=3, at=time(9)),)}, replace(RECORDING, days_after=3, at=time(9))),
    ],
    ids=str,
)
def test_a_recording_is_told_of_by_no_clock_while_the_plan_says_so(
    changes: dict[str, Any], telling: Reminder | None
) -> None:
    gathering = replace(a_published_gathering(), **changes)

    assert gathering.telling_of_recording == telling
    assert not any("recording" in key for _, key in keys(gathering))


@pytest.mark.parametrize("kind", sorted(frozenset(ReminderKind) - SWITCHED_ON))
def test_what_is_not_sent_yet_cannot_be_planned(kind: ReminderKind) -> None:
    [fault] = faults([DAY, Reminder(kind, minutes_after=60)])

    assert (fault.field, fault.message) == ("reminders.1", "That is not sent yet.")
    assert kind not in {one.kind for usual in USUAL.values() for one in usual}


@pytest.mark.parametrize(
    ("reminder", "fits"),
    [
        (THANKS, True),
        (replace(THANKS, minutes_after=0), True),
        (replace(THANKS, minutes_after=30 * 24 * 60), True),
        (NUDGE, True),
        (replace(NUDGE, days_after=30), True),
        (FOLLOW_UP, True),
        (replace(FOLLOW_UP, months_after=12), True),
        (replace(THANKS, audience=Audience(status="confirmed", role="leader")), True),
        (replace(THANKS, minutes_after=30 * 24 * 60 + 1), False),
        (replace(NUDGE, days_after=31), False),
        (replace(NUDGE, days_after=0), False),
        (replace(FOLLOW_UP, months_after=13), False),
        (replace(FOLLOW_UP, months_after=0), False),
        (replace(FOLLOW_UP, at=None), False),
        (replace(NUDGE, months_after=1), False),
        (replace(DAY, kind=ReminderKind.THANKS), False),
        (Reminder(ReminderKind.THANKS), False),
        (replace(THANKS, audience=Audience(status="cancelled")), False),
    ],
)
def test_what_follows_the_end_has_one_way_to_say_when_and_its_limits(reminder: Reminder, fits: bool) -> None:
    found = list(faults([reminder], kinds=set(ReminderKind)))

    assert [fault.field for fault in found] == ([] if fits else ["reminders.0"])


TWO_DAYS = (a_session("2026-10-05T09:00", id="one"), a_session("2026-10-06T09:00", id="two"))


def test_what_follows_the_end_is_planned_only_where_it_is_sent() -> None:
    gathering = a_published_gathering(reminders=(HALF_AN_HOUR, THANKS, NUDGE), sessions=TWO_DAYS)

    assert keys(gathering) == [("one", "m30"), ("two", "m30")]
    planned = gathering.planned_reminders({ReminderKind.THANKS})
    assert [(one.session, one.reminder) for one in planned] == [("one", THANKS), ("two", THANKS)]
    assert {one.until - one.moment for one in planned} == {LATE}
    assert gathering.planned(*planned[0].which, {ReminderKind.THANKS}) == planned[0]
    assert gathering.planned(*planned[0].which, {ReminderKind.NUDGE}) is None


def test_before_it_each_session_is_reminded_of_and_after_it_the_last_of_ones_own() -> None:
    gathering = a_published_gathering(reminders=(HALF_AN_HOUR, THANKS), sessions=TWO_DAYS[::-1])
    planned = gathering.planned_reminders(set(ReminderKind))

    def reminded(*sessions: str) -> list[tuple[str, str]]:
        return [(one.session, one.reminder.key) for one in planned if gathering.reminds(one, sessions)]

    assert reminded("one", "two") == [("one", "m30"), ("two", "m30"), ("two", "thanks-pm60")]
    assert reminded("one") == [("one", "m30"), ("one", "thanks-pm60")]
    assert reminded("two") == [("two", "m30"), ("two", "thanks-pm60")]
    assert reminded() == []
