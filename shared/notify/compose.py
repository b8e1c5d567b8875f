"""Mails as they are sent: text, HTML and calendar, in pure ASCII.

Everything beyond ASCII is encoded, because not every relay takes 8 bits. The parts are made with `email.mime`, whose
headers are plain strings: the newer `EmailMessage` parses each header it is given, which is half of what a mail costs.
"""

import re
from collections.abc import Callable
from datetime import datetime
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

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from shared import addresses
from shared.gatherings import wording
from shared.gatherings.model import Gathering, Moved, Session
from shared.gatherings.questions import unanswered
from shared.i18n import Voice, voice
from shared.links import MINE_LIVES, Links, Purpose
from shared.mailboxes.model import PREFERENCES_LIVE
from shared.network import Network
from shared.notify import calendar
from shared.notify.letters import told_step
from shared.notify.model import MailKind
from shared.notify.ports import Letter
from shared.registration.joining import way_in
from shared.registration.model import Awaits, Registration
from shared.webinars.model import Webinar

_LONGEST_WORD: Final = 75
"""Letters of an encoded word (RFC 2047, 2)."""

_TEMPLATES: Final = Path(__file__).parent / "templates"
_BLANKS: Final = re.compile(r"[ \t]*\n(?:[ \t]*\n)+")
_WITHOUT_ENTRY: Final = frozenset({MailKind.REMINDER, MailKind.MESSAGE})
"""The mails that leave calendars as they are, though they may be about a session."""

_TAKEN: Final = frozenset({MailKind.LEFT, MailKind.CANCELLATION, MailKind.HANDOVER, MailKind.EXPIRY})
"""The mails that take an entry out of a calendar; others that are about a session give one."""


class MailComposer:
    """Writes mails in the network's name."""

    def __init__(
        self, network: Network, *, library_name: Callable[[str], str], links: Links, base_url: str, sender: str
    ) -> None:
        self._network = network
        self._links = links
        self._base_url = base_url
        self._sender = sender
        self._library_name = library_name

    def compose(self, letter: Letter, *, now: datetime) -> bytes:
        """Return the mail, headers and all."""
        mail, to, network = letter.mail, letter.to, self._network
        speaking = self._voice(letter)
        subject, text, html = self.texts(letter, now=now)
        readings = [MIMEText(text, "plain", "utf-8"), MIMEText(html, "html", "utf-8")]
        body = MIMEMultipart("alternative", _subparts=readings)
        message = MIMEMultipart("mixed", _subparts=[body])
        message["From"] = _address("From", network.mail.sender_name, self._sender)
        message["To"] = _address("To", to.name, to.email)
        message["Reply-To"] = self._contact(letter)
        message["Subject"] = Header(subject, maxlinelen=_LONGEST_WORD, header_name="Subject").encode()
        # SES gives each mail its own Message-ID, so a thread hangs on a root that no mail has.
        root = ".".join(filter(None, (mail.subject_id, mail.gathering_id)))
        message["References"] = f"<{root}@{addresses.domain(self._sender)}>"
        message["Auto-Submitted"] = "auto-generated"
        message["Content-Language"] = speaking.language
        if preferences := self._preferences(letter, speaking, now):
            # Mail programs offer it as a button of their own (RFC 2369, and RFC 8058 for one press).
            message["List-Unsubscribe"] = f"<{preferences}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        if letter.gathering and letter.registration and letter.session and mail.kind not in _WITHOUT_ENTRY:
            method = calendar.Method.CANCEL if mail.kind in _TAKEN else calendar.Method.REQUEST
            entry = calendar.invitation(
                method,
                registration=letter.registration,
                gathering=letter.gathering,
                session=letter.session,
                title=_title(letter, speaking),
                description=text,
                way_in=self._way_in(letter.registration, letter.gathering, letter.session, speaking),
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

    def texts(self, letter: Letter, *, now: datetime) -> tuple[str, str, str]:
        """Return subject, text and HTML."""
        speaking = self._voice(letter)
        given: dict[str, object] = {
            "_": speaking.say,
            "voice": speaking,
            "network": self._network,
            "kind": letter.mail.kind,
            "to": letter.to,
            "contact": self._contact(letter),
            "title": _title(letter, speaking),
            "privacy_link": self._page("/privatliv", speaking),
            "preferences_link": self._preferences(letter, speaking, now),
            "session": letter.session,
            "receipt": letter.receipt,
            **self._about_gathering(letter, speaking),
            **self._about_registration(letter, speaking),
            **self._about_others(letter, speaking, now),
            **self._about_webinar(letter, speaking),
            **self._in_own_words(letter, speaking),
        }
        name = f"{letter.mail.kind}.jinja"
        said = _environment("txt").get_template(name).render(given)
        # The text's first line is the subject.
        subject, _, text = _BLANKS.sub("\n\n", said).partition("\n")
        html = _environment("html").get_template(name).render(given)
        # A subject is one line, whatever a title may hold: what comes after a line break would be a header.
        return " ".join(subject.split()), text.lstrip("\n"), html

    def _voice(self, letter: Letter) -> Voice:
        network = self._network
        return voice(letter.to.language or network.languages[0], network.languages, network.time_zone)

    def _about_gathering(self, letter: Letter, speaking: Voice) -> dict[str, object]:
        gathering, one = letter.gathering, letter.registration
        if gathering is None:
            return {}
        mine = gathering.sessions if one is None else [each for each in gathering.sessions if each.id in one.sessions]
        return {
            "gathering": gathering,
            "sessions": mine,
            "where": lambda session: gathering.where(session, None if one is None else one.mode),
            "gathering_page": self._page(f"/arrangementer/{gathering.slug}", speaking),
            "participants_page": self._page(f"/tovholder/arrangementer/{gathering.id}/deltagere", speaking),
        }

    def _about_registration(self, letter: Letter, speaking: Voice) -> dict[str, object]:
        gathering, one = letter.gathering, letter.registration
        if gathering is None or one is None:
            return {}
        moved = _last_move(letter)
        given: dict[str, object] = {
            "registration": one,
            "first": next(iter(one.history), None),
            "told": told_step(letter.mail.kind, one),
            # It is looked up for those mails alone that say it.
            "library": self._library_name(one.participant.library) if Awaits.LIBRARY in one.awaits else "",
            "not_me": one.is_doubtful,
            "moved_words": moved.words if moved is not None else "",
            "unanswered": bool(unanswered(gathering.questions, one.answers)),
        }
        # What goes to others, or to an address that is no longer the person's, opens nothing.
        if letter.mail.kind.is_to_participant:
            given["link"] = self._own_page(one, gathering, speaking)
            given["way_in"] = lambda session: self._way_in(one, gathering, session, speaking)
        if one.certificate is not None:
            given["certificate_page"] = self._page(f"/bevis/{one.certificate}", speaking)
        return given

    def _way_in(self, one: Registration, gathering: Gathering, session: Session, speaking: Voice) -> str:
        """Return the address of the person's own way in to a session; nothing where it is not online for them."""
        path = way_in(one, gathering, session, self._links)
        return self._page(path, speaking) if path else ""

    def _about_others(self, letter: Letter, speaking: Voice, now: datetime) -> dict[str, object]:
        gathering, receipt = letter.gathering, letter.receipt
        match letter.mail.kind:
            case MailKind.RECEIPT if gathering is not None and receipt is not None:
                expires = self._network.legal.periods.links_until(gathering.ends_at)
                token = self._links.token(Purpose.BOOKING, gathering.id, receipt.id, expires=expires)
                page = self._page(f"/tilmelding/gruppe/{token}", speaking)
                people = [(one, one.booking_id == receipt.id) for one, _ in letter.listed]
                return {"people": people, "left_out": receipt.left_out, "booking_page": page}
            case MailKind.LINKS:
                token = self._links.token(Purpose.MINE, letter.person, expires=now + MINE_LIVES)
                return {
                    "listed": [(*each, self._own_page(*each, speaking)) for each in letter.listed],
                    "mine": self._page(f"/mine/{token}", speaking),
                }
            case MailKind.INVITATION if gathering is not None:
                ids, expires = (gathering.id, letter.person), gathering.registration_closes_at
                token = self._links.token(Purpose.INVITATION, *ids, expires=expires)
                return {"link": self._page(f"/arrangementer/{gathering.slug}/tilmelding?invitation={token}", speaking)}
            case _:
                return {}

    def _own_page(self, one: Registration, gathering: Gathering, speaking: Voice) -> str:
        ids = (gathering.id, one.id, str(one.link_generation))
        token = self._links.token(
            Purpose.REGISTRATION, *ids, expires=self._network.legal.periods.links_until(gathering.ends_at)
        )
        return self._page(f"/tilmelding/{token}", speaking)

    def _preferences(self, letter: Letter, speaking: Voice, now: datetime) -> str:
        """Return where whoever gets a mail says that they want no more such; nothing where that is no choice."""
        person = letter.registration.person if letter.registration is not None else letter.person
        if letter.mail.kind.topic is None or not person:
            return ""
        ids = (person, letter.mail.kind.topic.value)
        token = self._links.token(Purpose.PREFERENCES, *ids, expires=now + PREFERENCES_LIVE)
        return self._page(f"/praeferencer/{token}", speaking)

    def _contact(self, letter: Letter) -> str:
        """Return where answers go. What is to the contact itself is answered by the network."""
        if letter.gathering is None or letter.mail.kind is MailKind.NEEDS:
            return self._network.mail.reply_to
        return letter.gathering.contact

    def _about_webinar(self, letter: Letter, speaking: Voice) -> dict[str, object]:
        webinar = letter.webinar
        if webinar is None:
            return {}
        return {
            "webinar": webinar,
            "recording_page": self._recording_page(webinar, speaking),
            "webinar_desk": self._page(f"/tovholder/webinarer/{webinar.id}", speaking),
        }

    def _recording_page(self, webinar: Webinar, speaking: Voice) -> str:
        return self._page(f"/webinarer/{webinar.slug}", speaking)

    def _page(self, path: str, speaking: Voice) -> str:
        prefix = "" if speaking.language == self._network.languages[0] else f"/{speaking.language}"
        return f"{self._base_url}{prefix}{path}"

    def _in_own_words(self, letter: Letter, speaking: Voice) -> dict[str, object]:
        """Return what a coordinator wrote, its fields filled in."""
        gathering, one, message = letter.gathering, letter.registration, letter.message
        if gathering is None or one is None:
            return {}
        about = [letter.session] if letter.session else [each for each in gathering.sessions if each.id in one.sessions]
        places = dict.fromkeys(str(place) for each in about if (place := gathering.where(each, one.mode).place))
        values = {
            "navn": letter.to.name,
            "titel": speaking.text(gathering.title),
            "tid": ", ".join(speaking.span(each.starts_at, each.ends_at) for each in about),
            "sted": ", ".join(places) or speaking.say("Online"),
            "kontakt": gathering.contact,
        }
        if letter.webinar is not None:
            values["optagelse"] = self._recording_page(letter.webinar, speaking)
        said = {"own_words": gathering.texts.get(letter.mail.kind, {})}
        if message is not None:
            said |= {"message_subject": message.subject, "message_body": message.body}
        return {name: wording.filled(speaking.text(text), values) for name, text in said.items()}


def _last_move(letter: Letter) -> Moved | None:
    """Return how what a mail is about was last moved: its session, or any of the person's."""
    gathering, one = letter.gathering, letter.registration
    assert gathering is not None and one is not None, "the mail is about a registration"
    sessions = [letter.session.id] if letter.session else one.sessions
    moves = [move for session in sessions if (move := gathering.last_move(session)) is not None]
    return max(moves, key=lambda move: move.number, default=None)


def _title(letter: Letter, speaking: Voice) -> str:
    title = speaking.text(letter.gathering.title) if letter.gathering else ""
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
def _environment(form: str) -> Environment:
    """Return what writes one form of every mail: `layout` and `parts` are that form's."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        # Each template is written in both forms, so its name does not tell which.
        autoescape=form == "html",  # noqa: S701 (the other form is plain text)
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals |= {"layout": f"layout.{form}", "parts": f"parts.{form}"}
    return environment
