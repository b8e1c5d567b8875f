"""The API described for programs: OpenAPI 3.1, with the bodies' schemas taken from the classes that read them."""

from typing import Any, Final

from pydantic.json_schema import models_json_schema

from chalicelib import (
    wire_gatherings,
    wire_imports,
    wire_invitations,
    wire_libraries,
    wire_notices,
    wire_people,
    wire_programmes,
    wire_registrations,
)
from chalicelib.answers import PROBLEM
from shared.gatherings.model import Kind, Mode, State
from shared.libraries.model import Certification
from shared.network import Network
from shared.notify.model import MailProblem
from shared.registration.model import Actor, Awaits, Status, What
from shared.registration.placing import Left
from shared.roles import Role as SignInRole
from shared.workdays import Reason

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
    wire_gatherings.GatheringBody,
    wire_gatherings.PatchBody,
    wire_registrations.RegistrationBody,
    wire_registrations.OwnPatch,
    wire_registrations.RegistrationPatch,
    wire_libraries.DomainBody,
    wire_imports.ImportBody,
    wire_invitations.InvitationsBody,
    wire_libraries.LibraryBody,
    wire_libraries.LibraryPatch,
    wire_libraries.MergeBody,
    wire_notices.InterestBody,
    wire_people.InvitationBody,
    wire_people.RoleBody,
    wire_programmes.DuplicateBody,
    wire_programmes.NewTrackBody,
    wire_programmes.ProgrammeBody,
    wire_programmes.ProgrammePatch,
    wire_programmes.TrackPatch,
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
                "key": _parameter(
                    "Idempotency-Key",
                    "header",
                    {"type": "string", "pattern": "^[!-~]{1,200}$"},
                    "Chosen by you, one for each request. The same key with the same body is answered alike.",
                    required=True,
                ),
                "slug": _parameter("slug", "path", _STRING, "The gathering's address."),
                "token": _parameter("token", "path", _STRING, "The token of the participant's own link."),
                "gathering_id": _parameter("gathering_id", "path", _STRING, "The gathering's id."),
                "programme_id": _parameter("programme_id", "path", _STRING, "The programme's id."),
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
                parameters=[_ref("parameters", "key")],
                body="RegistrationBody",
            ),
        },
        "/gatherings/{slug}/interest": {
            "parameters": [_ref("parameters", "slug")],
            "post": _call(
                "leaveInterest",
                "Leave an address, to be told by one mail when its owner can register, and then deleted.",
                202,
                "Noted",
                *("404", "409", "413", "415", "422", "429"),
                body="InterestBody",
            ),
        },
        "/registrations/{token}": {
            "parameters": [_ref("parameters", "token")],
            "get": _call(
                "registration", "Give the participant's own registration.", 200, "OwnRegistration", "404", "410"
            ),
            "patch": _call(
                "changeRegistration",
                "Confirm, accept an offer, change sessions, answers or address, or hand over: one at a time.",
                200,
                "OwnRegistration",
                *("404", "409", "410", "413", "415", "422"),
                body="OwnPatch",
            ),
            "delete": _call(
                "cancel", "Give the seat, or the place in the line, back.", 200, "OwnRegistration", "404", "409", "410"
            ),
        },
    }
    return (
        public | _coordinator_paths() | _participant_paths() | _library_paths() | _people_paths() | _programme_paths()
    )


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
                "List who is registered, in which state and why, and whose mail may not have arrived (`mail_problem`).",
                200,
                "Registrations",
                *("404", "422"),
                parameters=[
                    _parameter("cursor", "query", _STRING, "`next` of the page before."),
                    _parameter("status", "query", {"enum": list(Status)}, "Only those who stand so."),
                    _parameter("library", "query", _STRING, "Only those of the library with this number."),
                ],
            ),
            "post": _signed_in(
                "addRegistrations",
                "Register people on a coordinator's word, whatever window and rounds say.",
                201,
                "Registered",
                *("403", "404", "409", "413", "415", "422"),
                parameters=[_ref("parameters", "key")],
                body="RegistrationBody",
            ),
            "patch": _signed_in(
                "actOnRegistration",
                "Cancel, approve, reject, seat, move or note one registration. Who is moved to another gathering is"
                " shown as registered there.",
                200,
                "RegistrationForCoordinators",
                *("404", "409", "413", "415", "422"),
                body="RegistrationPatch",
            ),
        },
    }


def _participant_paths() -> dict[str, Any]:
    file = {"type": "string", "format": "binary"}
    types = ("text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    export = _signed_in(
        "export",
        "Give everybody in a gathering, or what to cater for, as a file.",
        200,
        "Description",
        *("404", "422"),
        parameters=[
            _parameter("gathering", "query", _STRING, "The gathering's id.", required=True),
            _parameter("kind", "query", {"enum": ["participants", "catering"]}, "What to give.", required=True),
            _parameter("format", "query", {"enum": ["xlsx", "csv"]}, "The kind of file: xlsx unless told."),
            _parameter("needs", "query", {"enum": ["true", "false"]}, "Whether what participants need comes along."),
        ],
    )
    export["responses"]["200"]["content"] = {name: {"schema": file} for name in types}
    return {
        "/coordinator/gatherings/{gathering_id}/invitations": {
            "parameters": [_ref("parameters", "gathering_id")],
            "get": _signed_in(
                "invitations", "List who is invited, and who of them has registered.", 200, "Invitations", "404"
            ),
            "post": _signed_in(
                "invite",
                "Invite addresses, all or none. Who is registered, or was invited before, gets no mail.",
                201,
                "Invited",
                *("404", "409", "413", "415", "422"),
                body="InvitationsBody",
            ),
        },
        "/coordinator/exports": {"get": export},
    }


def _library_paths() -> dict[str, Any]:
    path = "/coordinator/libraries"
    one = {"parameters": [_parameter("number", "path", _STRING, "The library's number.")]}
    wrong = ("404", "409", "413", "415", "422")
    return {
        path: {
            "get": _signed_in(
                "knownLibraries",
                "List all libraries by name, those that became part of another among them; with `q`, those to choose.",
                200,
                "KnownLibraries",
                parameters=[_parameter("q", "query", _STRING, "A name, a part of one, or a number.")],
            ),
            "post": _signed_in(
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
            "get": _signed_in("knownLibrary", "Give one library.", 200, "KnownLibrary", "404"),
            "patch": _signed_in(
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
            "post": _signed_in(
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
            "post": _signed_in(
                "acceptDomain",
                "List a domain as one that proves work at the library. Once or twice is the same.",
                200,
                "KnownLibrary",
                *wrong,
                body="DomainBody",
            )
        },
        "/coordinator/imports": {
            "post": _signed_in(
                "previewImport",
                "Say what a sheet would change, line by line, and keep that for a day to be confirmed.",
                201,
                "Import",
                *("404", "413", "415", "422"),
                body="ImportBody",
            )
        },
        "/coordinator/imports/{import_id}/confirm": {
            "parameters": [_parameter("import_id", "path", _STRING, "The import's id.")],
            "post": _signed_in(
                "confirmImport",
                "Keep exactly what was shown. Once or twice is the same. Participants are registered some at a time:"
                " ask again until it is `complete`.",
                200,
                "ImportOutcome",
                *("404", "409"),
            ),
        },
    }


def _people_paths() -> dict[str, Any]:
    path = "/coordinator/people"
    wrong = ("404", "409", "413", "415", "422")
    return {
        path: {
            "get": _signed_in("people", "List who may sign in.", 200, "People"),
            "post": _signed_in(
                "invitePerson",
                "Let somebody in: Cognito mails a first password.",
                201,
                "Person",
                *("409", "413", "415", "422"),
                body="InvitationBody",
            ),
        },
        f"{path}/{{person_id}}": {
            "parameters": [_parameter("person_id", "path", _STRING, "The person's id.")],
            "patch": _signed_in("changeRole", "Give somebody another role.", 200, "Person", *wrong, body="RoleBody"),
            "delete": _signed_in("removePerson", "Let somebody in no more.", 200, "Person", "404", "409"),
        },
    }


def _programme_paths() -> dict[str, Any]:
    one = {"parameters": [_ref("parameters", "programme_id")]}
    path = "/coordinator/programmes"
    return {
        path: {
            "get": _signed_in(
                "programmes",
                "List programmes of every state, the latest first day first.",
                200,
                "Programmes",
                "422",
                parameters=[_parameter("cursor", "query", _STRING, "`next` of the page before.")],
            ),
            "post": _signed_in(
                "planProgramme",
                "Plan a programme: a draft.",
                201,
                "Programme",
                *("409", "413", "415", "422"),
                body="ProgrammeBody",
            ),
        },
        f"{path}/{{programme_id}}": one
        | {
            "get": _signed_in("programme", "Give one programme.", 200, "Programme", "404"),
            "patch": _signed_in(
                "changeProgramme",
                "Change some fields. Its gatherings follow when rounds change; refused if one of them could not.",
                200,
                "Programme",
                *("404", "409", "413", "415", "422"),
                body="ProgrammePatch",
            ),
        },
        f"{path}/{{programme_id}}/publish": one
        | {"post": _signed_in("publishProgramme", "Show it to the public.", 200, "Programme", "404", "409")},
        f"{path}/{{programme_id}}/cancel": one
        | {"post": _signed_in("cancelProgramme", "Take it off. Its gatherings stay.", 200, "Programme", "404", "409")},
        f"{path}/{{programme_id}}/duplicate": one
        | {
            "post": _signed_in(
                "duplicateProgramme",
                "Plan it and its gatherings anew, in other weeks. Asked for again, it gives the copy that is there.",
                201,
                "ProgrammeCopy",
                *("404", "409", "413", "415", "422"),
                body="DuplicateBody",
            )
        },
        "/coordinator/gatherings/{gathering_id}/duplicate": {
            "parameters": [_ref("parameters", "gathering_id")],
            "post": _signed_in(
                "duplicateGathering",
                "Plan a gathering anew, in another week. `warnings` say what speaks against its days.",
                201,
                "GatheringCopy",
                *("404", "409", "413", "415", "422"),
                body="DuplicateBody",
            ),
        },
        "/coordinator/tracks": {
            "get": _signed_in("tracks", "List all tracks, each with its programme.", 200, "Tracks"),
            "post": _signed_in(
                "addTrack",
                "Add a track to a programme.",
                201,
                "TrackOfProgramme",
                *("404", "409", "413", "415", "422"),
                body="NewTrackBody",
            ),
        },
        "/coordinator/tracks/{track_id}": {
            "parameters": [_parameter("track_id", "path", _STRING, "The track's id.")],
            "patch": _signed_in(
                "changeTrack",
                "Change some fields of a track. `version` is its programme's.",
                200,
                "TrackOfProgramme",
                *("404", "409", "413", "415", "422"),
                body="TrackPatch",
            ),
        },
    }


def _library_schemas() -> dict[str, Any]:
    certified = _object(status={"enum": list(Certification)}, since=_DAY, until={"type": ["string", "null"]})
    facts = {
        "id": _STRING,
        "name": _STRING,
        "municipality": _MAYBE_STRING,
        "domains": _list(_STRING),
        "certifications": _list(certified),
    }
    value = {"anyOf": [{"type": ["string", "null"]}, certified]}
    change = _object(
        library=_STRING,
        name=_STRING,
        field={"enum": ["name", "aliases", "domains", "certification"]},
        before=value,
        after=value,
    )
    kind = {"enum": ["libraries"]}
    return {
        "KnownLibrary": _object(
            **facts,
            region=_MAYBE_STRING,
            aliases=_list(_STRING),
            certification={"enum": list(Certification)},
            merged_into=_MAYBE_STRING,
            version={"type": "integer", "minimum": 0},
        ),
        "KnownLibraries": _object(libraries=_list(_ref("schemas", "KnownLibrary")), next=_MAYBE_STRING),
        "Import": {"oneOf": [_ref("schemas", "ImportOfLibraries"), _ref("schemas", "ImportOfParticipants")]},
        "ImportOutcome": {"oneOf": [_ref("schemas", "LibrariesImported"), _ref("schemas", "ParticipantsImported")]},
        "ImportOfLibraries": _object(
            id=_STRING,
            kind=kind,
            changes=_list(change),
            new=_list(_object(**facts)),
            same={"type": "integer", "minimum": 0},
            faults=_list(_object(line={"type": "integer", "minimum": 1}, field=_STRING, detail=_STRING)),
        ),
        "LibrariesImported": _object(id=_STRING, kind=kind, kept=_list(_STRING), passed_over=_list(_STRING)),
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
        **dict.fromkeys(("waiting_list", "approval", "choose_sessions", "asks_needs"), _BOOLEAN),
        "on_site_capacity": _COUNT,
        "online_capacity": _COUNT,
        "fair_share": {"anyOf": [_object(per_library={"type": "integer"}, until=_MAYBE_TIME), {"type": "null"}]},
        "questions": _list(_ref("schemas", "QuestionBody")),
        "programme": _MAYBE_STRING,
        "track": _MAYBE_STRING,
        "reminders": _list({"type": "object"}),
    }
    public_round = _object(
        id=_STRING,
        name=_TEXT,
        opens_at=_TIME,
        closes_at=_MAYBE_TIME,
        certification=_list(_STRING),
        roles=_list(_STRING),
        by_invitation=_BOOLEAN,
    )
    position = {"type": ["integer", "null"], "minimum": 1}
    registered = _object(id=_MAYBE_STRING, status={"enum": [*Status, *Left]}, position=position)
    step = _object(at=_TIME, what={"enum": list(What)}, by={"enum": list(Actor)}, why=_STRING)
    registration = {
        "id": _STRING,
        "status": {"enum": list(Status)},
        "position": position,
        "mode": {"enum": list(Mode)},
        "answers": {"type": "object"},
        "needs": {"anyOf": [_object(diet=_STRING, accommodation=_STRING), {"type": "null"}]},
        "awaits": _list({"enum": list(Awaits)}),
        "deadline": _MAYBE_TIME,
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
            rounds=_list(public_round),
            open_rounds=_list(public_round),
        ),
        "PublicGatherings": _object(gatherings=_list(_ref("schemas", "PublicGathering"))),
        "Gathering": _object(
            **common,
            version={"type": "integer", "minimum": 1},
            online_link=_MAYBE_STRING,
            owner=_MAYBE_STRING,
            rounds={"type": ["array", "null"], "items": _ref("schemas", "RoundBody")},
        ),
        "Gatherings": _object(gatherings=_list(_ref("schemas", "Gathering")), next=_MAYBE_STRING),
        "Registered": _object(registrations=_list(registered)),
        "RegistrationForCoordinators": _object(
            **registration,
            gathering=_STRING,
            round=_MAYBE_STRING,
            booked_by_another=_BOOLEAN,
            note=_STRING,
            history=_list(step),
        ),
        "Registrations": _object(
            registrations=_list(_ref("schemas", "RegistrationForCoordinators")), next=_MAYBE_STRING
        ),
        "OwnRegistration": _object(**registration, gathering=_STRING, changes_until=_TIME),
        "Person": _object(id=_STRING, email=_STRING, role={"enum": [*SignInRole, None]}),
        "People": _object(people=_list(_ref("schemas", "Person")), next={"type": "null"}),
        **_library_schemas(),
        **_participant_schemas(),
        **_programme_schemas(),
        "Noted": _object(opens_at=_TIME),
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


def _participant_schemas() -> dict[str, Any]:
    kind = {"enum": ["participants"]}
    number = {"type": "integer", "minimum": 1}
    line = _object(line=number, name=_STRING, email=_STRING, library=_MAYBE_STRING, role=_STRING)
    status = {"enum": [*Status, None]}
    return {
        "ImportOfParticipants": _object(
            id=_STRING,
            kind=kind,
            gathering=_STRING,
            new=_list(line),
            already=_list(line),
            faults=_list(_object(line=number, field=_STRING, detail=_STRING)),
            unknown_libraries=_list(_object(written=_STRING, lines=_list(number), similar=_list(_STRING))),
        ),
        "ParticipantsImported": _object(
            id=_STRING,
            kind=kind,
            complete=_BOOLEAN,
            total={"type": "integer", "minimum": 0},
            registrations=_list(
                _object(
                    line=number,
                    id=_MAYBE_STRING,
                    status=status,
                    position={"type": ["integer", "null"], "minimum": 1},
                    refused=_MAYBE_STRING,
                )
            ),
        ),
        "Invitations": _object(
            invitations=_list(_object(id=_STRING, email=_STRING, language=_STRING, invited_at=_TIME, status=status))
        ),
        "Invited": _object(invited=_list(_STRING), invited_before=_list(_STRING), registered=_list(_STRING)),
    }


def _programme_schemas() -> dict[str, Any]:
    who = _object(certification=_list(_STRING), libraries=_list(_STRING), roles=_list(_STRING), emails=_list(_STRING))
    one_round = _object(
        id=_STRING,
        name=_TEXT,
        opens_at=_TIME,
        closes_at=_MAYBE_TIME,
        who=who,
        reserved_seats=_COUNT,
        rolls_over_at=_MAYBE_TIME,
    )
    track = {
        "id": _STRING,
        "name": _TEXT,
        "roles": _list(_STRING),
        "rounds": {"type": ["array", "null"], "items": one_round},
    }
    programme = {
        "id": _STRING,
        "slug": _STRING,
        "state": {"enum": list(State)},
        "version": {"type": "integer", "minimum": 1},
        "title": _TEXT,
        "summary": _TEXT,
        "description": _TEXT,
        "starts_on": _DAY,
        "ends_on": _DAY,
        "contact": _STRING,
        "owner_group": _STRING,
        "tracks": _list(_object(**track)),
        "rounds": _list(one_round),
        "themes": _list(_STRING),
        "targets": _object(libraries=_COUNT, municipalities=_COUNT, people=_COUNT),
        "grant_number": _MAYBE_STRING,
        "budget": _COUNT,
        "own_share": _COUNT,
    }
    warnings = _list(_object(gathering=_STRING, day=_DAY, reason={"enum": list(Reason)}, detail=_STRING))
    return {
        "Programme": _object(**programme),
        "Programmes": _object(programmes=_list(_ref("schemas", "Programme")), next=_MAYBE_STRING),
        "ProgrammeCopy": _object(**programme, gatherings=_list(_ref("schemas", "Gathering")), warnings=warnings),
        "GatheringCopy": {"allOf": [_ref("schemas", "Gathering"), _object(warnings=warnings)]},
        "TrackOfProgramme": _object(**track, programme=_STRING, version={"type": "integer", "minimum": 1}),
        "Tracks": _object(tracks=_list(_ref("schemas", "TrackOfProgramme")), next=_MAYBE_STRING),
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
