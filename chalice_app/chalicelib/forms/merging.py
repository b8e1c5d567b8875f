"""Two people at one form: what the other one changed meanwhile, without losing what either has done.

A form carries a short mark of each field as it was when the form was opened. So it can be told later who changed what:
what only the other one changed is taken over, and where both did, what was typed here stands and theirs is shown.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from chalicelib.forms.fields import Fields

_MARK_LENGTH: Final = 8
_ROW: Final = re.compile(r"([a-z]+)\.[0-9]+\..+")
_ID: Final = re.compile(r"(?:.+\.)?[a-z]+\.[0-9]+\.id")


@dataclass(frozen=True, slots=True)
class Merged:
    """The fields to go on with, and `theirs`: what somebody else's fields say where they changed them."""

    fields: dict[str, list[str]]
    theirs: Mapping[str, list[str]]


def marks(fields: Fields) -> str:
    """Return the marks of fields, to be carried by the form."""
    return json.dumps({name: mark(values) for name, values in fields.items()}, separators=(",", ":"))


def mark(values: Iterable[str]) -> str:
    """Return the mark of one field: the same for the same values, and for nothing in whatever form."""
    said = "\n".join(value.replace("\r\n", "\n").strip() for value in values if value.strip())
    return hashlib.sha256(said.encode()).hexdigest()[:_MARK_LENGTH] if said else ""


def changed(name: str, typed: Fields, opened: str) -> bool:
    """Whether the rows of a list are others than those that the form was opened with."""
    return _marked(_part(name, typed)) != _rows_before(name, _read(opened))


def stayed(name: str, typed: Fields, opened: str) -> bool:
    """Whether a field says what it said when the form was opened."""
    return mark(typed.get(name, [])) == _read(opened).get(name, "")


def merged(typed: Fields, now: Fields, opened: str) -> Merged:
    """Return what was typed with what somebody else changed. `now` is what is kept, `opened` the marks of the form.

    A list whose rows are others than they were is taken as one: row by row it could not be compared.
    """
    was = _read(opened)
    lists = {found.group(1) for name in (*typed, *now) if (found := _ROW.fullmatch(name))}
    whole = {name for name in lists if not _same_rows(name, typed, now, was)}
    fields = dict(typed)
    theirs: dict[str, list[str]] = {}
    for name in sorted(whole):
        fields, changed = _list_merged(name, fields, typed, now, was)
        theirs |= changed
    for name in dict.fromkeys((*now, *typed)):
        if _list_of(name) in whole or mark(now.get(name, [])) == was.get(name, ""):
            continue
        if mark(typed.get(name, [])) == was.get(name, ""):
            fields[name] = now.get(name, [])
        if mark(typed.get(name, [])) != mark(now.get(name, [])):
            theirs[name] = now.get(name, [])
    return Merged(fields, theirs)


def _list_merged(
    name: str, fields: dict[str, list[str]], typed: Fields, now: Fields, was: Mapping[str, str]
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    here, there = _part(name, typed), _part(name, now)
    before = _rows_before(name, was)
    if _marked(there) == before:
        return fields, {}
    if _marked(here) == before:
        fields = {field: values for field, values in fields.items() if field not in here} | there
    return fields, {name: []}


def _rows_before(name: str, was: Mapping[str, str]) -> dict[str, str]:
    return {field: mark for field, mark in was.items() if _list_of(field) == name and mark}


def _same_rows(name: str, typed: Fields, now: Fields, was: Mapping[str, str]) -> bool:
    ids = [
        {field: mark(values) for field, values in _part(name, fields).items() if _ID.fullmatch(field)}
        for fields in (typed, now)
    ]
    before = {field: one for field, one in was.items() if _list_of(field) == name and _ID.fullmatch(field)}
    return ids[0] == ids[1] == before


def _part(name: str, fields: Fields) -> dict[str, list[str]]:
    return {field: values for field, values in fields.items() if _list_of(field) == name}


def _marked(fields: Fields) -> dict[str, str]:
    return {field: mark(values) for field, values in fields.items() if mark(values)}


def _list_of(name: str) -> str | None:
    found = _ROW.fullmatch(name)
    return found.group(1) if found else None


def _read(opened: str) -> dict[str, str]:
    """Return the marks that a form carried. Without them nothing can be told, and everything counts as changed."""
    try:
        found = json.loads(opened)
    except ValueError:
        return {}
    return {str(name): str(one) for name, one in found.items()} if isinstance(found, dict) else {}
