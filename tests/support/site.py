"""The web app in process, on a table of its own, at a moment of its own."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from pytest import MonkeyPatch

import chalicelib.visit
from app import app
from chalicelib.bodies import MULTIPART
from shared import addresses, seats
from shared.audit.model import Entry
from shared.bootstrap import web as bootstrap
from shared.gatherings.dynamo import DynamoGatheringStore
from shared.gatherings.model import Gathering
from shared.gatherings.seating import places_left
from shared.links import Purpose
from shared.logins.cognito import ManagedLogin
from shared.logins.dynamo import DynamoLoginStore
from shared.logins.model import Login
from shared.people.model import Person
from shared.registration.model import Registration
from shared.roles import Role
from shared.tokens import TokenReader
from tests.support import aws
from tests.support.api_gateway import Answer, ApiGateway
from tests.support.aws import ENVIRONMENT, SENDER
from tests.support.builders import a_gathering, an_application
from tests.support.clock import Clock
from tests.support.memory_names import SIGNED, InMemoryIdentities, published
from tests.support.memory_people import InMemoryAccounts
from tests.support.sign_in import EMAIL, ManagedLoginPages, Pool
from tests.support.stores import Desk, in_the_table

Pairs = tuple[tuple[str, str], ...]

REMEMBER: Final[tuple[Callable[[], Any], ...]] = (
    bootstrap.gatherings,
    bootstrap.gathering_reader,
    bootstrap.registrations,
    bootstrap.libraries,
    bootstrap.allowance,
    bootstrap.surroundings,
    bootstrap.openings,
    bootstrap.kept,
)
"""What keeps something between requests, and so between tests."""


def forget() -> None:
    """Let the next request find nothing remembered."""
    for kept in REMEMBER:
        kept.cache_clear()  # type: ignore[attr-defined]


def rule(clock: Clock, patch: MonkeyPatch) -> None:
    """Let entry points see this clock."""
    patch.setattr(chalicelib.visit, "utcnow", clock)
    patch.setattr(bootstrap, "utcnow", clock)


def a_coordinator_and_another(pool: Pool) -> InMemoryAccounts:
    """Return those who may sign in: the pool's one person, and another coordinator."""
    coordinator = frozenset({Role.COORDINATOR})
    return InMemoryAccounts(
        Person(pool.subject, EMAIL, coordinator), Person("another", "en-anden@example.org", coordinator)
    )


@contextmanager
def opened(
    clock: Clock, pool: Pool, accounts: InMemoryAccounts, managed_login: ManagedLoginPages, patch: MonkeyPatch
) -> Iterator["Site"]:
    """Open a site whose people sign in at the pool."""
    reader = TokenReader(
        issuer=ENVIRONMENT["TOKEN_ISSUER"],
        keys_url=ENVIRONMENT["TOKEN_KEYS_URL"],
        client_id=ENVIRONMENT["TOKEN_CLIENT_ID"],
        fetch=lambda url: pool.keys(),
    )
    base = ENVIRONMENT["BASE_URL"]
    door = ManagedLogin(
        url=ENVIRONMENT["SIGN_IN_URL"],
        client_id=ENVIRONMENT["TOKEN_CLIENT_ID"],
        callback=f"{base}/tovholder/login/callback",
        goodbye=f"{base}/",
        post=managed_login.post,
    )
    names = published(addresses.domain(SENDER), "v=DMARC1; p=none")
    rule(clock, patch)
    patch.setattr(bootstrap, "names", lambda: names)
    patch.setattr(bootstrap, "identities", lambda: InMemoryIdentities(SIGNED))
    patch.setattr(bootstrap, "tokens", lambda: reader)
    patch.setattr(bootstrap, "door", lambda: door)
    patch.setattr(bootstrap, "people", lambda: accounts)
    forget()
    yield Site(clock, pool=pool)
    forget()


class Site(ApiGateway):
    """The site, and what is behind it."""

    def __init__(self, clock: Clock, *, pool: Pool | None = None, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(app, headers=headers)
        self.clock = clock
        self.desk = Desk(in_the_table())
        self.login: Login | None = None
        self._pool = pool or Pool(now=clock.now)

    def publish(self, gathering: Gathering) -> Gathering:
        """Plan and publish a gathering."""
        return self.desk.publish(gathering)

    def planned(self, **changes: Any) -> Gathering:
        """Plan a gathering: a draft."""
        return self.desk.plan(a_gathering(**changes))

    @property
    def person(self) -> str:
        """The id of whoever signs in."""
        return self._pool.subject

    def kept(self, gathering: Gathering) -> Gathering:
        """Return a gathering as it is kept."""
        return DynamoGatheringStore().get(gathering.id)

    def left(self, gathering: Gathering) -> int | None:
        """Return the seats left."""
        return places_left(gathering, seats.left_in(gathering.id))

    def registrations(self, gathering: Gathering) -> list[Registration]:
        """Return who is registered, by name."""
        ids = [
            row["sk"]["S"].removeprefix("REGISTRATION#")
            for row in aws.rows()
            if row["pk"]["S"] == f"GATHERING#{gathering.id}" and row["sk"]["S"].startswith("REGISTRATION#")
        ]
        found = [self.desk.get(gathering, id) for id in ids]
        return sorted(found, key=lambda registration: registration.participant.name)

    def audit(self) -> list[Entry]:
        """Return what the log of this month says, the newest first."""
        return list(bootstrap.audit_log().of_month(f"{self.clock.now:%Y-%m}").entries)

    def facts(self) -> list[str]:
        """Return what was announced, by name."""
        return self.desk.stores.fact_types()

    def fill_in(self, gathering: Gathering, *, prefix: str = "", **changes: str) -> Answer:
        """Open the form, fill it in and send it."""
        page = self.get(f"{prefix}/arrangementer/{gathering.slug}/tilmelding")
        assert page.status == 200, page.status
        return self.send_form(gathering, nonce=page.field("idempotency_key"), prefix=prefix, **changes)

    def send_form(self, gathering: Gathering, *, nonce: str = "nonce", prefix: str = "", **changes: str) -> Answer:
        """Send the form."""
        application = an_application()
        fields = {name: getattr(application, name) for name in ("name", "email", "library", "role")}
        return self.post_form(
            f"{prefix}/arrangementer/{gathering.slug}/tilmelding",
            fields | {"idempotency_key": nonce, "website": ""} | changes,
        )

    def link(self, gathering: Gathering, registration_id: str, **expires: Any) -> str:
        """Return the token of a participant's own link."""
        until = expires.get("expires", gathering.ends_at)
        return bootstrap.links().token(Purpose.REGISTRATION, gathering.id, registration_id, "1", expires=until)

    def registered(self, gathering: Gathering, **changes: Any) -> tuple[str, str]:
        """Register somebody; return the registration's id and the token of the link."""
        answer = self.desk.register(gathering, an_application(**changes))
        assert answer.registration_id is not None
        return answer.registration_id, self.link(gathering, answer.registration_id)

    def at_the_desk(self, *roles: Role) -> "Site":
        """Return the site as somebody sees it who has signed in by the browser."""
        login = Login.begin(Person(self._pool.subject, EMAIL, frozenset(roles)), self.clock.now)
        DynamoLoginStore().add(login)
        site = Site(self.clock, pool=self._pool, headers={"cookie": f"__Host-login={login.id}"})
        site.desk, site.login = self.desk, login
        return site

    def send_desk_form(self, address: str, fields: Mapping[str, str] | None = None) -> Answer:
        """Send a form of the coordinators' pages, with the token that such forms carry."""
        return self.post_form(address, {"csrf": self.csrf} | dict(fields or {}))

    def send_desk_upload(
        self,
        address: str,
        *,
        text: str = "",
        sheet: bytes = b"",
        csrf: str | None = None,
        more: Pairs = (),
        called: str = "sheet",
    ) -> Answer:
        """Send a form that takes a list, pasted or as a file, as a browser does. `called` is the file's field."""
        fields = (("csrf", self.csrf if csrf is None else csrf), ("text", text), *more)
        parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode() for name, value in fields]
        parts.append(
            f'Content-Disposition: form-data; name="{called}"; filename="løn.xlsx"\r\n'.encode()
            + b"Content-Type: application/octet-stream\r\n\r\n"
            + sheet
        )
        body = b"".join(b"--edge\r\n" + part + b"\r\n" for part in parts) + b"--edge--\r\n"
        return self.send("POST", address, body, {"content-type": f"{MULTIPART}; boundary=edge"})

    @property
    def csrf(self) -> str:
        """The token of whoever is at the desk."""
        assert self.login is not None, "nobody is at the desk"
        return self.login.csrf

    def signed_in(self, *roles: Role) -> "Site":
        """Return the site as somebody sees it who sends an access token."""
        site = Site(self.clock, pool=self._pool, headers={"authorization": self._pool.bearer(*roles)})
        site.desk = self.desk
        return site
