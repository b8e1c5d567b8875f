"""The coordinators' API: what is known of libraries beyond the network's profile."""

from typing import Final

from chalice.app import Response

from chalicelib import answers, bodies, routing, wire_libraries
from chalicelib.coordinating import domains_listed
from chalicelib.visit import SignedInVisit, Visit
from shared.bootstrap import web as bootstrap
from shared.libraries.model import Library
from shared.roles import Role

api = routing.coordinator_api()

PATH: Final = "/api/v1/coordinator/libraries"


@api.get(PATH, *Role)
def libraries(visit: Visit) -> Response:
    """List all libraries by name, those that were merged among them; or those that a text is found in."""
    directory = bootstrap.libraries().fresh()
    sought = visit.query.get("q", "")
    found = directory.search(sought) if sought else directory.every()
    today = visit.today
    shown = [wire_libraries.for_coordinators(library, today, directory) for library in found]
    return answers.data({"libraries": shown, "next": None})


@api.post(PATH, Role.COORDINATOR)
def add(visit: Visit) -> Response:
    """Add a library that the profile does not have."""
    library = bodies.read(wire_libraries.LibraryBody, visit.request).to_domain()
    return _answer(visit, bootstrap.libraries().add(library), status=201)


@api.get(f"{PATH}/{{number}}", *Role)
def library(visit: Visit, number: str) -> Response:
    """Give one library, merged or not."""
    return _answer(visit, bootstrap.libraries().fresh().get(number))


@api.patch(f"{PATH}/{{number}}", Role.COORDINATOR)
def change(visit: SignedInVisit, number: str) -> Response:
    """Change some of what is known of a library."""
    directory = bootstrap.libraries().fresh()
    patch = bodies.read(wire_libraries.LibraryPatch, visit.request)
    before = directory.get(number)
    changed = directory.change(patch.onto(before))
    if changed.domains != before.domains:
        domains_listed(visit)
    return _answer(visit, changed)


@api.post(f"{PATH}/{{number}}/merge", Role.COORDINATOR)
def merge(visit: SignedInVisit, number: str) -> Response:
    """Let a library become part of another."""
    directory = bootstrap.libraries().fresh()
    body = bodies.read(wire_libraries.MergeBody, visit.request)
    version = directory.get(number).version if body.version is None else body.version
    merged = directory.merge(number, body.into, version=version)
    domains_listed(visit)
    return _answer(visit, merged)


@api.post(f"{PATH}/{{number}}/domains", Role.COORDINATOR)
def accept_domain(visit: SignedInVisit, number: str) -> Response:
    """List a domain as one that proves work at a library."""
    body = bodies.read(wire_libraries.DomainBody, visit.request)
    library = bootstrap.libraries().accept_domain(number, body.domain)
    domains_listed(visit)
    return _answer(visit, library)


def _answer(visit: Visit, library: Library, *, status: int = 200) -> Response:
    today = visit.today
    shown = wire_libraries.for_coordinators(library, today, bootstrap.libraries())
    headers = {"Location": f"{PATH}/{library.id}"} if status == 201 else {}
    return answers.data(shown, status=status, headers=headers)
