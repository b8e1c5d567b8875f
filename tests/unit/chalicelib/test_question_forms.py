"""Forms that ask, and the form in which a coordinator writes what to ask."""

from html.parser import HTMLParser
from itertools import count
from typing import Any

import pytest
from hypothesis import given, strategies as st
from pydantic import ValidationError

from chalicelib import templating
from chalicelib.forms.questions import Editor, field_of, needs_from_form, pressed, questions_from_form
from chalicelib.wire_questions import QuestionBody, editable
from infra.build import catalogues
from shared import i18n, network
from shared.gatherings.questions import (
    Answer,
    Condition,
    Option,
    Question,
    QuestionKind,
    check,
    faults,
    from_form,
)
from shared.refusals import Fault, Invalid

LANGUAGES = ("da", "en")
NETWORK = network.load()

BUS = Question("bus", QuestionKind.YES_NO, {"da": "Kommer du med bussen?", "en": "By bus?"}, required=True)
STOP = Question(
    "stop",
    QuestionKind.CHOICE,
    {"da": "Hvor står du på?"},
    help={"da": "Bussen venter ikke."},
    options=(Option("herning", {"da": "Herning"}), Option("ikast", {"da": "Ikast <by>", "en": "Ikast town"})),
    shown_if=Condition("bus", ("yes",)),
)
TOPICS = Question(
    "topics",
    QuestionKind.CHOICES,
    {"da": "Emner"},
    options=(Option("air", {"da": "Luft"}), Option("sea", {"da": "Hav"})),
)
TEXT = Question("text", QuestionKind.TEXT, {"da": "Andet?"}, shown_if=Condition("stop", ("herning", "ikast")))
ALL = (BUS, STOP, TOPICS, TEXT)


@pytest.fixture(autouse=True, scope="module")
def _catalogues() -> None:
    catalogues.compile_all()


class Fields(HTMLParser):
    """The fields of a form as a browser would send them, its ids, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self.ids: list[str] = []
        self.described: list[str] = []
        self.text = ""
        self._within: str | None = None
        self._select: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if "id" in given:
            self.ids.append(given["id"])
        self.described += given.get("aria-describedby", "").split()
        match tag:
            case "input" if given["type"] not in ("radio", "checkbox") or "checked" in given:
                self._send(given["name"], given["value"])
            case "textarea":
                self._within = given["name"]
                self._send(given["name"], "")
            case "select":
                self._select = given["name"]
            case "option" if "selected" in given and self._select:
                self._send(self._select, given["value"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._within:
            # A browser drops the first line break.
            self.sent[self._within] = [self.sent[self._within][0].removeprefix("\n")]
            self._within = None

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._within:
            self.sent[self._within][0] += data

    def _send(self, name: str, value: str) -> None:
        self.sent.setdefault(name, []).append(value)


def rendered(call: str, language: str = "da", **given: Any) -> Fields:
    voice = i18n.voice(language, NETWORK.languages, NETWORK.time_zone)
    template = templating.environment().from_string(
        "{% from 'questions.html' import ask, ask_needs, answered, edit with context %}{{ " + call + " }}"
    )
    html = template.render(given, voice=voice, network=NETWORK, _=voice.say, ngettext=voice.count)
    fields = Fields(html)
    assert len(fields.ids) == len(set(fields.ids))
    assert set(fields.described) <= set(fields.ids)
    return fields


@pytest.mark.parametrize("prefix", ["", "p3-"])
def test_a_form_shows_what_was_answered(prefix: str) -> None:
    answers: dict[str, Answer] = {"bus": True, "stop": "ikast", "topics": ("air", "sea"), "text": "\nTak\nfor <turen>"}

    fields = rendered("ask(questions, given, prefix=prefix)", questions=ALL, given=answers, prefix=prefix)

    given = from_form(ALL, fields.sent, prefix)
    assert check(ALL, given, complete=True) == {**answers, "text": "Tak\nfor <turen>"}


def test_an_empty_form_answers_nothing() -> None:
    assert from_form(ALL, rendered("ask(questions, {})", questions=ALL).sent) == {}


def test_a_form_says_whom_a_question_is_for() -> None:
    words = " ".join(rendered("ask(questions, {})", "en", questions=ALL).text.split())

    assert "Hvor står du på? (optional) only if you answered “Yes” to “By bus?” Bussen venter ikke." in words
    assert "Andet? (optional) only if you answered “Herning or Ikast town” to “Hvor står du på?”" in words


@pytest.mark.parametrize(
    ("person", "prefix", "fault_prefix"), [("", "", ""), ("participants.2.", "p2-", "participants.2.")]
)
def test_what_is_wrong_stands_at_its_question(person: str, prefix: str, fault_prefix: str) -> None:
    wrong = (Fault(f"{person}answers.stop", "Answer this question."), Fault("answers.other", "Never said."))

    call = "ask(questions, {}, wrong, prefix, fault_prefix)"
    fields = rendered(call, "en", questions=ALL, wrong=wrong, prefix=prefix, fault_prefix=fault_prefix)

    assert fields.text.count("Answer this question.") == 1
    assert "Never said." not in fields.text
    assert field_of(wrong[0].field) == f"{prefix}q-stop"
    assert field_of(wrong[0].field) in fields.ids


def test_other_faults_are_of_other_fields() -> None:
    assert field_of("participants.0.needs.diet") == "p0-needs-diet"
    assert field_of("needs.accommodation") == "needs-accommodation"
    assert field_of("email") is None
    assert field_of("participants.0.email") is None


def test_needs_come_back_as_they_were_typed() -> None:
    typed = {"diet": "Ingen nødder\n", "accommodation": ""}

    wrong = (Fault("participants.1.needs.diet", "This must be a text."),)
    call = "ask_needs(typed, '8. oktober 2026', faults, prefix='p1-', fault_prefix='participants.1.')"
    fields = rendered(call, typed=typed, faults=wrong)

    assert needs_from_form(fields.sent, "p1-") == typed
    assert "8. oktober 2026" in fields.text
    assert "p1-needs-diet-error" in fields.ids


def test_answers_can_be_read() -> None:
    answers: dict[str, Answer] = {"bus": False, "stop": "ikast", "topics": ("air", "sea"), "text": "a\nb"}

    words = rendered("answered(questions, answers)", "en", questions=ALL, answers=answers).text.split("\n")

    assert [word.strip() for word in words if word.strip()] == [
        *("By bus?", "No", "Hvor står du på?", "Ikast town", "Emner", "Luft, Hav", "Andet?", "ab")
    ]


def edited(questions: list[dict[str, Any]], *wrong: Fault) -> Fields:
    return rendered("edit(editor)", editor=Editor(questions, wrong))


def test_the_editor_gives_back_what_it_was_given() -> None:
    questions = [editable(question) for question in ALL]

    assert questions_from_form(edited(questions).sent, languages=LANGUAGES) == questions


def test_json_becomes_the_question_and_back() -> None:
    for question in ALL:
        assert QuestionBody.model_validate(editable(question)).to_domain() == question


def test_ids_are_made_where_they_are_left_out() -> None:
    options = [{"label": {"da": "Ja tak"}}, {"label": {"da": "Nej tak"}}]

    question = QuestionBody.model_validate(
        {"kind": "choice", "label": {"da": "Kaffe?"}, "options": options}
    ).to_domain()

    assert len({question.id, *(option.id for option in question.options)}) == 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "number"},
        {"id": "Not an id"},
        {"label": {"dansk": "Hej"}},
        {"label": {"da": "x" * 501}},
        {"colour": "red"},
        {"shown_if": {"question": "bus", "any_of": []}},
    ],
)
def test_json_of_another_shape_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        QuestionBody.model_validate({"kind": "text", "label": {"da": "Hej?"}} | wrong)


def test_faults_stand_where_they_belong() -> None:
    questions = [editable(BUS), editable(STOP)]
    wrong = Fault("questions.1.options.1.label.da", "Write what can be chosen.")

    editor = Editor(questions, (wrong, Fault("questions", "Two questions have the same id.")))

    assert editor.faults_of(1, "options") == (wrong,)
    assert editor.faults_of(0, "options") == editor.faults_of(1, "label") == ()
    assert [fault.message for fault in editor.faults_of_all] == ["Two questions have the same id."]
    assert {"question-1-options-da-error", "questions-error"} <= set(edited(questions, *editor.faults).ids)


def press(button: str, questions: list[dict[str, Any]]) -> list[str] | None:
    numbers = count(1)
    after = pressed(button, questions, new_id=lambda: f"new-{next(numbers)}")
    return None if after is None else [question["id"] for question in after]


@pytest.mark.parametrize(
    ("button", "ids"),
    [
        ("question-add", ["bus", "stop", "topics", "new-1"]),
        ("question-remove-1", ["bus", "topics"]),
        ("question-up-1", ["stop", "bus", "topics"]),
        ("question-up-0", ["bus", "stop", "topics"]),
        ("question-down-1", ["bus", "topics", "stop"]),
        ("question-down-2", ["bus", "stop", "topics"]),
        ("question-down-9", ["bus", "stop", "topics"]),
        ("save", None),
        ("question-paint-1", None),
    ],
)
def test_the_editors_buttons_need_no_script(button: str, ids: list[str] | None) -> None:
    assert press(button, [editable(question) for question in (BUS, STOP, TOPICS)]) == ids


def test_a_new_question_can_be_filled_in() -> None:
    [question] = pressed("question-add", [], new_id=lambda: "new") or []
    fields = edited([question]).sent | {"question-0-kind": ["choice"], "question-0-label-da": [" Kaffe? "]}
    fields["question-0-options-da"] = ["Med mælk\r\n\r\nUden\r\n"]
    fields["question-0-options-en"] = ["\r\nBlack\r\nSomething else"]

    [read] = questions_from_form(fields, languages=LANGUAGES)

    assert read["label"] == {"da": "Kaffe?"}
    assert read["options"] == [
        {"id": "med-maelk", "label": {"da": "Med mælk"}},
        {"id": "uden", "label": {"da": "Uden", "en": "Black"}},
        {"id": "option", "label": {"en": "Something else"}},
    ]


def options(lines: str) -> list[str]:
    fields = edited([editable(TOPICS)]).sent | {"question-0-options-da": [lines], "question-0-options-en": [""]}
    [read] = questions_from_form(fields, languages=LANGUAGES)
    return [option["id"] for option in read["options"]]


def test_an_answer_keeps_its_id_when_others_come_or_go() -> None:
    assert options("Luft\nHav") == ["air", "sea"]
    assert options("Hav\nLuft") == ["sea", "air"]
    assert options("Jord\nLuft\nHav") == ["jord", "air", "sea"]
    assert options("Hav") == ["sea"]


def test_an_answer_that_is_reworded_in_its_place_is_the_same() -> None:
    assert options("Luften\nHav") == ["air", "sea"]
    assert options("Luften\nHavet") == ["air", "sea"]
    assert options("Hav\nVand") != ["sea", "sea"]


def test_the_same_words_twice_are_refused_by_the_rules() -> None:
    [read] = questions_from_form(
        edited([editable(TOPICS)]).sent | {"question-0-options-da": ["Luft\nLuft"]}, languages=LANGUAGES
    )

    found = faults([QuestionBody.model_validate(read).to_domain()], languages=LANGUAGES)

    assert [fault.field for fault in found] == ["questions.0.options"]


def test_answers_of_two_questions_cannot_decide_together() -> None:
    fields = edited([editable(question) for question in ALL]).sent
    fields["question-3-if"] = ["bus:yes", "stop:ikast"]

    questions = [
        QuestionBody.model_validate(read).to_domain() for read in questions_from_form(fields, languages=LANGUAGES)
    ]

    assert [fault.field for fault in faults(questions, languages=LANGUAGES)] == ["questions.3.shown_if.any_of"]


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=60), max_size=8))
def test_whatever_the_answers_are_called_they_get_ids_that_the_api_takes(labels: list[str]) -> None:
    fields = {
        "question-0-id": ["one"],
        "question-0-kind": ["choice"],
        "question-0-label-da": ["?"],
        "question-0-options-da": ["\n".join(labels)],
    }

    [read] = questions_from_form(fields, languages=["da"])

    question = QuestionBody.model_validate(read).to_domain()
    kept = dict(zip((option.id for option in question.options), question.options, strict=True))
    assert len(kept) == len(question.options)


def test_refused_answers_are_named_as_fields() -> None:
    with pytest.raises(Invalid) as raised:
        check(ALL, {"bus": "perhaps"}, complete=True)

    assert [field_of(fault.field) for fault in raised.value.faults] == ["q-bus"]
