"""Ends what has passed its deadline: holds, offers, rounds that keep seats, and mails that a crash left in sending.
Lets messages and mails go whose time has come, shows webinars whose time has, and has the owners told of those to be
looked at anew.

The clock only says where to look. Whether something is over is a condition on its row.
"""

from typing import TYPE_CHECKING, Any

from shared.bootstrap.ledger import ledger
from shared.bootstrap.line import around, messages, openings
from shared.bootstrap.webinars import around as webinars
from shared.messages.service import release_due
from shared.notices.service import ripen
from shared.notify.service import release_waiting, settle_overdue
from shared.observability import count, logger
from shared.registration.changes import lapse
from shared.registration.waiting import roll_over
from shared.time import utcnow
from shared.webinars.service import settle_due

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: "LambdaContext") -> None:
    """Settle what is due."""
    now, correlation_id = utcnow(), context.aws_request_id
    settled = settle_overdue(ledger=ledger(), now=now, correlation_id=correlation_id)
    books = around()
    lapsed = sum(lapse(key, around=books, now=now, correlation_id=correlation_id) for key in list(books.store.due(now)))
    rolled_over = sum(
        roll_over(gathering_id, around=books, now=now, correlation_id=correlation_id)
        for gathering_id in list(books.store.rolling_over(now))
    )
    written = release_due(store=messages(), now=now, correlation_id=correlation_id)
    waited = release_waiting(ledger=ledger(), now=now, correlation_id=correlation_id)
    webinars_settled = settle_due(around=webinars(), now=now, correlation_id=correlation_id)
    told = ripen(around=openings(), now=now, correlation_id=correlation_id)
    count("MailsUnknown", settled)
    count("SeatsLapsed", lapsed)
    logger.info(
        "due_swept",
        extra={
            "mails_unknown": settled,
            "seats_lapsed": lapsed,
            "rounds_rolled_over": rolled_over,
            "openings_told": told,
            "messages_released": written,
            "mails_released": waited,
            "webinars_settled": webinars_settled,
        },
    )
