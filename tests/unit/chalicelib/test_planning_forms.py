"""The forms for planning: what stands in a field is what is kept, and what is wrong is said at its field."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import pytest
from hypothesis import given, strategies as st

from chalicelib.forms import fields, gatherings as forms, programmes as programme_forms, rounds as round_forms
from chalicelib.forms.fields import Reader
from chalicelib.wire import tidy
from chalicelib.wire_gatherings import GatheringBody, PatchBody
from chalicelib.wire_programmes import ProgrammeBody
from shared.gatherings.model import FairShare, Gathering, Kind, Place, Session, Window
from shared.gatherings.rounds import CERTIFICATIONS, ROLES, Round, Who
from shared.gatherings.seating import places_left
from shared.ids import new_id
from shared.libraries.lookup import Lookup
from shared.libraries.model import Library
from shared.programmes.model import Programme, Targets, Track
from shared.refusals import Fault, Invalid
from tests.support.builders import NETWORK, a_gathering, a_session
from tests.support.programmes import a_programme, a_round

LANGUAGES = NETWORK.languages
ZONE = NETWORK.zone


class Libraries:
    """A few libraries, two of which go by the same name."""

    def __init__(self) -> None:
        found = [
            Library("765700", "Herning"),
            Library("715100", "Ballerup"),
            Library("775100", "Aarhus", aliases=("Århus",)),
            Library("800055", "Syddansk Universitetsbibliotek"),
            Library("700001", "Bibliotek, det lille"),
            Library("700002", "Tvilling"),
            Library("700003", "Tvilling"),
            Library("700004", "Opslugt", merged_into="765700"),
        ]
        self._lookup = Lookup({one.id: one for one in found})

    def knows(self, number: str) -> bool:
        return number in self._lookup.by_number

    def current(self, number: str) -> Library:
        return self._lookup.current(number)

    def find(self, text: str) -> tuple[Library, ...]:
        return self._lookup.find(text)

    def similar(self, text: str) -> tuple[Library, ...]:
        return self._lookup.similar(text)


LIBRARIES = Libraries()


def sent(shown: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return fields as a browser sends them: boxes that are not ticked are missing, lines end with two characters."""
    return {
        name: [value.replace("\n", "\r\n") for value in values]
        for name, values in shown.items()
        if values or "id" in name
    }


def reader_of(typed: Mapping[str, list[str]]) -> Reader:
    return Reader(typed, LANGUAGES, ZONE)


def of_gathering(typed: Mapping[str, list[str]], before: Gathering) -> Gathering:
    reader = reader_of(typed)
    body = forms.to_body(reader, forms.questions_of(before), LIBRARIES)
    reader.checked(GatheringBody, body)
    return PatchBody.model_validate({**body, "version": 1}).onto(before, NETWORK)


def of_programme(typed: Mapping[str, list[str]], before: Programme) -> Programme:
    reader = reader_of(typed)
    return reader.checked(ProgrammeBody, programme_forms.to_body(reader, LIBRARIES)).to_domain(before.id, before)


def shown(gathering: Gathering) -> dict[str, list[str]]:
    return forms.to_fields(gathering, languages=LANGUAGES, zone=ZONE, libraries=LIBRARIES)


def faults(typed: Mapping[str, list[str]], before: Gathering | None = None) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        of_gathering(typed, before or a_gathering())
    return {fault.field: fault.message for fault in refused.value.faults}


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)
LINES = st.lists(WORDS, min_size=1, max_size=3).map("\n".join)
MAYBE_SEATS = st.none() | st.integers(1, 100_000)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))
SLUGS = st.lists(st.from_regex(r"[a-z]{2,8}(-[a-z]{2,8})?", fullmatch=True), max_size=3, unique=True).map(tuple)
IDS = st.builds(new_id)


def texts(words: st.SearchStrategy[str] = WORDS) -> st.SearchStrategy[dict[str, str]]:
    return st.dictionaries(st.sampled_from(LANGUAGES), words)


def titles() -> st.SearchStrategy[dict[str, str]]:
    return texts().filter(lambda text: LANGUAGES[0] in text)


def some(values: Sequence[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), unique=True).map(tuple)


@st.composite
def wall_clocks(draw: st.DrawFn) -> datetime:
    """Return what the clock on the wall shows at some time."""
    local: datetime = draw(MOMENTS).astimezone(ZONE)
    return local.replace(tzinfo=None, fold=0)


@st.composite
def sessions(draw: st.DrawFn) -> Session:
    return Session(
        id=draw(IDS),
        title=draw(texts()),
        starts=draw(wall_clocks()),
        ends=draw(wall_clocks()),
        zone=NETWORK.time_zone,
        capacity=draw(MAYBE_SEATS),
        choose_one_of=draw(st.none() | WORDS),
        place=draw(st.none() | st.builds(Place, WORDS, WORDS)),
    )


NUMBERS = ("765700", "715100", "775100", "800055", "700001", "700002", "700003")


@st.composite
def rounds(draw: st.DrawFn) -> Round:
    return Round(
        id=draw(IDS),
        name=draw(titles()),
        opens_at=draw(MOMENTS),
        closes_at=draw(st.none() | MOMENTS),
        who=Who(
            certification=draw(some(CERTIFICATIONS)),
            libraries=draw(some(NUMBERS)),
            roles=draw(some(ROLES)),
            emails=draw(some(("a@example.org", "b.c@bibliotek.example.org"))),
        ),
        reserved_seats=draw(MAYBE_SEATS),
        rolls_over_at=draw(st.none() | MOMENTS),
    )


SOME_ROUNDS = st.lists(rounds(), max_size=2).map(tuple)


@st.composite
def some_gatherings(draw: st.DrawFn) -> Gathering:
    programme = draw(st.none() | IDS)
    return a_gathering(
        kind=draw(st.sampled_from(Kind)),
        title=draw(titles()),
        summary=draw(texts()),
        description=draw(texts(LINES)),
        speakers=tidy(draw(texts())),
        sessions=tuple(draw(st.lists(sessions(), min_size=1, max_size=3))),
        place=draw(st.none() | st.builds(Place, WORDS, WORDS)),
        accessibility=draw(texts(LINES)),
        online_link=draw(st.none() | st.just("https://moede.example.org/rum?a=b&c=%20")),
        programme_sheet=draw(st.none() | st.just("https://example.org/program.pdf")),
        is_recorded=draw(st.booleans()),
        capacity=draw(MAYBE_SEATS),
        on_site_capacity=draw(MAYBE_SEATS),
        online_capacity=draw(MAYBE_SEATS),
        waiting_list=draw(st.booleans()),
        approval=draw(st.booleans()),
        choose_sessions=draw(st.booleans()),
        rounds=draw(st.none() | SOME_ROUNDS),
        fair_share=draw(st.none() | st.builds(FairShare, st.integers(1, 1000), st.none() | MOMENTS)),
        asks_needs=draw(st.booleans()),
        programme=programme,
        track=draw(st.none() | IDS) if programme else None,
        registration=Window(*(draw(st.none() | MOMENTS) for _ in range(3))),
        asks_invoice_reference=draw(st.booleans()),
        themes=draw(SLUGS),
        goals=tuple(sorted(draw(st.sets(st.integers(1, 17))))),
        price_text=draw(texts()),
    )


@given(some_gatherings())
def test_a_form_that_is_sent_unchanged_changes_nothing(gathering: Gathering) -> None:
    again = of_gathering(sent(shown(gathering)), gathering)

    assert replace(again, slug=gathering.slug) == gathering


@st.composite
def some_programmes(draw: st.DrawFn) -> Programme:
    tracks = st.builds(Track, IDS, titles(), some(ROLES), st.none() | SOME_ROUNDS)
    numbers = st.none() | st.integers(0, 10**12)
    days = st.dates(date(2000, 1, 1), date(2199, 12, 31))
    return a_programme(
        title=draw(titles()),
        summary=draw(texts()),
        description=draw(texts(LINES)),
        starts_on=draw(days),
        ends_on=draw(days),
        owner_group=draw(WORDS | st.just("")),
        tracks=tuple(draw(st.lists(tracks, max_size=2))),
        rounds=draw(SOME_ROUNDS),
        themes=draw(SLUGS),
        targets=Targets(draw(numbers), draw(numbers), draw(numbers)),
        grant_number=draw(st.none() | WORDS),
        budget=draw(numbers),
        own_share=draw(numbers),
        certificate_share=draw(st.none() | st.integers(1, 100)),
    )


@given(some_programmes())
def test_a_programmes_form_that_is_sent_unchanged_changes_nothing(programme: Programme) -> None:
    typed = programme_forms.to_fields(programme, languages=LANGUAGES, zone=ZONE, libraries=LIBRARIES)

    again = of_programme(sent(typed), programme)

    assert replace(again, slug=programme.slug) == programme


def test_what_is_usual_for_another_kind_is_not_usual_for_this_one() -> None:
    webinar = forms.new(Kind.WEBINAR, contact="tovholder@example.org", session_id="one")
    assert webinar["is_recorded"] == ["yes"]

    course = forms.with_usual(webinar | {"kind": ["course"]})

    assert "is_recorded" not in course


def test_what_cannot_be_read_is_said_at_its_field_all_at_once() -> None:
    typed = shown(a_gathering()) | {
        "title.da": [" "],
        "sessions.0.date": ["i morgen"],
        "sessions.0.ends_at": ["25.00"],
        "capacity": ["mange"],
        "online_link": ["moede.example.org"],
        "contact": ["tovholder"],
        "registration.closes_at": ["05.10.2026"],
    }

    assert faults(typed) == {
        "title.da": "Give the gathering a title.",
        "sessions.0.date": "This is not a date. Write it like 05.10.2026.",
        "sessions.0.ends_at": "This is not a time. Write it like 9.00.",
        "capacity": "Write a whole number in digits.",
        "online_link": "A link begins with https://, and has no blanks.",
        "contact": "This is not an e-mail address. It should look like name@library.dk.",
        "registration.closes_at.time": "Write the time.",
    }


def test_the_hour_that_the_clock_skips_is_refused() -> None:
    night = {"sessions.0.date": ["28.03.2027"], "sessions.0.starts_at": ["2.30"], "sessions.0.ends_at": ["4.00"]}

    assert list(faults(shown(a_gathering()) | night)) == ["sessions.0.starts_at"]


def test_the_hour_that_the_clock_shows_twice_has_to_be_chosen() -> None:
    night = shown(a_gathering()) | {"registration.opens_at": ["31.10.2027"], "registration.opens_at.time": ["2.30"]}

    assert list(faults(night)) == ["registration.opens_at.pass"]
    second = of_gathering(night | {"registration.opens_at.pass": ["second"]}, a_gathering())
    assert second.registration.opens_at == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)


def test_what_was_typed_for_rounds_counts_only_for_rounds_of_its_own() -> None:
    gathering = a_gathering(rounds=(a_round(),))

    assert of_gathering(shown(gathering) | {"rounds.from": ["inherited"]}, gathering).rounds is None


@pytest.mark.parametrize(
    ("typed", "number"),
    [("Herning", "765700"), ("herning bibliotek", "765700"), ("Århus", "775100"), ("715100", "715100")],
)
def test_a_library_is_known_however_it_is_spelt(typed: str, number: str) -> None:
    gathering = a_gathering(rounds=(a_round(),))

    found = of_gathering(shown(gathering) | {"rounds.0.who.libraries": [typed]}, gathering)

    assert found.rounds is not None
    assert found.rounds[0].who.libraries == (number,)


def test_libraries_may_stand_in_any_order_of_lines_and_commas_and_count_once() -> None:
    gathering = a_gathering(rounds=(a_round(),))
    typed = "Herning, Ballerup;\r\n\r\n  Herning\r\nAarhus"

    found = of_gathering(shown(gathering) | {"rounds.0.who.libraries": [typed]}, gathering)

    assert found.rounds is not None
    assert found.rounds[0].who.libraries == ("765700", "715100", "775100")


@pytest.mark.parametrize("typed", ["700004", "Opslugt", "700004, Herning"])
def test_a_library_that_was_merged_stands_as_the_one_that_took_over(typed: str) -> None:
    before = a_gathering(rounds=(a_round(who=Who(libraries=("700004",))),))

    found = of_gathering(shown(before) | {"rounds.0.who.libraries": [typed]}, before)

    assert shown(before)["rounds.0.who.libraries"] == ["Herning"]
    assert found.rounds is not None
    assert found.rounds[0].who.libraries == ("765700",)


def test_an_unknown_library_is_told_with_what_may_be_meant() -> None:
    gathering = a_gathering(rounds=(a_round(),))
    typed = shown(gathering) | {"rounds.0.who.libraries": ["Hernig\nAtlantis\nTvilling"]}

    with pytest.raises(Invalid) as refused:
        of_gathering(typed, gathering)

    assert [(fault.field, fault.values.get("names")) for fault in refused.value.faults] == [
        ("rounds.0.who.libraries", "Herning (765700)"),
        ("rounds.0.who.libraries", None),
        ("rounds.0.who.libraries", "Tvilling (700002), Tvilling (700003)"),
    ]


def test_addresses_that_are_none_are_told_together() -> None:
    gathering = a_gathering(rounds=(a_round(),))
    typed = shown(gathering) | {"rounds.0.who.emails": ["A@example.org\nnobody\nb@example.org; 12"]}

    with pytest.raises(Invalid) as refused:
        of_gathering(typed, gathering)

    [fault] = refused.value.faults
    assert (fault.field, fault.values) == ("rounds.0.who.emails", {"values": "nobody, 12"})


def test_thousands_may_have_their_points() -> None:
    typed = programme_forms.to_fields(a_programme(), languages=LANGUAGES, zone=ZONE, libraries=LIBRARIES)

    assert of_programme(typed | {"budget": ["1.217.050"]}, a_programme()).budget == 1_217_050


@pytest.mark.parametrize("kind", Kind)
def test_a_new_form_has_what_is_usual_and_a_waiting_list(kind: Kind) -> None:
    typed = forms.with_usual(forms.new(kind, contact="tovholder@db2030.example.org", session_id="one"))
    typed |= {"title.da": ["Titel"], "sessions.0.date": ["2027-03-23"]}

    found = of_gathering(typed, a_gathering())

    assert (found.kind, found.waiting_list) == (kind, True)
    found.check(languages=LANGUAGES)


def test_what_is_usual_leaves_alone_what_was_typed() -> None:
    typed = {"kind": ["workshop"], "sessions.0.starts_at": ["8.15"], "capacity": ["12"], "title.da": ["Titel"]}

    after = forms.with_usual(typed)

    assert {name: after[name] for name in typed} == typed
    assert after["sessions.0.ends_at"] == ["14:00"]


ROWS = {"sessions.0.id": ["a"], "sessions.0.date": ["1"], "sessions.1.id": ["b"], "sessions.2.id": ["c"], "kind": ["x"]}


def order(typed: Mapping[str, list[str]], name: str = "sessions") -> str:
    return "".join(typed[f"{row}.id"][-1] for row in fields.rows(typed, name))


@pytest.mark.parametrize(
    ("button", "after"),
    [
        ("sessions.add", "abcn"),
        ("sessions.1.remove", "ac"),
        ("sessions.0.remove", "bc"),
        ("sessions.1.up", "bac"),
        ("sessions.0.down", "bac"),
        ("sessions.0.up", "abc"),
        ("sessions.2.down", "abc"),
        ("sessions.7.up", "abc"),
    ],
)
def test_rows_are_added_removed_and_moved(button: str, after: str) -> None:
    moved = fields.pressed(button, ROWS, new_id=lambda: "n")

    assert moved is not None
    assert order(moved) == after
    assert moved["kind"] == ["x"]
    if "a" in after:
        assert moved[f"sessions.{after.index('a')}.date"] == ["1"]


def test_rows_inside_rows_are_their_own() -> None:
    typed = {"tracks.0.id": ["t"], "tracks.1.id": ["u"], "tracks.0.rounds.0.id": ["r"]}

    within = round_forms.pressed("tracks.1.rounds.add", typed, new_id=lambda: "n")
    swapped = fields.pressed("tracks.0.down", typed, new_id=lambda: "n")

    assert within == typed | {"tracks.1.rounds.0.id": ["n"], "tracks.1.rounds.from": ["own"]}
    assert swapped == {"tracks.1.id": ["t"], "tracks.0.id": ["u"], "tracks.1.rounds.0.id": ["r"]}


@pytest.mark.parametrize("button", ["save", "", "question-add", "usual", "sessions.1", "sessions.1.explode"])
def test_other_buttons_move_nothing(button: str) -> None:
    assert fields.pressed(button, ROWS, new_id=lambda: "n") is None


@given(st.lists(st.sampled_from(["add", "0.up", "1.up", "0.down", "1.down", "2.remove"]), max_size=8))
def test_no_row_is_lost_by_moving(buttons: list[str]) -> None:
    ids = (f"n{number}" for number in count())
    typed: dict[str, list[str]] = dict(ROWS)
    expected = 3
    for button in buttons:
        expected += {"add": 1, "2.remove": -1 if expected > 2 else 0}.get(button, 0)
        after = fields.pressed(f"sessions.{button}", typed, new_id=lambda: next(ids))
        assert after is not None
        typed = after
    assert len(fields.rows(typed, "sessions")) == expected
    assert len({typed[f"{row}.id"][0] for row in fields.rows(typed, "sessions")}) == expected


@pytest.mark.parametrize(
    ("fault", "field", "anchor"),
    [
        ("themes.1", "themes", "themes"),
        ("rounds.0.who.emails.3", "rounds.0.who.emails", "rounds.0.who.emails"),
        ("tracks.0.roles.1", "tracks.0.roles", "tracks.0.roles"),
        ("sessions.0.ends_at", "sessions.0.ends_at", "sessions.0.ends_at"),
        ("questions.1.label.da", "questions.1.label.da", "question-1-label-da"),
        ("questions.1.kind", "questions.1.kind", "question-1-kind"),
        ("questions.1.shown_if.any_of", "questions.1.shown_if.any_of", "questions.1"),
        ("questions", "questions", "questions"),
    ],
)
def test_a_fault_leads_to_its_field(fault: str, field: str, anchor: str) -> None:
    assert fields.where(Fault(fault, "Wrong.")).field == field
    assert fields.anchor(field) == anchor


def test_a_pool_that_is_too_small_is_the_fault_of_the_field_that_says_its_size() -> None:
    gathering = a_gathering(sessions=(a_session(id="one"), a_session(id="two")), rounds=(a_round("first"),))
    typed = shown(gathering)

    pools = ["whole", "on_site", "online", "session-two", "round-first", "round-inherited"]

    assert [forms.capacity_field(pool, typed) for pool in pools] == [
        "capacity",
        "on_site_capacity",
        "online_capacity",
        "sessions.1.capacity",
        "rounds.0.reserved_seats",
        "capacity",
    ]


def test_the_days_of_sessions_are_those_that_can_be_read() -> None:
    typed = {"sessions.0.id": ["a"], "sessions.0.date": ["5/10-2026"], "sessions.1.id": ["b"], "sessions.1.date": ["x"]}

    assert forms.session_days(typed) == [date(2026, 10, 5)]


TWO = (a_session(id="a"), a_session(id="b"))
HYBRID: dict[str, Any] = {"place": Place("Herning", "Torvet 1"), "on_site_capacity": 20}


@pytest.mark.parametrize(
    ("changes", "shown", "left"),
    [
        ({}, {"whole": None}, None),
        ({}, {"whole": 7, "on_site": None, "online": None}, 7),
        ({"rounds": (a_round("r", reserved_seats=5),), "capacity": 12}, {"whole": 7, "round-r": 5}, 12),
        ({"rounds": (a_round("r", reserved_seats=5),), "capacity": 12}, {"whole": 0, "round-r": 5}, 5),
        ({**HYBRID, "online_capacity": 3}, {"whole": None, "on_site": 0, "online": 3}, 3),
        (HYBRID, {"whole": 9, "on_site": 0, "online": None}, 9),
        ({}, {"whole": 9, "session-one": 4}, 4),
        ({"choose_sessions": True}, {"whole": 9, "session-one": 4}, 4),
        ({"choose_sessions": True, "sessions": TWO}, {"whole": 9, "session-a": 0, "session-b": 4}, 4),
        ({"choose_sessions": True, "sessions": TWO}, {"whole": 9, "session-a": 0, "session-b": 0}, 0),
        ({"choose_sessions": True, "sessions": TWO}, {"whole": 9, "session-a": 0, "session-b": None}, 9),
        (
            {"sessions": (a_session(id="a", choose_one_of="x"), a_session(id="b", choose_one_of="x"))},
            {"whole": 9, "session-a": 0, "session-b": 4},
            4,
        ),
    ],
)
def test_there_is_room_while_there_is_a_way_in(
    changes: dict[str, Any], shown: dict[str, int | None], left: int | None
) -> None:
    assert places_left(a_gathering(**changes), shown) == left
