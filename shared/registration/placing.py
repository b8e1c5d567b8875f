"""Who gets a seat and who a place in the line, from the seats as they were seen.

The outcome is a `Move`, whose conditions are what the decision went by: if the seats are not as they were seen, it
fails, and is decided anew.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from shared.gatherings.seating import UNLIMITED, Move, Seats


@dataclass(frozen=True, slots=True)
class Wish:
    """What one person needs: a seat of one of the pools `general`, the best first, and one of each of `others`.

    `unproven` is the key under which the address's domain is counted; empty for who has proven the address.
    """

    general: tuple[str, ...]
    others: tuple[str, ...]
    library: str
    unproven: str = ""

    @property
    def needed(self) -> frozenset[str]:
        """All pools it can wait in."""
        return frozenset((*self.general, *self.others))


@dataclass(frozen=True, slots=True)
class Rules:
    """What a gathering allows: the version of it that was read, and the limits that are in force (None: none is)."""

    version: int
    waiting_list: bool
    per_library: int | None
    per_domain: int
    together: bool


@dataclass(frozen=True, slots=True)
class Seated:
    """A seat of each of the pools."""

    pools: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A place in the line, for the pools; `position` is how many come first, and the person."""

    pools: tuple[str, ...]
    place: int
    position: int


class Left(StrEnum):
    """Why somebody got neither."""

    FULL = "full"
    FAIR_SHARE = "fair_share"
    UNPROVEN = "unproven"


Outcome = Seated | Waiting | Left


@dataclass(frozen=True, slots=True)
class Placement:
    """What becomes of each wish, in their order, and the one move of the seats that makes it so."""

    outcomes: tuple[Outcome, ...]
    move: Move


def unseen(wishes: Sequence[Wish]) -> Seats:
    """Return seats that nobody has looked at: taken to be plenty, until the store says otherwise."""
    return Seats(open=True, gathering_version=0, left={pool: UNLIMITED for wish in wishes for pool in wish.needed})


def place(wishes: Sequence[Wish], seats: Seats, rules: Rules) -> Placement:
    """Decide for all, in their order. Together, all get seats or all wait; else each gets what there is."""
    room = _Room(seats, rules)
    admitted = [room.admit(wish) for wish in wishes]
    outcomes: dict[int, Outcome] = {at: why for at, why in enumerate(admitted) if why is not None}
    if rules.together and outcomes:
        # All or nothing: nobody is counted.
        return Placement(tuple(outcomes.get(at, Left.FULL) for at in range(len(wishes))), Move())
    parties = [[*range(len(wishes))]] if rules.together else [[at] for at in range(len(wishes)) if at not in outcomes]
    for party in parties:
        for at, outcome in zip(party, room.place([wishes[at] for at in party]), strict=True):
            outcomes[at] = outcome
    return Placement(tuple(outcomes[at] for at in range(len(wishes))), room.move())


class _Room:
    """What is left as wishes are granted one after the other."""

    def __init__(self, seats: Seats, rules: Rules) -> None:
        self._seats = seats
        self._rules = rules
        self._taken: Counter[str] = Counter()
        self._waits: Counter[str] = Counter()
        self._libraries: Counter[str] = Counter()
        self._unproven: Counter[str] = Counter()
        self._parties = 0

    def admit(self, wish: Wish) -> Left | None:
        """Count somebody against the limits of library and domain; return which one is reached."""
        library = self._seats.libraries.get(wish.library, 0) + self._libraries[wish.library]
        if self._rules.per_library is not None and library >= self._rules.per_library:
            return Left.FAIR_SHARE
        unproven = self._seats.unproven.get(wish.unproven, 0) + self._unproven[wish.unproven]
        if wish.unproven and unproven >= self._rules.per_domain:
            return Left.UNPROVEN
        self._libraries[wish.library] += 1
        if wish.unproven:
            self._unproven[wish.unproven] += 1
        return None

    def place(self, party: Sequence[Wish]) -> list[Outcome]:
        """Seat a party, let it wait, or count it out again."""
        granted: Counter[str] = Counter()
        seated = [self._seat(wish, granted) for wish in party]
        if all(seat is not None for seat in seated):
            self._taken += granted
            return [Seated(seat) for seat in seated if seat is not None]
        for wish in party:
            # Only a seat is worth keeping from others by addresses nobody has proven.
            self._unproven[wish.unproven] -= bool(wish.unproven)
        if not self._rules.waiting_list:
            for wish in party:
                self._libraries[wish.library] -= 1
            return [Left.FULL for _ in party]
        return list(self._line_up(party))

    def _seat(self, wish: Wish, granted: Counter[str]) -> tuple[str, ...] | None:
        general = next((pool for pool in wish.general if self._has(pool, granted)), None)
        if general is None or not all(self._has(pool, granted) for pool in wish.others):
            return None
        pools = (general, *wish.others)
        granted.update(pools)
        return pools

    def _has(self, pool: str, granted: Counter[str]) -> bool:
        return not self._waits[pool] and self._seats.has(pool, self._taken[pool] + granted[pool] + 1)

    def _line_up(self, party: Sequence[Wish]) -> list[Waiting]:
        pools = self._lacking(party)
        place = self._seats.next_place + self._parties
        self._parties += 1
        waiting = []
        for wish in party:
            waits_in = tuple(sorted(pools & wish.needed))
            self._waits.update(waits_in)
            ahead = max((self._seats.waiting.get(pool, 0) + self._waits[pool] for pool in waits_in), default=1)
            waiting.append(Waiting(waits_in, place, ahead))
        return waiting

    def _lacking(self, party: Sequence[Wish]) -> frozenset[str]:
        """The pools that cannot serve the whole party: those that all need, and general ones if none will do."""
        needs = Counter(pool for wish in party for pool in wish.others)
        lacking = {pool for pool, count in needs.items() if not self._has(pool, Counter({pool: count - 1}))}
        granted: Counter[str] = Counter()
        for wish in party:
            general = next((pool for pool in wish.general if self._has(pool, granted)), None)
            if general is None:
                return frozenset(lacking | {pool for each in party for pool in each.general})
            granted[general] += 1
        return frozenset(lacking)

    def move(self) -> Move:
        """Return what was granted, on condition that the seats are as they were seen."""
        awaited = {pool for pool, count in self._waits.items() if count}
        seen_in_line = {pool: self._seats.waiting.get(pool, 0) for pool in awaited}
        rules = self._rules
        libraries = {library: count for library, count in self._libraries.items() if count}
        unproven = {domain: count for domain, count in self._unproven.items() if count}
        return Move(
            take=dict(self._taken),
            wait=dict(self._waits) if awaited else {},
            libraries=libraries,
            unproven=unproven,
            places=self._parties,
            version=rules.version,
            unawaited=frozenset(self._taken) - awaited,
            in_line=seen_in_line,
            full={pool: self._seats.left.get(pool, 0) + 1 for pool, count in seen_in_line.items() if not count},
            next_place=self._seats.next_place if self._parties else None,
            most_of_library=(
                {} if rules.per_library is None else {key: rules.per_library - n for key, n in libraries.items()}
            ),
            most_unproven={key: rules.per_domain - n for key, n in unproven.items()},
        )
