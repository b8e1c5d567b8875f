"""The app behind one greedy address: which route a path leads to is found here, and not by API Gateway.

An API may have 300 resources, and a template a megabyte. Each page in each language is a resource, and takes two
kilobytes (ADR 0019).
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from chalice.app import Chalice

EVERYTHING: Final = "/{proxy+}"

_LANGUAGE: Final = re.compile(r"^/[a-z]{2}(?=/)")


@dataclass(slots=True)
class _Branch:
    """What may follow a part of a path: words, or a variable. `resource` ends here, with its variables' names."""

    words: dict[str, Self] = field(default_factory=dict)
    variable: Self | None = None
    resource: str | None = None


class Addresses:
    """The app's resources as a tree. At each part of a path a word is better than a variable, as in API Gateway."""

    def __init__(self, resources: Iterable[str]) -> None:
        self._root = _Branch()
        for resource in resources:
            branch = self._root
            for part in _parts(resource):
                if part.startswith("{"):
                    branch.variable = branch.variable or _Branch()
                    branch = branch.variable
                else:
                    branch = branch.words.setdefault(part, _Branch())
            branch.resource = resource

    def find(self, path: str) -> tuple[str, dict[str, str]]:
        """Return the resource that a path leads to, and its variables; the greedy one if there is no other."""
        parts = _parts(path)
        resource = _find(self._root, parts)
        if resource is None:
            return EVERYTHING, {"proxy": path.strip("/")}
        named = zip(_parts(resource), parts, strict=True)
        return resource, {name[1:-1]: part for name, part in named if name.startswith("{")}


class Site(Chalice):
    """A Chalice app that API Gateway hands everything to. Some of its routes may be mounted later."""

    def __init__(self, app_name: str) -> None:
        super().__init__(app_name)
        self._later: dict[str, Callable[[], None]] = {}
        self._tree: Addresses | None = None

    def later(self, prefixes: Iterable[str], mount: Callable[[], None]) -> None:
        """Have more routes mounted by the first request below one of the prefixes, in any language."""
        self._later |= dict.fromkeys(prefixes, mount)

    def complete(self) -> None:
        """Mount all routes: for whoever goes through them."""
        for mount in set(self._later.values()):
            mount()
        self._later, self._tree = {}, None

    def __call__(self, event: Any, context: Any) -> dict[str, Any]:
        """Answer a request."""
        return super().__call__(self._routed(event), context)

    def _routed(self, event: Mapping[str, Any]) -> dict[str, Any]:
        path = "/" + ((event["pathParameters"] or {}).get("proxy") or "")
        if any(_LANGUAGE.sub("", path).startswith(prefix) for prefix in self._later):
            self.complete()
        resource, variables = self._addresses().find(path)
        about = event["requestContext"] | {"resourcePath": resource}
        return {**event, "resource": resource, "pathParameters": variables or None, "requestContext": about}

    def _addresses(self) -> Addresses:
        # Routes are added until the first request comes.
        if self._tree is None:
            self._tree = Addresses(path for path in self.routes if path != EVERYTHING)
        return self._tree


def _parts(path: str) -> list[str]:
    return [part for part in path.split("/") if part]


def _find(branch: _Branch, parts: list[str]) -> str | None:
    if not parts:
        return branch.resource
    first, *rest = parts
    for following in (branch.words.get(first), branch.variable):
        if following is not None and (found := _find(following, rest)) is not None:
            return found
    return None
