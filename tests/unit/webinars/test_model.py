"""What a webinar needs before it is shown, and the states it goes through."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from shared.gatherings.model import Gathering
from shared.refusals import Invalid
from shared.webinars.model import (
    LONGEST,
    MOST_CHAPTERS,
    MOST_MATERIALS,
    Captions,
    Chapter,
    Exemption,
    GatheringIsToCome,
    Material,
    NotNow,
    ReviewIsByAnother,
    State,
    Webinar,
    first_shown,
)
from tests.support.builders import NOW, a_gathering, a_published_gathering, a_ready_webinar, a_webinar

LANGUAGES = ("da", "en")
HOSTS = ("video.example.org",)
TODAY = NOW.date()
LATER = NOW + timedelta(days=2)


def faults(refused: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return [fault.field for fault in refused.value.faults]


def in_state(state: State) -> Webinar:
    draft = a_ready_webinar()
    if state is State.DRAFT:
        return draft
    if state is State.IN_REVIEW:
        return draft.for_review("an editor", first="da", today=TODAY)
    if state is State.SCHEDULED:
        return draft.scheduled("an editor", LATER, NOW, first="da", day=LATER.date())
    published = draft.published("an editor", NOW, first="da", today=TODAY)
    return published if state is State.PUBLISHED else published.hidden({}, languages=LANGUAGES)


STEPS: dict[str, Callable[[Webinar], Webinar]] = {
    "review": lambda one: one.for_review("an editor", first="da", today=TODAY),
    "publish": lambda one: one.published("another", NOW, first="da", today=TODAY),
    "schedule": lambda one: one.scheduled("another", LATER, NOW, first="da", day=LATER.date()),
    "withdraw": Webinar.withdrawn,
    "hide": lambda one: one.hidden({"da": "Forældet"}, languages=LANGUAGES),
}

LEADS = {
    State.DRAFT: {"review": State.IN_REVIEW, "publish": State.PUBLISHED, "schedule": State.SCHEDULED},
    State.IN_REVIEW: {"publish": State.PUBLISHED, "schedule": State.SCHEDULED, "withdraw": State.DRAFT},
    State.SCHEDULED: {"publish": State.PUBLISHED, "schedule": State.SCHEDULED, "withdraw": State.DRAFT},
    State.PUBLISHED: {"publish": State.PUBLISHED, "hide": State.HIDDEN},
    State.HIDDEN: {"publish": State.PUBLISHED},
}
"""Where each step leads from each state, by hand. What is not here is refused."""


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("step", STEPS)
def test_each_state_takes_only_its_own_steps(state: State, step: str) -> None:
    before = in_state(state)
    leads_to = LEADS[state].get(step)

    if leads_to is None:
        with pytest.raises(NotNow):
            STEPS[step](before)
    else:
        assert STEPS[step](before).state is leads_to


@given(st.lists(st.sampled_from(sorted(STEPS)), max_size=12))
def test_whatever_is_done_only_what_waits_has_a_time_and_only_what_is_looked_at_an_asker(steps: list[str]) -> None:
    webinar = a_ready_webinar()
    for step in steps:
        before = webinar
        try:
            webinar = STEPS[step](webinar)
        except NotNow:
            continue
        assert webinar is before or webinar.version == before.version + 1

    assert (webinar.publish_at is not None) == (webinar.state is State.SCHEDULED)
    assert (webinar.asked_by is not None) == (webinar.state is State.IN_REVIEW)
    assert webinar.published_at is not None or webinar.state not in (State.PUBLISHED, State.HIDDEN)


@pytest.mark.parametrize(
    ("lacks", "field"),
    [
        ({"link": None}, "recording"),
        ({"captions": ()}, "captions"),
        ({"alternative": {}}, "alternative.da"),
        ({"alternative": {"en": "All of it is said."}}, "alternative.da"),
        ({"consent_on": None}, "consent_on"),
        ({"themes": ()}, "themes"),
        ({"review_on": None}, "review_on"),
    ],
    ids=str,
)
@pytest.mark.parametrize("step", ["review", "publish", "schedule"])
def test_nothing_goes_on_that_lacks_something(lacks: dict[str, Any], field: str, step: str) -> None:
    lacking = replace(a_ready_webinar(), **lacks)

    with pytest.raises(Invalid) as refused:
        STEPS[step](lacking)

    assert faults(refused) == [field] == [fault.field for fault in lacking.missing("da")]


def test_a_new_draft_lacks_everything_at_once() -> None:
    fields = [fault.field for fault in a_webinar().missing("da")]

    assert fields == ["recording", "captions", "alternative.da", "consent_on", "themes", "review_on"]


def test_a_reason_in_law_stands_in_for_captions() -> None:
    webinar = a_ready_webinar(captions=(), exemption=Exemption.BURDEN)

    assert webinar.published("an editor", NOW, first="da", today=TODAY).state is State.PUBLISHED


@pytest.mark.parametrize("review_on", [TODAY, TODAY - timedelta(days=1)])
def test_what_is_shown_is_looked_at_anew_on_a_day_to_come(review_on: date) -> None:
    with pytest.raises(Invalid) as refused:
        a_ready_webinar(review_on=review_on).published("an editor", NOW, first="da", today=TODAY)

    assert faults(refused) == ["review_on"]


def test_what_is_shown_later_is_looked_at_anew_after_that() -> None:
    with pytest.raises(Invalid) as refused:
        STEPS["schedule"](a_ready_webinar(review_on=LATER.date()))

    assert faults(refused) == ["review_on"]


def test_who_asked_for_a_review_does_not_give_it() -> None:
    asked = a_ready_webinar().for_review("an editor", first="da", today=TODAY)

    with pytest.raises(ReviewIsByAnother):
        asked.published("an editor", NOW, first="da", today=TODAY)
    with pytest.raises(ReviewIsByAnother):
        asked.scheduled("an editor", LATER, NOW, first="da", day=LATER.date())

    assert asked.withdrawn().published("an editor", NOW, first="da", today=TODAY).state is State.PUBLISHED


def test_nothing_is_published_in_the_past() -> None:
    with pytest.raises(Invalid) as refused:
        a_ready_webinar().scheduled("an editor", NOW, NOW, first="da", day=TODAY)

    assert faults(refused) == ["publish_at"]


def test_it_is_due_from_its_moment_on_and_no_longer_when_withdrawn() -> None:
    waiting = in_state(State.SCHEDULED)

    assert not waiting.is_due(LATER - timedelta(seconds=1))
    assert waiting.is_due(LATER)
    assert not waiting.withdrawn().is_due(LATER)


def test_of_several_the_one_that_was_shown_first_is_the_first_while_it_is_shown() -> None:
    early, late = (in_state(State.PUBLISHED), replace(in_state(State.PUBLISHED), published_at=LATER))
    hidden = replace(early, state=State.HIDDEN)

    assert first_shown([late, early, in_state(State.DRAFT)]) == early
    assert first_shown([late, hidden]) == late
    assert first_shown([hidden, in_state(State.SCHEDULED)]) is None


def test_the_day_to_look_at_it_anew_is_told_of_once_and_a_later_one_again() -> None:
    shown = in_state(State.PUBLISHED)
    day = shown.review_on
    assert day is not None

    told = shown.come(NOW, today=day)

    assert shown.come(NOW, today=day - timedelta(days=1)) is shown
    assert (told.review_told, told.version, told.state) == (day, shown.version + 1, State.PUBLISHED)
    assert told.come(NOW, today=day + timedelta(days=9)) is told
    later = told.changed_to(replace(told, review_on=day + timedelta(days=30), review_told=None), first="da")
    assert later.review_told == day
    assert later.come(NOW, today=day + timedelta(days=30)).review_told == day + timedelta(days=30)


@pytest.mark.parametrize("state", sorted(set(State) - {State.PUBLISHED}))
def test_what_is_not_shown_wants_no_look(state: State) -> None:
    webinar = in_state(state)

    assert not webinar.wants_a_look(date(2030, 1, 1))
    assert webinar.come(NOW, today=date(2030, 1, 1)) is webinar


def test_it_was_published_first_when_it_was() -> None:
    hidden = in_state(State.HIDDEN)

    again = hidden.published("another", LATER, first="da", today=TODAY)

    assert (again.published_at, again.hidden_because) == (NOW, {})


@pytest.mark.parametrize("state", [State.IN_REVIEW, State.SCHEDULED, State.PUBLISHED])
def test_what_is_on_its_way_cannot_lose_what_it_needs(state: State) -> None:
    webinar = in_state(state)

    with pytest.raises(Invalid) as changed:
        webinar.changed_to(replace(webinar, themes=()), first="da")
    with pytest.raises(Invalid) as uncaptioned:
        webinar.without_captions("da", first="da")

    assert (faults(changed), faults(uncaptioned)) == (["themes"], ["captions"])


@pytest.mark.parametrize("state", [State.DRAFT, State.HIDDEN])
def test_what_nobody_watches_may_lack_something_for_a_while(state: State) -> None:
    webinar = in_state(state)

    assert webinar.changed_to(replace(webinar, themes=()), first="da").themes == ()
    assert webinar.without_captions("da", first="da").captions == ()


def test_a_change_touches_neither_address_nor_state_nor_files() -> None:
    webinar = in_state(State.PUBLISHED)
    theirs = a_webinar(id="other", slug="other", title={"da": "Nyt"}, themes=("unge",), owner="other")
    wanted = replace(theirs, link=webinar.link, alternative={"da": "x"}, consent_on=TODAY, review_on=TODAY)

    changed = webinar.changed_to(wanted, first="da")

    assert changed == replace(
        webinar,
        title={"da": "Nyt"},
        themes=("unge",),
        alternative={"da": "x"},
        consent_on=TODAY,
        review_on=TODAY,
        goals=(),
        version=webinar.version + 1,
    )


def test_captions_of_the_same_language_are_replaced() -> None:
    webinar = a_webinar(captions=(Captions("da", "old", 1), Captions("en", "english", 1)))

    after = webinar.captioned(Captions("da", "new", 2))

    assert {one.language: one.file for one in after.captions} == {"da": "new", "en": "english"}
    assert webinar.without_captions("sv", first="da") is webinar


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": {}}, "title.da"),
        ({"title": {"da": "Titel", "sv": "Titel"}}, "title.sv"),
        ({"summary": {"da": "x" * (LONGEST["summary"] + 1)}}, "summary.da"),
        ({"description": {"da": "Ring til 010203-1234"}}, "description.da"),
        ({"slug": "Ikke en adresse"}, "slug"),
        ({"slug": "feed"}, "slug"),
        ({"spoken": "dansk"}, "spoken"),
        ({"goals": (18,)}, "goals"),
        ({"link": "https://video.example.org.evil.example/x"}, "link"),
        ({"link": "http://video.example.org/x"}, "link"),
        ({"link": "https://user@video.example.org/x"}, "link"),
        ({"exemption": Exemption.OLD, "held_on": date(2020, 9, 23)}, "exemption"),
        ({"chapters": (Chapter(5, {"da": "To"}), Chapter(5, {"da": "Et"}))}, "chapters"),
        ({"chapters": (Chapter(5, {}),)}, "chapters.0.title.da"),
        ({"chapters": tuple(Chapter(at, {"da": "x"}) for at in range(MOST_CHAPTERS + 1))}, "chapters"),
        ({"materials": (Material({"da": "Slides"}, "http://example.org/slides"),)}, "materials.0.link"),
        ({"materials": (Material({"da": "x"}, "https://example.org"),) * (MOST_MATERIALS + 1)}, "materials"),
    ],
    ids=str,
)
def test_what_is_wrong_is_said_at_its_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        a_webinar(**changes).check(languages=LANGUAGES, hosts=HOSTS)

    assert faults(refused) == [field]


def test_a_webinar_with_everything_in_it_holds() -> None:
    full = a_ready_webinar(
        exemption=Exemption.OLD,
        held_on=date(2020, 9, 22),
        goals=(1, 17),
        chapters=(Chapter(0, {"da": "Velkomst"}), Chapter(90, {"da": "Oplæg"})),
        materials=(Material({"da": "Slides"}, "https://example.org/slides"),),
    )

    full.check(languages=LANGUAGES, hosts=HOSTS)


def test_a_draft_takes_over_what_the_gathering_says() -> None:
    gathering = a_published_gathering(
        summary={"da": "Kort"},
        description={"da": "Langt"},
        speakers={"da": "En forsker"},
        themes=("unge",),
        goals=(4,),
        is_recorded=True,
    )

    made = Webinar.of_gathering(gathering, gathering.ends_at, id="id", owner="an editor", spoken="da")

    assert (made.title, made.summary, made.description) == (gathering.title, {"da": "Kort"}, {"da": "Langt"})
    assert made.speakers == {"da": "En forsker"}
    assert (made.themes, made.goals, made.gathering) == (("unge",), (4,), gathering.id)
    assert (made.held_on, made.state, made.slug) == (date(2026, 10, 5), State.DRAFT, "")


@pytest.mark.parametrize(
    ("gathering", "moment"),
    [
        (a_published_gathering(), NOW),
        (a_gathering(), datetime(2027, 1, 1, tzinfo=UTC)),
        (a_published_gathering().cancelled(), datetime(2027, 1, 1, tzinfo=UTC)),
    ],
    ids=["to come", "draft", "cancelled"],
)
def test_there_is_no_recording_of_what_was_not_held(gathering: Gathering, moment: datetime) -> None:
    with pytest.raises(GatheringIsToCome):
        Webinar.of_gathering(gathering, moment, id="id", owner="an editor", spoken="da")
