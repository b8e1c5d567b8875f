"""Takes what happened to a gathering to everybody whom it concerns."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from events.envelope import Envelope
from events.gatherings import GatheringCancelled, ReminderDue
from events.messages import MessageDue
from events.webinars import WebinarPublished
from shared.bootstrap import fan_out as bootstrap, line
from shared.messages.service import send_out
from shared.messaging.batch import BatchAnswer, consume, log_done
from shared.observability import count, logger
from shared.registration.calling_off import call_off
from shared.registration.fan_out import pages
from shared.reminders.service import remind, tell_of_recording
from shared.time import utcnow

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: "LambdaContext") -> BatchAnswer:
    """Fan out a batch of facts. One whose pages a queue did not all take is done again."""
    return consume(event, _fan_out)


def _fan_out(facts: Sequence[Envelope[Any]]) -> set[str]:
    around, again, ended = line.around(), set(), 0
    for fact in facts:
        if isinstance(fact.data, GatheringCancelled):
            ended += call_off(fact.data.gathering_id, around=around, now=utcnow(), correlation_id=fact.correlation_id)
        elif isinstance(fact.data, MessageDue):
            if not send_out(fact, around=bootstrap.writing()):
                again.add(fact.id)
        elif isinstance(fact.data, ReminderDue):
            if not remind(fact, around=bootstrap.reminding(), now=utcnow()):
                again.add(fact.id)
        elif isinstance(fact.data, WebinarPublished):
            if not tell_of_recording(fact, around=bootstrap.reminding(), now=utcnow()):
                again.add(fact.id)
        elif bootstrap.send(pages(fact, store=around.store))[1]:
            again.add(fact.id)
    count("RegistrationsCalledOff", ended)
    log_done("fanned_out", facts, ended=ended)
    return again
