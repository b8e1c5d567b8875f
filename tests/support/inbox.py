"""The inbox of a local copy, through the API of its mail catcher."""

import time
from collections.abc import Callable
from typing import Any, Final, TypeVar
from urllib.parse import quote

import httpx

from tests.support.mails import Mail

T = TypeVar("T")

PATIENCE: Final = 20.0
PAGE: Final = 200
"""How many mails the catcher lists at most."""


def eventually(look: Callable[[], T | None], what: str, *, within: float = PATIENCE) -> T:
    """Return what `look` finds once it finds something; raise AssertionError when the time is over."""
    deadline = time.monotonic() + within
    while not (found := look()):
        assert time.monotonic() < deadline, f"within {within:g} s there was no {what}"
        time.sleep(0.05)
    return found


def gathered(take: Callable[[], list[T]], number: int, what: str) -> list[T]:
    """Return what is taken, a few at a time, once there are so many."""
    taken: list[T] = []

    def enough() -> bool:
        taken.extend(take())
        return len(taken) >= number

    eventually(enough, f"{number} {what}")
    return taken


class Inbox:
    """Everybody's mail."""

    def __init__(self, url: str) -> None:
        self._api = httpx.Client(base_url=url, timeout=30)

    def close(self) -> None:
        """Leave."""
        self._api.close()

    def of(self, address: str) -> list[Mail]:
        """Return the mails to an address, as they came, earliest first."""
        return [self._mail(entry["id"]) for entry in self._entries(address)]

    def wait(self, address: str, number: int = 1) -> list[Mail]:
        """Return the mails to an address once there are so many. Raise AssertionError if there are more."""
        eventually(lambda: len(self._entries(address)) >= number, f"{number} mails to {address}")
        mails = self.of(address)
        assert len(mails) == number, [mail.header("Subject") for mail in mails]
        return mails

    def count(self, address: str) -> int:
        """Return how many mails there are to addresses with this text in them."""
        return len(self._entries(address))

    def subjects(self, address: str) -> list[tuple[str, str]]:
        """Return address and subject of each mail to addresses with this text in them."""
        return [(to["address"], entry["subject"]) for entry in self._entries(address) for to in entry["to"]]

    def _entries(self, address: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        total = 1
        while len(found) < total:
            asked = f"/email/summary?limit={PAGE}&skip={len(found)}&sort=asc&search={quote(address)}"
            page = self._api.get(asked).raise_for_status().json()
            found, total = found + page["items"], page["total"]
        return [entry for entry in found if any(address in one["address"] for one in entry["to"])]

    def _mail(self, id: str) -> Mail:
        return Mail.of(self._api.get(f"/email/{id}/source").raise_for_status().content)
