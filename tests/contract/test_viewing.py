"""Views are counted alike by the fakes and by the table: exactly, within limits, and of what is shown alone."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import pytest

from shared.registration.model import TooManyAttempts
from shared.registration.service import keyed
from shared.viewing import service
from shared.viewing.dynamo import DynamoViewStore
from shared.viewing.model import Count, Viewing
from shared.viewing.ports import Counting, ViewStore
from shared.webinars.dynamo import DynamoWebinarStore
from shared.webinars.model import State, Webinar, WebinarNotFound
from tests.support.builders import NETWORK, NOW, a_ready_webinar
from tests.support.memory_viewing import InMemoryViewStore
from tests.support.memory_webinars import InMemoryWebinarStore

Webinars = InMemoryWebinarStore | DynamoWebinarStore

KINDS: Final[dict[str, Callable[[], tuple[Webinars, ViewStore]]]] = {
    "memory": lambda: (InMemoryWebinarStore(), InMemoryViewStore()),
    "dynamo": lambda: (DynamoWebinarStore(), DynamoViewStore()),
}


@dataclass
class Counter:
    """Where views are told of."""

    webinars: Webinars
    views: ViewStore
    per_hour: int = 1000

    def shown(self, slug: str = "bier") -> Webinar:
        """Keep a webinar and publish it."""
        draft = a_ready_webinar(slug=slug)
        self.webinars.create(draft)
        return self.moved(draft, State.PUBLISHED)

    def moved(self, before: Webinar, state: State) -> Webinar:
        """Let a webinar be in another state."""
        after = replace(before, state=state, version=before.version + 1)
        self.webinars.save(before, after, [])
        return after

    def tell(
        self,
        webinar: Webinar,
        viewing: Viewing = Viewing.PLAY,
        *,
        network: str = "198.51.100.7",
        now: datetime = NOW,
    ) -> None:
        around = Counting(self.webinars, self.views, keyed(b"guard key"), self.per_hour, NETWORK.zone)
        service.count(webinar.slug, viewing, network=network, around=around, now=now)

    def counted(self, since: str | None = None, until: str = "2099-12") -> list[Count]:
        return list(self.views.counted(since, until))


@pytest.fixture(params=KINDS)
def counter(request: pytest.FixtureRequest) -> Counter:
    if request.param == "dynamo":
        request.getfixturevalue("table")
    return Counter(*KINDS[request.param]())


def test_plays_and_ends_are_counted_apart(counter: Counter) -> None:
    bees, coffee = counter.shown(), counter.shown("kaffe")

    for webinar in (bees, bees, coffee):
        counter.tell(webinar)
    counter.tell(bees, Viewing.COMPLETE)
    counter.tell(coffee, Viewing.COMPLETE)

    expected = [Count("2026-09", bees.id, 2, 1), Count("2026-09", coffee.id, 1, 1)]
    assert sorted(counter.counted(), key=lambda one: one.webinar) == sorted(expected, key=lambda one: one.webinar)


@pytest.mark.parametrize("viewing", Viewing)
def test_what_was_never_counted_is_none(counter: Counter, viewing: Viewing) -> None:
    counter.tell(counter.shown(), viewing)

    [count] = counter.counted()
    assert (count.plays, count.completed) == ((1, 0) if viewing is Viewing.PLAY else (0, 1))


def test_months_are_those_of_the_networks_clock_and_the_first_and_last_are_in_it(counter: Counter) -> None:
    webinar = counter.shown()
    for moment in ("2026-08-31T21:59:00+00:00", "2026-08-31T22:00:00+00:00", "2026-10-15T12:00:00+00:00"):
        counter.tell(webinar, now=datetime.fromisoformat(moment))

    def months(since: str | None, until: str) -> list[str]:
        return [one.month for one in counter.counted(since, until)]

    assert months(None, "2099-12") == ["2026-08", "2026-09", "2026-10"]
    assert months("2026-08", "2026-09") == ["2026-08", "2026-09"]
    assert months("2026-09", "2026-09") == ["2026-09"]
    assert months(None, "2026-08") == ["2026-08"]
    assert months("2026-11", "2099-12") == []


def test_what_is_not_shown_counts_nothing(counter: Counter) -> None:
    draft = a_ready_webinar()
    counter.webinars.create(draft)
    for nothing in (draft, replace(draft, slug="findes-ikke"), replace(draft, slug="x" * 3000)):
        with pytest.raises(WebinarNotFound):
            counter.tell(nothing)

    published = counter.moved(draft, State.PUBLISHED)
    counter.tell(published)
    hidden = counter.moved(published, State.HIDDEN)
    with pytest.raises(WebinarNotFound):
        counter.tell(hidden)
    counter.tell(counter.moved(hidden, State.PUBLISHED))

    assert [one.plays for one in counter.counted()] == [2]


def test_a_change_of_what_is_shown_leaves_it_shown(counter: Counter) -> None:
    counter.tell(counter.moved(counter.shown(), State.PUBLISHED))

    assert [one.plays for one in counter.counted()] == [1]


def test_one_network_address_counts_so_often_in_an_hour_and_hinders_no_other(counter: Counter) -> None:
    counter.per_hour = 2
    bees, coffee = counter.shown(), counter.shown("kaffe")
    counter.tell(bees)
    counter.tell(coffee)

    with pytest.raises(TooManyAttempts) as refused:
        counter.tell(bees)
    counter.tell(bees, network="203.0.113.9")
    counter.tell(bees, now=NOW + timedelta(hours=1))

    assert 0 < (refused.value.retry_after or 0) <= 3600
    assert sum(one.plays for one in counter.counted()) == 4
