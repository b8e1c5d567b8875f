"""Accounts in memory and in Cognito behave alike."""

from collections.abc import Callable

import pytest

from shared.people.cognito import CognitoAccounts
from shared.people.model import PersonExists, PersonNotFound
from shared.people.ports import Accounts
from shared.refusals import StoreUnavailable
from shared.roles import Role
from tests.support.aws import client
from tests.support.faults import FaultInjector, Trouble
from tests.support.memory_people import InMemoryAccounts

POOL = {"PoolName": "people", "UsernameAttributes": ["email"], "AutoVerifiedAttributes": ["email"]}


def in_cognito() -> Accounts:
    cognito = client("cognito-idp")
    pool = cognito.create_user_pool(**POOL)["UserPool"]["Id"]
    for role in Role:
        cognito.create_group(UserPoolId=pool, GroupName=role.value)
    return CognitoAccounts(cognito, pool)


KINDS: dict[str, Callable[[], Accounts]] = {"memory": InMemoryAccounts, "cognito": in_cognito}


@pytest.fixture(params=KINDS)
def accounts(request: pytest.FixtureRequest) -> Accounts:
    if request.param == "cognito":
        request.getfixturevalue("_aws")
    return KINDS[request.param]()


def test_who_is_invited_has_an_account_and_no_role_yet(accounts: Accounts) -> None:
    person = accounts.invite("ny@example.org")

    assert person.email == "ny@example.org"
    assert person.roles == frozenset()
    assert accounts.find(person.id) == person
    assert accounts.everybody() == ()


def test_an_account_is_found_by_its_address(accounts: Accounts) -> None:
    person = accounts.invite("ny@example.org")

    assert accounts.find("ny@example.org") == person


def test_nobody_is_invited_twice(accounts: Accounts) -> None:
    accounts.invite("ny@example.org")

    with pytest.raises(PersonExists):
        accounts.invite("ny@example.org")


def test_an_invitation_is_sent_again_to_who_has_one(accounts: Accounts) -> None:
    accounts.invite("ny@example.org")

    accounts.invite_again("ny@example.org")

    assert accounts.find("ny@example.org") is not None
    with pytest.raises(PersonNotFound):
        accounts.invite_again("nobody@example.org")


def test_roles_are_given_and_taken(accounts: Accounts) -> None:
    id = accounts.invite("ny@example.org").id

    accounts.give(id, {Role.EDITOR, Role.VIEWER})
    assert [person.roles for person in accounts.everybody()] == [{Role.EDITOR, Role.VIEWER}]

    accounts.give(id, {Role.COORDINATOR})
    found = accounts.find(id)
    assert found is not None
    assert found.roles == {Role.COORDINATOR}
    assert list(accounts.everybody()) == [found]


def test_who_is_removed_is_unknown_and_stays_so(accounts: Accounts) -> None:
    id = accounts.invite("ny@example.org").id
    accounts.give(id, {Role.VIEWER})

    accounts.remove(id)
    accounts.remove(id)

    assert accounts.find(id) is None
    assert accounts.everybody() == ()


def test_everybody_is_more_than_one_page(accounts: Accounts) -> None:
    for number in range(65):
        accounts.give(accounts.invite(f"nr{number}@example.org").id, {Role.VIEWER})

    assert len({person.id for person in accounts.everybody()}) == 65


def test_who_is_shut_out_is_not_found(_aws: None) -> None:
    accounts = in_cognito()
    id = accounts.invite("ny@example.org").id
    accounts.give(id, {Role.COORDINATOR})

    client("cognito-idp").admin_disable_user(UserPoolId=vars(accounts)["_pool_id"], Username=id)

    assert accounts.find(id) is None


@pytest.mark.parametrize("trouble", [Trouble.UNREACHABLE, Trouble.SERVER_ERROR])
def test_trouble_is_told_from_an_answer(_aws: None, trouble: Trouble) -> None:
    accounts = in_cognito()

    with (
        FaultInjector(probability=1, kinds=[trouble], operations=("*",), client=client("cognito-idp")),
        pytest.raises(StoreUnavailable),
    ):
        accounts.everybody()
