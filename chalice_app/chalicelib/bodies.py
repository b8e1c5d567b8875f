"""Reading what was sent: forms and JSON, never larger than a form of ours can be."""

import re
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser
from typing import Final, TypeVar
from urllib.parse import parse_qs

from chalice.app import Request
from pydantic import BaseModel, ValidationError

from shared.refusals import N_, Fault, Invalid, Refusal

LARGEST: Final = 1_000_000
"""Bytes. API Gateway takes ten times as much; what is larger goes straight to S3."""

LARGEST_UPLOAD: Final = 4_000_000
"""Bytes of a body that brings a spreadsheet. Lambda takes 6 MB, and gets a body in base64."""

MULTIPART: Final = "multipart/form-data"

OUT_OF_REACH: Final = N_("The year must be between %(first)s and %(last)s.")
_SENTENCES: Final = {
    "missing": N_("This field is required."),
    "extra_forbidden": N_("There is no such field."),
    "string_type": N_("This must be a text."),
    "timezone_aware": N_("A time needs its offset from UTC, as in 2027-03-23T09:00:00+01:00."),
    "greater_than_equal": N_("This must be at least %(ge)s."),
    "less_than_equal": N_("This must be at most %(le)s."),
    "too_short": N_("There must be at least %(min_length)s."),
    "too_long": N_("There can be at most %(max_length)s."),
    "string_too_long": N_("This is too long: at most %(max_length)s characters."),
    "out_of_reach": OUT_OF_REACH,
    "not_an_address": N_("This is not an e-mail address. It should look like name@library.dk."),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), N_("This must be a whole number.")),
    **dict.fromkeys(
        ("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"),
        N_("This is not a date. Write it like 2027-03-23."),
    ),
    **dict.fromkeys(
        ("datetime_type", "datetime_parsing", "datetime_from_date_parsing"),
        N_("This is not a time. Write it like 2027-03-23T09:00:00+01:00."),
    ),
}
"""What is said of each kind of error, with what pydantic tells of it."""

_KEY: Final = re.compile(r"[\x21-\x7e]{1,200}")
_OTHERWISE: Final = N_("This value cannot be used here.")

MOST_FIELDS: Final = 2_000
"""Of one form: rounds, sessions and questions of a large gathering are some hundreds."""

M = TypeVar("M", bound=BaseModel)


class TooLarge(Refusal):
    """The body is larger than anything we ask for."""

    kind = "too-large"
    status = 413
    message = N_("That is more than can be sent at once.")


def idempotency_key(request: Request) -> str:
    """Return the header that makes a request sent again the same request. Raise Invalid when there is none."""
    key = request.headers.get("idempotency-key", "")
    if not _KEY.fullmatch(key):
        raise Invalid(Fault("Idempotency-Key", N_("Send the header Idempotency-Key: 1 to 200 visible characters.")))
    return str(key)


def form(request: Request) -> dict[str, str]:
    """Return a form's fields, each by its last value. Raise TooLarge, or Invalid when it is no form."""
    return {name: values[-1] for name, values in fields(request).items()}


def fields(request: Request) -> dict[str, list[str]]:
    """Return a form's fields, each with all its values. Raise as `form` does."""
    try:
        if _brings_files(request):
            found: dict[str, list[str]] = {}
            for name, content, is_file in _parts(request):
                if not is_file:
                    found.setdefault(name, []).append(content.decode())
            return found
        return parse_qs(_raw(request).decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise _NoForm() from error


def files(request: Request) -> dict[str, bytes]:
    """Return the files that a form brings, by field; one that was left out is empty. Raise as `form` does."""
    return {name: content for name, content, is_file in _parts(request) if is_file}


def read(model: type[M], request: Request, *, largest: int = LARGEST) -> M:
    """Return a JSON body as the model. Raise TooLarge, or Invalid naming every field that is wrong."""
    try:
        return model.model_validate_json(_raw(request, largest))
    except ValidationError as error:
        raise Invalid(*_faults(error)) from error


def validated(model: type[M], body: object) -> M:
    """Return what is no longer JSON as the model. Raise Invalid naming every field that is wrong."""
    try:
        return model.model_validate(body)
    except ValidationError as error:
        raise Invalid(*_faults(error)) from error


def _faults(error: ValidationError) -> list[Fault]:
    return [
        Fault(
            ".".join(str(part) for part in one["loc"]),
            _SENTENCES.get(one["type"], _OTHERWISE),
            {name: value for name, value in one.get("ctx", {}).items() if isinstance(value, str | int)},
        )
        for one in error.errors(include_url=False, include_input=False)
    ]


def _raw(request: Request, largest: int = LARGEST) -> bytes:
    body = request.raw_body
    assert isinstance(body, bytes), "Chalice has taken it out of base64"
    if len(body) > largest:
        raise TooLarge
    return body


def _brings_files(request: Request) -> bool:
    return str(request.headers.get("content-type", "")).lower().startswith(MULTIPART)


def _parts(request: Request) -> Iterator[tuple[str, bytes, bool]]:
    """Yield name, content and whether it is a file, of each part of a form (RFC 7578)."""
    body = _raw(request, LARGEST_UPLOAD)
    told = Message()
    told["content-type"] = request.headers.get("content-type", "")
    boundary = told.get_boundary()
    if boundary is None:
        raise _NoForm
    # What stands before the first boundary and after the last is no part.
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary.encode())[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        headers = BytesParser().parsebytes(head.lstrip(), headersonly=True)
        name = headers.get_param("name", header="content-disposition")
        if isinstance(name, str):
            yield name, content, headers.get_filename() is not None


class _NoForm(Invalid):
    """The body is no form."""

    def __init__(self) -> None:
        super().__init__(Fault("", N_("The form could not be read.")))
