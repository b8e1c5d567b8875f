"""All about one person, for a program to read."""

import json
from datetime import UTC, datetime

from shared.privacy.export import PersonFile, Row, Section, Several, as_json

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


def test_everything_is_there_under_keys_that_stay() -> None:
    file = PersonFile(
        NOW,
        (
            Section(
                "registrations",
                "Registration",
                (
                    Row("name", "Your name", "Deltager 1"),
                    Row("status", "Status", "confirmed", said="Confirmed"),
                    Row("registered_at", "When", NOW),
                    Several(
                        "answers",
                        "Answers",
                        ((Row("question", "Question", {"da": "Bus?"}), Row("answer", "Answer", value=True)),),
                    ),
                    Row("sessions", "Sessions", ("one", "two")),
                    Row("cancelled_at", "Cancelled", None),
                ),
                Row("gathering", "Gathering", {"da": "Inspirationsdag"}),
            ),
            Section("registrations", "Registration", (Row("name", "Your name", "Deltager 1"),)),
            Section("interests", "Interest", (Row("email", "E-mail", "deltager1@example.org"),)),
        ),
    )

    assert json.loads(json.dumps(as_json(file))) == {
        "made_at": "2026-09-01T08:00:00+00:00",
        "registrations": [
            {
                "name": "Deltager 1",
                "status": "confirmed",
                "registered_at": "2026-09-01T08:00:00+00:00",
                "answers": [{"question": {"da": "Bus?"}, "answer": True}],
                "sessions": ["one", "two"],
                "gathering": {"da": "Inspirationsdag"},
                "cancelled_at": None,
            },
            {"name": "Deltager 1"},
        ],
        "interests": [{"email": "deltager1@example.org"}],
    }


def test_of_who_is_not_there_nothing_is_told() -> None:
    assert as_json(PersonFile(NOW, ())) == {"made_at": "2026-09-01T08:00:00+00:00"}
