"""Seats: one small item per gathering that only ever changes on condition.

It is apart from the gathering because it changes with every registration, and a coordinator's save must never put back
an old count. It holds what is *left*, so that one comparison decides; a pool without limit starts with so many that
nobody reaches the end, which makes every change of capacity a difference and nothing else.

`gathering_version` rises with the gathering's: whoever takes a seat names the version whose rules were checked, so a
gathering may be remembered between requests and a change still counts from the moment it is saved.

AWS takes neither arithmetic in conditions nor `ADD` on nested paths, hence `SET left.#pool = left.#pool - :n` on
condition `left.#pool >= :n`.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from pynamodb.attributes import BooleanAttribute, MapAttribute, NumberAttribute
from pynamodb.exceptions import DoesNotExist
from pynamodb.expressions.operand import Path

from shared.table import Item, Transaction, patiently

if TYPE_CHECKING:
    from pynamodb.expressions.update import Action

UNLIMITED: Final = 1_000_000
"""What a pool without limit holds."""

LABEL: Final = "seats"


class SeatsItem(Item):
    """`open` while the gathering is published; `left` by pool."""

    open = BooleanAttribute()
    gathering_version = NumberAttribute()
    left: MapAttribute[str, int] = MapAttribute()


def _seats(gathering_id: str) -> SeatsItem:
    return SeatsItem(f"GATHERING#{gathering_id}", "SEATS")


def _left(pool: str) -> Path:
    return Path(["left", pool])


def open_seats(
    transaction: Transaction, gathering_id: str, gathering_version: int, pools: Mapping[str, int | None]
) -> None:
    """Make the seats of a gathering that is being published; None is no limit."""
    item = _seats(gathering_id)
    item.open = True
    item.gathering_version = gathering_version
    item.left = {pool: UNLIMITED if capacity is None else capacity for pool, capacity in pools.items()}
    transaction.put(LABEL, item, condition=SeatsItem.pk.does_not_exist())


def close_seats(transaction: Transaction, gathering_id: str) -> None:
    """Give no more seats."""
    transaction.update(LABEL, _seats(gathering_id), [SeatsItem.open.set(False)])


def resize(
    transaction: Transaction,
    gathering_id: str,
    gathering_version: int,
    before: Mapping[str, int | None],
    after: Mapping[str, int | None],
) -> None:
    """Follow a changed gathering. Condition `seats` fails when more are taken than a new capacity would leave."""
    actions: list[Action] = [SeatsItem.gathering_version.set(gathering_version)]
    condition = SeatsItem.pk.exists()
    for pool, capacity in after.items():
        was = before[pool]
        more = (UNLIMITED if capacity is None else capacity) - (UNLIMITED if was is None else was)
        if more:
            actions.append(_left(pool).set(_left(pool) + more))
        if more < 0:
            condition &= _left(pool) >= -more
    transaction.update(LABEL, _seats(gathering_id), actions, condition=condition)


def take(transaction: Transaction, gathering_id: str, gathering_version: int, pools: Iterable[str]) -> None:
    """Take one seat from each pool.

    Condition `seats` fails when a pool is empty, the gathering is not open, or it has changed since that version:
    `why_none` tells which.
    """
    pools = tuple(pools)
    condition = (SeatsItem.open == True) & (SeatsItem.gathering_version == gathering_version)  # noqa: E712
    for pool in pools:
        condition &= _left(pool) >= 1
    transaction.update(
        LABEL,
        _seats(gathering_id),
        [_left(pool).set(_left(pool) - 1) for pool in pools],
        condition=condition,
    )


def give_back(transaction: Transaction, gathering_id: str, pools: Iterable[str]) -> None:
    """Give one seat back to each pool it was taken from."""
    transaction.update(LABEL, _seats(gathering_id), [_left(pool).set(_left(pool) + 1) for pool in pools])


class NoSeat(StrEnum):
    """Why no seat was given."""

    CLOSED = "closed"
    CHANGED = "changed"
    FULL = "full"


def why_none(raw_item: Mapping[str, Any], gathering_version: int) -> NoSeat:
    """Say why `take` failed, from the item as it was."""
    if not raw_item or not raw_item["open"]["BOOL"]:
        return NoSeat.CLOSED
    if int(raw_item["gathering_version"]["N"]) != gathering_version:
        return NoSeat.CHANGED
    return NoSeat.FULL


def left(gathering_ids: Iterable[str]) -> dict[str, Mapping[str, int | None]]:
    """Return the seats left by gathering and pool; None is no limit. A gathering never published is absent."""
    keys = [(f"GATHERING#{gathering_id}", "SEATS") for gathering_id in gathering_ids]
    items = patiently(lambda: list(SeatsItem.batch_get(keys))) if keys else []
    return {item.pk.removeprefix("GATHERING#"): _counts(item) for item in items}


def left_in(gathering_id: str) -> Mapping[str, int | None]:
    """Return the seats left by pool of one gathering; nothing if it was never published."""
    try:
        return _counts(patiently(lambda: SeatsItem.get(f"GATHERING#{gathering_id}", "SEATS")))
    except DoesNotExist:
        return {}


def tightest(pools: Mapping[str, int | None]) -> int | None:
    """Return the seats left for who wants all of it: the pool with the fewest decides. None is no limit."""
    return min((count for count in pools.values() if count is not None), default=None)


def _counts(item: SeatsItem) -> Mapping[str, int | None]:
    # A pool that has been without limit is told by its size; nobody plans for half a million seats.
    return {pool: None if int(count) > UNLIMITED // 2 else int(count) for pool, count in item.left.as_dict().items()}
