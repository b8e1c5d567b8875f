"""Resources."""

from typing import Any, Final

from chalicelib import wire_resources
from chalicelib.openapi.parts import (
    BOOLEAN,
    MAYBE_STRING,
    NUMBER,
    STRING,
    TEXT,
    TIME,
    a_list,
    an_object,
    parameter,
    ref,
    signed_in,
)
from shared.resources.model import Kind

BODIES: Final = (
    wire_resources.ResourceBody,
    wire_resources.ResourcePatch,
)


def paths() -> dict[str, Any]:
    """Return the calls."""
    path = "/coordinator/resources"
    one = parameter("resource_id", "path", STRING, "The resource’s id.")
    return {
        path: {
            "get": signed_in("resources", "List all resources, hidden ones among them.", 200, "Resources"),
            "post": signed_in(
                "addResource",
                "Enter a resource: a tool, a method or a guide that a library shares. Without a `link` it cannot be "
                "`shown` before its file has come.",
                201,
                "Resource",
                *("413", "415", "422"),
                body="ResourceBody",
            ),
        },
        f"{path}/{{resource_id}}": {
            "parameters": [one],
            "get": signed_in("resource", "Give one resource.", 200, "Resource", "404"),
            "patch": signed_in(
                "changeResource",
                "Change some fields. `shown` says whether everybody sees it; a `link` takes the place of a `file`.",
                200,
                "Resource",
                *("404", "409", "413", "415", "422"),
                body="ResourcePatch",
            ),
            "delete": signed_in(
                "deleteResource", "Delete a resource, and give it once more.", 200, "Resource", "404", "409"
            ),
        },
        f"{path}/{{resource_id}}/file": {
            "parameters": [one],
            "post": signed_in(
                "beginResourceFile",
                "Begin to send its file. PUT it, in its full length, to the link within an hour.",
                201,
                "DocumentLink",
                *("404", "413", "415", "422"),
                body="DocumentBody",
            ),
        },
        f"{path}/{{resource_id}}/file/{{document_id}}/finish": {
            "parameters": [one, parameter("document_id", "path", STRING, "The file’s id.")],
            "post": signed_in(
                "finishResourceFile",
                "Look into a file that has been put to its link: it takes the place of the `link`, or the file before.",
                200,
                "Resource",
                *("404", "409", "422"),
            ),
        },
    }


def schemas() -> dict[str, Any]:
    """Return what they give."""
    resource = an_object(
        id=STRING,
        version=NUMBER,
        added_at=TIME,
        kind={"enum": list(Kind)},
        title=TEXT,
        link=MAYBE_STRING,
        library=STRING,
        language=STRING,
        themes=a_list(STRING),
        description=TEXT,
        goals=a_list({"type": "integer", "minimum": 1, "maximum": 17}),
        shown=BOOLEAN,
        file={"oneOf": [ref("schemas", "Document"), {"type": "null"}]},
    )
    return {
        "Resource": resource,
        "Resources": an_object(resources=a_list(ref("schemas", "Resource")), next={"type": "null"}),
    }
