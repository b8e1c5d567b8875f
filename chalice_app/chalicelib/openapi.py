"""The API described for programs: OpenAPI 3.1, with the bodies' schemas taken from the classes that read them."""

from typing import Any, Final

from pydantic.json_schema import models_json_schema

from chalicelib import wire
from chalicelib.answers import PROBLEM
from shared.gatherings.model import Kind, State
from shared.libraries.model import Certification
from shared.network import Network
from shared.notify.model import MailProblem
from shared.registration.model import Status

VERSION: Final = "1.0.0"

_JSON: Final = "application/json"
_TEXT: Final = {"type": "object", "additionalProperties": {"type": "string"}}
_TIME: Final = {"type": "string", "format": "date-time"}
_DAY: Final = {"type": "string", "format": "date"}
_MAYBE_TIME: Final = {"type": ["string", "null"], "format": "date-time"}
_COUNT: Final = {"type": ["integer", "null"], "minimum": 0}
_STRING: Final = {"type": "string"}
_MAYBE_STRING: Final = {"type": ["string", "null"]}
_BOOLEAN: Final = {"type": "boolean"}

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


_BODIES: Final = (
    wire.GatheringBody,
    wire.LibraryBody,
    wire.LibraryPatch,
    wire.PatchBody,
    wire.RegistrationBody,
)


def document(network: Network) -> dict[str, Any]:
    """Return the description."""
    _, bodies = models_json_schema(
        [(model, "validation") for model in _BODIES],
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
        "paths": _paths(),
        "components": {
            "schemas": bodies["$defs"] | _schemas(),
            "responses": {status: _problem(words) for status, words in _PROBLEMS.items()},
            "parameters": {
                "slug": _parameter("slug", "path", _STRING, "The gathering's address."),
                "token": _parameter("token", "path", _STRING, "The token of the participant's own link."),
                "gathering_id": _parameter("gathering_id", "path", _STRING, "The gathering's id."),
            },
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def _paths() -> dict[str, Any]:
    public = {
        "/health": {"get": _call("health", "Say that requests are answered.", 200, "Health")},
        "/openapi.json": {"get": _call("openapi", "Describe the API.", 200, "Description")},
        "/libraries": {
            "get": _call(
                "libraries",
                "List libraries, all or those that a text is found in.",
                200,
                "Libraries",
                parameters=[_parameter("q", "query", _STRING, "A name, a part of one, or a number.")],
            )
        },
        "/gatherings": {
            "get": _call(
                "gatherings",
                "List public gatherings: those to come, or those that start between two moments.",
                200,
                "PublicGatherings",
                "422",
                parameters=[
                    _parameter("kind", "query", {"enum": list(Kind)}, "Only this kind."),
                    _parameter("theme", "query", _STRING, "Only this theme."),
                    _parameter("from", "query", _TIME, "Only what starts at this moment or later."),
                    _parameter("to", "query", _TIME, "Only what starts at this moment or earlier."),
                ],
            )
        },
        "/gatherings/{slug}": {
            "parameters": [_ref("parameters", "slug")],
            "get": _call("gathering", "Give one public gathering.", 200, "PublicGathering", "404"),
        },
        "/gatherings/{slug}/registrations": {
            "parameters": [_ref("parameters", "slug")],
            "post": _call(
                "register",
                "Take a seat. The same person again gets the existing registration, and the link once more by mail.",
                201,
                "Registered",
                *("403", "404", "409", "413", "415", "422", "429"),
                parameters=[
                    _parameter(
                        "Idempotency-Key",
                        "header",
                        {"type": "string", "pattern": "^[!-~]{1,200}$"},
                        "Chosen by you, one for each registration. The same key with the same body is answered alike.",
                        required=True,
                    )
                ],
                body="RegistrationBody",
            ),
        },
        "/registrations/{token}": {
            "parameters": [_ref("parameters", "token")],
            "get": _call(
                "registration", "Give the participant's own registration.", 200, "OwnRegistration", "404", "410"
            ),
            "delete": _call("cancel", "Give the seat back.", 200, "OwnRegistration", "404", "409", "410"),
        },
    }
    return public | _coordinator_paths()


def _coordinator_paths() -> dict[str, Any]:
    one = {"parameters": [_ref("parameters", "gathering_id")]}
    path = "/coordinator/gatherings"
    return {
        path: {
            "get": _signed_in(
                "plannedGatherings",
                "List gatherings of every state, the latest start first.",
                200,
                "Gatherings",
                "422",
                parameters=[_parameter("cursor", "query", _STRING, "`next` of the page before.")],
            ),
            "post": _signed_in(
                "plan", "Plan a gathering: a draft.", 201, "Gathering", "409", "413", "415", "422", body="GatheringBody"
            ),
        },
        f"{path}/{{gathering_id}}": one
        | {
            "get": _signed_in("plannedGathering", "Give one gathering.", 200, "Gathering", "404"),
            "patch": _signed_in(
                "change",
                "Change some fields. A `version` that is no longer the newest is refused.",
                200,
                "Gathering",
                *("404", "409", "413", "415", "422"),
                body="PatchBody",
            ),
        },
        f"{path}/{{gathering_id}}/publish": one
        | {"post": _signed_in("publish", "Show it to the public.", 200, "Gathering", "404", "409", "422")},
        f"{path}/{{gathering_id}}/cancel": one
        | {"post": _signed_in("cancelGathering", "Cancel it for good.", 200, "Gathering", "404", "409")},
        f"{path}/{{gathering_id}}/registrations": one
        | {
            "get": _signed_in(
                "registrations",
                "List who is registered, and whose mail may not have arrived (`mail_problem`).",
                200,
                "Registrations",
                *("404", "422"),
                parameters=[_parameter("cursor", "query", _STRING, "`next` of the page before.")],
            )
        },
        "/coordinator/libraries": {
            "get": _signed_in("knownLibraries", "List all libraries, by name.", 200, "KnownLibraries"),
            "post": _signed_in(
                "addLibrary",
                "Add a library that the profile does not have.",
                201,
                "KnownLibrary",
                *("409", "413", "415", "422"),
                body="LibraryBody",
            ),
        },
        "/coordinator/libraries/{number}": {
            "parameters": [_parameter("number", "path", _STRING, "The library's number.")],
            "patch": _signed_in(
                "changeLibrary",
                "Change some of what is known of a library.",
                200,
                "KnownLibrary",
                *("404", "413", "415", "422"),
                body="LibraryPatch",
            ),
        },
    }


def _schemas() -> dict[str, Any]:
    session = _object(
        id=_STRING,
        title=_TEXT,
        starts_at=_TIME,
        ends_at=_TIME,
        capacity=_COUNT,
        choose_one_of=_MAYBE_STRING,
    )
    place = {"anyOf": [_object(name=_STRING, address=_STRING), {"type": "null"}]}
    common = {
        "id": _STRING,
        "slug": _STRING,
        "state": {"enum": list(State)},
        "held": _BOOLEAN,
        "kind": {"enum": list(Kind)},
        "title": _TEXT,
        "summary": _TEXT,
        "description": _TEXT,
        "sessions": {"type": "array", "items": session},
        "place": place,
        "accessibility": _TEXT,
        "is_recorded": _BOOLEAN,
        "capacity": _COUNT,
        "registration": _object(opens_at=_MAYBE_TIME, closes_at=_MAYBE_TIME, changes_until=_MAYBE_TIME),
        "asks_invoice_reference": _BOOLEAN,
        "programme_sheet": _MAYBE_STRING,
        "themes": {"type": "array", "items": _STRING},
        "goals": {"type": "array", "items": {"type": "integer"}},
        "contact": _STRING,
        "price_text": _TEXT,
    }
    registered = _object(
        id=_STRING, status={"enum": list(Status)}, position={"type": ["integer", "null"], "minimum": 1}
    )
    registration = {
        **registered["properties"],
        **dict.fromkeys(("name", "email", "library", "role"), _STRING),
        "sessions": _list(_STRING),
        "invoice": {"anyOf": [_object(gln=_STRING, reference=_STRING), {"type": "null"}]},
        "registered_at": _TIME,
        "mail_problem": {"enum": [*MailProblem, None]},
    }
    library = _object(id=_STRING, name=_STRING, municipality=_MAYBE_STRING, region=_MAYBE_STRING)
    fault = _object(field=_STRING, detail=_STRING)
    return {
        "Health": _object(status={"const": "ok"}),
        "Description": {"type": "object"},
        "Libraries": _object(libraries=_list(library)),
        "PublicGathering": _object(
            **common,
            online=_BOOLEAN,
            seats_left=_COUNT,
            registration_open=_BOOLEAN,
            open_rounds=_list({"type": "object"}),
        ),
        "PublicGatherings": _object(gatherings=_list(_ref("schemas", "PublicGathering"))),
        "Gathering": _object(**common, version={"type": "integer", "minimum": 1}, online_link=_MAYBE_STRING),
        "Gatherings": _object(gatherings=_list(_ref("schemas", "Gathering")), next=_MAYBE_STRING),
        "Registered": _object(registrations=_list(registered)),
        "Registration": _object(**registration),
        "Registrations": _object(registrations=_list(_ref("schemas", "Registration")), next=_MAYBE_STRING),
        "OwnRegistration": _object(**registration, gathering=_STRING, changes_until=_TIME),
        "KnownLibrary": _object(
            id=_STRING,
            name=_STRING,
            municipality=_MAYBE_STRING,
            aliases=_list(_STRING),
            domains=_list(_STRING),
            certifications=_list(
                _object(status={"enum": list(Certification)}, since=_DAY, until={"type": ["string", "null"]})
            ),
            certification={"enum": list(Certification)},
        ),
        "KnownLibraries": _object(libraries=_list(_ref("schemas", "KnownLibrary")), next=_MAYBE_STRING),
        "Problem": {
            "type": "object",
            "description": "RFC 9457.",
            "required": ["type", "title", "status"],
            "properties": {
                "type": _STRING,
                "title": _STRING,
                "status": {"type": "integer"},
                "errors": _list(fault),
                "opens_at": _TIME,
                "closed_at": _TIME,
                "retry_after": {"type": "integer"},
                "contact": _STRING,
            },
        },
    }


def _call(
    name: str,
    summary: str,
    status: int,
    answer: str,
    *problems: str,
    parameters: list[dict[str, Any]] | None = None,
    body: str | None = None,
) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": name,
        "summary": summary,
        "responses": {
            str(status): {"description": summary, "content": {_JSON: {"schema": _ref("schemas", answer)}}},
            **{problem: _ref("responses", problem) for problem in sorted({*problems, "503"})},
        },
    }
    if parameters:
        described["parameters"] = parameters
    if body:
        described["requestBody"] = {"required": True, "content": {_JSON: {"schema": _ref("schemas", body)}}}
    return described


def _signed_in(name: str, summary: str, status: int, answer: str, *problems: str, **more: Any) -> dict[str, Any]:
    described = _call(name, summary, status, answer, "401", "403", *problems, **more)
    return described | {"security": [{"token": []}], "tags": ["coordinators"]}


def _problem(words: str) -> dict[str, Any]:
    return {"description": words, "content": {PROBLEM: {"schema": _ref("schemas", "Problem")}}}


def _parameter(
    name: str, place: str, schema: dict[str, Any], words: str, *, required: bool | None = None
) -> dict[str, Any]:
    needed = place == "path" if required is None else required
    return {"name": name, "in": place, "required": needed, "schema": schema, "description": words}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _ref(kind: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/components/{kind}/{name}"}
