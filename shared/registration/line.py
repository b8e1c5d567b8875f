"""The line of those who wait: strictly the head of the line per pool, in the order of accepted places."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from shared.gatherings.seating import Move, Seats


@dataclass(frozen=True, slots=True)
class Member:
    """One person in the line: a seat of one of the pools `general` is needed, and one of each of `others`."""

    registration_id: str
    general: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def needed(self) -> frozenset[str]:
        """All pools that could be waited for."""
        return frozenset((*self.general, *self.others))


@dataclass(frozen=True, slots=True)
class Party:
    """Those who wait together at one place, and the pools they wait for. `version` rises with each change."""

    place: int
    members: tuple[Member, ...]
    pools: frozenset[str]
    version: int = 1

    def counted(self, pools: Iterable[str] | None = None) -> Counter[str]:
        """Return how many of them wait, by pool."""
        wanted = self.pools if pools is None else frozenset(pools)
        return Counter(pool for member in self.members for pool in member.needed & wanted)

    def without(self, registration_id: str) -> "Party":
        """Return the party as it goes on waiting without somebody: only for what one of the others needs."""
        members = tuple(one for one in self.members if one.registration_id != registration_id)
        needed = frozenset().union(*(one.needed for one in members))
        return replace(self, members=members, pools=self.pools & needed, version=self.version + 1)


@dataclass(frozen=True, slots=True)
class Offer:
    """Seats for a whole party: the pools by registration, and the move that takes them."""

    party: Party
    pools: Mapping[str, tuple[str, ...]]
    move: Move


@dataclass(frozen=True, slots=True)
class Longer:
    """A party has to wait for more pools than it did: they have become full meanwhile."""

    before: Party
    after: Party
    move: Move


def next_step(parties: Sequence[Party], seats: Seats) -> Offer | Longer | None:
    """Return what the line does next: parties come in the order of their places. None: nobody can move.

    Who waits keeps those behind from each pool waited for, even one that has seats left: otherwise somebody who needs
    two of them would be overtaken for ever.
    """
    kept: set[str] = set()
    for party in parties:
        pools = _seats_for(party, seats, kept)
        if pools is not None:
            move = Move(
                take=dict(Counter(pool for taken in pools.values() for pool in taken)),
                wait={pool: -count for pool, count in party.counted().items()},
                line=seats.line,
            )
            return Offer(party, pools, move)
        lacking = _lacking(party, seats, kept) - party.pools
        if lacking:
            after = replace(party, pools=party.pools | lacking, version=party.version + 1)
            return Longer(party, after, Move(wait=dict(party.counted(lacking)), line=seats.line))
        kept |= party.pools
    return None


def position(parties: Sequence[Party], registration_id: str) -> int | None:
    """Return how many people come before somebody in a pool they both wait for, and the person; None: not in line."""
    ahead: Counter[str] = Counter()
    for party in parties:
        for member in party.members:
            waits_in = member.needed & party.pools
            ahead.update(waits_in)
            if member.registration_id == registration_id:
                return max((ahead[pool] for pool in waits_in), default=1)
    return None


def _seats_for(party: Party, seats: Seats, kept: set[str]) -> dict[str, tuple[str, ...]] | None:
    granted: Counter[str] = Counter()
    pools: dict[str, tuple[str, ...]] = {}
    for member in party.members:
        general = next((pool for pool in member.general if _is_free(pool, seats, kept, granted)), None)
        if general is None or not all(_is_free(pool, seats, kept, granted) for pool in member.others):
            return None
        pools[member.registration_id] = (general, *member.others)
        granted.update(pools[member.registration_id])
    return pools


def _is_free(pool: str, seats: Seats, kept: set[str], granted: Counter[str]) -> bool:
    return pool not in kept and seats.left.get(pool, 0) > granted[pool]


def _lacking(party: Party, seats: Seats, kept: set[str]) -> frozenset[str]:
    needs = Counter(pool for member in party.members for pool in member.others)
    lacking = {pool for pool, count in needs.items() if pool in kept or seats.left.get(pool, 0) < count}
    granted: Counter[str] = Counter()
    for member in party.members:
        general = next((pool for pool in member.general if _is_free(pool, seats, kept, granted)), None)
        if general is None:
            return frozenset(lacking | {pool for each in party.members for pool in each.general})
        granted[general] += 1
    return frozenset(lacking)
