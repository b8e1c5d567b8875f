"""Inviting people: paste addresses, look at what it would do, say yes, and see who has come."""

from dataclasses import dataclass, field
from typing import Final

from chalice.app import Response

from chalicelib import answers, bodies, desk, planning, routing
from chalicelib.inviting import registered, standing
from chalicelib.participants import GATHERING, GatheringScreen, about
from chalicelib.registration_words import STATUSES
from chalicelib.visit import DeskVisit
from shared.bootstrap import web as bootstrap
from shared.i18n import Voice
from shared.invitations import service
from shared.invitations.model import Invitation
from shared.invitations.service import Preview
from shared.refusals import Refusal
from shared.registration.model import Registration
from shared.roles import Role
from shared.spreadsheets.previews import PreviewNotFound

pages = routing.desk()

PATH: Final = f"{GATHERING}/invitationer"


@dataclass(frozen=True, slots=True)
class InvitationsScreen(GatheringScreen):
    """Who is invited, each with the registration that came of it; and the form with what was pasted."""

    invited: tuple[tuple[Invitation, Registration | None], ...]
    text: str = ""
    chosen: str = ""

    @property
    def own_path(self) -> str:
        """The page's address, without language."""
        return f"{self.gathering_path}/invitationer"

    @property
    def number_registered(self) -> int:
        """How many of them count as registered."""
        return sum(there is not None and there.status.is_live for _, there in self.invited)

    def status(self, there: Registration) -> str:
        """How somebody stands, in one word, to be translated."""
        return STATUSES[there.status]


@dataclass(frozen=True, slots=True)
class PreviewScreen(GatheringScreen):
    """What inviting would do."""

    preview_id: str
    preview: Preview
    again: bool = field(default=False, kw_only=True)

    @property
    def own_path(self) -> str:
        """The page's address, without language."""
        return f"{self.gathering_path}/invitationer/{self.preview_id}"


@pages.get(PATH, Role.COORDINATOR, own=True)
def invitations(visit: DeskVisit, gathering_id: str) -> Response:
    """Show who is invited, and where addresses are pasted."""
    return _list(visit, gathering_id)


@pages.post(PATH, Role.COORDINATOR, own=True)
def preview(visit: DeskVisit, gathering_id: str) -> Response:
    """Read addresses and show what inviting them would do."""
    form = bodies.form(visit.request)
    text, language = form.get("emails", ""), form.get("language", "")
    gathering = bootstrap.gatherings().get(gathering_id)
    try:
        preview_id, _ = service.preview_invitations(
            text,
            language if language in visit.network.languages else visit.network.languages[0],
            gathering=gathering,
            registrations=registered(gathering_id),
            store=bootstrap.invitations(),
            secret=bootstrap.hashed(),
            previews=bootstrap.previews(),
            now=visit.now,
        )
    except Refusal as refusal:
        return _list(visit, gathering_id, refusal, text, language)
    return answers.see_other(visit, f"{PATH.format(gathering_id=gathering_id)}/{preview_id}")


@pages.get(f"{PATH}/{{preview_id}}", Role.COORDINATOR, own=True)
def previewed(visit: DeskVisit, gathering_id: str, preview_id: str) -> Response:
    """Show what inviting would do; when it is done, who is invited."""
    return _preview(visit, gathering_id, preview_id)


@pages.post(f"{PATH}/{{preview_id}}", Role.COORDINATOR, own=True)
def send(visit: DeskVisit, gathering_id: str, preview_id: str) -> Response:
    """Send the invitations that were shown."""
    again = "again" in bodies.form(visit.request)
    _shown(visit, gathering_id, preview_id)
    refusal = planning.tried(
        lambda: service.confirm_invitations(
            preview_id,
            again=again,
            store=bootstrap.invitations(),
            previews=bootstrap.previews(),
            now=visit.now,
            correlation_id=visit.correlation_id,
        )
    )
    if refusal:
        return _preview(visit, gathering_id, preview_id, refusal, again=again)
    number = service.shown_invitations(preview_id, previews=bootstrap.previews(), now=visit.now)
    return answers.see_other(visit, f"{PATH.format(gathering_id=gathering_id)}?done={number}")


def _list(
    visit: DeskVisit, gathering_id: str, refusal: Refusal | None = None, text: str = "", language: str = ""
) -> Response:
    gathering, tell = about(visit, gathering_id)
    invited = standing(bootstrap.invitations().of_gathering(gathering_id), registered(gathering_id))
    done = visit.query.get("done", "")
    screen = InvitationsScreen(
        visit.login,
        gathering,
        tell,
        tuple(invited),
        text,
        language,
        refusal=refusal,
        done=_sent(int(done), visit.voice) if done.isdecimal() and len(done) < 7 else None,
    )
    return desk.page(visit, "desk/invitations.html", screen)


def _sent(number: int, voice: Voice) -> str:
    return voice.count("%(number)s invitation is on its way.", "%(number)s invitations are on their way.", number)


def _preview(
    visit: DeskVisit, gathering_id: str, preview_id: str, refusal: Refusal | None = None, *, again: bool = False
) -> Response:
    shown = _shown(visit, gathering_id, preview_id)
    if isinstance(shown, int):
        return answers.see_other(visit, PATH.format(gathering_id=gathering_id))
    screen = PreviewScreen(visit.login, *about(visit, gathering_id), preview_id, shown, again=again, refusal=refusal)
    return desk.page(visit, "desk/invitations-preview.html", screen)


def _shown(visit: DeskVisit, gathering_id: str, preview_id: str) -> Preview | int:
    shown = service.shown_invitations(preview_id, previews=bootstrap.previews(), now=visit.now)
    if isinstance(shown, Preview) and shown.gathering_id != gathering_id:
        raise PreviewNotFound
    return shown
