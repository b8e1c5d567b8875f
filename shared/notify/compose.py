"""Mails as they are sent: text, HTML and calendar, in pure ASCII.

Everything beyond ASCII is encoded, because not every relay takes 8 bits. The parts are made with `email.mime`, whose
headers are plain strings: the newer `EmailMessage` parses each header it is given, which is half of what a mail costs.
"""

from datetime import datetime, timedelta
from email.encoders import encode_base64
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.mime.text import MIMEText
from email.utils import formataddr
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

_LONGEST_WORD: Final = 75
"""Letters of an encoded word (RFC 2047, 2)."""

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
        readings = [MIMEText(text, "plain", "utf-8"), MIMEText(html, "html", "utf-8")]
        body = MIMEMultipart("alternative", _subparts=readings)
        message = MIMEMultipart("mixed", _subparts=[body])
        message["From"] = _address("From", network.mail.sender_name, self._sender)
        message["To"] = _address("To", registration.participant.name, registration.participant.email)
        message["Reply-To"] = gathering.contact
        message["Subject"] = Header(subject, maxlinelen=_LONGEST_WORD, header_name="Subject").encode()
        # SES gives each mail its own Message-ID, so a thread hangs on a root that no mail has.
        message["References"] = f"<{registration.id}.{gathering.id}@{addresses.domain(self._sender)}>"
        message["Auto-Submitted"] = "auto-generated"
        message["Content-Language"] = speaking.language
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
            body.attach(_encoded(MIMENonMultipart("text", "calendar", charset="utf-8", method=method), entry))
            attached = _encoded(MIMENonMultipart("application", "ics", name="invite.ics"), entry)
            attached.add_header("Content-Disposition", "attachment", filename="invite.ics")
            message.attach(attached)
        return message.as_bytes()

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
        html = environment.get_template(f"{letter.mail.kind}.html").render(given)
        # A subject is one line, whatever a title may hold: what comes after a line break would be a header.
        return " ".join(subject.split()), text.lstrip("\n"), html

    def _page(self, path: str, speaking: Voice) -> str:
        prefix = "" if speaking.language == self._network.languages[0] else f"/{speaking.language}"
        return f"{self._base_url}{prefix}{path}"


def _title(letter: Letter, speaking: Voice) -> str:
    title = speaking.text(letter.gathering.title)
    of_its_own = speaking.text(letter.session.title) if letter.session else ""
    return f"{title}: {of_its_own}" if of_its_own else title


def _address(header: str, name: str, email: str) -> str:
    if name.isascii():
        return formataddr((name, email))
    # formataddr would make one word of the whole name.
    encoded = Header(name, "utf-8", maxlinelen=_LONGEST_WORD, header_name=header).encode()
    return f"{encoded} <{email}>"


def _encoded(part: MIMEBase, content: bytes) -> MIMEBase:
    part.set_payload(content)
    encode_base64(part)
    return part


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
