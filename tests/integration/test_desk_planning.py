"""The coordinators' pages for planning: forms that lose nothing, and what comes of them."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from html import unescape
from urllib.parse import urlencode

import pytest

from shared.bootstrap import web as bootstrap
from shared.gatherings import service as planning
from shared.gatherings.audience import Audience
from shared.gatherings.model import Gathering, State
from shared.gatherings.questions import Question, QuestionKind
from shared.gatherings.reminders import Reminder, ReminderKind
from shared.gatherings.rounds import Who
from shared.programmes import service as programme_planning
from shared.programmes.model import Programme, Track
from shared.reminders.model import Came, Entry
from shared.roles import Role
from tests.support.api_gateway import Answer
from tests.support.builders import NETWORK, NOW, a_gathering, a_seminar, a_session
from tests.support.clock import Sleep
from tests.support.faults import FaultInjector, Trouble
from tests.support.forms import Page
from tests.support.programmes import a_programme, a_round
from tests.support.site import Site

PATH = "/tovholder/arrangementer"
PROGRAMMES = "/tovholder/forloeb"
THEMES = "/tovholder/temaer"
ON_THEMES = (PATH, PROGRAMMES, "/tovholder/webinarer")
"""Where what is on themes is planned."""


@pytest.fixture
def desk(site: Site) -> Site:
    return site.at_the_desk(Role.COORDINATOR)


def send(site: Site, address: str, fields: Mapping[str, list[str]]) -> Answer:
    body = urlencode(dict(fields), doseq=True).encode()
    return site.send("POST", address, body, {"content-type": "application/x-www-form-urlencoded"})


def opened(site: Site, address: str) -> dict[str, list[str]]:
    """Return what a browser would send if nothing were changed."""
    page = site.get(address)
    assert page.status == 200, page.text
    return Page(page.text).sent


def planned(gathering: Gathering) -> Gathering:
    return planning.plan(
        gathering, languages=NETWORK.languages, programmes=bootstrap.programmes(), store=bootstrap.gatherings()
    )


def published(gathering: Gathering) -> Gathering:
    planned(gathering)
    return planning.publish(gathering.id, store=bootstrap.gatherings(), now=NOW, correlation_id="correlation")


def planned_programme(programme: Programme) -> Programme:
    return programme_planning.plan(programme, languages=NETWORK.languages, store=bootstrap.programmes())


def with_themes(site: Site, *names: str) -> None:
    for name in names:
        assert site.send_desk_form(f"{THEMES}/ny", {"name.da": name}).status == 303


def kept(id: str) -> Gathering:
    return bootstrap.gatherings().get(id)


def id_behind(answer: Answer) -> str:
    assert answer.status == 303, unescape(answer.text)
    return answer.headers["location"].rpartition("/")[2].partition("?")[0]


def test_a_gathering_is_planned_by_form(desk: Site) -> None:
    form = opened(desk, f"{PATH}/ny")

    answer = send(
        desk,
        f"{PATH}/ny",
        form
        | {
            "title.da": ["Fælles læring"],
            "speakers.da": ["En bibliotekar og en forsker"],
            "sessions.0.date": ["23/3-2027"],
            "sessions.0.starts_at": ["9.00"],
            "sessions.0.ends_at": ["kl. 11.30"],
            "online_link": ["https://moede.example.org/rum"],
        },
    )

    found = kept(id_behind(answer))
    assert (found.title, found.state, found.waiting_list) == ({"da": "Fælles læring"}, State.DRAFT, True)
    assert found.speakers == {"da": "En bibliotekar og en forsker"}
    assert found.sessions[0].starts == datetime(2027, 3, 23, 9)
    assert found.sessions[0].ends == datetime(2027, 3, 23, 11, 30)
    page = desk.get(f"/en{answer.headers['location']}")
    assert "The draft is saved." in page.text
    assert "En bibliotekar og en forsker" in page.text


def test_the_page_of_a_new_gathering_says_what_is_missing_and_leads_there(desk: Site) -> None:
    draft = planned(a_gathering(online_link=None))

    page = Page(desk.get(f"/en{PATH}/{draft.id}").text)

    assert "Before it can be published" in page.text
    assert f"/en{PATH}/{draft.id}/rediger#place" in page.links
    assert "place" in Page(desk.get(f"/en{PATH}/{draft.id}/rediger").text).ids


def test_faults_are_told_with_what_was_typed_and_lead_to_fields_that_are_there(desk: Site) -> None:
    form = opened(desk, f"/en{PATH}/ny") | {
        "title.da": [""],
        "sessions.0.date": ["i morgen"],
        "themes": ["citizen-science"],
    }

    answer = send(desk, f"/en{PATH}/ny", form)

    page = Page(answer.text)
    assert answer.status == 422
    assert page.sent["sessions.0.date"] == ["i morgen"]
    assert page.sent["themes"] == ["citizen-science"]
    assert "Session 1, Date: This is not a date." in " ".join(page.text.split())
    leading = {link.removeprefix("#") for link in page.links if link.startswith("#")}
    assert {"title.da", "sessions.0.date"} <= leading
    assert leading <= {*page.ids, "main-content"}
    assert len(page.ids) == len(set(page.ids))
    assert set(page.described) <= set(page.ids)


def test_every_kind_of_fault_leads_to_something_on_the_page(desk: Site) -> None:
    sessions = (a_session(id="one", choose_one_of="Sted"), a_session(id="two", choose_one_of="Sted"))
    full = planned(a_gathering(rounds=(a_round(),), capacity=10, sessions=sessions))
    form = opened(desk, f"/en{PATH}/{full.id}/rediger") | {
        "rounds.0.closes_at": ["2020-01-01"],
        "rounds.0.reserved_seats": ["500"],
        "sessions.0.ends_at": ["08:00"],
        "sessions.1.choose_one_of": [""],
        "goals": ["99"],
    }

    answer = send(desk, f"/en{PATH}/{full.id}/rediger", form)

    page = Page(answer.text)
    leading = {link.removeprefix("#") for link in page.links if link.startswith("#")}
    assert answer.status == 422
    assert "goals" in leading
    assert leading <= {*page.ids, "main-content"}

    answer = send(desk, f"/en{PATH}/{full.id}/rediger", form | {"goals": []})

    page = Page(answer.text)
    leading = {link.removeprefix("#") for link in page.links if link.startswith("#")}
    assert {"rounds", "sessions", "rounds.0.closes_at", "sessions.0.ends_at"} <= leading
    assert leading <= {*page.ids, "main-content"}


@pytest.mark.parametrize("path", ON_THEMES)
def test_themes_are_chosen_of_those_there_are_and_stay_so_when_the_form_is_refused(desk: Site, path: str) -> None:
    assert "There are no themes to choose from yet." in Page(desk.get(f"/en{path}/ny").text).text
    with_themes(desk, "Et", "To", "Tre")

    form = opened(desk, f"/en{path}/ny")
    refused = send(desk, f"/en{path}/ny", form | {"themes": ["tre", "et", "ikke-beskrevet"]})

    page = Page(refused.text)
    assert ("themes" in form, refused.status) == (False, 422)
    assert page.sent["themes"] == ["et", "tre", "ikke-beskrevet"]
    assert "Et To Tre Ikke beskrevet" in " ".join(page.text.split())


@pytest.mark.parametrize("path", ON_THEMES)
def test_a_form_shows_a_merged_theme_by_what_it_leads_to(desk: Site, path: str) -> None:
    with_themes(desk, "Et", "To")
    form = opened(desk, f"/en{path}/ny")
    desk.send_desk_form(f"{THEMES}/et/sammenlaeg", {"version": "1", "into": "to"})

    refused = send(desk, f"/en{path}/ny", form | {"themes": ["et"]})

    assert Page(refused.text).sent["themes"] == ["to"]


def test_what_was_on_a_merged_theme_is_on_the_other_once_it_is_saved(desk: Site) -> None:
    with_themes(desk, "Et", "To")
    desk.send_desk_form(f"{THEMES}/et/sammenlaeg", {"version": "1", "into": "to"})
    draft = planned(a_gathering(themes=("ikke-beskrevet", "et")))
    address = f"{PATH}/{draft.id}/rediger"

    assert send(desk, address, opened(desk, address)).status == 303

    assert kept(draft.id).themes == ("to", "ikke-beskrevet")


def test_who_chooses_other_themes_at_once_sees_both_by_name(desk: Site) -> None:
    with_themes(desk, "Et", "To")
    draft = planned(a_gathering(themes=("et",)))
    address = f"/en{PATH}/{draft.id}/rediger"
    mine = opened(desk, address)
    send(desk, address, mine | {"themes": ["et", "ikke-beskrevet"]})

    page = Page(send(desk, address, mine | {"themes": ["to"]}).text)

    assert page.sent["themes"] == ["to"]
    assert "Somebody changed this to: Et Ikke beskrevet" in " ".join(page.text.split())


def test_buttons_for_rows_lose_nothing_and_save_nothing(desk: Site) -> None:
    draft = planned(a_gathering())
    address = f"{PATH}/{draft.id}/rediger"
    form = opened(desk, address) | {"title.da": ["Halvskrevet"], "capacity": ["ti"], "action": ["sessions.add"]}

    after = Page(send(desk, address, form).text).sent
    again = Page(send(desk, address, after | {"action": ["rounds.add"]}).text).sent
    asked = Page(send(desk, address, again | {"action": ["question-add"]}).text).sent

    assert (asked["title.da"], asked["capacity"]) == (["Halvskrevet"], ["ti"])
    assert {"sessions.1.id", "rounds.0.id", "question-0-id"} <= set(asked)
    assert asked["rounds.from"] == ["own"]
    assert kept(draft.id) == draft


def test_what_is_usual_for_a_kind_is_filled_in_where_nothing_stands(desk: Site) -> None:
    form = opened(desk, f"{PATH}/ny") | {"kind": ["workshop"], "title.da": ["Mit"], "action": ["usual"]}

    after = Page(send(desk, f"{PATH}/ny", form).text).sent

    assert (after["capacity"], after["title.da"]) == (["24"], ["Mit"])


def test_a_form_that_is_sent_unchanged_changes_nothing_but_the_version(desk: Site) -> None:
    everything = planned(
        a_gathering(
            title={"da": "Alt", "en": "Everything"},
            description={"da": "\nFørst\n\n- så dette"},
            rounds=(a_round(who=Who(("certified",), ("765700",), ("leader",), ("a@example.org",)), reserved_seats=2),),
            capacity=10,
            themes=("citizen-science",),
            goals=(4, 13),
        )
    )
    address = f"{PATH}/{everything.id}/rediger"

    answer = send(desk, address, opened(desk, address))

    assert answer.status == 303
    description = {"da": "Først\n\n- så dette"}
    assert kept(everything.id) == replace(everything, version=2, description=description)


def test_inherited_rounds_are_there_to_be_changed_and_keep_their_seats(desk: Site) -> None:
    programme = planned_programme(a_programme(rounds=(a_round(reserved_seats=10),)))
    full = published(a_gathering(capacity=10, programme=programme.id))
    address = f"/en{PATH}/{full.id}/rediger"
    form = opened(desk, address)

    assert send(desk, address, form).status == 303
    assert (kept(full.id).rounds, kept(full.id).inherited_rounds) == (None, programme.rounds)

    own = opened(desk, address) | {"rounds.from": ["own"], "rounds.0.name.da": ["Vores runde"]}
    assert send(desk, address, own).status == 303
    [round] = kept(full.id).rounds or ()
    assert (round.id, round.name, round.reserved_seats) == ("first", {"da": "Vores runde"}, 10)


def test_rounds_that_were_changed_are_not_dropped_for_the_inherited_ones(desk: Site) -> None:
    programme = planned_programme(a_programme(rounds=(a_round(),)))
    draft = planned(a_gathering(programme=programme.id))
    address = f"/en{PATH}/{draft.id}/rediger"
    form = opened(desk, address) | {"rounds.0.name.da": ["Vores runde"]}

    answer = send(desk, address, form)

    page = Page(answer.text)
    assert answer.status == 422
    assert "#rounds.from" in page.links
    assert page.sent["rounds.0.name.da"] == ["Vores runde"]
    removed = Page(send(desk, address, form | {"action": ["rounds.0.remove"]}).text).sent
    assert removed["rounds.from"] == ["own"]
    assert send(desk, address, removed | {"rounds.from": ["inherited"]}).status == 303
    assert kept(draft.id).rounds is None


def test_editors_do_not_see_whom_the_programme_invites(site: Site) -> None:
    programme = planned_programme(a_programme(rounds=(a_round(who=Who(emails=("hemmelig@example.org",))),)))
    own = planned(a_gathering(programme=programme.id, owner=site.person))
    editor = site.at_the_desk(Role.EDITOR)

    form = opened(editor, f"{PATH}/{own.id}/rediger")

    assert form["rounds.0.who.emails"] == ["-"]


def test_a_busy_store_loses_nothing_that_was_typed(desk: Site, sleep: Sleep) -> None:
    draft = planned(a_gathering())
    address = f"/en{PATH}/{draft.id}/rediger"
    form = opened(desk, address) | {"title.da": ["Min"], "goals": ["4", "13"]}

    with FaultInjector(operations=["TransactWriteItems"], probability=1, kinds=[Trouble.CONFLICT]):
        answer = send(desk, address, form)

    page = Page(answer.text)
    assert answer.status == 503
    assert "All that you wrote is still here." in page.text
    assert (page.sent["title.da"], page.sent["goals"]) == (["Min"], ["4", "13"])
    assert send(desk, address, page.sent).status == 303


def test_pressing_twice_plans_one_gathering(desk: Site) -> None:
    form = opened(desk, f"{PATH}/ny") | {"title.da": ["Én"], "sessions.0.date": ["2027-03-23"]}

    first, second = (send(desk, f"{PATH}/ny", form) for _ in range(2))

    assert first.headers["location"] == second.headers["location"]
    assert len(bootstrap.gatherings().listed().gatherings) == 1


def test_going_back_and_saving_something_else_changes_the_draft(desk: Site) -> None:
    form = opened(desk, f"{PATH}/ny") | {"title.da": ["Første"], "sessions.0.date": ["2027-03-23"]}
    id = id_behind(send(desk, f"{PATH}/ny", form))

    again = send(desk, f"{PATH}/ny", form | {"title.da": ["Andet"]})

    assert id_behind(again) == id
    assert again.headers["location"].endswith("?done=saved")
    assert kept(id).title == {"da": "Andet"}
    assert len(bootstrap.gatherings().listed().gatherings) == 1


def test_going_back_behind_a_change_shows_both_and_loses_nothing(desk: Site) -> None:
    form = opened(desk, f"/en{PATH}/ny") | {"title.da": ["Første"], "sessions.0.date": ["2027-03-23"]}
    id = id_behind(send(desk, f"/en{PATH}/ny", form))
    address = f"/en{PATH}/{id}/rediger"
    send(desk, address, opened(desk, address) | {"title.da": ["Rettet"], "capacity": ["40"]})

    again = send(desk, f"/en{PATH}/ny", form | {"title.da": ["Andet"]})

    page = Page(again.text)
    assert again.status == 409
    assert "Somebody changed this to: Rettet" in page.text
    assert (page.sent["title.da"], page.sent["capacity"]) == (["Andet"], ["40"])
    assert send(desk, address, page.sent).status == 303
    assert (kept(id).title, kept(id).capacity) == ({"da": "Andet"}, 40)


def test_an_editor_reaches_nobody_elses_gathering_by_a_form_for_a_new_one(site: Site) -> None:
    draft = planned(a_gathering())
    editor = site.at_the_desk(Role.EDITOR)
    form = opened(editor, f"{PATH}/ny") | {"title.da": ["Mit"], "sessions.0.date": ["2027-03-23"], "new": [draft.id]}

    answer = send(editor, f"{PATH}/ny", form)

    assert answer.status == 403
    assert kept(draft.id) == draft


def test_two_who_edit_at_once_lose_nothing(desk: Site) -> None:
    draft = planned(a_gathering(capacity=40))
    address = f"/en{PATH}/{draft.id}/rediger"
    mine, theirs = opened(desk, address), opened(desk, address)
    send(desk, address, theirs | {"title.da": ["Deres"], "capacity": ["60"]})

    answer = send(desk, address, mine | {"title.da": ["Min"], "place.name": ["Herning Bibliotek"]})

    page = Page(answer.text)
    assert answer.status == 409
    assert "Somebody changed this to: Deres" in page.text
    assert "Somebody changed this to: 60" in page.text
    assert "#title.da" in page.links
    assert page.sent["title.da"] == ["Min"]
    assert page.sent["capacity"] == ["60"]
    assert page.sent["place.name"] == ["Herning Bibliotek"]

    assert send(desk, address, page.sent).status == 303
    found = kept(draft.id)
    assert (found.title, found.capacity) == ({"da": "Min"}, 60)
    assert found.place is not None


def test_two_who_edit_questions_and_rows_at_once_lose_nothing(desk: Site) -> None:
    draft = planned(a_gathering())
    address = f"/en{PATH}/{draft.id}/rediger"
    mine = opened(desk, address)
    theirs = Page(send(desk, address, mine | {"action": ["question-add"]}).text).sent
    theirs = Page(send(desk, address, theirs | {"action": ["sessions.add"]}).text).sent
    theirs |= {"question-0-label-da": ["Kommer du med bussen?"]}
    theirs |= {"sessions.1.date": ["2026-10-06"], "sessions.1.starts_at": ["9"], "sessions.1.ends_at": ["10"]}
    assert send(desk, address, theirs).status == 303

    answer = send(desk, address, mine | {"title.da": ["Min"]})

    page = Page(answer.text)
    assert answer.status == 409
    assert "Kommer du med bussen?" in page.text
    assert send(desk, address, page.sent).status == 303
    found = kept(draft.id)
    assert (found.title, len(found.sessions), len(found.questions)) == ({"da": "Min"}, 2, 1)


def test_too_few_seats_are_refused_at_the_field_with_the_number_taken(desk: Site) -> None:
    full = published(a_gathering(capacity=3, waiting_list=True))
    for number in range(2):
        answer = desk.post(
            f"/api/v1/gatherings/{full.slug}/registrations",
            {
                "participants": [
                    {
                        "name": f"Deltager {number}",
                        "email": f"deltager{number}@herning.example.org",
                        "library": "765700",
                        "role": "staff",
                    }
                ],
                "group": "all",
                "language": "da",
            },
            idempotency_key=f"key-{number}",
        )
        assert answer.status == 201, answer.text
    address = f"/en{PATH}/{full.id}/rediger"

    answer = send(desk, address, opened(desk, address) | {"capacity": ["1"]})

    assert answer.status == 422
    assert "#capacity" in Page(answer.text).links
    assert "There must be at least 2 seats" in answer.text
    listed = Page(desk.get(f"/en{PATH}").text)
    assert "2 of 3" in listed.text
    asked = Page(desk.get(f"/en{PATH}/{full.id}/aflys").text)
    assert "2 people are registered." in asked.text


def test_a_published_gathering_keeps_its_sessions(desk: Site) -> None:
    full = published(a_gathering())

    page = desk.get(f"{PATH}/{full.id}/rediger")

    assert "sessions.add" not in page.text
    assert "sessions.0.remove" not in page.text


def test_publishing_shows_it_to_the_public_or_says_what_is_missing(desk: Site) -> None:
    ready, unready = planned(a_gathering()), planned(a_gathering(slug="mangler", online_link=None))

    assert desk.send_desk_form(f"{PATH}/{ready.id}/offentliggoer").status == 303
    assert desk.get(f"/arrangementer/{ready.slug}").status == 200
    answer = desk.send_desk_form(f"{PATH}/{unready.id}/offentliggoer")
    assert answer.status == 422
    assert f"{PATH}/{unready.id}/rediger#place" in Page(answer.text).links


def test_a_draft_is_put_away_and_not_said_to_be_cancelled(desk: Site) -> None:
    draft = planned(a_gathering())

    question = desk.get(f"/en{PATH}/{draft.id}/aflys").text
    answer = desk.send_desk_form(f"/en{PATH}/{draft.id}/aflys")

    assert "Yes, put it away" in question
    assert "The draft is put away." in desk.get(answer.headers["location"]).text
    assert kept(draft.id).state is State.CANCELLED


def test_programmes_of_one_title_are_told_from_one_another(desk: Site) -> None:
    for slug, starts_on in (("foerste", date(2026, 9, 1)), ("anden", date(2027, 9, 1))):
        planned_programme(
            a_programme(slug=slug, starts_on=starts_on, ends_on=date(2028, 6, 30), title={"da": "Forløb"})
        )

    form, listed = desk.get(f"{PATH}/ny").text, desk.get(PATH).text

    for page in (form, listed):
        assert "Forløb (2026, kladde)" in page
        assert "Forløb (2027, kladde)" in page


def test_a_draft_has_a_preview_that_search_engines_leave_alone(desk: Site) -> None:
    draft = planned(a_gathering(rounds=(a_round(),)))

    page = desk.get(f"/en{PATH}/{draft.id}/forhaandsvisning")

    assert page.status == 200
    assert "This is how it will look" in page.text
    assert 'name="robots" content="noindex' in page.text
    assert desk.get(f"/arrangementer/{draft.slug}").status == 404


def test_the_form_of_a_draft_can_be_looked_at_with_its_questions_and_choices(desk: Site) -> None:
    question = Question("bus", QuestionKind.YES_NO, {"da": "Kommer du med bussen?"})
    draft = planned(a_seminar(questions=(question,), asks_needs=True))

    page = desk.get(f"/en{PATH}/{draft.id}/forhaandsvisning/tilmelding")

    for said in ("This is how it will look", "Kommer du med bussen?", "Kolding Bibliotek", 'name="needs-diet"'):
        assert said in page.text
    assert desk.get(f"{PATH}/{draft.id}").text.count("/forhaandsvisning/tilmelding") == 1


def test_the_form_of_what_is_published_is_the_form_itself(desk: Site) -> None:
    gathering = desk.publish(a_gathering())

    answer = desk.get(f"{PATH}/{gathering.id}/forhaandsvisning/tilmelding")

    assert answer.headers["location"] == f"/arrangementer/{gathering.slug}/tilmelding"


@pytest.mark.parametrize("week", [7, 8, 42])
def test_weeks_in_which_nobody_has_time_are_warned_of(desk: Site, week: int) -> None:
    monday = datetime.combine(date.fromisocalendar(2027, week, 1), time(9))
    draft = planned(a_gathering(sessions=(a_session(monday.isoformat()),)))

    assert f"Week {week}, which the network avoids." in desk.get(f"/en{PATH}/{draft.id}").text


def test_a_programme_has_a_preview_with_its_drafts(desk: Site) -> None:
    programme = planned_programme(a_programme(rounds=(a_round(),)))
    planned(a_gathering(programme=programme.id, title={"da": "En kladde"}))
    called_off = planned(a_gathering(programme=programme.id, slug="aflyst", title={"da": "Aldrig set"}))
    desk.send_desk_form(f"{PATH}/{called_off.id}/aflys")

    page = desk.get(f"/en{PROGRAMMES}/{programme.id}/forhaandsvisning")

    assert page.status == 200
    assert "This is how it will look" in page.text
    assert "En kladde" in page.text
    assert "Første runde" in page.text
    assert "Aldrig set" not in page.text
    assert 'name="robots" content="noindex' in page.text
    assert f"/en{PROGRAMMES}/{programme.id}/forhaandsvisning" in desk.get(f"/en{PROGRAMMES}/{programme.id}").text
    assert desk.get(f"/forloeb/{programme.slug}").status == 404


def test_the_overview_leads_to_planning(desk: Site) -> None:
    coming = published(a_gathering())

    assert f"/en{PATH}/{coming.id}" in Page(desk.get("/en/tovholder/").text).links


def test_the_overview_counts_those_who_come_and_those_who_wait_also_without_a_limit(desk: Site) -> None:
    free = desk.publish(a_gathering(slug="uden-loft"))
    full = desk.publish(a_gathering(slug="fyldt", capacity=1, waiting_list=True))
    desk.registered(free)
    for name in ("Den første", "Den anden", "Den tredje"):
        desk.registered(full, name=name)

    rows = re.findall(r'<td[^>]* class="figure">([^<]+)</td>', desk.get("/en/tovholder").text)

    assert sorted(rows[at : at + 3] for at in (0, 3)) == [["1", "0", "2"], ["1", "no limit", "0"]]


def test_the_overview_counts_those_who_come_whatever_the_smallest_room_is(desk: Site) -> None:
    leaders = a_round("first", who=Who(roles=("leader",)), reserved_seats=5)
    coming = published(a_gathering(capacity=40, sessions=(a_session(capacity=9),), rounds=(leaders, a_round("rest"))))
    desk.registered(coming)

    page = desk.get("/en/tovholder/")

    assert re.findall(r'<td[^>]* class="figure">(.*?)</td>', page.text) == ["1", "8", "0"]


def test_a_copy_is_a_draft_in_another_week_and_is_warned_of_bad_days(desk: Site) -> None:
    draft = planned(a_gathering())

    answer = desk.send_desk_form(f"/en{PATH}/{draft.id}/kopier", {"starts_on": "12/10-2026"})

    copy = kept(id_behind(answer))
    assert copy.sessions[0].starts == datetime(2026, 10, 12, 9)
    page = desk.get(answer.headers["location"])
    assert "Week 42, which the network avoids." in page.text


def test_a_copy_whose_rounds_stay_behind_says_that_nobody_can_sign_up(desk: Site) -> None:
    programme = planned_programme(a_programme(rounds=(a_round(opens_at=NOW - timedelta(days=30)),)))
    draft = planned(a_gathering(programme=programme.id))
    assert "The rounds do not: they are those of the programme" in desk.get(f"/en{PATH}/{draft.id}").text

    answer = desk.send_desk_form(f"/en{PATH}/{draft.id}/kopier", {"starts_on": "2027-10-05"})

    page = Page(desk.get(answer.headers["location"]).text)
    assert "No round is open from now until it starts: nobody can sign up." in page.text
    assert f"/en{PATH}/{id_behind(answer)}/rediger#rounds" in page.links


def test_a_copy_says_which_rounds_lack_addresses(desk: Site) -> None:
    rounds = (a_round(), a_round("invited", who=Who(emails=("leder@example.org",))))
    programme = planned_programme(a_programme(rounds=rounds))
    draft = planned(a_gathering(rounds=rounds))

    copy = desk.send_desk_form(f"/en{PATH}/{draft.id}/kopier", {"starts_on": "2027-10-05"})
    again = desk.send_desk_form(f"/en{PROGRAMMES}/{programme.id}/kopi", {"starts_on": "2027-09-06"})

    for answer in (copy, again):
        page = Page(desk.get(answer.headers["location"]).text)
        form = answer.headers["location"].partition("?")[0] + "/rediger"
        assert f"{form}#rounds.1.who.emails" in page.links
        assert "leder@example.org" not in desk.get(form).text


@pytest.mark.parametrize("typed", ["0026-10-05", "0001-01-01", "9999-12-31"])
def test_a_copy_stays_in_years_that_can_be_planned_for(desk: Site, typed: str) -> None:
    programme = planned_programme(a_programme())
    draft = planned(a_gathering())

    answers = [
        desk.send_desk_form(f"/en{PATH}/{draft.id}/kopier", {"starts_on": typed}),
        desk.send_desk_form(f"/en{PROGRAMMES}/{programme.id}/kopi", {"starts_on": typed}),
        desk.get(f"/en{PROGRAMMES}/{programme.id}/kopi?starts_on={typed}"),
    ]

    for answer in answers:
        assert answer.status == 422
        assert "#starts_on" in Page(answer.text).links
        assert "The year must be between 2000 and 2199." in answer.text
    assert len(bootstrap.gatherings().listed().gatherings) == 1


def test_a_copy_needs_a_date(desk: Site) -> None:
    draft = planned(a_gathering())

    answer = desk.send_desk_form(f"/en{PATH}/{draft.id}/kopier", {"starts_on": "snart"})

    assert answer.status == 422
    assert 'value="snart"' in answer.text
    assert "#starts_on" in Page(answer.text).links


def test_cancelling_is_asked_once_more(desk: Site) -> None:
    full = published(a_gathering())

    assert "Nobody is registered." in desk.get(f"/en{PATH}/{full.id}/aflys").text
    assert kept(full.id).state is State.PUBLISHED
    answer = desk.send_desk_form(f"{PATH}/{full.id}/aflys")
    assert answer.status == 303
    assert kept(full.id).state is State.CANCELLED


def registered(desk: Site, gathering: Gathering, number: int = 1) -> None:
    for at in range(number):
        desk.registered(gathering, name=f"Deltager {at}", email=f"deltager{at}@herning.example.org")
    desk.clock.now += timedelta(hours=1)


def test_a_move_says_whom_it_is_told_to_before_it_is_saved(desk: Site) -> None:
    full = published(a_gathering(capacity=2, waiting_list=True, sessions=(a_session("2026-11-02T09:00", id="one"),)))
    registered(desk, full, 3)
    address = f"/en{PATH}/{full.id}/rediger"
    moved = opened(desk, address) | {"sessions.0.date": ["2026-11-03"]}

    asked = send(desk, address, moved)

    assert asked.status == 200
    assert kept(full.id).sequence == 0, "nothing is saved yet"
    assert "2 people with a seat are told by mail, and 1 who is waiting." in " ".join(Page(asked.text).text.split())
    assert "Tuesday 3 November 2026" in asked.text
    saved = send(desk, address, moved | {"action": ["tell"], "words": ["Lokalet var optaget."]})
    assert "those who come are being told by mail" in desk.get(saved.headers["location"]).text
    [move] = kept(full.id).moved
    assert (move.number, move.sessions, move.words) == (1, ("one",), "Lokalet var optaget.")
    assert {"GatheringChanged", "GatheringMoved"} <= set(desk.facts())


def test_a_move_of_what_nobody_comes_to_and_a_small_edit_are_saved_at_once(desk: Site) -> None:
    empty, busy = published(a_gathering(slug="tom")), published(a_gathering(slug="optaget"))
    registered(desk, busy)

    for one, change in ((empty, {"sessions.0.date": ["2026-11-03"]}), (busy, {"title.da": ["Et andet navn"]})):
        address = f"/en{PATH}/{one.id}/rediger"
        assert send(desk, address, opened(desk, address) | change).status == 303


def test_what_is_said_of_a_move_comes_back_when_it_cannot_be_said(desk: Site) -> None:
    full = published(a_gathering())
    registered(desk, full)
    address = f"/en{PATH}/{full.id}/rediger"
    moved = opened(desk, address) | {"sessions.0.date": ["2026-11-03"], "action": ["tell"]}

    answer = send(desk, address, moved | {"words": ["Ring til 0102031234"]})

    assert answer.status == 422
    assert "Ring til 0102031234" in answer.text
    assert "#words" in Page(answer.text).links
    assert kept(full.id).sequence == 0


def test_what_is_to_come_cannot_be_moved_into_the_past(desk: Site) -> None:
    full = published(a_gathering())
    address = f"/en{PATH}/{full.id}/rediger"

    answer = send(desk, address, opened(desk, address) | {"sessions.0.date": ["2020-11-03"]})

    assert answer.status == 422
    assert "That time is past" in answer.text
    assert "#sessions.0.starts_at" in Page(answer.text).links


def test_why_it_is_cancelled_stands_on_its_page(desk: Site) -> None:
    full = published(a_gathering())
    registered(desk, full)
    address = f"/en{PATH}/{full.id}/aflys"

    assert "All of them are told by mail" in desk.get(address).text
    refused = desk.send_desk_form(address, {"words": "Spørg 0102031234"})
    assert refused.status == 422
    assert "Spørg 0102031234" in refused.text
    assert kept(full.id).state is State.PUBLISHED
    desk.send_desk_form(address, {"words": "For få tilmeldte.\nVi prøver igen."})

    page = desk.get(f"/arrangementer/{full.slug}").text
    assert "For få tilmeldte." in page and "Vi prøver igen." in page


def test_reminders_are_changed_in_the_form_and_shown_with_what_came_of_them(desk: Site) -> None:
    full = published(a_gathering(sessions=(a_session("2026-11-03T09:00", id="one"),)))
    address = f"/en{PATH}/{full.id}/rediger"
    form = opened(desk, address)
    assert [form[f"reminders.{n}.unit"] for n in (0, 1)] == [["days"], ["minutes"]]

    own = {"reminders.0.number": ["2"], "reminders.0.at": ["10.30"]}
    own |= {"reminders.1.number": ["3"], "reminders.1.unit": ["hours"], "reminders.1.paused": ["yes"]}
    assert send(desk, address, form | own).status == 303

    recording = Reminder(ReminderKind.RECORDING)
    kept_plan = (Reminder(days_before=2, at=time(10, 30)), Reminder(minutes_before=180, paused=True), recording)
    assert kept(full.id).reminders == kept_plan
    said = " ".join(Page(desk.get(f"/en{PATH}/{full.id}").text).text.split())
    assert "2 days before at 10:30, 180 minutes before (paused)." in said, "nothing is recorded, so nothing is promised"
    assert "Sunday 1 November 2026 at 10:30 2 days before at 10:30 planned" in said

    moment = kept(full.id).planned_reminders()[0].moment
    entry = Entry("one", "d2-1030", moment, Came.SENT, moment, 17)
    bootstrap.reminder_log().note(full.id, entry)
    assert "sent to 17 people" in desk.get(f"/en{PATH}/{full.id}").text
    bootstrap.reminder_log().note(full.id, replace(entry, came=Came.MISSED, people=0))
    assert "A reminder was not sent in time" in desk.get(f"/en{PATH}/{full.id}").text


def test_that_a_recording_is_told_of_is_paused_and_taken_up_in_the_form_without_a_time(desk: Site) -> None:
    full = published(a_gathering(reminders=(Reminder(ReminderKind.RECORDING), Reminder(minutes_before=60))))
    address = f"/en{PATH}/{full.id}/rediger"
    form = opened(desk, address)

    assert "It goes out when the recording is published." in desk.get(address).text
    assert "reminders.0.number" not in form
    assert send(desk, address, form | {"reminders.0.paused": ["yes"]}).status == 303
    assert kept(full.id).telling_of_recording is None

    switched = opened(desk, address) | {"reminders.0.paused": [], "reminders.1.kind": ["reminder"]}
    assert send(desk, address, switched).status == 303
    assert kept(full.id).telling_of_recording == Reminder(ReminderKind.RECORDING)
    entry = Entry("", "recording", NOW, Came.SENT, NOW, 17)
    bootstrap.reminder_log().note(full.id, entry)
    said = " ".join(Page(desk.get(f"/en{PATH}/{full.id}").text).text.split())
    assert "The recording is online: when it is published sent to 17 people" in said


def test_a_form_keeps_what_it_does_not_show_of_reminders(desk: Site) -> None:
    for_some = Reminder(days_before=2, at=time(10, 30), audience=Audience(status="confirmed", role="leader"))
    full = published(a_gathering(reminders=(for_some, Reminder(minutes_before=60))))
    address = f"/en{PATH}/{full.id}/rediger"
    page = desk.get(address)
    assert 'name="reminders.0.audience.status" value="confirmed"' in page.text, "who has a seat is reminded"

    assert send(desk, address, opened(desk, address) | {"reminders.0.number": ["3"]}).status == 303

    assert kept(full.id).reminders == (replace(for_some, days_before=3), Reminder(minutes_before=60))
    assert "3 days before at 10:30 (to some of them)" in desk.get(f"/en{PATH}/{full.id}").text


def test_a_reminder_is_for_those_who_are_chosen_and_the_page_leads_to_them(desk: Site) -> None:
    sessions = (a_session(id="one"), a_session("2026-11-03T09:00", id="two"))
    full = published(a_gathering(sessions=sessions, reminders=(Reminder(minutes_before=60),)))
    [leader] = desk.registered(full, role="leader")[:1]
    desk.registered(full, email="en-anden@herning.example.org", name="En anden")
    address = f"/en{PATH}/{full.id}/rediger"

    chosen = {"reminders.0.audience.role": ["leader"], "reminders.0.audience.session": ["two"]}
    assert send(desk, address, opened(desk, address) | chosen).status == 303

    assert kept(full.id).reminders == (Reminder(minutes_before=60, audience=Audience(role="leader", session="two")),)
    page = unescape(desk.get(f"/en{PATH}/{full.id}").text)
    whom = set(re.findall(r'href="([^"]*/deltagere\?[^"]*session[^"]*)"', page))
    assert whom == {f"/en{PATH}/{full.id}/deltagere?status=confirmed&session=two&role=leader"}
    listed = desk.get(whom.pop()).text
    assert f"/deltagere/{leader}" in listed
    assert "En anden" not in listed


def test_a_reminder_for_nobody_there_is_is_refused(desk: Site) -> None:
    full = published(a_gathering(reminders=(Reminder(minutes_before=60),)))
    address = f"/en{PATH}/{full.id}/rediger"

    answer = send(desk, address, opened(desk, address) | {"reminders.0.audience.role": ["boss"]})

    assert answer.status == 422
    assert kept(full.id).reminders == (Reminder(minutes_before=60),)


def test_what_follows_the_end_stands_in_the_form_and_is_not_sent_yet(desk: Site) -> None:
    full = published(a_gathering())
    plan = (
        Reminder(ReminderKind.THANKS, minutes_after=60),
        Reminder(ReminderKind.FOLLOW_UP, months_after=3, at=time(9)),
    )
    before = kept(full.id)
    bootstrap.gatherings().save(before, replace(before, version=before.version + 1, reminders=plan), (), NOW)
    address = f"/en{PATH}/{full.id}/rediger"

    form = opened(desk, address)
    answer = send(desk, address, form)

    row = {"kind": ["thanks"], "number": ["1"], "unit": ["hours_after"]}
    assert {name: form[f"reminders.0.{name}"] for name in row} == row
    row = {"kind": ["follow_up"], "number": ["3"], "unit": ["months_after"], "at": ["09:00"]}
    assert {name: form[f"reminders.1.{name}"] for name in row} == row
    assert answer.status == 422
    assert answer.text.count("That is not sent yet.") >= 2
    said = " ".join(Page(desk.get(f"{PATH}/{full.id}").text).text.split())
    assert "Tak: 1 time efter, Spørgsmål om, hvad det førte til: 3 måneder efter kl. 9.00." in said


def test_what_is_usual_stays_so_when_the_form_is_saved(desk: Site) -> None:
    full = published(a_gathering())
    address = f"{PATH}/{full.id}/rediger"

    assert send(desk, address, opened(desk, address)).status == 303

    assert kept(full.id).reminders is None


@pytest.mark.parametrize(
    ("fields", "anchor", "said"),
    [
        ({"reminders.0.number": [""]}, "#reminders.0.number", "Say how long before."),
        ({"reminders.0.number": ["en"]}, "#reminders.0.number", "Write a whole number in digits."),
        ({"reminders.0.number": ["99"]}, "#reminders.0", "At most 90 days before"),
        ({"reminders.0.at": [""]}, "#reminders.0.at", ""),
        (
            {"reminders.1.unit": ["days"], "reminders.1.number": ["1"], "reminders.1.at": ["09:00"]},
            "#reminders.1",
            "twice",
        ),
    ],
)
def test_a_reminder_that_cannot_be_is_told_at_its_field(
    fields: dict[str, list[str]], anchor: str, said: str, desk: Site
) -> None:
    full = published(a_gathering())
    address = f"/en{PATH}/{full.id}/rediger"

    answer = send(desk, address, opened(desk, address) | fields)

    assert answer.status == 422
    assert anchor in Page(answer.text).links
    assert said in answer.text
    assert anchor[1:] in Page(answer.text).ids


def test_the_list_has_parts_and_can_be_searched(desk: Site) -> None:
    programme = planned_programme(a_programme())
    planned(a_gathering(slug="a", title={"da": "Kladde om hav"}, programme=programme.id))
    published(a_gathering(slug="b", title={"da": "Kommende om hav"}))
    published(a_gathering(slug="c", title={"da": "Tidligere om luft"}, sessions=(a_session("2026-03-02T09:00"),)))
    desk.send_desk_form(f"{PATH}/{published(a_gathering(slug='d', title={'da': 'Aflyst'})).id}/aflys")

    def titles(query: str) -> list[str]:
        text = desk.get(f"/en{PATH}{query}").text
        return [title for title in ("Kladde om hav", "Kommende om hav", "Tidligere om luft", "Aflyst") if title in text]

    assert titles("") == ["Kommende om hav"]
    assert titles("?tab=drafts") == ["Kladde om hav"]
    assert titles("?tab=past") == ["Tidligere om luft"]
    assert titles("?tab=cancelled") == ["Aflyst"]
    assert titles("?tab=drafts&q=HAV") == ["Kladde om hav"]
    assert titles("?tab=drafts&q=luft") == []
    assert titles(f"?tab=drafts&programme={programme.id}") == ["Kladde om hav"]
    assert titles(f"?programme={programme.id}") == []


def test_who_looks_sees_no_address_and_no_button(site: Site) -> None:
    invited = Who(emails=("hemmelig@example.org",))
    draft = planned(a_gathering(rounds=(a_round(who=invited),)))
    viewer = site.at_the_desk(Role.VIEWER)

    for page in ("", "/runder", "/forhaandsvisning"):
        answer = viewer.get(f"{PATH}/{draft.id}{page}")
        assert answer.status == 200
        assert "hemmelig@example.org" not in answer.text
        assert "/rediger" not in answer.text
    assert viewer.get(f"{PATH}/{draft.id}/rediger").status == 403


def test_rounds_are_tried_on_every_library(desk: Site) -> None:
    leaders = a_round("leaders", who=Who(libraries=("765700",), roles=("leader",)))
    draft = planned(a_gathering(rounds=(leaders,)))

    herning = Page(desk.get(f"/en{PATH}/{draft.id}/runder?q=herning").text).text
    others = Page(desk.get(f"/en{PATH}/{draft.id}/runder?only=in").text).text

    assert "At once with an address at the library; others wait for a coordinator." in herning
    assert "Not Første runde: for another role" in " ".join(herning.split())
    assert "Cannot sign up at all: 197" in herning
    assert "Ballerup" not in others
    assert "Herning" in others


def test_rounds_that_have_closed_are_told_as_closed(desk: Site) -> None:
    before = a_round("before", opens_at=NOW - timedelta(days=20), name={"da": "Forrige runde"})
    draft = planned(a_gathering(rounds=(before, a_round(opens_at=NOW - timedelta(days=1)))))

    text = " ".join(Page(desk.get(f"/en{PATH}/{draft.id}/runder").text).text.split())

    assert "Open now: Første runde" in text
    assert "Not Forrige runde: closed by now" in text
    assert "Forrige runde: 0" in text


def test_the_rounds_of_a_programme_and_its_tracks_are_tried_on_every_library(desk: Site) -> None:
    leaders = a_round("leaders", name={"da": "Ledernes runde"}, who=Who(roles=("leader",)))
    tracks = (Track("t", {"da": "Ledere"}, (), (leaders,)), Track("u", {"da": "Alle"}))
    programme = planned_programme(a_programme(rounds=(a_round(),), tracks=tracks))
    address = f"/en{PROGRAMMES}/{programme.id}/runder"

    pages = {track: Page(desk.get(f"{address}?track={track}").text).text for track in ("", "t", "u")}

    assert "Første runde" in pages[""] and "Første runde" in pages["u"]
    assert "Ledernes runde" in pages["t"]
    assert "Cannot sign up." not in pages[""]
    assert "Cannot sign up." in pages["t"]
    assert desk.get(f"{address}?track=nothing").status == 404
    assert address in Page(desk.get(f"/en{PROGRAMMES}/{programme.id}").text).links


def test_without_rounds_everybody_can_sign_up(desk: Site) -> None:
    assert "everybody can sign up" in desk.get(f"/en{PATH}/{planned(a_gathering()).id}/runder").text


def test_a_programme_is_planned_by_form_with_tracks_and_rounds(desk: Site) -> None:
    address = f"{PROGRAMMES}/ny"
    form = opened(desk, address)
    form = Page(send(desk, address, form | {"action": ["tracks.add"]}).text).sent
    form = Page(send(desk, address, form | {"action": ["tracks.0.rounds.add"]}).text).sent
    form |= {
        "action": ["save"],
        "title.da": ["Verdensmål"],
        "starts_on": ["01.09.2026"],
        "ends_on": ["30/6-2027"],
        "budget": ["1.217.050"],
        "tracks.0.name.da": ["Ledere"],
        "tracks.0.roles": ["leader"],
        "tracks.0.rounds.0.name.da": ["Første"],
        "tracks.0.rounds.0.opens_at": ["1/9-2026"],
        "tracks.0.rounds.0.opens_at.time": ["8"],
        "tracks.0.rounds.0.who.libraries": ["Herning\nBallerup"],
    }

    answer = send(desk, address, form)

    found = bootstrap.programmes().get(id_behind(answer))
    [track] = found.tracks
    assert (found.starts_on, found.ends_on, found.budget) == (date(2026, 9, 1), date(2027, 6, 30), 1_217_050)
    assert (track.name, track.roles) == ({"da": "Ledere"}, ("leader",))
    assert track.rounds is not None
    [round] = track.rounds
    assert (round.who.libraries, round.opens_at) == (("765700", "715100"), datetime(2026, 9, 1, 6, tzinfo=UTC))
    assert desk.get(answer.headers["location"]).status == 200


def test_a_programmes_form_tells_faults_at_fields_that_are_there(desk: Site) -> None:
    programme = planned_programme(a_programme(tracks=(Track("t", {"da": "Ledere"}, (), (a_round(),)),)))
    address = f"/en{PROGRAMMES}/{programme.id}/rediger"
    form = opened(desk, address) | {
        "title.da": [""],
        "tracks.0.name.da": [""],
        "tracks.0.rounds.0.opens_at": ["x"],
        "budget": ["meget"],
    }

    answer = send(desk, address, form)

    page = Page(answer.text)
    leading = {link.removeprefix("#") for link in page.links if link.startswith("#")}
    assert answer.status == 422
    assert {"title.da", "tracks.0.name.da", "tracks.0.rounds.0.opens_at", "budget"} <= leading
    assert leading <= {*page.ids, "main-content"}
    assert "Track 1, Round 1, Opens, date: This is not a date." in " ".join(page.text.split())
    assert len(page.ids) == len(set(page.ids))


def test_two_who_edit_a_programme_lose_nothing(desk: Site) -> None:
    programme = planned_programme(a_programme())
    address = f"/en{PROGRAMMES}/{programme.id}/rediger"
    mine, theirs = opened(desk, address), opened(desk, address)
    assert send(desk, address, theirs | {"owner_group": ["Arbejdsgruppen"]}).status == 303

    answer = send(desk, address, mine | {"budget": ["1000"]})

    page = Page(answer.text)
    assert answer.status == 409
    assert "Somebody changed this to: Arbejdsgruppen" in page.text
    assert send(desk, address, page.sent).status == 303
    found = bootstrap.programmes().get(programme.id)
    assert (found.owner_group, found.budget) == ("Arbejdsgruppen", 1000)


def test_going_back_and_saving_something_else_changes_the_draft_of_a_programme(desk: Site) -> None:
    dates = {"starts_on": ["2026-09-01"], "ends_on": ["2027-06-30"]}
    form = opened(desk, f"{PROGRAMMES}/ny") | dates | {"title.da": ["Første"]}
    id = id_behind(send(desk, f"{PROGRAMMES}/ny", form))

    same = send(desk, f"{PROGRAMMES}/ny", form)
    other = send(desk, f"{PROGRAMMES}/ny", form | {"title.da": ["Andet"]})
    stale = send(desk, f"{PROGRAMMES}/ny", form | {"title.da": ["Tredje"]})

    assert (id_behind(same), id_behind(other)) == (id, id)
    assert bootstrap.programmes().get(id).title == {"da": "Andet"}
    assert stale.status == 409
    assert Page(stale.text).sent["title.da"] == ["Tredje"]


def test_a_track_in_use_stays_and_the_gatherings_are_named(desk: Site) -> None:
    programme = planned_programme(a_programme(tracks=(Track("t", {"da": "Ledere"}),)))
    used = planned(a_gathering(programme=programme.id, track="t"))
    address = f"/en{PROGRAMMES}/{programme.id}/rediger"
    form = Page(send(desk, address, opened(desk, address) | {"action": ["tracks.0.remove"]}).text).sent

    answer = send(desk, address, form)

    assert answer.status == 409
    assert f"/en{PATH}/{used.id}" in Page(answer.text).links


def test_a_programme_is_copied_after_a_look_at_the_dates(desk: Site) -> None:
    programme = planned_programme(a_programme())
    planned(a_gathering(programme=programme.id))
    address = f"/en{PROGRAMMES}/{programme.id}/kopi"

    looked = desk.get(f"{address}?starts_on=2026-09-14")

    assert "Week 42, which the network avoids." in looked.text
    assert len(bootstrap.gatherings().listed().gatherings) == 1
    answer = desk.send_desk_form(address, {"starts_on": Page(looked.text).sent["starts_on"][0]})
    copy = bootstrap.programmes().get(id_behind(answer))
    [again] = bootstrap.gatherings().of_programme(copy.id)
    assert (copy.starts_on, again.sessions[0].starts) == (date(2026, 9, 14), datetime(2026, 10, 12, 9))


@pytest.mark.parametrize("typed", ["", "snart"])
def test_a_programme_is_not_copied_without_a_date(desk: Site, typed: str) -> None:
    programme = planned_programme(a_programme())
    address = f"{PROGRAMMES}/{programme.id}/kopi"

    assert desk.send_desk_form(address, {"starts_on": typed}).status == 422
    assert desk.get(f"{address}?starts_on={typed}").status in (200, 422)


def test_a_programme_is_published_and_cancelled(desk: Site) -> None:
    programme = planned_programme(a_programme())
    address = f"{PROGRAMMES}/{programme.id}"

    assert desk.send_desk_form(f"{address}/offentliggoer").status == 303
    assert desk.get(f"/forloeb/{programme.slug}").status == 200
    assert desk.get(f"{address}/aflys").status == 200
    assert desk.send_desk_form(f"{address}/aflys").status == 303
    assert bootstrap.programmes().get(programme.id).state is State.CANCELLED
    for page in ("", f"/{programme.id}"):
        assert desk.get(PROGRAMMES + page).status == 200


def test_a_gathering_is_added_to_a_programme_with_its_track(desk: Site) -> None:
    programme = planned_programme(a_programme(tracks=(Track("t", {"da": "Ledere"}),)))
    address = f"{PATH}/ny?programme={programme.id}"
    form = opened(desk, address)
    assert form["programme"] == [programme.id]

    answer = send(
        desk,
        f"{PATH}/ny",
        form | {"title.da": ["For ledere"], "sessions.0.date": ["2026-10-05"], "programme": [f"{programme.id}/t"]},
    )

    found = kept(id_behind(answer))
    assert (found.programme, found.track) == (programme.id, "t")
