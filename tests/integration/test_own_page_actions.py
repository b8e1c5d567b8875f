"""Everything that can be done on a participant's own page: each by a button, and by nobody else's."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest

from shared.bootstrap import web as bootstrap
from shared.gatherings.model import Gathering, Mode, Place, Window
from shared.gatherings.needs import Needs
from shared.gatherings.questions import Option, Question, QuestionKind
from shared.links import Purpose
from shared.registration import changes
from shared.registration.applying import Booker
from shared.registration.model import Awaits, By, Registration, Status, What
from tests.support.api_gateway import Answer
from tests.support.builders import NOW, a_gathering, a_session, an_application
from tests.support.clock import Sleep
from tests.support.faults import WRITES, FaultInjector, Trouble
from tests.support.site import Site
from tests.support.stores import BOOKER, COORDINATOR

UNLISTED = "deltager1@et.andet.example.org"
FORM = {"content-type": "application/x-www-form-urlencoded"}
QUESTION = Question(
    "scene",
    QuestionKind.CHOICE,
    {"da": "Hvilken scene?"},
    required=True,
    options=(Option("stor", {"da": "Store scene"}), Option("unge", {"da": "Unges scene"})),
)
CHOICE = (
    a_session(),
    a_session("2026-10-06T09:00", id="two", choose_one_of="Sted", capacity=1),
    a_session("2026-10-07T09:00", id="three", choose_one_of="Sted", capacity=1),
)

FIELDS: Mapping[str, Mapping[str, str]] = {
    "afmelding": {},
    "bekraeft": {},
    "ja-tak": {},
    "nej-tak": {},
    "ikke-mig": {},
    "sessioner": {"mode": "online"},
    "svar": {"q-scene": "stor"},
    "e-mail": {"email": "ny@herning.example.org"},
    "kollega": {"colleague-name": "Kollega", "colleague-email": "kollega@herning.example.org"},
}
"""The buttons, by the last part of their addresses, and what is filled in."""


@dataclass
class Own:
    """A person's own page."""

    site: Site
    gathering: Gathering
    id: str

    @property
    def kept(self) -> Registration:
        """The registration as it is."""
        return self.site.desk.get(self.gathering, self.id)

    @property
    def token(self) -> str:
        """The link as the newest mail has it."""
        generation, ends = str(self.kept.link_generation), self.gathering.ends_at
        return bootstrap.links().token(Purpose.REGISTRATION, self.gathering.id, self.id, generation, expires=ends)

    @property
    def page(self) -> Answer:
        """The page."""
        return self.site.get(f"/tilmelding/{self.token}")

    @property
    def csrf(self) -> str:
        """What all forms of the page carry."""
        [csrf] = set(re.findall(r'name="csrf" value="([^"]+)"', self.page.text))
        return str(csrf)

    def press(self, button: str, *, csrf: str | None = None, **fields: Any) -> Answer:
        """Press a button of the page."""
        sent = {"csrf": self.csrf if csrf is None else csrf} | fields
        return self.site.send("POST", f"/tilmelding/{self.token}/{button}", urlencode(sent, doseq=True).encode(), FORM)

    def steps(self) -> list[What]:
        """Return what happened to it."""
        return [step.what for step in self.kept.history]


def registered(site: Site, gathering: Gathering, **changes: Any) -> Own:
    answer = site.desk.register(gathering, an_application(**changes))
    assert answer.registration_id is not None
    return Own(site, gathering, answer.registration_id)


@pytest.fixture
def gathering(site: Site) -> Gathering:
    """One that leaves everything to choose."""
    return site.publish(
        a_gathering(
            place=Place("Herning Bibliotek", "Østergade 8"),
            on_site_capacity=1,
            online_capacity=5,
            questions=(QUESTION,),
            asks_needs=True,
        )
    )


@pytest.fixture
def own(site: Site, gathering: Gathering) -> Own:
    return registered(site, gathering, mode="on_site", answers={"scene": "unge"})


@pytest.fixture
def pending(site: Site) -> Own:
    """A seat that is held until the address is proven."""
    return registered(site, site.publish(a_gathering(capacity=1)), email=UNLISTED)


@pytest.fixture
def offered(site: Site) -> Own:
    """A seat that became free and is kept for who waited."""
    gathering = site.publish(a_gathering(capacity=1, waiting_list=True))
    first = registered(site, gathering, name="Den første")
    waiting = registered(site, gathering)
    site.desk.cancel(gathering, first.id)
    assert site.desk.move_line(gathering) == 1
    return waiting


def alert(page: Answer) -> str:
    found = re.search(r'role="alert".*?</div>\s*</div>', page.text, re.DOTALL)
    assert found, "the page has no alert"
    return unescape(re.sub(r"<[^>]+>", "", found[0]))


def faulty(page: Answer) -> list[str]:
    """Return the fields that the page says something is wrong with, having seen that its summary leads there."""
    assert page.status == 422
    found = re.findall(r'<span class="form-error-message" id="([\w.-]+)-error">', page.text)
    ids = re.findall(r' id="([^"]+)"', page.text)
    assert sorted(re.findall(r'<li><a href="#([\w.-]+)">', page.text)) == sorted(found)
    assert set(found) <= set(ids)
    return found


@pytest.mark.parametrize("button", FIELDS)
@pytest.mark.parametrize("csrf", ["", "x", "another's", "the link's", "expired"])
def test_a_button_of_another_page_does_nothing(
    site: Site, gathering: Gathering, own: Own, button: str, csrf: str
) -> None:
    other = registered(site, gathering, mode="online", name="Deltager 2", answers={"scene": "stor"})
    before = own.kept
    given = {"another's": other.csrf, "the link's": own.token, "expired": own.csrf}.get(csrf, csrf)
    if csrf == "expired":
        site.clock.advance(timedelta(hours=2))

    answer = own.press(button, csrf=given, **FIELDS[button])

    assert answer.status == (410 if csrf == "expired" else 404)
    assert own.kept == before


@pytest.mark.parametrize("button", FIELDS)
def test_to_open_an_address_is_to_change_nothing(own: Own, button: str) -> None:
    before = own.kept

    for method in ("GET", "HEAD"):
        answer = own.site.send(method, f"/tilmelding/{own.token}/{button}")
        assert answer.status == (200 if button == "afmelding" else 405)

    assert own.kept == before


@pytest.mark.parametrize("button", FIELDS)
def test_a_button_of_an_old_link_does_nothing(own: Own, button: str) -> None:
    old, csrf = own.token, own.csrf
    own.press("e-mail", **FIELDS["e-mail"])
    before = own.kept

    answer = own.site.post_form(f"/tilmelding/{old}/{button}", {"csrf": csrf} | dict(FIELDS[button]))

    assert answer.status == 404
    assert own.kept == before


@pytest.mark.parametrize("button", ["afmelding", "nej-tak", "sessioner", "svar", "e-mail", "kollega"])
def test_when_it_is_too_late_nothing_changes_and_the_page_says_whom_to_write_to(site: Site, button: str) -> None:
    gathering = site.publish(
        a_gathering(questions=(QUESTION,), registration=Window(changes_until=NOW + timedelta(minutes=1)))
    )
    own = registered(site, gathering, answers={"scene": "unge"})
    before, csrf = own.kept, own.csrf
    site.clock.advance(timedelta(minutes=1))

    page = own.press(button, csrf=csrf, **FIELDS[button])

    assert page.status == 409
    assert "Det er for sent at ændre det her" in alert(page)
    assert gathering.contact in page.text
    assert own.kept == before


def test_a_held_seat_is_confirmed_by_its_button(pending: Own) -> None:
    assert "Bekræft min plads" in pending.page.text
    before = pending.kept

    answer = pending.press("bekraeft")

    assert (before.status, before.awaits) == (Status.PENDING, frozenset({Awaits.PROOF}))
    assert (answer.status, answer.headers["location"]) == (303, f"/tilmelding/{pending.token}")
    assert (pending.kept.status, pending.kept.unproven) == (Status.CONFIRMED, "")
    assert pending.kept.claimed_at is not None
    assert "Bekræft min plads" not in pending.page.text
    assert pending.site.facts().count("RegistrationConfirmed") == 1


def test_a_place_in_the_line_is_confirmed_by_its_button(site: Site) -> None:
    gathering = site.publish(a_gathering(capacity=1, waiting_list=True))
    registered(site, gathering, name="Den første")
    waiting = registered(site, gathering, email=UNLISTED)
    assert "Bekræft min plads i køen" in waiting.page.text

    answer = waiting.press("bekraeft")

    assert answer.status == 303
    assert (waiting.kept.status, waiting.kept.awaits, waiting.kept.deadline) == (Status.WAITLISTED, frozenset(), None)
    assert "Bekræft min plads i køen" not in waiting.page.text


def test_who_does_not_confirm_a_place_in_time_is_told_so(site: Site) -> None:
    gathering = site.publish(a_gathering(capacity=1, waiting_list=True))
    registered(site, gathering, name="Den første")
    waiting = registered(site, gathering, email=UNLISTED)
    assert waiting.kept.deadline is not None
    site.clock.now = site.desk.now = waiting.kept.deadline

    site.desk.do(changes.lapse, gathering, waiting.id)

    assert "Du står ikke længere på ventelisten" in waiting.page.text


def test_what_is_saved_is_said_to_be(own: Own) -> None:
    assert "Dine ændringer er gemt." not in own.page.text

    answer = own.press("svar", **{"q-scene": "stor"})

    assert answer.status == 303
    assert "Dine ændringer er gemt." in own.site.get(answer.headers["location"]).text


def test_to_confirm_twice_is_to_confirm_once(pending: Own) -> None:
    csrf = pending.csrf

    answers = [pending.press("bekraeft", csrf=csrf) for _ in range(2)]

    assert [answer.status for answer in answers] == [303, 303]
    assert pending.steps() == [What.REGISTERED, What.PROVEN]


def test_a_hold_that_is_over_is_not_confirmed(pending: Own) -> None:
    deadline = pending.kept.deadline
    assert deadline is not None
    pending.site.clock.now = deadline

    page = pending.press("bekraeft")

    assert page.status == 409
    assert "Pladsen blev ikke bekræftet i tide" in alert(page)
    assert pending.kept.status is Status.PENDING


def test_who_was_signed_up_takes_over_from_who_did_it(site: Site) -> None:
    gathering = site.publish(a_gathering())
    [answer] = site.desk.book(gathering, an_application(), booker=Booker("Lone Leder", "lone@herning.example.org"))
    own = Own(site, gathering, str(answer.registration_id))
    asked = own.page.text

    own.press("bekraeft")

    assert "Lone Leder har tilmeldt dig." in asked
    assert own.kept.claimed_at == site.clock.now
    assert "Er det dig?" not in own.page.text


@pytest.mark.parametrize("state", ["own", "pending", "offered"])
def test_who_never_signed_up_gives_the_seat_back_and_is_forgotten(
    site: Site, request: pytest.FixtureRequest, state: str
) -> None:
    own: Own = request.getfixturevalue(state)
    seats, pools = site.desk.seats(own.gathering).left, own.kept.pools
    cancelled, csrf, token = own.site.facts().count("RegistrationCancelled"), own.csrf, own.token

    answers = [own.site.post_form(f"/tilmelding/{token}/ikke-mig", {"csrf": csrf}) for _ in range(2)]

    assert [(one.status, one.headers["location"]) for one in answers] == [(303, "/tilmelding/slettet")] * 2
    assert own.site.get("/tilmelding/slettet").status == 200
    assert own.site.get(f"/tilmelding/{token}").status == 404
    assert own.id not in [one.id for one in own.site.registrations(own.gathering)]
    assert own.site.facts().count("RegistrationCancelled") == cancelled + 1
    after = site.desk.seats(own.gathering).left
    assert {pool: count - seats[pool] for pool, count in after.items()} == dict.fromkeys(seats, 0) | dict.fromkeys(
        pools, 1
    )


def test_who_never_signed_up_is_never_too_late_to_say_so(site: Site) -> None:
    gathering = site.publish(a_gathering(registration=Window(changes_until=NOW + timedelta(minutes=1))))
    own = registered(site, gathering)
    csrf = own.csrf
    site.clock.advance(timedelta(minutes=1))

    assert own.press("ikke-mig", csrf=csrf).status == 303
    assert site.registrations(gathering) == []


def test_an_offered_seat_is_accepted(offered: Own) -> None:
    before, page = offered.kept, offered.page

    answers = [offered.press("ja-tak") for _ in range(2)]

    assert before.status is Status.OFFERED
    assert "Der er en ledig plads til dig" in page.text
    assert [answer.status for answer in answers] == [303, 303]
    assert offered.kept.status is Status.CONFIRMED
    assert offered.steps() == [What.WAITLISTED, What.OFFERED, What.ACCEPTED]
    assert offered.site.left(offered.gathering) == 0


def test_an_offered_seat_is_let_go_to_the_next(offered: Own) -> None:
    next_one = registered(offered.site, offered.gathering, name="Den næste")

    offered.press("nej-tak")

    assert (offered.kept.status, offered.steps()[-1]) == (Status.CANCELLED, What.NOT_INTERESTED)
    assert offered.site.desk.move_line(offered.gathering) == 1
    assert next_one.kept.status is Status.OFFERED


def test_an_offer_is_answered_and_let_go_though_changes_have_ended(site: Site) -> None:
    window = Window(changes_until=NOW + timedelta(hours=1))
    gathering = site.publish(
        a_gathering(capacity=1, waiting_list=True, questions=(QUESTION,), asks_needs=True, registration=window)
    )
    first = registered(site, gathering, name="Den første", answers={"scene": "unge"})
    [booked] = site.desk.book(gathering, an_application(), booker=Booker("Lone Leder", "lone@herning.example.org"))
    offered = Own(site, gathering, str(booked.registration_id))
    site.desk.cancel(gathering, first.id)
    site.desk.move_line(gathering)
    site.clock.advance(timedelta(hours=1))

    answered = offered.press("svar", **{"q-scene": "stor"})
    declined = offered.press("nej-tak")

    assert (answered.status, declined.status) == (303, 303)
    assert offered.kept.answers == {"scene": "stor"}
    assert offered.kept.status is Status.CANCELLED


def test_who_was_overtaken_is_told_of_it_with_the_reason_and_nobody_else_is(site: Site) -> None:
    sessions = (a_session(id="one", capacity=1), a_session("2026-10-06T09:00", id="two", capacity=1))
    gathering = site.publish(a_gathering(sessions=sessions, choose_sessions=True, waiting_list=True))
    seated, first, elsewhere, chosen, last = (
        registered(site, gathering, name=f"Nr. {at}", sessions=sessions)
        for at, sessions in enumerate((("one", "two"), ("one",), ("two",), ("one",), ("one",)))
    )
    site.desk.cancel(gathering, seated.id)

    site.desk.do(changes.seat_out_of_turn, gathering, chosen.id, replace(COORDINATOR, why="Holder oplæg"))

    assert "gav en tovholder en plads til en, der står efter dig: Holder oplæg" in first.page.text
    for other in (elsewhere, last):
        assert other.kept.status is Status.WAITLISTED
        assert "Holder oplæg" not in other.page.text


def test_who_waits_is_promised_no_offer_after_registration_has_closed(site: Site) -> None:
    window = Window(closes_at=NOW + timedelta(hours=1), changes_until=NOW + timedelta(minutes=1))
    gathering = site.publish(a_gathering(capacity=1, waiting_list=True, registration=window))
    registered(site, gathering, name="Den første")
    own = registered(site, gathering)
    before = own.page.text
    site.clock.advance(timedelta(hours=1))

    after, question = own.page.text, site.get(f"/tilmelding/{own.token}/afmelding").text
    answer = own.press("afmelding")

    assert "Når en plads bliver ledig" in before
    assert "Når en plads bliver ledig" not in after
    assert "bliver ikke længere tilbudt" in after
    assert "Forlad ventelisten" in after
    assert "Nej, behold min plads i køen" in question
    assert answer.status == 303


def test_who_was_put_on_the_waiting_list_by_a_stranger_is_asked_and_forgotten(site: Site) -> None:
    gathering = site.publish(a_gathering(capacity=1, waiting_list=True))
    registered(site, gathering, name="Den første")
    own = registered(site, gathering)
    asked = own.page.text

    answer = own.press("ikke-mig")

    assert "Var det dig?" in asked
    assert answer.headers["location"] == "/tilmelding/slettet"
    assert site.desk.line(gathering) == ()


def test_an_offer_that_is_over_is_not_accepted(offered: Own) -> None:
    deadline = offered.kept.deadline
    assert deadline is not None
    offered.site.clock.now = deadline

    page = offered.press("ja-tak")

    assert page.status == 409
    assert "Tilbuddet er udløbet" in alert(page)
    assert offered.kept.status is Status.OFFERED


def test_who_waits_sees_the_place_in_line_and_can_leave_it(site: Site) -> None:
    gathering = site.publish(a_gathering(capacity=1, waiting_list=True))
    registered(site, gathering, name="Den første")
    ahead, own = registered(site, gathering, name="Den anden"), registered(site, gathering)
    second = own.page.text

    ahead.press("afmelding")
    first = own.page.text
    own.press("afmelding")

    assert "Du er nummer 2 på ventelisten" in second
    assert "Du er nummer 1 på ventelisten" in first
    assert own.kept.status is Status.CANCELLED
    assert site.desk.line(gathering) == ()


def test_somebody_takes_part_online_instead(own: Own) -> None:
    answer = own.press("sessioner", mode="online")

    assert answer.status == 303
    assert own.kept.mode is Mode.ONLINE
    assert own.site.desk.seats(own.gathering).left["on_site"] == 1
    assert own.site.facts().count("RegistrationChanged") == 1


def test_another_session_is_chosen(site: Site) -> None:
    own = registered(site, site.publish(a_gathering(sessions=CHOICE)), sessions=("one", "two"))

    answer = own.press("sessioner", **{"choice-0": "three"})

    assert answer.status == 303
    assert own.kept.sessions == ("one", "three")
    left = site.desk.seats(own.gathering).left
    assert (left["session-two"], left["session-three"]) == (1, 0)


def test_sessions_are_left_out_and_added_where_each_is_free_to_choose(site: Site) -> None:
    sessions = (a_session(), a_session("2026-10-06T09:00", id="two"), a_session("2026-10-07T09:00", id="three"))
    own = registered(site, site.publish(a_gathering(sessions=sessions, choose_sessions=True)), sessions=("one",))

    own.press("sessioner", session=["two", "three"])
    nothing = own.press("sessioner")

    assert own.kept.sessions == ("two", "three")
    assert faulty(nothing) == ["sessions"]


def test_a_session_that_is_full_is_not_to_be_had_and_the_old_one_is_kept(site: Site) -> None:
    gathering = site.publish(a_gathering(sessions=CHOICE))
    own = registered(site, gathering, sessions=("one", "two"))
    registered(site, gathering, name="Deltager 2", sessions=("one", "three"))

    page = own.press("sessioner", **{"choice-0": "three"})

    assert page.status == 409
    assert "Alle pladser er taget" in alert(page)
    assert own.kept.sessions == ("one", "two")
    assert re.findall(r'value="(\w+)" required checked', page.text) == ["three"], "what was chosen is still chosen"


def test_answers_and_needs_are_kept_and_the_contact_is_told_of_needs(own: Own) -> None:
    answer = own.press("svar", **{"q-scene": "stor", "needs-diet": "Ingen nødder", "needs-accommodation": ""})

    assert answer.status == 303
    assert own.kept.answers == {"scene": "stor"}
    assert own.kept.needs == Needs("Ingen nødder", "")
    assert "Ingen nødder" in own.page.text
    assert own.site.facts().count("NeedsStated") == 1


def test_an_answer_that_is_missing_is_told_at_its_question_and_the_rest_is_still_there(own: Own) -> None:
    page = own.press("svar", **{"needs-diet": "Ingen <nødder>"})

    assert faulty(page) == ["q-scene"]
    assert "Ingen &lt;nødder&gt;" in page.text
    assert own.kept.answers == {"scene": "unge"}
    assert own.kept.needs is None


def test_another_address_gets_a_new_link_and_the_old_one_is_dead(own: Own) -> None:
    old = own.token

    answer = own.press("e-mail", email="ny@herning.example.org")

    assert answer.headers["location"] == "/tilmelding/flyttet"
    assert own.site.get("/tilmelding/flyttet").status == 200
    assert own.site.get(f"/tilmelding/{old}").status == 404
    assert own.page.status == 200
    kept = own.kept
    assert (kept.participant.email, kept.former_email) == ("ny@herning.example.org", "deltager1@herning.example.org")
    assert own.site.facts().count("RegistrationAddressChanged") == 1


def test_an_address_that_is_none_is_told_at_its_field(own: Own) -> None:
    page = own.press("e-mail", email="ny@")

    assert faulty(page) == ["email"]
    assert page.field("email") == "ny@"
    assert own.kept.link_generation == 1


def test_an_address_that_has_a_seat_under_that_name_is_not_taken(site: Site, gathering: Gathering, own: Own) -> None:
    person = {"mode": "online", "email": "ny@herning.example.org", "q-scene": "stor"}
    assert site.fill_in(gathering, **person).status == 303

    page = own.press("e-mail", email="ny@herning.example.org")

    assert page.status == 409
    assert "Personen er allerede tilmeldt" in alert(page)
    assert own.kept.participant.email == "deltager1@herning.example.org"


def test_a_colleague_gets_the_seat_and_it_was_never_free(own: Own) -> None:
    answer = own.press("kollega", **FIELDS["kollega"])

    colleague = own.site.desk.get(own.gathering, own.kept.successor)
    assert answer.status == 303
    assert own.kept.status is Status.CANCELLED
    assert (colleague.participant.name, colleague.status) == ("Kollega", Status.CONFIRMED)
    assert colleague.pools == ("whole", "on_site", "session-one")
    assert own.site.desk.seats(own.gathering).left["on_site"] == 0
    assert "Din plads er gået til en kollega" in own.page.text
    assert "Kollega</" not in own.page.text, "the colleague's name is the colleague's"


@pytest.mark.parametrize(
    ("name", "email", "fields"),
    [
        ("", "", ["colleague-name", "colleague-email"]),
        ("Kollega", "kollega@", ["colleague-email"]),
        ("www.example.org", "kollega@herning.example.org", ["colleague-name"]),
    ],
)
def test_a_colleague_who_is_not_whole_is_told_at_the_fields(own: Own, name: str, email: str, fields: list[str]) -> None:
    page = own.press("kollega", **{"colleague-name": name, "colleague-email": email})

    assert faulty(page) == fields
    assert (page.field("colleague-name"), page.field("colleague-email")) == (name, email)
    assert '<details class="more" open>' in page.text
    assert own.kept.status is Status.CONFIRMED


@pytest.mark.parametrize(
    ("what", "by", "said"),
    [
        (What.CANCELLED, COORDINATOR, "En tovholder har afmeldt dig."),
        (What.CANCELLED, BOOKER, "Lone Leder, som tilmeldte dig, har afmeldt dig igen."),
        (What.REJECTED, COORDINATOR, "Vi kan desværre ikke give dig en plads denne gang."),
        (What.MOVED, COORDINATOR, "En tovholder har flyttet dig til et andet arrangement."),
    ],
)
def test_who_did_not_cancel_is_told_who_did_and_is_not_asked_back(site: Site, what: What, by: By, said: str) -> None:
    gathering = site.publish(a_gathering())
    [answer] = site.desk.book(gathering, an_application(), booker=Booker("Lone Leder", "lone@herning.example.org"))
    own = Own(site, gathering, str(answer.registration_id))

    site.desk.do(changes.cancel, gathering, own.id, by, what=what)
    site.desk.do(changes.note, gathering, own.id, "Ring", COORDINATOR)

    page = own.page.text
    assert said in page
    assert "Du har afmeldt dig" not in page
    assert f'href="/arrangementer/{gathering.slug}/tilmelding"' not in page


@pytest.mark.parametrize("button", ["afmelding", "nej-tak"])
def test_who_gave_it_back_is_welcome_again(own: Own, button: str) -> None:
    own.press(button)

    assert "Du har afmeldt dig" in own.page.text
    assert f'href="/arrangementer/{own.gathering.slug}/tilmelding"' in own.page.text


def test_whose_offer_has_lapsed_is_told_that_and_not_of_a_confirmation(offered: Own) -> None:
    deadline = offered.kept.deadline
    assert deadline is not None
    offered.site.desk.now = deadline

    offered.site.desk.do(changes.lapse, offered.gathering, offered.id)

    assert "Du nåede ikke at sige ja" in offered.page.text
    assert "ikke bekræftet i tide" not in offered.page.text


TYPED = {
    "svar": ({"q-scene": "stor", "needs-diet": "Ingen nødder"}, ["Ingen nødder"]),
    "e-mail": (FIELDS["e-mail"], ["ny@herning.example.org"]),
    "kollega": (FIELDS["kollega"], ["Kollega", "kollega@herning.example.org"]),
}


@pytest.mark.parametrize("button", TYPED)
def test_what_was_typed_is_still_there_when_nothing_could_be_kept(own: Own, sleep: Sleep, button: str) -> None:
    fields, typed = TYPED[button]
    before, csrf = own.kept, own.csrf

    with FaultInjector(probability=1, kinds=[Trouble.THROTTLED], operations=WRITES):
        page = own.press(button, csrf=csrf, **fields)

    assert page.status == 503
    assert page.headers["retry-after"]
    assert "Intet er gemt" in alert(page)
    assert all(each in page.text for each in typed)
    assert own.kept == before


def test_who_is_over_has_no_buttons_left(own: Own) -> None:
    csrf = own.csrf
    own.press("afmelding")

    pages = [own.press(button, csrf=csrf, **FIELDS[button]) for button in ("svar", "sessioner", "e-mail", "kollega")]

    assert {page.status for page in pages} == {409}
    assert 'name="csrf"' not in own.page.text
    assert own.steps() == [What.REGISTERED, What.CANCELLED]
