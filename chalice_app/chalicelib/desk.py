"""The coordinators' pages: their frame, and what stops somebody on them."""

from dataclasses import dataclass, field
from typing import ClassVar, Final
from urllib.parse import parse_qsl, quote, urlencode

from chalice.app import Response

from chalicelib import answers
from chalicelib.bodies import LARGEST, MOST_FIELDS, MULTIPART
from chalicelib.screens import ErrorScreen, Screen
from chalicelib.visit import DeskVisit, Visit
from shared.bootstrap import web as bootstrap
from shared.logins.model import FormUntrusted, Login
from shared.refusals import N_, Fault, Invalid, Refusal
from shared.roles import NotAllowed, NotSignedIn, Role

ROLES: Final = {
    Role.COORDINATOR: N_("Coordinator"),
    Role.EDITOR: N_("Editor"),
    Role.VIEWER: N_("Viewer"),
}


BUSY: Final = 503


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the menu: the first part of the addresses below it, a name, and the roles that find something."""

    path: str
    name: str
    roles: frozenset[Role] = frozenset(Role)


MENU: Final = (
    Place("/tovholder/", N_("Overview")),
    Place("/tovholder/forloeb", N_("Programmes")),
    Place("/tovholder/arrangementer", N_("Gatherings")),
    Place("/tovholder/webinarer", N_("Webinars")),
    Place("/tovholder/ressourcer", N_("Resources")),
    Place("/tovholder/temaer", N_("Themes")),
    Place("/tovholder/biblioteker", N_("Libraries")),
    Place("/tovholder/mennesker", N_("People"), frozenset({Role.COORDINATOR})),
    Place("/tovholder/mails", N_("Mails"), frozenset({Role.COORDINATOR})),
    Place("/tovholder/sletning", N_("Deletion"), frozenset({Role.COORDINATOR})),
    Place("/tovholder/log", N_("Log"), frozenset({Role.COORDINATOR})),
)


@dataclass(frozen=True, slots=True)
class DeskScreen(Screen):
    """Base of the coordinators' screens: who is signed in, and so what is in the menu.

    `refusal` is why a form was not taken, where the page shows it again; `done` the sentence that says what was.
    """

    personal: ClassVar[bool] = True
    login: Login
    refusal: Refusal | None = field(default=None, kw_only=True)
    done: str | None = field(default=None, kw_only=True)

    @property
    def menu(self) -> tuple[Place, ...]:
        """Where this person can go."""
        return tuple(place for place in MENU if not place.roles.isdisjoint(self.login.person.roles))

    @property
    def role(self) -> str:
        """The person's role, to be translated."""
        return ROLES[self.login.principal.role]

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What is wrong with what was filled in."""
        return self.refusal.faults if isinstance(self.refusal, Invalid) else ()

    def faults_of(self, name: str) -> tuple[Fault, ...]:
        """What is wrong with one field."""
        return tuple(fault for fault in self.faults if fault.field == name)


@dataclass(frozen=True, slots=True)
class DeskErrorScreen(DeskScreen):
    """Something stopped."""

    @property
    def title(self) -> str:
        """The heading, to be translated."""
        assert self.refusal is not None
        return ErrorScreen(self.refusal.status, self.refusal.message).title

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles that would have been let through, to be translated."""
        refused = self.refusal
        return tuple(ROLES[role] for role in refused.roles) if isinstance(refused, NotAllowed) else ()


@dataclass(frozen=True, slots=True)
class AgainScreen(Screen):
    """A form that was not taken because of its login, or of a busy store, to be sent again by a button.

    `sent` is what was filled in, None if it did not come from a page of ours. Without a login there is no token yet:
    the next answer will be this page again, with one.
    """

    personal: ClassVar[bool] = True
    message: str
    action: str
    login: Login | None
    sent: tuple[tuple[str, str], ...] | None = field(default=None, repr=False)


def page(visit: Visit, template: str, screen: DeskScreen) -> Response:
    """Answer with a page, and with the status of what was refused on it."""
    if screen.refusal is None:
        return _lead_out(answers.page(visit, template, screen))
    status, retry_after = screen.refusal.status, screen.refusal.retry_after
    return _lead_out(answers.page(visit, template, screen, status=status, retry_after=retry_after))


def _lead_out(answer: Response) -> Response:
    """Let the page's forms lead on to Cognito, as signing out does."""
    return answers.leading_to(answer, bootstrap.settings().sign_in_url)


def refuse(visit: Visit, refusal: Refusal) -> Response:
    """Answer with what stopped: the way to the login, the form once more, or the page that says why."""
    posted = visit.request.method == "POST"
    if posted and refusal.status == BUSY:
        return _again(visit, refusal)
    if isinstance(refusal, NotSignedIn) and not posted:
        return answers.see_other(visit, f"/tovholder/login?{urlencode({'return': _address(visit)})}")
    if isinstance(refusal, NotSignedIn | FormUntrusted):
        return _again(visit, refusal)
    if not isinstance(visit, DeskVisit):
        return answers.error_page(visit, refusal)
    return page(visit, "desk/error.html", DeskErrorScreen(visit.login, refusal=refusal))


def _again(visit: Visit, refusal: Refusal) -> Response:
    # Only what was filled in here: a form of another site would otherwise become ours by the press of a button.
    ours = visit.request.headers.get("sec-fetch-site") == "same-origin"
    screen = AgainScreen(
        message=refusal.message,
        action=_address(visit),
        login=visit.login if isinstance(visit, DeskVisit) else None,
        sent=_sent(visit) if ours else None,
    )
    status = refusal.status if refusal.status == BUSY else 403
    return answers.page(visit, "desk/again.html", screen, status=status, retry_after=refusal.retry_after)


def _sent(visit: Visit) -> tuple[tuple[str, str], ...] | None:
    body = visit.request.raw_body
    assert isinstance(body, bytes), "Chalice has taken it out of base64"
    # A file cannot be put back into a form.
    if len(body) > LARGEST or visit.request.headers.get("content-type", "").startswith(MULTIPART):
        return None
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return None
    return tuple((name, value) for name, value in pairs if name != "csrf")


def _address(visit: Visit) -> str:
    """The whole address behind the host, language included."""
    event = visit.request.to_original_event()
    query = urlencode(event["multiValueQueryStringParameters"] or {}, doseq=True)
    return quote(event["path"]) + (f"?{query}" if query else "")
