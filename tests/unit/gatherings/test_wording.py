"""What coordinators write in their own words: its fields, and the mails that take it."""

import pytest

from shared.gatherings.wording import FIELDS, KINDS, LONGEST, filled, text_faults
from shared.notify.model import MailKind

LANGUAGES = ("da", "en")


@pytest.mark.parametrize(
    ("texts", "fields"),
    [
        ({}, []),
        ({kind: {"da": "Vi ses.", "en": "See you."} for kind in KINDS}, []),
        ({"reminder": {"da": " ".join(f"{{{name}}}" for name in FIELDS)}}, []),
        ({"reminder": {"da": "Hej { navn }"}}, []),
        ({"reminder": {"da": "Hej {fornavn}", "en": "Hi {name}"}}, ["texts.reminder.da", "texts.reminder.en"]),
        ({"reminder": {"da": "Hej {navn"}}, ["texts.reminder.da"]),
        ({"offer": {"da": "x" * LONGEST}}, []),
        ({"offer": {"da": "x" * (LONGEST + 1)}}, ["texts.offer.da"]),
        ({"offer": {"da": "Ring til 010180-1234"}}, ["texts.offer.da"]),
        ({"offer": {"sv": "Hej"}}, ["texts.offer.sv"]),
        ({"receipt": {"da": "Tak."}}, ["texts.receipt"]),
        ({"recording": {"da": "{navn}, se {optagelse}"}}, []),
        ({"reminder": {"da": "{navn}, se {optagelse}"}}, ["texts.reminder.da"]),
    ],
    ids=lambda one: str(one)[:60],
)
def test_own_words_that_a_mail_cannot_say_are_refused(texts: dict[str, dict[str, str]], fields: list[str]) -> None:
    assert [fault.field for fault in text_faults(texts, languages=LANGUAGES)] == fields


def test_a_field_that_there_is_not_is_named_with_those_that_there_are() -> None:
    [fault] = text_faults({"reminder": {"da": "Hej {fornavn}"}}, languages=LANGUAGES)

    assert fault.message % fault.values == (
        "There is no field {fornavn}. There are: {navn}, {titel}, {tid}, {sted}, {kontakt}."
    )


def test_what_is_filled_in_is_not_read_for_fields_again() -> None:
    assert filled("{navn} og { titel }, {x}", {"navn": "{titel}", "titel": "Kursus"}) == "{titel} og Kursus, {x}"


def test_the_mails_that_take_own_words_are_mails() -> None:
    assert {MailKind(kind) for kind in KINDS} < set(MailKind)
