"""Logins in the table, by the hash of what stands in the cookie."""

from typing import ClassVar

from pynamodb.attributes import UnicodeAttribute, UnicodeSetAttribute
from pynamodb.exceptions import DoesNotExist, PutError

from shared.logins.model import Login, key
from shared.people.model import Person
from shared.roles import Role
from shared.table import Item, patiently
from shared.time import utc_moment, utc_text

_SK = "LOGIN"


class LoginItem(Item):
    """A login. `roles` and `email` are as Cognito told them at `checked_at`."""

    PERSONAL: ClassVar = frozenset({"person_id", "email", "roles"})

    person_id = UnicodeAttribute()
    email = UnicodeAttribute()
    roles: UnicodeSetAttribute = UnicodeSetAttribute()
    started_at = UnicodeAttribute()
    checked_at = UnicodeAttribute()


class DynamoLoginStore:
    """Logins in DynamoDB."""

    def get(self, id: str) -> Login | None:
        """Return the login of a cookie, if it is kept still."""
        try:
            row = patiently(lambda: LoginItem.get(_pk(id), _SK, consistent_read=True))
        except DoesNotExist:
            return None
        person = Person(row.person_id, row.email, frozenset(Role(role) for role in row.roles))
        return Login(id, person, utc_moment(row.started_at), utc_moment(row.checked_at))

    def add(self, login: Login) -> None:
        """Keep a new login."""
        patiently(_item(login).save)

    def renew(self, login: Login) -> bool:
        """Keep what was checked; unless it is gone, and then it stays so."""
        item = _item(login)
        try:
            patiently(lambda: item.save(condition=LoginItem.pk.exists()))
        except PutError as error:
            if error.cause_response_code == "ConditionalCheckFailedException":
                return False
            raise
        return True

    def delete(self, id: str) -> None:
        """Keep it no longer."""
        patiently(LoginItem(_pk(id), _SK).delete)


def _pk(id: str) -> str:
    return f"LOGIN#{key(id)}"


def _item(login: Login) -> LoginItem:
    return LoginItem(
        _pk(login.id),
        _SK,
        person_id=login.person.id,
        email=login.person.email,
        roles=set(login.person.roles),
        started_at=utc_text(login.started_at),
        checked_at=utc_text(login.checked_at),
        expires_at=login.ends_at,
    )
