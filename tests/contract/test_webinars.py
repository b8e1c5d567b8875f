"""Webinars are kept alike by the fake and by the table, and what is told of them is told with what is kept."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

from events.catalog import decode
from events.envelope import Envelope
from shared.messaging.outbox import unsent_since
from shared.refusals import Invalid
from shared.webinars import service
from shared.webinars.dynamo import DynamoWebinarStore
from shared.webinars.model import (
    State,
    Webinar,
    WebinarChangedMeanwhile,
    WebinarNotFound,
    WebinarSlugTaken,
)
from shared.webinars.ports import Surroundings, WebinarStore
from shared.webinars.service import Editing
from tests.support.builders import NETWORK, NOW, a_published_gathering, a_ready_webinar, a_webinar
from tests.support.memory_webinars import InMemoryFiles, InMemoryWebinarStore

ALWAYS: Final = datetime(9000, 1, 1, tzinfo=UTC)
LATER: Final = NOW + timedelta(days=2)
VTT: Final = b"WEBVTT\n\n00:01.000 --> 00:04.000\nGodmorgen og velkommen.\n"


@dataclass
class Desk:
    """Where editors work, and what became known of it."""

    store: WebinarStore
    facts: Callable[[], list[Envelope[Any]]]

    def __post_init__(self) -> None:
        self.files = InMemoryFiles()
        self.around = Surroundings(self.store, ("da", "en"), ("video.example.org",), NETWORK.zone)

    def by(self, who: str = "an editor", *, now: datetime = NOW) -> Editing:
        return Editing(self.around, who, now, "correlation")

    def told(self) -> list[str]:
        return [fact.type for fact in sorted(self.facts(), key=lambda fact: fact.subject_version)]


@pytest.fixture(params=["memory", "dynamo"])
def desk(request: pytest.FixtureRequest) -> Desk:
    if request.param == "memory":
        memory = InMemoryWebinarStore()
        return Desk(memory, lambda: memory.facts)
    request.getfixturevalue("table")
    return Desk(DynamoWebinarStore(), lambda: [decode(body) for body in unsent_since(ALWAYS)])


def kept(desk: Desk, webinar: Webinar) -> Webinar:
    desk.store.create(webinar)
    return webinar


def test_a_webinar_comes_back_as_it_was_kept(desk: Desk) -> None:
    made = desk.by().draft(a_ready_webinar())

    assert desk.store.get(made.id) == made
    assert desk.told() == []


@pytest.mark.parametrize("id", ["", "nobody", "x" * 3000])
def test_what_is_not_there_is_not_found(desk: Desk, id: str) -> None:
    with pytest.raises(WebinarNotFound):
        desk.store.get(id)


def test_an_address_of_the_title_gets_a_number_when_it_is_taken_and_one_asked_for_is_refused(desk: Desk) -> None:
    first, second = (desk.by().draft(a_webinar(slug="", title={"da": "Børn & unge"})) for _ in range(2))

    assert (first.slug, second.slug) == ("boern-unge", "boern-unge-2")
    with pytest.raises(WebinarSlugTaken):
        desk.by().draft(a_webinar(slug="boern-unge"))


def test_the_same_draft_sent_twice_is_kept_once(desk: Desk) -> None:
    made = desk.by().draft(a_webinar())

    with pytest.raises(WebinarChangedMeanwhile):
        desk.by().draft(replace(made, slug="another"))

    assert desk.store.get(made.id) == made


def test_a_bad_draft_is_kept_nowhere(desk: Desk) -> None:
    with pytest.raises(Invalid):
        desk.by().draft(a_webinar(link="https://elsewhere.example.org/x"))

    assert desk.store.listed().webinars == ()


def test_a_held_gathering_becomes_a_draft_and_a_second_one_when_it_is_asked_for(desk: Desk) -> None:
    gathering = a_published_gathering(themes=("unge",))
    after = desk.by(now=gathering.ends_at)

    first, second = after.draft_of(gathering), after.draft_of(gathering)

    assert (first.title, first.themes, first.owner) == (gathering.title, ("unge",), "an editor")
    assert first.slug != second.slug


def test_those_made_of_a_gathering_are_found_by_it_whatever_their_state(desk: Desk) -> None:
    gathering, other = a_published_gathering(), a_published_gathering(slug="another")
    after = desk.by(now=gathering.ends_at)
    made = {after.draft_of(gathering).id, after.draft_of(gathering).id}
    after.draft_of(other)
    kept(desk, a_webinar())

    assert {one.id for one in desk.store.of_gathering(gathering.id)} == made
    assert desk.store.of_gathering("of none") == ()


def test_what_is_told_follows_from_what_happened(desk: Desk) -> None:
    webinar = kept(desk, a_ready_webinar())

    desk.by().change(replace(webinar, title={"da": "Kladden ændret"}), files=desk.files)
    desk.by().ask_for_review(webinar.id)
    desk.by("another").publish(webinar.id)
    shown = desk.by().publish(webinar.id)
    desk.by().change(replace(shown, title={"da": "Rettet"}), files=desk.files)
    desk.by().hide(webinar.id, {"da": "Forældet"})
    desk.by().publish(webinar.id)

    assert desk.told() == ["WebinarPublished", "WebinarChanged", "WebinarHidden", "WebinarPublished"]
    assert {fact.subject for fact in desk.facts()} == {webinar.id}


def test_of_two_who_change_at_once_the_second_is_told(desk: Desk) -> None:
    webinar = kept(desk, a_ready_webinar())
    desk.by().change(replace(webinar, title={"da": "Deres"}), files=desk.files)

    with pytest.raises(WebinarChangedMeanwhile):
        desk.by().change(replace(webinar, title={"da": "Mit"}), files=desk.files)

    assert desk.store.get(webinar.id).title == {"da": "Deres"}


def test_of_two_who_publish_at_once_one_does(desk: Desk) -> None:
    webinar = kept(desk, a_ready_webinar())
    after = webinar.published("an editor", NOW, first="da", today=NOW.date())
    desk.store.save(webinar, after, [])

    with pytest.raises(WebinarChangedMeanwhile):
        desk.store.save(webinar, after, [])

    assert desk.by("another").publish(webinar.id) == after
    assert desk.told() == []


def test_captions_are_kept_under_a_name_of_what_is_in_them(desk: Desk) -> None:
    webinar = kept(desk, a_webinar())

    first, read = desk.by().caption(webinar.id, "da", VTT, files=desk.files)
    again, _ = desk.by().caption(webinar.id, "da", VTT.replace(b"\n", b"\r\n"), files=desk.files)
    other, _ = desk.by().caption(webinar.id, "da", VTT.replace(b"Godmorgen", b"Goddag"), files=desk.files)

    assert read.warnings == ()
    assert first.captions == again.captions != other.captions
    assert first.captions_in("da").until == 4000
    assert list(desk.files.kept) == [other.captions_in("da").file], "those that were replaced are removed"
    assert desk.files.kept[other.captions_in("da").file][1] == "application/json"
    assert service.cues(other.captions_in("da"), files=desk.files)[0].text == "Goddag og velkommen."
    assert desk.by().uncaption(webinar.id, "da", files=desk.files).captions == ()
    assert desk.files.kept == {}


@pytest.mark.parametrize("language", ["", "dansk", "../../x", "DA"])
def test_captions_are_in_a_language(desk: Desk, language: str) -> None:
    webinar = kept(desk, a_webinar())

    with pytest.raises(Invalid) as refused:
        desk.by().caption(webinar.id, language, VTT, files=desk.files)

    assert [fault.field for fault in refused.value.faults] == ["language"]
    assert desk.files.kept == {}


def test_captions_that_are_wrong_are_refused_by_line_and_nothing_is_kept(desk: Desk) -> None:
    webinar = kept(desk, a_webinar())
    broken = Path("tests/data/transcripts/broken.vtt").read_bytes()

    with pytest.raises(Invalid) as refused:
        desk.by().caption(webinar.id, "da", broken, files=desk.files)

    assert "captions.12" in [fault.field for fault in refused.value.faults]
    assert desk.files.kept == {}
    assert desk.store.get(webinar.id) == webinar


def test_captions_that_name_somebody_by_number_are_refused(desk: Desk) -> None:
    webinar = kept(desk, a_webinar())
    content = "WEBVTT\n\n00:01.000 --> 00:04.000\nRing på 010203-1234.\n".encode()

    with pytest.raises(Invalid) as refused:
        desk.by().caption(webinar.id, "da", content, files=desk.files)

    assert [fault.field for fault in refused.value.faults] == ["captions"]
    assert desk.files.kept == {}


def test_captions_of_no_webinar_are_kept_nowhere(desk: Desk) -> None:
    with pytest.raises(WebinarNotFound):
        desk.by().caption("nobody", "da", VTT, files=desk.files)

    assert desk.files.kept == {}


def test_they_are_listed_by_recording_the_newest_first_and_in_pages(desk: Desk) -> None:
    days = [date(2026, 1, 1), date(2026, 3, 1), date(2026, 2, 1)]
    for day in days:
        kept(desk, a_webinar(held_on=day, slug=f"webinar-{day.month}"))

    first = desk.store.listed(limit=2)
    last = desk.store.listed(after=first.next, limit=2)

    assert [one.held_on.month for one in (*first.webinars, *last.webinars)] == [3, 2, 1]
    assert last.next is None


def test_what_waits_is_shown_when_its_moment_has_come_and_once(desk: Desk) -> None:
    waits = kept(desk, a_ready_webinar())
    withdrawn = kept(desk, a_ready_webinar(slug="trukket-tilbage"))
    for one in (waits, withdrawn):
        desk.by().schedule(one.id, LATER)
    desk.by().withdraw(withdrawn.id)

    def shown(now: datetime) -> int:
        return service.settle_due(around=desk.around, now=now, correlation_id="correlation")

    assert shown(LATER - timedelta(seconds=1)) == 0
    assert (shown(LATER), shown(LATER)) == (1, 0)
    assert desk.store.get(waits.id).state is State.PUBLISHED
    assert desk.store.get(withdrawn.id).state is State.DRAFT
    assert desk.told() == ["WebinarPublished"]


def test_the_owner_is_told_of_each_day_of_review_once_and_what_was_told_is_found(desk: Desk) -> None:
    webinar = kept(desk, a_ready_webinar(review_on=date(2026, 12, 1)))
    late = kept(desk, a_ready_webinar(slug="to", review_on=date(2026, 11, 1)))
    hidden = kept(desk, a_ready_webinar(slug="skjult", review_on=date(2026, 11, 1)))
    for one in (webinar, late, hidden):
        desk.by().publish(one.id)
    desk.by().hide(hidden.id, {"da": "Forældet"})

    def told(*, at: datetime) -> int:
        return service.settle_due(around=desk.around, now=at, correlation_id="correlation")

    morning = datetime(2026, 12, 1, 1, tzinfo=UTC)
    assert told(at=datetime(2026, 10, 31, 22, tzinfo=UTC)) == 0
    assert (told(at=morning), told(at=morning)) == (2, 0)
    assert [one.id for one in desk.store.to_be_reviewed()] == [late.id, webinar.id]
    [fact] = [one for one in desk.facts() if one.type == "WebinarDue" and one.subject == webinar.id]
    assert fact.data.webinar_id == webinar.id

    seen = desk.store.get(webinar.id)
    desk.by().change(replace(seen, review_on=date(2027, 6, 1)), files=desk.files)
    assert [one.id for one in desk.store.to_be_reviewed()] == [late.id]
    assert told(at=morning + timedelta(days=1)) == 0
    assert told(at=datetime(2027, 6, 1, 1, tzinfo=UTC)) == 1


def test_a_day_that_has_not_come_where_the_network_is_waits(desk: Desk) -> None:
    around = replace(desk.around, zone=ZoneInfo("America/Halifax"))
    webinar = kept(desk, a_ready_webinar(review_on=date(2026, 12, 1)))
    desk.by().publish(webinar.id)

    def told(*, at: datetime) -> int:
        return service.settle_due(around=around, now=at, correlation_id="correlation")

    assert told(at=datetime(2026, 12, 1, 3, tzinfo=UTC)) == 0
    assert told(at=datetime(2026, 12, 1, 4, tzinfo=UTC)) == 1


def test_what_waits_is_shown_although_its_day_of_review_is_moved_before_that(desk: Desk) -> None:
    waits = kept(desk, a_ready_webinar())
    scheduled = desk.by().schedule(waits.id, LATER)
    desk.by().change(replace(scheduled, review_on=NOW.date()), files=desk.files)

    assert service.settle_due(around=desk.around, now=LATER, correlation_id="correlation") == 1
    assert desk.store.get(waits.id).state is State.PUBLISHED


def test_a_change_of_what_is_hidden_keeps_the_reason_and_reaches_its_page(desk: Desk) -> None:
    webinar = kept(desk, a_ready_webinar())
    desk.by().publish(webinar.id)
    hidden = desk.by().hide(webinar.id, {"da": "Forældet"})

    changed = desk.by().change(replace(hidden, title={"da": "Uden navn"}, hidden_because={}), files=desk.files)

    assert changed.hidden_because == {"da": "Forældet"}
    assert desk.told() == ["WebinarPublished", "WebinarHidden", "WebinarChanged"]


def test_the_day_of_publication_is_the_networks_own(desk: Desk) -> None:
    """At 22.30 UTC in summer it is tomorrow here."""
    late = datetime(2026, 9, 2, 22, 30, tzinfo=UTC)
    webinar = kept(desk, a_ready_webinar(review_on=date(2026, 9, 3)))

    with pytest.raises(Invalid):
        desk.by(now=late).publish(webinar.id)
    with pytest.raises(Invalid):
        desk.by().schedule(webinar.id, late)


def test_somebody_who_moves_it_while_it_is_due_is_in_nobodys_way(desk: Desk) -> None:
    waits = kept(desk, a_ready_webinar())
    desk.by().schedule(waits.id, LATER)

    class Meanwhile:
        """The store, in which it was withdrawn just before it is saved."""

        def __getattr__(self, name: str) -> Any:
            return getattr(desk.store, name)

        def save(self, before: Webinar, after: Webinar, facts: Any, *, arrived: Any = None) -> None:
            desk.by().withdraw(before.id)
            desk.store.save(before, after, facts)

    around = replace(desk.around, store=Meanwhile())

    assert service.settle_due(around=around, now=LATER, correlation_id="correlation") == 0
    assert desk.store.get(waits.id).state is State.DRAFT
