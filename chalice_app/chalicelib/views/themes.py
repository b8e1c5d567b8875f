"""The coordinators' API: themes."""

from collections.abc import Iterable
from typing import Final

from chalice.app import Response

from chalicelib import answers, bodies, routing, wire_themes
from chalicelib.editing import arranging
from chalicelib.visit import Visit
from shared.bootstrap import web as bootstrap
from shared.roles import Role
from shared.themes.model import Theme

api = routing.coordinator_api()

PATH: Final = "/api/v1/coordinator/themes"


@api.get(PATH, *Role)
def themes(visit: Visit) -> Response:
    """List all themes in their order, those that were merged among them."""
    return _all(bootstrap.themes().fresh().all)


@api.post(PATH, Role.COORDINATOR)
def add(visit: Visit) -> Response:
    """Add a theme, behind the others."""
    languages = visit.network.languages
    theme = bodies.read(wire_themes.ThemeBody, visit.request).to_domain(languages[0])
    added = arranging(visit).add(theme)
    return answers.data(wire_themes.for_coordinators(added), status=201, headers={"Location": f"{PATH}/{added.slug}"})


@api.patch(PATH, Role.COORDINATOR)
def arrange(visit: Visit) -> Response:
    """Put themes in an order."""
    body = bodies.read(wire_themes.ThemeOrderBody, visit.request)
    return _all(arranging(visit).arrange(body.order).all)


@api.get(f"{PATH}/{{slug}}", *Role)
def theme(visit: Visit, slug: str) -> Response:
    """Give one theme, merged or not."""
    return answers.data(wire_themes.for_coordinators(bootstrap.themes().fresh().get(slug)))


@api.patch(f"{PATH}/{{slug}}", Role.COORDINATOR)
def change(visit: Visit, slug: str) -> Response:
    """Change some of a theme. Its address stays."""
    patch = bodies.read(wire_themes.ThemePatch, visit.request)
    wanted = patch.onto(bootstrap.themes().fresh().get(slug))
    changed = arranging(visit).change(wanted)
    return answers.data(wire_themes.for_coordinators(changed))


@api.post(f"{PATH}/{{slug}}/merge", Role.COORDINATOR)
def merge(visit: Visit, slug: str) -> Response:
    """Let a theme become part of another."""
    body = bodies.read(wire_themes.ThemeMergeBody, visit.request)
    merged = arranging(visit).merge(slug, body.into, version=body.version)
    return answers.data(wire_themes.for_coordinators(merged))


def _all(themes: Iterable[Theme]) -> Response:
    return answers.data({"themes": [wire_themes.for_coordinators(one) for one in themes], "next": None})
