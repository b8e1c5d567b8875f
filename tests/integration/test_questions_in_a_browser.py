"""Questions in a browser: with the script only those that apply, without it all, with words that say for whom."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from chalicelib import templating
from chalicelib.forms.questions import Editor
from chalicelib.wire_questions import editable
from infra.build import assets, catalogues
from shared import i18n, network
from shared.gatherings.questions import Condition, Option, Question, QuestionKind
from tests.support.preview import browser, violations

NETWORK = network.load()

QUESTIONS = (
    Question("bus", QuestionKind.YES_NO, {"en": "By bus?"}, required=True),
    Question(
        "stop",
        QuestionKind.CHOICE,
        {"en": "Which stop?"},
        options=(Option("herning", {"en": "Herning"}), Option("ikast", {"en": "Ikast"})),
        shown_if=Condition("bus", ("yes",)),
    ),
    Question("where", QuestionKind.TEXT, {"en": "Where in Ikast?"}, shown_if=Condition("stop", ("ikast",))),
)

PAGE = """{% extends 'base.html' %}
{% from 'questions.html' import ask, ask_needs, edit with context %}
{% block scripts %}<script type="module" src="{{ asset('questions.js') }}"></script>{% endblock %}
{% block main %}<div class="container"><h1>Questions</h1><form>"""
END = "</form></div>{% endblock %}"

ASKING = "{{ ask(questions, {}) }}{{ ask_needs({'diet': '', 'accommodation': ''}, '8 October 2026') }}"
EDITING = "{{ edit(editor) }}"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    catalogues.compile_all()
    assets.build()
    with browser() as chromium:
        yield chromium


def shown(chromium: Browser, form: str, **options: Any) -> Page:
    voice = i18n.voice("en", NETWORK.languages, NETWORK.time_zone)
    given = {
        "questions": QUESTIONS,
        "editor": Editor([editable(question) for question in QUESTIONS]),
        "voice": voice,
        "network": NETWORK,
        "path": "/",
        "indexed": False,
        "_": voice.say,
        "ngettext": voice.count,
    }
    html = templating.environment().from_string(PAGE + form + END).render(given)

    def answer(route: Route) -> None:
        if "/assets/" in route.request.url:
            route.fulfill(path=assets.BUILT / route.request.url.rsplit("/", 1)[1])
        else:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")

    page = chromium.new_page(**options)
    page.route("**/*", answer)
    page.goto("http://tovholder.example.org/")
    return page


def visible(page: Page) -> list[str]:
    words = page.locator("legend:visible, label:visible").all_inner_texts()
    return [one for question in QUESTIONS for one in [question.label["en"]] if any(one in said for said in words)]


def test_a_question_shows_when_the_answer_it_depends_on_is_given(chromium: Browser) -> None:
    page = shown(chromium, ASKING)
    assert visible(page) == ["By bus?"]

    page.get_by_text("Yes", exact=True).click()
    assert visible(page) == ["By bus?", "Which stop?"]

    page.get_by_text("Ikast", exact=True).click()
    assert visible(page) == ["By bus?", "Which stop?", "Where in Ikast?"]

    page.get_by_text("No", exact=True).click()
    assert visible(page) == ["By bus?"]


def test_without_the_script_all_are_shown_with_whom_they_are_for(chromium: Browser) -> None:
    page = shown(chromium, ASKING, java_script_enabled=False)

    assert len(visible(page)) == 3
    expect(page.get_by_text("only if you answered “Yes” to “By bus?”")).to_be_visible()


@pytest.mark.parametrize("form", [ASKING, EDITING], ids=["asking", "editing"])
def test_questions_are_for_everybody(chromium: Browser, form: str) -> None:
    page = shown(chromium, form, viewport={"width": 320, "height": 256})

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_editor_asks_for_answers_only_where_there_are_several(chromium: Browser) -> None:
    page = shown(chromium, EDITING)
    options = page.locator("#question-0-options-en")
    expect(options).to_be_hidden()

    page.locator("#question-0-kind").select_option("choices")

    expect(options).to_be_visible()
