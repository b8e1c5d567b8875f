"""A domain is checked by what SES says of it, and what the DNS does."""

import pytest

from shared.sender.model import AMAZONS_OWN, Identity, Protocol, Signing, State
from shared.sender.service import check
from tests.support.memory_names import InMemoryIdentities, InMemoryNames

DOMAIN = "db2030.example"
NAMES = InMemoryNames(
    texts={f"_dmarc.{DOMAIN}": ("v=DMARC1; p=reject",), f"post.{DOMAIN}": ("v=spf1 include:amazonses.com -all",)},
    aliases={f"{token}._domainkey.{DOMAIN}": f"{token}.dkim.amazonses.com" for token in "abc"},
)


@pytest.mark.parametrize(
    ("identity", "names", "expected"),
    [
        (Identity(Signing(("a", "b", "c"), "Success"), f"post.{DOMAIN}"), NAMES, "good good good"),
        (Identity(Signing(("a", "b", "c"), "Success"), AMAZONS_OWN), NAMES, "good good good"),
        (Identity(Signing(("a", "b", "d"), "Success"), AMAZONS_OWN), NAMES, "weak missing wrong"),
        (Identity(None, None), NAMES, "unknown unknown unknown"),
        (Identity(Signing(("a",), "Pending"), f"post.{DOMAIN}"), InMemoryNames(), "missing missing missing"),
        (
            Identity(Signing(("a",), "Success"), f"post.{DOMAIN}"),
            InMemoryNames(silent={f"_dmarc.{DOMAIN}", f"post.{DOMAIN}", f"a._domainkey.{DOMAIN}"}),
            "unknown unknown unknown",
        ),
    ],
)
def test_a_domain_is_checked(identity: Identity, names: InMemoryNames, expected: str) -> None:
    findings = check(DOMAIN, names=names, identities=InMemoryIdentities(identity))

    assert [one.what for one in findings] == [Protocol.SPF, Protocol.DKIM, Protocol.DMARC]
    assert [one.state for one in findings] == [State(word) for word in expected.split()]
