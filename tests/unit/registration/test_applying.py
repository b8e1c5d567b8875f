"""What is filled in, and what it has to be."""

import json
from typing import Any

import pytest
from hypothesis import given, strategies as st

from shared import addresses
from shared.gatherings.model import Gathering, Mode, Place
from shared.gatherings.needs import Needs
from shared.gatherings.questions import Question, QuestionKind
from shared.refusals import Fault, Invalid
from shared.registration.applying import (
    Application,
    Booking,
    Checked,
    check,
    check_group,
    domain_key,
    general_pools,
    numbered,
    sameness,
    tidy,
)
from shared.registration.model import Invoice
from shared.registration.service import keyed
from tests.support.builders import a_published_gathering, a_session, an_application, applicants
from tests.support.data import DATA
from tests.support.programmes import a_round

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
    "T10": "Write the name.",
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


def checked(application: Application, gathering: Gathering | None = None, **given: Any) -> Checked:
    defaults: dict[str, Any] = {"email": addresses.sendable(application.email), "knows": True, "complete": True}
    return check(application, gathering or a_published_gathering(), **(defaults | given))


def faults(application: Application, gathering: Gathering | None = None, **given: Any) -> list[tuple[str, str]]:
    try:
        checked(application, gathering, **given)
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
        kept = getattr(checked(application), case["field"])
        assert kept == KEPT.get(case["id"], text)


@pytest.mark.parametrize("case", [case for case in CASES if case["field"] == "free_text"], ids=lambda one: one["id"])
def test_difficult_references(case: dict[str, Any]) -> None:
    # The only free text there is yet is of one line.
    gathering = a_published_gathering(asks_invoice_reference=True)
    application = an_application(gln="5790000000005", reference=case["text"].replace("\n", " ")[:80])

    assert fields(application, gathering) == (["reference"] if case["expected"] == "refused" else [])


def test_the_longest_name_is_told() -> None:
    with pytest.raises(Invalid) as refused:
        checked(an_application(name="x" * 121))

    [fault] = refused.value.faults
    assert fault.values == {"limit": 120}
    assert checked(an_application(name="x" * 120)).name == "x" * 120


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Write the work e-mail address."),
        ("  ", "Write the work e-mail address."),
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
        ({"name": "Åse Ærø 010190-1234"}, {}, ["name"]),
        ({"library": ""}, {}, ["library"]),
        ({}, {"knows": False}, ["library"]),
        ({"role": ""}, {}, ["role"]),
        ({"role": "STAFF"}, {}, ["role"]),
        ({"role": "leader"}, {}, []),
        ({"sessions": ("one",)}, {}, []),
        ({"sessions": ()}, {}, ["sessions"]),
        ({"sessions": ("other",)}, {}, ["sessions", "sessions"]),
        ({"gln": "5790000000005"}, {}, ["gln"]),
        ({"reference": "Konto 17"}, {}, ["gln"]),
        ({"name": "", "email": "", "library": "", "role": ""}, {}, ["name", "email", "library", "role"]),
    ],
)
def test_every_fault_names_its_field(changes: dict[str, Any], given: dict[str, Any], expected: list[str]) -> None:
    assert fields(an_application(**changes), **given) == expected


@pytest.mark.parametrize(("reference", "expected"), [("010190-1234", ["reference"]), ("0101901234", [])])
def test_a_reference_may_be_a_number_of_ten_digits_but_not_one_of_a_person(reference: str, expected: list[str]) -> None:
    gathering = a_published_gathering(asks_invoice_reference=True)

    assert fields(an_application(reference=reference), gathering) == expected


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
    assert checked(an_application(reference=" x  y "), gathering).invoice == Invoice("", "x y")


MEMBERS = (
    a_session(),
    a_session("2026-10-06T09:00", id="two"),
    a_session("2026-10-07T09:00", id="a", choose_one_of="spor"),
    a_session("2026-10-07T09:00", id="b", choose_one_of="spor"),
    a_session("2026-10-08T09:00", id="c", choose_one_of="time"),
    a_session("2026-10-08T12:00", id="d", choose_one_of="time"),
)


@pytest.mark.parametrize("choose", [True, False])
@given(wanted=st.sets(st.sampled_from(("one", "two", "a", "b", "c", "d"))))
def test_sessions_are_all_that_are_no_choice_and_one_of_each_that_is(choose: bool, wanted: set[str]) -> None:
    gathering = a_published_gathering(sessions=MEMBERS, choose_sessions=choose)
    one_of_each = len(wanted & {"a", "b"}) == len(wanted & {"c", "d"}) == 1
    good = one_of_each and (choose or {"one", "two"} <= wanted)

    found = fields(an_application(sessions=tuple(wanted)), gathering)

    assert set(found) == (set() if good else {"sessions"})
    if good:
        chosen = checked(an_application(sessions=tuple(wanted)), gathering).sessions
        assert chosen == tuple(session.id for session in MEMBERS if session.id in wanted)


def test_who_says_nothing_of_sessions_comes_to_all_that_are_no_choice() -> None:
    gathering = a_published_gathering(sessions=MEMBERS[:2], choose_sessions=True)

    assert checked(an_application(), gathering).sessions == ("one", "two")


HERNING = Place("Herning Bibliotek", "Østergade 8")
ON_SITE: dict[str, Any] = {"place": HERNING, "online_link": None}
TWO_DAYS = (a_session(), a_session("2026-10-06T09:00", id="two"))
MIXED: dict[str, Any] = {"place": HERNING, "sessions": TWO_DAYS}
HYBRID: dict[str, Any] = {"place": HERNING}


@pytest.mark.parametrize(
    ("gathering", "typed", "mode"),
    [
        ({}, "", Mode.ONLINE),
        ({}, "online", Mode.ONLINE),
        ({}, "on_site", None),
        (ON_SITE, "", Mode.ON_SITE),
        (ON_SITE, "online", None),
        (MIXED, "", Mode.ON_SITE),
        (HYBRID, "", None),
        (HYBRID, "on_site", Mode.ON_SITE),
        (HYBRID, "online", Mode.ONLINE),
        (HYBRID, "by_boat", None),
    ],
)
def test_how_somebody_takes_part_is_said_where_there_is_a_choice(
    gathering: dict[str, Any], typed: str, mode: Mode | None
) -> None:
    planned, application = a_published_gathering(**gathering), an_application(mode=typed)

    if mode is None:
        assert fields(application, planned) == ["mode"]
    else:
        assert checked(application, planned).mode is mode


def test_needs_are_taken_where_they_are_asked_for() -> None:
    application = an_application(diet=" Vegetar ", accommodation="")

    assert checked(application, a_published_gathering(asks_needs=True)).needs == Needs("Vegetar", "")
    assert fields(application) == ["needs.diet"]


def test_a_required_answer_may_wait_where_somebody_else_fills_in() -> None:
    question = Question("q", QuestionKind.TEXT, {"da": "Hvorfor?"}, required=True)
    gathering = a_published_gathering(questions=(question,))

    assert fields(an_application(), gathering) == ["answers.q"]
    assert fields(an_application(), gathering, complete=False) == []
    assert checked(an_application(answers={"q": " Derfor "}), gathering).answers == {"q": "Derfor"}


@pytest.mark.parametrize(
    ("people", "faulty"),
    [
        ([], ["participants"]),
        (applicants(1), []),
        (applicants(25), []),
        (applicants(26), ["participants"]),
        ([an_application(), an_application()], ["participants.1.name"]),
        ([an_application(), an_application(name="En anden")], []),
        ([an_application(), an_application(email="anden@herning.example.org")], []),
        ([*applicants(2), an_application(email=" DELTAGER1@herning.example.org")], ["participants.2.name"]),
    ],
)
def test_a_group_is_of_one_to_twenty_five_different_people(people: list[Application], faulty: list[str]) -> None:
    try:
        check_group(Booking(tuple(people), "da"))
    except Invalid as invalid:
        assert [fault.field for fault in invalid.faults] == faulty
    else:
        assert faulty == []


def test_reserved_seats_come_before_those_for_everybody() -> None:
    rounds = (a_round("first", reserved_seats=2), a_round("second"), a_round("third", reserved_seats=1))

    assert general_pools(rounds) == ("round-first", "round-third", "whole")
    assert general_pools(()) == ("whole",)


def test_a_persons_faults_are_named_by_the_place_on_the_form() -> None:
    assert [fault.field for fault in numbered((Fault("name", "x"), Fault("answers.q", "y")), 7)] == [
        "participants.7.name",
        "participants.7.answers.q",
    ]


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


def test_however_many_domains_are_invented_they_are_counted_under_a_few_thousand_keys() -> None:
    secret = keyed(b"guard key")
    invented = {domain_key(f"{number}.example.net", secret) for number in range(20_000)}

    assert len(invented) <= 4096
    assert {len(key) for key in invented} == {3}
    assert domain_key("herning.example.org", secret) == domain_key("herning.example.org", secret)
