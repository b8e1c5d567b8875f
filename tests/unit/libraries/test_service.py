"""All libraries, in the order of the alphabet, even while the store is away."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from shared.libraries.model import Certification, Certified, Library, LibraryExists, LibraryNotFound
from shared.libraries.service import Directory
from shared.refusals import Invalid
from tests.support.builders import NETWORK
from tests.support.clock import Clock
from tests.support.memory_libraries import InMemoryLibraryStore

RESEARCH = Library("860100", "Ørsted-biblioteket", None, aliases=("Ø-bib",), domains=("oersted.example.org",))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store() -> InMemoryLibraryStore:
    return InMemoryLibraryStore()


@pytest.fixture
def directory(store: InMemoryLibraryStore, clock: Clock) -> Directory:
    return Directory(NETWORK, store, clock)


def names(libraries: tuple[Library, ...]) -> list[str]:
    return [library.name for library in libraries]


def test_the_profiles_libraries_are_there(directory: Directory) -> None:
    assert directory.knows("765700")
    assert directory.get("765700").name == "Herning"
    assert directory.knows("800055")
    assert len(directory.all()) == 98 + len(NETWORK.libraries.others)


def test_aa_is_sorted_as_the_last_letter(directory: Directory) -> None:
    found = names(directory.all())

    assert found[0] == "Albertslund"
    assert found[-3:] == ["Aabenraa", "Aalborg", "Aarhus"]
    assert found.index("Ærø") < found.index("Aabenraa")
    assert found.index("Vordingborg") < found.index("Ærø")
    assert found.index("Tønder") < found.index("Tårnby")


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ("herning", ["Herning"]),
        (" HERNING ", ["Herning"]),
        ("765700", ["Herning"]),
        ("Århus", ["Aarhus"]),
        ("høje tåst", []),
        ("Høje-Tåstrup", ["Høje-Taastrup"]),
        ("sdub", ["Syddansk Universitetsbibliotek"]),
        ("ærø", ["Ærø"]),
        ("findes ikke", []),
    ],
)
def test_a_library_is_found_by_name_number_or_another_spelling(
    directory: Directory, sought: str, found: list[str]
) -> None:
    assert names(directory.search(sought)) == found


def test_everything_is_found_by_nothing(directory: Directory) -> None:
    assert directory.search("") == directory.all()


def test_a_library_that_is_added_is_there_at_once(directory: Directory) -> None:
    added = directory.add(RESEARCH)

    assert added == replace(RESEARCH, version=1)
    assert directory.get("860100") == added
    assert names(directory.search("oersted")) == []
    assert names(directory.search("ø-bib")) == ["Ørsted-biblioteket"]


@pytest.mark.parametrize(
    ("library", "field"),
    [
        (Library("12", "Kort"), "id"),
        (Library("DK-860100", "Med land"), "id"),
        (Library("960100", "Andet tal"), "id"),
        (Library("860100", "Andetsteds", "9999"), "municipality"),
    ],
)
def test_a_library_that_fits_nowhere_is_refused(directory: Directory, library: Library, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        directory.add(library)

    assert [fault.field for fault in refused.value.faults] == [field]


@pytest.mark.parametrize("number", ["765700", "860100"], ids=["the profile's", "a coordinator's"])
def test_a_number_is_given_once(directory: Directory, number: str) -> None:
    directory.add(RESEARCH)

    with pytest.raises(LibraryExists):
        directory.add(Library(number, "En til"))


def test_a_coordinator_may_add_to_what_the_profile_says(directory: Directory) -> None:
    herning = directory.get("765700")
    certified = Certified(Certification.CERTIFIED, date(2026, 1, 1), date(2029, 1, 1))

    directory.change(herning.with_certification(certified))

    assert directory.get("765700").certification(date(2026, 9, 1)) is Certification.CERTIFIED
    assert len(directory.all()) == 98 + len(NETWORK.libraries.others)


def test_an_unknown_library_is_not_found(directory: Directory) -> None:
    assert not directory.knows("799999")
    with pytest.raises(LibraryNotFound):
        directory.get("799999")


def test_the_store_is_asked_once_a_minute(directory: Directory, store: InMemoryLibraryStore, clock: Clock) -> None:
    directory.all()
    store.kept[RESEARCH.id] = RESEARCH
    clock.advance(timedelta(seconds=59))
    assert not directory.knows("860100")

    clock.advance(timedelta(seconds=1))

    assert directory.knows("860100")
    assert store.asked == 2


def test_while_the_store_is_away_the_last_list_serves(
    directory: Directory, store: InMemoryLibraryStore, clock: Clock
) -> None:
    directory.add(RESEARCH)
    directory.all()
    store.away = True
    clock.advance(timedelta(hours=1))

    assert directory.knows("860100")
    assert directory.knows("765700")


def test_with_the_store_away_from_the_start_the_profile_serves(
    directory: Directory, store: InMemoryLibraryStore
) -> None:
    store.away = True

    assert len(directory.all()) == 98 + len(NETWORK.libraries.others)
    assert directory.get("765700").name == "Herning"


def test_the_profiles_libraries_are_known_without_asking(directory: Directory, store: InMemoryLibraryStore) -> None:
    assert directory.knows("765700")
    assert store.asked == 0


@pytest.mark.parametrize(
    ("number", "day", "region"),
    [
        ("710100", date(2026, 12, 31), "Region Hovedstaden"),
        ("710100", date(2027, 1, 1), "Region Østdanmark"),
        ("725900", date(2026, 12, 31), "Region Sjælland"),
        ("725900", date(2027, 1, 1), "Region Østdanmark"),
        ("765700", date(2026, 12, 31), "Region Midtjylland"),
        ("765700", date(2027, 1, 1), "Region Midtjylland"),
        ("800055", date(2027, 1, 1), None),
    ],
)
def test_a_library_lies_in_the_region_of_the_day(
    directory: Directory, number: str, day: date, region: str | None
) -> None:
    assert directory.region(directory.get(number), day) == region


def test_a_municipal_library_has_a_municipality(directory: Directory) -> None:
    assert directory.municipality(directory.get("765700")) == "Herning"
    assert directory.municipality(directory.get("800055")) is None


@pytest.mark.parametrize(
    ("day", "status"),
    [
        (date(2025, 12, 31), Certification.NONE),
        (date(2026, 1, 1), Certification.ON_THE_WAY),
        (date(2026, 6, 1), Certification.CERTIFIED),
        (date(2029, 5, 31), Certification.CERTIFIED),
        (date(2029, 6, 1), Certification.ON_THE_WAY),
    ],
)
def test_the_status_begun_last_and_not_over_counts(day: date, status: Certification) -> None:
    library = Library(
        "765700",
        "Herning",
        certifications=(
            Certified(Certification.CERTIFIED, date(2026, 6, 1), date(2029, 6, 1)),
            Certified(Certification.ON_THE_WAY, date(2026, 1, 1)),
        ),
    )

    assert library.certification(day) is status
