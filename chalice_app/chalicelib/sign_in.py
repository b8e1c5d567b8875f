"""Who asks: programs show the access token of a login, browsers the cookie of one."""

from dataclasses import fields
from datetime import timedelta
from typing import Any, Final

from chalicelib.visit import DeskVisit, SignedInVisit, Visit
from shared.bootstrap import web as bootstrap
from shared.logins import service as logins
from shared.logins.model import LONGEST
from shared.roles import NotSignedIn

LOGIN: Final = "login"
ATTEMPT: Final = "attempt"
ATTEMPT_LIVES: Final = timedelta(minutes=10)


def by_token(visit: Visit) -> SignedInVisit:
    """Return the visit with who asks, by `Authorization: Bearer …`. Raise NotSignedIn."""
    who = bootstrap.tokens().read(visit.request.headers.get("authorization"), now=visit.now)
    return SignedInVisit(**_told(visit), who=who)


def by_login(visit: Visit) -> DeskVisit:
    """Return the visit with who asks, by the cookie. Raise NotSignedIn."""
    id = kept(visit, LOGIN)
    if not id:
        raise NotSignedIn
    login = logins.current(id, store=bootstrap.logins(), people=bootstrap.people(), now=visit.now)
    return DeskVisit(**_told(visit), who=login.principal, login=login)


def kept(visit: Visit, name: str) -> str | None:
    """Return what the browser keeps for us under a name."""
    return visit.cookie(_full(visit, name))


def keep(visit: Visit, name: str, value: str, *, lives: timedelta = LONGEST) -> str:
    """Return the header that has the browser keep a value: from scripts and from forms of other sites."""
    secure = "; Secure" if _is_secure(visit) else ""
    seconds = int(lives.total_seconds())
    return f"{_full(visit, name)}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"


def forget(visit: Visit, name: str) -> str:
    """Return the header that has the browser forget a value."""
    return keep(visit, name, "", lives=timedelta())


def _full(visit: Visit, name: str) -> str:
    # The prefix keeps neighbours on the same domain from setting it (RFC 6265bis, 4.1.3.2). It needs https.
    return f"__Host-{name}" if _is_secure(visit) else name


def _is_secure(visit: Visit) -> bool:
    return visit.network.base_url.startswith("https:")


def _told(visit: Visit) -> dict[str, Any]:
    return {field.name: getattr(visit, field.name) for field in fields(Visit)}
