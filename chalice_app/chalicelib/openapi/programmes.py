"""Programmes and tracks, and gatherings planned anew."""

from typing import Any, Final

from chalicelib import wire_programmes
from chalicelib.openapi.parts import (
    CERTIFICATE_SHARE,
    COUNT,
    DAY,
    MAYBE_STRING,
    MAYBE_TIME,
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
from shared.gatherings.model import State
from shared.gatherings.rounds import ROLES
from shared.gatherings.rounds_preview import Bar, Proof
from shared.workdays import Reason

BODIES: Final = (
    wire_programmes.DuplicateBody,
    wire_programmes.NewTrackBody,
    wire_programmes.ProgrammeBody,
    wire_programmes.ProgrammePatch,
    wire_programmes.TrackPatch,
)


def paths() -> dict[str, Any]:
    """Return the calls."""
    one = {"parameters": [ref("parameters", "programme_id")]}
    path = "/coordinator/programmes"
    return {
        path: {
            "get": signed_in(
                "programmes",
                "List programmes of every state, the latest first day first.",
                200,
                "Programmes",
                "422",
                parameters=[parameter("cursor", "query", STRING, "`next` of the page before.")],
            ),
            "post": signed_in(
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
            "get": signed_in("programme", "Give one programme.", 200, "Programme", "404"),
            "patch": signed_in(
                "changeProgramme",
                "Change some fields. Its gatherings follow when rounds change; refused if one of them could not.",
                200,
                "Programme",
                *("404", "409", "413", "415", "422"),
                body="ProgrammePatch",
            ),
        },
        f"{path}/{{programme_id}}/rounds": one
        | {
            "get": signed_in(
                "roundsOfProgramme",
                "Say who could register when for the gatherings of a programme, or of one of its tracks, and why not.",
                200,
                "Outlooks",
                "404",
                parameters=[parameter("track", "query", STRING, "A track's id.")],
            )
        },
        "/coordinator/gatherings/{gathering_id}/rounds": {
            "parameters": [ref("parameters", "gathering_id")],
            "get": signed_in("roundsOfGathering", "Say who could register when, and why not.", 200, "Outlooks", "404"),
        },
        f"{path}/{{programme_id}}/publish": one
        | {"post": signed_in("publishProgramme", "Show it to the public.", 200, "Programme", "404", "409")},
        f"{path}/{{programme_id}}/cancel": one
        | {"post": signed_in("cancelProgramme", "Take it off. Its gatherings stay.", 200, "Programme", "404", "409")},
        f"{path}/{{programme_id}}/duplicate": one
        | {
            "post": signed_in(
                "duplicateProgramme",
                "Plan it and its gatherings anew, in other weeks. Asked for again, it gives the copy that is there. "
                "Rounds are copied without addresses: `-` stands for them, and lets nobody in.",
                201,
                "ProgrammeCopy",
                *("404", "409", "413", "415", "422"),
                body="DuplicateBody",
            )
        },
        "/coordinator/gatherings/{gathering_id}/duplicate": {
            "parameters": [ref("parameters", "gathering_id")],
            "post": signed_in(
                "duplicateGathering",
                "Plan a gathering anew, in another week. `warnings` say what speaks against its days and rounds.",
                201,
                "GatheringCopy",
                *("404", "409", "413", "415", "422"),
                body="DuplicateBody",
            ),
        },
        "/coordinator/tracks": {
            "get": signed_in("tracks", "List all tracks, each with its programme.", 200, "Tracks"),
            "post": signed_in(
                "addTrack",
                "Add a track to a programme.",
                201,
                "TrackOfProgramme",
                *("404", "409", "413", "415", "422"),
                body="NewTrackBody",
            ),
        },
        "/coordinator/tracks/{track_id}": {
            "parameters": [parameter("track_id", "path", STRING, "The track's id.")],
            "patch": signed_in(
                "changeTrack",
                "Change some fields of a track. `version` is its programme's.",
                200,
                "TrackOfProgramme",
                *("404", "409", "413", "415", "422"),
                body="TrackPatch",
            ),
        },
    }


def schemas() -> dict[str, Any]:
    """Return what they give."""
    who = an_object(certification=a_list(STRING), libraries=a_list(STRING), roles=a_list(STRING), emails=a_list(STRING))
    one_round = an_object(
        id=STRING,
        name=TEXT,
        opens_at=TIME,
        closes_at=MAYBE_TIME,
        who=who,
        reserved_seats=COUNT,
        rolls_over_at=MAYBE_TIME,
    )
    track = {
        "id": STRING,
        "name": TEXT,
        "roles": a_list(STRING),
        "rounds": {"type": ["array", "null"], "items": one_round},
    }
    programme = {
        "id": STRING,
        "slug": STRING,
        "state": {"enum": list(State)},
        "version": NUMBER,
        "title": TEXT,
        "summary": TEXT,
        "description": TEXT,
        "starts_on": DAY,
        "ends_on": DAY,
        "contact": STRING,
        "owner_group": STRING,
        "tracks": a_list(an_object(**track)),
        "rounds": a_list(one_round),
        "themes": a_list(STRING),
        "targets": an_object(libraries=COUNT, municipalities=COUNT, people=COUNT),
        "grant_number": MAYBE_STRING,
        "budget": COUNT,
        "own_share": COUNT,
        "certificate_share": CERTIFICATE_SHARE,
    }
    barred = an_object(round=STRING, why=a_list({"enum": list(Bar)}), certification=STRING)
    outlook = an_object(
        library=STRING,
        role={"enum": list(ROLES)},
        round=MAYBE_STRING,
        opens_at=MAYBE_TIME,
        certification=MAYBE_STRING,
        proof={"enum": list(Proof)},
        barred=a_list(barred),
    )
    warnings = a_list(
        an_object(gathering=STRING, day=DAY, reason={"enum": [*Reason, wire_programmes.NO_ROUND]}, detail=STRING)
    )
    return {
        "Programme": an_object(**programme),
        "Programmes": an_object(programmes=a_list(ref("schemas", "Programme")), next=MAYBE_STRING),
        "ProgrammeCopy": an_object(**programme, gatherings=a_list(ref("schemas", "Gathering")), warnings=warnings),
        "GatheringCopy": {"allOf": [ref("schemas", "Gathering"), an_object(warnings=warnings)]},
        "Outlooks": an_object(rounds=a_list(one_round), outlooks=a_list(outlook)),
        "TrackOfProgramme": an_object(**track, programme=STRING, version=NUMBER),
        "Tracks": an_object(tracks=a_list(ref("schemas", "TrackOfProgramme")), next=MAYBE_STRING),
    }
