"""Sheets that are shown before they are kept."""

from typing import Any, Final

from chalicelib import wire_imports
from chalicelib.openapi.libraries import CERTIFIED, FACTS
from chalicelib.openapi.parts import (
    AMOUNT,
    BOOLEAN,
    MAYBE_STRING,
    NUMBER,
    PLACE,
    STRING,
    a_list,
    an_object,
    parameter,
    ref,
    signed_in,
)
from shared.registration.model import Status

BODIES: Final = (wire_imports.ImportBody,)


def paths() -> dict[str, Any]:
    """Return the calls."""
    return {
        "/coordinator/imports": {
            "post": signed_in(
                "previewImport",
                "Say what a sheet would change, line by line, and keep that for a day to be confirmed.",
                201,
                "Import",
                *("404", "413", "415", "422"),
                body="ImportBody",
            )
        },
        "/coordinator/imports/{import_id}/confirm": {
            "parameters": [parameter("import_id", "path", STRING, "The import's id.")],
            "post": signed_in(
                "confirmImport",
                "Keep exactly what was shown. Once or twice is the same. Participants are registered some at a time:"
                " ask again until it is `complete`.",
                200,
                "ImportOutcome",
                *("404", "409"),
            ),
        },
    }


def schemas() -> dict[str, Any]:
    """Return what they give."""
    value = {"anyOf": [MAYBE_STRING, CERTIFIED]}
    change = an_object(
        library=STRING,
        name=STRING,
        field={"enum": ["name", "aliases", "domains", "certification"]},
        before=value,
        after=value,
    )
    libraries = {"enum": ["libraries"]}
    participants = {"enum": ["participants"]}
    line = an_object(line=NUMBER, name=STRING, email=STRING, library=MAYBE_STRING, role=STRING)
    faults = a_list(an_object(line=NUMBER, field=STRING, detail=STRING))
    return {
        "Import": {"oneOf": [ref("schemas", "ImportOfLibraries"), ref("schemas", "ImportOfParticipants")]},
        "ImportOutcome": {"oneOf": [ref("schemas", "LibrariesImported"), ref("schemas", "ParticipantsImported")]},
        "ImportOfLibraries": an_object(
            id=STRING,
            kind=libraries,
            changes=a_list(change),
            new=a_list(an_object(**FACTS)),
            same=AMOUNT,
            faults=faults,
        ),
        "LibrariesImported": an_object(id=STRING, kind=libraries, kept=a_list(STRING), passed_over=a_list(STRING)),
        "ImportOfParticipants": an_object(
            id=STRING,
            kind=participants,
            gathering=STRING,
            new=a_list(line),
            already=a_list(line),
            faults=faults,
            unknown_libraries=a_list(an_object(written=STRING, lines=a_list(NUMBER), similar=a_list(STRING))),
        ),
        "ParticipantsImported": an_object(
            id=STRING,
            kind=participants,
            complete=BOOLEAN,
            total=AMOUNT,
            registrations=a_list(
                an_object(
                    line=NUMBER,
                    id=MAYBE_STRING,
                    status={"enum": [*Status, None]},
                    position=PLACE,
                    refused=MAYBE_STRING,
                )
            ),
        ),
    }
