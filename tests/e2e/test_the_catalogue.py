"""Recordings become pages that anybody can read, and that go on answering when nothing else does."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from itertools import count
from typing import Any, Final

import pytest

from tests.support.deployed import Deployed
from tests.support.inbox import eventually

VTT: Final = "WEBVTT\n\n00:01.000 --> 00:04.000\nGodmorgen og velkommen til biernes bibliotek.\n"
_numbers: Iterator[int] = count(1)


def a_webinar(**changes: Any) -> dict[str, Any]:
    return {
        "title": {"da": f"Optagelse {next(_numbers)} om bier", "en": "A recording about bees"},
        "held_on": "2026-06-03",
        "spoken": "da",
        "link": "https://video.example.org/bier",
        "alternative": {"da": "Alt, der vises, bliver sagt."},
        "consent_on": "2026-06-03",
        "themes": ["citizen-science"],
        "goals": [15],
        "review_on": (date.today() + timedelta(days=365)).isoformat(),
        **changes,
    }


def edit(deployed: Deployed, method: str, path: str, body: object = None, *, role: str = "editor") -> dict[str, Any]:
    answer = deployed.coordinate(method, path, body, role=role)
    assert answer.is_success, answer.text
    given: dict[str, Any] = answer.json()
    return given


def published(deployed: Deployed, **changes: Any) -> dict[str, Any]:
    draft = edit(deployed, "POST", "/webinars", a_webinar(**changes))
    edit(deployed, "POST", f"/webinars/{draft['id']}/captions", {"language": "da", "text": VTT})
    return edit(deployed, "POST", f"/webinars/{draft['id']}/publish")


def says(deployed: Deployed, path: str, words: str) -> bool:
    answer = deployed.web.get(path)
    return answer.status_code == 200 and words in answer.text


def themed(deployed: Deployed, name: str) -> str:
    theme = edit(deployed, "POST", "/themes", {"name": {"da": f"{name} {next(_numbers)}"}}, role="coordinator")
    return str(theme["slug"])


@pytest.fixture
def webinar(deployed: Deployed) -> dict[str, Any]:
    made = published(deployed, themes=[themed(deployed, "Bier")])
    eventually(lambda: says(deployed, "/webinarer/", made["title"]["da"]), "place in the list")
    return made


def test_what_is_published_is_found_in_both_languages_and_in_every_list_it_belongs_to(
    deployed: Deployed, webinar: dict[str, Any]
) -> None:
    address, title = f"/webinarer/{webinar['slug']}", webinar["title"]["da"]

    assert says(deployed, address, "biernes bibliotek")
    assert says(deployed, f"/en{address}", "A recording about bees")
    for path in (f"/temaer/{webinar['themes'][0]}", "/webinarer/maal/15"):
        assert says(deployed, path, title), path


def test_what_is_hidden_says_so_and_is_in_no_list(deployed: Deployed, webinar: dict[str, Any]) -> None:
    edit(deployed, "POST", f"/webinars/{webinar['id']}/hide", {"because": {"da": "Oplysningerne er forældede."}})

    eventually(lambda: says(deployed, f"/webinarer/{webinar['slug']}", "Oplysningerne er forældede."), "page")
    eventually(lambda: not says(deployed, "/webinarer/", webinar["title"]["da"]), "end of its place in the list")


def test_a_theme_that_is_renamed_is_so_on_every_page(deployed: Deployed) -> None:
    theme = themed(deployed, "Biernes verden")
    webinar = published(deployed, themes=[theme])
    eventually(lambda: says(deployed, f"/temaer/{theme}", webinar["title"]["da"]), "page of the theme")

    name = {"da": "Humlebiernes verden"}
    edit(deployed, "PATCH", f"/themes/{theme}", {"version": 1, "name": name}, role="coordinator")

    for path in (f"/webinarer/{webinar['slug']}", f"/temaer/{theme}"):
        eventually(partial(says, deployed, path, name["da"]), f"name on {path}")


def test_what_is_not_there_has_a_page_of_ours(deployed: Deployed) -> None:
    for path, language in (("/webinarer/findes-ikke", "da"), ("/en/temaer/findes-ikke", "en")):
        answer = deployed.web.get(path)

        assert (answer.status_code, answer.headers["Content-Language"]) == (404, language)
        assert "DB2030" in answer.text


def test_pages_answer_when_the_api_and_the_table_do_not(deployed: Deployed, webinar: dict[str, Any]) -> None:
    with deployed.denied("web"):
        assert deployed.web.get("/arrangementer/").status_code >= 500, "the API is there after all"

        for path in ("/webinarer/", f"/webinarer/{webinar['slug']}", "/en/webinarer/", "/webinarer/maal/15"):
            assert deployed.web.get(path).status_code == 200, path
