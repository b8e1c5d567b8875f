"""Whether a changed schema still reads, and is still read by, what was there before."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any


def breaks(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Return what in `new` is more than an addition to `old`: nothing, if the version may stay."""
    return [*_breaks(_resolved(old, old), _resolved(new, new), "")]


def committed(path: Path) -> Iterator[dict[str, Any]]:
    """Yield every version of a JSON file that was ever committed; none where there is no history."""
    for commit in _git(path.parent, "log", "--format=%H", "--", path.name).split():
        text = _git(path.parent, "show", f"{commit}:./{path.name}")
        if text:
            yield json.loads(text)


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else ""


def _breaks(old: Any, new: Any, where: str) -> Iterator[str]:
    if "properties" not in old or "properties" not in new:
        if _shape(old) != _shape(new):
            yield f"{where} is of another kind"
        return
    before, after = old["properties"], new["properties"]
    yield from (f"{where}.{name} is gone" for name in sorted(before.keys() - after.keys()))
    required = set(new.get("required", ()))
    yield from (f"{where}.{name} is new and required" for name in sorted((after.keys() - before.keys()) & required))
    was_required = set(old.get("required", ()))
    for name in sorted(before.keys() & after.keys()):
        if (name in required) != (name in was_required):
            yield f"{where}.{name} is {'now' if name in required else 'no longer'} required"
        yield from _breaks(before[name], after[name], f"{where}.{name}")


def _shape(schema: Mapping[str, Any]) -> Any:
    return {name: value for name, value in schema.items() if name not in ("title", "description", "default")}


def _resolved(schema: Any, root: Mapping[str, Any]) -> Any:
    if isinstance(schema, dict):
        if "$ref" in schema:
            return _resolved(root["$defs"][schema["$ref"].rpartition("/")[2]], root)
        return {name: _resolved(value, root) for name, value in schema.items() if name != "$defs"}
    if isinstance(schema, list):
        return [_resolved(value, root) for value in schema]
    return schema
