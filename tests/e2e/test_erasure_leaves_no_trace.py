"""Somebody of whom everything is kept that can be is erased by the mailed link, and is nowhere any more."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from events.routes import QueueName
from shared.registration.service import keyed
from tests.support import traces
from tests.support.deployed import HERNING, Deployed
from tests.support.forms import Page
from tests.support.inbox import Inbox, eventually

NAME: Final = "Sporløs Ærø"
WISH, DIET, ACCESS = "Helst ved vinduet, siger Sporløs", "Ingen jordnødder", "Teleslynge, tak"
NOTE, REASON, REFERENCE = "Ring til Sporløs", "Sporløs holder oplæg", "Kontor 4711"
LISTED: Final = "Sporløs på listen"
WORDS: Final = (LISTED, WISH, DIET, ACCESS, NOTE, REASON, REFERENCE)

MAY_STAY: Final = ("LIMIT#", "IDEMPOTENCY#")
"""Rows that hold keyed hashes for hours, a day at most: how often an address has asked, and what a request was answered
so that pressing a button twice is one request. Nobody can look into stream and backups here: docs/privacy.md tells."""


class Person:
    """Somebody who signs up, and whom others sign up, invite and write about, in all the ways there are."""

    def __init__(self, deployed: Deployed) -> None:
        self._deployed = deployed
        self.email = deployed.somebody("sporloes.aeroe")
        self._colleague = {
            "name": "Kollega",
            "email": deployed.somebody("kollega"),
            "library": HERNING,
            "role": "staff",
        }
        self._self = {"name": NAME, "email": self.email, "library": HERNING, "role": "leader"}
        self.gatherings: list[str] = []

    def leave_traces(self) -> None:
        """Leave something in every place."""
        self._with_everything()
        self._booked_and_booking()
        self._in_line_and_out_of_turn()
        later = self._publish(registration={"opens_at": (datetime.now(UTC) + timedelta(days=3)).isoformat()})
        self._deployed.api.post(f"/gatherings/{later['slug']}/interest", json={"email": self.email}).raise_for_status()
        opened = (datetime.now(UTC) - timedelta(days=1)).isoformat()
        who = {"emails": [self.email.upper()]}
        invited = self._publish(rounds=[{"name": {"da": "Inviterede"}, "opens_at": opened, "who": who}])
        self._uploaded(invited)
        path = f"/gatherings/{invited['id']}/invitations"
        assert self._deployed.coordinate("POST", path, {"emails": [self.email]}).status_code == 201

    def _uploaded(self, gathering: dict[str, Any]) -> None:
        table = f"Navn;E-mail;Bibliotek\n{LISTED};{self.email};Herning\n"
        body = {"kind": "participants", "gathering": gathering["id"], "text": table}
        assert self._deployed.coordinate("POST", "/imports", body).status_code == 201

    def _with_everything(self) -> None:
        question = {"id": "wish", "kind": "text", "label": {"da": "Ønsker?"}}
        gathering = self._publish(questions=[question], asks_needs=True, asks_invoice_reference=True)
        mine = self._self | {"answers": {"wish": WISH}, "needs": {"diet": DIET, "accommodation": ACCESS}}
        invoice = {"gln": "5790000000005", "reference": REFERENCE}
        [registered] = self._register(gathering, mine, invoice=invoice)
        self._act(gathering, registered, action="note", note=NOTE)

    def _booked_and_booking(self) -> None:
        gathering = self._publish()
        self._register(gathering, self._self, booker={"name": "Kollega", "email": self._colleague["email"]})
        self._register(gathering, self._colleague, booker={"name": NAME, "email": self.email})

    def _in_line_and_out_of_turn(self) -> None:
        gathering = self._publish(capacity=1, waiting_list=True)
        self._register(gathering, self._colleague)
        _, second = self._register(gathering, self._self, self._self | {"name": f"{NAME} 2"}, group="as_many")
        with self._deployed.nobody_reads("move-line"):
            path, more = f"/gatherings/{gathering['id']}", {"version": gathering["version"], "capacity": 2}
            assert self._deployed.coordinate("PATCH", path, more).status_code == 200
            self._act(gathering, second, action="seat", why=REASON)

    def _publish(self, **changes: Any) -> dict[str, Any]:
        gathering = self._deployed.publish(**changes)
        self.gatherings.append(gathering["id"])
        return gathering

    def _register(self, gathering: dict[str, Any], *people: dict[str, Any], **more: Any) -> list[str]:
        answer = self._deployed.api.post(
            f"/gatherings/{gathering['slug']}/registrations",
            json={"participants": list(people), "language": "da"} | more,
            headers={"Idempotency-Key": f"{gathering['id']}-{people[0]['email']}"},
        )
        assert answer.status_code == 201, answer.text
        return [one["id"] for one in answer.json()["registrations"]]

    def _act(self, gathering: dict[str, Any], registration: str, **action: str) -> None:
        path = f"/gatherings/{gathering['id']}/registrations"
        answer = self._deployed.coordinate("PATCH", path, {"id": registration} | action)
        assert answer.status_code == 200, answer.text


def hashed(deployed: Deployed) -> Callable[[str], str]:
    """Return the keyed hash of the deployed copy."""
    client, names = deployed.stack.client, json.loads(deployed.stack.outputs["FunctionNames"])
    web = client("lambda").get_function_configuration(FunctionName=names["web"])
    arn = web["Environment"]["Variables"]["GUARD_KEY_SECRET"]
    return keyed(client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"].encode())


def erase(email: str, deployed: Deployed, inbox: Inbox) -> None:
    """Ask for the link to all that is one's own, and press the button behind it."""
    mails = inbox.count(email)
    assert deployed.web.post("/mine", data={"email": email}).status_code == 200
    eventually(lambda: inbox.count(email) > mails, "mail with the link")
    address = f"/mine/{inbox.of(email)[-1].mine}/data"
    page = deployed.web.get(address)
    assert NAME in page.text
    sure = {"csrf": Page(page.text).sent["csrf"][-1], "sure": "yes"}
    assert deployed.web.post(address, data=sure).status_code == 303
    assert "Vi har ikke noget om dig" in deployed.web.get(address).text


def at_rest(deployed: Deployed) -> bool:
    """Whether nobody works on a fact, and none is on its way: what is done may announce more, so queues come first.

    Facts of webinars are of nobody, and may lie there for half an hour after somebody else has done what they ask for.
    """
    queues = json.loads(deployed.stack.outputs["QueueUrls"]).keys() - {QueueName.GENERATE_CATALOGUE}

    def busy() -> bool:
        return any(map(deployed.waiting, queues))

    table = deployed.stack.outputs["TableName"]
    unsent = busy() or deployed.stack.client("dynamodb").scan(TableName=table, IndexName="unsent")["Count"]
    return not (unsent or busy())


def test_who_is_erased_is_nowhere_any_more(deployed: Deployed, inbox: Inbox) -> None:
    began = datetime.now(UTC).replace(microsecond=0)
    person = Person(deployed)
    person.leave_traces()
    eventually(lambda: at_rest(deployed), "rest")
    local_part = person.email.partition("@")[0]
    written = {text for one in (NAME, person.email, local_part, *WORDS) for text in traces.spellings(one)}
    made = traces.hashes(hashed(deployed), email=person.email, name=NAME, gathering_ids=person.gatherings)
    before = traces.found([*written, *made], traces.deployed(deployed.stack.client, since=began))

    erase(person.email, deployed, inbox)
    eventually(lambda: at_rest(deployed), "rest")
    after = traces.deployed(deployed.stack.client, since=began)

    assert traces.found(written, after) == {}
    assert traces.found(made, [part for part in after if not any(kind in part for kind in MAY_STAY)]) == {}
    # What is looked for was there: else it is no wonder that nothing is found.
    assert all(traces.spellings(text) & before.keys() for text in (NAME, person.email, local_part, *WORDS))
    assert len(made & before.keys()) == 6
