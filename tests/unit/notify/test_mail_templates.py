"""Mails say what one needs to know, in text as in HTML, and what people wrote cannot break out of it."""

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from infra.build import catalogues
from shared.gatherings.model import Gathering
from shared.links import KeyRing, Links
from shared.notify.compose import MailComposer
from shared.notify.model import MailId, MailKind
from shared.notify.ports import Letter
from shared.registration.model import Invoice, Participant, Registration, Role
from tests.support.sample_screens import FESTIVAL, INSPIRATION_DAY, NETWORK, NOW, WEBINAR

NAME = 'Åse <b>"Ærø"</b> & co.'


@pytest.fixture(autouse=True, scope="module")
def _catalogues() -> None:
    catalogues.compile_all()


def a_mail(kind: MailKind, gathering: Gathering, language: str = "da") -> tuple[str, str, str]:
    """Return subject, text and HTML of a mail about the gathering's first session."""
    registration = Registration(
        id="registration",
        gathering_id=gathering.id,
        participant=Participant(NAME, "aase@herning.example.org", "765700", Role.STAFF),
        sessions=tuple(session.id for session in gathering.sessions),
        pools=(),
        language=language,
        registered_at=NOW,
        kept_until=NOW,
        invoice=Invoice("5790000000005", "Konto 17") if gathering.asks_invoice_reference else None,
    )
    composer = MailComposer(
        NETWORK,
        links=Links(KeyRing.of('{"key": "secret", "previous": []}')),
        base_url="https://tovholder.example.org",
        sender="tilmelding@example.org",
    )
    letter = Letter(
        MailId(gathering.id, registration.id, kind, "once"),
        registration,
        gathering,
        session=None if kind is MailKind.LINK else gathering.sessions[0],
    )
    message = message_from_bytes(composer.compose(letter, now=NOW), policy=policy.default)
    assert isinstance(message, EmailMessage)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    return str(message["Subject"]), text.get_content(), html.get_content()


@pytest.mark.parametrize("language", NETWORK.languages)
@pytest.mark.parametrize("gathering", [WEBINAR, INSPIRATION_DAY, FESTIVAL], ids=lambda gathering: str(gathering.kind))
@pytest.mark.parametrize("kind", MailKind)
def test_every_mail_says_what_when_and_where_to_turn(kind: MailKind, gathering: Gathering, language: str) -> None:
    subject, text, html = a_mail(kind, gathering, language)
    when = {"da": f"den {gathering.starts_at.day}.", "en": f" {gathering.starts_at.day} "}[language]

    for said in (text, html):
        assert gathering.title["da"] in said or gathering.title.get("en", "") in said
        assert when in said
        assert gathering.contact in said
        assert "https://tovholder.example.org" in said
    assert "\n" not in subject
    assert "\n\n\n" not in text


def test_a_confirmation_says_where_to_take_part_and_that_it_is_recorded() -> None:
    _, text, html = a_mail(MailKind.CONFIRMATION, WEBINAR)

    assert "Deltag online: https://moede.example.org/hemmeligt-rum" in text
    assert 'href="https://moede.example.org/hemmeligt-rum"' in html
    assert "Arrangementet bliver optaget" in text
    assert "Arrangementet bliver optaget" in html


def test_a_confirmation_says_what_it_costs_and_who_pays() -> None:
    _, text, html = a_mail(MailKind.CONFIRMATION, INSPIRATION_DAY)

    for said in (text, html):
        assert "1.000 kr. pr. deltager" in said
        assert "Faktura til GLN 5790000000005, reference Konto 17" in said


def test_a_cancellation_gives_no_link_to_take_part() -> None:
    _, text, html = a_mail(MailKind.CANCELLATION, WEBINAR)

    assert "hemmeligt-rum" not in text + html


def test_one_of_several_mails_says_which_it_is() -> None:
    subject, _, _ = a_mail(MailKind.CONFIRMATION, FESTIVAL)

    assert subject == "Du er tilmeldt: Vidensfestival i Ballerup: unge stemmer (1 af 3)"


def test_a_name_is_text_in_both_and_markup_in_neither() -> None:
    _, text, html = a_mail(MailKind.CONFIRMATION, WEBINAR)

    assert f"Hej {NAME}" in text
    assert "<b>&#34;" not in html
    assert "Hej Åse &lt;b&gt;" in html


def test_sentences_in_text_mails_fit_a_narrow_window() -> None:
    _, text, _ = a_mail(MailKind.CONFIRMATION, FESTIVAL)

    assert max(len(line) for line in text.splitlines() if "https://" not in line) <= 76


@pytest.mark.parametrize("kind", MailKind)
def test_html_mails_fetch_nothing(kind: MailKind) -> None:
    _, _, html = a_mail(kind, WEBINAR)

    assert "<img" not in html
    assert "src=" not in html
    assert "url(" not in html
