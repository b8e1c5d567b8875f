"""The page that says whether mails arrive."""

import re
from html import unescape

import pytest

from shared import addresses
from shared.bootstrap import web as bootstrap
from shared.roles import Role
from shared.sender.model import AMAZONS_OWN, Identity, Signing
from tests.support.aws import SENDER
from tests.support.memory_names import SIGNED, TOKENS, InMemoryIdentities, InMemoryNames, published
from tests.support.site import Site

DOMAIN = addresses.domain(SENDER)
PAGE = "/tovholder/mails"
KEY = f"{TOKENS[0]}._domainkey.{DOMAIN}"


@pytest.fixture
def there(site: Site) -> Site:
    return site.at_the_desk(Role.COORDINATOR)


def looked_into(there: Site, monkeypatch: pytest.MonkeyPatch, names: InMemoryNames, identity: Identity = SIGNED) -> str:
    monkeypatch.setattr(bootstrap, "names", lambda: names)
    monkeypatch.setattr(bootstrap, "identities", lambda: InMemoryIdentities(identity))
    return there.get(f"{PAGE}?check=1").text


def states(page: str) -> dict[str, str]:
    """Return the word for each protocol."""
    return dict(re.findall(r"<dt>(\w+)</dt>\s*<dd>\s*<p><span class=\"badge[^\"]*\">([^<]+)</span>", page))


def records(page: str) -> list[str]:
    return [unescape(record) for record in re.findall("<code>([^<]*)</code>", page)]


def test_nobody_is_asked_until_somebody_wants_to_know(there: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for asked in ("names", "identities"):
        monkeypatch.setattr(bootstrap, asked, lambda: pytest.fail("nobody wanted to know"))

    page = there.get(PAGE)

    assert page.status == 200
    assert SENDER in page.text
    assert states(page.text) == {}
    assert f'href="{PAGE}?check=1#sender"' in page.text


def test_each_protocol_has_a_state_a_sentence_and_the_records_that_were_found(
    there: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = looked_into(there, monkeypatch, published(DOMAIN, "v=DMARC1; p=none; rua=mailto:dmarc@example.org"))

    assert states(page) == {"SPF": "God", "DKIM": "God", "DMARC": "Svag"}
    assert f"Amazon SES signerer mail fra {DOMAIN}" in page
    assert records(page) == [
        *(f"{token}.dkim.amazonses.com" for token in TOKENS),
        "v=DMARC1; p=none; rua=mailto:dmarc@example.org",
    ]


@pytest.mark.parametrize(
    ("names", "identity", "expected"),
    [
        (InMemoryNames(), SIGNED, "Svag Mangler Mangler"),
        (InMemoryNames(aliases={KEY: "elsewhere.example.org"}), SIGNED, "Svag Forkert Mangler"),
        (published(DOMAIN, "v=DMARC1; p=reject"), Identity(Signing(), AMAZONS_OWN), "Svag Mangler Forkert"),
        (published(DOMAIN, "v=DMARC1; p=reject"), Identity(None, None), "Ukendt Ukendt Ukendt"),
    ],
)
def test_what_is_wrong_has_a_word(
    names: InMemoryNames, identity: Identity, expected: str, there: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = looked_into(there, monkeypatch, names, identity)

    assert " ".join(states(page).values()) == expected


def test_what_strangers_write_into_the_dns_is_text(there: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    record = "v=DMARC1; p=none; rua=<script>alert(1)</script>"

    page = looked_into(there, monkeypatch, published(DOMAIN, record))

    assert "<script" not in page
    assert record in records(page)


def test_it_is_in_the_menu_of_coordinators_alone(site: Site) -> None:
    offered = {role for role in Role if f'href="{PAGE}"' in site.at_the_desk(role).get("/tovholder/").text}

    assert offered == {Role.COORDINATOR}


def test_ses_itself_is_asked(table: None) -> None:
    assert bootstrap.identities().get("another.example.org") == Identity(Signing(), AMAZONS_OWN)
