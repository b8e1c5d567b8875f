"""Resources are kept alike by the fake and by the table, and what everybody sees is told with what is kept."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from events.catalog import decode
from events.envelope import Envelope
from shared.libraries.service import Directory
from shared.messaging.outbox import unsent_since
from shared.refusals import Invalid
from shared.resources.dynamo import DynamoResourceStore
from shared.resources.model import Resource, ResourceChangedMeanwhile, ResourceNotFound
from shared.resources.ports import ResourceStore, Surroundings
from shared.resources.service import Sharing
from shared.themes.model import Theme, Themes
from tests.support.builders import NETWORK, NOW, a_resource
from tests.support.memory_libraries import InMemoryLibraryStore
from tests.support.memory_resources import InMemoryResourceStore
from tests.support.memory_themes import InMemoryThemeStore
from tests.support.memory_webinars import InMemoryFiles

ALWAYS: Final = datetime(9000, 1, 1, tzinfo=UTC)
THEMES: Final = Themes((Theme("unge", {"da": "Unge"}), Theme("boern", {"da": "Børn"}, merged_into="unge")), 1)


@dataclass
class Desk:
    """Where editors work, and what became known of it."""

    store: ResourceStore
    facts: Callable[[], list[Envelope[Any]]]

    def sharing(self) -> Sharing:
        themes = InMemoryThemeStore()
        themes.kept = THEMES
        libraries = Directory(NETWORK, InMemoryLibraryStore(), lambda: NOW)
        return Sharing(Surroundings(self.store, themes, libraries, NETWORK.languages), NOW, "correlation")

    def told(self) -> list[tuple[str, str, int]]:
        facts = sorted(self.facts(), key=lambda fact: fact.subject_version)
        return [(fact.type, fact.subject, fact.subject_version) for fact in facts]


@pytest.fixture(params=["memory", "dynamo"])
def desk(request: pytest.FixtureRequest) -> Desk:
    if request.param == "memory":
        memory = InMemoryResourceStore()
        return Desk(memory, lambda: memory.facts)
    request.getfixturevalue("table")
    return Desk(DynamoResourceStore(), lambda: [decode(body) for body in unsent_since(ALWAYS)])


@pytest.fixture
def kept(desk: Desk) -> Resource:
    return desk.sharing().add(a_resource())


def test_a_resource_comes_back_as_it_was_kept_and_is_told_of(desk: Desk) -> None:
    added = desk.sharing().add(a_resource(description={"da": "Kort"}, goals=(4,)))

    assert desk.store.get(added.id) == added
    assert desk.store.every() == (added,)
    assert desk.told() == [("ResourceChanged", added.id, 1)]


@pytest.mark.parametrize("id", ["", "nobody", "x" * 3000])
def test_what_is_not_there_is_not_found(desk: Desk, id: str) -> None:
    with pytest.raises(ResourceNotFound):
        desk.store.get(id)
    with pytest.raises(ResourceNotFound):
        desk.sharing().remove(id, files=InMemoryFiles())


def test_the_same_one_sent_twice_is_kept_once(desk: Desk, kept: Resource) -> None:
    with pytest.raises(ResourceChangedMeanwhile):
        desk.sharing().add(replace(kept, title={"da": "En gang til"}))

    assert desk.store.every() == (kept,)
    assert len(desk.told()) == 1


def test_each_change_is_told_under_a_version_of_its_own_until_the_end(desk: Desk, kept: Resource) -> None:
    changed = desk.sharing().change(replace(kept, title={"da": "Nyt"}), files=InMemoryFiles())
    hidden = desk.sharing().hide(kept.id)
    shown = desk.sharing().show(kept.id)
    gone = desk.sharing().remove(kept.id, files=InMemoryFiles())

    assert [one.version for one in (changed, hidden, shown)] == [2, 3, 4]
    assert gone == shown
    assert desk.store.every() == ()
    assert [version for _, _, version in desk.told()] == [1, 2, 3, 4, 5]


def test_of_what_nobody_sees_nothing_is_told(desk: Desk) -> None:
    added = desk.sharing().add(a_resource(shown=False))
    desk.sharing().change(replace(added, title={"da": "Nyt"}), files=InMemoryFiles())
    desk.sharing().hide(added.id)
    desk.sharing().remove(added.id, files=InMemoryFiles())

    assert desk.told() == []


def test_of_two_who_change_at_once_the_second_is_told(desk: Desk, kept: Resource) -> None:
    desk.sharing().change(replace(kept, title={"da": "Deres"}), files=InMemoryFiles())

    with pytest.raises(ResourceChangedMeanwhile):
        desk.sharing().change(replace(kept, title={"da": "Mit"}), files=InMemoryFiles())

    assert desk.store.get(kept.id).title == {"da": "Deres"}


def test_the_store_replaces_and_deletes_only_what_it_was_told(desk: Desk, kept: Resource) -> None:
    stale = replace(kept, version=2)

    with pytest.raises(ResourceChangedMeanwhile):
        desk.store.save(stale, replace(kept, version=3), [])
    with pytest.raises(ResourceChangedMeanwhile):
        desk.store.remove(stale, [])
    desk.store.remove(kept, [])
    with pytest.raises(ResourceChangedMeanwhile):
        desk.store.remove(kept, [])
    with pytest.raises(ResourceChangedMeanwhile):
        desk.store.save(kept, replace(kept, version=2), [])

    assert desk.store.every() == ()


def test_everything_that_is_wrong_is_said_at_once_and_nothing_is_kept(desk: Desk) -> None:
    with pytest.raises(Invalid) as refused:
        desk.sharing().add(a_resource(title={}, themes=("unge", "findes-ikke"), library="799999"))

    assert [fault.field for fault in refused.value.faults] == ["title.da", "themes.1", "library"]
    assert desk.store.every() == ()


def test_a_merged_theme_is_a_theme(desk: Desk) -> None:
    assert desk.sharing().add(a_resource(themes=("boern",))).themes == ("boern",)


def test_a_library_that_has_gone_since_stands_in_no_other_changes_way(desk: Desk) -> None:
    kept = a_resource(library="799999")
    desk.store.create(kept, [])

    changed = desk.sharing().change(replace(kept, title={"da": "Nyt"}), files=InMemoryFiles())

    assert changed.library == "799999"
    with pytest.raises(Invalid):
        desk.sharing().change(replace(changed, library="799998"), files=InMemoryFiles())
