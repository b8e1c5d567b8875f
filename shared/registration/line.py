"""The line of those who wait: strictly the head of the line per pool, in the order of accepted places."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    """Those who wait at one place, in their order, and the pools they wait for. `version` rises with each change.

    `together` they are seated all at once, as long as there could ever be seats for all of them; otherwise one by one.
    """

    place: int
    members: tuple[Member, ...]
    pools: frozenset[str]
    together: bool = True
    version: int = 1

    def units(self, sizes: Mapping[str, int]) -> "Iterator[Party]":
        """Yield who is seated at once. `sizes` is the seats by pool that there are when nobody has come."""
        if self.together and _seats_for(self, sizes, set()) is not None:
            yield self
            return
        for member in self.members:
            yield replace(self, members=(member,), pools=self.pools & member.needed)

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
    """Seats for a party, or for its first: the pools by registration, and the move that takes them.

    `after` is the party as it goes on waiting; None when nobody of it does.
    """

    before: Party
    after: Party | None
    pools: Mapping[str, tuple[str, ...]]
    move: Move


@dataclass(frozen=True, slots=True)
class Longer:
    """A party has to wait for more pools than it did: they have become full meanwhile."""

    before: Party
    after: Party
    move: Move


def next_step(parties: Sequence[Party], seats: Seats, sizes: Mapping[str, int]) -> Offer | Longer | None:
    """Return what the line does next: parties come in the order of their places. None: nobody can move.

    `sizes` is the seats by pool that there are when nobody has come. A party that is larger than that by now would wait
    for ever, and everybody behind it: its people are seated one by one, and may decline.

    Who waits keeps those behind from each pool waited for, even one that has seats left: otherwise somebody who needs
    two of them would be overtaken for ever.
    """
    kept: set[str] = set()
    for party in parties:
        for unit in party.units(sizes):
            pools = _seats_for(unit, seats.left, kept)
            if pools is not None:
                return _offer(party, pools, seats)
            if lacking := _lacking(unit, seats, kept) - party.pools:
                after = replace(party, pools=party.pools | lacking, version=party.version + 1)
                return Longer(
                    party,
                    after,
                    Move(wait=dict(party.counted(lacking)), line=seats.line, version=seats.gathering_version),
                )
            kept |= unit.pools
    return None


def positions(parties: Iterable[Party]) -> dict[str, int]:
    """Return how many people come before each in line in a pool they both wait for, and the person."""
    ahead: Counter[str] = Counter()
    found: dict[str, int] = {}
    for party in parties:
        for member in party.members:
            waits_in = member.needed & party.pools
            ahead.update(waits_in)
            found[member.registration_id] = max((ahead[pool] for pool in waits_in), default=1)
    return found


def position(parties: Iterable[Party], registration_id: str) -> int | None:
    """Return one of the positions; None for who is not in line."""
    return positions(parties).get(registration_id)


def _offer(party: Party, pools: Mapping[str, tuple[str, ...]], seats: Seats) -> Offer:
    after = party
    for registration_id in pools:
        after = after.without(registration_id)
    no_longer = party.counted() - after.counted()
    move = Move(
        take=dict(Counter(pool for taken in pools.values() for pool in taken)),
        wait={pool: -count for pool, count in no_longer.items()},
        line=seats.line,
        version=seats.gathering_version,
    )
    return Offer(party, after if after.members else None, pools, move)


def _seats_for(party: Party, left: Mapping[str, int], kept: set[str]) -> dict[str, tuple[str, ...]] | None:
    granted: Counter[str] = Counter()
    pools: dict[str, tuple[str, ...]] = {}
    for member in party.members:
        general = next((pool for pool in member.general if _is_free(pool, left, kept, granted)), None)
        if general is None or not all(_is_free(pool, left, kept, granted) for pool in member.others):
            return None
        pools[member.registration_id] = (general, *member.others)
        granted.update(pools[member.registration_id])
    return pools


def _is_free(pool: str, left: Mapping[str, int], kept: set[str], granted: Counter[str]) -> bool:
    return pool not in kept and left.get(pool, 0) > granted[pool]


def _lacking(party: Party, seats: Seats, kept: set[str]) -> frozenset[str]:
    needs = Counter(pool for member in party.members for pool in member.others)
    lacking = {pool for pool, count in needs.items() if pool in kept or seats.left.get(pool, 0) < count}
    granted: Counter[str] = Counter()
    for member in party.members:
        general = next((pool for pool in member.general if _is_free(pool, seats.left, kept, granted)), None)
        if general is None:
            return frozenset(lacking | {pool for each in party.members for pool in each.general})
        granted[general] += 1
    return frozenset(lacking)
