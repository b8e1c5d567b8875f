"""The rules for getting a seat and giving it back."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from shared import addresses
from shared.gatherings.model import Gathering, GatheringIsCancelled, Window
from shared.refusals import Invalid, Refusal
from shared.registration.model import (
    Application,
    Invoice,
    Registration,
    RegistrationClosed,
    RegistrationNotOpenYet,
    Status,
    TooLateToChange,
    admit,
    sameness,
    seat,
    tidy,
)
from tests.support.builders import (
    NOW,
    a_gathering,
    a_published_gathering,
    a_registration,
    a_session,
    an_application,
)
from tests.support.data import DATA

LATER = NOW + timedelta(hours=1)

CASES = json.loads((DATA / "texts" / "danish-edge-cases.json").read_text(encoding="utf-8"))["cases"]

KEPT = {
    "T03": "Åse Deltager",
    "T08": "Deltager Mellemrum",
    "T09": "Deltager Nulbredde",
    "T22": "deltager1@herning.example.org",
    "T23": "Deltager1@herning.example.org",
    "T25": "deltager@bibliotek.xn--r-3fa9c.example.org",
}
"""What is kept where that is not what was typed."""

SAID = {
    "T10": "Write your name.",
    "T11": "Write the name on one line, without control characters.",
    "T14": "Write the name on one line, without control characters.",
    "T15": "A name cannot hold a link.",
    "T16": "A name cannot hold a link.",
    "T17": "A name cannot hold a link.",
    "T20": "A name can be at most %(limit)s characters long.",
    "T24": "Mail cannot be sent to an address with letters like æ, ø or å before the @.",
    "T27": "There is a comma in the address. Did you mean a full stop?",
    "T28": "Write one address only, and nothing else.",
    "T30": "",
}
"""What is said of what is refused."""


def seated(application: Application, gathering: Gathering | None = None, **given: Any) -> Registration:
    defaults: dict[str, Any] = {
        "registration_id": "registration",
        "email": addresses.sendable(application.email),
        "library_known": True,
        "kept_for": timedelta(days=360),
        "now": NOW,
    }
    return seat(application, gathering or a_published_gathering(), **(defaults | given))


def faults(application: Application, gathering: Gathering | None = None, **given: Any) -> list[tuple[str, str]]:
    try:
        seated(application, gathering, **given)
    except Invalid as invalid:
        return [(fault.field, fault.message) for fault in invalid.faults]
    return []


def fields(application: Application, gathering: Gathering | None = None, **given: Any) -> list[str]:
    return [field for field, _ in faults(application, gathering, **given)]


@pytest.mark.parametrize(
    "case", [case for case in CASES if case["field"] in ("name", "email")], ids=lambda one: one["id"]
)
def test_difficult_names_and_addresses(case: dict[str, Any]) -> None:
    text = case["text"] * case.get("repeat", 1)
    application = an_application(**{case["field"]: text})

    if case["expected"] == "refused":
        [(field, said)] = faults(application)
        assert (field, said) == (case["field"], SAID[case["id"]])
    else:
        kept = getattr(seated(application).participant, case["field"])
        assert kept == KEPT.get(case["id"], text)


@pytest.mark.parametrize("case", [case for case in CASES if case["field"] == "free_text"], ids=lambda one: one["id"])
def test_difficult_references(case: dict[str, Any]) -> None:
    # The only free text there is yet is of one line.
    gathering = a_published_gathering(asks_invoice_reference=True)
    application = an_application(gln="5790000000005", reference=case["text"].replace("\n", " ")[:80])

    assert fields(application, gathering) == (["reference"] if case["expected"] == "refused" else [])


def test_the_longest_name_is_told() -> None:
    with pytest.raises(Invalid) as refused:
        seated(an_application(name="x" * 121))

    [fault] = refused.value.faults
    assert fault.values == {"limit": 120}
    assert seated(an_application(name="x" * 120)).participant.name == "x" * 120


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Write your work e-mail address."),
        ("  ", "Write your work e-mail address."),
        ("deltager", "This is not an e-mail address. It should look like name@library.dk."),
        ("deltager@herning", "This is not an e-mail address. It should look like name@library.dk."),
        ("@herning.example.org", "This is not an e-mail address. It should look like name@library.dk."),
        ("a b@herning.example.org", "This is not an e-mail address. It should look like name@library.dk."),
        ("a@herning.example.org\nBcc: b@example.org", "Write one address only, and nothing else."),
    ],
)
def test_what_is_wrong_with_an_address_is_said_in_plain_words(typed: str, said: str) -> None:
    assert faults(an_application(email=typed)) == [("email", said)]


@pytest.mark.parametrize(
    ("changes", "given", "expected"),
    [
        ({}, {}, []),
        ({"name": " "}, {}, ["name"]),
        ({"library": ""}, {}, ["library"]),
        ({}, {"library_known": False}, ["library"]),
        ({"role": ""}, {}, ["role"]),
        ({"role": "STAFF"}, {}, ["role"]),
        ({"role": "leader"}, {}, []),
        ({"sessions": ("one",)}, {}, []),
        ({"sessions": ()}, {}, ["sessions"]),
        ({"sessions": ("other",)}, {}, ["sessions"]),
        ({"gln": "5790000000005"}, {}, ["gln"]),
        ({"reference": "Konto 17"}, {}, ["gln"]),
        ({"name": "", "email": "", "library": "", "role": ""}, {}, ["name", "email", "library", "role"]),
    ],
)
def test_every_fault_names_its_field(changes: dict[str, Any], given: dict[str, Any], expected: list[str]) -> None:
    assert fields(an_application(**changes), **given) == expected


@pytest.mark.parametrize(
    ("gln", "good"),
    [
        ("5790000000005", True),
        ("5798009882837", True),
        ("5790001330552", True),
        ("579 0000-000005", True),
        ("5790000000006", False),
        ("5798009882873", False),
        ("579000000000", False),
        ("57900000000055", False),
        ("57900000000O5", False),
        ("٥٧٩٠٠٠٠٠٠٠٠٠٥", False),
    ],
)
def test_a_gln_has_thirteen_digits_and_the_last_one_fits(gln: str, good: bool) -> None:
    gathering = a_published_gathering(asks_invoice_reference=True)

    assert fields(an_application(gln=gln), gathering) == ([] if good else ["gln"])


@given(st.text("0123456789", min_size=12, max_size=12))
def test_each_twelve_digits_have_one_check_digit(digits: str) -> None:
    gathering = a_published_gathering(asks_invoice_reference=True)

    good = [last for last in "0123456789" if not fields(an_application(gln=digits + last), gathering)]

    assert len(good) == 1


def test_a_long_reference_is_refused() -> None:
    gathering = a_published_gathering(asks_invoice_reference=True)

    assert fields(an_application(reference="x" * 81), gathering) == ["reference"]
    assert seated(an_application(reference=" x  y "), gathering).invoice == Invoice("", "x y")


def test_a_seat_is_in_every_session_and_in_the_whole() -> None:
    sessions = (a_session(), a_session("2026-10-06T09:00", id="two"))
    gathering = a_published_gathering(sessions=sessions)

    registration = seated(an_application(), gathering)

    assert registration.sessions == ("one", "two")
    assert registration.pools == ("whole", "session-one", "session-two")
    assert registration.kept_until == gathering.ends_at + timedelta(days=360)


@given(st.text())
def test_to_tidy_twice_is_to_tidy_once(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


@given(st.text(st.sampled_from("aA\u030a\u200b\u200d\u00ad \t\u00a0å")))
def test_to_tidy_what_is_composed_is_to_tidy_once(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


@pytest.mark.parametrize("other", ["A\u030ase ærø", "ÅSE ÆRØ", " åse  Ærø\u200b ", "Åse\u00a0Ærø", "Ａ\u030aｓｅ ærø"])
def test_two_spellings_of_a_name_are_the_same(other: str) -> None:
    assert sameness(other) == sameness("Åse Ærø")


@pytest.mark.parametrize("other", ["Aase Ærø", "Åse Æro", "Åse"])
def test_two_names_are_not_the_same(other: str) -> None:
    assert sameness(other) != sameness("Åse Ærø")


@given(st.text())
def test_a_tidied_name_is_the_same_name(text: str) -> None:
    assert sameness(tidy(text)) == sameness(text)


@pytest.mark.parametrize(
    ("gathering", "refusal"),
    [
        (a_published_gathering(), None),
        (a_published_gathering(registration=Window(opens_at=NOW)), None),
        (a_published_gathering(registration=Window(opens_at=LATER)), RegistrationNotOpenYet),
        (a_published_gathering(registration=Window(closes_at=LATER)), None),
        (a_published_gathering(registration=Window(closes_at=NOW)), RegistrationClosed),
        (a_published_gathering(sessions=(a_session("2026-09-01T10:00"),)), RegistrationClosed),
        (a_published_gathering().cancelled(), GatheringIsCancelled),
        (a_gathering(), RegistrationClosed),
    ],
    ids=["open", "opening", "not yet", "closing", "closed", "started", "cancelled", "draft"],
)
def test_people_register_while_the_window_is_open(gathering: Gathering, refusal: type[Refusal] | None) -> None:
    if refusal is None:
        admit(gathering, NOW)
    else:
        with pytest.raises(refusal):
            admit(gathering, NOW)


def test_a_seat_is_given_back_once() -> None:
    gathering = a_published_gathering()
    registration = a_registration(gathering)

    cancelled = registration.cancelled(gathering, NOW)

    assert cancelled == replace(registration, status=Status.CANCELLED, cancelled_at=NOW, version=2)
    assert cancelled.cancelled(gathering, LATER) is cancelled


def test_a_seat_is_kept_when_it_is_too_late() -> None:
    gathering = a_published_gathering(registration=Window(changes_until=NOW))

    with pytest.raises(TooLateToChange) as refused:
        a_registration(gathering).cancelled(gathering, NOW)

    assert refused.value.details == {"contact": gathering.contact}


def test_what_was_given_back_stays_so_however_late_one_asks() -> None:
    gathering = a_published_gathering()
    cancelled = a_registration(gathering).cancelled(gathering, NOW)

    assert cancelled.cancelled(gathering, gathering.ends_at) is cancelled


@pytest.mark.parametrize(
    ("typed", "sendable"),
    [
        (" a@Herning.Example.org\u00a0", "a@herning.example.org"),
        ("A.b@herning.example.org", "A.b@herning.example.org"),
        ("a@ærø.example.org", "a@xn--r-3fa9c.example.org"),
        ("a@localhost", None),
        ("a@[127.0.0.1]", None),
        ("æ@herning.example.org", None),
        ("a@-herning.example.org", None),
        ("a@" + "b" * 64 + ".example.org", None),
        ("a\x00@herning.example.org", None),
    ],
)
def test_an_address_is_made_fit_for_sending(typed: str, sendable: str | None) -> None:
    assert addresses.sendable(typed) == sendable


def test_an_address_is_shown_with_its_own_letters() -> None:
    assert addresses.shown("a@xn--r-3fa9c.example.org") == "a@ærø.example.org"


@given(st.emails())
def test_what_can_be_sent_to_is_ascii_and_can_be_sent_to_again(typed: str) -> None:
    sendable = addresses.sendable(typed)

    if sendable is not None:
        assert sendable.isascii()
        assert addresses.sendable(sendable) == sendable
        assert addresses.domain(sendable) == addresses.domain(sendable).lower()
