"""Reminders come out of a form as they went in, and are told in words."""

from datetime import time

import pytest

from chalicelib.forms.fields import Reader
from chalicelib.forms.reminders import kinds, read, to_fields, units
from chalicelib.reminding import in_words
from chalicelib.wire_gatherings import ReminderBody
from shared.gatherings.audience import Audience
from shared.gatherings.reminders import SWITCHED_ON, Reminder, ReminderKind
from shared.i18n import voice
from tests.support.builders import NETWORK, ZONE

NINE = time(9)
FOR_SOME = Audience(status="confirmed", session="one", round="two", library="765700", role="leader")
EVERY_SHAPE = {
    "1 dag før kl. 9.00": Reminder(days_before=1, at=NINE),
    "7 dage før kl. 9.00": Reminder(days_before=7, at=NINE),
    "0 minutter før": Reminder(minutes_before=0),
    "120 minutter før": Reminder(minutes_before=120),
    "30 minutter før (kun til nogle af dem) (sat på pause)": Reminder(
        minutes_before=30, audience=FOR_SOME, paused=True
    ),
    "Tak: 1 time efter": Reminder(ReminderKind.THANKS, minutes_after=60),
    "Tak: 90 minutter efter": Reminder(ReminderKind.THANKS, minutes_after=90),
    "Tak: 0 minutter efter": Reminder(ReminderKind.THANKS, minutes_after=0),
    "Spørgsmål om, hvordan det var, en gang til: 3 dage efter kl. 9.00": Reminder(
        ReminderKind.NUDGE, days_after=3, at=NINE
    ),
    "Tak: 1 måned efter kl. 9.00": Reminder(ReminderKind.THANKS, months_after=1, at=NINE),
    "Optagelsen er online: så snart den er offentliggjort": Reminder(ReminderKind.RECORDING),
    "Optagelsen er online: så snart den er offentliggjort (kun til nogle af dem) (sat på pause)": Reminder(
        ReminderKind.RECORDING, audience=FOR_SOME, paused=True
    ),
    "Spørgsmål om, hvad det førte til: 3 måneder efter kl. 9.00 (kun til nogle af dem)": Reminder(
        ReminderKind.FOLLOW_UP, months_after=3, at=NINE, audience=FOR_SOME
    ),
}


@pytest.mark.parametrize(("said", "reminder"), EVERY_SHAPE.items())
def test_a_reminder_comes_out_of_the_form_as_it_went_in(said: str, reminder: Reminder) -> None:
    reader = Reader(dict(to_fields([reminder])), NETWORK.languages, NETWORK.zone)

    [body] = read(reader)

    assert ReminderBody.model_validate(body).to_domain() == reminder
    assert reader.faults == []


@pytest.mark.parametrize(("said", "reminder"), EVERY_SHAPE.items())
def test_a_reminder_is_told_in_words(said: str, reminder: Reminder) -> None:
    assert in_words(reminder, voice("da", NETWORK.languages, ZONE)) == said


def test_of_a_recording_no_time_is_read_whatever_stood_there() -> None:
    fields = dict(to_fields([Reminder(days_before=1, at=NINE)])) | {"reminders.0.kind": [ReminderKind.RECORDING]}

    [body] = read(Reader(fields, NETWORK.languages, NETWORK.zone))

    assert ReminderBody.model_validate(body).to_domain() == Reminder(ReminderKind.RECORDING)


def test_what_is_not_sent_is_not_offered_unless_it_stands_there() -> None:
    assert set(kinds("")) == set(kinds("reminder")) == SWITCHED_ON
    assert kinds("nudge") == (ReminderKind.REMINDER, ReminderKind.NUDGE, ReminderKind.RECORDING)
    assert list(units("")) == ["days", "hours", "minutes"]
    assert set(units("nudge")) > {"days", "days_after", "months_after"}
