"""Coming in, being there, and leaving."""

from datetime import datetime

from shared.logins.model import Attempt, Login, NoRole
from shared.logins.ports import Door, IdentityReader, LoginStore, People
from shared.roles import NotSignedIn


def come_in(
    attempt: Attempt, *, state: str, code: str, door: Door, tokens: IdentityReader, store: LoginStore, now: datetime
) -> Login:
    """Make a login of Cognito's answer to an attempt.

    Raise LoginFailed or NotSignedIn when it is none, NoRole when there is nothing for the person to do here.
    """
    attempt.require_answer(state)
    person = tokens.identify(door.exchange(attempt, code), nonce=attempt.nonce, now=now)
    if not person.roles:
        raise NoRole
    login = Login.begin(person, now)
    store.add(login)
    return login


def current(id: str, *, store: LoginStore, people: People, now: datetime) -> Login:
    """Return the login of a cookie. Raise NotSignedIn when it is over.

    Every few minutes the user pool is asked again: who is removed, or left without a role, is out.
    """
    login = store.get(id)
    if login is None or login.ends_at <= now:
        raise NotSignedIn
    if login.is_fresh(now):
        return login
    person = people.find(login.person.id)
    if person is None or not person.roles:
        store.delete(id)
        raise NotSignedIn
    checked = login.checked(person, now)
    if not store.renew(checked):
        raise NotSignedIn
    return checked
