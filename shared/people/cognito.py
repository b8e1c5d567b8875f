"""People in the Cognito user pool: accounts are users, roles are groups."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from shared.people.model import HasSignedIn, Person, PersonExists, PersonNotFound
from shared.refusals import StoreUnavailable
from shared.roles import Role


class CognitoAccounts:
    """One user pool. Where Cognito asks for a user's name, it takes the `sub` and the e-mail address as well."""

    def __init__(self, client: Any, pool_id: str) -> None:
        self._client = client
        self._pool_id = pool_id

    def find(self, id: str) -> Person | None:
        """Return who may sign in now, by id or e-mail address."""
        try:
            user = self._call("admin_get_user", Username=id)
            groups = self._call("admin_list_groups_for_user", Username=id)["Groups"]
        except self._client.exceptions.UserNotFoundException:
            return None
        if not user["Enabled"]:
            return None
        names = {group["GroupName"] for group in groups}
        return _person(user["UserAttributes"], {role for role in Role if role in names})

    def everybody(self) -> tuple[Person, ...]:
        """Return all who have a role."""
        found: dict[str, Person] = {}
        for role in Role:
            for user in self._members(role):
                person = _person(user["Attributes"], {role})
                known = found.get(person.id, person)
                found[person.id] = replace(person, roles=person.roles | known.roles)
        return tuple(found.values())

    def invite(self, email: str) -> Person:
        """Make an account; Cognito mails the first password."""
        attributes = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
        try:
            answer = self._call(
                "admin_create_user", Username=email, UserAttributes=attributes, DesiredDeliveryMediums=["EMAIL"]
            )
        except self._client.exceptions.UsernameExistsException:
            raise PersonExists from None
        return _person(answer["User"]["Attributes"], set())

    def invite_again(self, email: str) -> None:
        """Have Cognito mail a first password anew, for as long as the first. Raise PersonNotFound or HasSignedIn."""
        try:
            self._call("admin_create_user", Username=email, MessageAction="RESEND", DesiredDeliveryMediums=["EMAIL"])
        except self._client.exceptions.UserNotFoundException:
            raise PersonNotFound from None
        except self._client.exceptions.UnsupportedUserStateException:
            raise HasSignedIn from None

    def give(self, id: str, roles: Collection[Role]) -> None:
        """Add the person to the groups of these roles, then remove them from the others."""
        for role in Role:
            if role in roles:
                self._call("admin_add_user_to_group", Username=id, GroupName=role.value)
        for role in Role:
            if role not in roles:
                self._call("admin_remove_user_from_group", Username=id, GroupName=role.value)

    def remove(self, id: str) -> None:
        """Delete the account, if it is there."""
        try:
            self._call("admin_delete_user", Username=id)
        except self._client.exceptions.UserNotFoundException:
            return

    def _members(self, role: Role) -> Iterator[Mapping[str, Any]]:
        following: dict[str, str] = {}
        while True:
            page = self._call("list_users_in_group", GroupName=role.value, Limit=60, **following)
            yield from page["Users"]
            if "NextToken" not in page:
                return
            following = {"NextToken": page["NextToken"]}

    def _call(self, operation: str, **arguments: Any) -> Any:
        call: Callable[..., Any] = getattr(self._client, operation)
        try:
            return call(UserPoolId=self._pool_id, **arguments)
        except BotoCoreError as error:
            raise StoreUnavailable from error
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            if status >= 500 or error.response["Error"]["Code"] == "TooManyRequestsException":
                raise StoreUnavailable from error
            raise


def _person(attributes: Collection[Mapping[str, str]], roles: Collection[Role]) -> Person:
    told = {attribute["Name"]: attribute["Value"] for attribute in attributes}
    return Person(told["sub"], told["email"], frozenset(roles))
