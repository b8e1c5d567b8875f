"""The questions a coordinator may ask, and the answers that fit them."""

import json
from typing import Any

import pytest
from hypothesis import given, strategies as st

from shared.gatherings.needs import Needs, stated
from shared.gatherings.questions import (
    Condition,
    Given,
    Option,
    Question,
    QuestionKind,
    check,
    faults,
    from_form,
    shown,
    unanswered,
)
from shared.refusals import Invalid
from tests.support.data import DATA

LANGUAGES = ("da", "en")

TEXTS = [
    case
    for case in json.loads((DATA / "texts" / "danish-edge-cases.json").read_text(encoding="utf-8"))["cases"]
    if case["field"] == "free_text"
]


def a_question(id: str = "bus", kind: str = "yes_no", **more: Any) -> Question:
    options = tuple(Option(one, {"da": one.capitalize()}) for one in more.pop("options", ()))
    condition = Condition(*more.pop("shown_if")) if "shown_if" in more else None
    label = more.pop("label", {"da": "Kommer du med bussen?"})
    return Question(id=id, kind=QuestionKind(kind), label=label, options=options, shown_if=condition, **more)


BUS = a_question("bus", required=True)
STOP = a_question("stop", "choice", options=("herning", "ikast"), required=True, shown_if=("bus", ("yes",)))
WHERE = a_question("where", "text", required=True, shown_if=("stop", ("ikast",)))
TOPICS = a_question("topics", "choices", options=("maps", "birds", "air"))
TEXT = a_question("text", "text")

A_CHAIN = (BUS, STOP, WHERE)


def fields_at_fault(*questions: Question) -> list[str]:
    return [fault.field for fault in faults(questions, languages=LANGUAGES)]


def refused(questions: tuple[Question, ...], given: dict[str, Given], *, complete: bool = True) -> list[str]:
    with pytest.raises(Invalid) as raised:
        check(questions, given, complete=complete)
    return [fault.field for fault in raised.value.faults]


def test_good_questions_have_no_faults() -> None:
    assert fields_at_fault(*A_CHAIN, TOPICS, TEXT) == []


@pytest.mark.parametrize(
    ("question", "field"),
    [
        (a_question(label={"en": "By bus?"}), "label.da"),
        (a_question(label={"da": "Bus?", "fr": "Bus ?"}), "label.fr"),
        (a_question(kind="choice"), "options"),
        (a_question(kind="choices", options=("one",)), "options"),
        (a_question(kind="choice", options=("one", "one")), "options"),
        (a_question(kind="text", options=("one", "two")), "options"),
        (a_question(kind="choice", options=("one", "")), "options.1.label.da"),
        (a_question(shown_if=("bus", ("yes",))), "shown_if.question"),
        (a_question(shown_if=("nobody", ("yes",))), "shown_if.question"),
    ],
)
def test_what_is_wrong_is_named_by_its_place(question: Question, field: str) -> None:
    assert fields_at_fault(question) == [f"questions.0.{field}"]


@pytest.mark.parametrize(
    ("earlier", "condition", "field"),
    [
        (TEXT, ("text", ("yes",)), "shown_if.question"),
        (BUS, ("bus", ()), "shown_if.any_of"),
        (BUS, ("bus", ("perhaps",)), "shown_if.any_of"),
        (TOPICS, ("topics", ("maps", "fish")), "shown_if.any_of"),
    ],
)
def test_a_condition_is_on_answers_that_exist(earlier: Question, condition: Any, field: str) -> None:
    assert fields_at_fault(earlier, a_question("last", shown_if=condition)) == [f"questions.1.{field}"]


def test_a_condition_on_a_later_question_cannot_be_met() -> None:
    assert fields_at_fault(STOP, BUS) == ["questions.0.shown_if.question"]


def test_twenty_questions_are_enough() -> None:
    assert fields_at_fault(*(a_question(str(n)) for n in range(20))) == []
    assert fields_at_fault(*(a_question(str(n)) for n in range(21))) == ["questions"]


def test_two_questions_are_told_apart() -> None:
    assert fields_at_fault(a_question(), a_question()) == ["questions"]


@pytest.mark.parametrize(
    "words",
    [
        "Dit CPR-nummer",
        "Hvad er dit personnummer?",
        "Skriv cpr",
        "Personnr.",
        "Your civil registration number",
        "Hvilken fagforening er du medlem af?",
        "Er du medlem af et fagforbund?",
        "Er du fagligt organiseret?",
        "Hvilken a-kasse?",
        "Hvilken A kasse?",
        "Er du medlem af Bibliotekarforbundet?",
        "Er du medlem af HK?",
        "Er du medlem af BF?",
        "Er du HK'er?",
        "Er du organiseret?",
        "Fødselsdato og de sidste 4 cifre",
        "Hvilket forbund er du medlem af?",
        "Hvilken A-kasse har du",
        "Are you a union member?",
        "Your trade union",
        "Are you a member of a union?",
        "Unemployment insurance fund",
    ],
)
def test_nobody_is_asked_for_numbers_of_persons_or_for_unions(words: str) -> None:
    asked = a_question(label={"da": words})
    explained = a_question(help={"da": words})
    chosen = a_question(kind="choice", options=("yes", words))

    assert fields_at_fault(asked) == ["questions.0.label.da"]
    assert fields_at_fault(explained) == ["questions.0.help.da"]
    assert fields_at_fault(chosen) == ["questions.0.options.1.label.da"]


@pytest.mark.parametrize(
    "words",
    [
        "Is your library in a European Union member state?",
        "Er du faglig leder?",
        "Hvad forbinder du med mål 4?",
        "Er du medlem af en læsekreds?",
        "Hvordan er dagen organiseret hos jer?",
    ],
)
def test_other_words_may_be_used(words: str) -> None:
    assert fields_at_fault(a_question(label={"da": words})) == []


def test_answers_are_kept_tidy() -> None:
    answers = check(
        (BUS, TOPICS, TEXT),
        {"bus": False, "topics": ["birds", "maps", "birds"], "text": " Gerne \r\n\r\nved døren\r\n"},
        complete=True,
    )

    assert answers == {"bus": False, "topics": ("maps", "birds"), "text": "Gerne\n\nved døren"}


@pytest.mark.parametrize("empty", ["", []])
def test_nothing_is_no_answer(empty: Given) -> None:
    assert check((TOPICS, TEXT), {"topics": empty, "text": empty}, complete=True) == {}
    assert check((TEXT,), {"text": "  \n "}, complete=True) == {}
    assert refused((BUS,), {"bus": empty}) == ["answers.bus"]


def test_no_is_an_answer() -> None:
    assert check((BUS,), {"bus": False}, complete=True) == {"bus": False}


@pytest.mark.parametrize(
    ("question", "given"),
    [
        (BUS, "yes"),
        (BUS, ["yes"]),
        (STOP, "aarhus"),
        (STOP, ["ikast"]),
        (STOP, True),
        (TOPICS, "maps"),
        (TOPICS, ["maps", "fish"]),
        (TEXT, True),
        (TEXT, ["a"]),
        (TEXT, "x" * 1001),
        (TEXT, "bell \x07"),
    ],
)
def test_an_answer_fits_its_question(question: Question, given: Given) -> None:
    alone = Question(question.id, question.kind, question.label, options=question.options)

    assert refused((alone,), {question.id: given}) == [f"answers.{question.id}"]


def test_what_was_not_asked_is_refused() -> None:
    assert refused((TEXT,), {"colour": "blue"}) == ["answers.colour"]


@pytest.mark.parametrize("case", TEXTS, ids=lambda one: one["id"])
def test_difficult_texts(case: dict[str, Any]) -> None:
    if case["expected"] == "refused":
        assert refused((TEXT,), {"text": case["text"]}) == ["answers.text"]
    else:
        assert check((TEXT,), {"text": case["text"]}, complete=True) == {"text": case["text"]}


@pytest.mark.parametrize("text", ["010190-1234", "Jeg er 2902041234.", "cpr 311299 0000", "3112990000", "311299–0000"])
def test_a_civil_registration_number_is_not_kept(text: str) -> None:
    assert refused((TEXT,), {"text": text}) == ["answers.text"]
    with pytest.raises(Invalid) as raised:
        stated("", text)
    assert [fault.field for fault in raised.value.faults] == ["needs.accommodation"]


@pytest.mark.parametrize("text", ["320190-1234", "290203-1234", "+45 33 12 34 56", "5790000000005", "01-01-2027"])
def test_other_numbers_are_just_numbers(text: str) -> None:
    assert check((TEXT,), {"text": text}, complete=True) == {"text": text}


def test_what_is_not_shown_is_dropped_even_at_the_end_of_a_chain() -> None:
    given: dict[str, Given] = {"bus": False, "stop": "ikast", "where": "Ved kirken"}

    assert check(A_CHAIN, given, complete=True) == {"bus": False}


def test_an_answer_at_fault_is_named_once_and_asks_for_no_more() -> None:
    assert refused(A_CHAIN, {"bus": True, "stop": "aarhus"}) == ["answers.stop"]


def test_who_fills_in_for_another_may_leave_out_what_only_the_other_knows() -> None:
    assert check(A_CHAIN, {"bus": True}, complete=False) == {"bus": True}
    assert refused(A_CHAIN, {"bus": True}) == ["answers.stop"]


def test_what_is_still_to_be_answered() -> None:
    assert unanswered(A_CHAIN, {}) == (BUS,)
    assert unanswered(A_CHAIN, {"bus": True}) == (STOP,)
    assert unanswered(A_CHAIN, {"bus": True, "stop": "herning"}) == ()
    assert unanswered((TOPICS, TEXT), {}) == ()


def test_an_old_answer_to_what_is_hidden_by_now_shows_nothing_further() -> None:
    assert shown(A_CHAIN, {"bus": False, "stop": "ikast"}) == (BUS,)


def test_a_form_says_the_same_as_json() -> None:
    fields = {"q-bus": ["yes"], "q-stop": ["ikast"], "q-where": [""], "q-topics": ["air", "maps"], "name": ["x"]}

    given = from_form((*A_CHAIN, TOPICS), fields)

    assert given == {"bus": True, "stop": "ikast", "topics": ["air", "maps"]}


def test_each_person_of_a_group_has_fields_of_their_own() -> None:
    assert from_form((BUS,), {"p0-q-bus": ["yes"], "p1-q-bus": ["no"]}, prefix="p1-") == {"bus": False}


def test_a_form_cannot_say_perhaps() -> None:
    assert refused((BUS,), from_form((BUS,), {"q-bus": ["perhaps"]})) == ["answers.bus"]


def test_needs_are_optional_and_tidy() -> None:
    assert stated(" ", "") is None
    assert stated("Vegetar ", "") == Needs("Vegetar", "")
    with pytest.raises(Invalid) as raised:
        stated("x" * 501, "\x00")
    assert [fault.field for fault in raised.value.faults] == ["needs.diet", "needs.accommodation"]


IDS = ("a", "b", "c", "d")
OPTIONS = ("one", "two")


@st.composite
def good_questions(draw: st.DrawFn) -> tuple[Question, ...]:
    """Questions without faults, some of them shown only after certain answers."""
    made: list[Question] = []
    for id in IDS[: draw(st.integers(1, len(IDS)))]:
        kind = draw(st.sampled_from(QuestionKind))
        more: dict[str, Any] = {"options": OPTIONS} if kind.has_options else {}
        earlier = [one for one in made if one.choices]
        depends = draw(st.booleans())
        if earlier and depends:
            on = draw(st.sampled_from(earlier))
            any_of = draw(st.lists(st.sampled_from(on.choices), min_size=1, unique=True))
            more["shown_if"] = (on.id, tuple(any_of))
        made.append(a_question(id, kind, required=draw(st.booleans()), **more))
    return tuple(made)


ANSWERS = st.dictionaries(
    st.sampled_from(IDS),
    st.one_of(
        st.booleans(),
        st.sampled_from((*OPTIONS, "")),
        st.lists(st.sampled_from(OPTIONS)),
        st.text(max_size=20),
    ),
)


@given(good_questions(), ANSWERS, st.booleans())
def test_what_is_kept_is_shown_complete_and_checked_once_for_all(
    questions: tuple[Question, ...], given: dict[str, Given], complete: bool
) -> None:
    assert not list(faults(questions, languages=LANGUAGES))
    try:
        kept = check(questions, given, complete=complete)
    except Invalid as invalid:
        assert {fault.field for fault in invalid.faults} <= {f"answers.{id}" for id in IDS}
        return

    assert set(kept) <= {question.id for question in shown(questions, kept)}
    assert not (complete and unanswered(questions, kept))
    again = {id: list(answer) if isinstance(answer, tuple) else answer for id, answer in kept.items()}
    assert check(questions, again, complete=complete) == kept
