"""What people read: in their language, with dates and letters as they are used to."""

import gettext
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from shared.i18n import LOCALES, Voice, danish_order, voice

ZONE = "Europe/Copenhagen"
START = datetime(2026, 10, 5, 7, 0, tzinfo=UTC)
END = START + timedelta(hours=2, minutes=30)

DANISH = voice("da", ("da", "en"), ZONE)
ENGLISH = voice("en", ("da", "en"), ZONE)


def test_danish_dates_are_written_as_danes_write_them() -> None:
    # The domain's example names a Wednesday; in 2026 the 5th of October is a Monday.
    assert DANISH.span(START, END) == "mandag den 5. oktober 2026 kl. 9.00-11.30"
    assert DANISH.day(START) == "mandag den 5. oktober 2026"
    assert DANISH.moment(START) == "mandag den 5. oktober 2026 kl. 9.00"
    assert (DANISH.clock(START), DANISH.short_day(START), DANISH.month(START)) == ("9.00", "5. okt.", "okt.")


def test_english_dates_are_written_as_the_english_write_them() -> None:
    assert ENGLISH.span(START, END) == "Monday 5 October 2026 at 09:00–11:30"
    assert (ENGLISH.clock(START), ENGLISH.short_day(START), ENGLISH.month(START)) == ("09:00", "5 Oct", "Oct")


def test_more_days_are_told_in_full() -> None:
    assert DANISH.span(START, START + timedelta(days=1)) == (
        "mandag den 5. oktober 2026 kl. 9.00 til tirsdag den 6. oktober 2026 kl. 9.00"
    )


def test_a_day_is_the_one_on_the_networks_wall() -> None:
    nearly_midnight = datetime(2026, 10, 5, 22, 30, tzinfo=UTC)

    assert DANISH.day(nearly_midnight) == "tirsdag den 6. oktober 2026"
    assert voice("en", ("en",), "America/New_York").day(nearly_midnight) == "Monday 5 October 2026"


@pytest.mark.parametrize(
    ("moment", "clock"),
    [
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "1.59"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "3.00"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "2.30"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "2.30"),
    ],
)
def test_the_clock_follows_summer_time(moment: datetime, clock: str) -> None:
    assert DANISH.clock(moment) == clock


@pytest.mark.parametrize(
    ("text", "danish", "english"),
    [
        ({"da": "Hej", "en": "Hi"}, ("Hej", None), ("Hi", None)),
        ({"da": "Hej"}, ("Hej", None), ("Hej", "da")),
        ({"en": "Hi"}, ("Hi", "en"), ("Hi", None)),
        ({"da": "", "en": "Hi"}, ("Hi", "en"), ("Hi", None)),
        ({}, ("", None), ("", None)),
        ({"sv": "Hej"}, ("", None), ("", None)),
    ],
)
def test_a_text_that_is_missing_is_shown_in_a_language_that_has_it_and_marked(
    text: dict[str, str], danish: tuple[str, str | None], english: tuple[str, str | None]
) -> None:
    assert (DANISH.text(text), DANISH.lang_of(text)) == danish
    assert (ENGLISH.text(text), ENGLISH.lang_of(text)) == english


def test_sentences_are_filled_and_counted() -> None:
    assert ENGLISH.say("A name can be at most %(limit)s characters long.", limit=120).endswith("120 characters long.")
    assert DANISH.say("100 %") == "100 %"
    assert ENGLISH.count("%(number)s seat", "%(number)s seats", 1) == "1 seat"
    assert ENGLISH.count("%(number)s seat", "%(number)s seats", 0) == "0 seats"


@pytest.mark.parametrize("language", [path.name for path in LOCALES.iterdir() if path.is_dir()])
def test_every_sentence_is_translated_with_the_same_places(language: str) -> None:
    catalogue = gettext.translation("tovholder", LOCALES, languages=[language])
    said = {key: value for key, value in catalogue._catalog.items() if key}  # type: ignore[attr-defined]

    for message, translation in said.items():
        source = message[0] if isinstance(message, tuple) else message
        assert translation, source
        if isinstance(message, str):
            assert places(translation) == places(source), source


def places(sentence: str) -> set[str]:
    return {part.partition(")")[0] for part in sentence.split("%(")[1:]}


def test_a_language_without_a_catalogue_is_a_mistake_of_ours() -> None:
    with pytest.raises(FileNotFoundError):
        Voice("sv", ("sv",), ZONE)


def test_danish_names_are_sorted_as_danes_do() -> None:
    names = ["Aarhus", "Ærø", "Ålborg", "Aalborg", "Ishøj", "aabenraa", "Øm", "Zebra", "Abe", "Ärlig"]

    assert sorted(names, key=danish_order) == [
        "Abe", "Ishøj", "Zebra", "Ärlig", "Ærø", "Øm", "aabenraa", "Ålborg", "Aalborg", "Aarhus",
    ]  # fmt: skip


@given(st.text(), st.text())
def test_danish_order_knows_no_capitals(one: str, other: str) -> None:
    assert (danish_order(one) < danish_order(other)) == (danish_order(one.casefold()) < danish_order(other.casefold()))
