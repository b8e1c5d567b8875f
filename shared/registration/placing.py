"""Who gets a seat and who a place in the line, from the seats as they were seen.

The outcome is a `Move`, whose conditions are what the decision went by: if the seats are not as they were seen, it
fails, and is decided anew.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from shared.gatherings.seating import UNLIMITED, Move, Seats


@dataclass(frozen=True, slots=True)
class Wish:
    """What one person needs: a seat of one of the pools `general`, the best first, and one of each of `others`.

    `unproven` is the key under which the address's domain is counted; empty for who has proven the address.
    `merged` are libraries that have become part of this one: who registered from there before is counted there still.
    """

    general: tuple[str, ...]
    others: tuple[str, ...]
    library: str
    unproven: str = ""
    merged: frozenset[str] = frozenset()

    @property
    def needed(self) -> frozenset[str]:
        """All pools it can wait in."""
        return frozenset((*self.general, *self.others))


@dataclass(frozen=True, slots=True)
class Rules:
    """What a gathering allows: the version of it that was read, the seats by pool that there are when nobody has come
    (`sizes`), and the limits that are in force (None: none is)."""

    version: int
    sizes: Mapping[str, int]
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
    """A place in the line, for the pools."""

    pools: tuple[str, ...]
    place: int


class Left(StrEnum):
    """Why somebody got neither."""

    FULL = "full"
    TOO_LARGE = "too_large"
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


def place(wishes: Sequence[Wish], seats: Seats, rules: Rules, now: datetime) -> Placement:
    """Decide for all, in their order. Together, all get seats or all wait; else each gets what there is.

    Those who wait have one place in the line, whether they wait for one another or not. It is the moment, in
    microseconds, or the next after the last one: so people who come at the same time seldom want the same.
    """
    room = _Room(seats, rules, max(seats.next_place, int(now.timestamp() * 1_000_000)))
    admitted = [room.admit(wish) for wish in wishes]
    outcomes: dict[int, Outcome] = {at: why for at, why in enumerate(admitted) if why is not None}
    if rules.together and outcomes:
        # All or nothing: nobody is counted.
        return Placement(tuple(outcomes.get(at, Left.FULL) for at in range(len(wishes))), Move())
    parties = [[*range(len(wishes))]] if rules.together else [[at] for at in range(len(wishes)) if at not in outcomes]
    waiting: list[int] = []
    for party in parties:
        wanted = [wishes[at] for at in party]
        if (seated := room.seat(wanted)) is not None:
            outcomes |= dict(zip(party, seated, strict=True))
        elif len(party) > 1 and not room.could_ever(wanted):
            room.leave(wanted)
            outcomes |= dict.fromkeys(party, Left.TOO_LARGE)
        elif rules.waiting_list:
            room.wait(wanted)
            waiting += party
        else:
            room.leave(wanted)
            outcomes |= dict.fromkeys(party, Left.FULL)
    outcomes |= dict(zip(waiting, room.line(), strict=True))
    return Placement(tuple(outcomes[at] for at in range(len(wishes))), room.move())


class _Room:
    """What is left as wishes are granted one after the other."""

    def __init__(self, seats: Seats, rules: Rules, place: int) -> None:
        self._seats = seats
        self._rules = rules
        self._place = place
        self._taken: Counter[str] = Counter()
        self._waiting: list[Wish] = []
        self._awaited: set[str] = set()
        self._libraries: Counter[str] = Counter()
        self._merged: dict[str, dict[str, int]] = {}
        self._unproven: Counter[str] = Counter()

    def admit(self, wish: Wish) -> Left | None:
        """Count somebody against the limits of library and domain; return which one is reached."""
        merged = self._merged[wish.library] = {one: self._seats.libraries.get(one, 0) for one in wish.merged}
        library = self._seats.libraries.get(wish.library, 0) + sum(merged.values()) + self._libraries[wish.library]
        if self._rules.per_library is not None and library >= self._rules.per_library:
            return Left.FAIR_SHARE
        unproven = self._seats.unproven.get(wish.unproven, 0) + self._unproven[wish.unproven]
        if wish.unproven and unproven >= self._rules.per_domain:
            return Left.UNPROVEN
        self._libraries[wish.library] += 1
        if wish.unproven:
            self._unproven[wish.unproven] += 1
        return None

    def seat(self, party: Sequence[Wish]) -> list[Seated] | None:
        """Seat a whole party, or nobody of it."""
        granted: Counter[str] = Counter()
        seated: list[Seated] = []
        for wish in party:
            general = next((pool for pool in wish.general if self._has(pool, granted)), None)
            if general is None or not all(self._has(pool, granted) for pool in wish.others):
                return None
            seated.append(Seated((general, *wish.others)))
            granted.update(seated[-1].pools)
        self._taken += granted
        return seated

    def wait(self, party: Sequence[Wish]) -> None:
        """Let a party wait, for the pools that it lacks."""
        self._awaited |= self._lacking(party)
        self._waiting += party

    def could_ever(self, party: Sequence[Wish]) -> bool:
        """Whether there would be seats for all of a party if nobody had come before them."""
        empty = replace(self._seats, left=self._rules.sizes, waiting={})
        return _Room(empty, self._rules, self._place).seat(party) is not None

    def leave(self, party: Sequence[Wish]) -> None:
        """Count a party out again."""
        self._libraries.subtract(wish.library for wish in party)
        self._unproven.subtract(wish.unproven for wish in party)

    def line(self) -> list[Waiting]:
        """Return the place of those who wait, each for the pools that they need."""
        return [Waiting(tuple(sorted(self._awaited & wish.needed)), self._place) for wish in self._waiting]

    def _has(self, pool: str, granted: Counter[str]) -> bool:
        return pool not in self._awaited and self._seats.has(pool, self._taken[pool] + granted[pool] + 1)

    def _lets_nobody_in(self, pool: str) -> int:
        """The number of seats below which the pool is as it was seen; none will do where somebody waited."""
        return 0 if self._seats.waiting.get(pool, 0) else self._seats.left.get(pool, 0) + 1

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
        rules = self._rules
        libraries = {library: count for library, count in self._libraries.items() if count}
        unproven = {domain: count for domain, count in self._unproven.items() if domain and count}
        return Move(
            take=dict(self._taken),
            wait=dict(Counter(pool for wish in self._waiting for pool in self._awaited & wish.needed)),
            libraries=libraries,
            unproven=unproven,
            place=self._place if self._waiting else None,
            version=rules.version,
            unawaited=frozenset(self._taken),
            full={pool: self._lets_nobody_in(pool) for pool in self._awaited},
            most_of_library={} if rules.per_library is None else self._most_of_library(libraries, rules.per_library),
            most_unproven={key: rules.per_domain - n for key, n in unproven.items()},
        )

    def _most_of_library(self, libraries: Mapping[str, int], limit: int) -> dict[str, int]:
        """How many there may be before the move. One condition sees one key: merged libraries are as they were seen."""
        most: dict[str, int] = {}
        for library, count in libraries.items():
            merged = self._merged[library]
            most |= merged | {library: limit - count - sum(merged.values())}
        return most
