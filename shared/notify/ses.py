"""Mail through Amazon SES.

`send_raw_email` of SES v1 is called with one attempt and never retried by the SDK: a retry after a timeout is how a
person gets two mails.
"""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError

from shared.notify.model import ROW_TAG, MailId, Outcome, Refused, Sent, Throttled, Unknown
from shared.notify.ports import Mailer

if TYPE_CHECKING:
    from mypy_boto3_ses import SESClient

_NOT_NOW: Final = frozenset(
    {"Throttling", "ThrottlingException", "TooManyRequestsException", "LimitExceededException", "ServiceUnavailable"}
)


class SesMailer:
    """Sends finished mails."""

    def __init__(self, client: "SESClient", *, sender: str, configuration_set: str) -> None:
        self._client = client
        self._sender = sender
        self._configuration_set = configuration_set

    def send(self, message: bytes, *, recipient: str, mail: MailId) -> Outcome:
        """Send one mail once. What comes back later carries the mail's row as a tag."""
        try:
            answer = self._client.send_raw_email(
                Source=self._sender,
                Destinations=[recipient],
                RawMessage={"Data": message},
                ConfigurationSetName=self._configuration_set,
                Tags=[{"Name": ROW_TAG, "Value": mail.tag}],
            )
        except ClientError as error:
            if error.response["Error"]["Code"] in _NOT_NOW:
                return Throttled()
            # A fault on SES's side (5xx) says nothing about whether the mail left.
            answered = error.response["ResponseMetadata"]["HTTPStatusCode"]
            return Unknown() if answered >= 500 else Refused()
        except BotoCoreError:
            return Unknown()
        return Sent(answer["MessageId"])


class PacedMailer:
    """Sends through another mailer, and never more than so many mails a second: SES has a quota for all of us."""

    def __init__(
        self,
        mailer: Mailer,
        *,
        per_second: float,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._mailer = mailer
        self._pause = 1 / per_second
        self._sleep = sleep
        self._monotonic = monotonic
        self._next = 0.0

    def send(self, message: bytes, *, recipient: str, mail: MailId) -> Outcome:
        """Send one mail when it is its turn."""
        wait = self._next - self._monotonic()
        if wait > 0:
            self._sleep(wait)
        self._next = self._monotonic() + self._pause
        return self._mailer.send(message, recipient=recipient, mail=mail)
