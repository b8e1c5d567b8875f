"""Materials that are files, by API and by page: sent, checked, shown, kept by changes and taken away."""

import json
from typing import Any, Final

import pytest

from shared.bootstrap import webinars as workshop
from shared.documents.model import PDF, PPTX
from shared.webinars.model import Material, Webinar
from tests.support import aws
from tests.support.api_gateway import Answer
from tests.support.builders import a_webinar
from tests.support.documents import CONTENTS, put
from tests.support.site import Site

API: Final = "/api/v1/coordinator/webinars"
DESK: Final = "/en/tovholder/webinarer"
LINK: Final = Material({"da": "Artikel"}, "https://example.org/artikel")


def kept(webinar: Webinar) -> Webinar:
    workshop.around().store.create(webinar)
    return webinar


def patch(editor: Site, path: str, changes: dict[str, Any]) -> Answer:
    return editor.send("PATCH", path, json.dumps(changes).encode(), {"content-type": "application/json"})


def sent(editor: Site, webinar: Webinar, content: bytes = CONTENTS[PDF]) -> dict[str, Any]:
    path = f"{API}/{webinar.id}/materials"
    begun = editor.post(path, {"size": len(content)})
    assert begun.status == 201, begun.text
    put(begun.json()["url"], content)
    finished = editor.post(f"{path}/{begun.json()['id']}/finish", {"title": {"da": "Slides"}})
    assert finished.status == 200, finished.text
    told: dict[str, Any] = finished.json()
    return told


def test_a_file_goes_from_a_program_to_the_materials_and_away_again(editor: Site) -> None:
    webinar = kept(a_webinar(materials=(LINK,)))

    after = sent(editor, webinar, CONTENTS[PPTX])

    link, material = after["materials"]
    assert link == {"title": {"da": "Artikel"}, "link": "https://example.org/artikel", "file": None}
    assert (material["title"], material["link"]) == ({"da": "Slides"}, None)
    assert material["file"] | {"id": ""} == {
        "id": "",
        "name": "slides.pptx",
        "type": PPTX,
        "size": len(CONTENTS[PPTX]),
    }
    gone = editor.send("DELETE", f"{API}/{webinar.id}/materials/{material['file']['id']}")
    assert gone.json()["materials"] == [link]
    assert "Contents" not in aws.client("s3").list_objects_v2(Bucket=aws.FILES, Prefix=f"documents/{webinar.id}")


def test_a_file_outlives_changes_of_other_fields_and_of_the_materials(editor: Site) -> None:
    webinar = kept(a_webinar(materials=(LINK,)))
    after = sent(editor, webinar)
    path = f"{API}/{webinar.id}"

    titled = patch(editor, path, {"version": after["version"], "title": {"da": "Nyt navn"}}).json()
    assert titled["materials"] == after["materials"]
    link, file = titled["materials"]
    renamed = {"title": {"da": "Oplæg"}, "file": {"id": file["file"]["id"]}}
    turned = patch(editor, path, {"version": titled["version"], "materials": [renamed, link]}).json()

    assert turned["materials"] == [file | {"title": {"da": "Oplæg"}}, link]
    assert patch(editor, path, {"version": turned["version"], "materials": [link]}).json()["materials"] == [link]
    assert "Contents" not in aws.client("s3").list_objects_v2(Bucket=aws.FILES, Prefix=f"documents/{webinar.id}")


@pytest.mark.parametrize(
    ("material", "field"),
    [
        ({"title": {"da": "Slides"}, "file": {"id": "unknown"}}, "materials.0.file"),
        ({"title": {"da": "Slides"}}, "materials.0.link"),
        ({"title": {"da": "Slides"}, "file": {}}, "materials.0.file.id"),
    ],
    ids=str,
)
def test_a_material_needs_an_address_or_a_file_that_is_here(editor: Site, material: Any, field: str) -> None:
    webinar = kept(a_webinar())
    draft = {"title": {"da": "Et nyt webinar"}, "held_on": "2026-06-03", "spoken": "da", "materials": [material]}

    changed = patch(editor, f"{API}/{webinar.id}", {"version": 1, "materials": [material]})
    made = editor.post(API, draft)

    for refused in (changed, made):
        assert refused.status == 422
        assert [one["field"] for one in refused.json()["errors"]] == [field]


@pytest.mark.parametrize("size", [0, 51 * 2**20])
def test_no_link_is_given_for_what_cannot_come(editor: Site, size: int) -> None:
    refused = editor.post(f"{API}/{kept(a_webinar()).id}/materials", {"size": size})

    assert refused.status == 422
    assert [one["field"] for one in refused.json()["errors"]] == ["document"]


def test_what_has_not_arrived_is_told_of(editor: Site) -> None:
    webinar = kept(a_webinar())
    begun = editor.post(f"{API}/{webinar.id}/materials", {"size": 10}).json()

    path = f"{API}/{webinar.id}/materials/{begun['id']}/finish"
    assert editor.post(path, {"title": {"da": "Slides"}}).status == 404
    assert editor.post(f"{API}/nobody/materials", {"size": 10}).status == 404


def test_a_form_brings_a_small_file_without_scripts(desk: Site) -> None:
    webinar = kept(a_webinar())
    path = f"{DESK}/{webinar.id}/materialer"

    answer = desk.send_desk_upload(path, sheet=CONTENTS[PDF], called="document", more=(("title.da", "Slides"),))

    assert answer.headers["location"].endswith("done=attached")
    page = desk.get(f"{DESK}/{webinar.id}").text
    assert "(PDF, 1 MB)" in page
    [document_id] = workshop.around().store.get(webinar.id).documents
    assert desk.send_desk_form(f"{path}/{document_id}/fjern", {}).headers["location"].endswith("done=detached")
    assert workshop.around().store.get(webinar.id).materials == ()


@pytest.mark.parametrize(
    ("content", "title", "said"),
    [
        (b"", "Slides", "Choose a file"),
        (b"<html>", "Slides", "Save it as PDF"),
        (CONTENTS[PDF], "", "Say what it is called."),
    ],
)
def test_what_is_refused_is_told_at_its_field(desk: Site, content: bytes, title: str, said: str) -> None:
    webinar = kept(a_webinar())

    refused = desk.send_desk_upload(
        f"{DESK}/{webinar.id}/materialer", sheet=content, called="document", more=(("title.da", title),)
    )

    assert refused.status == 422
    assert said in refused.text
    assert f'href="#{"document" if title else "title.da"}"' in refused.text
    assert f'value="{title}"' in refused.text


def test_the_script_sends_a_large_one_straight_to_the_store(desk: Site) -> None:
    webinar = kept(a_webinar())
    path = f"{DESK}/{webinar.id}/materialer"

    begun = desk.send_desk_form(f"{path}/plads", {"size": str(len(CONTENTS[PDF]))}).json()
    put(begun["url"], CONTENTS[PDF])
    finished = desk.send_desk_form(f"{path}/{begun['id']}/faerdig", {"title.da": "Slides"})

    assert (finished.status, finished.json()) == (200, {})
    assert list(workshop.around().store.get(webinar.id).documents) == [begun["id"]]
    refused = desk.send_desk_form(f"{path}/plads", {"size": "0"})
    assert refused.json()["errors"][0]["detail"] == "Choose a file; an empty one cannot be used."


def test_the_form_of_the_webinar_keeps_the_file_and_can_rename_it(desk: Site) -> None:
    webinar = kept(a_webinar())
    path = f"{DESK}/{webinar.id}"
    desk.send_desk_upload(f"{path}/materialer", sheet=CONTENTS[PDF], called="document", more=(("title.da", "Slides"),))
    [(document_id, document)] = workshop.around().store.get(webinar.id).documents.items()
    form = desk.get(f"{path}/rediger").text
    assert f'name="materials.0.file" value="{document_id}"' in form
    assert 'name="materials.0.link"' not in form

    fields = {"title.da": "Ny titel", "held_on": "2026-06-03", "spoken": "da", "version": "2", "action": "save"}
    row = {"materials.0.id": "0", "materials.0.title.da": "Oplæg", "materials.0.file": document_id}
    answer = desk.send_desk_form(f"{path}/rediger", fields | row)

    assert answer.headers["location"].endswith("done=saved"), answer.text
    assert workshop.around().store.get(webinar.id).materials == (Material({"da": "Oplæg"}, document=document),)
