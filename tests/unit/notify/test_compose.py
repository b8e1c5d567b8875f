"""Mails as they leave: ASCII throughout, with calendar objects that every program understands."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from typing import Any

import icalendar
import pytest
from hypothesis import given, settings, strategies as st

from shared.gatherings.model import Gathering, Mode, Place
from shared.links import LinkBroken, LinkExpired, Purpose
from shared.notify.calendar import Entry, entries
from shared.notify.model import OF_REMINDERS, MailKind
from shared.registration.applying import tidy
from shared.registration.model import Invoice, Participant, Registration, Role, What
from tests.support.builders import (
    HERNING,
    KOLDING,
    NETWORK,
    NOW,
    a_published_gathering,
    a_registration,
    a_seminar,
    a_session,
)
from tests.support.data import DATA
from tests.support.mails import (
    FESTIVAL,
    LINKS,
    OF_A_SESSION,
    PERSON,
    SENDER,
    Mail,
    a_seat,
    as_told,
    read_by_another,
    written,
)

GATHERING = a_published_gathering(
    title={"da": "Fælles læring på Ærø", "en": "Learning together"},
    place=Place("Herning Bibliotek", "Østergade 8, 7400 Herning"),
    contact="kontakt@herning.example.org",
)
COURSE = a_published_gathering(
    sessions=(
        a_session(title={"da": "Dag 1"}),
        a_session("2026-11-05T09:00", id="two", title={"da": "Dag 2"}),
    )
)
WAY_IN = "https://tovholder.example.org/deltag/"
NAMES = [
    tidy(case["text"])
    for case in json.loads((DATA / "texts" / "danish-edge-cases.json").read_text(encoding="utf-8"))["cases"]
    if case["field"] == "name" and case["expected"] != "refused"
]
EVERY_KIND = pytest.mark.parametrize("kind", MailKind)
OWN = [kind for kind in MailKind if kind.is_to_participant]
EVERY_OWN_KIND = pytest.mark.parametrize("kind", OWN)
AFTER = [kind for kind in OF_REMINDERS.values() if kind is not MailKind.REMINDER]
TAKING = [MailKind.LEFT, MailKind.CANCELLATION, MailKind.EXPIRY, MailKind.HANDOVER]
EVERY_KIND_OF_A_SESSION = pytest.mark.parametrize("kind", sorted(OF_A_SESSION))


def a_mail(kind: MailKind = MailKind.CONFIRMATION, *, name: str = "Åse-rollen Ærø", **changes: Any) -> Mail:
    return written(kind, as_told(kind, a_registration(GATHERING, name=name, **changes)), GATHERING)


@EVERY_KIND
@pytest.mark.parametrize("name", NAMES)
def test_mails_are_ascii_whatever_the_name(kind: MailKind, name: str) -> None:
    mail = a_mail(kind, name=name)

    assert mail.raw.isascii()
    assert max(len(line) for line in mail.raw.splitlines()) <= 998
    if kind.is_to_participant:
        [recipient] = mail.message["To"].addresses
        assert recipient.addr_spec == "deltager1@herning.example.org"
        assert recipient.display_name == name


@EVERY_KIND
def test_headers_say_who_it_is_from_and_where_answers_go(kind: MailKind) -> None:
    mail = a_mail(kind)

    assert mail.header("From") == f"DB2030 kompetenceudvikling <{SENDER}>"
    of_the_network = kind in (MailKind.NEEDS, MailKind.LINKS, MailKind.REVIEW)
    assert mail.header("Reply-To") == (NETWORK.mail.reply_to if of_the_network else GATHERING.contact)
    assert (NETWORK.mail.reply_to if of_the_network else GATHERING.contact) in mail.text
    assert mail.header("Auto-Submitted") == "auto-generated"
    assert mail.header("Content-Language") == "da"
    assert "Message-ID" not in mail.message


def test_subjects_beyond_ascii_are_encoded_words() -> None:
    mail = a_mail()

    assert b"Subject: =?utf-8?" in mail.raw
    assert mail.header("Subject") == "Du er tilmeldt: Fælles læring på Ærø"


def test_encoded_words_are_no_longer_than_every_program_reads() -> None:
    long = "Åse-rollen Ærø Østergård " * 4
    gathering = replace(GATHERING, title={"da": long * 3})

    mail = written(MailKind.CONFIRMATION, a_registration(gathering, name=long.strip()), gathering)

    words = re.findall(rb"=\?[^?\s]+\?[bqBQ]\?[^?\s]*\?=", mail.raw)
    assert max(len(word) for word in words) <= 75, "RFC 2047, 2"
    # Not by `mail.message`: Python's newer parser keeps the blanks between the words of a name (RFC 2047, 6.2).
    to = message_from_bytes(mail.raw)["To"]
    assert str(make_header(decode_header(to))).startswith(f"{long.strip()} <")
    assert mail.header("Subject") == f"Du er tilmeldt: {(long * 3).strip()}"


def test_mails_about_one_registration_are_one_thread() -> None:
    registration = a_registration(GATHERING)
    roots = {written(kind, as_told(kind, registration), GATHERING).header("References") for kind in OWN}
    other = a_mail().header("References")

    [root] = roots
    assert root == f"<{registration.id}.{GATHERING.id}@db2030.example.org>"
    assert other != root


@EVERY_KIND
def test_a_mail_has_text_and_html_and_what_it_has_for_the_calendar(kind: MailKind) -> None:
    leaves = [part.get_content_type() for part in a_mail(kind).message.walk() if not part.is_multipart()]

    of_a_session = kind in OF_A_SESSION
    assert leaves == ["text/plain", "text/html", *(["text/calendar", "application/ics"] if of_a_session else [])]


@EVERY_KIND_OF_A_SESSION
def test_a_mail_about_no_session_leaves_calendars_alone(kind: MailKind) -> None:
    registration = as_told(kind, a_registration(GATHERING))

    assert written(kind, registration, GATHERING, session=None).calendars == []


@EVERY_KIND_OF_A_SESSION
def test_the_method_is_the_same_in_the_header_and_in_the_object(kind: MailKind) -> None:
    mail = a_mail(kind)
    method = "CANCEL" if kind in TAKING else "REQUEST"
    [part] = [part for part in mail.message.walk() if part.get_content_type() == "text/calendar"]
    [attached] = [part for part in mail.message.walk() if part.get_content_type() == "application/ics"]

    assert part.get_param("method") == method
    assert part.get_param("charset") == "utf-8"
    assert str(icalendar.Calendar.from_ical(mail.calendars[0])["METHOD"]) == method
    assert attached.get_filename() == "invite.ics"
    assert mail.calendars[0].replace(b"\r\n", b"\n") == mail.calendars[1].replace(b"\r\n", b"\n")


@EVERY_KIND_OF_A_SESSION
@pytest.mark.parametrize("session", [0, 1])
def test_each_object_has_one_event_of_its_own(kind: MailKind, session: int) -> None:
    registration = a_registration(COURSE)

    event = written(kind, registration, COURSE, session=session).event

    assert str(event["UID"]) == f"{registration.id}-{COURSE.sessions[session].id}"
    assert event.start == COURSE.sessions[session].starts_at
    assert event.end == COURSE.sessions[session].ends_at


def test_the_event_says_what_when_and_where() -> None:
    event = a_mail().event

    assert str(event["SUMMARY"]) == "Fælles læring på Ærø"
    assert str(event["LOCATION"]) == "Herning Bibliotek, Østergade 8, 7400 Herning"
    assert str(event["STATUS"]) == "CONFIRMED"
    assert str(event["ORGANIZER"]) == f"mailto:{GATHERING.contact}"
    assert event["DTSTART"].params["TZID"] == "Europe/Copenhagen"


@pytest.mark.parametrize(
    ("mode", "said", "left_out"), [(Mode.ON_SITE, "LOCATION", "URL"), (Mode.ONLINE, "URL", "LOCATION")]
)
def test_where_one_chooses_how_to_take_part_the_event_says_what_was_chosen(
    mode: Mode, said: str, left_out: str
) -> None:
    event = written(MailKind.CONFIRMATION, a_seat(a_registration(GATHERING, mode=mode)), GATHERING).event

    assert said in event
    assert left_out not in event


def test_where_there_is_nothing_to_choose_the_event_says_all_there_is() -> None:
    mixed = replace(COURSE, place=GATHERING.place)

    event = written(MailKind.CONFIRMATION, a_seat(a_registration(mixed)), mixed).event

    assert str(event["LOCATION"]) == "Herning Bibliotek, Østergade 8, 7400 Herning"
    assert str(event["URL"]).startswith(WAY_IN)


def test_an_entry_says_where_its_own_session_is() -> None:
    seminar = a_seminar().published(NOW)
    one = a_seat(a_registration(seminar, sessions=("online", "kolding")))

    online, kolding = (written(MailKind.CONFIRMATION, one, seminar, session=at) for at in (0, 2))

    assert (str(online.event["URL"]).startswith(WAY_IN), "LOCATION" in online.event) == (True, False)
    assert (str(kolding.event["LOCATION"]), "URL" in kolding.event) == (str(KOLDING), False)
    assert (str(KOLDING) in kolding.text, str(KOLDING) in online.text) == (True, False)
    assert (WAY_IN in kolding.text, WAY_IN in online.text) == (False, True)


def test_a_mail_about_all_sessions_says_where_each_is_and_once_where_they_are_together() -> None:
    seminar = a_seminar().published(NOW)
    of_two_places = written(MailKind.WAITLIST, as_told(MailKind.WAITLIST, a_registration(seminar)), seminar).text
    together = replace(COURSE, place=HERNING)
    of_one_place = written(MailKind.WAITLIST, as_told(MailKind.WAITLIST, a_registration(together)), together).text

    in_order = ["Fælles dag", "Online", "Herning\n", str(HERNING), "Kolding\n", str(KOLDING)]
    assert sorted(in_order, key=of_two_places.index) == in_order
    assert of_one_place.count(str(HERNING)) == 1


def test_entries_to_import_say_where_each_session_is() -> None:
    seminar = a_seminar().published(NOW)

    whole = entries(imported(seminar), product="Tovholder", now=NOW)

    events = icalendar.Calendar.from_ical(whole).walk("VEVENT")
    assert [str(event.get("LOCATION", "")) for event in events] == ["", str(HERNING), str(KOLDING)]


def test_a_session_is_called_by_its_own_title_too() -> None:
    assert str(written(MailKind.CONFIRMATION, a_registration(COURSE), COURSE).event["SUMMARY"]).endswith(": Dag 1")


def test_the_attendee_has_accepted_and_is_not_asked() -> None:
    attendee = a_mail(name='Åse "rollen" Ærø; d\'Eksempel').event["ATTENDEE"]

    assert str(attendee) == "mailto:deltager1@herning.example.org"
    assert (attendee.params["PARTSTAT"], attendee.params["RSVP"]) == ("ACCEPTED", "FALSE")
    assert attendee.params["CN"].startswith("Åse")


@pytest.mark.parametrize("kind", TAKING)
def test_a_seat_lost_takes_the_same_entry_away_with_a_higher_sequence(kind: MailKind) -> None:
    registration = a_registration(GATHERING)

    given = written(MailKind.CONFIRMATION, a_seat(registration), GATHERING).event
    taken = written(kind, as_told(kind, registration), GATHERING).event

    assert given["UID"] == taken["UID"]
    assert taken["SEQUENCE"] > given["SEQUENCE"]
    assert str(taken["STATUS"]) == "CANCELLED"
    assert "URL" not in taken


def test_who_comes_back_to_a_session_has_an_entry_above_the_one_that_took_it() -> None:
    seat = a_seat(a_registration(FESTIVAL, sessions=("one",)))
    away = seat.step(What.CHANGED, PERSON, NOW, sessions=("two",))
    back = away.step(What.CHANGED, PERSON, NOW, sessions=("one",))

    kinds = [(MailKind.CONFIRMATION, seat), (MailKind.LEFT, away), (MailKind.CHANGE, back)]
    given, taken, again = (written(kind, one, FESTIVAL).event for kind, one in kinds)

    assert given["UID"] == taken["UID"] == again["UID"]
    assert given["SEQUENCE"] < taken["SEQUENCE"] < again["SEQUENCE"]


def test_an_old_confirmation_never_covers_a_new_one() -> None:
    registration = a_seat(a_registration(GATHERING))
    moved = GATHERING.changed_to(replace(GATHERING, sessions=(a_session("2026-10-05T13:00"),)), NOW)

    before = written(MailKind.CONFIRMATION, registration, GATHERING).event
    after = written(MailKind.CONFIRMATION, registration, moved).event
    cancelled = written(MailKind.CANCELLATION, registration.ended(What.CANCELLED, PERSON, NOW), moved).event

    assert before["SEQUENCE"] < after["SEQUENCE"] < cancelled["SEQUENCE"]


@pytest.mark.parametrize("kind", [MailKind.CONFIRMATION, MailKind.CANCELLATION])
@pytest.mark.parametrize("name", NAMES)
def test_another_parser_reads_the_same(kind: MailKind, name: str) -> None:
    registration = a_registration(GATHERING, name=name)

    read = read_by_another(written(kind, registration, GATHERING).calendars[0])

    [event] = read.vevent_list
    assert event.uid.value == f"{registration.id}-one"
    assert event.dtstart.value.astimezone(UTC) == GATHERING.starts_at.astimezone(UTC)
    assert event.summary.value == "Fælles læring på Ærø"
    assert event.attendee.params["PARTSTAT"] == ["ACCEPTED"]
    assert event.attendee.value == "mailto:deltager1@herning.example.org"
    [zone] = read.vtimezone_list
    assert zone.tzid.value == "Europe/Copenhagen"
    assert len(read.vevent_list) == 1


@pytest.mark.parametrize(
    ("day", "offset"),
    [("2026-03-27", 1), ("2026-03-30", 2), ("2026-10-23", 2), ("2026-10-26", 1), ("2027-07-01", 2)],
)
def test_the_time_zone_in_the_object_gives_the_right_moment(day: str, offset: int) -> None:
    gathering = a_published_gathering(sessions=(a_session(f"{day}T09:00"),))
    calendar = written(MailKind.CONFIRMATION, a_registration(gathering), gathering).calendars[0]

    # vobject knows the zone by the object alone.
    start = read_by_another(calendar).vevent.dtstart.value

    assert start.utcoffset() == timedelta(hours=offset)
    assert (start.hour, start.minute) == (9, 0)


LINKS_END = NETWORK.legal.periods.links_until(GATHERING.ends_at)


@EVERY_OWN_KIND
def test_the_link_opens_this_registration_as_long_as_it_is_kept(kind: MailKind) -> None:
    registration = as_told(kind, replace(a_registration(GATHERING), link_generation=3))
    links = written(kind, registration, GATHERING).links
    if kind in (MailKind.CANCELLATION, MailKind.EXPIRY, MailKind.HANDOVER, MailKind.CERTIFICATE, *AFTER):
        assert links == [], "there is nothing to do there"
        return
    [token] = [link.removeprefix("https://tovholder.example.org/tilmelding/") for link in links]

    ids = LINKS.read(Purpose.REGISTRATION, token, now=LINKS_END - timedelta(seconds=1))

    assert ids == (GATHERING.id, registration.id, "3")
    with pytest.raises(LinkExpired):
        LINKS.read(Purpose.REGISTRATION, token, now=LINKS_END)


@pytest.mark.parametrize("kind", [MailKind.OLD_ADDRESS, MailKind.NEEDS, MailKind.OPENING])
def test_mails_to_others_open_nobodys_registration(kind: MailKind) -> None:
    mail = a_mail(kind)

    assert mail.links == []
    assert "/tilmelding/" not in mail.html


def test_a_receipt_opens_the_booking_and_nobodys_registration() -> None:
    mail = a_mail(MailKind.RECEIPT)
    token = mail.link.removeprefix("https://tovholder.example.org/tilmelding/gruppe/")

    assert LINKS.read(Purpose.BOOKING, token, now=NOW) == (GATHERING.id, "receipt")
    with pytest.raises(LinkBroken):
        LINKS.read(Purpose.REGISTRATION, token, now=NOW)


def test_another_language_has_its_own_pages() -> None:
    mail = a_mail(language="en")

    assert mail.header("Content-Language") == "en"
    assert mail.header("Subject").endswith("Learning together")
    assert "https://tovholder.example.org/en/tilmelding/" in mail.text


@EVERY_KIND
def test_markup_in_a_name_stays_text(kind: MailKind) -> None:
    mail = a_mail(kind, name="<b>Deltager</b> & <script>alert(1)</script>")

    assert "<script" not in mail.html
    named = kind not in (MailKind.NEEDS, MailKind.OPENING, MailKind.INVITATION, MailKind.REVIEW)
    assert ("&lt;b&gt;Deltager&lt;/b&gt; &amp; &lt;script&gt;" in mail.html) is named
    assert ("<b>Deltager</b> & <script>" in mail.text) is named


@EVERY_KIND
@pytest.mark.parametrize(
    "title",
    [
        "Titel\r\nBcc: alle@example.org",
        "Titel\nBcc: alle@example.org",
        "Titel\rBcc: alle@example.org",
        "Titel\u2028Bcc: alle@example.org",
        "Titel\x0bBcc: alle@example.org",
        "Titel\x00",
        "<b>Titel</b>",
    ],
    ids=["CRLF", "LF", "CR", "line separator", "vertical tab", "NUL", "markup"],
)
def test_a_title_cannot_break_out_of_its_header(kind: MailKind, title: str) -> None:
    gathering = replace(GATHERING, title={"da": title})

    mail = written(kind, as_told(kind, a_registration(gathering)), gathering)

    assert "Bcc" not in mail.message
    assert len(mail.message.get_all("To", [])) == 1
    assert "<b>Titel" not in mail.html
    assert mail.raw.isascii()


@settings(max_examples=30)
@given(name=st.text(min_size=1, max_size=120), title=st.text(min_size=1, max_size=300))
def test_whatever_passes_the_rules_can_be_written(name: str, title: str) -> None:
    name = tidy("".join(letter for letter in name if letter.isprintable())) or "x"
    title = tidy("".join(letter for letter in title if letter.isprintable())) or "x"
    gathering = replace(GATHERING, title={"da": title})

    mail = written(MailKind.CONFIRMATION, a_registration(gathering, name=name), gathering)

    assert mail.raw.isascii()
    assert str(mail.event["SUMMARY"]) == title
    assert len(mail.message["To"].addresses) == 1


def test_an_invoice_is_confirmed() -> None:
    gathering = replace(GATHERING, asks_invoice_reference=True)
    registration = a_registration(gathering, invoice=Invoice("5790000000005", "<Konto>"))

    mail = written(MailKind.CONFIRMATION, registration, gathering)

    assert "5790000000005" in mail.text
    assert "&lt;Konto&gt;" in mail.html


def test_an_address_with_danish_letters_in_its_domain_is_written_in_ascii() -> None:
    registration = a_registration(
        GATHERING, participant=Participant("Åse", "aase@xn--r-3fa9c.example.org", "765700", Role.STAFF)
    )

    assert (
        written(MailKind.CONFIRMATION, registration, GATHERING).header("To").endswith("<aase@xn--r-3fa9c.example.org>")
    )


def imported(gathering: Gathering, registration: Registration | None = None) -> list[Entry]:
    about = ("Kursus", "", "https://tovholder.example.org")
    return [Entry(gathering, one, *about, registration) for one in gathering.sessions]


def entries_of(registration: Registration) -> bytes:
    return entries(imported(COURSE, registration), product="DB2030", now=datetime(2026, 9, 1, tzinfo=UTC))


def test_a_calendar_to_subscribe_to_has_a_name_and_says_when_to_look_again() -> None:
    subscribed = icalendar.Calendar.from_ical(entries(imported(COURSE), product="DB2030", now=NOW, name="Forløb Ærø"))
    file = icalendar.Calendar.from_ical(entries(imported(COURSE), product="DB2030", now=NOW))

    assert (str(subscribed["NAME"]), str(subscribed["X-WR-CALNAME"])) == ("Forløb Ærø", "Forløb Ærø")
    assert subscribed["REFRESH-INTERVAL"].to_ical() == subscribed["X-PUBLISHED-TTL"].to_ical() == b"PT6H"
    assert subscribed["REFRESH-INTERVAL"].params["VALUE"] == "DURATION", "RFC 7986, 5.7"
    assert "NAME" not in file


def test_what_is_cancelled_is_so_in_calendars_too() -> None:
    gatherings = (COURSE, COURSE.cancelled())

    statuses = [
        {str(event["STATUS"]) for event in read.walk("VEVENT")}
        for one in gatherings
        for read in [icalendar.Calendar.from_ical(entries(imported(one), product="DB2030", now=NOW))]
    ]

    assert statuses == [{"CONFIRMED"}, {"CANCELLED"}]


def test_entries_to_import_name_nobody_and_invite_nobody() -> None:
    read = read_by_another(entries_of(a_registration(COURSE)))

    assert read.method.value == "PUBLISH"
    assert len(read.vevent_list) == 2
    for event in read.vevent_list:
        assert not hasattr(event, "attendee")
        assert not hasattr(event, "organizer")


def test_entries_and_invitations_are_the_same_entries() -> None:
    registration = a_registration(COURSE)

    imported = {event.uid.value for event in read_by_another(entries_of(registration)).vevent_list}
    mailed = {str(written(MailKind.CONFIRMATION, registration, COURSE, session=at).event["UID"]) for at in (0, 1)}

    assert imported == mailed


def test_a_moment_in_the_mail_is_the_moment_of_writing() -> None:
    assert a_mail().event["DTSTAMP"].dt == NOW
