"""Mails as they are sent: text, HTML and calendar, in pure ASCII.

Everything beyond ASCII is encoded (`cte_type="7bit"`), because not every relay takes 8 bits.
"""

from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from functools import lru_cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from shared import addresses
from shared.i18n import Voice, voice
from shared.links import Links, Purpose
from shared.network import Network
from shared.notify import calendar
from shared.notify.model import MailKind
from shared.notify.ports import Letter

LINKS_LIVE: Final = timedelta(days=90)
"""How long after the gathering a personal page can still be opened."""

_POLICY: Final = SMTP.clone(cte_type="7bit")
_TEMPLATES: Final = Path(__file__).parent / "templates"
_METHODS: Final = {
    MailKind.CONFIRMATION: calendar.Method.REQUEST,
    MailKind.CANCELLATION: calendar.Method.CANCEL,
}


class MailComposer:
    """Writes mails in the network's name."""

    def __init__(self, network: Network, *, links: Links, base_url: str, sender: str) -> None:
        self._network = network
        self._links = links
        self._base_url = base_url
        self._sender = sender

    def compose(self, letter: Letter, *, now: datetime) -> bytes:
        """Return the mail, headers and all."""
        registration, gathering, network = letter.registration, letter.gathering, self._network
        speaking = voice(registration.language, network.languages, network.time_zone)
        subject, text, html = self._texts(letter, speaking)
        message = EmailMessage(policy=_POLICY)
        message["From"] = Address(network.mail.sender_name, addr_spec=self._sender)
        message["To"] = Address(registration.participant.name, addr_spec=registration.participant.email)
        message["Reply-To"] = gathering.contact
        message["Subject"] = subject
        # SES gives each mail its own Message-ID, so a thread hangs on a root that no mail has.
        message["References"] = f"<{registration.id}.{gathering.id}@{addresses.domain(self._sender)}>"
        message["Auto-Submitted"] = "auto-generated"
        message["Content-Language"] = speaking.language
        message.set_content(text, cte="quoted-printable")
        message.add_alternative(html, subtype="html", cte="quoted-printable")
        if letter.session is not None:
            method = _METHODS[letter.mail.kind]
            entry = calendar.invitation(
                method,
                registration=registration,
                gathering=gathering,
                session=letter.session,
                title=_title(letter, speaking),
                description=text,
                organiser=network.name,
                product=network.short_name,
                now=now,
            )
            # Mail programs that answer invitations read the alternative; the others offer the file.
            message.add_alternative(entry.decode(), subtype="calendar", params={"method": method}, cte="base64")
            message.add_attachment(entry, maintype="application", subtype="ics", filename="invite.ics")
        return bytes(message)

    def _texts(self, letter: Letter, speaking: Voice) -> tuple[str, str, str]:
        """Return subject, text and HTML. The text's first line is the subject."""
        gathering, registration = letter.gathering, letter.registration
        sessions = [session for session in gathering.sessions if session.id in registration.sessions]
        token = self._links.token(
            Purpose.REGISTRATION, gathering.id, registration.id, expires=gathering.ends_at + LINKS_LIVE
        )
        given = {
            "voice": speaking,
            "network": self._network,
            "gathering": gathering,
            "registration": registration,
            "session": letter.session,
            "sessions": sessions,
            "link": self._page(f"/tilmelding/{token}", speaking),
            "privacy_link": self._page("/privatliv", speaking),
        }
        environment = _environment()
        said = environment.get_template(f"{letter.mail.kind}.txt").render(given)
        subject, _, text = said.partition("\n")
        return subject.strip(), text.lstrip("\n"), environment.get_template(f"{letter.mail.kind}.html").render(given)

    def _page(self, path: str, speaking: Voice) -> str:
        prefix = "" if speaking.language == self._network.languages[0] else f"/{speaking.language}"
        return f"{self._base_url}{prefix}{path}"


def _title(letter: Letter, speaking: Voice) -> str:
    title = speaking.text(letter.gathering.title)
    of_its_own = speaking.text(letter.session.title) if letter.session else ""
    return f"{title}: {of_its_own}" if of_its_own else title


@lru_cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
