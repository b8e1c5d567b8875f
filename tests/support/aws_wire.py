"""The wire between the deployed functions and the emulator: every request is checked, and some are answered amiss.

The functions are those of the template, and know nothing of it: only their endpoint is another. Neither AWS nor the
emulator has trouble when a test needs it, and the emulator never answers `TransactionConflict`.
"""

import asyncio
import base64
import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from io import BytesIO
from random import Random
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import parse_qsl

from aiohttp import ClientSession, ClientTimeout, TCPConnector, web
from multidict import CIMultiDict
from yarl import URL

from infra.local.local_stack import LocalStack
from infra.local.options import HOST
from tests.support import aws_rules

LONGER_THAN_ANYONE_WAITS: Final = 10.0
OF_A_CONNECTION: Final = ("Connection", "Transfer-Encoding", "Keep-Alive", "Content-Length")


class Trouble(StrEnum):
    """What goes wrong with one request."""

    CONFLICT = "another transaction has the items"
    THROTTLED = "too many requests"
    SERVER_ERROR = "an error on AWS's side"
    REFUSED = "SES does not take the mail"
    SILENT = "not done, and no answer comes"
    LOST = "done, and no answer comes"
    CUT = "done, and the connection is cut"
    TWICE = "done twice"


@dataclass(frozen=True, slots=True)
class Request:
    """One request of a function, taken apart."""

    service: str
    operation: str
    body: Mapping[str, Any]

    @property
    def recipient(self) -> str:
        """Whom a mail is to."""
        return str(self.body.get("Destinations.member.1", ""))


def _always(_: Request) -> bool:
    return True


@dataclass(slots=True)
class Order:
    """An order of trouble: which requests get it, and how often it came."""

    trouble: Trouble
    operation: str
    share: float
    when: Callable[[Request], bool]
    most: int | None
    seed: int = 7
    times: int = 0
    _random: Random = field(init=False)

    def __post_init__(self) -> None:
        self._random = Random(self.seed)

    def takes(self, request: Request) -> bool:
        """Whether this request is in for it."""
        fits = self.operation in ("*", request.operation) and (self.most is None or self.times < self.most)
        if not (fits and self.when(request) and self._random.random() < self.share):
            return False
        self.times += 1
        return True


class Wire:
    """A running wire to one emulator.

    `breaches` are the rules of AWS that requests broke, `calls` how many came, `recipients` whom mails were to.
    """

    def __init__(self, emulator_url: str) -> None:
        self.breaches: list[str] = []
        self.calls: Counter[str] = Counter()
        self.recipients: list[str] = []
        self.keys: frozenset[str] = frozenset()
        self._orders: tuple[Order, ...] = ()
        self._emulator_url = emulator_url
        self._port = 0

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True, name="wire")
        self._thread.start()
        self._port = self._run(self._open())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def lead(self, stack: LocalStack) -> None:
        """Let all functions of the stack speak to AWS through here."""
        table = stack.client("dynamodb").describe_table(TableName=stack.outputs["TableName"])["Table"]
        schemas = [table["KeySchema"], *(index["KeySchema"] for index in table["GlobalSecondaryIndexes"])]
        self.keys = frozenset(key["AttributeName"] for schema in schemas for key in schema)
        functions = stack.client("lambda")
        for name in json.loads(stack.outputs["FunctionNames"]).values():
            variables = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
            here = {"AWS_ENDPOINT_URL": f"http://{HOST}:{self._port}"}
            functions.update_function_configuration(FunctionName=name, Environment={"Variables": variables | here})

    @contextmanager
    def trouble(
        self,
        trouble: Trouble,
        operation: str,
        *,
        share: float = 1.0,
        when: Callable[[Request], bool] = _always,
        most: int | None = None,
    ) -> Iterator[Order]:
        """Answer a share of the requests amiss, at most so many of them, for as long as it is entered."""
        order = Order(trouble, operation, share, when, most)
        self._orders = (*self._orders, order)
        try:
            yield order
        finally:
            self._orders = tuple(other for other in self._orders if other is not order)

    def check(self) -> None:
        """Raise AssertionError if a rule of AWS was broken since the last time."""
        broken, self.breaches = self.breaches, []
        assert not broken, "AWS would refuse:\n" + "\n".join(sorted(set(broken)))

    def _run(self, doing: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(doing, self._loop).result()

    async def _open(self) -> int:
        self._closing = asyncio.Event()
        self._session = ClientSession(
            connector=TCPConnector(limit=0),
            auto_decompress=False,
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
            timeout=ClientTimeout(total=60),
        )
        app = web.Application(client_max_size=2**25)
        app.router.add_route("*", "/{path:(?s:.*)}", self._take)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, 0)
        await site.start()
        return int(self._runner.addresses[0][1])

    async def _close(self) -> None:
        self._closing.set()
        await self._runner.cleanup()
        await self._session.close()

    async def _take(self, http: web.Request) -> web.Response:
        content = await http.read()
        request = _read(http, content)
        self.calls[f"{request.service} {request.operation}"] += 1
        if request.recipient:
            self.recipients.append(request.recipient)
        self.breaches += aws_rules.breaches(
            request.service, request.operation, request.body, http.raw_path, keys=self.keys
        )
        order = next((order for order in self._orders if order.takes(request)), None)
        if order is None:
            return await self._forward(http, content)
        match order.trouble:
            case Trouble.CONFLICT | Trouble.THROTTLED | Trouble.SERVER_ERROR | Trouble.REFUSED:
                return _refusal(request, order.trouble)
            case Trouble.LOST | Trouble.CUT:
                await self._forward(http, content)
            case Trouble.TWICE:
                await self._forward(http, content)
                return await self._forward(http, content)
        if order.trouble is not Trouble.CUT:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), LONGER_THAN_ANYONE_WAITS)
        if http.transport is not None:
            http.transport.abort()
        return web.Response()

    async def _forward(self, http: web.Request, content: bytes) -> web.Response:
        headers = CIMultiDict(http.headers)
        for name in OF_A_CONNECTION:
            headers.popall(name, None)
        address = URL(self._emulator_url + http.raw_path, encoded=True)
        async with self._session.request(
            http.method, address, headers=headers, data=BytesIO(content) if content else None
        ) as answer:
            received = CIMultiDict(answer.headers)
            for name in OF_A_CONNECTION:
                received.popall(name, None)
            return web.Response(status=answer.status, headers=received, body=await answer.read())


def _read(http: web.Request, content: bytes) -> Request:
    found = re.search(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/", http.headers.get("Authorization", ""))
    service = found.group(1) if found else "unsigned"
    if target := http.headers.get("X-Amz-Target"):
        return Request(service, target.rpartition(".")[2], json.loads(content))
    if http.content_type == "application/x-www-form-urlencoded":
        form: dict[str, Any] = dict(parse_qsl(content.decode()))
        if mail := form.get("RawMessage.Data"):
            form["RawMessage.Data"] = base64.b64decode(mail)
        return Request(service, form["Action"], form)
    if service == "s3":  # what is in a file is none of AWS's words
        return Request(service, http.method, {})
    try:
        return Request(service, http.method, json.loads(content))
    except ValueError:
        return Request(service, http.method, {})


def _refusal(request: Request, trouble: Trouble) -> web.Response:
    """Answer as AWS does: in the words and with the status of the service."""
    if request.service == "ses":
        code, status = {
            Trouble.THROTTLED: ("Throttling", 400),
            Trouble.REFUSED: ("MessageRejected", 400),
            Trouble.SERVER_ERROR: ("InternalFailure", 500),
        }[trouble]
        return web.Response(
            status=status,
            content_type="text/xml",
            text='<ErrorResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><Error><Type>Sender</Type>'
            f"<Code>{code}</Code><Message>{trouble}</Message></Error><RequestId>ordered</RequestId></ErrorResponse>",
        )
    of_dynamodb = request.service == "dynamodb"
    code, status = {
        Trouble.CONFLICT: ("TransactionCanceledException", 400),
        Trouble.THROTTLED: ("ThrottlingException", 400),
        Trouble.SERVER_ERROR: ("InternalServerError", 500) if of_dynamodb else ("InternalFailure", 500),
    }[trouble]
    prefix = "com.amazonaws.dynamodb.v20120810#" if of_dynamodb else "com.amazonaws.sqs#"
    answer: dict[str, Any] = {"__type": prefix + code, "message": str(trouble)}
    if trouble is Trouble.CONFLICT:
        parts = len(request.body["TransactItems"])
        reasons = [{"Code": "None"}] * (parts - 1) + [{"Code": "TransactionConflict", "Message": str(trouble)}]
        answer = {"__type": answer["__type"], "Message": str(trouble), "CancellationReasons": reasons}
    return web.Response(status=status, content_type="application/x-amz-json-1.0", text=json.dumps(answer))
