"""Resources by page and by API: entered, changed, hidden, and gone when somebody has been asked twice."""

import json
import re
from html import unescape
from typing import Any, Final

import pytest

from events.themes import ThemesChanged
from shared.bootstrap import resources as shelf, web as bootstrap
from shared.documents.model import PDF
from shared.resources.model import Resource
from shared.roles import Role
from shared.themes.model import Theme
from tests.support.api_gateway import Answer
from tests.support.builders import a_fact
from tests.support.documents import CONTENTS, put
from tests.support.forms import Page
from tests.support.site import Site

API: Final = "/api/v1/coordinator/resources"
PATH: Final = "/en/tovholder/ressourcer"
HERNING, KOLDING = "765700", "762100"

ENTERED: Final = {
    "kind": "guide",
    "title": {"da": "Vejledning i insekthoteller", "en": " "},
    "link": "https://herning.example.org/insekthotel",
    "library": HERNING,
    "language": "da",
    "themes": ["unge"],
}
TYPED: Final = {
    "title.da": "Vejledning i insekthoteller",
    "kind": "guide",
    "link": "https://herning.example.org/insekthotel",
    "library": HERNING,
    "language": "da",
    "themes": "unge",
}


@pytest.fixture(autouse=True)
def themes(site: Site) -> None:
    for slug in ("unge", "natur"):
        store = bootstrap.theme_store()
        store.save(store.read().with_added(Theme(slug, {"da": slug.capitalize()})), a_fact(ThemesChanged()))


@pytest.fixture
def editor(site: Site, themes: None) -> Site:
    return site.signed_in(Role.EDITOR)


@pytest.fixture
def desk(site: Site, themes: None) -> Site:
    return site.at_the_desk(Role.EDITOR)


def entered(site: Site, **more: Any) -> dict[str, Any]:
    answer = site.post(API, {**ENTERED, **more})
    assert answer.status == 201, answer.text
    resource: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"{API}/{resource['id']}"
    return resource


def patch(site: Site, id: str, **changes: Any) -> Answer:
    return site.send("PATCH", f"{API}/{id}", json.dumps(changes).encode(), {"content-type": "application/json"})


def merge(slug: str, into: str) -> None:
    store = bootstrap.theme_store()
    store.save(store.read().with_merged(slug, into, version=1), a_fact(ThemesChanged()))


def shown(answer: Answer) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def filled(site: Site, path: str) -> dict[str, str]:
    """Return what stands in the form, which the file, and the buttons to hide and to delete, follow."""
    form = site.get(path).text.partition("As a file")[0]
    return {name: values[-1] for name, values in Page(form).sent.items() if values}


def only() -> Resource:
    [kept] = shelf.around().store.every()
    return kept


def test_a_resource_is_entered_changed_hidden_and_deleted(editor: Site) -> None:
    resource = entered(editor)
    assert (resource["title"], resource["shown"], resource["version"]) == (
        {"da": "Vejledning i insekthoteller"},
        True,
        1,
    )

    changed = patch(editor, resource["id"], version=1, description={"da": "Sådan bygger I et."}).json()
    hidden = patch(editor, resource["id"], version=2, shown=False).json()

    assert (changed["description"], changed["title"]) == ({"da": "Sådan bygger I et."}, resource["title"])
    assert (hidden["shown"], hidden["version"]) == (False, 3)
    assert editor.get(API).json() == {"resources": [hidden], "next": None}
    assert editor.send("DELETE", f"{API}/{resource['id']}").json() == hidden
    assert editor.get(f"{API}/{resource['id']}").status == 404
    assert editor.send("DELETE", f"{API}/{resource['id']}").status == 404


def test_of_two_who_change_at_once_the_second_is_told(editor: Site) -> None:
    resource = entered(editor)
    patch(editor, resource["id"], version=1, title={"da": "Deres"})

    refused = patch(editor, resource["id"], version=1, title={"da": "Mit"})

    assert (refused.status, str(refused.json()["type"]).rpartition(":")[2]) == (409, "changed-meanwhile")


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"title": {}}, ["title.da"]),
        ({"kind": "book"}, ["kind"]),
        ({"link": "http://example.org/"}, ["link"]),
        ({"link": "javascript:alert(1)"}, ["link"]),
        ({"link": "https://[example"}, ["link"]),
        ({"library": "799999"}, ["library"]),
        ({"language": "dansk"}, ["language"]),
        ({"themes": []}, ["themes"]),
        ({"themes": ["unge", "findes-ikke"]}, ["themes.1"]),
        ({"goals": [18]}, ["goals.0"]),
        ({"description": {"da": "Ring til 010203-1234"}}, ["description.da"]),
        ({"description": {"da": "x" * 601}}, ["description.da"]),
        ({"file": "vejledning.pdf"}, ["file"]),
    ],
    ids=str,
)
def test_a_bad_resource_is_refused_with_its_fields(editor: Site, body: dict[str, Any], fields: list[str]) -> None:
    answer = editor.post(API, {**ENTERED, **body})

    assert answer.status == 422
    assert sorted(one["field"] for one in answer.json()["errors"]) == fields
    assert editor.get(API).json()["resources"] == []


def test_a_resource_is_entered_and_changed_by_form(desk: Site) -> None:
    faulty = desk.send_desk_form(f"{PATH}/ny", {"title.en": "A guide", "link": "http://example.org", "themes": "unge"})
    assert faulty.status == 422
    for said in ("Say what it is called.", "Choose what it is.", "Choose the library that shares it."):
        assert said in shown(faulty)
    assert 'value="A guide"' in faulty.text, "nothing is lost"

    added = desk.send_desk_form(f"{PATH}/ny", TYPED)
    page = shown(desk.get(added.headers["location"]))
    assert "Everybody sees it in a moment." in page
    assert "Vejledning i insekthoteller Guide Herning Unge Shown herning.example.org" in page

    form = f"{PATH}/{only().id}"
    changed = desk.send_desk_form(form, filled(desk, form) | {"library": KOLDING, "description.da": "Kort"})
    assert changed.status == 303
    assert (only().library, only().description, only().version) == (KOLDING, {"da": "Kort"}, 2)


def test_a_form_sent_twice_enters_one_and_what_was_typed_since_is_a_change(desk: Site) -> None:
    typed = TYPED | {"new": "abcdefghijklmnop"}
    desk.send_desk_form(f"{PATH}/ny", typed)

    again = desk.send_desk_form(f"{PATH}/ny", typed | {"title.da": "Rettet"})

    assert again.status == 303
    assert (only().id, only().title) == ("abcdefghijklmnop", {"da": "Rettet"})


def test_what_somebody_else_has_changed_meanwhile_stands_beside_what_was_typed(desk: Site) -> None:
    desk.send_desk_form(f"{PATH}/ny", TYPED)
    form = f"{PATH}/{only().id}"
    opened = filled(desk, form)
    desk.send_desk_form(form, opened | {"title.da": "Deres", "library": KOLDING})

    refused = desk.send_desk_form(form, opened | {"title.da": "Mit"})

    assert refused.status == 409
    assert 'value="Mit"' in refused.text
    assert "Somebody changed this to: Deres" in shown(refused)
    assert f'<option value="{KOLDING}" selected>' in refused.text, "what only they changed is taken over"


def test_it_is_hidden_and_shown_again_by_button(desk: Site) -> None:
    desk.send_desk_form(f"{PATH}/ny", TYPED)
    form = f"{PATH}/{only().id}"

    hidden = desk.send_desk_form(f"{form}/skjul")
    assert "The resource is hidden." in shown(desk.get(hidden.headers["location"]))
    assert not only().shown
    assert "Show it again" in shown(desk.get(form))
    desk.send_desk_form(form, filled(desk, form) | {"title.da": "Nyt"})
    assert not only().shown, "a change shows nothing that is hidden"

    desk.send_desk_form(f"{form}/vis")
    assert only().shown


def test_it_is_deleted_when_somebody_has_been_asked(desk: Site) -> None:
    desk.send_desk_form(f"{PATH}/ny", TYPED)
    form = f"{PATH}/{only().id}"

    asked = desk.get(f"{form}/slet")
    assert "Delete “Vejledning i insekthoteller”?" in shown(asked)
    assert only()

    gone = desk.send_desk_form(f"{form}/slet")
    assert "The resource is deleted." in shown(desk.get(gone.headers["location"]))
    assert shelf.around().store.every() == ()
    assert desk.send_desk_form(f"{form}/slet").status == 404


def test_the_list_is_narrowed_by_theme_and_state(desk: Site) -> None:
    for title, theme in (("Om unge", "unge"), ("Om natur", "natur")):
        desk.send_desk_form(f"{PATH}/ny", TYPED | {"title.da": title, "themes": theme})
    [nature] = [one for one in shelf.around().store.every() if one.themes == ("natur",)]
    desk.send_desk_form(f"{PATH}/{nature.id}/skjul")

    def titles(query: str) -> list[str]:
        return re.findall(r"Om \w+", shown(desk.get(f"{PATH}{query}")))

    assert sorted(titles("")) == ["Om natur", "Om unge"]
    assert titles("?theme=natur") == ["Om natur"]
    assert titles("?state=shown") == ["Om unge"]
    assert titles("?theme=unge&state=hidden") == []


def test_a_resource_follows_its_theme_into_another(desk: Site) -> None:
    desk.send_desk_form(f"{PATH}/ny", TYPED | {"themes": "natur"})
    merge("natur", "unge")

    assert "Vejledning i insekthoteller" in shown(desk.get(f"{PATH}?theme=unge"))
    form = f"{PATH}/{only().id}"
    assert filled(desk, form)["themes"] == "unge"


def test_viewers_see_what_is_shared_and_nothing_to_press(site: Site, desk: Site) -> None:
    desk.send_desk_form(f"{PATH}/ny", TYPED)
    viewer = site.at_the_desk(Role.VIEWER)

    page = viewer.get(PATH).text

    assert "Vejledning i insekthoteller" in page
    assert "/ressourcer/ny" not in page
    assert only().id not in page
    assert viewer.get(f"{PATH}/{only().id}").status == 403


def test_the_log_says_what_was_done(site: Site, desk: Site) -> None:
    desk.send_desk_form(f"{PATH}/ny", TYPED)
    desk.send_desk_form(f"{PATH}/{only().id}/skjul")

    log = shown(site.at_the_desk(Role.COORDINATOR).get("/en/tovholder/log"))

    assert "Added a resource" in log
    assert "Hid a resource" in log


def test_a_file_goes_from_a_program_to_the_resource(editor: Site) -> None:
    to_come = entered(editor, link=None, shown=False)
    path = f"{API}/{to_come['id']}"
    assert [one["field"] for one in patch(editor, to_come["id"], version=1, shown=True).json()["errors"]] == ["link"]

    begun = editor.post(f"{path}/file", {"size": len(CONTENTS[PDF])}).json()
    assert editor.send("POST", f"{path}/file/{begun['id']}/finish").status == 404
    put(begun["url"], CONTENTS[PDF])
    filed = editor.send("POST", f"{path}/file/{begun['id']}/finish").json()

    assert (filed["link"], filed["file"]["name"], filed["file"]["type"]) == (
        None,
        "vejledning-i-insekthoteller.pdf",
        PDF,
    )
    shown = patch(editor, to_come["id"], version=filed["version"], shown=True).json()
    assert (shown["shown"], shown["file"]) == (True, filed["file"])
    linked = patch(editor, to_come["id"], version=shown["version"], link="https://example.org/").json()
    assert (linked["link"], linked["file"]) == ("https://example.org/", None)


def test_without_an_address_a_resource_waits_for_its_file(desk: Site) -> None:
    answer = desk.send_desk_form(f"{PATH}/ny", {**TYPED, "link": "", "new": "aaaaaaaaaaaaaaaa"})
    assert answer.headers["location"].endswith("/aaaaaaaaaaaaaaaa?done=to_come")
    assert "nobody sees it yet" in desk.get(answer.headers["location"]).text
    path = f"{PATH}/{only().id}"
    refused = desk.send_desk_form(f"{path}/vis")
    assert (refused.status, "send the file before it is shown" in refused.text) == (422, True)

    faulty = desk.send_desk_upload(f"{path}/fil", sheet=b"<html>", called="document")
    assert (faulty.status, 'href="#document"' in faulty.text) == (422, True)
    sent = desk.send_desk_upload(f"{path}/fil", sheet=CONTENTS[PDF], called="document")

    assert sent.headers["location"].endswith("?done=filed")
    assert "(PDF, 1 MB)" in desk.get(path).text
    assert desk.send_desk_form(f"{path}/vis").headers["location"].endswith("done=shown")
    assert only().shown
    assert "PDF, 1 MB" in shown(desk.get(PATH))


def test_the_script_sends_a_large_one_straight_to_the_store(desk: Site) -> None:
    desk.send_desk_form(f"{PATH}/ny", TYPED)
    path = f"{PATH}/{only().id}/fil"

    begun = desk.send_desk_form(f"{path}/plads", {"size": str(len(CONTENTS[PDF]))}).json()
    put(begun["url"], CONTENTS[PDF])
    finished = desk.send_desk_form(f"{path}/{begun['id']}/faerdig")

    assert (finished.status, finished.json()) == (200, {})
    document = only().document
    assert document is not None
    assert document.id == begun["id"]
    assert desk.send_desk_form(f"{path}/plads", {"size": "0"}).status == 422
