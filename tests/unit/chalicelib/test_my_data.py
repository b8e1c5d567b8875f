"""The page that shows somebody all that is kept about them."""

from datetime import UTC, datetime
from typing import Final

import pytest

from chalicelib import render
from chalicelib.screens import MyDataScreen
from infra.build import catalogues
from shared import i18n, network
from shared.privacy.export import PersonFile, Row, Section, Several

NETWORK: Final = network.load()
NOW: Final = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)

ROWS: Final = (
    Row("name", "Your name", "Deltager <1>"),
    Row("status", "Status", "confirmed", said="Registered"),
    Row("registered_at", "Registered", NOW),
    Row("bus", {"da": "Kommer du med bussen?", "en": "By bus?"}, value=False),
    Row("text", {"en": "Anything else?"}, "One\nTwo"),
    Several(
        "history",
        "What happened",
        (
            (Row("at", "When", NOW), Row("what", "What happened", "noted", said="Changed"), Row("why", "Why", "Så’n")),
            (Row("title", "Title", {}), Row("answer", "Answer", value=True), Row("why", "Why", "")),
        ),
    ),
    Row("sessions", "Sessions", ("one", "two")),
    Row("gathering", "Gathering", {"en": "Inspiration day"}),
    Row("place", "Place", 3),
    Row("cancelled_at", "Cancelled", None),
)


@pytest.fixture(autouse=True, scope="module")
def _catalogues() -> None:
    catalogues.compile_all()


def page(*sections: Section) -> str:
    voice = i18n.voice("en", NETWORK.languages, NETWORK.time_zone)
    screen = MyDataScreen(PersonFile(NOW, sections), "/mine/token", "secret")
    return render.page("my-data.html", screen, voice=voice, network=NETWORK, path="/mine/token")


def test_everything_is_said_in_words() -> None:
    html = page(
        Section("registrations", "Registration", ROWS, about=Row("gathering", "Gathering", {"en": "Inspiration day"}))
    )

    assert "Registration: Inspiration day" in html
    for said in (
        *("Deltager &lt;1&gt;", "Registered", "Tuesday 1 September 2026 at 10:00", "By bus?", "No"),
        *("One<br>Two", "one, two", "<dd>Inspiration day</dd>", "<dd>3</dd>", "<dd>–</dd>"),
        *("at 10:00</time> – Changed – Så’n</dd>", "<dd>Yes</dd>"),
    ):
        assert said in html, said


def test_it_can_be_taken_away_and_deleted_by_a_button_pressed_on_purpose() -> None:
    html = page(Section("registrations", "Registration", ROWS))

    assert 'href="/en/mine/token.json"' in html
    assert '<form method="post" action="/en/mine/token">' in html
    assert 'name="csrf" value="secret"' in html
    assert 'name="sure"' in html


def test_where_nothing_is_kept_there_is_nothing_to_delete() -> None:
    html = page()

    assert "We have nothing about you." in html
    assert "<form" not in html
    assert "noindex" in html
