"""A programme's page, as everybody sees it."""

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from shared.gatherings import service as gathering_planning
from shared.gatherings.dynamo import DynamoGatheringStore
from shared.gatherings.rounds import Round, Who
from shared.programmes import service as planning
from shared.programmes.dynamo import DynamoProgrammeStore
from shared.programmes.model import Programme, Track
from tests.support.builders import NETWORK, NOW, a_gathering, a_session
from tests.support.programmes import a_programme, a_round
from tests.support.site import Site

CERTIFIED = Round(
    "first",
    {"da": "Certificeringsbibliotekerne", "en": "Certification libraries"},
    NOW - timedelta(days=3),
    NOW + timedelta(days=7),
    Who(certification=("certified", "in_progress")),
    5,
)
REST = Round("rest", {"da": "Alle andre"}, NOW + timedelta(days=7))


def publish(**changes: Any) -> Programme:
    store = DynamoProgrammeStore()
    planned = planning.plan(a_programme(**changes), languages=NETWORK.languages, store=store)
    return planning.publish(planned.id, store=store, now=NOW, correlation_id="correlation")


def add(programme: Programme, *, publish: bool = True, **changes: Any) -> None:
    store = DynamoGatheringStore()
    planned = gathering_planning.plan(
        a_gathering(programme=programme.id, **changes),
        languages=NETWORK.languages,
        programmes=DynamoProgrammeStore(),
        store=store,
    )
    if publish:
        gathering_planning.publish(planned.id, store=store, now=NOW, correlation_id="correlation")


def test_a_programme_is_shown_with_its_period_tracks_and_rounds(site: Site) -> None:
    track = Track("t", {"da": "Lederspor"}, ("leader",), (a_round(name={"da": "Ledernes runde"}),))
    publish(
        rounds=(REST, CERTIFIED), tracks=(track,), description={"da": "# Mål\n\nMed **vægt**."}, owner_group="Gruppen"
    )

    page = site.get("/forloeb/verdensmaal")

    assert page.status == 200
    text = page.text
    assert "Verdensmål på biblioteket" in text
    assert "mandag den 7. september 2026" in text and "fredag den 29. januar 2027" in text
    assert "<strong>vægt</strong>" in text
    assert "Lederspor" in text and "Ledernes runde" in text
    assert text.index("Certificeringsbibliotekerne") < text.index("Alle andre")
    assert "tirsdag den 8. september 2026 kl. 10.00" in text


def test_the_page_is_there_in_every_language(site: Site) -> None:
    publish(title={"da": "Verdensmål", "en": "The Goals"}, rounds=(CERTIFIED,))

    page = site.get("/en/forloeb/verdensmaal")

    assert page.headers["content-language"] == "en"
    assert "The Goals" in page.text
    assert "For libraries that are certified or working on their certification." in page.text
    assert "Open until Tuesday 8 September 2026 at 10:00." in page.text
    assert "5 seats in each gathering are kept for this round until Tuesday 8 September 2026 at 10:00." in page.text


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (replace(REST, closes_at=NOW + timedelta(days=8)), "Opens Tuesday 8 September 2026 at 10:00 and closes"),
        (REST, "Opens Tuesday 8 September 2026 at 10:00."),
        (replace(REST, opens_at=NOW), "Open now."),
        (replace(CERTIFIED, closes_at=NOW), "Closed Tuesday 1 September 2026 at 10:00."),
        (REST, "For everybody."),
        (replace(REST, who=Who(roles=("staff",))), "For staff."),
        (replace(REST, who=Who(libraries=("765700", "761500"))), "For people from Herning or Horsens."),
        (replace(REST, who=Who(emails=("a@herning.example.org",))), "By invitation."),
        (replace(REST, reserved_seats=1), "1 seat in each gathering is kept for this round."),
    ],
)
def test_rounds_are_put_into_words(site: Site, one: Round, said: str) -> None:
    publish(rounds=(one,))

    assert said in site.get("/en/forloeb/verdensmaal").text


def test_nobody_is_named_who_was_invited(site: Site) -> None:
    publish(rounds=(replace(REST, who=Who(emails=("a@herning.example.org",))),))

    assert "a@herning.example.org" not in site.get("/forloeb/verdensmaal").text


def test_what_is_coming_and_what_has_been_are_told_apart(site: Site) -> None:
    programme = publish()
    for slug, starts in (("to-come", "2026-10-05T09:00"), ("over", "2026-08-03T09:00")):
        add(programme, slug=slug, title={"da": slug}, sessions=(a_session(starts),))
    site.publish(a_gathering(slug="elsewhere", title={"da": "elsewhere"}))

    text = site.get("/forloeb/verdensmaal").text

    to_come, past = text.split('id="past"')
    assert "/arrangementer/to-come" in to_come and "/arrangementer/to-come" not in past
    assert "/arrangementer/over" in past
    assert "elsewhere" not in text


def test_search_engines_read_it_as_a_series(site: Site) -> None:
    programme = publish(summary={"da": "Kort </script> fortalt"})
    add(programme, slug="to-come")

    page = site.get("/forloeb/verdensmaal")

    [found] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page.text, re.DOTALL)
    series = json.loads(found)
    assert (series["@type"], series["startDate"], series["endDate"]) == ("EventSeries", "2026-09-07", "2027-01-29")
    assert series["url"] == "https://tovholder.example.org/forloeb/verdensmaal"
    assert [one["url"] for one in series["subEvent"]] == ["https://tovholder.example.org/arrangementer/to-come"]
    assert series["eventStatus"] == "https://schema.org/EventScheduled"


def test_nobody_sees_drafts(site: Site) -> None:
    programme = planning.plan(a_programme(), languages=NETWORK.languages, store=DynamoProgrammeStore())

    assert site.get(f"/forloeb/{programme.slug}").status == 404
    assert site.get("/forloeb/nothing").status == 404


def test_a_programme_that_was_taken_off_says_so(site: Site) -> None:
    programme = publish()
    planning.cancel(programme.id, store=DynamoProgrammeStore(), now=NOW, correlation_id="correlation")

    page = site.get("/en/forloeb/verdensmaal")

    assert page.status == 200
    assert "This programme is cancelled" in page.text
    assert "EventCancelled" in page.text


def test_a_programme_can_be_subscribed_to(site: Site) -> None:
    programme = publish(title={"da": "Verdensmål på Ærø"})
    add(programme, slug="to-come", title={"da": "Kommer"})
    add(programme, slug="draft", title={"da": "Kladde"}, publish=False)

    page, answer = site.get(f"/forloeb/{programme.slug}"), site.get(f"/forloeb/{programme.slug}/kalender.ics")
    calendar = Calendar.from_ical(answer.text)

    assert f'href="/forloeb/{programme.slug}/kalender.ics"' in page.text
    assert str(calendar["NAME"]) == "DB2030: Verdensmål på Ærø"
    assert [str(event["SUMMARY"]) for event in calendar.walk("VEVENT")] == ["Kommer"]
    assert site.get("/forloeb/findes-ikke/kalender.ics").status == 404


def test_a_programme_of_one_day_has_one_day(site: Site) -> None:
    publish(starts_on=date(2026, 9, 7), ends_on=date(2026, 9, 7))

    text = site.get("/en/forloeb/verdensmaal").text

    assert "Monday 7 September 2026" in text
    assert "Monday 7 September 2026 to" not in text
