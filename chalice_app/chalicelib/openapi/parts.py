"""What descriptions are made of: calls, parameters and the shapes of values."""

from typing import Any, Final

from chalicelib.answers import PROBLEM
from shared.registration.model import Awaits, Role, Status

_JSON: Final = "application/json"
TEXT: Final = {"type": "object", "additionalProperties": {"type": "string"}}
TIME: Final = {"type": "string", "format": "date-time"}
DAY: Final = {"type": "string", "format": "date"}
MAYBE_TIME: Final = {"type": ["string", "null"], "format": "date-time"}
COUNT: Final = {"type": ["integer", "null"], "minimum": 0}
CERTIFICATE_SHARE: Final = {"type": ["integer", "null"], "minimum": 1, "maximum": 100}
STRING: Final = {"type": "string"}
MAYBE_STRING: Final = {"type": ["string", "null"]}
BOOLEAN: Final = {"type": "boolean"}
AMOUNT: Final = {"type": "integer", "minimum": 0}
NUMBER: Final = {"type": "integer", "minimum": 1}
PLACE: Final = {"type": ["integer", "null"], "minimum": 1}


def call(
    name: str,
    summary: str,
    status: int,
    answer: str | None,
    *problems: str,
    parameters: list[dict[str, Any]] | None = None,
    body: str | None = None,
    needs_body: bool = True,
) -> dict[str, Any]:
    """Describe a call, what it answers, if anything, and what may go wrong."""
    content = {"content": {_JSON: {"schema": ref("schemas", answer)}}} if answer else {}
    described: dict[str, Any] = {
        "operationId": name,
        "summary": summary,
        "responses": {
            str(status): {"description": summary, **content},
            **{problem: ref("responses", problem) for problem in sorted({*problems, "503"})},
        },
    }
    if parameters:
        described["parameters"] = parameters
    if body:
        described["requestBody"] = {"required": needs_body, "content": {_JSON: {"schema": ref("schemas", body)}}}
    return described


def signed_in(name: str, summary: str, status: int, answer: str, *problems: str, **more: Any) -> dict[str, Any]:
    """Describe a call that takes a token."""
    described = call(name, summary, status, answer, "401", "403", *problems, **more)
    return described | {"security": [{"token": []}], "tags": ["coordinators"]}


def problem(words: str) -> dict[str, Any]:
    """Describe what went wrong."""
    return {"description": words, "content": {PROBLEM: {"schema": ref("schemas", "Problem")}}}


def parameter(
    name: str, place: str, schema: dict[str, Any], words: str, *, required: bool | None = None
) -> dict[str, Any]:
    """Describe a parameter: one in the path is always needed."""
    needed = place == "path" if required is None else required
    return {"name": name, "in": place, "required": needed, "schema": schema, "description": words}


def looked_for() -> list[dict[str, Any]]:
    """Describe the parameters by which registrations are looked for."""
    return [
        parameter("q", "query", STRING, "Only those in whose name, address or library's name this is."),
        parameter("status", "query", {"enum": list(Status)}, "Only those who stand so."),
        parameter("library", "query", STRING, "Only those of the library with this number."),
        parameter("role", "query", {"enum": list(Role)}, "Only those who are that at work."),
        parameter("session", "query", STRING, "Only those who come to the session with this id."),
        parameter("awaits", "query", {"enum": list(Awaits)}, "Only those of whom this is missing."),
        parameter("mail_problem", "query", {"enum": ["true", "false"]}, "Only those whose mail may not have arrived."),
    ]


def an_object(**properties: Any) -> dict[str, Any]:
    """Return the schema of an object that always has these properties."""
    return {"type": "object", "required": list(properties), "properties": properties}


def a_list(items: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a list."""
    return {"type": "array", "items": items}


def ref(kind: str, name: str) -> dict[str, str]:
    """Point to one of the components."""
    return {"$ref": f"#/components/{kind}/{name}"}
