"""Themes."""

from typing import Any, Final

from chalicelib import wire_themes
from chalicelib.openapi.parts import MAYBE_STRING, STRING, TEXT, a_list, an_object, call, parameter, ref, signed_in

BODIES: Final = (
    wire_themes.ThemeBody,
    wire_themes.ThemePatch,
    wire_themes.ThemeMergeBody,
    wire_themes.ThemeOrderBody,
)


def paths() -> dict[str, Any]:
    """Return the calls."""
    path = "/coordinator/themes"
    slug = parameter("slug", "path", STRING, "The theme’s address.")
    return {
        "/themes": {"get": call("themes", "List the themes in their order.", 200, "PublicThemes")},
        path: {
            "get": signed_in("allThemes", "List all themes in their order, merged ones among them.", 200, "Themes"),
            "post": signed_in(
                "addTheme",
                "Add a theme, behind the others.",
                201,
                "Theme",
                *("409", "413", "415", "422"),
                body="ThemeBody",
            ),
            "patch": signed_in(
                "arrangeThemes",
                "Put themes in an order. Those left out come behind.",
                200,
                "Themes",
                *("409", "413", "415", "422"),
                body="ThemeOrderBody",
            ),
        },
        f"{path}/{{slug}}": {
            "parameters": [slug],
            "get": signed_in("theme", "Give one theme, merged or not.", 200, "Theme", "404"),
            "patch": signed_in(
                "changeTheme",
                "Change some of a theme. Its address stays.",
                200,
                "Theme",
                *("404", "409", "413", "415", "422"),
                body="ThemePatch",
            ),
        },
        f"{path}/{{slug}}/merge": {
            "parameters": [slug],
            "post": signed_in(
                "mergeTheme",
                "Let a theme become part of another: its address leads there from then on.",
                200,
                "Theme",
                *("404", "409", "413", "415", "422"),
                body="ThemeMergeBody",
            ),
        },
    }


def schemas() -> dict[str, Any]:
    """Return what they give."""
    goals = a_list({"type": "integer", "minimum": 1, "maximum": 17})
    public = {"slug": STRING, "name": TEXT, "description": TEXT, "goals": goals}
    version = {"type": "integer", "minimum": 1}
    return {
        "PublicThemes": an_object(themes=a_list(an_object(**public))),
        "Theme": an_object(**public, merged_into=MAYBE_STRING, version=version),
        "Themes": an_object(themes=a_list(ref("schemas", "Theme")), next={"type": "null"}),
    }
