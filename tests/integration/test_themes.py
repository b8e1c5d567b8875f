"""Themes by page and by API, and what they are called wherever they stand."""

import json
import re
from html import unescape
from typing import Any

import pytest

from events.themes import ThemesChanged
from shared.bootstrap import web as bootstrap
from shared.roles import Role
from shared.themes.model import Theme
from tests.support.api_gateway import Answer
from tests.support.builders import a_fact, a_gathering
from tests.support.forms import Page
from tests.support.site import Site

API = "/api/v1/coordinator/themes"
PATH = "/en/tovholder/temaer"


@pytest.fixture
def coordinator(site: Site) -> Site:
    return site.signed_in(Role.COORDINATOR)


@pytest.fixture
def desk(site: Site) -> Site:
    return site.at_the_desk(Role.COORDINATOR)


def added(site: Site, name: str, **more: Any) -> dict[str, Any]:
    answer = site.post(API, {"name": {"da": name}, **more})
    assert answer.status == 201, answer.text
    theme: dict[str, Any] = answer.json()
    return theme


def patch(site: Site, path: str, **changes: Any) -> Answer:
    return site.send("PATCH", path, json.dumps(changes).encode(), {"content-type": "application/json"})


def shown(answer: Answer) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def test_a_themes_address_follows_from_its_name_and_stays(coordinator: Site) -> None:
    theme = added(coordinator, "Børn & borgerforskning", goals=[4])

    renamed = patch(coordinator, f"{API}/{theme['slug']}", version=1, name={"da": "Unge"}, goals=[4, 15]).json()

    assert theme["slug"] == "boern-borgerforskning"
    assert (renamed["slug"], renamed["name"], renamed["goals"]) == (theme["slug"], {"da": "Unge"}, [4, 15])
    assert (renamed["version"], renamed["merged_into"]) == (2, None)
    assert patch(coordinator, f"{API}/{theme['slug']}", version=1, name={"da": "For sent"}).status == 409
    assert coordinator.get(f"{API}/{theme['slug']}").json() == renamed


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["name"]),
        ({"name": {"en": "Only English"}}, ["name.da", "slug"]),
        ({"name": {"da": "Tema"}, "goals": [18]}, ["goals.0"]),
        ({"name": {"da": "Tema"}, "slug": "Stort"}, ["slug"]),
        ({"name": {"da": "Tema"}, "color": "red"}, ["color"]),
        ({"name": {"da": "x" * 81}}, ["name.da"]),
    ],
)
def test_a_bad_theme_is_refused_with_its_fields(coordinator: Site, body: dict[str, Any], fields: list[str]) -> None:
    answer = coordinator.post(API, body)

    assert answer.status == 422
    assert sorted(one["field"] for one in answer.json()["errors"]) == sorted(fields)
    assert coordinator.get(API).json()["themes"] == []


def test_everybody_sees_those_that_stand_in_their_order(coordinator: Site, site: Site) -> None:
    for name in ("Et", "To", "Tre"):
        added(coordinator, name)

    arranged = patch(coordinator, API, order=["tre", "et"]).json()
    merged = coordinator.post(f"{API}/to/merge", {"into": "et", "version": 1})

    assert [one["slug"] for one in arranged["themes"]] == ["tre", "et", "to"]
    assert merged.json()["merged_into"] == "et"
    bootstrap.themes().fresh()
    assert [one["slug"] for one in site.get("/api/v1/themes").json()["themes"]] == ["tre", "et"]
    assert coordinator.post(f"{API}/to/merge", {"into": "tre", "version": 2}).status == 409
    assert coordinator.post(f"{API}/nej/merge", {"into": "tre", "version": 1}).status == 404


def test_a_theme_is_called_by_its_name_wherever_it_stands(coordinator: Site, site: Site, desk: Site) -> None:
    for name in ("Børn", "Unge"):
        added(coordinator, name, slug="unge" if name == "Unge" else "boern")
    gathering = site.publish(a_gathering(themes=("boern", "citizen-science"), title={"da": "Kursus"}))
    patch(coordinator, f"{API}/boern", version=1, name={"da": "Børn i skoven", "en": "Children in the woods"})
    bootstrap.themes().fresh()

    assert "Children in the woods · Citizen science" in shown(site.get(f"/en/arrangementer/{gathering.slug}"))
    assert "Children in the woods · Citizen science" in shown(desk.get(f"/en/tovholder/arrangementer/{gathering.id}"))
    assert "X-WR-CALNAME:DB2030: Børn i skoven" in site.get("/temaer/boern/kalender.ics").text


def test_what_is_on_a_merged_theme_is_found_by_both_addresses(coordinator: Site, site: Site) -> None:
    for name in ("Boern", "Unge"):
        added(coordinator, name)
    site.publish(a_gathering(themes=("boern",), title={"da": "Kursus"}))
    coordinator.post(f"{API}/boern/merge", {"into": "unge", "version": 1})
    bootstrap.themes().fresh()

    for slug in ("boern", "unge"):
        assert len(site.get(f"/api/v1/gatherings?theme={slug}").json()["gatherings"]) == 1
        feed = site.get(f"/temaer/{slug}/kalender.ics").text
        assert feed.count("BEGIN:VEVENT") == 1
        assert "Unge" in feed


def test_a_theme_is_planned_and_changed_by_form(desk: Site) -> None:
    faulty = desk.send_desk_form(f"{PATH}/ny", {"name.en": "Citizen science"})
    assert faulty.status == 422
    assert 'value="Citizen science"' in faulty.text, "nothing is lost"

    planned = desk.send_desk_form(f"{PATH}/ny", {"name.da": "Borgerforskning", "goals": "15"})
    assert "The theme is added." in shown(desk.get(planned.headers["location"]))

    form = Page(desk.get(f"{PATH}/borgerforskning").text).sent
    typed = {name: values[-1] for name, values in form.items()} | {"description.da": "Om bier."}
    assert desk.send_desk_form(f"{PATH}/borgerforskning", typed).status == 303
    theme = bootstrap.themes().fresh().get("borgerforskning")
    assert (theme.description, theme.goals, theme.version) == ({"da": "Om bier."}, (15,), 2)

    again = desk.send_desk_form(f"{PATH}/borgerforskning", typed | {"description.da": "Om noget andet."})
    assert again.status == 409
    assert "Om bier." in again.text, "what somebody else saved stands beside it"


def test_themes_are_moved_and_merged_by_buttons(desk: Site) -> None:
    for slug in ("et", "to", "tre"):
        desk.send_desk_form(f"{PATH}/ny", {"name.da": slug.capitalize()})

    for slug, way in (("tre", "up"), ("et", "down"), ("et", "down"), ("tre", "up"), ("findes-ikke", "up")):
        desk.send_desk_form(PATH, {"theme": slug, "way": way})
    assert [one.slug for one in bootstrap.themes().fresh().standing] == ["tre", "to", "et"]

    refused = desk.send_desk_form(f"{PATH}/et/sammenlaeg", {"version": "1", "into": ""})
    assert refused.status == 422
    merged = desk.send_desk_form(f"{PATH}/et/sammenlaeg", {"version": "1", "into": "to"})
    assert "Et → To" in shown(desk.get(merged.headers["location"]))
    assert desk.get(f"{PATH}/et").headers["location"].endswith("/tovholder/temaer/to")


def test_a_merger_that_is_refused_keeps_the_theme_that_was_chosen(desk: Site) -> None:
    for name in ("Et", "To", "Tre"):
        desk.send_desk_form(f"{PATH}/ny", {"name.da": name})
    opened = Page(desk.get(f"{PATH}/et").text).sent
    desk.send_desk_form(f"{PATH}/et", {"name.da": "Et og et halvt", "version": "1"})

    refused = desk.send_desk_form(f"{PATH}/et/sammenlaeg", {"version": "1", "into": "tre"})

    again = Page(refused.text).sent
    assert (opened["into"], opened["version"], refused.status) == ([""], ["1"], 409)
    assert (again["into"], again["version"]) == (["tre"], ["2"])
    merged = desk.send_desk_form(f"{PATH}/et/sammenlaeg", {name: values[-1] for name, values in again.items()})
    assert "Et og et halvt → Tre" in shown(desk.get(merged.headers["location"]))


def test_who_only_looks_sees_themes_and_nothing_to_press(site: Site) -> None:
    store = bootstrap.theme_store()
    store.save(store.read().with_added(Theme("et", {"da": "Et tema"})), a_fact(ThemesChanged()))
    viewer = site.at_the_desk(Role.VIEWER)

    page = viewer.get(PATH).text

    assert "Et tema" in page
    assert "/temaer/ny" not in page
    assert viewer.get(f"{PATH}/et").status == 403
