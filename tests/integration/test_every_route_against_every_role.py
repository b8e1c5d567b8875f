"""Every address below `/tovholder` and `/api/v1/coordinator` against every role: the app's own list of routes decides.

A route added tomorrow is tried here by itself. Registered without a rule, it could not even be imported.
"""

from operator import attrgetter
from typing import Final

import pytest

from chalicelib import answers
from chalicelib.bodies import MULTIPART
from chalicelib.routing import FORM, Routes, RuleMissing, api, desk
from shared.roles import Role
from tests.support.site import Site
from tests.support.ways import Way, every_way

WAYS: Final = list({way.route: way for way in reversed(every_way())}.values())
"""One for each route: other languages, and HEAD, come by the same."""

FORMS: Final = [way for way in WAYS if not way.is_api and way.route.acts]
NAME: Final = attrgetter("name")
EVERY_WAY = pytest.mark.parametrize("way", WAYS, ids=NAME)


def test_there_is_something_to_try() -> None:
    assert {way.is_api for way in WAYS} == {True, False}


def test_every_address_obeys_a_route_that_says_who_may_use_it() -> None:
    every = every_way()

    assert {way.route for way in every} == {way.route for way in WAYS}
    assert all(way.route.allow and way.method in way.route.methods for way in every)
    assert all(way.path.endswith(way.route.path) for way in every)


@EVERY_WAY
def test_without_a_login_there_is_no_way_in(site: Site, way: Way) -> None:
    answer = way.tried(site)

    if way.is_api:
        assert answer.status == 401
    elif way.route.acts:
        assert answer.status == 403
    else:
        assert answer.status == 303
        assert "/tovholder/login?return=" in answer.headers["location"]


@EVERY_WAY
@pytest.mark.parametrize("role", Role)
def test_only_the_roles_of_the_rule_come_through(site: Site, way: Way, role: Role) -> None:
    if way.is_api:
        answer = way.tried(site.signed_in(role))
    else:
        there = site.at_the_desk(role)
        answer = way.tried(there, csrf=there.csrf)

    if role in way.route.allow or (role is Role.EDITOR and way.route.own):
        assert answer.status not in (401, 403), answer.text
        assert answer.status < 500, answer.text
    else:
        assert answer.status == 403


@pytest.mark.parametrize("way", [way for way in WAYS if way.route.own], ids=NAME)
@pytest.mark.parametrize("own", [True, False], ids=["own", "another's"])
def test_editors_come_through_to_gatherings_of_their_own(site: Site, way: Way, own: bool) -> None:
    there = site.signed_in(Role.EDITOR) if way.is_api else site.at_the_desk(Role.EDITOR)
    gathering = site.planned(owner=site.person if own else "another")

    answer = way.tried(there, csrf="" if way.is_api else there.csrf, gathering=gathering.id)

    assert answer.status < 500, answer.text
    assert (answer.status != 403) is own, answer.text


@pytest.mark.parametrize("way", [way for way in WAYS if way.is_api], ids=NAME)
def test_a_token_without_a_role_opens_nothing(site: Site, way: Way) -> None:
    assert way.tried(site.signed_in()).status == 403


@pytest.mark.parametrize("way", FORMS, ids=NAME)
@pytest.mark.parametrize("csrf", ["", "wrong"])
def test_a_form_without_its_own_token_does_nothing(site: Site, way: Way, csrf: str) -> None:
    answer = way.tried(site.at_the_desk(*way.route.allow), csrf=csrf)

    assert answer.status == 403
    assert site.audit() == []


@pytest.mark.parametrize("routes", [api(), desk()], ids=["without", "with"])
@pytest.mark.parametrize("path", ["/tovholder/nyt", "/api/v1/coordinator/new", "/tovholder/login/other"])
def test_a_route_without_a_rule_cannot_be_imported(routes: Routes, path: str) -> None:
    with pytest.raises(RuleMissing):
        routes.get(path)(answers.data)


def test_a_route_for_owners_says_of_which_gathering() -> None:
    with pytest.raises(RuleMissing):
        desk().get("/tovholder/forloeb/{programme_id}", Role.COORDINATOR, own=True)(answers.data)


def test_a_public_route_with_a_rule_cannot_be_imported() -> None:
    with pytest.raises(RuleMissing):
        api().get("/arrangementer", Role.VIEWER)(answers.data)


def test_forms_are_all_that_the_pages_take() -> None:
    assert {way.route.content_type for way in FORMS} <= {FORM, MULTIPART}
