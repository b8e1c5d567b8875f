"""What programs ask of the catalogue."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final

from shared.catalogue.ports import Entry, Index
from shared.refusals import StoreUnavailable
from shared.webinars.model import WebinarNotFound

REMEMBERED_FOR: Final = timedelta(minutes=1)

A_MOMENT: Final = timedelta(seconds=5)
"""What was read so lately is not read again for a webinar that is not in it."""


class CatalogueReader:
    """All that is shown, remembered for a minute."""

    def __init__(self, index: Index, clock: Callable[[], datetime]) -> None:
        self._index = index
        self._clock = clock
        self._kept: tuple[Entry, ...] | None = None
        self._read_at = clock()

    def every(self) -> tuple[Entry, ...]:
        """Return them. While the bucket does not answer, those that were known are better than none.

        Raise StoreUnavailable when none were.
        """
        return self._no_older_than(REMEMBERED_FOR)

    def get(self, slug: str) -> Entry:
        """Return one by its address; it may just have been published. Raise WebinarNotFound, or as `every`."""
        for age in (REMEMBERED_FOR, A_MOMENT):
            for one in self._no_older_than(age):
                if one["slug"] == slug:
                    return one
        raise WebinarNotFound

    def _no_older_than(self, age: timedelta) -> tuple[Entry, ...]:
        now = self._clock()
        if self._kept is None or now >= self._read_at + age:
            try:
                self._kept = self._index.read()
            except StoreUnavailable:
                if self._kept is None:
                    raise
            self._read_at = now
        return self._kept

    def found(self, *, theme: str | None, goal: int | None, q: str) -> tuple[Entry, ...]:
        """Return what is on a theme, about a goal, and has all the words that are looked for somewhere in its own."""
        words = q.casefold().split()
        return tuple(
            one
            for one in self.every()
            if (theme is None or theme in one["themes"])
            and (goal is None or goal in one["goals"])
            and all(word in said for said in [_said(one)] for word in words)
        )


def _said(one: Entry) -> str:
    texts: Iterable[str] = (text for name in ("title", "summary", "speakers") for text in one[name].values())
    return " ".join(texts).casefold()
