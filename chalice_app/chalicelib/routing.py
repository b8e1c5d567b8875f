"""How an address comes to a view, and how whatever a view raises becomes an answer.

Views take the visit first and raise refusals; nothing else is caught. What Chalice itself answers (a wrong content
type, an unexpected fault) is JSON of its own, so `finish` dresses it as ours.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from chalice.app import Chalice, Request, Response

from chalicelib import answers
from chalicelib.visit import Visit, api_visit, visit
from shared.observability import logger
from shared.refusals import N_, NotFound, Refusal, StoreUnavailable

METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
FORM: Final = "application/x-www-form-urlencoded"
JSON: Final = "application/json"
ANY: Final = "*/*"

View = Callable[..., Response]


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
class _Route:
    path: str
    methods: tuple[str, ...]
    content_type: str
    view: View


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
        self._routes: list[_Route] = []

    def get(self, path: str) -> Callable[[View], View]:
        """Register a view that only looks."""
        return self._add(path, "GET", "HEAD")

    def delete(self, path: str) -> Callable[[View], View]:
        """Register a view that removes."""
        return self._add(path, "DELETE")

    def post(self, path: str, *, empty: bool = False) -> Callable[[View], View]:
        """Register a view that takes a body, or `empty`, a button."""
        return self._add(path, "POST", content_type=ANY if empty else self._body)

    def patch(self, path: str) -> Callable[[View], View]:
        """Register a view that takes changes."""
        return self._add(path, "PATCH", content_type=self._body)

    def mount(self, app: Chalice, prefix: str = "") -> None:
        """Give the views their addresses in the app, behind the prefix."""
        for route in self._routes:
            path = (prefix + route.path).rstrip("/") or "/"
            name = f"{route.methods[0]} {path}"
            answered = self._answering(app, route.view)
            app.route(path, methods=list(route.methods), content_types=[route.content_type], name=name)(answered)

    def _add(self, path: str, *methods: str, content_type: str = ANY) -> Callable[[View], View]:
        def add(view: View) -> View:
            self._routes.append(_Route(path, methods, content_type, view))
            return view

        return add

    def _answering(self, app: Chalice, view: View) -> View:
        def answered(**uri: str) -> Response:
            visit = self._arrive(_current(app))
            try:
                return view(visit, **uri)
            except Refusal as refusal:
                return self._refuse(visit, refusal)
            except StoreUnavailable:
                return self._refuse(visit, Unavailable(retry_after=5))

        return answered


def pages() -> Routes:
    """Return routes to what people look at."""
    return Routes(visit, answers.error_page, FORM)


def api() -> Routes:
    """Return routes to what programs call."""
    return Routes(api_visit, answers.problem, JSON)


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
