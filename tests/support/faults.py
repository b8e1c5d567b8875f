"""Trouble on order: what a busy or absent AWS answers, put between a botocore client and whatever is behind it.

Neither moto nor the emulator ever answers `TransactionConflict`, throttles, or loses an answer.
"""

import json
import threading
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from io import BytesIO
from random import Random
from types import TracebackType
from typing import Any, Final, Self

from botocore.awsrequest import AWSResponse
from botocore.client import BaseClient
from botocore.compat import HTTPHeaders
from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError

from shared.table import Item

WRITES: Final = ("TransactWriteItems",)
EVERYTHING: Final = ("*",)

Answer = tuple[AWSResponse, dict[str, Any]]
"""What a `before-call` handler returns to answer instead of AWS: the response, and the same parsed."""


class Trouble(StrEnum):
    """What goes wrong with one call. All but the last two are answers."""

    CONFLICT = "conflict"
    CONFLICT_BESIDE_CONDITION = "conflict beside a failed condition"
    THROTTLED_IN_TRANSACTION = "throttled within a transaction"
    IN_PROGRESS = "the same transaction is in progress"
    THROTTLED = "throttled"
    SERVER_ERROR = "server error"
    DENIED = "denied"
    UNREACHABLE = "unreachable"
    LOST_ANSWER = "done, and the answer is lost"


_OF_TRANSACTIONS: Final = frozenset(
    {
        Trouble.CONFLICT,
        Trouble.CONFLICT_BESIDE_CONDITION,
        Trouble.THROTTLED_IN_TRANSACTION,
        Trouble.IN_PROGRESS,
    }
)


class FaultInjector:
    """Troubles the calls of a client while it is entered.

    `script` says what becomes of each call in turn (None lets it through); what comes after the script is troubled
    with the `probability`, by one of `kinds`. What only transactions meet is throttling to other calls. `seen` holds
    the requests' bodies, and `troubles` what was injected.
    """

    def __init__(
        self,
        *script: Trouble | None,
        operations: Collection[str] = WRITES,
        probability: float = 0.0,
        kinds: Collection[Trouble] = (Trouble.CONFLICT,),
        seed: int = 7,
        client: BaseClient | None = None,
    ) -> None:
        self.seen: list[dict[str, Any]] = []
        self.troubles: list[Trouble] = []
        self._script: deque[Trouble | None] = deque(script)
        self._operations = operations
        self._probability = probability
        self._kinds = tuple(kinds)
        self._random = Random(seed)
        self._client = client
        self._answering = threading.local()

    def __enter__(self) -> Self:
        self._client = self._client or store_client()
        events: Any = self._client.meta.events
        for before, after in self._events():
            events.register_first(before, self._before)
            # Whoever else looks at answers sees this one too: it is lost on its way to us, not before.
            events.register_last(after, self._after)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._client is not None
        events: Any = self._client.meta.events
        for before, after in self._events():
            events.unregister(before, self._before)
            events.unregister(after, self._after)

    def _events(self) -> Iterator[tuple[str, str]]:
        assert self._client is not None
        for operation in self._operations:
            yield _event(self._client, "before-call", operation), _event(self._client, "after-call", operation)

    def _before(self, params: dict[str, Any], **_: Any) -> Answer | None:
        body = _body(params)
        self.seen.append(body)
        trouble = self._next()
        if trouble in _OF_TRANSACTIONS and "TransactItems" not in body:
            trouble = Trouble.THROTTLED
        self._answering.lost = trouble is Trouble.LOST_ANSWER
        if trouble is None:
            return None
        self.troubles.append(trouble)
        if trouble is Trouble.UNREACHABLE:
            raise ConnectTimeoutError(endpoint_url=params["url"])
        return _answer(trouble, len(body.get("TransactItems", ())))

    def _after(self, **_: Any) -> None:
        if getattr(self._answering, "lost", False):
            self._answering.lost = False
            raise ReadTimeoutError(endpoint_url="where nobody answers")

    def _next(self) -> Trouble | None:
        if self._script:
            return self._script.popleft()
        if self._random.random() < self._probability:
            return self._random.choice(self._kinds)
        return None


def store_client() -> BaseClient:
    """Return the client through which all items are read and written."""
    client: BaseClient = Item._get_connection().connection.client
    return client


def answer_with(
    client: BaseClient, operation: str, answer: Callable[[dict[str, Any]], Answer | None]
) -> Callable[[], None]:
    """Let `answer` answer an operation, given its body, where it returns something. Return what ends that."""
    event = _event(client, "before-call", operation)

    def before(params: dict[str, Any], **_: Any) -> Answer | None:
        return answer(_body(params))

    events: Any = client.meta.events
    events.register(event, before)
    return lambda: events.unregister(event, before)


@contextmanager
def meanwhile(happens: Callable[[], object]) -> Iterator[None]:
    """Let something happen once: after all is read, and just before the next transaction is written."""
    pending = [happens]

    def before(_: dict[str, Any]) -> None:
        if pending:
            pending.pop()()

    end = answer_with(store_client(), "TransactWriteItems", before)
    try:
        yield
    finally:
        end()
    assert not pending, "nothing was written"


def remember_tokens(client: BaseClient) -> None:
    """Let moto answer a transaction it has written before as DynamoDB does: with success, and nothing written."""
    done: set[str] = set()
    current = threading.local()

    def before(body: dict[str, Any]) -> Answer | None:
        current.token = body.get("ClientRequestToken")
        return _response(200, {}) if current.token in done else None

    def after(http_response: AWSResponse, **_: Any) -> None:
        if getattr(current, "token", None) and http_response.status_code == 200:
            done.add(current.token)

    # Handlers of one operation come before handlers of all. An injector has the first word, and the last.
    answer_with(client, "*", before)
    client.meta.events.register_first("after-call.dynamodb.TransactWriteItems", after)


def cancelled(codes: Iterable[str]) -> Answer:
    """Return the answer that cancels a transaction, with a reason for each of its parts."""
    reasons = [{"Code": code} if code == "None" else {"Code": code, "Message": code} for code in codes]
    return _error(400, "TransactionCanceledException", CancellationReasons=reasons)


def _answer(trouble: Trouble, parts: int) -> Answer | None:
    match trouble:
        case Trouble.CONFLICT:
            return _cancelled(parts, "TransactionConflict")
        case Trouble.CONFLICT_BESIDE_CONDITION:
            return _cancelled(parts, "TransactionConflict", "ConditionalCheckFailed")
        case Trouble.THROTTLED_IN_TRANSACTION:
            return _cancelled(parts, "ThrottlingError")
        case Trouble.IN_PROGRESS:
            return _error(400, "TransactionInProgressException")
        case Trouble.THROTTLED:
            return _error(400, "ThrottlingException")
        case Trouble.SERVER_ERROR:
            return _error(500, "InternalServerError")
        case Trouble.DENIED:
            return _error(400, "AccessDeniedException")
        case Trouble.LOST_ANSWER | Trouble.UNREACHABLE:
            return None


def _cancelled(parts: int, *codes: str) -> Answer:
    return cancelled([*["None"] * (parts - len(codes)), *codes][:parts])


def _error(status: int, code: str, **more: object) -> Answer:
    return _response(status, {"Error": {"Code": code, "Message": f"injected {code}"}, **more})


def _response(status: int, parsed: dict[str, Any]) -> Answer:
    metadata = {"HTTPStatusCode": status, "RequestId": "injected", "HTTPHeaders": {}}
    return AWSResponse("https://injected.example.org", status, HTTPHeaders(), BytesIO()), parsed | {
        "ResponseMetadata": metadata
    }


def _event(client: BaseClient, moment: str, operation: str) -> str:
    name = f"{moment}.{client.meta.service_model.service_id.hyphenize()}"
    return name if operation == "*" else f"{name}.{operation}"


def _body(params: dict[str, Any]) -> dict[str, Any]:
    """Return the request's JSON. Services that speak another language have none."""
    try:
        read: dict[str, Any] = json.loads(params["body"])
    except (TypeError, ValueError):
        return {}
    return read
