"""A list of libraries is shown first and kept as it was shown, and a line with a fault is left out."""

import time
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, strategies as st

from shared.libraries.importing import Outcome, confirm_import, preview_import, shown_import
from shared.libraries.imports import COLUMNS, Change, Preview, plan
from shared.libraries.model import Certification, Certified, Library
from shared.libraries.service import Directory
from shared.spreadsheets.previews import KeptPreview, PreviewNotFound
from shared.spreadsheets.reading import read
from shared.spreadsheets.writing import csv_text, xlsx
from tests.support.builders import NETWORK, NOW
from tests.support.clock import Clock
from tests.support.memory_libraries import InMemoryLibraryStore
from tests.support.memory_previews import InMemoryPreviewStore

HEADINGS = ("Biblioteksnummer", "Bibliotek", "Kommune", "Certificering", "Fra", "Til", "Domæner")


@pytest.fixture
def store() -> InMemoryLibraryStore:
    return InMemoryLibraryStore()


@pytest.fixture
def directory(store: InMemoryLibraryStore) -> Directory:
    return Directory(NETWORK, store, Clock())


@pytest.fixture
def previews() -> InMemoryPreviewStore:
    return InMemoryPreviewStore()


def a_sheet(*rows: tuple[str, ...]) -> bytes:
    return csv_text(HEADINGS, [(*row, *[""] * (len(HEADINGS) - len(row))) for row in rows]).encode()


def planned(directory: Directory, *rows: tuple[str, ...]) -> Preview:
    return plan(read(a_sheet(*rows), COLUMNS).rows, directory)


def sentences(preview: Preview) -> list[tuple[int, str, str]]:
    return [(one.line, one.field, one.message % one.values) for one in preview.faults]


def test_a_line_adds_a_status_and_domains(directory: Directory) -> None:
    preview = planned(
        directory, ("765700", "", "", "certificeret", "1.3.2026", "2029-03-01", "herning.example.org, ny.example.org")
    )

    status = Certified(Certification.CERTIFIED, date(2026, 3, 1), date(2029, 3, 1))
    assert preview.changes == (
        Change("765700", "Herning", "domains", "herning.example.org", "herning.example.org, ny.example.org"),
        Change("765700", "Herning", "certification", None, status),
    )
    assert (preview.new, preview.same, preview.faults) == ((), 0, ())


def test_a_status_that_begins_on_the_same_day_is_corrected(directory: Directory, store: InMemoryLibraryStore) -> None:
    begun = Certified(Certification.IN_PROGRESS, date(2026, 3, 1))
    directory.change(directory.get("765700").with_certification(begun))

    preview = planned(directory, ("765700", "", "", "certified", "2026-03-01"))

    [change] = preview.changes
    assert (change.before, change.after) == (begun, replace(begun, status=Certification.CERTIFIED))


@pytest.mark.parametrize(
    "typed",
    [
        ("765700",),
        ("DK-765700",),
        ("", "Herning Bibliotekerne"),
        ("", "herning"),
        ("", "", "Herning"),
        ("", "", "0657"),
        ("", "", "657"),
        ("765700", "Herning bibl.", "Herning Kommune"),
    ],
)
def test_a_library_is_named_by_number_by_name_or_by_municipality(directory: Directory, typed: tuple[str, ...]) -> None:
    preview = planned(directory, typed)

    assert (preview.changes, preview.same, preview.faults) == ((), 1, ())


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("ikke", Certification.NONE),
        ("På vej", Certification.ON_THE_WAY),
        ("I gang", Certification.IN_PROGRESS),
        ("CERTIFICERET", Certification.CERTIFIED),
        ("on_the_way", Certification.ON_THE_WAY),
        ("in_progress", Certification.IN_PROGRESS),
    ],
)
def test_a_status_is_taken_in_danish_and_as_the_api_has_it(
    directory: Directory, word: str, status: Certification
) -> None:
    [change] = planned(directory, ("765700", "", "", word, "1/3-2026")).changes

    assert change.after == Certified(status, date(2026, 3, 1))


def test_a_new_number_is_a_new_library_and_a_new_name_a_change(directory: Directory) -> None:
    preview = planned(
        directory, ("860100", "Ørsted-biblioteket"), ("765777", "Filial", "Herning"), ("765700", "Midtvest-biblioteket")
    )

    assert preview.new == (Library("860100", "Ørsted-biblioteket"), Library("765777", "Filial", "0657"))
    assert [(one.field, one.after) for one in preview.changes] == [
        ("name", "Midtvest-biblioteket"),
        ("aliases", "Herning"),
    ]


def test_several_lines_tell_the_history_of_one_library(directory: Directory) -> None:
    preview = planned(
        directory,
        ("765700", "", "", "i gang", "2021-05-01", "2022-04-01"),
        ("", "Herning", "", "certificeret", "2022-04-01"),
        ("860100", "Ny", "", "på vej", "2026-01-01"),
        ("860100", "", "", "i gang", "2026-02-01"),
    )

    assert len(preview.changed) == 1
    assert [one.status for one in preview.changed[0][1].certifications] == ["in_progress", "certified"]
    assert [len(one.certifications) for one in preview.new] == [2]


@pytest.mark.parametrize(
    ("row", "field", "sentence"),
    [
        (("12",), "number", "12 is not a library number."),
        (("799999",), "name", "The number is new. Write the library's name."),
        (("", "Hernig"), "library", "We know no library called Hernig. Did you mean Herning (765700)?"),
        (("", "Findes ikke"), "library", "We know no library called Findes ikke."),
        (("", "", "Atlantis"), "municipality", "There is no municipality called Atlantis."),
        (("765700", "Aarhus"), "number", "Aarhus has the number 775100. Check which is right."),
        (("765700", "", "Aarhus"), "municipality", "Herning belongs to the municipality Herning."),
        (("800055", "", "Odense"), "municipality", "Syddansk Universitetsbibliotek belongs to the municipality –."),
        (
            ("765700", "", "", "måske", "2026-01-01"),
            "certification",
            "Write ikke, på vej, i gang or certificeret, not måske.",
        ),
        (("765700", "", "", "certificeret"), "since", "Write from which day the status counts."),
        (("765700", "", "", "", "2026-01-01"), "certification", "There is a day, and no certification status."),
        (
            ("765700", "", "", "certificeret", "31.2.2026"),
            "since",
            "31.2.2026 is not a day. Write it like 2026-03-01.",
        ),
        (
            ("765700", "", "", "certificeret", "2026-01-01", "2026-01-01"),
            "certifications.0.until",
            "A status must end after the day it begins.",
        ),
        (
            ("765700", "", "", "", "", "", "gmail.com"),
            "domains",
            "Anybody can have an address at gmail.com: it does not prove a workplace.",
        ),
    ],
)
def test_a_line_with_a_fault_is_left_out_and_told(
    directory: Directory, row: tuple[str, ...], field: str, sentence: str
) -> None:
    preview = planned(directory, ("", "Kolding", "", "certificeret", "2026-01-01"), row)

    assert sentences(preview) == [(3, field, sentence)]
    assert [one.library for one in preview.changes] == ["762100"]
    assert preview.new == ()


def test_two_lines_that_contradict_each_other_are_not_both_believed(directory: Directory) -> None:
    preview = planned(
        directory,
        ("765700", "", "", "certificeret", "2026-01-01"),
        ("765700", "", "", "i gang", "2026-01-01"),
        ("765700", "", "", "certificeret", "2026-01-01"),
    )

    assert sentences(preview) == [(3, "since", "Another line says something else of the same day.")]
    assert (len(preview.changes), preview.same) == (1, 1)


def test_a_name_counts_in_every_line_wherever_it_is_brought_up(directory: Directory) -> None:
    preview = planned(
        directory,
        ("", "Midtvest", "", "certificeret", "2026-01-01"),
        ("", "Herning", "", "i gang", "2025-01-01"),
        ("765700", "Midtvest"),
        ("860100", "Midtvest"),
    )

    assert sentences(preview) == [(5, "number", "Midtvest has the number 765700. Check which is right.")]
    [(_, after)] = preview.changed
    assert (after.name, after.aliases, len(after.certifications)) == ("Midtvest", ("Herning",), 2)


def test_a_long_list_of_unknown_names_is_planned_in_seconds(directory: Directory) -> None:
    began = time.process_time()

    preview = planned(directory, *(("", f"Ukendt {n}") for n in range(10_000)))

    assert len(preview.faults) == 10_000
    assert time.process_time() - began < 5


def test_a_merged_library_is_changed_where_it_went(directory: Directory) -> None:
    directory.merge("775600", "765700", version=0)

    preview = planned(directory, ("775600", "", "", "certificeret", "2026-01-01"))

    assert [one.library for one in preview.changes] == ["765700"]


@pytest.mark.parametrize("number", ["775600", "765700"])
@pytest.mark.parametrize("name", ["Ikast-Brande", "ikast brande bibliotek", "Herning"])
def test_no_name_of_a_merged_library_renames_the_one_that_took_over(
    directory: Directory, number: str, name: str
) -> None:
    directory.merge("775600", "765700", version=0)

    preview = planned(directory, (number, name, "", "certificeret", "2026-01-01"))

    assert [(change.library, change.field) for change in preview.changes] == [("765700", "certification")]
    assert preview.faults == ()


def test_nothing_is_kept_before_it_is_confirmed(
    directory: Directory, store: InMemoryLibraryStore, previews: InMemoryPreviewStore
) -> None:
    content = a_sheet(("765700", "", "", "certificeret", "2026-01-01"), ("860100", "Ny"))

    preview_id, preview = preview_import(content, directory=directory, previews=previews, now=NOW)
    assert store.kept == {}
    assert shown_import(preview_id, previews=previews, now=NOW) == preview

    outcome = confirm_import(preview_id, directory=directory, previews=previews, now=NOW)

    assert outcome == Outcome(("765700", "860100"), ())
    assert shown_import(preview_id, previews=previews, now=NOW) == outcome
    assert directory.get("765700").certification(date(2026, 9, 1)) is Certification.CERTIFIED
    assert directory.get("860100").name == "Ny"


def test_confirming_twice_is_confirming_once(directory: Directory, previews: InMemoryPreviewStore) -> None:
    content = a_sheet(("765700", "", "", "certificeret", "2026-01-01"))
    preview_id, _ = preview_import(content, directory=directory, previews=previews, now=NOW)
    first = confirm_import(preview_id, directory=directory, previews=previews, now=NOW)
    changed = directory.change(replace(directory.get("765700"), name="Nyt navn", certifications=()))

    second = confirm_import(preview_id, directory=directory, previews=previews, now=NOW)

    assert first == second
    assert directory.get("765700") == changed


def test_a_library_that_was_changed_since_it_was_shown_is_passed_over(
    directory: Directory, previews: InMemoryPreviewStore
) -> None:
    rows = [("765700", "", "", "certificeret", "2026-01-01"), ("762100", "", "", "i gang", "2026-01-01")]
    preview_id, _ = preview_import(a_sheet(*rows), directory=directory, previews=previews, now=NOW)
    changed = directory.change(replace(directory.get("765700"), name="Nyt navn"))

    outcome = confirm_import(preview_id, directory=directory, previews=previews, now=NOW)

    assert outcome == Outcome(("762100",), ("765700",))
    assert directory.get("765700") == changed


def test_a_confirmation_cut_short_is_completed(directory: Directory, previews: InMemoryPreviewStore) -> None:
    content = a_sheet(("765700", "", "", "certificeret", "2026-01-01"), ("860100", "Ny"))
    preview_id, preview = preview_import(content, directory=directory, previews=previews, now=NOW)
    directory.keep(preview.wanted)

    outcome = confirm_import(preview_id, directory=directory, previews=previews, now=NOW)

    assert outcome == Outcome(("765700", "860100"), ())
    assert directory.get("765700").version == 1


def test_an_import_of_another_kind_is_not_confirmed_here(directory: Directory, previews: InMemoryPreviewStore) -> None:
    previews.keep(KeptPreview("one", "participants", "[]"), now=NOW)

    for preview_id in ("one", "none"):
        with pytest.raises(PreviewNotFound):
            confirm_import(preview_id, directory=directory, previews=previews, now=NOW)


def test_a_line_that_is_refused_keeps_no_other_from_its_day(
    directory: Directory, previews: InMemoryPreviewStore
) -> None:
    ends_before_it_begins = ("762100", "", "", "ikke", "2026-01-01", "2026-01-01")
    content = a_sheet(ends_before_it_begins, ("762100", "", "", "ikke", "2026-01-01"))

    _, preview = preview_import(content, directory=directory, previews=previews, now=NOW)

    assert [one.line for one in preview.faults] == [2]
    assert [one.id for one in preview.wanted] == ["762100"]


NUMBERS = st.sampled_from(["765700", "DK-762100", "860100", "860200", "7", ""])
NAMES = st.sampled_from(["", "Herning", "Ny", "Kolding Bibliotekerne", "Århus", "Hernig"])
STATUSES = st.sampled_from(["", "ikke", "på vej", "i gang", "certificeret", "hvad"])
DATES = st.sampled_from(["", "2026-01-01", "1.2.2026", "2027-01-01", "snart"])
DOMAINS = st.sampled_from(["", "ny.example.org", "a.example.org; .b.example.org", "gmail.com"])
ROWS = st.lists(st.tuples(NUMBERS, NAMES, st.just(""), STATUSES, DATES, DATES, DOMAINS), min_size=1, max_size=12)


@given(ROWS, st.booleans())
def test_importing_twice_is_importing_once(rows: list[tuple[str, ...]], as_workbook: bool) -> None:
    directory = Directory(NETWORK, InMemoryLibraryStore(), Clock())
    previews = InMemoryPreviewStore()
    rows = [("765700", *[""] * 6), *rows]
    content = xlsx(HEADINGS, rows) if as_workbook else a_sheet(*rows)
    first_id, first = preview_import(content, directory=directory, previews=previews, now=NOW)
    outcome = confirm_import(first_id, directory=directory, previews=previews, now=NOW)
    after = directory.every()

    second_id, second = preview_import(content, directory=directory, previews=previews, now=NOW)
    confirm_import(second_id, directory=directory, previews=previews, now=NOW)

    assert outcome.passed_over == ()
    assert {one.id for one in first.wanted} == set(outcome.kept)
    assert all(directory.get(one.id).same_but_version(one) for one in first.wanted)
    assert (second.changes, second.new) == ((), ())
    assert directory.every() == after
