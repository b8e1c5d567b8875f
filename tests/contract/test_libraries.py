"""Libraries are kept alike by the fake and by the table."""

from datetime import date
from typing import Any

import pytest

from shared.libraries.dynamo import DynamoLibraryStore
from shared.libraries.model import Certification, Certified, Library, LibraryExists
from tests.support.memory import InMemoryLibraryStore

LIBRARY = Library(
    "860100",
    "Ørsted-biblioteket",
    None,
    aliases=("Ø-bib",),
    domains=("oersted.example.org",),
    certifications=(Certified(Certification.CERTIFIED, date(2026, 1, 1), date(2029, 1, 1)),),
)


@pytest.fixture(params=["memory", "dynamo"])
def store(request: pytest.FixtureRequest) -> Any:
    if request.param == "memory":
        return InMemoryLibraryStore()
    request.getfixturevalue("table")
    return DynamoLibraryStore()


def test_a_library_comes_back_as_it_was_kept(store: Any) -> None:
    store.add(LIBRARY)

    assert list(store.all()) == [LIBRARY]


def test_a_library_is_added_once(store: Any) -> None:
    store.add(LIBRARY)

    with pytest.raises(LibraryExists):
        store.add(Library(LIBRARY.id, "En anden"))

    assert list(store.all()) == [LIBRARY]


def test_the_last_word_about_a_library_counts(store: Any) -> None:
    store.save(LIBRARY)
    changed = Library(LIBRARY.id, "Nyt navn")

    store.save(changed)

    assert list(store.all()) == [changed]
