"""Libraries that change: by several people, by merging, by what their staff's addresses prove, by certification."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from shared.libraries.model import (
    PUBLIC_MAIL,
    Certification,
    Certified,
    Library,
    LibraryChangedMeanwhile,
    LibraryIsMerged,
    LibraryNotFound,
    certification_faults,
    spelling,
    tidy_domain,
)
from shared.libraries.service import Directory
from shared.refusals import Invalid
from tests.support.builders import NETWORK
from tests.support.clock import Clock
from tests.support.memory_libraries import InMemoryLibraryStore

HERNING, IKAST, STRUER, KOLDING = "765700", "775600", "767100", "762100"


@pytest.fixture
def store() -> InMemoryLibraryStore:
    return InMemoryLibraryStore()


@pytest.fixture
def directory(store: InMemoryLibraryStore) -> Directory:
    return Directory(NETWORK, store, Clock())


@pytest.fixture
def colleague(store: InMemoryLibraryStore) -> Directory:
    """The same libraries, as another process remembers them."""
    return Directory(NETWORK, store, Clock())


def merge(directory: Directory, number: str, into: str) -> Library:
    return directory.merge(number, into, version=directory.get(number).version)


def test_of_two_who_change_a_library_the_second_is_told(directory: Directory, colleague: Directory) -> None:
    mine, theirs = directory.get(HERNING), colleague.get(HERNING)
    colleague.change(replace(theirs, name="Herning Bibliotekerne"))

    with pytest.raises(LibraryChangedMeanwhile):
        directory.change(replace(mine, aliases=("Herning bib",)))

    now = directory.get(HERNING)
    assert (now.name, now.aliases, now.version) == ("Herning Bibliotekerne", (), 1)
    assert directory.change(replace(now, aliases=("Herning bib",))).version == 2


def test_a_library_without_a_name_or_with_anybodys_domain_is_refused(directory: Directory) -> None:
    herning = directory.get(HERNING)

    with pytest.raises(Invalid) as refused:
        directory.change(replace(herning, name=" ", domains=(*herning.domains, "gmail.com", "bibliotek")))

    assert [fault.field for fault in refused.value.faults] == ["name", "domains.1", "domains.2"]


def test_what_the_profile_lists_is_not_asked_again(directory: Directory, store: InMemoryLibraryStore) -> None:
    store.kept[HERNING] = replace(directory.get(HERNING), domains=("gmail.com",), version=1)
    herning = directory.fresh().get(HERNING)

    assert directory.change(replace(herning, name="Herning Bibliotekerne")).domains == ("gmail.com",)


@pytest.mark.parametrize(
    ("domain", "proves"),
    [
        ("herning.example.org", True),
        ("HERNING.example.org", True),
        ("bib.herning.example.org", False),
        ("example.org", False),
        ("xherning.example.org", False),
        ("kommune.example.org", True),
        ("bib.kommune.example.org", True),
        ("a.bib.kommune.example.org", True),
        ("xkommune.example.org", False),
    ],
)
def test_a_domain_counts_alone_or_with_a_leading_dot_with_all_below_it(
    directory: Directory, domain: str, proves: bool
) -> None:
    directory.accept_domain(HERNING, ".kommune.example.org")

    assert directory.domain_is_of(domain, HERNING) is proves
    assert not directory.domain_is_of(domain, KOLDING)


def test_a_shared_service_has_one_domain_for_several_libraries(directory: Directory) -> None:
    for number in (HERNING, IKAST):
        directory.accept_domain(number, "faelles.example.org")

    assert [one.id for one in directory.of_domain("faelles.example.org")] == [HERNING, IKAST]
    assert directory.domain_is_of("faelles.example.org", IKAST)


def test_a_domain_is_accepted_once_and_beside_what_others_change(directory: Directory, colleague: Directory) -> None:
    directory.all()
    colleague.change(replace(colleague.get(HERNING), name="Herning Bibliotekerne"))

    first = directory.accept_domain(HERNING, "Navn@Ny.Example.org ")
    second = directory.accept_domain(HERNING, "ny.example.org")

    assert first == second
    assert (first.name, first.domains) == ("Herning Bibliotekerne", ("herning.example.org", "ny.example.org"))


@pytest.mark.parametrize(
    "domain", sorted(PUBLIC_MAIL)[::7] + ["GMAIL.com", ".gmail.com", "sub.hotmail.dk", "x@live.dk"]
)
def test_a_provider_of_mail_for_anybody_proves_nothing(directory: Directory, domain: str) -> None:
    with pytest.raises(Invalid) as refused:
        directory.accept_domain(HERNING, domain)

    [fault] = refused.value.faults
    assert fault.field == "domain"
    assert "Anybody can have an address at" in fault.message


@pytest.mark.parametrize("domain", ["", ".", "dk", ".dk", "a..dk", "-a.dk", "a b.dk", "å" * 70 + ".dk", "a.dk/x"])
def test_what_is_no_domain_is_refused(directory: Directory, domain: str) -> None:
    with pytest.raises(Invalid):
        directory.accept_domain(HERNING, domain)


def test_a_domain_with_danish_letters_is_kept_as_mail_knows_it() -> None:
    assert tidy_domain("Ærø-bib.dk.") == "ærø-bib.dk".encode("idna").decode()


def test_a_merged_library_leads_to_the_one_that_took_over(directory: Directory) -> None:
    merge(directory, IKAST, HERNING)

    assert directory.current(IKAST).id == HERNING
    assert directory.get(IKAST).merged_into == HERNING
    assert directory.knows(IKAST)
    assert IKAST not in {one.id for one in directory.all()}
    assert IKAST in {one.id for one in directory.every()}
    assert [one.id for one in directory.search("ikast")] == [HERNING]
    assert [one.id for one in directory.search(IKAST)] == [HERNING]
    assert [one.id for one in directory.find("Ikast-Brande")] == [HERNING]
    assert directory.domain_is_of("ikast-brande.example.org", HERNING)
    assert directory.domain_is_of("herning.example.org", IKAST)


def test_mergers_follow_one_another(directory: Directory) -> None:
    merge(directory, STRUER, IKAST)
    merge(directory, IKAST, HERNING)

    assert {directory.current(number).id for number in (STRUER, IKAST, HERNING)} == {HERNING}
    assert [one.id for one in directory.of_domain("struer.example.org")] == [HERNING]


def test_a_library_is_not_merged_into_itself(directory: Directory) -> None:
    with pytest.raises(Invalid) as refused:
        merge(directory, HERNING, HERNING)

    assert [fault.field for fault in refused.value.faults] == ["into"]


def test_a_library_is_merged_once(directory: Directory) -> None:
    merge(directory, IKAST, HERNING)

    with pytest.raises(LibraryIsMerged) as refused:
        merge(directory, IKAST, KOLDING)

    assert refused.value.details == {"into": HERNING}


def test_mergers_never_make_a_circle(directory: Directory) -> None:
    merge(directory, IKAST, HERNING)

    with pytest.raises(Invalid):
        merge(directory, HERNING, IKAST)
    with pytest.raises(Invalid):
        merge(directory, KOLDING, IKAST)


def test_mergers_at_the_same_moment_never_make_a_circle(store: InMemoryLibraryStore) -> None:
    class Late(InMemoryLibraryStore):
        """Somebody else merges the other way round between our reading and our writing."""

        def save(self, libraries, *, relying_on=()):  # type: ignore[no-untyped-def]
            if not self.kept:
                herning = Directory(NETWORK, store, Clock()).get(HERNING)
                self.kept[HERNING] = replace(herning, merged_into=IKAST, version=1)
            return super().save(libraries, relying_on=relying_on)

    directory = Directory(NETWORK, Late(), Clock())

    with pytest.raises(LibraryChangedMeanwhile):
        merge(directory, IKAST, HERNING)

    assert directory.current(HERNING).id == directory.current(IKAST).id == IKAST


def test_a_merger_into_nothing_is_refused(directory: Directory) -> None:
    with pytest.raises(LibraryNotFound):
        merge(directory, HERNING, "799999")


def test_a_merged_library_is_changed_no_more(directory: Directory) -> None:
    merge(directory, IKAST, HERNING)

    with pytest.raises(LibraryIsMerged):
        directory.change(replace(directory.get(IKAST), name="Ikast igen"))
    assert "ny.example.org" in directory.accept_domain(IKAST, "ny.example.org").domains
    assert "ny.example.org" in directory.get(HERNING).domains


def test_even_a_circle_in_the_table_hangs_nobody(store: InMemoryLibraryStore) -> None:
    store.kept = {
        "860100": Library("860100", "Den ene", merged_into="860200", version=1),
        "860200": Library("860200", "Den anden", merged_into="860100", version=1),
        "860300": Library("860300", "Den tredje", merged_into="869999", version=1),
    }
    directory = Directory(NETWORK, store, Clock())

    assert directory.current("860100").id in store.kept
    assert directory.current("860300").id == "860300"
    assert directory.search("den tredje")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Herning Bibliotekerne", [HERNING]),
        ("herning bibl.", [HERNING]),
        ("Herning Kommunes Biblioteker", [HERNING]),
        ("Koldingbib.", [KOLDING]),
        ("Høje Taastrup Bibliotekerne", ["716900"]),
        ("Høje-Tåstrup", ["716900"]),
        ("HØJETAASTRUP", ["716900"]),
        ("Århus", ["775100"]),
        ("Lyngby-Tårbæk", ["717300"]),
        ("Ærø Folkebibliotek", ["749200"]),
        ("SDUB", ["800055"]),
        ("DK-765700", [HERNING]),
        (" 765700 ", [HERNING]),
        ("Bibliotek", []),
        ("", []),
    ],
)
def test_a_library_is_found_however_it_is_spelt(directory: Directory, typed: str, found: list[str]) -> None:
    assert [one.id for one in directory.find(typed)] == found


def test_what_may_have_been_meant_is_suggested(directory: Directory) -> None:
    assert [one.id for one in directory.similar("Hernig bibliotek")] == [HERNING]
    assert directory.similar("qqq") == directory.similar("765701") == ()


@given(st.text(max_size=30))
def test_the_spelling_of_a_spelling_is_the_same(name: str) -> None:
    once = spelling(name)

    assert spelling(name.upper().lower()) == spelling(name.lower())
    assert once == spelling(f" {name} ")


DAYS = st.integers(0, 60).map(lambda n: date(2026, 1, 1) + timedelta(days=n))


@st.composite
def histories(draw: st.DrawFn) -> tuple[Certified, ...]:
    since = draw(st.lists(DAYS, max_size=6, unique=True))
    lasting = st.one_of(st.none(), st.integers(1, 30))
    statuses = st.sampled_from(Certification)
    return tuple(
        Certified(draw(statuses), day, None if (n := draw(lasting)) is None else day + timedelta(days=n))
        for day in since
    )


@given(histories(), DAYS)
def test_the_timeline_says_of_each_day_what_counts(history: tuple[Certified, ...], day: date) -> None:
    library = Library(HERNING, "Herning", certifications=history)
    timeline = library.timeline()

    holding = [one.status for one in timeline if one.holds(day)]

    assert holding == [library.certification(day)] if holding else library.certification(day) is Certification.NONE
    ends = [one.until for one in timeline[:-1]]
    assert all(end is not None and end <= later.since for end, later in zip(ends, timeline[1:], strict=True))
    assert not list(certification_faults(history))


def test_a_status_is_added_corrected_and_ended() -> None:
    begun = Certified(Certification.IN_PROGRESS, date(2026, 1, 1))
    certified = Certified(Certification.CERTIFIED, date(2026, 6, 1))
    library = Library(HERNING, "Herning").with_certification(certified).with_certification(begun)
    assert library.certifications == (begun, certified)

    ended = library.with_certification(replace(certified, until=date(2029, 6, 1)))

    assert ended.timeline() == (
        Certified(Certification.IN_PROGRESS, date(2026, 1, 1), date(2026, 6, 1)),
        Certified(Certification.CERTIFIED, date(2026, 6, 1), date(2029, 6, 1)),
        Certified(Certification.IN_PROGRESS, date(2029, 6, 1)),
    )


def test_a_history_that_says_two_things_is_refused(directory: Directory) -> None:
    day = date(2026, 1, 1)
    history = (
        Certified(Certification.CERTIFIED, day, day),
        Certified(Certification.ON_THE_WAY, day),
    )

    with pytest.raises(Invalid) as refused:
        directory.change(replace(directory.get(HERNING), certifications=history))

    assert [fault.field for fault in refused.value.faults] == ["certifications.0.until", "certifications.1.since"]


def test_many_are_kept_and_who_was_changed_meanwhile_is_passed_over(directory: Directory, colleague: Directory) -> None:
    wanted = [replace(one, name=f"{one.name} Bibliotekerne") for one in directory.all()]
    colleague.change(replace(colleague.get(HERNING), name="Noget andet"))

    left = directory.keep(wanted)

    assert [one.id for one in left] == [HERNING]
    assert directory.get(HERNING).name == "Noget andet"
    assert directory.get(KOLDING).name == "Kolding Bibliotekerne"
    assert {one.version for one in directory.all()} == {1}


def test_the_same_is_kept_once(directory: Directory) -> None:
    wanted = [replace(directory.get(HERNING), name="Herning Bibliotekerne"), Library("860100", "Ny")]

    assert directory.keep(wanted) == ()
    assert directory.keep(wanted) == ()

    assert directory.get(HERNING).version == directory.get("860100").version == 1
