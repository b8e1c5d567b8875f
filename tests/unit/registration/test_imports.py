"""A coordinator's list of participants is read with patience, and what could mean two things is asked about."""

import time
from typing import Final

import pytest

from shared.libraries.model import Library
from shared.libraries.service import Directory
from shared.registration.imports import COLUMNS, ImportLine, read_lines
from shared.registration.model import Role
from shared.spreadsheets.reading import ColumnsMissing, read
from shared.spreadsheets.writing import csv_text
from tests.support.builders import NETWORK
from tests.support.clock import Clock
from tests.support.data import DATA
from tests.support.memory_libraries import InMemoryLibraryStore

HEADINGS: Final = ("Navn", "E-mail", "Bibliotek", "Stilling", "Leder")
PERSON: Final = ("Deltager 1", "deltager1@herning.example.org", "Herning", "Bibliotekar", "nej")


@pytest.fixture
def directory() -> Directory:
    return Directory(NETWORK, InMemoryLibraryStore(), Clock())


def lines(directory: Directory, *rows: tuple[str, ...], headings: tuple[str, ...] = HEADINGS) -> list[ImportLine]:
    sheet = read(csv_text(headings, rows).encode(), COLUMNS)
    return list(read_lines(sheet.rows, directory))


def sentences(line: ImportLine) -> list[tuple[str, str]]:
    return [(fault.field, fault.message % fault.values) for fault in line.faults]


def changed(**cells: str) -> tuple[str, ...]:
    names = ("name", "email", "library", "title", "leader")
    return tuple(cells.get(name, value) for name, value in zip(names, PERSON, strict=True))


def test_a_line_is_a_participant(directory: Directory) -> None:
    assert lines(directory, PERSON) == [
        ImportLine(2, "Deltager 1", "deltager1@herning.example.org", "765700", Role.STAFF)
    ]


@pytest.mark.parametrize(
    "headings",
    [
        ("name", "email", "library", "role"),
        ("NAVN", "Mail", "Kommune", "Rolle"),
        ("Deltager", "Mailadresse", "Biblioteksnummer", "Titel"),
        ("Fulde navn", "E-mailadresse", "Arbejdsplads", "Stilling"),
    ],
)
def test_headings_are_known_in_two_languages(directory: Directory, headings: tuple[str, ...]) -> None:
    row = ("Leder 1", "leder1@herning.example.org", "765700", "Biblioteksleder")

    assert lines(directory, row, headings=headings) == [
        ImportLine(2, "Leder 1", "leder1@herning.example.org", "765700", Role.LEADER)
    ]


def test_a_list_without_addresses_is_refused() -> None:
    with pytest.raises(ColumnsMissing):
        read(csv_text(("Navn", "Bibliotek"), [("Deltager 1", "Herning")]).encode(), COLUMNS)


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("Leder 7 <leder7@kolding.example.org>", "leder7@kolding.example.org"),
        ("mailto:deltager8@kolding.example.org", "deltager8@kolding.example.org"),
        (" Deltager1@Herning.Example.org\u00a0", "Deltager1@herning.example.org"),
    ],
)
def test_an_address_is_found_in_what_was_pasted(directory: Directory, typed: str, address: str) -> None:
    [line] = lines(directory, changed(email=typed))

    assert (line.email, line.faults) == (address, ())


@pytest.mark.parametrize(
    ("typed", "leader", "role"),
    [
        ("Bibliotekar", "ja", Role.LEADER),
        ("Chef", "nej", Role.STAFF),
        ("Chef", "", Role.LEADER),
        ("Afdelingsleder", "", Role.LEADER),
        ("Projektleder", "", Role.STAFF),
        ("Formidler", "x", Role.LEADER),
        ("leder", "", Role.LEADER),
        ("medarbejder", "", Role.STAFF),
        ("", "", Role.STAFF),
    ],
)
def test_the_role_is_what_the_list_says_or_the_title_means(
    directory: Directory, typed: str, leader: str, role: Role
) -> None:
    [line] = lines(directory, changed(title=typed, leader=leader))

    assert (line.role, line.faults) == (role, ())


def test_a_surname_that_stands_first_is_turned_round(directory: Directory) -> None:
    [line] = lines(directory, changed(name="Efternavn, Deltager Ti"))

    assert line.name == "Deltager Ti Efternavn"


@pytest.mark.parametrize(
    ("cells", "field", "sentence"),
    [
        ({"name": ""}, "name", "There is no name in this line."),
        ({"name": "=2+3"}, "name", "=2+3 is not a name."),
        (
            {"name": "Deltager 14 + 1 kollega"},
            "name",
            "Each line is one person. Give the others a line of their own.",
        ),
        ({"name": "Se https://example.org"}, "name", "A name cannot hold a link."),
        ({"email": ""}, "email", "There is no e-mail address in this line."),
        ({"email": "a@example.org; b@example.org"}, "email", "Write one address only, and nothing else."),
        (
            {"email": "deltager13(at)toender.example.org"},
            "email",
            "This is not an e-mail address. It should look like name@library.dk.",
        ),
        (
            {"library": ""},
            "library",
            "There is no library in this line. By the address, it may be Herning (765700).",
        ),
        ({"library": "", "email": "x@example.org"}, "library", "There is no library in this line."),
        ({"library": "Hernig"}, "library", "We know no library called Hernig. Did you mean Herning (765700)?"),
        ({"library": "Atlantis"}, "library", "We know no library called Atlantis."),
        ({"leader": "ja (vistnok)"}, "role", "Write ja or nej, not ja (vistnok)."),
    ],
)
def test_a_line_says_what_keeps_it_from_being_taken(
    directory: Directory, cells: dict[str, str], field: str, sentence: str
) -> None:
    [line] = lines(directory, changed(**cells))

    assert sentences(line) == [(field, sentence)]


def test_a_name_of_several_libraries_is_asked_about(directory: Directory) -> None:
    for number in ("860100", "860200"):
        directory.add(Library(number, "Fælles Bibliotek"))

    [line] = lines(directory, changed(library="fællesbibl."))

    assert sentences(line) == [
        (
            "library",
            "fællesbibl. may be several libraries: Fælles Bibliotek (860100), Fælles Bibliotek (860200). "
            "Write the number.",
        )
    ]


def test_a_library_that_was_merged_is_the_one_it_went_to(directory: Directory) -> None:
    directory.merge("775600", "765700", version=0)

    assert [line.library_id for line in lines(directory, changed(library="Ikast-Brande"))] == ["765700"]


def test_who_stands_there_twice_is_taken_once(directory: Directory) -> None:
    first, other, again = lines(
        directory,
        PERSON,
        changed(name="Deltager 2"),
        changed(name="DELTAGER  1", email="Deltager1@Herning.Example.org"),
    )

    assert (first.faults, other.faults) == ((), ())
    assert sentences(again) == [("email", "The same person stands in line 2.")]


@pytest.mark.parametrize("name", ["deltagere-regneark-windows-1252.csv", "deltagere-regneark.xlsx"])
def test_a_coordinators_own_list_is_read(directory: Directory, name: str) -> None:
    found = read_lines(read((DATA / "participants" / name).read_bytes(), COLUMNS).rows, directory)

    good = [line.line for line in found if not line.faults]
    assert good == [4, 6, 9, 11, 12, 14, 15, 22]
    assert [line.library_id for line in found if not line.faults] == [
        *("765700", "775100", "716900", "762100", "762100", "717300", "749200", "747900")
    ]
    assert {line.line: line.faults[0].field for line in found if line.faults} == {
        5: "library",
        7: "library",
        8: "email",
        10: "email",
        13: "email",
        16: "email",
        17: "email",
        18: "name",
        19: "role",
        21: "name",
        23: "name",
        24: "name",
    }


def test_ten_thousand_lines_with_as_many_unknown_libraries_are_read_in_seconds(directory: Directory) -> None:
    rows = [(f"Deltager {n}", f"deltager{n}@example.org", f"Bibliotek i by {n}", "", "") for n in range(10_000)]
    began = time.process_time()

    found = lines(directory, *rows)

    assert len(found) == 10_000
    assert time.process_time() - began < 5
