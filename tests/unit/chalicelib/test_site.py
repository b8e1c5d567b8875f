"""Which route a path leads to: what API Gateway would find, found by the app."""

import re

import pytest
from chalice.app import Response
from hypothesis import given, strategies as st

from app import app
from chalicelib.site import EVERYTHING, Addresses, Site
from tests.support.api_gateway import ApiGateway

RESOURCES = (
    "/",
    "/arrangementer",
    "/arrangementer/{slug}",
    "/arrangementer/{slug}/tilmelding",
    "/tilmelding/{token}",
    "/tilmelding/flyttet",
    "/tilmelding/gruppe/{token}",
    "/tilmelding/{token}/afmelding",
    "/{language}/privatliv",
)
VALUES = st.from_regex(r"[A-Za-z0-9._~%-]{1,30}", fullmatch=True)


@pytest.mark.parametrize(
    ("path", "resource", "variables"),
    [
        ("/", "/", {}),
        ("", "/", {}),
        ("/arrangementer", "/arrangementer", {}),
        ("/arrangementer/seminar", "/arrangementer/{slug}", {"slug": "seminar"}),
        ("/arrangementer/seminar/tilmelding", "/arrangementer/{slug}/tilmelding", {"slug": "seminar"}),
    ],
)
def test_a_path_leads_to_its_resource(path: str, resource: str, variables: dict[str, str]) -> None:
    assert Addresses(RESOURCES).find(path) == (resource, variables)


@pytest.mark.parametrize("path", ["/arrangementer/", "/arrangementer/seminar/"])
def test_a_slash_at_the_end_makes_no_other_address(path: str) -> None:
    addresses = Addresses(RESOURCES)

    assert addresses.find(path) == addresses.find(path.rstrip("/"))


def test_a_word_is_better_than_a_variable() -> None:
    addresses = Addresses(RESOURCES)

    assert addresses.find("/tilmelding/flyttet") == ("/tilmelding/flyttet", {})
    assert addresses.find("/tilmelding/t0k3n") == ("/tilmelding/{token}", {"token": "t0k3n"})


def test_a_word_that_leads_nowhere_gives_way_to_the_variable() -> None:
    addresses = Addresses(RESOURCES)

    assert addresses.find("/tilmelding/gruppe") == ("/tilmelding/{token}", {"token": "gruppe"})
    assert addresses.find("/tilmelding/gruppe/afmelding") == ("/tilmelding/gruppe/{token}", {"token": "afmelding"})
    assert addresses.find("/tilmelding/flyttet/afmelding") == ("/tilmelding/{token}/afmelding", {"token": "flyttet"})
    assert addresses.find("/arrangementer/privatliv") == ("/arrangementer/{slug}", {"slug": "privatliv"})
    assert addresses.find("/en/privatliv") == ("/{language}/privatliv", {"language": "en"})


@pytest.mark.parametrize("path", ["/findes-ikke", "/tilmelding", "/arrangementer/seminar/tilmelding/mere", "/%2e%2e/x"])
def test_what_leads_nowhere_is_answered_by_what_takes_everything(path: str) -> None:
    assert Addresses(RESOURCES).find(path) == (EVERYTHING, {"proxy": path[1:]})


def test_variables_of_one_place_may_have_different_names() -> None:
    addresses = Addresses(["/libraries/{number}", "/libraries/{library}/people/{id}"])

    assert addresses.find("/libraries/765700") == ("/libraries/{number}", {"number": "765700"})
    assert addresses.find("/libraries/765700/people/one") == (
        "/libraries/{library}/people/{id}",
        {"library": "765700", "id": "one"},
    )


def elsewhere(**_: str) -> Response:
    return Response("")


@pytest.mark.parametrize("path", ["/tovholder", "/en/tovholder/log", "/tovholder/forloeb"])
def test_what_is_for_people_who_sign_in_comes_with_the_first_request_for_it(path: str) -> None:
    site, mounted = Site("one"), list[str]()
    site.route(EVERYTHING, name="404")(elsewhere)
    site.later(("/tovholder",), lambda: mounted.append("the desk"))
    gateway = ApiGateway(site)

    gateway.get("/arrangementer/tovholder")
    before = list(mounted)
    gateway.get(path)
    gateway.get(path)

    assert (before, mounted) == ([], ["the desk"])


@given(st.data())
def test_every_route_of_the_app_is_found_with_whatever_stands_in_its_place(data: st.DataObject) -> None:
    app.complete()
    resources = [path for path in app.routes if path != EVERYTHING]
    words = {part for resource in resources for part in resource.split("/")}
    resource = data.draw(st.sampled_from(sorted(resources)))
    values = {
        name: data.draw(VALUES.filter(lambda value: value not in words)) for name in re.findall(r"{(\w+)}", resource)
    }

    found = Addresses(resources).find(resource.format(**values))

    assert found == (resource, values)
