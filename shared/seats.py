"""Seats in the table: one small item per gathering that only ever changes on condition.

It is apart from the gathering because it changes with every registration, and a coordinator's save must never put back
an old count. It holds what is *left*, so that one comparison decides; a pool without limit starts with so many that
nobody reaches the end, which makes every change of capacity a difference and nothing else.

`gathering_version` rises with the gathering's: whoever takes a seat names the version whose rules were checked, so a
gathering may be remembered between requests and a change still counts from the moment it is saved. `line` rises with
every move of the waiting list, so that of two that move it at once only one goes by what it saw.

AWS takes neither arithmetic in conditions nor `ADD` on nested paths, hence `SET left.#pool = left.#pool - :n` on
condition `left.#pool >= :n`.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from pynamodb.attributes import BooleanAttribute, MapAttribute, NumberAttribute
from pynamodb.exceptions import DoesNotExist
from pynamodb.expressions.operand import Path

from shared.gatherings.model import Gathering
from shared.gatherings.seating import Move, Seats, opened
from shared.table import Item, Transaction, patiently
from shared.time import utc_moment, utc_text

if TYPE_CHECKING:
    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action

LABEL: Final = "seats"
ROLLOVER: Final = "ROLLOVER"


class SeatsItem(Item):
    """`open` while the gathering is published; counts by pool, library and domain."""

    open = BooleanAttribute()
    gathering_version = NumberAttribute()
    left: MapAttribute[str, int] = MapAttribute()
    waiting: MapAttribute[str, int] = MapAttribute()
    libraries: MapAttribute[str, int] = MapAttribute()
    unproven: MapAttribute[str, int] = MapAttribute()
    next_place = NumberAttribute()
    line = NumberAttribute()

    def to_domain(self) -> Seats:
        """Return the seats."""
        return Seats(
            open=self.open,
            gathering_version=int(self.gathering_version),
            left=_whole_numbers(self.left),
            waiting=_whole_numbers(self.waiting),
            libraries=_whole_numbers(self.libraries),
            unproven=_whole_numbers(self.unproven),
            next_place=int(self.next_place),
            line=int(self.line),
            next_rollover=utc_moment(self.due_at) if self.due_at else None,
        )


def open_seats(transaction: Transaction, gathering: Gathering, now: datetime) -> None:
    """Make the seats of a gathering that is being published."""
    made = opened(gathering, now)
    item = _item(gathering.id)
    item.open, item.gathering_version = made.open, made.gathering_version
    item.left, item.waiting = dict(made.left), dict.fromkeys(made.left, 0)
    item.libraries, item.unproven = {}, {}
    item.next_place, item.line = made.next_place, made.line
    if made.next_rollover is not None:
        item.due, item.due_at = ROLLOVER, utc_text(made.next_rollover)
    transaction.put(LABEL, item, condition=SeatsItem.pk.does_not_exist())


def close_seats(transaction: Transaction, gathering_id: str) -> None:
    """Give no more seats, and have no more rounds end."""
    actions = [SeatsItem.open.set(False), SeatsItem.due.remove(), SeatsItem.due_at.remove()]
    transaction.update(LABEL, _item(gathering_id), actions)


def move(transaction: Transaction, gathering_id: str, wanted: Move) -> None:
    """Change the seats. Condition `seats` fails, with the item as it was, unless what must hold does."""
    condition = SeatsItem.pk.exists()
    for one in _conditions(wanted):
        condition &= one
    transaction.update(LABEL, _item(gathering_id), list(_actions(wanted)), condition=condition)


def as_it_was(raw_item: Mapping[str, Any]) -> Seats | None:
    """Return the seats of a failed condition; None when there are none."""
    return SeatsItem.from_raw_data(dict(raw_item)).to_domain() if raw_item else None


def see(gathering_id: str) -> Seats | None:
    """Return the seats as they are; None if the gathering was never published."""
    try:
        return patiently(lambda: SeatsItem.get(*_key(gathering_id), consistent_read=True)).to_domain()
    except DoesNotExist:
        return None


def seen(gathering_ids: Iterable[str]) -> dict[str, Seats]:
    """Return seats by gathering, as they were a moment ago. A gathering never published is absent."""
    keys = [_key(gathering_id) for gathering_id in gathering_ids]
    items = patiently(lambda: list(SeatsItem.batch_get(keys))) if keys else []
    return {item.pk.removeprefix("GATHERING#"): item.to_domain() for item in items}


def left(gathering_ids: Iterable[str]) -> dict[str, Mapping[str, int | None]]:
    """Return the seats left by gathering and pool; None is no limit. A gathering never published is absent."""
    return {gathering_id: found.shown() for gathering_id, found in seen(gathering_ids).items()}


def left_in(gathering_id: str) -> Mapping[str, int | None]:
    """Return the seats left by pool of one gathering; nothing if it was never published."""
    return left([gathering_id]).get(gathering_id, {})


def rolling_over(now: datetime) -> Iterator[str]:
    """Yield the ids of gatherings that have a round whose reserved seats are to be set free by now."""
    for row in Item.query(ROLLOVER, Item.due_at <= utc_text(now), index_name="due"):
        yield row.pk.removeprefix("GATHERING#")


def _conditions(wanted: Move) -> Iterator["Condition"]:
    if wanted.version is not None:
        yield SeatsItem.open == True  # noqa: E712
        yield SeatsItem.gathering_version == wanted.version
    for pool, count in wanted.take.items():
        path = Path(["left", pool])
        yield path >= count if count > 0 else path.exists()
    for pool, count in wanted.closes.items():
        yield Path(["left", pool]) == count
    for pool in sorted(wanted.unawaited):
        yield _at_most(Path(["waiting", pool]), 0)
    for pool, count in wanted.full.items():
        yield _at_most(Path(["left", pool]), count - 1) | (Path(["waiting", pool]) >= 1)
    if wanted.place is not None:
        yield SeatsItem.next_place <= wanted.place
    if wanted.line is not None:
        yield SeatsItem.line == wanted.line
    for library, count in wanted.most_of_library.items():
        yield _at_most(Path(["libraries", library]), count)
    for domain, count in wanted.most_unproven.items():
        yield _at_most(Path(["unproven", domain]), count)


def _actions(wanted: Move) -> Iterator["Action"]:
    yield from _added("left", {pool: -count for pool, count in wanted.take.items()})
    yield from _added("waiting", wanted.wait)
    yield from _added("libraries", wanted.libraries)
    yield from _added("unproven", wanted.unproven)
    for pool, count in wanted.opens.items():
        yield Path(["left", pool]).set(count)
        yield Path(["waiting", pool]).set(Path(["waiting", pool]) | 0)
    for pool in wanted.closes:
        yield Path(["left", pool]).remove()
    if wanted.place is not None:
        yield SeatsItem.next_place.set(wanted.place + 1)
    if wanted.line is not None:
        yield SeatsItem.line.set(SeatsItem.line + 1)
    if wanted.new_version is not None:
        yield SeatsItem.gathering_version.set(wanted.new_version)
    if wanted.retimed and wanted.next_rollover is not None:
        yield SeatsItem.due.set(ROLLOVER)
        yield SeatsItem.due_at.set(utc_text(wanted.next_rollover))
    elif wanted.retimed:
        yield SeatsItem.due.remove()
        yield SeatsItem.due_at.remove()


def _added(map_name: str, differences: Mapping[str, int]) -> Iterator["Action"]:
    for key, difference in differences.items():
        path = Path([map_name, key])
        yield path.set((path | 0) + difference)


def _at_most(path: Path, count: int) -> "Condition":
    condition: Condition = path.does_not_exist() | (path <= count)
    return condition


def _key(gathering_id: str) -> tuple[str, str]:
    return f"GATHERING#{gathering_id}", "SEATS"


def _item(gathering_id: str) -> SeatsItem:
    return SeatsItem(*_key(gathering_id))


def _whole_numbers(counts: MapAttribute[str, int]) -> dict[str, int]:
    return {key: int(count) for key, count in counts.as_dict().items()}
