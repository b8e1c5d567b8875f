"""Reading what was sent: forms and JSON, never larger than a form of ours can be."""

from typing import Final, TypeVar
from urllib.parse import parse_qs

from chalice.app import Request
from pydantic import BaseModel, ValidationError

from shared.refusals import N_, Fault, Invalid, Refusal

LARGEST: Final = 1_000_000
"""Bytes. API Gateway takes ten times as much; what is larger goes straight to S3."""

_SENTENCES: Final = {
    "missing": N_("This field is required."),
    "extra_forbidden": N_("There is no such field."),
    "string_type": N_("This must be a text."),
    "timezone_aware": N_("A time needs its offset from UTC, as in 2027-03-23T09:00:00+01:00."),
}
_OTHERWISE: Final = N_("This value cannot be used here.")

M = TypeVar("M", bound=BaseModel)


class TooLarge(Refusal):
    """The body is larger than anything we ask for."""

    kind = "too-large"
    status = 413
    message = N_("That is more than can be sent at once.")


def form(request: Request) -> dict[str, str]:
    """Return a form's fields, each by its last value. Raise TooLarge, or Invalid when it is no form."""
    try:
        fields = parse_qs(_raw(request).decode("utf-8"), keep_blank_values=True, max_num_fields=200)
    except ValueError as error:
        raise Invalid(Fault("", N_("The form could not be read."))) from error
    return {name: values[-1] for name, values in fields.items()}


def read(model: type[M], request: Request) -> M:
    """Return a JSON body as the model. Raise TooLarge, or Invalid naming every field that is wrong."""
    try:
        return model.model_validate_json(_raw(request))
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
        Fault(".".join(str(part) for part in one["loc"]), _SENTENCES.get(one["type"], _OTHERWISE))
        for one in error.errors(include_url=False, include_context=False, include_input=False)
    ]


def _raw(request: Request) -> bytes:
    body = request.raw_body
    assert isinstance(body, bytes), "Chalice has taken it out of base64"
    if len(body) > LARGEST:
        raise TooLarge
    return body
