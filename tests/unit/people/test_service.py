"""Who is let in, and that somebody is always left who can let in others."""

import pytest
from hypothesis import given, strategies as st

from shared.people import service
from shared.people.model import LastCoordinator, Person, PersonExists, PersonNotFound
from shared.refusals import Invalid
from shared.roles import Role
from tests.support.memory_people import InMemoryAccounts


def a_person(id: str, *roles: Role) -> Person:
    return Person(id, f"{id}@example.org", frozenset(roles))


def test_somebody_is_invited_with_a_role() -> None:
    accounts = InMemoryAccounts()

    person = service.invite(" ny@Example.org ", "editor", accounts=accounts)

    assert (person.email, person.role) == ("ny@example.org", Role.EDITOR)
    assert accounts.find(person.id) == person
    assert accounts.invited == ["ny@example.org"]


@pytest.mark.parametrize(
    ("email", "role", "fields"),
    [
        ("", "viewer", ["email"]),
        ("nobody", "viewer", ["email"]),
        ("ny@example.org", "", ["role"]),
        ("ny@example.org", "admin", ["role"]),
        ("x", "x", ["email", "role"]),
    ],
)
def test_what_is_wrong_with_an_invitation_is_told(email: str, role: str, fields: list[str]) -> None:
    accounts = InMemoryAccounts()

    with pytest.raises(Invalid) as refused:
        service.invite(email, role, accounts=accounts)

    assert [fault.field for fault in refused.value.faults] == fields
    assert accounts.invited == []


def test_nobody_is_invited_twice() -> None:
    accounts = InMemoryAccounts(a_person("ny", Role.VIEWER))

    with pytest.raises(PersonExists):
        service.invite("ny@example.org", "coordinator", accounts=accounts)

    assert accounts.kept["ny"].roles == {Role.VIEWER}


def test_an_invitation_that_was_cut_short_is_completed() -> None:
    accounts = InMemoryAccounts(a_person("ny"))

    assert service.invite("ny@example.org", "viewer", accounts=accounts).id == "ny"
    assert accounts.kept["ny"].roles == {Role.VIEWER}


def test_people_are_listed_by_address() -> None:
    accounts = InMemoryAccounts(a_person("b", Role.VIEWER), a_person("A", Role.EDITOR), a_person("c"))

    assert [person.id for person in service.everybody(accounts=accounts)] == ["A", "b"]


def test_a_new_role_takes_the_place_of_all_others() -> None:
    accounts = InMemoryAccounts(a_person("one", Role.EDITOR, Role.VIEWER))

    service.change_role("one", "coordinator", accounts=accounts)

    assert accounts.kept["one"].roles == {Role.COORDINATOR}


def test_who_is_not_there_is_not_found() -> None:
    with pytest.raises(PersonNotFound):
        service.change_role("nobody", "viewer", accounts=InMemoryAccounts())
    with pytest.raises(PersonNotFound):
        service.remove("nobody", accounts=InMemoryAccounts())


STEPS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([*Role, None])), max_size=30)


@given(STEPS)
def test_a_coordinator_is_always_left(steps: list[tuple[str, Role | None]]) -> None:
    accounts = InMemoryAccounts(a_person("a", Role.COORDINATOR), a_person("b", Role.EDITOR), a_person("c", Role.VIEWER))

    for id, role in steps:
        try:
            if role is None:
                service.remove(id, accounts=accounts)
            else:
                service.change_role(id, role, accounts=accounts)
        except (LastCoordinator, PersonNotFound):
            continue

    assert any(Role.COORDINATOR in person.roles for person in accounts.everybody())
