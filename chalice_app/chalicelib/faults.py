"""Where faults stand in what was sent. Use cases name what is wrong; a page or a body may ask for it elsewhere."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from shared.refusals import Fault, Invalid


@contextmanager
def placed(place: Callable[[str], str]) -> Iterator[None]:
    """Give each fault's field the name that it has in what was sent. What is wrong there twice is told once."""
    try:
        yield
    except Invalid as invalid:
        told: dict[tuple[str, str], Fault] = {}
        for fault in invalid.faults:
            there = replace(fault, field=place(fault.field))
            told.setdefault((there.field, there.message), there)
        raise Invalid(*told.values()) from invalid
