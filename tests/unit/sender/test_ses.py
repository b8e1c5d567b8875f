"""What SES says of a domain, and what it leaves unsaid."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from shared.sender.model import AMAZONS_OWN, Identity, Signing
from shared.sender.ses import SesIdentities

DOMAIN = "db2030.example"
DKIM = {"DkimEnabled": True, "DkimVerificationStatus": "Pending", "DkimTokens": ["a", "b", "c"]}


class Ses:
    """Amazon SES, answering as told."""

    def __init__(self, dkim: dict[str, Any] | Exception, mail_from: dict[str, Any] | Exception) -> None:
        self.dkim = dkim
        self.mail_from = mail_from

    def get_identity_dkim_attributes(self, *, Identities: list[str]) -> dict[str, Any]:
        return {"DkimAttributes": told(self.dkim, Identities)}

    def get_identity_mail_from_domain_attributes(self, *, Identities: list[str]) -> dict[str, Any]:
        return {"MailFromDomainAttributes": told(self.mail_from, Identities)}


def told(answer: dict[str, Any] | Exception, asked: list[str]) -> dict[str, Any]:
    if isinstance(answer, Exception):
        raise answer
    return {name: answer for name in asked if answer}


def identity(dkim: dict[str, Any] | Exception, mail_from: dict[str, Any] | Exception) -> Identity:
    ses: Any = Ses(dkim, mail_from)
    return SesIdentities(ses).get(DOMAIN)


def an_error(code: str, status: int) -> ClientError:
    return ClientError(
        {"Error": {"Code": code, "Message": code}, "ResponseMetadata": {"HTTPStatusCode": status}},  # type: ignore[typeddict-item]
        "GetIdentityDkimAttributes",
    )


@pytest.mark.parametrize(
    ("dkim", "signing"),
    [
        (DKIM, Signing(("a", "b", "c"), "Pending")),
        (DKIM | {"DkimEnabled": False}, Signing()),
        ({"DkimEnabled": True, "DkimVerificationStatus": "NotStarted"}, Signing()),
        ({}, Signing()),
    ],
)
def test_ses_says_how_it_signs(dkim: dict[str, Any], signing: Signing) -> None:
    assert identity(dkim, {}).signing == signing


@pytest.mark.parametrize(
    ("mail_from", "domain"),
    [
        ({"MailFromDomain": "Post.db2030.example", "MailFromDomainStatus": "Success"}, "post.db2030.example"),
        ({"MailFromDomain": "post.db2030.example", "MailFromDomainStatus": "Pending"}, AMAZONS_OWN),
        ({"BehaviorOnMXFailure": "UseDefaultValue"}, AMAZONS_OWN),
        ({}, AMAZONS_OWN),
    ],
)
def test_ses_says_what_is_in_mail_from_now(mail_from: dict[str, Any], domain: str) -> None:
    assert identity({}, mail_from).mail_from == domain


@pytest.mark.parametrize(
    "silence",
    [
        an_error("Throttling", 400),
        an_error("InvalidAction", 400),
        an_error("AccessDenied", 403),
        an_error("InternalFailure", 500),
        EndpointConnectionError(endpoint_url="x"),
        ReadTimeoutError(endpoint_url="x"),
    ],
    ids=str,
)
def test_what_ses_does_not_say_is_not_known_and_the_rest_is(silence: Exception) -> None:
    assert identity(silence, {}) == Identity(None, AMAZONS_OWN)
    assert identity(DKIM, silence) == Identity(Signing(("a", "b", "c"), "Pending"), None)


def test_a_question_that_ses_does_not_take_is_a_fault_of_ours() -> None:
    with pytest.raises(ClientError, match="ValidationError"):
        identity(an_error("ValidationError", 400), {})
