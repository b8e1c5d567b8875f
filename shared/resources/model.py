"""What a library shares with the others: a tool, a method or a guide, and where it lies."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from shared import free_text
from shared.documents.model import Document
from shared.gatherings.model import GOALS, Text
from shared.refusals import N_, Fault, Invalid, Refusal
from shared.themes.model import Themes

LONGEST: Final[Mapping[str, int]] = {"title": 300, "description": 600}
"""The texts, each with how many characters it can have in a language."""

MOST_THEMES: Final = 20

_LANGUAGE: Final = re.compile("[a-z]{2}")


class Kind(StrEnum):
    """What a resource is."""

    TOOL = "tool"
    METHOD = "method"
    GUIDE = "guide"


KINDS: Final[Mapping[Kind, str]] = {
    Kind.TOOL: N_("Tool"),
    Kind.METHOD: N_("Method"),
    Kind.GUIDE: N_("Guide"),
}
"""One word for each kind, to be translated."""


@dataclass(frozen=True, slots=True)
class Resource:
    """Something that the library of that number shares. `link` is its address, or `document` the file of ours that it
    is; without either, its file is to come. `language` is the one it is in.

    Everybody sees it while it is `shown`. `version` rises with every saved change and guards against two people editing
    at once.
    """

    id: str
    kind: Kind
    title: Text
    link: str | None
    library: str
    language: str
    themes: tuple[str, ...]
    added_at: datetime
    description: Text = field(default_factory=dict)
    goals: tuple[int, ...] = ()
    shown: bool = True
    version: int = 1
    document: Document | None = None

    @property
    def host(self) -> str:
        """Whose site it lies on, as people write it (RFC 5890), if it is not a file of ours."""
        host = urlsplit(self.link or "").hostname or ""
        with suppress(UnicodeError):  # What begins like one need not be one.
            return host.encode().decode("idna")
        return host

    @property
    def files(self) -> frozenset[str]:
        """The keys of its files."""
        return frozenset({self.document.file} if self.document else ())

    def faults(self, languages: tuple[str, ...]) -> Iterator[Fault]:
        """Yield what is wrong with it by itself. `languages` are the network's, the first one first."""
        if not self.title.get(languages[0], "").strip():
            yield Fault(f"title.{languages[0]}", N_("Say what it is called."))
        for name, longest in LONGEST.items():
            yield from free_text.by_language(name, getattr(self, name), languages=languages, longest=longest)
        if self.link is None:
            yield from self._absent()
        elif urlsplit(self.link).scheme != "https" or not self.host:
            yield Fault("link", N_("The address must begin with https://."))
        if not _LANGUAGE.fullmatch(self.language):
            yield Fault("language", N_("Say which language it is, by its two letters."))
        if not self.themes:
            yield Fault("themes", N_("It has no theme, so nobody finds it."))
        if len(self.themes) > MOST_THEMES:
            yield Fault("themes", N_("There can be at most %(limit)s."), {"limit": MOST_THEMES})
        if any(goal not in GOALS for goal in self.goals):
            yield Fault("goals", N_("The goals are numbered 1 to 17."))

    def changed_to(self, wanted: "Resource") -> "Resource":
        """Return `wanted` as the next version: an address takes the place of a file.

        Raise ResourceChangedMeanwhile when it is not of this one.
        """
        if wanted.version != self.version:
            raise ResourceChangedMeanwhile
        document = self.document if wanted.link is None else None
        return replace(wanted, id=self.id, added_at=self.added_at, version=self.version + 1, document=document)

    def filed(self, document: Document) -> "Resource":
        """Return it as that file, whatever it was before."""
        return replace(self, link=None, document=document, version=self.version + 1)

    def on_current(self, themes: Themes) -> "Resource":
        """Return it with the themes that its own lead to by now, in their order."""
        return replace(self, themes=tuple(theme.slug for theme in themes.known(self.themes)))

    def seen(self, shown: bool) -> "Resource":
        """Return it as everybody sees it, or nobody does. Raise Invalid when there is nothing to see."""
        if shown == self.shown:
            return self
        after = replace(self, shown=shown, version=self.version + 1)
        if faults := tuple(after._absent()):
            raise Invalid(*faults)
        return after

    def _absent(self) -> Iterator[Fault]:
        if self.shown and self.link is None and self.document is None:
            yield Fault("link", N_("Write the address, or send the file before it is shown."))


def newest_first(resources: Iterable[Resource]) -> tuple[Resource, ...]:
    """Return resources in the order in which people see them."""
    return tuple(sorted(resources, key=lambda one: (one.added_at, one.id), reverse=True))


class ResourceNotFound(Refusal):
    """There is no such resource."""

    kind = "resource-not-found"
    status = 404
    message = N_("There is no such resource.")


class ResourceChangedMeanwhile(Refusal):
    """Somebody else saved a change of the resource since it was read."""

    kind = "changed-meanwhile"
    status = 409
    message = N_("Somebody else has changed this resource meanwhile. Look at both, and save again.")
