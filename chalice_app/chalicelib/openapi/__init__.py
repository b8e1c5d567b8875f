"""The API described for programs: OpenAPI 3.1, with the bodies' schemas taken from the classes that read them."""

from collections.abc import Iterable
from typing import Any, Final

from pydantic.json_schema import models_json_schema

from chalicelib.openapi import (
    attendance,
    audit,
    certificates,
    gatherings,
    imports,
    libraries,
    messages,
    participants,
    people,
    programmes,
    public,
    registrations,
    resources,
    themes,
    viewing,
    webinars,
)
from chalicelib.openapi.parts import STRING, TIME, a_list, an_object, parameter, problem
from shared.network import Network

VERSION: Final = "1.0.0"

_PARTS: Final = (
    *(public, gatherings, registrations, participants, attendance, certificates, messages),
    *(libraries, imports, people, programmes, themes, webinars, viewing, resources, audit),
)
"""Each has the bodies that it takes, its paths, and the schemas of what it gives."""

_PROBLEMS: Final = {
    "400": "The request could not be read.",
    "401": "No token, or not a good one.",
    "403": "Not allowed, or not yet: `opens_at` says when.",
    "404": "There is nothing at this address.",
    "409": "The state of things forbids it: closed, full, cancelled, or changed meanwhile.",
    "410": "The link was good once, and its time is over.",
    "413": "The body is larger than anything we ask for.",
    "415": "The body is of a kind that is not read here.",
    "422": "Something in the request needs to be corrected; `errors` names the fields.",
    "429": "Too many at once: wait for `Retry-After` seconds.",
    "503": "Busy. Nothing was kept: the same request is safe to send again after `Retry-After` seconds.",
}
"""What may go wrong, by status, in words."""

_PROBLEM: Final = {
    "type": "object",
    "description": "RFC 9457.",
    "required": ["type", "title", "status"],
    "properties": {
        "type": STRING,
        "title": STRING,
        "status": {"type": "integer"},
        "errors": a_list(an_object(field=STRING, detail=STRING)),
        "opens_at": TIME,
        "closed_at": TIME,
        "retry_after": {"type": "integer"},
        "contact": STRING,
    },
}


def document(network: Network) -> dict[str, Any]:
    """Return the description."""
    _, bodies = models_json_schema(
        [(model, "validation") for part in _PARTS for model in part.BODIES],
        ref_template="#/components/schemas/{model}",
    )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"Tovholder – {network.name}",
            "version": VERSION,
            "description": "Gatherings of a library network, and registration for them. Times are RFC 3339.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": f"{network.base_url}/api/v1"}],
        "paths": _all(part.paths() for part in _PARTS),
        "components": {
            "schemas": bodies["$defs"] | _all(part.schemas() for part in _PARTS) | {"Problem": _PROBLEM},
            "responses": {status: problem(words) for status, words in _PROBLEMS.items()},
            "parameters": {
                "key": parameter(
                    "Idempotency-Key",
                    "header",
                    {"type": "string", "pattern": "^[!-~]{1,200}$"},
                    "Chosen by you, one for each request. The same key with the same body is answered alike.",
                    required=True,
                ),
                "slug": parameter("slug", "path", STRING, "The gathering's address."),
                "token": parameter("token", "path", STRING, "The token of the participant's own link."),
                "gathering_id": parameter("gathering_id", "path", STRING, "The gathering's id."),
                "programme_id": parameter("programme_id", "path", STRING, "The programme's id."),
            },
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def _all(named: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {name: value for some in named for name, value in some.items()}
