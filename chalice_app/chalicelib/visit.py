"""One request, with what every view needs to know of it."""

import hmac
import ipaddress
import re
from dataclasses import dataclass
from datetime import date, datetime

from chalice.app import Request

from chalicelib import bodies
from shared.bootstrap import web as bootstrap
from shared.i18n import Voice, voice
from shared.logins.model import Login
from shared.network import Network
from shared.roles import Principal
from shared.time import utcnow

VIEWER_HEADER = "x-viewer-address"
ORIGIN_HEADER = "x-origin-secret"


@dataclass(frozen=True, slots=True)
class Visit:
    """A request at a moment, in one of the network's languages. `path` has no language and no stage."""

    request: Request
    network: Network
    voice: Voice
    path: str
    now: datetime

    @property
    def correlation_id(self) -> str:
        """The id by which everything that follows from this request can be found in the logs."""
        return str(self.request.context["requestId"])

    @property
    def today(self) -> date:
        """Which day it is on the network's clock."""
        return self.now.astimezone(self.network.zone).date()

    @property
    def query(self) -> dict[str, str]:
        """What stands behind the `?`, each name by its last value."""
        return dict(self.request.query_params or {})

    def cookie(self, name: str) -> str | None:
        """What the browser keeps under a name, if it does (RFC 6265, 5.4)."""
        pairs = (pair.strip().partition("=") for pair in self.request.headers.get("cookie", "").split(";"))
        return next((value for found, _, value in pairs if found == name), None)

    @property
    def visitor(self) -> str:
        """The network address to count for limits.

        Only the edge's word is taken for it; who comes round the edge is counted by the connection. An IPv6 visitor
        owns 2^64 addresses, so the network is counted (RFC 6177).
        """
        headers = self.request.headers
        said = headers.get(ORIGIN_HEADER, "").encode()
        from_edge = hmac.compare_digest(said, bootstrap.origin_secret().encode())
        told = headers.get(VIEWER_HEADER) if from_edge else None
        try:
            address = ipaddress.ip_address(told or self.request.context["identity"]["sourceIp"])
        except ValueError:
            return "unknown"
        return str(ipaddress.ip_network((address, 64), strict=False) if address.version == 6 else address)


@dataclass(frozen=True, slots=True)
class SignedInVisit(Visit):
    """A request by somebody who signs in."""

    who: Principal

    def require_intent(self) -> None:
        """Raise FormUntrusted unless whoever is signed in meant to send this. Nobody sends a token unawares."""


@dataclass(frozen=True, slots=True)
class DeskVisit(SignedInVisit):
    """A request for one of the coordinators' pages."""

    login: Login

    def require_intent(self) -> None:
        """As above. A browser sends its cookie along with anybody's form, hence the form's own token."""
        self.login.require_form(bodies.form(self.request).get("csrf", ""))


def visit(request: Request) -> Visit:
    """Return the visit of a page: its address says the language."""
    network = bootstrap.network()
    first, *others = network.languages
    path = str(request.to_original_event()["path"])
    language = next((one for one in others if path == f"/{one}" or path.startswith(f"/{one}/")), first)
    shown = path if language == first else path[len(language) + 1 :] or "/"
    return _visit(request, network, language, shown)


def api_visit(request: Request) -> Visit:
    """Return the visit of the API: `Accept-Language` says the language of sentences."""
    network = bootstrap.network()
    language = next(
        (one for one in _preferred(request.headers.get("accept-language", "")) if one in network.languages),
        network.languages[0],
    )
    return _visit(request, network, language, request.path)


def _preferred(header: str) -> list[str]:
    """Return the languages of `Accept-Language`, the dearest first (RFC 9110, 12.5.4)."""
    weighed = []
    for part in header.split(","):
        language, _, weight = part.partition(";")
        quality = re.fullmatch(r"\s*q=([01](?:\.[0-9]{0,3})?)\s*", weight)
        weighed.append((float(quality.group(1)) if quality else 1.0, language.strip()[:2].lower()))
    return [language for quality, language in sorted(weighed, key=lambda one: -one[0]) if quality > 0]


def _visit(request: Request, network: Network, language: str, path: str) -> Visit:
    return Visit(request, network, voice(language, network.languages, network.time_zone), path, utcnow())
