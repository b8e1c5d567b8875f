"""Hundreds are reminded and written to: each gets one of each; when consumers die and facts come twice, never two."""

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from shared.registration.model import Participant, Registration, Role, Status
from shared.time import utc_text
from tests.support.aws_wire import Request, Trouble, Wire
from tests.support.builders import a_gathering, a_registration, a_session
from tests.support.deployed import HERNING, Deployed
from tests.support.inbox import eventually
from tests.support.many import keep

pytestmark = pytest.mark.timeout(300)
"""A crowd on a machine that does other things besides takes its time."""

PEOPLE: Final = 500
PEOPLE_IN_TROUBLE: Final = 500
"""Fewer, since consumers start anew all the time, and still more than fan_out puts on a queue at once."""

CANCELLED: Final = 20
SOON: Final = timedelta(seconds=80)
"""So much less than what is acted on at once that there is time to publish."""

MINUTES_BEFORE: Final = 10
SUBJECT: Final = "Har du et spørgsmål?"
KINDS: Final = {"Påmindelse": "reminder", SUBJECT: "message"}
"""What a subject says before its colon, and which kind of mail it is."""

PATIENCE: Final = 120.0
SECONDS: Final = 8
"""When what a killed consumer had is handed out again: more than a consumer takes to start when all start at once."""

KILLED_AFTER: Final = ((40, 100), (180, 260))
"""So many mails, after each death of fan_out. Who sends takes a page of 25 along, and there are two of them."""


class Crowd:
    """People who are registered for the same, the first of whom have cancelled."""

    def __init__(self, deployed: Deployed, wire: Wire, people: int) -> None:
        self._deployed = deployed
        self._wire = wire
        self._name = deployed.somebody("mange").partition("@")[0]
        self._moment = datetime.now(UTC).replace(microsecond=0) + SOON
        start = self._moment + timedelta(minutes=MINUTES_BEFORE)
        session = {"starts_at": start.isoformat(), "ends_at": (start + timedelta(hours=1)).isoformat()}
        self._gathering = deployed.plan(sessions=[session], reminders=[{"minutes_before": MINUTES_BEFORE}])
        self._session = self._gathering["sessions"][0]["id"]
        self._people = [self._somebody(number) for number in range(people)]
        keep(deployed.stack, self._people)
        seated = {one.participant.email for one in self._people[CANCELLED:]}
        self.calls_for = {(email, kind) for email in seated for kind in KINDS.values()}

    def tell(self) -> None:
        """Publish it when the reminder is due, and write to everybody."""
        id = self._gathering["id"]
        assert self._deployed.coordinate("POST", f"/gatherings/{id}/publish").status_code == 200
        message = {"gathering": id, "subject": {"da": SUBJECT}, "body": {"da": "Så skriv det, før vi begynder."}}
        headers = self._deployed.signed_in() | {"Idempotency-Key": self._name}
        written = self._deployed.api.post("/coordinator/messages", json=message, headers=headers)
        assert written.status_code == 201, written.text
        self._message = written.json()["id"]

    def is_told(self) -> None:
        """Wait until there is nothing left to do."""
        eventually(self._has_gone_out, "end of the pages", within=PATIENCE)
        for queue in ("fan-out", "send-messages"):
            self._deployed.drained(queue, within=PATIENCE)
            assert self._deployed.dead_letters(queue) == []

    def sent(self) -> int:
        """Return how many mails were handed over."""
        return sum(recipient.startswith(f"{self._name}-") for recipient in self._wire.recipients)

    def mails(self) -> Counter[tuple[str, str]]:
        """Return how many mails of each kind have reached whom, once all that were handed over are there."""
        inbox, whose = self._deployed.inbox, f"{self._name}-"
        eventually(lambda: inbox.count(whose) == self.sent(), "end of the mails")
        return Counter((address, KINDS[subject.partition(":")[0]]) for address, subject in inbox.subjects(whose))

    def rows(self) -> dict[tuple[str, str], dict[str, Any]]:
        """Return the ledger's rows by whom they are about and kind."""
        return {
            (one.participant.email, row["sk"].partition("#")[0]): row
            for one in self._people
            for row in self._deployed.mails_of(one.id)
        }

    def shown(self) -> set[str]:
        """Return who is shown to coordinators as somebody whose mail may not have arrived."""
        found: set[str] = set()
        cursor: str | None = ""
        while cursor is not None:
            path = f"/gatherings/{self._gathering['id']}/registrations?mail_problem=true&cursor={cursor}"
            page = self._deployed.coordinate("GET", path).raise_for_status().json()
            found |= {one["email"] for one in page["registrations"] if one["mail_problem"] == "unknown"}
            cursor = page["next"]
        return found

    def _somebody(self, number: int) -> Registration:
        who = Participant(f"Deltager {number}", f"{self._name}-{number}@herning.example.org", HERNING, Role.STAFF)
        return a_registration(
            a_gathering(id=self._gathering["id"], sessions=(a_session(id=self._session),)),
            participant=who,
            person=f"hash of {who.email}",
            registered_at=datetime.now(UTC) - timedelta(days=1),
            status=Status.CANCELLED if number < CANCELLED else Status.CONFIRMED,
        )

    def _has_gone_out(self) -> bool:
        pk = f"GATHERING#{self._gathering['id']}"
        reminder = self._deployed.row(pk, f"REMINDED#{utc_text(self._moment)}#{self._session}#m{MINUTES_BEFORE}")
        message = self._deployed.row(pk, f"MESSAGE#{self._message}")
        return bool(reminder) and message["state"] == "sent"


def test_each_gets_one_reminder_and_one_message_and_who_cancelled_none(deployed: Deployed, wire: Wire) -> None:
    crowd = Crowd(deployed, wire, PEOPLE)

    crowd.tell()
    crowd.is_told()

    assert crowd.mails() == dict.fromkeys(crowd.calls_for, 1)
    assert crowd.shown() == set()


def test_nobody_gets_two_and_who_got_none_is_shown_when_consumers_are_killed_and_messages_come_twice(
    deployed: Deployed, wire: Wire
) -> None:
    crowd = Crowd(deployed, wire, PEOPLE_IN_TROUBLE)

    with ExitStack() as troubles:
        for queue in ("fan-out", "send-messages"):
            troubles.enter_context(deployed.impatient(queue, SECONDS))
        held = troubles.enter_context(wire.trouble(Trouble.LOST, "SendMessageBatch", when=has_pages, most=2))
        twice = troubles.enter_context(wire.trouble(Trouble.TWICE, "SendMessageBatch"))
        crowd.tell()
        for death, numbers in enumerate(KILLED_AFTER, 1):
            reached(death, lambda: held.times, "pages half of which are sent")
            deployed.kill("fan_out")
            for number in numbers:
                reached(number, crowd.sent, "mails")
                deployed.kill("send_messages")
        crowd.is_told()
        deployed.sweep(*(row for row in crowd.rows().values() if row["state"] == "sending"))
        states = {who: row["state"] for who, row in crowd.rows().items()}
        unknown = {email for (email, _), state in states.items() if state == "unknown"}
        eventually(lambda: crowd.shown() == unknown, "mark on the registrations", within=PATIENCE)

    mails = crowd.mails()
    assert set(mails.values()) == {1}, "somebody got two"
    assert states.keys() == crowd.calls_for
    assert set(states.values()) == {"sent", "unknown"}
    assert twice.times and mails.keys() < crowd.calls_for, "nothing went wrong"
    assert {states[who] for who in crowd.calls_for - mails.keys()} == {"unknown"}


def reached(number: int, count: Callable[[], int], what: str) -> None:
    eventually(lambda: count() >= number, f"{number} {what}", within=PATIENCE)


def has_pages(request: Request) -> bool:
    return "Registrations" in request.body["Entries"][0]["MessageBody"]
