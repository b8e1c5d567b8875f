"""What the app answers: pages, JSON and problem details, each with the headers that belong to it."""

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from chalice.app import Response

from chalicelib import render
from chalicelib.screens import ErrorScreen, Screen
from chalicelib.visit import Visit
from shared.bootstrap import web as bootstrap
from shared.gatherings.model import Gathering, Session
from shared.notices.queries import Own
from shared.refusals import Invalid, Refusal
from shared.registration.joining import way_in
from shared.registration.model import Registration, Status

if TYPE_CHECKING:
    from shared.notify.calendar import Entry

Headers = dict[str, str | list[str]]

HTML: Final = "text/html; charset=utf-8"
PROBLEM: Final = "application/problem+json"
PROBLEM_TYPE: Final = "urn:tovholder:problem:"

PAGE_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
EVERY_HEADER: Final = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
}


def page(visit: Visit, template: str, screen: Screen, *, status: int = 200, retry_after: int | None = None) -> Response:
    """Answer with a page."""
    body = render.page(template, screen, voice=visit.voice, network=visit.network, path=visit.path, status=status)
    headers: Headers = {"Content-Type": HTML, "Content-Language": visit.voice.language, **PAGE_HEADERS, **EVERY_HEADER}
    if retry_after is not None:
        headers["Retry-After"] = str(retry_after)
    return Response(body, headers, status)


def error_page(visit: Visit, refusal: Refusal) -> Response:
    """Answer with the page that says what stopped."""
    screen = ErrorScreen(status=refusal.status, message=refusal.message, retry_after=refusal.retry_after)
    return page(visit, "error.html", screen, status=refusal.status, retry_after=refusal.retry_after)


def see_other(visit: Visit, path: str) -> Response:
    """Send the browser on after a POST. The address is relative: neither host nor stage is ours to know."""
    location = visit.network.address(path, visit.voice.language)
    return Response("", {"Location": location, "Content-Type": HTML, **EVERY_HEADER}, 303)


def redirect(location: str) -> Response:
    """Send the browser to another site, for now."""
    return Response("", {"Location": location, "Content-Type": HTML, **EVERY_HEADER}, 302)


def leading_to(answer: Response, origin: str) -> Response:
    """Let a page's forms lead on to another site: browsers count where a form is sent on to."""
    policy = PAGE_HEADERS["Content-Security-Policy"]
    answer.headers["Content-Security-Policy"] = policy.replace("form-action 'self'", f"form-action 'self' {origin}")
    return answer


def reaching(answer: Response, origin: str) -> Response:
    """Let a page's script send to another site, and its player show what lies there."""
    policy = str(answer.headers["Content-Security-Policy"])
    policy = policy.replace("connect-src 'self'", f"connect-src 'self' {origin}; media-src 'self' {origin}")
    answer.headers["Content-Security-Policy"] = policy
    return answer


def calendar(visit: Visit, gathering: Gathering, *, url: str, registration: Registration | None = None) -> Response:
    """Answer with a calendar file of a gathering, or of what somebody comes to. `url` is its page, without language."""
    # The calendar library is large, and few requests need it.
    from shared.notify.calendar import entries

    body = entries(_entries(visit, gathering, url, registration), product=visit.network.short_name, now=visit.now)
    return _calendar(body, **{"Content-Disposition": f'attachment; filename="{gathering.slug}.ics"'})


def feed(visit: Visit, gatherings: Iterable[Gathering], name: str) -> Response:
    """Answer with a calendar to subscribe to. Its entries are those of the gatherings' own files."""
    those = [entry for one in gatherings for entry in _entries(visit, one, f"/arrangementer/{one.slug}")]
    return _feed(visit, those, name)


def own_feed(visit: Visit, found: Iterable[Own], name: str) -> Response:
    """Answer with a calendar of what somebody has a seat in, to subscribe to."""
    held = (one for one in found if one.registration.status in (Status.CONFIRMED, Status.PENDING))
    those = [
        entry
        for one in held
        for entry in _entries(visit, one.gathering, f"/arrangementer/{one.gathering.slug}", one.registration)
    ]
    return _feed(visit, those, name)


def _feed(visit: Visit, those: Iterable["Entry"], name: str) -> Response:
    from shared.notify.calendar import entries

    network = visit.network
    zone = network.time_zone
    return _calendar(entries(those, product=network.short_name, now=visit.now, name=name, zone=zone))


def _entries(
    visit: Visit, gathering: Gathering, url: str, registration: Registration | None = None
) -> Iterator["Entry"]:
    from shared.notify.calendar import Entry

    text = visit.voice.text
    for session in gathering.sessions:
        if registration is None or session.id in registration.sessions:
            title = ": ".join(filter(None, (text(gathering.title), text(session.title))))
            said = _described(visit, gathering, session, registration)
            yield Entry(gathering, session, title, said, _address(visit, url), registration)


def _described(visit: Visit, gathering: Gathering, session: Session, registration: Registration | None) -> str:
    """Return what an entry says; to who has a seat, the link to take part as well."""
    summary = visit.voice.text(gathering.summary)
    if registration is None or registration.status is not Status.CONFIRMED:
        return summary
    path = way_in(registration, gathering, session, bootstrap.links())
    link = f"{visit.voice.say('Take part online:')} {_address(visit, path)}" if path else ""
    return "\n\n".join(filter(None, (link, summary)))


def _address(visit: Visit, path: str) -> str:
    return visit.network.base_url + visit.network.address(path, visit.voice.language)


class BinaryResponse(Response):
    """An answer of bytes. Chalice itself sends them only to who asks for their type by name, as no browser does."""

    def to_dict(self, binary_types: list[str] | None = None) -> dict[str, Any]:
        """Return the answer as API Gateway takes bytes. To HEAD there are none."""
        body = base64.b64encode(self.body or b"").decode()
        return super().to_dict() | {"body": body, "isBase64Encoded": True}


def download(content: str | bytes, kind: str, name: str) -> Response:
    """Answer with a file of a content type. Its name is ASCII."""
    headers: Headers = {
        "Content-Type": kind,
        "Content-Disposition": f'attachment; filename="{name}"',
        **EVERY_HEADER,
    }
    return Response(content, headers) if isinstance(content, str) else BinaryResponse(content, headers)


def _calendar(body: bytes, **headers: str) -> Response:
    of_calendars = {"Content-Type": "text/calendar; charset=utf-8; method=PUBLISH"}
    return Response(body.decode(), {**of_calendars, **EVERY_HEADER, **headers})


def public(body: object) -> Response:
    """Answer with JSON that any site may read: it is the same for everybody."""
    return data(body, headers={"Access-Control-Allow-Origin": "*"})


def document(text: str, kind: str) -> Response:
    """Answer with a text of a content type that any site may read: it is the same for everybody."""
    headers: Headers = {"Content-Type": f"{kind}; charset=utf-8", "Access-Control-Allow-Origin": "*", **EVERY_HEADER}
    return Response(text, headers)


def data(body: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Answer with JSON. Times in it are RFC 3339 with offset."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(text, {"Content-Type": "application/json", **EVERY_HEADER, **(headers or {})}, status)


def nothing() -> Response:
    """Answer that it is done, with nothing more to say."""
    return Response("", {**EVERY_HEADER}, 204)


def problem(visit: Visit, refusal: Refusal) -> Response:
    """Answer with problem details (RFC 9457). The type is stable; the sentences are in the reader's language."""
    say = visit.voice.say
    body: dict[str, Any] = {
        "type": PROBLEM_TYPE + refusal.kind,
        "title": say(refusal.message),
        "status": refusal.status,
        **{name: _wire(value) for name, value in refusal.details.items()},
    }
    if isinstance(refusal, Invalid):
        body["errors"] = [
            {"field": fault.field, "detail": say(fault.message, **fault.values)} for fault in refusal.faults
        ]
    answer = data(body, status=refusal.status)
    answer.headers["Content-Type"] = PROBLEM
    if "retry_after" in refusal.details:
        answer.headers["Retry-After"] = str(refusal.details["retry_after"])
    return answer


def _wire(value: object) -> object:
    return value.isoformat() if hasattr(value, "isoformat") else value
