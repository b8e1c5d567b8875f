"""The web app in process, on a table of its own, at a moment of its own."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from app import app
from shared import seats
from shared.audit.model import Entry
from shared.bootstrap import web as bootstrap
from shared.gatherings.dynamo import DynamoGatheringStore
from shared.gatherings.model import Gathering
from shared.gatherings.seating import places_left
from shared.links import Purpose
from shared.logins.dynamo import DynamoLoginStore
from shared.logins.model import Login
from shared.people.model import Person
from shared.registration.model import Registration
from shared.roles import Role
from tests.support import aws
from tests.support.api_gateway import Answer, ApiGateway
from tests.support.builders import a_gathering, an_application
from tests.support.clock import Clock
from tests.support.sign_in import EMAIL, Pool
from tests.support.stores import Desk, in_the_table

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

    def registered(self, gathering: Gathering, **changes: str) -> tuple[str, str]:
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
