"""The site's bucket, and whose turn it is to write it, in memory."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from shared.catalogue.dynamo import TURN
from shared.catalogue.ports import Copy, File
from shared.ids import new_id


class Killed(Exception):
    """The function is no more."""


class InMemorySite:
    """Files in memory. `order` is how they were written; after `lives` writes nothing more is.

    A file of ours that was copied here contains the key of its original.
    """

    def __init__(self) -> None:
        self.files: dict[str, File] = {}
        self.order: list[str] = []
        self.refreshed: list[str] = []
        self.lives: int | None = None

    def there(self) -> Mapping[str, str]:
        return {key: self.hashed(file.content) for key, file in self.files.items()}

    def hashed(self, content: bytes) -> str:
        return str(hash(content))

    def write(self, file: File) -> None:
        if self.lives is not None:
            if self.lives == 0:
                raise Killed
            self.lives -= 1
        self.files[file.key] = file
        self.order.append(file.key)

    def bring(self, copy: Copy) -> None:
        self.write(File(copy.key, copy.original.encode(), copy.content_type))

    def remove(self, keys: Iterable[str]) -> None:
        for key in keys:
            del self.files[key]

    def refresh(self, keys: Iterable[str]) -> None:
        self.refreshed = list(keys)

    def text(self, key: str) -> str:
        return self.files[key].content.decode()


class InMemoryTurns:
    """Turns in memory. Each holder has one of these, and all share `row`."""

    def __init__(self, row: dict[str, object] | None = None) -> None:
        self._me = new_id()
        self.row: dict[str, object] = {"asked": 0, "holder": None, "until": None} if row is None else row

    def ask(self) -> None:
        self.row["asked"] = int(str(self.row["asked"])) + 1

    def take(self, now: datetime) -> int | None:
        until = self.row["until"]
        if self.row["holder"] not in (None, self._me) and not (isinstance(until, datetime) and until < now):
            return None
        self.row |= {"holder": self._me, "until": now + TURN}
        return int(str(self.row["asked"]))

    def give_back(self) -> None:
        if self.row["holder"] == self._me:
            self.row |= {"holder": None, "until": None}

    def done(self, seen: int) -> bool:
        if self.row["holder"] != self._me or self.row["asked"] != seen:
            return False
        self.row |= {"holder": None, "until": None}
        return True
