"""Who may sign in."""

from dataclasses import dataclass
from typing import Final

from chalice.app import Response

from chalicelib import answers, bodies, desk, routing
from chalicelib.desk import ROLES, DeskScreen
from chalicelib.visit import DeskVisit
from shared.bootstrap import web as bootstrap
from shared.people import service
from shared.people.model import Person, PersonNotFound
from shared.refusals import N_, Refusal
from shared.roles import Role

pages = routing.desk()

PATH: Final = "/tovholder/mennesker"

DONE: Final = {
    "invited": N_("The invitation is on its way by mail."),
    "changed": N_("The role is changed. It holds within a few minutes."),
    "removed": N_("The person cannot sign in any more, and is signed out within a few minutes."),
}


@dataclass(frozen=True, slots=True)
class PeopleScreen(DeskScreen):
    """Everybody, and the invitation with what was typed."""

    people: tuple[Person, ...]
    email: str = ""
    chosen: str = Role.VIEWER

    @property
    def roles(self) -> tuple[tuple[str, str], ...]:
        """What there is to choose from: values and names, to be translated."""
        return tuple((role.value, name) for role, name in ROLES.items())

    def role_of(self, person: Person) -> str:
        """The name of a person's role, to be translated."""
        return ROLES[person.role] if person.role else ""


@dataclass(frozen=True, slots=True)
class PersonScreen(PeopleScreen):
    """One of them: `people` has nobody else."""

    @property
    def person(self) -> Person:
        """Whose page it is."""
        [person] = self.people
        return person


@pages.get(PATH, Role.COORDINATOR)
def people(visit: DeskVisit) -> Response:
    """Show everybody."""
    done = DONE.get(visit.query.get("done", ""))
    return desk.page(visit, "desk/people.html", PeopleScreen(visit.login, _everybody(), done=done))


@pages.post(PATH, Role.COORDINATOR)
def invite(visit: DeskVisit) -> Response:
    """Let somebody in."""
    typed = bodies.form(visit.request)
    email, role = typed.get("email", ""), typed.get("role", "")
    try:
        service.invite(email, role, accounts=bootstrap.people())
    except Refusal as refusal:
        return desk.page(
            visit, "desk/people.html", PeopleScreen(visit.login, _everybody(), email, role, refusal=refusal)
        )
    return answers.see_other(visit, f"{PATH}?done=invited")


@pages.get(f"{PATH}/{{person_id}}", Role.COORDINATOR)
def person(visit: DeskVisit, person_id: str) -> Response:
    """Show one person."""
    return _person(visit, person_id)


@pages.post(f"{PATH}/{{person_id}}", Role.COORDINATOR)
def change(visit: DeskVisit, person_id: str) -> Response:
    """Give somebody another role."""
    typed = bodies.form(visit.request)
    try:
        service.change_role(person_id, typed.get("role", ""), accounts=bootstrap.people(), was=typed.get("was", ""))
    except Refusal as refusal:
        return _person(visit, person_id, refusal)
    return answers.see_other(visit, f"{PATH}?done=changed")


@pages.post(f"{PATH}/{{person_id}}/inviter", Role.COORDINATOR)
def invite_again(visit: DeskVisit, person_id: str) -> Response:
    """Send the invitation once more."""
    try:
        service.invite_again(person_id, accounts=bootstrap.people())
    except Refusal as refusal:
        return _person(visit, person_id, refusal)
    return answers.see_other(visit, f"{PATH}?done=invited")


@pages.get(f"{PATH}/{{person_id}}/fjern", Role.COORDINATOR)
def ask_to_remove(visit: DeskVisit, person_id: str) -> Response:
    """Ask whether somebody is really to be let in no more."""
    return desk.page(visit, "desk/person-remove.html", PersonScreen(visit.login, _one(person_id)))


@pages.post(f"{PATH}/{{person_id}}/fjern", Role.COORDINATOR)
def remove(visit: DeskVisit, person_id: str) -> Response:
    """Let somebody in no more."""
    try:
        service.remove(person_id, accounts=bootstrap.people())
    except Refusal as refusal:
        return _person(visit, person_id, refusal)
    return answers.see_other(visit, f"{PATH}?done=removed")


def _everybody() -> tuple[Person, ...]:
    return service.everybody(accounts=bootstrap.people())


def _person(visit: DeskVisit, person_id: str, refusal: Refusal | None = None) -> Response:
    return desk.page(visit, "desk/person.html", PersonScreen(visit.login, _one(person_id), refusal=refusal))


def _one(person_id: str) -> tuple[Person]:
    person = next((one for one in _everybody() if one.id == person_id), None)
    if person is None:
        raise PersonNotFound
    return (person,)
