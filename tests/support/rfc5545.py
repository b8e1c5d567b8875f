"""What RFC 5545 and RFC 5546 demand of a calendar object, read from its bytes and not by the library that wrote it."""

import re
from collections.abc import Iterator
from typing import Final

LONGEST_LINE: Final = 75
"""Octets, without the line break (RFC 5545, 3.1)."""


def breaches(calendar: bytes) -> list[str]:
    """Return what is wrong with a calendar object that a mail carries."""
    return [*_lines(calendar), *_content(re.sub(rb"\r\n[ \t]", b"", calendar).decode())]


def _lines(calendar: bytes) -> Iterator[str]:
    if not calendar.endswith(b"\r\n") or re.search(rb"\r(?!\n)|(?<!\r)\n", calendar):
        yield "a line does not end in CRLF"
    for line in calendar.split(b"\r\n"):
        if len(line) > LONGEST_LINE:
            yield f"a line of {len(line)} octets: {line!r}"
        if re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", line):
            yield f"a control character: {line!r}"


def _content(text: str) -> Iterator[str]:
    lines = text.split("\r\n")[:-1]
    yield from _nesting(lines)
    names = [re.split("[;:]", line, maxsplit=1)[0] for line in lines]
    for name, times in (("VERSION", 1), ("PRODID", 1), ("METHOD", 1), ("UID", 1), ("DTSTAMP", 1), ("SEQUENCE", 1)):
        if names.count(name) != times:
            yield f"{name} stands there {names.count(name)} times"
    if "VERSION:2.0" not in lines:
        yield "not version 2.0"
    if not any(re.fullmatch(r"DTSTAMP:\d{8}T\d{6}Z", line) for line in lines):
        yield "DTSTAMP is not in UTC"
    known = set(re.findall(r"(?m)^TZID:(.+)\r$", text))
    used = {zone.strip('"') for zone in re.findall(r"TZID=([^:;]+)", text)}
    if used != known:
        yield f"time zones {sorted(used)} are used, and {sorted(known)} described"
    if text.count("BEGIN:VTIMEZONE") != len(known):
        yield "a time zone is described more than once"
    for zone in re.findall(r"BEGIN:VTIMEZONE\r\n(.*?)END:VTIMEZONE", text, re.DOTALL):
        for part in re.findall(r"BEGIN:(?:STANDARD|DAYLIGHT)\r\n(.*?)END:", zone, re.DOTALL) or [""]:
            for needed in (r"DTSTART:\d{8}T\d{6}\r", r"TZOFFSETFROM:[+-]\d{4}\r", r"TZOFFSETTO:[+-]\d{4}\r"):
                if not re.search(needed, part):
                    yield f"a time zone's part lacks {needed}"


def _nesting(lines: list[str]) -> Iterator[str]:
    open_ones: list[str] = []
    for line in lines:
        if line.startswith("BEGIN:"):
            open_ones.append(line[6:])
        elif line.startswith("END:") and (not open_ones or open_ones.pop() != line[4:]):
            yield f"{line} closes nothing"
    if open_ones or lines[0] != "BEGIN:VCALENDAR":
        yield "it is not one whole VCALENDAR"
