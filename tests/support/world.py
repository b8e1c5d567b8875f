"""The whole way of a fact in one process: table, outbox, relay, queues, consumers, and the inboxes at the end.

What a stream and queues do to facts is chosen by the test: `twice` delivers each of them twice, `backwards` in
reversed order.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

import pytest

from events.envelope import Envelope
from events.gatherings import GatheringCancelled, ReminderDue
from events.mail import MailArrived
from events.messages import MessageDue
from events.routes import QueueName
from events.webinars import WebinarPublished
from shared.gatherings.model import Gathering
from shared.gatherings.reminders import SWITCHED_ON, ReminderKind
from shared.gatherings.service import current
from shared.invitations.dynamo import DynamoInvitationStore
from shared.mailboxes.dynamo import DynamoMailboxStore
from shared.mailboxes.service import suppress
from shared.messages.ports import Writing
from shared.messages.service import release_due, send_out
from shared.messaging.batch import consume
from shared.messaging.outbox import mark_sent, unsent_since
from shared.messaging.relay import relay, send_on
from shared.notices.dynamo import DynamoNoticeStore
from shared.notify.ports import Office
from shared.notify.service import record_report, release_waiting, settle_overdue, tell
from shared.people.service import address_of
from shared.programmes.dynamo import DynamoProgrammeStore
from shared.programmes.service import follow
from shared.registration.calling_off import call_off
from shared.registration.changes import lapse, note_mail_arrival, note_mail_problem
from shared.registration.fan_out import pages
from shared.registration.waiting import move_line, roll_over
from shared.reminders.dynamo import DynamoReminderLog
from shared.reminders.model import Kept
from shared.reminders.ports import Reminding, Timekeeping
from shared.reminders.service import keep_time, remind, tell_of_recording
from shared.webinars.dynamo import DynamoWebinarStore
from tests.support.builders import NETWORK, an_application
from tests.support.lambdas import came_again, sqs_event
from tests.support.mails import Mail, a_composer
from tests.support.memory import InMemoryQueues
from tests.support.memory_clock import InMemoryClock
from tests.support.memory_mail import InMemoryMailer
from tests.support.memory_people import InMemoryAccounts
from tests.support.stores import Desk, in_the_table

MOST_DELIVERIES: Final = 5
"""How often a queue delivers before it gives a message to the dead letters."""

Handle = Callable[[Sequence[Envelope[Any]]], set[str]]


@dataclass(frozen=True)
class Weather:
    """What delivery is like."""

    twice: bool = False
    backwards: bool = False

    def __str__(self) -> str:
        return f"{'twice' if self.twice else 'once'}, {'backwards' if self.backwards else 'in order'}"

    def deliver(self, bodies: Sequence[str]) -> list[str]:
        """Return messages as they arrive."""
        arriving = [body for body in bodies for _ in range(2 if self.twice else 1)]
        return arriving[::-1] if self.backwards else arriving


EVERY_WEATHER: Final = pytest.mark.parametrize(
    "world",
    [Weather(twice, backwards) for twice in (False, True) for backwards in (False, True)],
    indirect=True,
    ids=str,
)
"""Marks a journey to be made in each."""

BEST_AND_WORST: Final = pytest.mark.parametrize(
    "world", [Weather(), Weather(twice=True, backwards=True)], indirect=True, ids=str
)
"""Marks a journey to be made in the best and the worst: enough where no two facts are about the same."""


class World:
    """Everything, but for the web. `failed` are the facts about mails that did not arrive."""

    def __init__(self, weather: Weather | None = None, *, mailer: InMemoryMailer | None = None) -> None:
        self.weather = weather or Weather()
        self.desk = Desk(in_the_table())
        self.mailer = mailer or InMemoryMailer()
        self.clock = InMemoryClock()
        self.queues = InMemoryQueues()
        self.dead: list[str] = []
        self.failed: list[Envelope[Any]] = []
        self.kinds: Collection[ReminderKind] = SWITCHED_ON
        self.webinars = DynamoWebinarStore()
        self.accounts = InMemoryAccounts()
        self._consumers: dict[QueueName, Callable[[dict[str, Any]], Any]] = {
            QueueName.SEND_REGISTRATION_MAIL: self._consumer(self._tell),
            QueueName.NOTE_MAIL_FAILURE: self._consumer(self._note),
            QueueName.RECORD_MAIL_OUTCOME: self._record,
            QueueName.MOVE_LINE: self._consumer(self._move_line),
            QueueName.FOLLOW_PROGRAMME: self._consumer(self._follow),
            QueueName.FAN_OUT: self._consumer(self._fan_out),
            QueueName.SEND_MESSAGES: self._consumer(self._tell),
            QueueName.SCHEDULE_REMINDERS: self._consumer(self._schedule),
            QueueName.GENERATE_CATALOGUE: self._consumer(lambda facts: set()),
        }

    def pump(self, *, closed: Collection[QueueName] = ()) -> None:
        """Move facts until none is under way. What is on a closed queue stays there."""
        while self._relay() + sum(self._deliver(queue) for queue in QueueName if queue not in closed):
            pass

    def pass_until(self, now: datetime) -> None:
        """Let time pass, and every schedule ring in its turn."""
        while moments := sorted(one.at for one in self.clock.schedules.values() if one.at <= now):
            self.desk.now = max(self.desk.now, moments[0])
            self.queues.letters[QueueName.FAN_OUT] += self.clock.ring(moments[0])
            self.pump()
        self.desk.now = now

    def reconcile(self) -> tuple[int, ...]:
        """Repair schedules. Return how many were set, removed, and due already."""
        gatherings = current(store=self.desk.stores.gatherings, now=self.desk.now, kinds=self.kinds)
        counts = [self._keep_time(one.id) for one in gatherings]
        self.pump()
        kept = sum(counts, Kept())
        return kept.set, kept.removed, kept.due

    def report(self, *bodies: str) -> None:
        """Let the mail service report something."""
        self.queues.letters[QueueName.RECORD_MAIL_OUTCOME] += bodies
        self.pump()

    def sweep(self) -> int:
        """Settle what has passed its deadline."""
        settled = settle_overdue(ledger=self.desk.stores.ledger, now=self.desk.now, correlation_id="sweep")
        self.pump()
        return settled

    def sweep_messages(self) -> tuple[int, int]:
        """Let messages and mails go whose time has come. Return how many of each."""
        stores, now = self.desk.stores, self.desk.now
        messages = release_due(store=stores.messages, now=now, correlation_id="sweep")
        mails = release_waiting(ledger=stores.ledger, now=now, correlation_id="sweep")
        self.pump()
        return messages, mails

    def sweep_deadlines(self) -> None:
        """Let every hold, offer and round end whose deadline is over."""
        around, now = self.desk.around, self.desk.now
        for key in list(around.store.due(now)):
            lapse(key, around=around, now=now, correlation_id="sweep")
        for gathering_id in list(around.store.rolling_over(now)):
            roll_over(gathering_id, around=around, now=now, correlation_id="sweep")
        self.pump()

    def register(self, gathering: Gathering, **changes: str) -> str:
        """Register somebody and return the registration's id; nothing has moved yet."""
        registration_id = self.desk.register(gathering, an_application(**changes)).registration_id
        assert registration_id is not None, "there was no room"
        return registration_id

    def inbox(self, address: str = "deltager1@herning.example.org") -> list[Mail]:
        """Return the mails that reached an address."""
        return [Mail.of(raw) for recipient, raw in self.mailer.sent if recipient == address]

    def subjects(self, address: str = "deltager1@herning.example.org") -> list[str]:
        """Return what they are about."""
        return [mail.header("Subject") for mail in self.inbox(address)]

    def _relay(self) -> int:
        bodies = list(unsent_since(self.desk.now + timedelta(days=365)))
        relay(self.weather.deliver(bodies), queues=self.queues, mark_sent=mark_sent)
        return len(bodies)

    def _deliver(self, queue: QueueName) -> int:
        waiting = self.weather.deliver(self.queues.take(queue))
        delivered = len(waiting)
        for _ in range(MOST_DELIVERIES):
            again = []
            for at in range(0, len(waiting), 10):
                batch = waiting[at : at + 10]
                failed = came_again(self._consumers[queue](sqs_event(batch)))
                again += [body for number, body in enumerate(batch, start=1) if f"message-{number}" in failed]
            waiting = again
        self.dead += waiting
        return delivered

    def _consumer(self, handle: Handle) -> Callable[[dict[str, Any]], Any]:
        return partial(consume, handle=handle)

    def _tell(self, facts: Sequence[Envelope[Any]]) -> set[str]:
        stores = self.desk.stores
        office = Office(
            stores.registrations,
            stores.gatherings,
            DynamoNoticeStore(),
            DynamoInvitationStore(),
            stores.messages,
            self.webinars,
            DynamoMailboxStore(),
            a_composer(),
            stores.ledger,
            self.mailer,
            NETWORK.zone,
            lambda owner: address_of(owner, accounts=self.accounts, otherwise=NETWORK.mail.reply_to),
        )
        return tell(facts, office=office, now=self.desk.now).again

    def _fan_out(self, facts: Sequence[Envelope[Any]]) -> set[str]:
        around, again = self.desk.around, set()
        for fact in facts:
            if isinstance(fact.data, GatheringCancelled):
                call_off(fact.data.gathering_id, around=around, now=self.desk.now, correlation_id=fact.correlation_id)
            elif isinstance(fact.data, MessageDue):
                writing = Writing(self.desk.stores.messages, around.store, self.desk.libraries, self._send)
                if not send_out(fact, around=writing):
                    again.add(fact.id)
            elif isinstance(fact.data, ReminderDue):
                if not remind(fact, around=self._reminding(), now=self.desk.now):
                    again.add(fact.id)
            elif isinstance(fact.data, WebinarPublished):
                if not tell_of_recording(fact, around=self._reminding(), now=self.desk.now):
                    again.add(fact.id)
            elif self._send(pages(fact, store=around.store))[1]:
                again.add(fact.id)
        return again

    def _reminding(self) -> Reminding:
        stores, libraries, log = self.desk.stores, self.desk.libraries, DynamoReminderLog()
        return Reminding(
            stores.gatherings, self.webinars, self.desk.around.store, libraries, log, self._send, self.kinds
        )

    def _schedule(self, facts: Sequence[Envelope[Any]]) -> set[str]:
        return {fact.id for fact in facts if self._keep_time(fact.data.gathering_id).failed}

    def _keep_time(self, gathering_id: str) -> Kept:
        around = Timekeeping(self.desk.stores.gatherings, self.clock, DynamoReminderLog(), self._send, self.kinds)
        return keep_time(gathering_id, around=around, now=self.desk.now)

    def _send(self, envelopes: Iterable[Envelope[Any]]) -> tuple[int, int]:
        return send_on(envelopes, queues=self.queues)

    def _note(self, facts: Sequence[Envelope[Any]]) -> set[str]:
        registrations = self.desk.stores.registrations
        for fact in facts:
            if isinstance(fact.data, MailArrived):
                note_mail_arrival(fact, store=registrations, now=self.desk.now)
            else:
                self.failed.append(fact)
                note_mail_problem(fact, store=registrations, now=self.desk.now)
                suppress(fact, registrations=registrations, store=DynamoMailboxStore(), now=self.desk.now)
        return set()

    def _move_line(self, facts: Sequence[Envelope[Any]]) -> set[str]:
        for gathering_id in {fact.data.gathering_id for fact in facts}:
            move_line(gathering_id, around=self.desk.around, now=self.desk.now, correlation_id="line")
        return set()

    def _follow(self, facts: Sequence[Envelope[Any]]) -> set[str]:
        followed = {
            fact.id: follow(
                fact.data.programme_id,
                store=DynamoProgrammeStore(),
                gatherings=self.desk.stores.gatherings,
                now=self.desk.now,
                correlation_id="programme",
            )
            for fact in facts
        }
        return {id for id, one in followed.items() if one.again}

    def _record(self, event: dict[str, Any]) -> Any:
        ledger, now = self.desk.stores.ledger, self.desk.now
        outcomes = {
            record["messageId"]: record_report(record["body"], ledger=ledger, now=now, correlation_id="report")
            for record in event["Records"]
        }
        again = [{"itemIdentifier": message} for message, outcome in outcomes.items() if outcome.comes_again]
        return {"batchItemFailures": again}
