"""Logins in memory and in the table behave alike."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.logins.dynamo import DynamoLoginStore
from shared.logins.model import Login, key
from shared.logins.ports import LoginStore
from shared.people.model import Person
from shared.roles import Role
from tests.support import aws
from tests.support.builders import NOW
from tests.support.memory_people import InMemoryLoginStore

KINDS: dict[str, Callable[[], LoginStore]] = {"memory": InMemoryLoginStore, "dynamo": DynamoLoginStore}
PERSON = Person("id", "tovholder@example.org", frozenset({Role.COORDINATOR, Role.EDITOR}))


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest) -> LoginStore:
    if request.param == "dynamo":
        request.getfixturevalue("table")
    return KINDS[request.param]()


def test_a_login_is_kept_as_it_is(store: LoginStore) -> None:
    login = Login.begin(PERSON, NOW)

    store.add(login)

    assert store.get(login.id) == login


def test_nobody_comes_in_by_what_the_table_holds(store: LoginStore) -> None:
    login = Login.begin(PERSON, NOW)
    store.add(login)

    assert store.get(key(login.id)) is None
    assert store.get("another") is None


def test_what_was_checked_is_kept(store: LoginStore) -> None:
    login = Login.begin(PERSON, NOW)
    store.add(login)
    checked = login.checked(replace(PERSON, roles=frozenset({Role.VIEWER})), NOW + timedelta(minutes=5))

    assert store.renew(checked)
    assert store.get(login.id) == checked


def test_a_login_that_was_left_meanwhile_does_not_come_back(store: LoginStore) -> None:
    login = Login.begin(PERSON, NOW)
    store.add(login)
    store.delete(login.id)

    assert not store.renew(login.checked(PERSON, NOW))
    assert store.get(login.id) is None


def test_leaving_twice_does_no_harm(store: LoginStore) -> None:
    login = Login.begin(PERSON, NOW)
    store.add(login)

    store.delete(login.id)
    store.delete(login.id)

    assert store.get(login.id) is None


def test_a_row_goes_when_its_login_is_over(table: None) -> None:
    login = Login.begin(PERSON, NOW)
    DynamoLoginStore().add(login)

    [row] = aws.rows()
    assert int(row["expires_at"]["N"]) == int(login.ends_at.timestamp())
