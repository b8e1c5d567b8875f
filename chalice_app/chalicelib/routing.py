"""How an address comes to a view, and how whatever a view raises becomes an answer.

Views take the visit first and raise refusals; nothing else is caught. What Chalice itself answers (a wrong content
type, an unexpected fault) is JSON of its own, so `finish` dresses it as ours.

Who may use an address is said where it is registered. Without that, nothing below `/tovholder` or
`/api/v1/coordinator` can be imported.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from chalice.app import Chalice, Request, Response

from chalicelib import answers, desk as desk_pages
from chalicelib.bodies import MULTIPART
from chalicelib.sign_in import by_login, by_token
from chalicelib.visit import SignedInVisit, Visit, api_visit, visit
from shared.audit.model import Doing, Entry
from shared.bootstrap import web as bootstrap
from shared.gatherings.owning import require_owner
from shared.ids import new_id
from shared.observability import logger
from shared.refusals import N_, NotFound, Refusal, StoreUnavailable
from shared.roles import Role

METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
FORM: Final = "application/x-www-form-urlencoded"
JSON: Final = "application/json"
ANY: Final = "*/*"

SIGNED_IN: Final = ("/tovholder", "/api/v1/coordinator")
"""What lies below is for people who sign in."""

BEFORE_LOGIN: Final = ("/tovholder/login", "/tovholder/login/callback")
"""Save how they do."""

GATHERING: Final = "{gathering_id}"

View = Callable[..., Response]

Reading = Callable[[Request], Doing]
"""What tells the log from a request's body what is asked for."""


class Unavailable(Refusal):
    """The store stayed busy past the retry budget. Nothing was kept."""

    kind = "unavailable"
    status = 503
    message = N_("We are very busy right now. Nothing was saved; try again in a moment.")


class MethodNotAllowed(Refusal):
    """The address is right and the method is not."""

    kind = "method-not-allowed"
    status = 405
    message = N_("That cannot be done at this address.")


class UnsupportedMediaType(Refusal):
    """The body is of a kind that is not read here."""

    kind = "unsupported-media-type"
    status = 415
    message = N_("What was sent is of a kind that we cannot read.")


class Fault(Refusal):
    """A mistake of ours."""

    kind = "fault"
    status = 500
    message = N_("Something went wrong on our side. It has been noted.")


_OF_CHALICE: Final[dict[int, type[Refusal]]] = {405: MethodNotAllowed, 415: UnsupportedMediaType}


@dataclass(frozen=True, slots=True)
class Route:
    """An address and its view. `allow`: the roles that may use it; none where people need not sign in.

    With `own`, so may editors, of gatherings that are their own. `doing` tells the log what the address does not say.
    """

    path: str
    methods: tuple[str, ...]
    content_type: str
    view: View
    allow: frozenset[Role]
    own: bool = False
    doing: Reading | None = None

    def __post_init__(self) -> None:
        needs_login = self.path.startswith(SIGNED_IN) and self.path not in BEFORE_LOGIN
        if needs_login != bool(self.allow):
            raise RuleMissing(f"{self.path} must say who may use it: one role or more, below {SIGNED_IN} only")
        if self.own and GATHERING not in self.path:
            raise RuleMissing(f"{self.path} does not say whose it is: there is no {GATHERING} in it")

    @property
    def acts(self) -> bool:
        """Whether it changes something."""
        return "GET" not in self.methods


class RuleMissing(Exception):
    """A route does not say who may use it. A fault in the program, seen when it is imported."""


@dataclass(frozen=True, slots=True)
class Answering:
    """What the app calls for a route. It knows its route, so that tests can go through all rules."""

    app: Chalice
    route: Route
    answer: Callable[[Request, Route, Mapping[str, str]], Response]

    @property
    def __name__(self) -> str:
        """Chalice asks every view for one."""
        return self.route.view.__name__

    def __call__(self, **uri: str) -> Response:
        return self.answer(_current(self.app), self.route, uri)


class Routes:
    """Views and their addresses, to be mounted on an app: pages once for every language.

    Chalice's Blueprint can be registered only once, hence a list of our own.
    """

    def __init__(
        self, arrive: Callable[[Request], Visit], refuse: Callable[[Visit, Refusal], Response], body: str
    ) -> None:
        self._arrive = arrive
        self._refuse = refuse
        self._body = body
        self._routes: list[Route] = []

    def get(self, path: str, *allow: Role, own: bool = False) -> Callable[[View], View]:
        """Register a view that only looks."""
        return self._add(path, allow, "GET", "HEAD", own=own)

    def delete(self, path: str, *allow: Role, own: bool = False) -> Callable[[View], View]:
        """Register a view that removes."""
        return self._add(path, allow, "DELETE", own=own)

    def post(
        self, path: str, *allow: Role, own: bool = False, empty: bool = False, doing: Reading | None = None
    ) -> Callable[[View], View]:
        """Register a view that takes a body, or `empty`, a button."""
        return self._add(path, allow, "POST", own=own, content_type=ANY if empty else self._body, doing=doing)

    def upload(self, path: str, *allow: Role, own: bool = False) -> Callable[[View], View]:
        """Register a view that takes a form with files."""
        return self._add(path, allow, "POST", own=own, content_type=MULTIPART)

    def patch(self, path: str, *allow: Role, own: bool = False, doing: Reading | None = None) -> Callable[[View], View]:
        """Register a view that takes changes."""
        return self._add(path, allow, "PATCH", own=own, content_type=self._body, doing=doing)

    def mount(self, app: Chalice, prefix: str = "") -> None:
        """Give the views their addresses in the app, behind the prefix."""
        for route in self._routes:
            path = (prefix + route.path).rstrip("/") or "/"
            name = f"{route.methods[0]} {path}"
            answering = Answering(app, route, self._answer)
            app.route(path, methods=list(route.methods), content_types=[route.content_type], name=name)(answering)

    def _add(
        self,
        path: str,
        allow: tuple[Role, ...],
        *methods: str,
        own: bool,
        content_type: str = ANY,
        doing: Reading | None = None,
    ) -> Callable[[View], View]:
        def add(view: View) -> View:
            self._routes.append(Route(path, methods, content_type, view, frozenset(allow), own, doing))
            return view

        return add

    def _answer(self, request: Request, route: Route, uri: Mapping[str, str]) -> Response:
        visit = self._arrive(request)
        return self._or_refuse(visit, lambda: route.view(visit, **uri))

    def _or_refuse(self, visit: Visit, answer: Callable[[], Response]) -> Response:
        try:
            return answer()
        except Refusal as refusal:
            return self._refuse(visit, refusal)
        except StoreUnavailable:
            return self._refuse(visit, Unavailable(retry_after=5))


class SignedInRoutes(Routes):
    """Routes for people who sign in. What changes something is logged before it is done (ADR 0018)."""

    def __init__(
        self,
        arrive: Callable[[Request], Visit],
        refuse: Callable[[Visit, Refusal], Response],
        body: str,
        sign_in: Callable[[Visit], SignedInVisit],
    ) -> None:
        super().__init__(arrive, refuse, body)
        self._sign_in = sign_in

    def _answer(self, request: Request, route: Route, uri: Mapping[str, str]) -> Response:
        visit = self._arrive(request)
        return self._or_refuse(visit, lambda: self._answer_signed_in(self._sign_in(visit), route, uri))

    def _answer_signed_in(self, visit: SignedInVisit, route: Route, uri: Mapping[str, str]) -> Response:
        return self._or_refuse(visit, lambda: self._answer_allowed(visit, route, uri))

    def _answer_allowed(self, visit: SignedInVisit, route: Route, uri: Mapping[str, str]) -> Response:
        _require(visit, route, uri)
        if not route.acts:
            return route.view(visit, **uri)
        visit.require_intent()
        who, method = visit.who, visit.request.method
        doing = route.doing(visit.request) if route.doing else Doing()
        entry = Entry(new_id(), visit.now, who.id, who.role, method, route.path, dict(uri), doing)
        bootstrap.audit_log().begin(entry)
        answer = self._or_refuse(visit, lambda: route.view(visit, **uri))
        _note(entry, answer.status_code)
        return answer


def _require(visit: SignedInVisit, route: Route, uri: Mapping[str, str]) -> None:
    """Raise NotAllowed, or NotYours, unless who is signed in may use the route."""
    if route.own and Role.EDITOR in visit.who.roles and visit.who.roles.isdisjoint(route.allow):
        require_owner(bootstrap.gatherings().get(uri["gathering_id"]), visit.who)
    else:
        visit.who.require(*route.allow)


def _note(entry: Entry, status: int) -> None:
    try:
        bootstrap.audit_log().end(entry, status)
    except StoreUnavailable:
        # It is done, and must not look as if it were not. The log says that nobody knows how it ended.
        logger.warning("outcome_not_noted", extra={"audit_id": entry.id, "status": status})


def pages() -> Routes:
    """Return routes to what people look at."""
    return Routes(visit, answers.error_page, FORM)


def api() -> Routes:
    """Return routes to what programs call."""
    return Routes(api_visit, answers.problem, JSON)


def coordinator_api() -> Routes:
    """Return routes to what programs call for somebody who signs in. Each names the roles that may."""
    return SignedInRoutes(api_visit, answers.problem, JSON, by_token)


def desk() -> Routes:
    """Return routes to the coordinators' pages. Each names the roles that may."""
    return SignedInRoutes(visit, desk_pages.refuse, FORM, by_login)


def answer_everywhere(app: Chalice) -> None:
    """Answer addresses that lead nowhere: without this, API Gateway would, and not in the reader's language."""

    def not_found(**uri: str) -> Response:
        return _refuse(_current(app), NotFound())

    app.route("/{proxy+}", methods=list(METHODS), content_types=[ANY], name="404")(not_found)


def finish(request: Request, get_response: Callable[[Request], Response]) -> Response:
    """Middleware: dress what Chalice answered by itself, leave bodies out for HEAD, write the request's one line."""
    response = get_response(request)
    if isinstance(response.body, dict) and "Code" in response.body:
        allow = response.headers.get("Allow")
        response = _refuse(request, _OF_CHALICE.get(response.status_code, Fault)())
        if allow is not None:
            response.headers["Allow"] = allow
    if request.method == "HEAD":
        response.body = ""
    logger.info(
        "answered",
        extra={
            "route": request.path,
            "method": request.method,
            "status": response.status_code,
            "correlation_id": request.context["requestId"],
        },
    )
    return response


def _current(app: Chalice) -> Request:
    assert app.current_request is not None, "there is a request while a view runs"
    return app.current_request


def _is_api(request: Request) -> bool:
    """Whether a program asked."""
    return str(request.to_original_event()["path"]).startswith("/api/")


def _refuse(request: Request, refusal: Refusal) -> Response:
    if _is_api(request):
        return answers.problem(api_visit(request), refusal)
    return answers.error_page(visit(request), refusal)
