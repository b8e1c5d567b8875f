"""The libraries that rounds are for: ones that there are."""

from collections.abc import Iterator, Sequence

from shared.bootstrap import web as bootstrap
from shared.gatherings.model import Gathering
from shared.gatherings.rounds import Round
from shared.programmes.model import Programme
from shared.refusals import N_, Fault, Invalid


def known(wanted: Gathering, before: Gathering | None = None) -> Gathering:
    """Return the gathering. Raise Invalid when its rounds are now for a library that there is not."""
    _refuse(_unknown(wanted.rounds, before.effective_rounds if before else ()))
    return wanted


def known_in_programme(wanted: Programme, before: Programme | None = None) -> Programme:
    """Return the programme. Raise Invalid when its rounds, or a track's, are now for a library that there is not."""
    kept = _all_rounds(before) if before else ()
    _refuse(_unknown(wanted.rounds, kept))
    for at, track in enumerate(wanted.tracks):
        _refuse(_unknown(track.rounds, kept, name=f"tracks.{at}.rounds"))
    return wanted


def _all_rounds(programme: Programme) -> tuple[Round, ...]:
    return (*programme.rounds, *(one for track in programme.tracks for one in track.rounds or ()))


def _unknown(rounds: Sequence[Round] | None, kept: Sequence[Round], *, name: str = "rounds") -> Iterator[Fault]:
    # What was named before has been a library: it may have gone since, and stands in no other change's way.
    named = {number for one in kept for number in one.who.libraries}
    for at, one in enumerate(rounds or ()):
        for place, number in enumerate(one.who.libraries):
            if number not in named and not bootstrap.libraries().knows(number):
                message = N_("There is no library “%(typed)s”.")
                yield Fault(f"{name}.{at}.who.libraries.{place}", message, {"typed": number})


def _refuse(faults: Iterator[Fault]) -> None:
    if found := tuple(faults):
        raise Invalid(*found)
