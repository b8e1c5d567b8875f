"""What everybody sees, and the form that takes a seat."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from icalendar import Calendar

from chalicelib.bodies import LARGEST
from shared.bootstrap import web as bootstrap
from shared.gatherings.model import FairShare, Gathering, Place, Window
from shared.gatherings.rounds import Round, Who
from shared.links import Purpose
from shared.privacy.model import Group, records
from shared.registration import changes
from shared.registration.allowance import Allowance
from shared.registration.model import Status
from tests.support.api_gateway import Answer
from tests.support.aws import ORIGIN_SECRET
from tests.support.builders import HERNING, KOLDING, NOW, a_gathering, a_seminar, a_session, an_application
from tests.support.clock import Sleep
from tests.support.data import DATA
from tests.support.faults import EVERYTHING, FaultInjector, Trouble
from tests.support.forms import Page
from tests.support.site import Site
from tests.support.stores import GENEROUS, PERSON

CASES = json.loads((DATA / "texts" / "danish-edge-cases.json").read_text(encoding="utf-8"))["cases"]
FORM = {"content-type": "application/x-www-form-urlencoded"}


def test_the_privacy_page_names_all_that_is_kept_and_how_long_logs_and_backups_stay(site: Site) -> None:
    page = " ".join(re.sub(r"<[^>]+>", " ", unescape(site.get("/en/privatliv").text)).split())

    for record in records():
        assert record.what in page, record.id
    assert re.search(r"Logs: which kind of page .*? 30 days after", page)
    assert re.search(r"Backups of the data above.*? 35 days after", page)


def test_the_form_says_when_what_is_written_is_deleted(site: Site) -> None:
    gathering = site.publish(a_gathering(asks_needs=True, sessions=(a_session("2026-10-05T09:00"),)))
    periods = bootstrap.network().legal.periods

    form = site.get(f"/en/arrangementer/{gathering.slug}/tilmelding").text

    kept, needs = (periods.erased_on(group, gathering.ends_at) for group in (Group.PARTICIPATION, Group.NEEDS))
    assert f"deletes it on {kept.day} {kept:%B %Y}" in form
    assert f"{needs.day} {needs:%B %Y}" in form
    assert kept != needs


def test_a_round_that_ends_while_the_form_is_filled_in_refuses_and_keeps_what_was_typed(site: Site) -> None:
    ending = Round(
        "one", {"da": "Første runde"}, opens_at=NOW - timedelta(days=1), closes_at=NOW + timedelta(minutes=5)
    )
    gathering = site.publish(a_gathering(rounds=(ending,)))
    nonce = site.get(f"/arrangementer/{gathering.slug}/tilmelding").field("idempotency_key")
    site.clock.advance(timedelta(minutes=5))

    answer = site.send_form(gathering, nonce=nonce, name="Åse Ærø")

    assert answer.status == 403
    assert site.left(gathering) in (None, 1_000_000)
    assert site.registrations(gathering) == []
    assert "Du er ikke tilmeldt" in answer.text


def test_page_and_form_say_where_each_session_is(site: Site) -> None:
    gathering = site.publish(a_seminar())

    page = site.get(f"/arrangementer/{gathering.slug}")
    form = site.get(f"/arrangementer/{gathering.slug}/tilmelding").text
    [written] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page.text)
    event = json.loads(written)

    for place in (HERNING, KOLDING):
        assert page.text.count(f"<p>{place.address}") == 1
        assert re.search(rf"<label[^>]*>[^<]*– {place.name}", form)
    assert re.search(r"Alle deltager i: .*? – Online", form)
    assert [part["eventAttendanceMode"].rpartition("/")[2] for part in (event, *event["subEvent"])] == [
        "MixedEventAttendanceMode",
        "OnlineEventAttendanceMode",
        "OfflineEventAttendanceMode",
        "OfflineEventAttendanceMode",
    ]
    assert [[place.get("name") for place in part["location"]] for part in event["subEvent"]] == [
        [None],
        [HERNING.name],
        [KOLDING.name],
    ]


@pytest.mark.parametrize(
    ("gathering", "said"),
    [(a_gathering(), "hvor du finder linket til at deltage online"), (a_seminar(), "Deltager du online, finder du")],
)
def test_the_receipt_promises_the_link_to_those_who_take_part_online(
    site: Site, gathering: Gathering, said: str
) -> None:
    gathering = site.publish(gathering)
    choice = {"choice-0": "kolding"} if gathering.choices() else {}

    receipt = site.get(site.fill_in(gathering, **choice).headers["location"])

    assert said in receipt.text


def alerts(answer: Answer) -> str:
    """Return what the page's alert says, without its markup."""
    found = re.search(r'role="alert".*?</div>\s*</div>', answer.text, re.DOTALL)
    assert found, "the page has no alert"
    return unescape(re.sub(r"<[^>]+>", "", found.group(0)))


def faulty_fields(answer: Answer) -> list[str]:
    return re.findall(r'<span class="form-error-message" id="(\w+)-error">', answer.text)


def selected(answer: Answer) -> list[str]:
    return re.findall(r'<option value="(\w*)" selected', answer.text)


def test_the_front_page_shows_what_comes_next(site: Site) -> None:
    site.publish(a_gathering(title={"da": "Citizen science"}))

    page = site.get("/")

    assert page.status == 200
    assert "Citizen science" in page.text


def test_the_list_shows_what_comes_and_what_has_been(site: Site) -> None:
    gathering = site.publish(a_gathering(title={"da": "Citizen science"}))

    assert "Citizen science" in site.get("/arrangementer/").text
    site.clock.now = gathering.ends_at + timedelta(days=1)
    page = site.get("/arrangementer/")

    assert page.status == 200
    assert "Citizen science" in page.text


def test_a_gatherings_page_tells_of_it_and_hides_the_online_link(site: Site) -> None:
    gathering = site.publish(a_gathering(is_recorded=True, capacity=3))

    page = site.get(f"/arrangementer/{gathering.slug}")

    assert page.status == 200
    assert "Citizen science på Ærø" in page.text
    assert "application/ld+json" in page.text
    assert "moede.example.org" not in page.text


def test_a_gatherings_page_says_who_speaks_if_it_is_known(site: Site) -> None:
    known = site.publish(a_gathering(speakers={"da": "En bibliotekar og en forsker"}))
    unknown = site.publish(a_gathering(slug="endnu-ikke"))

    assert "Hvem taler" in (page := site.get(f"/arrangementer/{known.slug}").text)
    assert "En bibliotekar og en forsker" in page
    assert "Hvem taler" not in site.get(f"/arrangementer/{unknown.slug}").text


@pytest.mark.parametrize(
    "path", ["/arrangementer/findes-ikke", "/arrangementer/findes-ikke/tilmelding", "/findes/ikke"]
)
def test_what_is_not_there_is_said_on_a_page(site: Site, path: str) -> None:
    page = site.get(path)

    assert page.status == 404
    assert page.headers["content-type"].startswith("text/html")
    assert "Vi kan ikke finde siden" in page.text


def test_a_very_long_address_is_just_another_that_is_not_there(site: Site) -> None:
    assert site.get(f"/arrangementer/{'a' * 5000}").status == 404


def test_a_draft_is_not_there(site: Site) -> None:
    draft = a_gathering()
    site.desk.stores.gatherings.create(draft)

    assert site.get(f"/arrangementer/{draft.slug}").status == 404
    assert site.get(f"/arrangementer/{draft.slug}/tilmelding").status == 404
    assert site.send_form(draft).status == 404


@pytest.mark.parametrize(
    "path",
    ["/", "/arrangementer", "/arrangementer/{slug}", "/arrangementer/{slug}/tilmelding", "/privatliv", "/findes-ikke"],
)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_page_is_strict_about_what_it_loads(site: Site, prefix: str, path: str) -> None:
    gathering = site.publish(a_gathering())

    page = site.get(prefix + path.format(slug=gathering.slug))

    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["x-frame-options"] == "DENY"
    assert page.headers["strict-transport-security"]
    assert page.headers["content-language"] == ("en" if prefix else "da")


@pytest.mark.parametrize("path", ["/", "/arrangementer", "/arrangementer/{slug}", "/privatliv", "/findes-ikke"])
def test_to_ask_for_the_head_is_to_ask_without_the_body(site: Site, path: str) -> None:
    address = path.format(slug=site.publish(a_gathering()).slug)

    head, page = site.send("HEAD", address), site.get(address)

    assert head.text == ""
    assert head.status == page.status
    assert head.headers["content-type"] == page.headers["content-type"]


def test_a_slash_at_the_end_leads_to_the_same_page(site: Site) -> None:
    gathering = site.publish(a_gathering())

    for address in ("/arrangementer", f"/arrangementer/{gathering.slug}", "/en"):
        assert site.get(f"{address}/").status == site.get(address).status == 200


def test_each_language_has_pages_of_its_own(site: Site) -> None:
    gathering = site.publish(a_gathering(title={"da": "Fælles læring", "en": "Learning together"}))

    danish, english = (site.get(f"{prefix}/arrangementer/{gathering.slug}") for prefix in ("", "/en"))

    assert '<html lang="da"' in danish.text
    assert "Fælles læring" in danish.text
    assert '<html lang="en"' in english.text
    assert "Learning together" in english.text
    assert 'href="/en/arrangementer/' in english.text


def test_the_calendar_file_names_nobody(site: Site) -> None:
    gathering = site.publish(a_gathering())

    entry = site.get(f"/arrangementer/{gathering.slug}/kalender.ics")

    assert entry.headers["content-type"].startswith("text/calendar")
    assert "BEGIN:VEVENT" in entry.text
    assert "ATTENDEE" not in entry.text
    assert "moede.example.org" not in entry.text


def subscribed(site: Site, path: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the name of a calendar, and its entries: what each is called and how it stands."""
    answer = site.get(path)
    assert answer.status == 200, answer.text
    assert "content-disposition" not in answer.headers, "a program subscribes, and saves no file"
    calendar = Calendar.from_ical(answer.text)
    entries = [(str(event["SUMMARY"]), str(event["STATUS"])) for event in calendar.walk("VEVENT")]
    assert "moede.example.org" not in answer.text
    return str(calendar["NAME"]), entries


def test_all_gatherings_can_be_subscribed_to_also_what_was_cancelled_and_what_was_lately(site: Site) -> None:
    site.publish(a_seminar())
    off = site.publish(a_gathering(slug="aflyst", title={"da": "Aflyst"}))
    site.publish(a_gathering(slug="i-sommer", title={"da": "I sommer"}, sessions=(a_session("2026-06-01T09:00"),)))
    site.publish(a_gathering(slug="i-fjor", title={"da": "I fjor"}, sessions=(a_session("2025-06-01T09:00"),)))
    site.planned(title={"da": "Kladde"}, slug="kladde")
    site.desk.call_off(off)

    name, entries = subscribed(site, "/kalender.ics")

    assert name == bootstrap.network().name
    days = [f"Citizen science på Ærø: {one}" for one in ("Fælles dag", "Herning", "Kolding")]
    assert sorted(title for title, _ in entries) == sorted(["I sommer", "Aflyst", *days])
    assert dict(entries)["Aflyst"] == "CANCELLED"
    assert dict(entries)["I sommer"] == "CONFIRMED"


def test_a_theme_can_be_subscribed_to_before_there_is_anything_on_it(site: Site) -> None:
    assert subscribed(site, "/temaer/unge-stemmer/kalender.ics") == ("DB2030: Unge stemmer", [])

    site.publish(a_gathering(themes=("unge-stemmer",)))
    site.publish(a_gathering(slug="andet"))

    _, entries = subscribed(site, "/temaer/unge-stemmer/kalender.ics")
    assert len(entries) == 1


def test_the_accessibility_statement_is_where_the_rules_say(site: Site) -> None:
    answer = site.get("/was")

    assert answer.status == 302
    assert answer.headers["location"].startswith("https://was.digst.dk/")


def test_a_form_takes_a_seat_and_says_so(site: Site) -> None:
    gathering = site.publish(a_gathering(capacity=3))

    answer = site.fill_in(gathering)
    receipt = site.get(answer.headers["location"])

    assert answer.status == 303
    assert answer.headers["location"].startswith("/arrangementer/")
    assert receipt.status == 200
    assert "Du er tilmeldt" in receipt.text
    [registration] = site.registrations(gathering)
    assert registration.status is Status.CONFIRMED
    assert site.left(gathering) == 2
    assert "RegistrationConfirmed" in site.facts()


def test_a_seat_that_is_held_is_told_with_what_is_missing(site: Site) -> None:
    gathering = site.publish(a_gathering())

    receipt = site.get(site.fill_in(gathering, email="deltager1@et.andet.example.org").headers["location"])

    assert "Der mangler én ting" in receipt.text
    assert "Vi holder en plads til dig" in receipt.text
    assert [one.status for one in site.registrations(gathering)] == [Status.PENDING]


def test_who_waits_is_told_the_place_in_line(site: Site) -> None:
    gathering = site.publish(a_gathering(capacity=1, waiting_list=True))
    site.registered(gathering, name="Den første")

    receipt = site.get(site.fill_in(gathering).headers["location"])

    assert "Du er nummer 1 på ventelisten" in receipt.text
    assert "Din plads er bekræftet" not in receipt.text


def test_who_has_an_offer_and_signs_up_again_is_told_to_accept_it(site: Site) -> None:
    gathering = site.publish(a_gathering(capacity=1, waiting_list=True))
    first = site.desk.register(gathering, an_application(name="Den første"))
    site.fill_in(gathering)
    site.desk.cancel(gathering, first.registration_id)
    site.desk.move_line(gathering)

    receipt = site.get(site.fill_in(gathering).headers["location"])

    assert "Der er en ledig plads til dig" in receipt.text
    assert "sig ja til pladsen på din side" in receipt.text
    assert "bekræftet" not in receipt.text


def test_who_waits_for_a_coordinator_is_not_sent_to_a_button_that_is_not_there(site: Site) -> None:
    gathering = site.publish(a_gathering(approval=True))

    receipt = site.get(site.fill_in(gathering).headers["location"])

    assert "Din plads holdes" in receipt.text
    assert "En tovholder afgør, hvem der kommer med" in receipt.text
    assert "knappen" not in receipt.text


def test_the_receipt_does_not_tell_whether_somebody_was_registered_already(site: Site) -> None:
    gathering = site.publish(a_gathering(approval=True))
    unknown = {"email": "deltager1@et.andet.example.org"}
    first = site.get(site.fill_in(gathering, **unknown).headers["location"])
    [mine] = site.registrations(gathering)
    site.desk.do(changes.prove, gathering, mine.id, PERSON)

    again = site.get(site.fill_in(gathering, **unknown).headers["location"])

    assert Page(again.text).text == Page(first.text).text


def test_the_english_form_leads_to_english_pages_and_mails(site: Site) -> None:
    gathering = site.publish(a_gathering())

    answer = site.fill_in(gathering, prefix="/en")

    assert answer.headers["location"].startswith("/en/arrangementer/")
    [registration] = site.registrations(gathering)
    assert registration.language == "en"


def test_an_empty_form_is_told_what_is_missing(site: Site) -> None:
    gathering = site.publish(a_gathering())

    page = site.post_form(f"/arrangementer/{gathering.slug}/tilmelding", {})

    assert page.status == 422
    assert faulty_fields(page) == ["name", "email", "library", "role"]
    assert site.registrations(gathering) == []


def test_what_was_typed_is_still_there_when_something_is_wrong(site: Site) -> None:
    gathering = site.publish(a_gathering(asks_invoice_reference=True))

    page = site.fill_in(
        gathering, name='Åse "Ærø"', email="aase@herning", role="leader", gln="579", reference="Konto <17>"
    )

    assert page.status == 422
    assert faulty_fields(page) == ["email", "gln"]
    typed = [page.field(name) for name in ("name", "email", "gln", "reference")]
    assert typed == ['Åse "Ærø"', "aase@herning", "579", "Konto <17>"]
    assert "Konto &lt;17&gt;" in page.text
    assert selected(page) == ["765700"]
    assert re.search(r'value="leader"[^>]* checked', page.text)


def test_the_corrected_form_is_taken_with_the_same_nonce(site: Site) -> None:
    gathering = site.publish(a_gathering())
    wrong = site.fill_in(gathering, email="aase@herning")

    answer = site.send_form(gathering, nonce=wrong.field("idempotency_key"))

    assert answer.status == 303
    assert len(site.registrations(gathering)) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "Vind på https://www.example.org"}, "name"),
        ({"name": "www.example.org"}, "name"),
        ({"name": "Deltager\r\nBcc: alle@example.org"}, "name"),
        ({"name": "x" * 5000}, "name"),
        ({"email": "x"}, "email"),
        ({"email": "a" * 5000 + "@herning.example.org"}, "email"),
        ({"library": "799999"}, "library"),
        ({"library": "x" * 5000}, "library"),
        ({"role": "boss"}, "role"),
    ],
)
def test_what_cannot_be_taken_is_told_at_its_field(site: Site, changes: dict[str, str], field: str) -> None:
    gathering = site.publish(a_gathering())

    page = site.fill_in(gathering, **changes)

    assert page.status == 422
    assert faulty_fields(page) == [field]


@pytest.mark.parametrize(
    "case", [case for case in CASES if case["field"] in ("name", "email")], ids=lambda one: str(one["id"])
)
def test_difficult_texts_are_taken_or_told_and_never_break_the_page(site: Site, case: dict[str, str]) -> None:
    gathering = site.publish(a_gathering())
    text = case["text"] * int(case.get("repeat", 1))

    answer = site.fill_in(gathering, **{case["field"]: text})

    assert "<script>alert" not in answer.text
    if case["expected"] == "refused":
        assert (answer.status, faulty_fields(answer)) == (422, [case["field"]])
    else:
        assert answer.status == 303


def test_markup_in_a_name_is_shown_as_text(site: Site) -> None:
    gathering = site.publish(a_gathering())

    form = site.fill_in(gathering, name="<b>Deltager</b> & <script>alert(1)</script>", email="x")
    registration_id, token = site.registered(gathering, name="<b>Deltager</b> & <script>alert(1)</script>")
    own = site.get(f"/tilmelding/{token}")

    for page in (form, own):
        assert "<script>alert" not in page.text
        assert "&lt;b&gt;Deltager&lt;/b&gt; &amp; &lt;script&gt;" in page.text
    assert registration_id not in own.text


def test_before_the_window_the_form_says_so_and_keeps_what_was_typed(site: Site) -> None:
    gathering = site.publish(a_gathering(registration=Window(opens_at=NOW + timedelta(days=1))))

    page = site.send_form(gathering, name="Åse")

    assert page.status == 403
    assert "Tilmeldingen er ikke åbnet endnu" in alerts(page)
    assert page.field("name") == "Åse"


def test_what_nobody_can_sign_up_for_any_more_says_so_and_has_nothing_to_fill_in(site: Site) -> None:
    closed = site.publish(a_gathering(registration=Window(closes_at=NOW - timedelta(days=1))))
    called_off = site.publish(a_gathering(slug="aflyst"))
    site.desk.call_off(called_off)

    for gathering, said in ((closed, "Tilmeldingen er lukket"), (called_off, "Arrangementet er aflyst")):
        opened, sent = site.get(f"/arrangementer/{gathering.slug}/tilmelding"), site.send_form(gathering)
        assert (opened.status, sent.status) == (200, 409)
        for page in (opened, sent):
            assert said in page.text
            assert 'name="email"' not in page.text


def test_a_form_that_is_not_for_everybody_says_for_whom_before_it_is_filled_in(site: Site) -> None:
    window = Window(opens_at=NOW + timedelta(days=2))
    leaders = (Round("leaders", {"da": "Ledere først"}, NOW, who=Who(roles=("leader",))),)
    some, everybody = (
        site.publish(a_gathering(slug="nogle", rounds=leaders)),
        site.publish(a_gathering(slug="alle", rounds=(*leaders, Round("all", {"da": "Alle"}, NOW)))),
    )
    later = site.publish(a_gathering(slug="senere", rounds=leaders, registration=window))

    def form(gathering: Gathering) -> str:
        return site.get(f"/arrangementer/{gathering.slug}/tilmelding").text

    assert "Ledere først" in form(some) and "Åben nu." in form(some)
    assert "Ledere først" not in form(everybody)
    assert "Ledere først" in form(later) and "Åben nu." not in form(later)


def test_before_anybody_fills_in_the_form_it_says_what_the_seat_depends_on(site: Site) -> None:
    later = site.publish(a_gathering(registration=Window(opens_at=NOW + timedelta(days=1)), approval=True))

    page = site.get(f"/arrangementer/{later.slug}/tilmelding")

    assert "Tilmeldingen åbner" in page.text
    assert f"/arrangementer/{later.slug}/besked" in page.text
    assert "En tovholder afgør, hvem der kommer med" in page.text


ONLY_LEADERS_NOW = (
    Round("first", {"da": "Ledere"}, NOW - timedelta(days=1), NOW + timedelta(days=7), Who(roles=("leader",))),
    Round("rest", {"da": "Alle"}, NOW + timedelta(days=7)),
)


@pytest.mark.parametrize(
    "changes",
    [
        {"registration": Window(opens_at=NOW + timedelta(days=7))},
        {"rounds": ONLY_LEADERS_NOW},
        {"fair_share": FairShare(1, NOW + timedelta(days=7))},
    ],
    ids=["not open yet", "not this person's round", "fair share"],
)
def test_who_is_refused_until_a_moment_is_told_when_and_can_ask_to_be_told(site: Site, changes: dict[str, Any]) -> None:
    gathering = site.publish(a_gathering(capacity=9, **changes))
    if "fair_share" in changes:
        site.registered(gathering, name="Den første")

    page = site.send_form(gathering)
    asked = Page(page.text[: page.text.index(f'action="/arrangementer/{gathering.slug}/tilmelding"')]).sent
    answer = site.post_form(f"/arrangementer/{gathering.slug}/besked", {name: one for name, [one] in asked.items()})

    assert page.status == 403
    assert "Du kan tilmelde dig fra tirsdag den 8. september 2026 kl. 10.00" in alerts(page)
    person = {"email": ["deltager1@herning.example.org"], "library": ["765700"], "role": ["staff"]}
    assert asked == person | {"website": [""]}
    assert answer.status == 303
    [interest] = bootstrap.notices().left_for(gathering.id)
    assert (interest.email, interest.role) == ("deltager1@herning.example.org", "staff")
    assert interest.opens_at == NOW + timedelta(days=7)


@pytest.mark.parametrize(
    ("changes", "leads_there"),
    [
        ({}, False),
        ({"registration": Window(opens_at=NOW + timedelta(days=7))}, True),
        ({"rounds": ONLY_LEADERS_NOW}, True),
        ({"rounds": ONLY_LEADERS_NOW[:1]}, False),
        ({"rounds": ONLY_LEADERS_NOW, "registration": Window(closes_at=NOW + timedelta(days=5))}, False),
        ({"rounds": ONLY_LEADERS_NOW, "registration": Window(closes_at=NOW)}, False),
    ],
    ids=["open", "not open yet", "not to all yet", "never to all", "closed before", "closed"],
)
def test_the_page_leads_to_where_one_can_ask_to_be_told_of_an_opening(
    site: Site, changes: dict[str, Any], leads_there: bool
) -> None:
    gathering = site.publish(a_gathering(**changes))

    page = site.get(f"/arrangementer/{gathering.slug}")

    assert (f"/arrangementer/{gathering.slug}/besked" in Page(page.text).links) is leads_there


def test_who_is_refused_for_good_is_not_offered_to_be_told(site: Site) -> None:
    gathering = site.publish(a_gathering(rounds=ONLY_LEADERS_NOW[:1]))

    page = site.send_form(gathering)

    assert page.status == 403
    assert "Tilmeldingen er ikke åben for dig lige nu" in alerts(page)
    assert "/besked" not in page.text


def test_when_it_is_full_the_form_says_so(site: Site) -> None:
    gathering = site.publish(a_gathering(capacity=1))
    site.registered(gathering)

    page = site.send_form(gathering, name="Åse")

    assert page.status == 409
    assert "Alle pladser er taget" in alerts(page)
    assert page.field("name") == "Åse"
    assert site.left(gathering) == 0


PLACES = (
    a_session("2026-10-05T09:00", title={"da": "Online"}),
    a_session("2026-10-06T09:00", id="ballerup", title={"da": "Ballerup"}, choose_one_of="Sted", capacity=1),
    a_session("2026-10-07T09:00", id="herning", title={"da": "Herning"}, choose_one_of="Sted", capacity=3),
    a_session("2026-10-08T09:00", id="odense", title={"da": "Odense"}, choose_one_of="Sted"),
)


def rooms(page: Answer) -> dict[str, str]:
    """Return what the page says of the room in each of the things to choose between."""
    labels = re.findall(r'<label class="form-label" for="[\w-]+">(.*?)</label>', page.text, re.DOTALL)
    found = (re.fullmatch(r"(.*?)(?:: .*?)?(?:<span class=\"badge[^>]*>(.*?)</span>)?", one.strip()) for one in labels)
    return {one[1].strip(): one[2] or "" for one in found if one}


@pytest.mark.parametrize(("waiting_list", "full"), [(True, "Venteliste"), (False, "Alt optaget")])
def test_each_session_to_choose_says_whether_there_is_room(site: Site, waiting_list: bool, full: str) -> None:
    gathering = site.publish(a_gathering(capacity=40, sessions=PLACES, waiting_list=waiting_list))
    site.desk.register(gathering, an_application(name="Den første", sessions=("one", "ballerup")))

    form, page = (site.get(f"/arrangementer/{gathering.slug}{under}") for under in ("/tilmelding", ""))

    told = rooms(form)
    assert {name: told[name] for name in ("Ballerup", "Herning", "Odense")} == {
        "Ballerup": full,
        "Herning": "3 pladser tilbage",
        "Odense": "",
    }
    assert [word for word in (full, "3 pladser tilbage") if word in page.text] == [full, "3 pladser tilbage"]


def test_each_way_to_take_part_says_whether_there_is_room(site: Site) -> None:
    hybrid = a_gathering(place=Place("Herning", "Østergade 8"), on_site_capacity=1, online_capacity=30, capacity=20)
    gathering = site.publish(hybrid)
    site.registered(gathering, name="Den første", mode="on_site")

    form, page = (site.get(f"/arrangementer/{gathering.slug}{under}") for under in ("/tilmelding", ""))

    told = rooms(form)
    assert (told["På stedet"], told["Online"]) == ("Alt optaget", "19 pladser tilbage")
    assert re.search(r"Du kan også deltage online\. <span[^>]*>19 pladser tilbage", page.text)


def test_seats_that_a_round_keeps_are_not_left_for_others(site: Site) -> None:
    leaders = replace(ONLY_LEADERS_NOW[0], reserved_seats=5)
    gathering = site.publish(a_gathering(capacity=6, rounds=(leaders, Round("all", {"da": "Alle"}, NOW))))
    address = f"/arrangementer/{gathering.slug}"

    before = site.get(address)
    site.registered(gathering, name="Den sidste")
    after, form = site.get(address), site.get(f"{address}/tilmelding")
    refused, seated = site.fill_in(gathering), site.fill_in(gathering, role="leader", name="En leder")

    assert "1 plads tilbage" in before.text
    assert "5 pladser mere er forbeholdt en runde." in before.text
    assert "Kun forbeholdte pladser" in after.text
    for page in (after, form):
        assert "De 5 pladser, der er tilbage, er forbeholdt en runde." in page.text
    assert "plads tilbage" not in after.text
    assert (refused.status, seated.status) == (409, 303)


def test_when_the_last_round_is_over_the_page_says_when_that_was(site: Site) -> None:
    gathering = site.publish(a_gathering(rounds=ONLY_LEADERS_NOW[:1]))
    site.clock.advance(timedelta(days=8))

    page = site.get(f"/arrangementer/{gathering.slug}")

    assert "Tilmeldingen lukkede tirsdag den 8. september 2026 kl. 10.00." in page.text


def test_a_cancelled_gathering_takes_nobody_and_says_so(site: Site) -> None:
    gathering = site.publish(a_gathering())
    site.desk.call_off(gathering)

    page = site.send_form(gathering)

    assert page.status == 409
    assert "aflyst" in alerts(page)


def test_the_same_form_sent_twice_is_one_registration_and_one_mail(site: Site) -> None:
    gathering = site.publish(a_gathering())

    answers = [site.send_form(gathering, nonce="same") for _ in range(2)]

    assert [answer.status for answer in answers] == [303, 303]
    assert len(site.registrations(gathering)) == 1
    assert site.facts() == ["GatheringPublished", "RegistrationConfirmed"]


def test_going_back_and_changing_the_name_is_another_registration(site: Site) -> None:
    gathering = site.publish(a_gathering())

    for name in ("Deltager 1", "Deltager 2"):
        assert site.send_form(gathering, nonce="same", name=name).status == 303

    assert [one.participant.name for one in site.registrations(gathering)] == ["Deltager 1", "Deltager 2"]


def test_a_form_without_a_nonce_is_taken_too(site: Site) -> None:
    gathering = site.publish(a_gathering())

    assert site.send_form(gathering, nonce="").status == 303


def test_who_is_registered_already_sees_the_same_as_everybody(site: Site) -> None:
    gathering = site.publish(a_gathering())

    first, again = (site.get(site.fill_in(gathering).headers["location"]) for _ in range(2))

    assert first.text == again.text
    assert site.facts().count("RegistrationLinkRequested") == 1


def test_a_program_that_fills_in_the_hidden_field_is_told_nothing_and_gets_nothing(site: Site) -> None:
    gathering = site.publish(a_gathering())

    answer = site.send_form(gathering, website="https://example.org")

    assert answer.status == 303
    assert site.get(answer.headers["location"]).status == 200
    assert site.registrations(gathering) == []


def test_a_program_that_fills_in_the_hidden_field_of_nothing_gets_no_receipt_that_breaks(site: Site) -> None:
    answer = site.send_form(a_gathering(slug="findes-ikke"), website="x")

    assert answer.status in (303, 404)
    if answer.status == 303:
        assert site.get(answer.headers["location"]).status == 404


def test_a_receipt_is_for_one_gathering_and_for_an_hour(site: Site) -> None:
    one, other = site.publish(a_gathering()), site.publish(a_gathering(slug="design-thinking"))
    location = site.fill_in(one).headers["location"]

    assert site.get(location.replace(one.slug, other.slug)).status == 404
    assert site.get(location[:-2]).status == 404
    site.clock.advance(timedelta(hours=1))
    assert site.get(location).status == 410


def test_too_large_a_body_is_refused(site: Site) -> None:
    gathering = site.publish(a_gathering())
    path = f"/arrangementer/{gathering.slug}/tilmelding"

    page = site.send("POST", path, b"name=" + b"x" * LARGEST, FORM)

    assert page.status == 413
    assert page.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    "content_type", ["application/json", "text/plain", "multipart/form-data; boundary=x", "application/xml", ""]
)
def test_a_body_of_another_kind_is_refused(site: Site, content_type: str) -> None:
    gathering = site.publish(a_gathering())

    page = site.send("POST", f"/arrangementer/{gathering.slug}/tilmelding", b"name=x", {"content-type": content_type})

    assert page.status == 415
    assert page.headers["content-type"].startswith("text/html")
    assert "content-security-policy" in page.headers


def test_the_kind_of_a_body_may_say_its_charset(site: Site) -> None:
    gathering = site.publish(a_gathering())
    kind = {"content-type": "application/x-www-form-urlencoded; charset=UTF-8"}

    assert site.send("POST", f"/arrangementer/{gathering.slug}/tilmelding", b"name=x", kind).status == 422


@pytest.mark.parametrize(
    "body", [b"\xff\xfe=1", b"&".join(b"a%d=1" % at for at in range(500))], ids=["bytes", "fields"]
)
def test_what_is_no_form_is_refused(site: Site, body: bytes) -> None:
    gathering = site.publish(a_gathering())

    assert site.send("POST", f"/arrangementer/{gathering.slug}/tilmelding", body, FORM).status == 422


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/", {"GET", "HEAD"}),
        ("POST", "/arrangementer", {"GET", "HEAD"}),
        ("PUT", "/arrangementer/{slug}/tilmelding", {"GET", "HEAD", "POST"}),
        ("POST", "/privatliv", {"GET", "HEAD"}),
    ],
)
def test_another_method_is_told_which_there_are(site: Site, method: str, path: str, allowed: set[str]) -> None:
    gathering = site.publish(a_gathering())

    page = site.send(method, path.format(slug=gathering.slug), b"", FORM)

    assert page.status == 405
    assert {one.strip() for one in page.headers["allow"].split(",")} == allowed
    assert page.headers["content-type"].startswith("text/html")


def allowing(site: Site, monkeypatch: pytest.MonkeyPatch, allowance: Allowance) -> None:
    monkeypatch.setattr(bootstrap, "allowance", lambda: allowance)


def test_too_many_at_once_are_told_when_to_come_back_and_keep_what_they_typed(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowing(site, monkeypatch, replace(GENEROUS, address_per_hour=1))
    gathering = site.publish(a_gathering())
    site.fill_in(gathering)

    page = site.fill_in(gathering, name="Åse")

    assert page.status == 429
    assert 1 <= int(page.headers["retry-after"]) <= 3600
    assert page.field("name") == "Åse"


@pytest.mark.parametrize(
    ("headers", "others", "status"),
    [
        ({}, {}, 429),
        ({"x-viewer-address": "192.0.2.1"}, {"x-viewer-address": "192.0.2.2"}, 429),
        (
            {"x-origin-secret": ORIGIN_SECRET, "x-viewer-address": "192.0.2.1"},
            {"x-origin-secret": ORIGIN_SECRET, "x-viewer-address": "192.0.2.2"},
            303,
        ),
        (
            {"x-origin-secret": ORIGIN_SECRET, "x-viewer-address": "2001:db8::1"},
            {"x-origin-secret": ORIGIN_SECRET, "x-viewer-address": "2001:db8::2"},
            429,
        ),
        (
            {"x-origin-secret": ORIGIN_SECRET, "x-viewer-address": "2001:db8::1"},
            {"x-origin-secret": ORIGIN_SECRET, "x-viewer-address": "2001:db8:0:1::1"},
            303,
        ),
        (
            {"x-origin-secret": ORIGIN_SECRET, "x-viewer-address": "nonsense"},
            {"x-origin-secret": ORIGIN_SECRET, "x-viewer-address": "more nonsense"},
            429,
        ),
        ({"x-origin-secret": "æ", "x-viewer-address": "192.0.2.1"}, {"x-origin-secret": "ø"}, 429),
    ],
    ids=["the connection", "round the edge", "two visitors", "one IPv6 network", "two", "no addresses", "no secret"],
)
def test_visitors_are_counted_by_what_the_edge_says_of_them(
    site: Site,
    monkeypatch: pytest.MonkeyPatch,
    headers: dict[str, str],
    others: dict[str, str],
    status: int,
) -> None:
    allowing(site, monkeypatch, replace(GENEROUS, network_per_second=1))
    gathering = site.publish(a_gathering())
    path = f"/arrangementer/{gathering.slug}/tilmelding"
    body = b"name=Deltager+%d&email=d@herning.example.org&library=765700&role=staff"

    first = site.send("POST", path, body % 1, FORM | headers)
    second = site.send("POST", path, body % 2, FORM | others)

    assert (first.status, second.status) == (303, status)


@pytest.mark.parametrize("trouble", [Trouble.CONFLICT, Trouble.THROTTLED, Trouble.UNREACHABLE, Trouble.LOST_ANSWER])
def test_while_the_store_is_busy_the_form_keeps_what_was_typed(site: Site, sleep: Sleep, trouble: Trouble) -> None:
    gathering = site.publish(a_gathering(capacity=3))
    nonce = site.get(f"/arrangementer/{gathering.slug}/tilmelding").field("idempotency_key")
    bootstrap.gathering_reader().remembered(gathering.slug)

    with FaultInjector(probability=1, kinds=[trouble], operations=EVERYTHING):
        page = site.send_form(gathering, nonce=nonce, name="Åse")
    again = site.send_form(gathering, nonce=nonce, name="Åse")

    assert page.status == 503
    assert page.headers["retry-after"]
    assert page.field("name") == "Åse"
    assert page.field("idempotency_key") == nonce
    assert selected(page) == ["765700"]
    assert again.status == 303
    assert len(site.registrations(gathering)) == 1
    assert site.left(gathering) == 2


def test_a_page_that_cannot_be_read_says_when_to_come_back(site: Site, sleep: Sleep) -> None:
    gathering = site.publish(a_gathering())

    with FaultInjector(probability=1, kinds=[Trouble.THROTTLED], operations=EVERYTHING):
        page = site.get(f"/arrangementer/{gathering.slug}")

    assert page.status == 503
    assert page.headers["content-type"].startswith("text/html")


def test_conflicts_in_half_of_the_attempts_cost_nobody_a_seat(site: Site, sleep: Sleep) -> None:
    gathering = site.publish(a_gathering(capacity=10))

    with FaultInjector(probability=0.5, kinds=[Trouble.CONFLICT, Trouble.CONFLICT_BESIDE_CONDITION]):
        statuses = [site.send_form(gathering, nonce=f"{at}", name=f"Deltager {at}").status for at in range(14)]

    assert statuses == [303] * 10 + [409] * 4
    assert len(site.registrations(gathering)) == 10


def test_a_fault_of_ours_is_a_page_too(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> object:
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr(bootstrap, "gatherings", broken)

    page = site.get("/")

    assert page.status == 500
    assert "content-security-policy" in page.headers
    assert "mistake" not in page.text


def test_a_receipt_made_for_something_else_opens_nothing(site: Site) -> None:
    gathering = site.publish(a_gathering())
    token = bootstrap.links().token(Purpose.OWN_FORM, gathering.slug, expires=NOW + timedelta(hours=1))

    assert site.get(f"/arrangementer/{gathering.slug}/tilmelding/kvittering/{token}").status == 404


def test_the_form_offers_every_library_in_danish_order(site: Site) -> None:
    gathering = site.publish(a_gathering())

    page = site.get(f"/arrangementer/{gathering.slug}/tilmelding")

    names = re.findall(r'<option value="7\d+"[^>]*>([^<]+)</option>', page.text)
    assert len(names) == 98
    assert names[-3:] == ["Aabenraa", "Aalborg", "Aarhus"]


def test_a_request_as_api_gateway_sends_it_is_read(site: Site) -> None:
    sample = json.loads((DATA / "aws" / "apigateway-rest-form-post-base64.json").read_text(encoding="utf-8"))
    gathering = site.publish(a_gathering())
    path = f"/arrangementer/{gathering.slug}/tilmelding"
    event = sample | {"resource": "/{proxy+}", "path": path, "pathParameters": {"proxy": path[1:]}}
    event["requestContext"] = sample["requestContext"] | {"resourcePath": "/{proxy+}"}

    from app import app

    answer = app(event, None)

    assert answer["statusCode"] == 422, "it is a form of another site, and is read as a form"
    assert an_application().role in answer["body"]
