"""Checking a sender: what SES knows of the domain says what to ask the DNS."""

from shared.sender.model import Finding, judge, questions
from shared.sender.ports import Identities, Names


def check(domain: str, *, names: Names, identities: Identities) -> tuple[Finding, Finding, Finding]:
    """Return what SPF, DKIM and DMARC, in that order, make of mail from a domain (in ASCII) as things stand now."""
    identity = identities.get(domain)
    return judge(domain, identity, names.answers(questions(domain, identity)))
