"""The seats of one gathering as they were seen, and the one way in which they change.

A `Move` says what changes and what must hold for it. The store asks for both in one conditional write; here both are
told of plain numbers, so that rules can be tried, and a fake store obeys what the real one does.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from shared.gatherings.model import WHOLE, CapacityTaken, Gathering
from shared.gatherings.rounds import Round, Who

UNLIMITED: Final = 1_000_000
"""What a pool without limit holds."""


@dataclass(frozen=True, slots=True)
class Seats:
    """What is `left` and how many people are `waiting` by pool; people by library, and unproven ones by domain."""

    open: bool
    gathering_version: int
    left: Mapping[str, int]
    waiting: Mapping[str, int] = field(default_factory=dict)
    libraries: Mapping[str, int] = field(default_factory=dict)
    unproven: Mapping[str, int] = field(default_factory=dict)
    next_place: int = 1
    line: int = 0
    next_rollover: datetime | None = None

    def has(self, pool: str, seats: int = 1) -> bool:
        """Whether somebody new can have seats of the pool: enough are left, and nobody waits for them."""
        return self.left.get(pool, 0) >= seats and not self.waiting.get(pool, 0)

    def shown(self) -> dict[str, int | None]:
        """Return the seats left by pool for people to see; None is no limit. Seats that others wait for are none."""
        # A pool that has been without limit is told by its size; nobody plans for half a million seats.
        return {
            pool: 0 if self.waiting.get(pool, 0) else None if count > UNLIMITED // 2 else count
            for pool, count in self.left.items()
        }


@dataclass(frozen=True, slots=True)
class Move:
    """One change of the seats, and what must hold for it.

    `take` is seats by pool (below zero they are given back), `wait` people in line by pool, `libraries` and `unproven`
    people by library and domain, all as differences. `place` is a place in the line that is given out: later than all
    before it. `opens` are new pools, `closes` pools that end, with what must be left in them.

    What must hold, besides that seats taken are left: the gathering is open and of `version`; nobody waits in the pools
    `unawaited`; a `full` pool has fewer left than that, or somebody waits in it; `line` is as seen; libraries and
    domains have at most `most_of_library` and `most_unproven` before the move.
    """

    take: Mapping[str, int] = field(default_factory=dict)
    wait: Mapping[str, int] = field(default_factory=dict)
    libraries: Mapping[str, int] = field(default_factory=dict)
    unproven: Mapping[str, int] = field(default_factory=dict)
    place: int | None = None
    opens: Mapping[str, int] = field(default_factory=dict)
    closes: Mapping[str, int] = field(default_factory=dict)
    new_version: int | None = None
    retimed: bool = False
    next_rollover: datetime | None = None
    version: int | None = None
    unawaited: frozenset[str] = frozenset()
    full: Mapping[str, int] = field(default_factory=dict)
    line: int | None = None
    most_of_library: Mapping[str, int] = field(default_factory=dict)
    most_unproven: Mapping[str, int] = field(default_factory=dict)

    def holds(self, seats: Seats) -> bool:
        """Whether what must hold does."""
        return (
            (self.version is None or (seats.open and seats.gathering_version == self.version))
            and all(pool in seats.left and seats.left[pool] >= n for pool, n in self.take.items())
            and all(seats.left.get(pool) == n for pool, n in self.closes.items())
            and all(not seats.waiting.get(pool, 0) for pool in self.unawaited)
            and all(seats.left.get(pool, 0) < n or seats.waiting.get(pool, 0) for pool, n in self.full.items())
            and (self.place is None or seats.next_place <= self.place)
            and (self.line is None or seats.line == self.line)
            and all(seats.libraries.get(library, 0) <= n for library, n in self.most_of_library.items())
            and all(seats.unproven.get(domain, 0) <= n for domain, n in self.most_unproven.items())
        )

    def applied(self, seats: Seats) -> Seats:
        """Return the seats after the move."""
        left = _plus(seats.left, {pool: -n for pool, n in self.take.items()}) | dict(self.opens)
        return replace(
            seats,
            left={pool: n for pool, n in left.items() if pool not in self.closes},
            waiting=_plus(seats.waiting, self.wait),
            libraries=_plus(seats.libraries, self.libraries),
            unproven=_plus(seats.unproven, self.unproven),
            next_place=seats.next_place if self.place is None else self.place + 1,
            line=seats.line + (self.line is not None),
            gathering_version=self.new_version or seats.gathering_version,
            next_rollover=self.next_rollover if self.retimed else seats.next_rollover,
        )


def opened(gathering: Gathering, now: datetime) -> Seats:
    """Return the seats of a gathering that is being published."""
    reserved = gathering.reserved()
    return Seats(
        open=True,
        gathering_version=gathering.version,
        left=_sizes(gathering, reserved),
        next_rollover=_next_rollover(gathering, reserved, now),
    )


def sizes(gathering: Gathering, now: datetime) -> dict[str, int]:
    """Return the seats by pool that there are when nobody has come; rounds that are over keep none."""
    over = {one.pool for one in gathering.effective_rounds if one.kept_until is not None and one.kept_until <= now}
    return _sizes(gathering, {pool: size for pool, size in gathering.reserved().items() if pool not in over})


def resized(before: Gathering, after: Gathering, seats: Seats, now: datetime) -> Move:
    """Return the move that follows a changed gathering. Raise CapacityTaken when more seats are taken than it leaves.

    Seats of a round that is new come out of the whole; what a round that is no more has left goes back there. Seats
    that a round has set free stay so.
    """
    more = _differences(before.capacities(), after.capacities())
    was, will_be = before.reserved(), after.reserved()
    closes = {pool: seats.left[pool] for pool in was.keys() - will_be.keys() if pool in seats.left}
    opens = {pool: will_be[pool] for pool in will_be.keys() - was.keys()}
    resizable = was.keys() & will_be.keys() & seats.left.keys()
    for pool in resizable:
        more[pool] = will_be[pool] - was[pool]
    kept = sum(more[pool] for pool in resizable)
    more[WHOLE] += sum(closes.values()) - sum(opens.values()) - kept
    take = {pool: -difference for pool, difference in more.items() if difference}
    if short := {pool: n for pool, n in take.items() if seats.left.get(pool, 0) < n}:
        total = after.capacities() | will_be
        lacking = {pool: n - seats.left.get(pool, 0) for pool, n in short.items()}
        # The whole comes first: it is what people call the number of seats.
        needed = {pool: (total[pool] or 0) + lacking[pool] for pool in sorted(short, key=lambda pool: pool != WHOLE)}
        raise CapacityTaken(least=next(iter(needed.values())), needed=needed)
    return Move(
        take=take,
        opens=opens,
        closes=closes,
        new_version=after.version,
        retimed=True,
        next_rollover=_next_rollover(after, (seats.left.keys() - closes.keys()) | opens.keys(), now),
    )


def rolled_over(gathering: Gathering, seats: Seats, now: datetime) -> Move | None:
    """Return the move that sets free what ended rounds have left; None when there is none to set free."""
    ended = [one.pool for one in gathering.effective_rounds if one.kept_until is not None and one.kept_until <= now]
    closes = {pool: seats.left[pool] for pool in ended if pool in seats.left}
    next_rollover = _next_rollover(gathering, seats.left.keys() - closes.keys(), now)
    if not closes and next_rollover == seats.next_rollover:
        return None
    free = sum(closes.values())
    return Move(
        take={WHOLE: -free} if free else {},
        closes=closes,
        retimed=True,
        next_rollover=next_rollover,
        version=gathering.version,
        line=seats.line,
    )


def given_back(pools: Iterable[str], seats: Seats | None) -> dict[str, int]:
    """Return what to `take` to give one seat back to each pool; what came from an ended round goes to the whole."""
    take: dict[str, int] = {}
    for pool in pools:
        there = pool if seats is None or pool in seats.left else WHOLE
        take[there] = take.get(there, 0) - 1
    return take


def places_left(
    gathering: Gathering, shown: Mapping[str, int | None], *, outsiders_at: datetime | None = None
) -> int | None:
    """Return how many people there is room for, whatever the way in; None is no limit.

    `shown` is seats left by pool. Rounds' seats are seats besides the others, so are those on site and online, and
    those of sessions of which one is chosen; a session that all attend has to have room for all. With `outsiders_at`,
    a round's seats count only if it is then open to everybody.
    """
    free = [session.pool for session in gathering.sessions_without_choice()]
    choices = [[session.pool for session in choice] for choice in gathering.choices().values()]
    ways = [[WHOLE, *_reserved_for(gathering, outsiders_at)], [mode.value for mode in gathering.modes], *choices]
    if not gathering.choose_sessions:
        ways += [[pool] for pool in free]
    elif not choices:
        # Whoever chooses has to choose something.
        ways.append(free)
    rooms = [_together([shown[pool] for pool in way if pool in shown]) for way in ways]
    return min((room for room in rooms if room is not None), default=None)


def giving(gathering: Gathering, now: datetime) -> tuple[Round, ...]:
    """Return the rounds that give seats of their own now: they are open, and have not set them free."""
    return tuple(
        one
        for one in gathering.effective_rounds
        if one.reserved_seats and one.is_open(now) and (one.kept_until is None or now < one.kept_until)
    )


def _reserved_for(gathering: Gathering, outsiders_at: datetime | None) -> list[str]:
    if outsiders_at is None:
        return list(gathering.reserved())
    return [one.pool for one in giving(gathering, outsiders_at) if one.who == Who()]


def _sizes(gathering: Gathering, reserved: Mapping[str, int]) -> dict[str, int]:
    left = {pool: UNLIMITED if size is None else size for pool, size in gathering.capacities().items()}
    left[WHOLE] -= sum(reserved.values())
    return left | dict(reserved)


def _together(counts: Sequence[int | None]) -> int | None:
    limited = [count for count in counts if count is not None]
    return sum(limited) if len(limited) == len(counts) and counts else None


def _differences(before: Mapping[str, int | None], after: Mapping[str, int | None]) -> dict[str, int]:
    def size(capacity: int | None) -> int:
        return UNLIMITED if capacity is None else capacity

    return {pool: size(after[pool]) - size(before[pool]) for pool in after}


def _next_rollover(gathering: Gathering, pools: Collection[str], now: datetime) -> datetime | None:
    """Return when the next of these pools is set free by its round, now if it should have been; None if none will."""
    moments = (one.kept_until for one in gathering.effective_rounds if one.pool in pools)
    next_one = min((moment for moment in moments if moment is not None), default=None)
    return next_one and max(next_one, now)


def _plus(counts: Mapping[str, int], differences: Mapping[str, int]) -> dict[str, int]:
    return {key: counts.get(key, 0) + differences.get(key, 0) for key in counts.keys() | differences.keys()}
