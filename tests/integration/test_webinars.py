"""Webinars by page and by API: from draft to what everybody sees, and what stops them on the way."""

import json
import re
from datetime import timedelta
from html import unescape
from typing import Any, Final

import pytest

from shared.bootstrap import webinars as workshop
from shared.roles import Role
from shared.webinars.model import State
from shared.webinars.service import Editing, settle_due
from tests.support.api_gateway import Answer
from tests.support.builders import NOW, a_gathering, a_ready_webinar, a_session
from tests.support.data import DATA
from tests.support.forms import Page
from tests.support.site import Site

API: Final = "/api/v1/coordinator/webinars"
PATH: Final = "/en/tovholder/webinarer"
TRANSCRIPTS: Final = DATA / "transcripts"

DRAFT: Final = {"title": {"da": "Fremtidens bibliotek"}, "held_on": "2026-06-03", "spoken": "da"}
READY: Final = {
    "link": "https://video.example.org/fremtiden",
    "alternative": {"da": "Alt, der vises, bliver sagt."},
    "consent_on": "2026-06-03",
    "themes": ["citizen-science"],
    "review_on": "2027-06-03",
}


def drafted(site: Site, **more: Any) -> dict[str, Any]:
    answer = site.post(API, {**DRAFT, **more})
    assert answer.status == 201, answer.text
    webinar: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"{API}/{webinar['id']}"
    return webinar


def patch(site: Site, id: str, **changes: Any) -> Answer:
    return site.send("PATCH", f"{API}/{id}", json.dumps(changes).encode(), {"content-type": "application/json"})


def captioned(site: Site, id: str, file: str = "zoom-da-numbered.vtt", language: str = "da") -> Answer:
    text = (TRANSCRIPTS / file).read_text(encoding="utf-8-sig")
    return site.post(f"{API}/{id}/captions", {"language": language, "text": text})


def shown(answer: Answer) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def kind(answer: Answer) -> str:
    return str(answer.json()["type"]).rpartition(":")[2]


def test_a_webinar_goes_from_draft_to_everybody_and_back(editor: Site) -> None:
    webinar = drafted(editor)
    assert webinar["slug"] == "fremtidens-bibliotek"
    assert webinar["missing"] == ["recording", "captions", "alternative.da", "consent_on", "themes", "review_on"]

    early = editor.post(f"{API}/{webinar['id']}/publish")
    assert (early.status, [one["field"] for one in early.json()["errors"]]) == (422, webinar["missing"])

    ready = patch(editor, webinar["id"], version=1, **READY).json()
    assert (ready["missing"], ready["version"]) == (["captions"], 2)
    complete = captioned(editor, webinar["id"]).json()
    assert (complete["missing"], complete["captions"]) == ([], [{"language": "da", "until": 5_464_000}])
    said = [one["detail"] for one in complete["doubts"]]
    assert any("Koordinator" in one for one in said), "whoever sends a file is told which names are taken out"

    published = editor.post(f"{API}/{webinar['id']}/publish").json()
    assert (published["state"], published["published_at"] is not None) == ("published", True)
    assert editor.post(f"{API}/{webinar['id']}/withdraw").status == 409
    hidden = editor.post(f"{API}/{webinar['id']}/hide", {"because": {"da": "Forældet", "en": " "}}).json()
    assert (hidden["state"], hidden["hidden_because"]) == ("hidden", {"da": "Forældet"})
    assert [one["id"] for one in editor.get(API).json()["webinars"]] == [webinar["id"]]


def test_captions_are_given_and_taken_away(editor: Site) -> None:
    webinar = drafted(editor)
    captioned(editor, webinar["id"])
    captioned(editor, webinar["id"], "teams-da-guid-cues.vtt", "en")

    cues = editor.get(f"{API}/{webinar['id']}/captions/da").json()["captions"]
    left = editor.send("DELETE", f"{API}/{webinar['id']}/captions/da").json()

    assert cues[0] == {"start": 2010, "end": 5600, "text": "Godmorgen og velkommen."}
    assert [one["language"] for one in left["captions"]] == ["en"]
    assert editor.get(f"{API}/{webinar['id']}/captions/da").status == 404
    assert editor.send("DELETE", f"{API}/{webinar['id']}/captions/da").status == 200, "nothing is left to do"


def test_wrong_captions_are_refused_by_line_in_the_readers_language(editor: Site) -> None:
    webinar = drafted(editor)

    refused = captioned(editor, webinar["id"], "broken.vtt")

    assert refused.status == 422
    told = {one["field"]: one["detail"] for one in refused.json()["errors"]}
    assert told["captions.12"] == "Underteksten slutter, før den begynder."


def test_a_held_gathering_becomes_a_draft_and_one_to_come_does_not(editor: Site, site: Site) -> None:
    speakers = {"da": "En forsker"}
    held = site.publish(a_gathering(sessions=(a_session("2026-08-03T09:00"),), themes=("unge",), speakers=speakers))
    to_come = site.publish(a_gathering(slug="kommer"))

    made = editor.post(f"/api/v1/coordinator/gatherings/{held.id}/webinars")
    refused = editor.post(f"/api/v1/coordinator/gatherings/{to_come.id}/webinars")

    assert made.status == 201
    assert (made.json()["gathering"], made.json()["themes"]) == (held.id, ["unge"])
    assert made.json()["speakers"] == speakers
    assert (refused.status, kind(refused)) == (409, "gathering-is-to-come")


def test_somebody_else_says_yes_to_what_was_asked_for(editor: Site) -> None:
    own, others = a_ready_webinar(), a_ready_webinar(slug="andres")
    for one in (own, others):
        workshop.around().store.create(one)
    asking = Editing(workshop.around(), "another editor", NOW, "correlation")

    asking.ask_for_review(others.id)
    editor.post(f"{API}/{own.id}/review")
    refused = editor.post(f"{API}/{own.id}/publish")

    assert (refused.status, kind(refused)) == (403, "review-is-by-another")
    assert editor.post(f"{API}/{others.id}/publish").json()["state"] == "published"


def test_it_is_shown_by_itself_from_a_moment_on(editor: Site) -> None:
    webinar = a_ready_webinar()
    workshop.around().store.create(webinar)

    past = editor.post(f"{API}/{webinar.id}/schedule", {"publish_at": "2020-01-01T09:00:00+01:00"})
    waits = editor.post(f"{API}/{webinar.id}/schedule", {"publish_at": "2027-01-01T09:00:00+01:00"})

    assert (past.status, past.json()["errors"][0]["field"]) == (422, "publish_at")
    assert (waits.json()["state"], waits.json()["publish_at"]) == ("scheduled", "2027-01-01T09:00:00+01:00")
    assert editor.post(f"{API}/{webinar.id}/withdraw").json()["publish_at"] is None


def test_of_two_who_change_at_once_the_second_is_told(editor: Site) -> None:
    webinar = drafted(editor)
    patch(editor, webinar["id"], version=1, summary={"da": "Deres"})

    refused = patch(editor, webinar["id"], version=1, summary={"da": "Mit"})

    assert (refused.status, kind(refused)) == (409, "changed-meanwhile")


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"title": {}}, ["title.da", "slug"]),
        ({"held_on": "i går"}, ["held_on"]),
        ({"spoken": "dansk"}, ["spoken"]),
        ({"link": "https://elsewhere.example.org/video"}, ["link"]),
        ({"link": "javascript:alert(1)"}, ["link"]),
        ({"materials": [{"title": {"da": "Slides"}, "link": "http://example.org/"}]}, ["materials.0.link"]),
        ({"chapters": [{"at": -1, "title": {"da": "Før"}}]}, ["chapters.0.at"]),
        ({"owner": "somebody"}, ["owner"]),
        ({"description": {"da": "Ring til 010203-1234"}}, ["description.da"]),
    ],
    ids=str,
)
def test_a_bad_webinar_is_refused_with_its_fields(editor: Site, body: dict[str, Any], fields: list[str]) -> None:
    answer = editor.post(API, {**DRAFT, **body})

    assert answer.status == 422
    assert sorted(one["field"] for one in answer.json()["errors"]) == sorted(fields)
    assert editor.get(API).json()["webinars"] == []


def test_a_webinar_is_made_changed_and_published_by_form(desk: Site) -> None:
    faulty = desk.send_desk_form(f"{PATH}/ny", {"title.en": "Only English", "spoken": "da"})
    assert faulty.status == 422
    assert 'value="Only English"' in faulty.text, "nothing is lost"

    made = desk.send_desk_form(f"{PATH}/ny", {"title.da": "Fremtiden", "held_on": "3/6-2026", "spoken": "da"})
    page = made.headers["location"].partition("?")[0]
    assert "The draft is saved." in shown(desk.get(made.headers["location"]))
    assert "There is no recording yet." in shown(desk.get(page))

    typed = filled(desk, f"{page}/rediger") | {
        "link": "https://video.example.org/fremtiden",
        "alternative.da": "Alt bliver sagt.",
        "consent_on": "2026-06-03",
        "review_on": "2027-06-03",
        "themes": "citizen-science",
        "chapters.0.id": "0",
        "chapters.0.at": "1.02.03",
        "chapters.0.title.da": "Spørgsmål",
    }
    assert desk.send_desk_form(f"{page}/rediger", typed).status == 303
    sent = (TRANSCRIPTS / "undertekster-da-windows-1252.srt").read_bytes()
    told = desk.send_desk_upload(f"{page}/undertekster", sheet=sent, called="captions", more=(("language", "da"),))
    assert told.headers["location"].endswith("?done=captioned")
    assert "Café" in shown(desk.get(f"{page}/undertekster/da"))
    assert filled(desk, f"{page}/rediger")["chapters.0.at"] == "1:02:03"

    published = desk.send_desk_form(f"{page}/offentliggoer")
    assert "The webinar is published." in shown(desk.get(published.headers["location"]))
    refused = desk.send_desk_form(f"{page}/undertekster/da/fjern")
    assert (refused.status, "There are no captions" in shown(refused)) == (422, True)
    hidden = desk.send_desk_form(f"{page}/skjul", {"hidden_because.da": "Forældet"})
    assert "Hidden because Forældet" in shown(desk.get(hidden.headers["location"]))


def test_names_that_are_taken_out_are_told_where_the_captions_were_sent(desk: Site) -> None:
    page = made_by_form(desk)
    sent = (TRANSCRIPTS / "zoom-da-numbered.vtt").read_bytes()

    told = desk.send_desk_upload(f"{page}/undertekster", sheet=sent, called="captions", more=(("language", "da"),))

    assert told.status == 200
    assert "The captions are saved." in shown(told)
    assert "We took “Koordinator” for the name of a speaker" in shown(told)


def test_wrong_captions_are_told_by_line_on_the_page(desk: Site) -> None:
    page = made_by_form(desk)
    sent = (TRANSCRIPTS / "broken.vtt").read_bytes()

    refused = desk.send_desk_upload(f"{page}/undertekster", sheet=sent, called="captions", more=(("language", "da"),))

    assert refused.status == 422
    assert "Line 12: The caption ends before it begins." in shown(refused)


def test_a_form_sent_twice_makes_one_webinar(desk: Site) -> None:
    form = filled(desk, f"{PATH}/ny") | {"title.da": "Fremtiden", "held_on": "2026-06-03", "spoken": "da"}

    first = desk.send_desk_form(f"{PATH}/ny", form)
    second = desk.send_desk_form(f"{PATH}/ny", form | {"summary.da": "Tilføjet bagefter"})

    assert first.headers["location"].partition("?")[0] == second.headers["location"].partition("?")[0]
    [webinar] = workshop.around().store.listed().webinars
    assert webinar.summary == {"da": "Tilføjet bagefter"}


def test_who_changes_what_somebody_else_has_changed_sees_both(desk: Site) -> None:
    page = made_by_form(desk)
    mine = filled(desk, f"{page}/rediger")
    desk.send_desk_form(f"{page}/rediger", mine | {"title.da": "Deres"})

    refused = desk.send_desk_form(f"{page}/rediger", mine | {"title.da": "Mit"})

    assert refused.status == 409
    assert 'value="Mit"' in refused.text
    assert "Somebody changed this to: Deres" in shown(refused)


def test_it_is_given_a_time_by_form(desk: Site) -> None:
    webinar = a_ready_webinar(review_on=NOW.date().replace(year=2099))
    workshop.around().store.create(webinar)
    page = f"{PATH}/{webinar.id}"

    empty = desk.send_desk_form(f"{page}/tidspunkt", {"publish_at": "2098-01-01"})
    waits = desk.send_desk_form(f"{page}/tidspunkt", {"publish_at": "2098-01-01", "publish_at.time": "9.00"})

    assert (empty.status, "Write the time." in shown(empty)) == (422, True)
    assert "It is published by itself at that time." in shown(desk.get(waits.headers["location"]))
    assert workshop.around().store.get(webinar.id).state is State.SCHEDULED


def test_a_gathering_that_was_held_offers_to_make_a_webinar_of_it(desk: Site, site: Site) -> None:
    held = site.publish(a_gathering(sessions=(a_session("2026-08-03T09:00"),)))
    to_come = site.publish(a_gathering(slug="kommer"))
    offer = "Make a webinar of the recording"

    assert offer in shown(desk.get(f"/en/tovholder/arrangementer/{held.id}"))
    assert offer not in shown(desk.get(f"/en/tovholder/arrangementer/{to_come.id}"))
    made = desk.send_desk_form(f"/en/tovholder/arrangementer/{held.id}/webinar")
    assert "The gathering that it is a recording of" in shown(desk.get(made.headers["location"]))


def test_what_is_to_be_looked_at_anew_stands_first_and_says_so_until_there_is_another_day(desk: Site) -> None:
    store, today = workshop.around().store, NOW.date()
    late = a_ready_webinar(review_on=today, title={"da": "Skal ses på"})
    fine = a_ready_webinar(slug="endnu-god", title={"da": "Endnu god"})
    for one in (late, fine):
        store.create(one)
        before = NOW - timedelta(days=1)
        shown_since = one.published("an editor", before, first="da", today=before.date())
        store.save(one, shown_since, [])
    settle_due(around=workshop.around(), now=NOW, correlation_id="sweep")
    desk.clock.now = NOW

    listed = shown(desk.get(PATH))
    first, _, all_of_them = listed.partition("All webinars")
    assert "To be looked at anew Skal ses på , " in first
    assert "Endnu god" not in first and all_of_them.count("Look at it") == 1
    assert "This webinar is to be looked at anew" in shown(desk.get(f"{PATH}/{late.id}"))
    assert "This webinar is to be looked at anew" not in shown(desk.get(f"{PATH}/{fine.id}"))

    page = f"{PATH}/{late.id}/rediger"
    desk.send_desk_form(page, filled(desk, page) | {"review_on": f"{today.year + 1}-01-15", "action": "save"})

    assert "All webinars" not in shown(desk.get(PATH))


def test_who_only_looks_sees_webinars_and_nothing_to_press(site: Site) -> None:
    webinar = a_ready_webinar()
    workshop.around().store.create(webinar)
    viewer = site.at_the_desk(Role.VIEWER)

    for address in (PATH, f"{PATH}/{webinar.id}"):
        page = viewer.get(address)
        assert page.status == 200
        assert "Fremtidens bibliotek" in shown(page)
        assert 'name="csrf"' not in page.text.partition("<main")[2].partition("</main>")[0]
    assert viewer.get(f"{PATH}/ny").status == 403


def made_by_form(desk: Site) -> str:
    made = desk.send_desk_form(f"{PATH}/ny", {"title.da": "Fremtiden", "held_on": "2026-06-03", "spoken": "da"})
    return made.headers["location"].partition("?")[0]


def filled(desk: Site, address: str) -> dict[str, str]:
    return {name: values[-1] for name, values in Page(desk.get(address).text).sent.items()}
