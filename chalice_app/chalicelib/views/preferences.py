"""Preferences: which mails somebody gets, chosen on a page, or by the button of a mail program."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Final

from chalice.app import Response

from chalicelib import answers, bodies, routing
from chalicelib.screens import Screen
from chalicelib.visit import Visit
from shared.bootstrap import web as bootstrap
from shared.links import LinkBroken, Purpose
from shared.mailboxes import service
from shared.mailboxes.model import TOPICS, Topic

pages = routing.pages()

FORM_LIVES: Final = timedelta(hours=12)

ONE_CLICK: Final = "One-Click"
"""What a mail program sends as `List-Unsubscribe` (RFC 8058, 3.1)."""


@dataclass(frozen=True, slots=True)
class PreferencesScreen(Screen):
    """The topics, and which of them are unwanted. `topic` is the one of the mail that led here, if one did."""

    personal: ClassVar[bool] = True
    path: str
    csrf: str
    topic: Topic | None
    unwanted: frozenset[Topic]
    is_saved: bool = False

    @property
    def topics(self) -> dict[Topic, str]:
        """All of them in words, to be translated."""
        return TOPICS


@pages.get("/praeferencer/{token}")
def preferences(visit: Visit, token: str) -> Response:
    """Show which mails somebody gets. To look changes nothing: mail scanners open links."""
    return _page(visit, token, is_saved="gemt" in visit.query)


@pages.post("/praeferencer/{token}")
def choose(visit: Visit, token: str) -> Response:
    """Keep what was chosen; or stop the mails that the link is about, when a mail program asks for that."""
    person, topic = _whose(visit, token)
    fields = bodies.fields(visit.request)
    store = bootstrap.mailboxes()
    if topic is not None and fields.get("List-Unsubscribe", [""])[-1] == ONE_CLICK:
        # Nobody sees a page, so no form of ours is asked for: the link is proof enough.
        service.stop(person, topic, store=store, now=visit.now)
        return _page(visit, token, is_saved=True)
    csrf = fields.get("csrf", [""])[-1]
    if bootstrap.links().read(Purpose.OWN_FORM, csrf, now=visit.now) != (person,):
        raise LinkBroken
    wanted = fields.get("wanted", [])
    store.choose(person, frozenset(one for one in Topic if one not in wanted), now=visit.now)
    return answers.see_other(visit, f"/praeferencer/{token}?gemt=1")


def _whose(visit: Visit, token: str) -> tuple[str, Topic | None]:
    """Return whose preferences a link opens, by keyed hash, and what the mail was about that it stood in, if it did.

    Raise LinkBroken or LinkExpired.
    """
    person, *topic = bootstrap.links().read(Purpose.PREFERENCES, token, now=visit.now)
    return person, Topic(topic[0]) if topic else None


def _page(visit: Visit, token: str, *, is_saved: bool = False) -> Response:
    person, topic = _whose(visit, token)
    csrf = bootstrap.links().token(Purpose.OWN_FORM, person, expires=visit.now + FORM_LIVES)
    unwanted = service.of(person, store=bootstrap.mailboxes()).unwanted
    screen = PreferencesScreen(f"/praeferencer/{token}", csrf, topic, unwanted, is_saved)
    return answers.page(visit, "preferences.html", screen)
