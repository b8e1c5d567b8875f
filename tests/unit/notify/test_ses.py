"""One attempt to send, and what may be concluded from what comes back."""

from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    ReadTimeoutError,
)

from shared.notify.model import MailId, MailKind, Outcome, Refused, Sent, Throttled, Unknown
from shared.notify.ses import PacedMailer, SesMailer
from tests.support.clock import Sleep

MAIL = MailId("gathering", "registration", MailKind.CONFIRMATION, "one")


class Ses:
    """Amazon SES, answering as told."""

    def __init__(self, answer: dict[str, Any] | Exception) -> None:
        self.answer = answer
        self.asked: list[dict[str, Any]] = []

    def send_raw_email(self, **request: Any) -> dict[str, Any]:
        self.asked.append(request)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def send(answer: dict[str, Any] | Exception) -> tuple[Outcome, Ses]:
    ses = Ses(answer)
    mailer: Any = SesMailer(ses, sender="seats@example.org", configuration_set="mail")  # type: ignore[arg-type]
    return mailer.send(b"the mail", recipient="aase@herning.example.org", mail=MAIL), ses


def an_error(code: str, status: int) -> ClientError:
    return ClientError(
        {"Error": {"Code": code, "Message": code}, "ResponseMetadata": {"HTTPStatusCode": status}},  # type: ignore[typeddict-item]
        "SendRawEmail",
    )


def test_a_mail_goes_to_one_person_with_its_row_as_a_tag() -> None:
    outcome, ses = send({"MessageId": "011001"})

    assert outcome == Sent("011001")
    assert ses.asked == [
        {
            "Source": "seats@example.org",
            "Destinations": ["aase@herning.example.org"],
            "RawMessage": {"Data": b"the mail"},
            "ConfigurationSetName": "mail",
            "Tags": [{"Name": "mail_row", "Value": MAIL.tag}],
        }
    ]


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (an_error("Throttling", 400), Throttled()),
        (an_error("ThrottlingException", 400), Throttled()),
        (an_error("TooManyRequestsException", 429), Throttled()),
        (an_error("LimitExceededException", 400), Throttled()),
        (an_error("ServiceUnavailable", 503), Throttled()),
        (an_error("MessageRejected", 400), Refused()),
        (an_error("MailFromDomainNotVerifiedException", 400), Refused()),
        (an_error("ConfigurationSetDoesNotExist", 400), Refused()),
        (an_error("AccountSendingPausedException", 400), Refused()),
        (an_error("InvalidParameterValue", 400), Refused()),
        (an_error("InternalFailure", 500), Unknown()),
        (an_error("504", 504), Unknown()),
        (ReadTimeoutError(endpoint_url="x"), Unknown()),
        (ConnectTimeoutError(endpoint_url="x"), Unknown()),
        (EndpointConnectionError(endpoint_url="x"), Unknown()),
        (ConnectionClosedError(endpoint_url="x"), Unknown()),
        (HTTPClientError(error="x"), Unknown()),
    ],
    ids=lambda one: str(one)[:60],
)
def test_each_answer_is_one_outcome(error: Exception, outcome: Outcome) -> None:
    found, ses = send(error)

    assert found == outcome
    assert len(ses.asked) == 1, "asked once, whatever came back"


def test_a_mistake_of_ours_is_no_outcome() -> None:
    with pytest.raises(KeyError):
        send(KeyError("ours"))


def test_many_mails_keep_their_distance_and_one_does_not_wait() -> None:
    sleep = Sleep()
    ses: Any = Ses({"MessageId": "1"})
    mailer = SesMailer(ses, sender="seats@example.org", configuration_set="mail")
    paced = PacedMailer(mailer, per_second=4, sleep=sleep, monotonic=sleep.monotonic)

    for _ in range(5):
        paced.send(b"the mail", recipient="aase@herning.example.org", mail=MAIL)

    assert len(ses.asked) == 5
    assert sleep.pauses == [0.25] * 4
