"""JSON of rounds as the coordinator API takes and gives it. What each field means stands in the model."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from chalicelib.wire import Line, Moment, Seats, Text, Wire, sendable
from shared.gatherings.rounds import NOBODY, Round, Who
from shared.gatherings.rounds_preview import Outlook
from shared.ids import new_id

Id = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]


def _invited(typed: str) -> str:
    return typed if typed == NOBODY else sendable(typed).casefold()


class WhoBody(Wire):
    """Whom a round is for: all filled lists must hold, any value within one."""

    certification: list[Line] = Field(default=[], max_length=4)
    libraries: list[Annotated[str, Field(max_length=20)]] = Field(default=[], max_length=300)
    roles: list[Line] = Field(default=[], max_length=2)
    emails: list[Annotated[Line, AfterValidator(_invited)]] = Field(default=[], max_length=500)

    def to_domain(self) -> Who:
        """Return whom it is for."""
        return Who(
            certification=tuple(self.certification),
            libraries=tuple(self.libraries),
            roles=tuple(self.roles),
            emails=tuple(self.emails),
        )


class RoundBody(Wire):
    """A round. An id left out is made, or kept from the round that stood in its place."""

    id: Id | None = None
    name: Text
    opens_at: Moment
    closes_at: Moment | None = None
    who: WhoBody = WhoBody()
    reserved_seats: Seats | None = None
    rolls_over_at: Moment | None = None

    def to_domain(self) -> Round:
        """Return the round."""
        return Round(
            id=self.id or new_id(),
            name=self.name,
            opens_at=self.opens_at,
            closes_at=self.closes_at,
            who=self.who.to_domain(),
            reserved_seats=self.reserved_seats,
            rolls_over_at=self.rolls_over_at,
        )


def rounds(bodies: Sequence[RoundBody], before: Sequence[Round] | None) -> tuple[Round, ...]:
    """Return rounds. Those sent without ids are those that stood in their places: their reserved seats stay theirs."""
    kept = [one.id for one in before or ()]
    named = (
        body if body.id is not None or at >= len(kept) else body.model_copy(update={"id": kept[at]})
        for at, body in enumerate(bodies)
    )
    return tuple(body.to_domain() for body in named)


def editable(one: Round) -> dict[str, Any]:
    """Return a round as the API takes it."""
    who = one.who
    return {
        "id": one.id,
        "name": dict(one.name),
        "opens_at": one.opens_at.isoformat(),
        "closes_at": one.closes_at.isoformat() if one.closes_at else None,
        "who": {
            "certification": list(who.certification),
            "libraries": list(who.libraries),
            "roles": list(who.roles),
            "emails": list(who.emails),
        },
        "reserved_seats": one.reserved_seats,
        "rolls_over_at": one.rolls_over_at.isoformat() if one.rolls_over_at else None,
    }


def outlook(library: str, one: Outlook) -> dict[str, Any]:
    """Return what there is for a library, as the API gives it."""
    return {
        "library": library,
        "role": one.workplace.role,
        "round": one.first.id if one.first else None,
        "opens_at": one.opens_at.isoformat() if one.opens_at else None,
        "certification": one.certification or None,
        "proof": one.proof,
        "barred": [
            {"round": barred.round.id, "why": list(barred.why), "certification": barred.certification}
            for barred in one.barred
        ],
    }


def nameless(rounds: list[dict[str, Any]] | None) -> list[dict[str, Any]] | None:
    """Return rounds as the API gives them, without the addresses of those who are invited."""
    return None if rounds is None else [one | {"who": one["who"] | {"emails": []}} for one in rounds]
