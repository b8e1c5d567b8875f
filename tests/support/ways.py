"""Every address below `/tovholder` and `/api/v1/coordinator`, from the app's own list of routes."""

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from app import app
from chalicelib.bodies import MULTIPART
from chalicelib.routing import BEFORE_LOGIN, FORM, GATHERING, SIGNED_IN, Answering, Route
from tests.support.api_gateway import Answer
from tests.support.site import Site


class Way(NamedTuple):
    """An address with a method, as the app has it."""

    method: str
    path: str
    route: Route

    @property
    def name(self) -> str:
        """What the test is called."""
        return f"{self.method} {self.path}"

    @property
    def is_api(self) -> bool:
        """Whether a program calls it."""
        return self.path.startswith("/api/")

    def tried(self, site: Site, *, csrf: str = "", gathering: str = "nothing") -> Answer:
        """Ask for it, with ids that lead nowhere but to the gathering, and a body that says nothing."""
        return self.asked(site, re.sub(r"\{\w+\}", "nothing", self.path.replace(GATHERING, gathering)), {"csrf": csrf})

    def asked(self, site: Site, address: str, fields: Mapping[str, str]) -> Answer:
        """Ask for an address of the way. A form has these fields; a call of the API has an empty body."""
        if self.method in ("GET", "HEAD"):
            return site.send(self.method, address)
        if self.is_api:
            return site.send(self.method, address, b"{}", {"content-type": "application/json"})
        if self.route.content_type == MULTIPART:
            parts = (
                f'--edge\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
                for name, value in fields.items()
            )
            body = f"{''.join(parts)}--edge--\r\n".encode()
            return site.send(self.method, address, body, {"content-type": f"{MULTIPART}; boundary=edge"})
        return site.send(self.method, address, urlencode(fields).encode(), {"content-type": FORM})


def every_way() -> list[Way]:
    """Return all addresses that people or programs sign in for, in every language."""
    app.complete()
    found = []
    for path, methods in app.routes.items():
        for method, entry in methods.items():
            if _guarded(path):
                assert isinstance(entry.view_function, Answering), f"{method} {path} goes round the routing"
                found.append(Way(method, path, entry.view_function.route))
    return found


def _guarded(path: str) -> bool:
    without_language = re.sub(r"^/[a-z]{2}(?=/)", "", path)
    return without_language.startswith(SIGNED_IN) and without_language not in BEFORE_LOGIN
