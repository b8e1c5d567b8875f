"""Who was in a meeting is read from any report alike, and what is none is refused in words."""

import csv
import io
from datetime import datetime, timedelta
from typing import Final

import openpyxl
import pytest
from hypothesis import example, given, settings, strategies as st

from shared.attendance.durations import LONGEST, Span, covered, duration, moments
from shared.attendance.reports import (
    AttendanceReport,
    NobodyThere,
    NotAReport,
    Presence,
    ReportUnreadable,
    Tool,
    read_report,
)
from shared.spreadsheets.reading import MOST_LINES
from tests.support.data import DATA

SAMPLES: Final = DATA / "attendance"

TEAMS: Final = (
    Presence("Koordinator", "koordinator@netvaerk.example.org", 6398),
    Presence("Oplægsholder", "oplaegsholder@partner.example.org", 6051),
    Presence("O'Deltager-Østergård 7", "deltager7@kolding.example.org", 3630),
    Presence("Deltager 1", "deltager1@herning.example.org", 5599),
    Presence("Børnebibliotekar 2", "deltager2@herning.example.org", 3903),
    Presence("Tre, Deltager (Ekstern)", "deltager3@aarhus.example.org", 5470),
    Presence("Læringskonsulent 4", "deltager4@aarhus.example.org", 3600),
    Presence("Afdelingsleder 5", "deltager5@ballerup.example.org", 3300),
    Presence("Bibliotek (Guest)", "", 5210),
    Presence("Bibliotek (Guest)", "", 38),
    Presence("iPad (Unverified)", "", 3603),
    Presence("+45 XXXXXX12", "", 1770),
    Presence("Deltager 6 | Kolding Bibliotekerne", "deltager6@kolding.example.org", 4905),
    Presence("Deltager 8", "deltager8@toender.example.org", 45),
)
ZOOM: Final = (
    Presence("Koordinator", "koordinator@netvaerk.example.org", 6398),
    Presence("Oplægsholder (Værtsskærm)", "oplaegsholder@partner.example.org", 6051),
    Presence("015_Deltager 1 (Deltager 1)", "deltager1@herning.example.org", 5599),
    Presence("Børnebibliotekar 2", "deltager2@herning.example.org", 3903),
    Presence("Tre, Deltager", "deltager3@aarhus.example.org", 5470),
    Presence('Deltager "4" Århus', "deltager4@aarhus.example.org", 3600),
    Presence("Bibliotek", "", 5210),
    Presence("Bibliotek", "", 38),
    Presence("iPhone", "", 3603),
    Presence("4512345678", "", 1770),
    Presence("Deltager 6 | Kolding", "deltager6@kolding.example.org", 4905),
)


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


CURRENT: Final = sample("teams/attendance-current-en-us.csv").decode("utf-16")
PLAIN: Final = sample("zoom/participants-2021-plain.csv").decode("utf-8-sig")


def people(text: str) -> tuple[Presence, ...]:
    return read_report(text.encode()).people


def a_teams_report(*participants: str, activities: tuple[str, ...] = ()) -> str:
    """Return a report with headings in no language; cells are parted by bars."""
    second = ("2. Xx", "Aa|Bb|Cc|Dd|Ee|Ff|Gg", *participants)
    third = ("3. Yy", "Aa|Bb|Cc|Dd|Ee|Ff", *activities)
    return "\n".join(("1. Zz", "Uu|Vv", "", *second, "", *third)).replace("|", "\t")


def a_zoom_report(*lines: str) -> str:
    return "\n".join(("Name (original name),Email,Join time,Leave time,Duration (minutes),In waiting room", *lines))


@pytest.mark.parametrize(
    "name",
    [
        "attendance-current-en-us",
        "attendance-current-day-month",
        "attendance-current-danish-dates-UNVERIFIED",
        "attendance-current-resaved-comma-utf8",
    ],
)
def test_a_teams_meeting_has_the_same_people_in_every_report_of_three_sections(name: str) -> None:
    assert read_report(sample(f"teams/{name}.csv")) == AttendanceReport(Tool.TEAMS, TEAMS)


def test_columns_about_engagement_are_passed_over() -> None:
    # Whoever wrote this sample kept the first ten.
    report = read_report(sample("teams/attendance-current-engagement-columns.csv"))

    assert report == AttendanceReport(Tool.TEAMS, TEAMS[:10])


def test_in_the_teams_report_of_2021_who_has_no_address_goes_by_name() -> None:
    report = read_report(sample("teams/attendance-2021-meeting-summary.csv"))

    assert report == AttendanceReport(Tool.TEAMS, TEAMS[:9] + TEAMS[10:])


def test_in_the_teams_log_of_2020_who_did_not_leave_was_there_until_its_last_moment() -> None:
    report = read_report(sample("teams/attendance-2020-user-action.csv"))

    # The last moment is 11:08:08.
    assert report == AttendanceReport(
        Tool.TEAMS,
        (
            Presence("Koordinator", "", 4568),
            Presence("Oplægsholder", "", 4568),
            Presence("O'Deltager-Østergård 7", "", 2108),
            Presence("Deltager 1", "", 4228),
            Presence("Børnebibliotekar 2", "", 3903),
            Presence("Tre, Deltager (Ekstern)", "", 4088),
            Presence("Læringskonsulent 4", "", 3600),
            Presence("Afdelingsleder 5", "", 3300),
            Presence("Bibliotek (Guest)", "", 3958),
            Presence("iPad (Unverified)", "", 3603),
        ),
    )


def test_in_the_teams_log_of_2020_lines_may_stand_in_any_order_and_leaving_may_come_first() -> None:
    log = "Full Name\tUser Action\tTimestamp\nEn\tLeft\t11/5/2026, 10:30:00 AM\nTo\tLeft\t11/5/2026, 10:20:00 AM\n"
    log += "En\tJoined\t11/5/2026, 10:25:00 AM\nTre\tJoined\t11/5/2026, 10:00:00 AM\nTre\tWaved\tnow\n"

    assert people(log) == (Presence("En", "", 300), Presence("To", "", 1200), Presence("Tre", "", 1800))


@pytest.mark.parametrize(
    "name",
    [
        "participants-2021-plain",
        "participants-2021-with-meeting-header",
        "participants-current-with-meeting-header",
    ],
)
def test_a_zoom_meeting_has_the_same_people_in_every_report_with_times(name: str) -> None:
    assert read_report(sample(f"zoom/{name}.csv")) == AttendanceReport(Tool.ZOOM, ZOOM)


def test_an_empty_line_may_be_written_with_commas() -> None:
    content = sample("zoom/participants-2021-with-meeting-header.csv").replace(b"\n\n", b"\n,,,,,,\n")

    assert read_report(content).people == ZOOM


def test_zooms_unique_users_have_the_minutes_that_zoom_counted() -> None:
    report = read_report(sample("zoom/participants-unique-users-UNVERIFIED.csv"))

    minutes = (107, 101, 94, 66, 92, 60, 87, 1, 61, 30, 82)
    assert report.tool is Tool.ZOOM
    assert report.people == tuple(
        Presence(one.name, one.email, 60 * lasted) for one, lasted in zip(ZOOM, minutes, strict=True)
    )


def test_a_webinar_has_its_hosts_panelists_attendees_and_callers_and_nobody_who_stayed_away() -> None:
    report = read_report(sample("zoom/webinar-attendee-report-current.csv"))

    assert report == AttendanceReport(
        Tool.ZOOM,
        (
            Presence("Koordinator", "koordinator@netvaerk.example.org", 6398),
            Presence("Oplægsholder", "oplaegsholder@partner.example.org", 5961),
            Presence("Deltager 1", "deltager1@herning.example.org", 5599),
            Presence("Børnebibliotekar 2", "deltager2@herning.example.org", 3903),
            Presence("Tre, Deltager", "deltager3@aarhus.example.org", 5470),
            Presence('Deltager "4"', "deltager4@aarhus.example.org", 3600),
            Presence("Deltager 7", "deltager7@kolding.example.org", 2130),
            Presence("=Deltager 9", "deltager9@hoeje-taastrup.example.org", 4920),
            Presence("4512345678", "", 1770),
        ),
    )


def test_a_webinar_of_2020_is_read_too() -> None:
    report = read_report(sample("zoom/webinar-attendee-report-2020.csv"))

    assert report == AttendanceReport(
        Tool.ZOOM,
        (
            Presence("Koordinator", "koordinator@netvaerk.example.org", 6398),
            Presence("Oplægsholder", "oplaegsholder@partner.example.org", 6051),
            Presence("Deltager 1", "deltager1@herning.example.org", 5599),
            Presence("Børnebibliotekar 2", "deltager2@herning.example.org", 3903),
            Presence("Deltager Tre", "deltager3@aarhus.example.org", 5470),
            Presence("4512345678", "", 1800),
        ),
    )


def test_samples_are_kept_byte_by_byte() -> None:
    starts = {path.name: path.read_bytes()[:2] for path in (SAMPLES / "teams").iterdir()}

    assert {name for name, start in starts.items() if start != b"\xff\xfe"} == {
        "attendance-current-resaved-comma-utf8.csv"
    }
    assert b"\r\n" in sample("teams/attendance-current-resaved-comma-utf8.csv")
    assert b"\r" not in sample("zoom/participants-2021-plain.csv")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings_and_line_ends_do_not_matter(encoding: str, end: str) -> None:
    assert read_report(CURRENT.replace("\n", end).encode(encoding)).people == TEAMS
    assert read_report(PLAIN.replace("\n", end).encode(encoding)).people == ZOOM


def test_the_big_end_may_come_first() -> None:
    assert read_report(b"\xfe\xff" + CURRENT.encode("utf-16-be")).people == TEAMS


def saved_again(text: str, *, was: str, delimiter: str) -> str:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(csv.reader(text.splitlines(), delimiter=was))
    return file.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_spreadsheet_may_have_saved_it_with_quotes_and_any_delimiter(delimiter: str) -> None:
    assert people(saved_again(CURRENT, was="\t", delimiter=delimiter)) == TEAMS
    assert people(saved_again(PLAIN, was=",", delimiter=delimiter)) == ZOOM


@pytest.mark.parametrize(("text", "delimiter", "expected"), [(CURRENT, "\t", TEAMS), (PLAIN, ",", ZOOM)])
@pytest.mark.parametrize("dates", [False, True])
def test_a_workbook_that_it_was_saved_as_is_read(
    text: str, delimiter: str, expected: tuple[Presence, ...], dates: bool
) -> None:
    rows = list(csv.reader(text.splitlines(), delimiter=delimiter))
    known = moments(cell for row in rows for cell in row) if dates else {}
    book = openpyxl.Workbook()
    book.create_sheet(index=0)
    for row in rows:
        book.worksheets[1].append([known.get(cell) or (int(cell) if cell.isdecimal() else cell) for cell in row])
    file = io.BytesIO()
    book.save(file)

    assert read_report(file.getvalue()).people == expected


@pytest.mark.parametrize("name", ['"Nils" Deltager', 'Deltager "4', '"', "Fem, Deltager", "D'Ltager", '"To", Deltager'])
def test_a_name_may_hold_quotation_marks_and_commas(name: str) -> None:
    report = a_teams_report(f"{name}|05.11.2026, 09.48.02|05.11.2026, 10.48.02|1h|en@example.org", "To|||5m|")

    assert people(report) == (Presence(name, "en@example.org", 3600), Presence("To", "", 300))


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("1h 5m 3s", 3903),
        ("1h", 3600),
        ("1h 3s", 3603),
        ("1h 25m 0s", 5100),
        ("38s", 38),
        ("0s", 0),
        ("59 Min. 0 Sek.", 3540),
        ("1 Std. 2 Min. 3 Sek.", 3723),
        ("1 godz. 5 min 3 sek.", 3903),
        ("1 time 5 min. 3 sek.", 3903),
        ("2 t 5 m", 7500),
        ("1\u00a0t. 5\u202fmin.", 3900),
        ("26h", 93600),
        ("", None),
        ("-5m", None),
        ("107", None),
        ("1h 107", None),
        ("3s 1h", None),
        ("1m 1m", None),
        ("5 æbler", None),
        ("1h 5m ca.", None),
        ("999999h", None),
    ],
)
def test_durations_are_known_by_how_their_units_begin(said: str, seconds: int | None) -> None:
    assert duration(said) == seconds


@pytest.mark.parametrize(
    "pair",
    [
        ("11/5/26, 11:50:00 PM", "11/6/26, 12:10:00 AM"),
        ("11/5/2026, 11:50:00\u202fPM", "11/6/2026, 12:10:00\u202fAM"),
        ("11/05/2026 11:50:00 PM", "11/06/2026 12:10:00 AM"),
        ("05/11/26, 23:50:00", "06/11/26, 00:10:00"),
        ("05.11.2026, 23.50.00", "06.11.2026, 00.10.00"),
        ("05-11-2026 23:50", "06-11-2026 00:10"),
        ("30.11.2026, 23.50.00", "01.12.2026, 00.10.00"),
        ("12/31/26, 11:50:00 PM", "1/1/27, 12:10:00 AM"),
        ("31.12.2026, 23.50.00", "01.01.2027, 00.10.00"),
        ("Nov 05, 2026 23:50:00", "Nov 06, 2026 00:10:00"),
        ("Nov 05, 2026 11:50 PM", "Nov 06, 2026 12:10 AM"),
        ("2026-11-05T23:50:00", "2026-11-06T00:10:00"),
        ("2026-11-05 23:50:00", "2026-11-06 00:10:00"),
    ],
)
def test_a_meeting_may_pass_midnight_in_any_way_of_writing_dates(pair: tuple[str, str]) -> None:
    start, end = (cell.replace(",", " ") for cell in pair)

    assert people(a_zoom_report(f"En,en@example.org,{start},{end},999,No")) == (Presence("En", "en@example.org", 1200),)


@pytest.mark.parametrize(
    "cell", ["", "--", "05.11.2026", "09:48", "99/99/2026 10:00", "Foo 05, 2026 10:00", "1/1/1 25:00"]
)
def test_what_is_no_moment_is_left_out(cell: str) -> None:
    assert moments([cell]) == {}


def test_two_devices_at_once_count_once_and_being_away_does_not_count() -> None:
    report = a_teams_report(
        "En|5/11/26, 10:00:00|5/11/26, 12:00:00|2h 30m|EN@example.org|en@konto.example.org|Xx",
        activities=(
            "En|5/11/26, 10:00:00|5/11/26, 11:00:00|1h|en@example.org|Xx",
            "En|5/11/26, 10:10:00|5/11/26, 10:40:00|30m|en@example.org|Xx",
            "En|5/11/26, 11:30:00|5/11/26, 12:00:00|30m|En@Example.org|Xx",
        ),
    )

    assert people(report) == (Presence("En", "en@example.org", 5400),)


@pytest.mark.parametrize("activities", [(), ("En|x|y|55m|en@example.org|Xx", "En|x|y|10m|en@example.org|Xx")])
def test_without_the_times_of_section_3_the_duration_of_section_2_counts(activities: tuple[str, ...]) -> None:
    line = "En|5/11/26, 10:00:00|5/11/26, 12:00:00|1h 5m|en@example.org|en@example.org|Xx"

    assert people(a_teams_report(line, activities=activities)) == (Presence("En", "en@example.org", 3900),)


def test_a_person_who_stands_twice_in_section_2_is_one_and_guests_are_many() -> None:
    report = a_teams_report("En|x|y|5m|en@example.org", "To|x|y|1m|", "En her|x|y|10m|EN@example.org", "To|x|y|2m|")

    assert people(report) == (Presence("En", "en@example.org", 900), Presence("To", "", 60), Presence("To", "", 120))


def test_a_duration_in_words_that_nobody_knows_is_the_time_between_first_and_last() -> None:
    report = a_teams_report("En|5/11/26, 10:00:00|5/11/26, 10:20:00|20 qq|en@example.org")

    assert people(report) == (Presence("En", "en@example.org", 1200),)


def test_an_account_of_somebody_from_outside_is_no_address() -> None:
    report = a_teams_report("En|x|y|5m||en_andet.example.org#EXT#@netvaerk.example.org|Xx")

    assert people(report) == (Presence("En", "", 300),)


def test_who_comes_back_in_zoom_is_one_person_and_the_waiting_room_is_not_the_meeting() -> None:
    report = a_zoom_report(
        "En,en@example.org,11/05/2026 09:50:00 AM,11/05/2026 10:00:00 AM,10,Yes",
        "En,en@example.org,11/05/2026 10:00:00 AM,11/05/2026 10:00:30 AM,1,No",
        "En igen,EN@example.org,11/05/2026 10:00:10 AM,11/05/2026 10:01:00 AM,1,No",
        "To,to@example.org,11/05/2026 09:50:00 AM,11/05/2026 11:00:00 AM,70,Yes",
    )

    assert people(report) == (Presence("En", "en@example.org", 60),)


def test_minutes_count_where_times_make_no_sense() -> None:
    report = a_zoom_report(
        "En,en@example.org,11/05/2026 10:00:00 AM,11/05/2026 09:00:00 AM,7,No",
        "To,to@example.org,11/05/1926 10:00:00 AM,11/05/2026 09:00:00 AM,8,No",
        "Tre,tre@example.org,--,--,-9,No",
        ",,11/05/2026 09:00:00 AM,11/05/2026 10:00:00 AM,60,No",
    )

    assert people(report) == (Presence("En", "en@example.org", 420), Presence("To", "to@example.org", 480))


def refused(content: bytes) -> tuple[str, str]:
    with pytest.raises(ReportUnreadable) as refusal:
        read_report(content)
    [fault] = refusal.value.faults
    assert fault.field == "report"
    return refusal.value.kind, fault.message % fault.values


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "There are no lines in it."),
        (b"\xff\xfe", "There are no lines in it."),
        (b"\n,,,\n", "There are no lines in it."),
        (b"%PDF-1.7\n\x00\x01\x02\xff", "This cannot be read as a spreadsheet. Save it as XLSX or CSV and try again."),
        (b"PK\x03\x04broken", "This cannot be read as a spreadsheet. Save it as XLSX or CSV and try again."),
        (b'Name,Email\n"En,en@example.org\n', "A cell in line 2 begins with a quotation mark that never ends."),
    ],
)
def test_what_is_no_file_of_lines_is_refused(content: bytes, sentence: str) -> None:
    assert refused(content) == ("report-unreadable", sentence)


def test_ten_thousand_lines_are_read_and_one_more_is_refused() -> None:
    lines = [f"Deltager {n},deltager{n}@example.org,,,5,No" for n in range(MOST_LINES)]

    assert len(people(a_zoom_report(*lines[1:]))) == MOST_LINES - 1
    assert refused(a_zoom_report(*lines).encode()) == (
        "report-unreadable",
        "There are 10001 lines in it, and at most 10000 can be read at once.",
    )


def test_a_list_of_something_else_is_told_what_was_sought_and_seen() -> None:
    with pytest.raises(NotAReport):
        read_report(b"Navn;E-mail\nEn;en@example.org\n")

    assert refused(b"Liste\nNavn;E-mail\nEn;en@example.org\n") == (
        "not-a-report",
        "This is not a report that we know. We look for the numbered sections of Teams, or for a line with the headings"
        " of Zoom: Name (original name)/First Name, Duration (minutes). We saw: Navn, E-mail.",
    )


@pytest.mark.parametrize(
    "report",
    [a_teams_report("En|||"), a_zoom_report("En,en@example.org,--,--,--,No"), "Full Name,User Action,Timestamp"],
)
def test_a_report_of_nobody_is_told_from_a_list_of_something_else(report: str) -> None:
    with pytest.raises(NobodyThere) as refusal:
        read_report(report.encode())

    assert refusal.value.details["seen"]


@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 5000)), max_size=8))
def test_what_is_covered_is_every_second_that_lies_in_a_span(pairs: list[tuple[int, int]]) -> None:
    began = datetime(2026, 11, 5, 22, 0)
    spans = [Span(began + timedelta(seconds=min(pair)), began + timedelta(seconds=max(pair))) for pair in pairs]

    assert covered(spans) == len({second for pair in pairs for second in range(min(pair), max(pair))})


CELLS: Final = st.sampled_from(
    [
        "", "--", "Deltager 1", "en@example.org", "1h 5m", "999999h 1m", "-5", "107", "99999", "Joined", "Left", "No",
        "11/5/26, 9:48:02 AM", "05.11.2026, 10.00.00", "31/12/9999 23:59:59", "01/01/0001 00:00", "Nov 05, 2026 09:48",
        "1. Summary", "2. Participants", "3. In-Meeting Activities", "Full Name", "User Action", "Timestamp", "Name",
        "Email", "Join time", "Leave time", "Duration (minutes)", "Attended", "First Name", '"', "²h", "٣h",
    ]
)  # fmt: skip


def check(content: bytes) -> None:
    try:
        report = read_report(content)
    except ReportUnreadable as refusal:
        [fault] = refusal.faults
        assert fault.message % fault.values
        return
    assert report.people
    most = LONGEST.total_seconds() * (content.count(b"\n") + 1)
    assert all(0 <= one.seconds <= most for one in report.people)
    addresses = [one.email for one in report.people if one.email]
    assert len(addresses) == len(set(addresses))


@given(st.binary(max_size=400))
@example(b"\xff\xfea")
def test_any_bytes_are_a_report_or_a_refusal(content: bytes) -> None:
    check(content)


@given(st.lists(st.lists(CELLS, max_size=8), max_size=15), st.sampled_from("\t,;"))
def test_any_cells_are_a_report_or_a_refusal_and_never_nonsense(rows: list[list[str]], delimiter: str) -> None:
    check("\n".join(delimiter.join(row) for row in rows).encode())


@given(st.data())
@settings(max_examples=60)
def test_a_damaged_report_is_a_report_or_a_refusal(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted(SAMPLES.rglob("*.csv"))))
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 20))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))

    check(bytes(content[: data.draw(st.integers(0, len(content)))]))
