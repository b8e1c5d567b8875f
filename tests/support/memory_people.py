"""Accounts, logins and the log in memory. They refuse what the real ones refuse: `tests/contract` holds them to it."""

from collections.abc import Collection
from dataclasses import replace

from shared.audit.model import Entry
from shared.audit.ports import Page
from shared.ids import new_id
from shared.logins.model import Login
from shared.people.model import HasSignedIn, Person, PersonExists, PersonNotFound
from shared.refusals import StoreUnavailable
from shared.roles import Role
from shared.time import utc_text


class InMemoryAccounts:
    """Accounts in memory. They are away while `away` is set; who is `signed_in` has chosen a password."""

    def __init__(self, *people: Person) -> None:
        self.kept = {person.id: person for person in people}
        self.invited: list[str] = []
        self.signed_in: set[str] = set()
        self.away = False

    def find(self, id: str) -> Person | None:
        self._answer()
        return next((one for one in self.kept.values() if id in (one.id, one.email)), None)

    def everybody(self) -> tuple[Person, ...]:
        self._answer()
        return tuple(person for person in self.kept.values() if person.roles)

    def invite(self, email: str) -> Person:
        self._answer()
        if any(person.email == email for person in self.kept.values()):
            raise PersonExists
        person = Person(new_id(), email, frozenset())
        self.kept[person.id] = person
        self.invited.append(email)
        return person

    def invite_again(self, email: str) -> None:
        self._answer()
        if all(person.email != email for person in self.kept.values()):
            raise PersonNotFound
        if email in self.signed_in:
            raise HasSignedIn
        self.invited.append(email)

    def give(self, id: str, roles: Collection[Role]) -> None:
        self._answer()
        self.kept[id] = replace(self.kept[id], roles=frozenset(roles))

    def remove(self, id: str) -> None:
        self._answer()
        self.kept.pop(id, None)

    def _answer(self) -> None:
        if self.away:
            raise StoreUnavailable


class InMemoryLoginStore:
    """Logins in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, Login] = {}

    def get(self, id: str) -> Login | None:
        return self.kept.get(id)

    def add(self, login: Login) -> None:
        self.kept[login.id] = login

    def renew(self, login: Login) -> bool:
        if login.id not in self.kept:
            return False
        self.kept[login.id] = login
        return True

    def delete(self, id: str) -> None:
        self.kept.pop(id, None)


class InMemoryAuditLog:
    """The log in memory."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Entry] = {}

    def begin(self, entry: Entry) -> None:
        self.kept[entry.month, _place(entry)] = entry

    def end(self, entry: Entry, status: int) -> None:
        key = entry.month, _place(entry)
        if key in self.kept and self.kept[key].status is None:
            self.kept[key] = replace(entry, status=status)

    def of_month(self, month: str, *, after: str | None = None, limit: int = 100) -> Page:
        places = sorted(
            (place for of, place in self.kept if of == month and (not after or place < after)), reverse=True
        )
        shown = places[:limit]
        entries = tuple(self.kept[month, place] for place in shown)
        return Page(entries, shown[-1] if len(places) > limit else None)


def _place(entry: Entry) -> str:
    return f"{utc_text(entry.at)}#{entry.id}"
