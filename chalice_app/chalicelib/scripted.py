"""What pages' own scripts send and are told: the fields of a form, and JSON."""

from collections.abc import Callable
from typing import Any, TypeVar, get_origin

from chalice.app import Response
from pydantic import BaseModel

from chalicelib import answers, bodies, planning
from chalicelib.bodies import validated
from chalicelib.visit import DeskVisit

M = TypeVar("M", bound=BaseModel)


def body(model: type[M], visit: DeskVisit) -> M:
    """Return a form as the model. Raise Invalid."""
    fields = {name: values for name, values in bodies.fields(visit.request).items() if name != "csrf"}
    lists = {name for name, field in model.model_fields.items() if get_origin(field.annotation) is list}
    return validated(model, {name: values if name in lists else values[-1] for name, values in fields.items()})


def told(visit: DeskVisit, tell: Callable[[], dict[str, Any]]) -> Response:
    """Answer a script: with what it asked for, or with what refused it, to be shown on the page."""
    said: dict[str, Any] = {}
    refusal = planning.tried(lambda: said.update(tell()))
    return answers.problem(visit, refusal) if refusal else answers.data(said)
