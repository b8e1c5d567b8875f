"""What pages' own scripts send and are told: the fields of a form, and JSON."""

from collections.abc import Callable
from typing import Any, TypeVar

from chalice.app import Response
from pydantic import BaseModel

from chalicelib import answers, bodies, planning
from chalicelib.bodies import validated
from chalicelib.visit import DeskVisit

M = TypeVar("M", bound=BaseModel)


def body(model: type[M], visit: DeskVisit) -> M:
    """Return a form as the model. Raise Invalid."""
    fields = bodies.fields(visit.request)
    numbers = fields.pop("numbers", None)
    told = {name: values[-1] for name, values in fields.items() if name != "csrf"}
    return validated(model, told if numbers is None else {**told, "numbers": numbers})


def told(visit: DeskVisit, tell: Callable[[], dict[str, Any]]) -> Response:
    """Answer a script: with what it asked for, or with what refused it, to be shown on the page."""
    said: dict[str, Any] = {}
    refusal = planning.tried(lambda: said.update(tell()))
    return answers.problem(visit, refusal) if refusal else answers.data(said)
