"""Libraries are kept alike by the fake and by the table."""

from dataclasses import replace
from datetime import date

import pytest

from shared.libraries.dynamo import DynamoLibraryStore, LibraryItem
from shared.libraries.model import Certification, Certified, Library, LibraryChangedMeanwhile, LibraryExists
from shared.libraries.ports import MOST_AT_ONCE, LibraryStore
from tests.support.memory_libraries import InMemoryLibraryStore

LIBRARY = Library(
    "860100",
    "Ørsted-biblioteket",
    None,
    aliases=("Ø-bib",),
    domains=("oersted.example.org",),
    certifications=(Certified(Certification.CERTIFIED, date(2026, 1, 1), date(2029, 1, 1)),),
)
PROFILE = Library("765700", "Herning", "0657")


@pytest.fixture(params=["memory", "dynamo"])
def store(request: pytest.FixtureRequest) -> LibraryStore:
    if request.param == "memory":
        return InMemoryLibraryStore()
    request.getfixturevalue("table")
    return DynamoLibraryStore()


def test_a_library_comes_back_as_it_was_kept(store: LibraryStore) -> None:
    added = store.add(LIBRARY)

    assert added == replace(LIBRARY, version=1)
    assert list(store.all()) == [added]


def test_a_library_is_added_once(store: LibraryStore) -> None:
    added = store.add(LIBRARY)

    with pytest.raises(LibraryExists):
        store.add(Library(LIBRARY.id, "En anden"))

    assert list(store.all()) == [added]


def test_each_change_is_a_version(store: LibraryStore) -> None:
    [first] = store.save([PROFILE])
    [second] = store.save([replace(first, merged_into="860100")])

    assert (first.version, second.version) == (1, 2)
    assert list(store.all()) == [second]


@pytest.mark.parametrize("version", [0, 1, 3])
def test_a_change_of_another_version_is_refused(store: LibraryStore, version: int) -> None:
    [first] = store.save([PROFILE])
    [second] = store.save([first])

    with pytest.raises(LibraryChangedMeanwhile):
        store.save([replace(PROFILE, name="Nyt navn", version=version)])

    assert list(store.all()) == [second]


def test_a_version_of_what_was_never_kept_is_refused(store: LibraryStore) -> None:
    with pytest.raises(LibraryChangedMeanwhile):
        store.save([replace(PROFILE, version=1)])

    assert list(store.all()) == []


def test_many_are_kept_together_or_not_at_all(store: LibraryStore) -> None:
    many = [Library(str(860100 + n), f"Bibliotek {n}") for n in range(MOST_AT_ONCE)]

    assert len(store.save(many)) == MOST_AT_ONCE
    with pytest.raises(LibraryChangedMeanwhile):
        store.save([PROFILE, many[0]])

    assert len(list(store.all())) == MOST_AT_ONCE


@pytest.mark.parametrize("kept", [True, False], ids=["kept", "of the profile"])
def test_what_a_change_relies_on_must_not_have_changed(store: LibraryStore, kept: bool) -> None:
    other = store.save([PROFILE])[0] if kept else PROFILE
    store.save([LIBRARY], relying_on=[other])
    store.save([other])

    with pytest.raises(LibraryChangedMeanwhile):
        store.save([replace(LIBRARY, version=1)], relying_on=[other])


def test_a_row_from_before_there_were_versions_can_be_changed(table: None) -> None:
    document = '{"id":"765700","name":"Herning","municipality":"0657","aliases":[],"domains":[],"certifications":[]}'
    LibraryItem("LIBRARIES", "LIBRARY#765700", document=document).save()
    store = DynamoLibraryStore()
    [old] = store.all()

    [changed] = store.save([replace(old, name="Herning Bibliotekerne")])

    assert (old.version, changed.version) == (0, 1)
    assert list(store.all()) == [changed]
