"""JSON of registrations as the API takes and gives it. What each field means stands in the model it becomes."""

import re
from dataclasses import asdict
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from chalicelib.wire import Wire
from chalicelib.wire_attendance import attended
from shared.network import Network
from shared.refusals import N_, Fault, Invalid
from shared.registration.applying import Application, Booker, Booking
from shared.registration.model import Registration
from shared.registration.ports import Answers

Name = Annotated[str, Field(max_length=5_000)]
Email = Annotated[str, Field(max_length=1_000)]
Words = Annotated[str, Field(max_length=20_000)]
Ids = Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=50)]
Given = dict[Annotated[str, Field(max_length=40)], bool | Words | list[Words]]


_INVOICE: Final = re.compile(r"participants\.[0-9]+\.(gln|reference)")

Action = Literal[
    "cancel",
    "accept",
    "approve",
    "reject",
    "accept_library",
    "accept_domain",
    "seat",
    "move",
    "move_to",
    "correct",
    "note",
    "send_link",
]


class NeedsBody(Wire):
    """What it takes for somebody to take part. It is deleted days after the gathering."""

    diet: Words = ""
    accommodation: Words = ""


class ParticipantBody(Wire):
    """Who takes part. `mode` is for hybrid gatherings, `answers` by the id of the question."""

    name: Name
    email: Email
    library: Annotated[str, Field(max_length=20)]
    role: Annotated[str, Field(max_length=20)]
    sessions: Ids | None = None
    mode: Annotated[str, Field(max_length=20)] | None = None
    answers: Given = Field(default={}, max_length=50)
    needs: NeedsBody = NeedsBody()


class BookerBody(Wire):
    """Who registers others."""

    name: Name
    email: Email


class InvoiceBody(Wire):
    """Where the invoice goes: a GLN and the buyer's reference."""

    gln: Annotated[str, Field(max_length=40)] = ""
    reference: Annotated[str, Field(max_length=500)] = ""


class RegistrationBody(Wire):
    """A request for seats."""

    group: Literal["all", "as_many"] = "all"
    booker: BookerBody | None = None
    participants: list[ParticipantBody] = Field(min_length=1, max_length=100)
    invoice: InvoiceBody = InvoiceBody()
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")] | None = None

    def to_domain(self, network: Network) -> Booking:
        """Return the booking. Raise Invalid for a language that the network does not use."""
        language = self.language or network.languages[0]
        if language not in network.languages:
            raise Invalid(Fault("language", N_("This network does not use that language.")))
        return Booking(
            participants=tuple(self._application(person) for person in self.participants),
            language=language,
            booker=Booker(self.booker.name, self.booker.email) if self.booker else None,
            together=self.group == "all",
        )

    def _application(self, person: ParticipantBody) -> Application:
        return Application(
            name=person.name,
            email=person.email,
            library=person.library,
            role=person.role,
            mode=person.mode or "",
            sessions=tuple(person.sessions) if person.sessions is not None else None,
            answers=person.answers,
            diet=person.needs.diet,
            accommodation=person.needs.accommodation,
            gln=self.invoice.gln,
            reference=self.invoice.reference,
        )


class OwnPatch(Wire):
    """What a participant does with the own registration; what is left out stays as it is.

    `decline` is a no to an offer or to a place in the line; `not_me` deletes what somebody else filled in.
    """

    confirm: Literal[True] | None = None
    accept: Literal[True] | None = None
    decline: Literal[True] | None = None
    not_me: Literal[True] | None = None
    sessions: Ids | None = None
    mode: Annotated[str, Field(max_length=20)] | None = None
    answers: Annotated[Given, Field(max_length=50)] | None = None
    needs: NeedsBody | None = None
    email: Email | None = None
    hand_over: BookerBody | None = None


class RegistrationPatch(Wire):
    """What a coordinator does with one registration of a gathering. `why` is asked for what others may see.

    `sessions` and `mode` are for `move`, and for `move_to` another `gathering`. `name`, `email`, `library` and `role`
    are for `correct`: what is left out stays. `note` and `correct` may name the `version` that they are meant for.
    """

    id: Annotated[str, Field(max_length=64)]
    action: Action
    why: Words = ""
    note: Words = ""
    sessions: Ids | None = None
    mode: Annotated[str, Field(max_length=20)] | None = None
    gathering: Annotated[str, Field(max_length=64)] = ""
    name: Name | None = None
    email: Email | None = None
    library: Annotated[str, Field(max_length=20)] | None = None
    role: Annotated[str, Field(max_length=20)] | None = None
    version: Annotated[int, Field(ge=1)] | None = None


def in_body(fault: str) -> str:
    """Return the field of a fault in a request for seats: the invoice stands there once, for everybody."""
    return _INVOICE.sub(r"invoice.\1", fault)


def answered(answers: Answers) -> dict[str, Any]:
    """Return what became of a booking, in the order of its participants."""
    return {
        "registrations": [
            {"id": one.registration_id, "status": one.status, "position": one.position} for one in answers
        ]
    }


def registration(one: Registration, position: int | None = None) -> dict[str, Any]:
    """Return a registration as coordinators, and the participant, see it. `position` is in the line."""
    person, needs = one.participant, one.needs
    return {
        "id": one.id,
        "status": one.status,
        "position": position,
        "name": person.name,
        "email": person.email,
        "library": person.library,
        "role": person.role,
        "mode": one.mode,
        "sessions": list(one.sessions),
        "answers": {key: list(value) if isinstance(value, tuple) else value for key, value in one.answers.items()},
        "needs": asdict(needs) if needs else None,
        "invoice": asdict(one.invoice) if one.invoice else None,
        "awaits": sorted(one.awaits),
        "deadline": one.deadline.isoformat() if one.deadline else None,
        "registered_at": one.registered_at.isoformat(),
        "mail_problem": one.mail_problem,
    }


def for_coordinators(one: Registration, position: int | None = None) -> dict[str, Any]:
    """Return a registration with what only coordinators see: version, round, note and history."""
    return {
        **registration(one, position),
        "gathering": one.gathering_id,
        "version": one.version,
        "round": one.round_id,
        "booked_by_another": one.booking_id is not None,
        "note": one.note,
        "joined": [{"session": session, "at": at.isoformat()} for session, at in one.joined.items()],
        "attended": attended(one),
        "history": [
            {
                "at": step.at.isoformat(),
                "what": step.what,
                "by": step.by.actor,
                "by_id": step.by.id or None,
                "why": step.by.why,
            }
            for step in one.history
        ],
    }
