"""Coming in and leaving."""

from dataclasses import dataclass
from typing import ClassVar

from chalice.app import Response

from chalicelib import answers, routing, sign_in
from chalicelib.screens import Screen
from chalicelib.sign_in import ATTEMPT, ATTEMPT_LIVES, LOGIN
from chalicelib.visit import DeskVisit, Visit
from shared.bootstrap import web as bootstrap
from shared.logins import service as logins
from shared.logins.model import Attempt, LoginFailed, NoRole
from shared.refusals import Refusal
from shared.roles import NotSignedIn, Role

pages = routing.pages()
desk = routing.desk()


@dataclass(frozen=True, slots=True)
class OutsideScreen(Screen):
    """Somebody was not let in. `way_out` leads out of Cognito, for who must come back as somebody else."""

    personal: ClassVar[bool] = True
    message: str
    way_out: str | None


@pages.get("/tovholder/login")
def begin(visit: Visit) -> Response:
    """Send the browser to where people show who they are."""
    attempt = Attempt.begin(visit.query.get("return"))
    answer = answers.redirect(bootstrap.door().begin(attempt))
    answer.headers["Set-Cookie"] = sign_in.keep(visit, ATTEMPT, attempt.cookie, lives=ATTEMPT_LIVES)
    return answer


@pages.get("/tovholder/login/callback")
def come_in(visit: Visit) -> Response:
    """Take the answer from there. The only GET that changes anything: without this browser's cookie, no link does."""
    attempt = Attempt.read(sign_in.kept(visit, ATTEMPT) or "")
    try:
        login = logins.come_in(
            attempt,
            state=visit.query.get("state", ""),
            code=visit.query.get("code", ""),
            door=bootstrap.door(),
            tokens=bootstrap.tokens(),
            store=bootstrap.logins(),
            now=visit.now,
        )
    except NoRole as refusal:
        return _outside(visit, refusal, bootstrap.door().end())
    except (LoginFailed, NotSignedIn) as refusal:
        return _outside(visit, refusal)
    if older := sign_in.kept(visit, LOGIN):
        bootstrap.logins().delete(older)
    answer = answers.redirect(attempt.return_to)
    answer.headers["Set-Cookie"] = sign_in.keep(visit, LOGIN, login.id)
    return answer


@desk.post("/tovholder/logout", *Role)
def leave(visit: DeskVisit) -> Response:
    """End the login, here and where it began."""
    bootstrap.logins().delete(visit.login.id)
    answer = answers.redirect(bootstrap.door().end())
    answer.headers["Set-Cookie"] = sign_in.forget(visit, LOGIN)
    return answer


def _outside(visit: Visit, refusal: Refusal, way_out: str | None = None) -> Response:
    return answers.page(visit, "desk/outside.html", OutsideScreen(refusal.message, way_out), status=403)
