"""API Gateway in front of the web app, in process: the events it would send, and what it would make of the answers.

Chalice's own test client leaves out much of what a REST API sends (path, request id, base64 bodies).
"""

import base64
import itertools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from chalice.app import Chalice

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the visitor gets."""

    status: int
    headers: Mapping[str, str]
    text: str

    def json(self) -> Any:
        """Return the body, read as JSON."""
        return json.loads(self.text)

    def field(self, name: str) -> str:
        """Return what stands in a form field."""
        [tag] = [tag for tag in re.findall(r"<input\b[^>]*>", self.text) if f' name="{name}"' in tag]
        found = re.search(r' value="([^"]*)"', tag)
        return unescape(found.group(1)) if found else ""


class ApiGateway:
    """A visitor's way to the app."""

    def __init__(self, app: Chalice, *, headers: Mapping[str, str] | None = None) -> None:
        self._app = app
        self._headers = dict(headers or {})

    def get(self, address: str, **headers: str) -> Answer:
        """Look at an address."""
        return self.send("GET", address, headers=headers)

    def post_form(self, address: str, fields: Mapping[str, str]) -> Answer:
        """Send a form."""
        form = {"content-type": "application/x-www-form-urlencoded"}
        return self.send("POST", address, urlencode(fields).encode(), form)

    def post(self, address: str, body: object = None, **headers: str) -> Answer:
        """Send JSON."""
        content = b"" if body is None else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.send("POST", address, content, {"content-type": "application/json"} | named)

    def send(self, method: str, address: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
        """Send anything."""
        parts = urlsplit(address)
        path = unquote(parts.path)
        resource, variables = ("/", None) if path == "/" else ("/{proxy+}", {"proxy": path[1:]})
        sent = self._headers | dict(headers or {})
        query = parse_qs(parts.query, keep_blank_values=True)
        event = {
            "resource": resource,
            "path": path,
            "httpMethod": method,
            "headers": sent,
            "multiValueHeaders": {name: [value] for name, value in sent.items()},
            "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
            "multiValueQueryStringParameters": query or None,
            "pathParameters": variables,
            "stageVariables": None,
            "requestContext": {
                "resourcePath": resource,
                "httpMethod": method,
                "path": f"/api{path}",
                "stage": "api",
                "requestId": f"request-{next(_numbers)}",
                "identity": {"sourceIp": "198.51.100.7"},
            },
            "body": base64.b64encode(body).decode() if body else None,
            "isBase64Encoded": bool(body),
        }
        answer = self._app(event, None)
        headers_back = {name.lower(): value for name, value in answer["headers"].items()}
        return Answer(answer["statusCode"], headers_back, answer["body"])
