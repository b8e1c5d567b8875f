"""Libraries, as coordinators know them."""

from typing import Any, Final

from chalicelib import wire_libraries
from chalicelib.openapi.parts import AMOUNT, DAY, MAYBE_STRING, STRING, a_list, an_object, parameter, ref, signed_in
from shared.libraries.model import Certification

BODIES: Final = (
    wire_libraries.DomainBody,
    wire_libraries.LibraryBody,
    wire_libraries.LibraryPatch,
    wire_libraries.MergeBody,
)
CERTIFIED: Final = an_object(status={"enum": list(Certification)}, since=DAY, until=MAYBE_STRING)
FACTS: Final = {
    "id": STRING,
    "name": STRING,
    "municipality": MAYBE_STRING,
    "domains": a_list(STRING),
    "certifications": a_list(CERTIFIED),
}


def paths() -> dict[str, Any]:
    """Return the calls."""
    path = "/coordinator/libraries"
    one = {"parameters": [parameter("number", "path", STRING, "The library's number.")]}
    wrong = ("404", "409", "413", "415", "422")
    return {
        path: {
            "get": signed_in(
                "knownLibraries",
                "List all libraries by name, those that became part of another among them; with `q`, those to choose.",
                200,
                "KnownLibraries",
                parameters=[parameter("q", "query", STRING, "A name, a part of one, or a number.")],
            ),
            "post": signed_in(
                "addLibrary",
                "Add a library that the profile does not have.",
                201,
                "KnownLibrary",
                *("409", "413", "415", "422"),
                body="LibraryBody",
            ),
        },
        f"{path}/{{number}}": one
        | {
            "get": signed_in("knownLibrary", "Give one library.", 200, "KnownLibrary", "404"),
            "patch": signed_in(
                "changeLibrary",
                "Change some of what is known of a library. A `version` that is no longer the newest is refused.",
                200,
                "KnownLibrary",
                *wrong,
                body="LibraryPatch",
            ),
        },
        f"{path}/{{number}}/merge": one
        | {
            "post": signed_in(
                "mergeLibrary",
                "Let a library become part of another, which its number leads to from then on.",
                200,
                "KnownLibrary",
                *wrong,
                body="MergeBody",
            )
        },
        f"{path}/{{number}}/domains": one
        | {
            "post": signed_in(
                "acceptDomain",
                "List a domain as one that proves work at the library. Once or twice is the same.",
                200,
                "KnownLibrary",
                *wrong,
                body="DomainBody",
            )
        },
    }


def schemas() -> dict[str, Any]:
    """Return what they give."""
    return {
        "KnownLibrary": an_object(
            **FACTS,
            region=MAYBE_STRING,
            aliases=a_list(STRING),
            certification={"enum": list(Certification)},
            merged_into=MAYBE_STRING,
            version=AMOUNT,
        ),
        "KnownLibraries": an_object(libraries=a_list(ref("schemas", "KnownLibrary")), next=MAYBE_STRING),
    }
