"""Plays the edge: one origin at localhost, which answers as the deployed distribution says.

What the distribution only forwards goes straight to its origin: through the emulator's CloudFront it would
cost as much again as the API itself. All else, the bucket and its headers, is the emulator's to answer.

The inbox is a second door: its list is at `/email`, where version 3 of the mail catcher has it no more.
"""

import asyncio
import gzip
import json
import re
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from http import HTTPStatus
from typing import Any, Final

from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector, web
from multidict import CIMultiDict
from yarl import URL

from infra.local.options import HOST, Options
from infra.parts.behaviours import BEHAVIOURS

# Of a connection, not of a message (RFC 9110, 7.6.1). Lengths and codings are the two servers' own.
HOP_BY_HOP: Final = (
    "Connection",
    "Keep-Alive",
    "Proxy-Connection",
    "TE",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
)
LARGEST_BODY: Final = 10 * 2**20
WAITS_FOR: Final = 35
COMPRESSED: Final = re.compile(r"text/|application/(.*\+)?(json|xml|javascript)|image/svg")
WORTH_COMPRESSING: Final = 1000

UPSTREAM: Final = web.AppKey("upstream", ClientSession)


class Route:
    """Where requests for a path pattern go: an address, and headers to set. With `falls_back`, what is not there is
    asked of the last route."""

    def __init__(self, pattern: str, address: str, headers: Mapping[str, str], falls_back: bool = False) -> None:
        self.pattern = re.compile(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)
        self.address = address
        self.headers = headers
        self.falls_back = falls_back


def routes(distribution: Mapping[str, Any], domain: str, options: Options) -> list[dict[str, Any]]:
    """Return the distribution's behaviours in the order in which they are tried, as what makes a Route."""
    origins = {origin["Id"]: origin for origin in distribution["Origins"]["Items"]}
    behaviours = distribution.get("CacheBehaviors", {}).get("Items", [])
    emulated = {"Host": f"{domain.partition('.')[0]}.cloudfront.localhost:{options.emulator_port}"}

    def route(behaviour: Mapping[str, Any]) -> dict[str, Any]:
        origin = origins[behaviour["TargetOriginId"]]
        custom = origin.get("CustomOriginConfig")
        does_more = behaviour.get("FunctionAssociations", {}).get("Items") or behaviour.get("ResponseHeadersPolicyId")
        pattern = behaviour.get("PathPattern", "*")
        if custom is None or does_more:
            falls_back = {each.pattern: each.origin == "pages" for each in BEHAVIOURS}.get(pattern, False)
            return {
                "pattern": pattern,
                "address": options.emulator_url,
                "headers": emulated,
                "falls_back": falls_back,
            }
        headers = {each["HeaderName"]: each["HeaderValue"] for each in origin.get("CustomHeaders", {}).get("Items", [])}
        address = f"http://{origin['DomainName']}:{custom['HTTPPort']}"
        return {"pattern": pattern, "address": address + origin.get("OriginPath", ""), "headers": headers}

    return [route(behaviour) for behaviour in (*behaviours, distribution["DefaultCacheBehavior"])]


def inbox_routes(port: int) -> list[dict[str, Any]]:
    """Return the routes of the inbox, whose mail catcher listens on `port`."""
    address = f"http://{HOST}:{port}"
    return [
        {"pattern": "/email*", "address": f"{address}/api", "headers": {}},
        {"pattern": "*", "address": address, "headers": {}},
    ]


def application(table: list[Route]) -> web.Application:
    """Return the edge as a web application."""

    async def forward(request: web.Request) -> web.Response:
        route = next(route for route in table if route.pattern.fullmatch(request.path))
        try:
            answer = await _asked(request, route)
            # As a group of origins does in AWS. The emulator knows none, and lets nobody see that something is missing.
            if route.falls_back and answer.status in (HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN):
                return await _asked(request, table[-1])
            return answer
        except (ClientError, TimeoutError):
            return web.Response(status=502, text="The system is starting or has stopped. Try again in a moment.\n")

    app = web.Application(client_max_size=LARGEST_BODY)
    app.router.add_route("*", "/{path:(?s:.*)}", forward)
    app.cleanup_ctx.append(_upstream)
    return app


async def _asked(request: web.Request, route: Route) -> web.Response:
    async with request.app[UPSTREAM].request(
        request.method,
        URL(route.address + request.raw_path, encoded=True),
        headers=_headers(request, route),
        data=await request.read() or None,
        allow_redirects=False,
    ) as answer:
        return _answer(request, answer.status, answer.headers, await answer.read())


async def _upstream(app: web.Application) -> AsyncIterator[None]:
    async with ClientSession(
        connector=TCPConnector(limit=0, keepalive_timeout=30),
        cookie_jar=DummyCookieJar(),
        auto_decompress=False,
        skip_auto_headers=("User-Agent", "Accept-Encoding", "Content-Type"),
        timeout=ClientTimeout(total=WAITS_FOR),
    ) as session:
        app[UPSTREAM] = session
        yield


def _headers(request: web.Request, route: Route) -> CIMultiDict[str]:
    """Return the visitor's headers and those that CloudFront sets, whatever the visitor claims."""
    headers = CIMultiDict(request.headers)
    for name in (*HOP_BY_HOP, "Host", "Content-Length", "Accept-Encoding"):
        headers.popall(name, None)
    address = request.remote or HOST
    claimed = headers.get("X-Forwarded-For")
    headers["X-Forwarded-For"] = f"{claimed}, {address}" if claimed else address
    headers["X-Viewer-Address"] = address
    headers.update(route.headers)
    return headers


def _answer(request: web.Request, status: int, received: Mapping[str, str], body: bytes) -> web.Response:
    headers = CIMultiDict(received)
    for name in HOP_BY_HOP:
        headers.popall(name, None)
    if request.method != "HEAD":
        headers.popall("Content-Length", None)
        if _compresses(request, headers, body):
            # CloudFront and API Gateway do this; the emulator of neither does.
            body = gzip.compress(body, compresslevel=5)
            headers["Content-Encoding"] = "gzip"
            headers.add("Vary", "Accept-Encoding")
    return web.Response(status=status, headers=headers, body=body)


def _compresses(request: web.Request, headers: Mapping[str, str], body: bytes) -> bool:
    return (
        len(body) >= WORTH_COMPRESSING
        and "gzip" in request.headers.get("Accept-Encoding", "")
        and "Content-Encoding" not in headers
        and COMPRESSED.match(headers.get("Content-Type", "")) is not None
    )


async def serve(doors: Mapping[int, list[Route]]) -> None:
    """Listen on each port, and answer by its routes, until told to stop."""
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    runners = []
    for port, table in doors.items():
        runners.append(runner := web.AppRunner(application(table), access_log=None))
        await runner.setup()
        await web.TCPSite(runner, HOST, port).start()
    await told.wait()
    for runner in runners:
        await runner.cleanup()


def main() -> None:
    """Serve the doors given as JSON: routes by port."""
    doors = {int(port): [Route(**route) for route in table] for port, table in json.loads(sys.argv[1]).items()}
    asyncio.run(serve(doors))


if __name__ == "__main__":
    main()
