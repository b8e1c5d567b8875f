"""What Amazon SES knows of a domain that it sends from."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from shared.observability import logger
from shared.sender.model import AMAZONS_OWN, Identity, Signing

if TYPE_CHECKING:
    from mypy_boto3_ses import SESClient

_T = TypeVar("_T")

# SES takes one such request a second. The emulator knows nothing of MAIL FROM. Who may not ask is told no more than who
# asks too often, and has the DNS's answers still; that the permission is missing stands in the log.
_NO_ANSWER: Final = frozenset({"Throttling", "InvalidAction", "AccessDenied"})


class SesIdentities:
    """Identities by the API of SES v1."""

    def __init__(self, client: "SESClient") -> None:
        self._client = client

    def get(self, domain: str) -> Identity:
        """Return what SES knows of a domain now, however little it says."""
        return Identity(_unless_silent(lambda: self._signing(domain)), _unless_silent(lambda: self._mail_from(domain)))

    def _signing(self, domain: str) -> Signing:
        told = self._client.get_identity_dkim_attributes(Identities=[domain])["DkimAttributes"].get(domain)
        if not told or not told["DkimEnabled"]:
            return Signing()
        return Signing(tuple(told.get("DkimTokens", ())), told["DkimVerificationStatus"])

    def _mail_from(self, domain: str) -> str:
        """Return the domain in MAIL FROM. One that SES has not confirmed is not used."""
        answer = self._client.get_identity_mail_from_domain_attributes(Identities=[domain])
        told = answer["MailFromDomainAttributes"].get(domain)
        if not told or told.get("MailFromDomainStatus") != "Success":
            return AMAZONS_OWN
        return told["MailFromDomain"].lower()


def _unless_silent(ask: Callable[[], _T]) -> _T | None:
    try:
        return ask()
    except BotoCoreError:
        return None
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in _NO_ANSWER or error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
            logger.warning("ses_did_not_say", extra={"code": code})
            return None
        raise
