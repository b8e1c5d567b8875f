"""Coordinators add their own words to the mails of a gathering, and see each as it will be."""

import re
from html import unescape

import pytest

from shared.bootstrap import web as bootstrap
from shared.gatherings.model import Gathering, Text
from shared.gatherings.wording import KINDS
from shared.notify.letters import tried
from shared.roles import Role
from tests.support.api_gateway import Answer
from tests.support.builders import NOW, a_gathering
from tests.support.forms import Page
from tests.support.sign_in import EMAIL
from tests.support.site import Site


@pytest.fixture
def coordinator(site: Site) -> Site:
    return site.at_the_desk(Role.COORDINATOR)


@pytest.fixture
def gathering(coordinator: Site) -> Gathering:
    return coordinator.publish(a_gathering(title={"da": "Kursus"}, texts={"offer": {"da": "Skynd dig."}}))


def path(gathering: Gathering) -> str:
    return f"/en/tovholder/arrangementer/{gathering.id}/mails"


def opened(site: Site, gathering: Gathering) -> dict[str, str]:
    """Return what a browser would send if nothing were changed."""
    return {name: values[-1] for name, values in Page(site.get(path(gathering)).text).sent.items()}


def send(site: Site, gathering: Gathering, form: dict[str, str], action: str = "save", **fields: str) -> Answer:
    return site.send_desk_form(path(gathering), form | {"action": action} | fields)


def texts(gathering: Gathering) -> dict[str, Text]:
    return dict(bootstrap.gatherings().get(gathering.id).texts)


def shown(answer: Answer) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def mails(answer: Answer) -> list[str]:
    """Return the mails on the page, each in one line."""
    found = re.findall(r'<div class="mail".*?</div>', answer.text, re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", mail)).split()) for mail in found]


def test_the_page_shows_every_mail_as_it_is_and_the_fields(coordinator: Site, gathering: Gathering) -> None:
    answer = coordinator.get(path(gathering))

    subjects = [
        *("Du er tilmeldt: Kursus", "You are signed up: Kursus"),
        *("Du står på venteliste: Kursus", "You are on the waiting list: Kursus"),
        *("Der er en plads til dig: Kursus", "There is a seat for you: Kursus"),
        *("Påmindelse: Kursus", "Reminder: Kursus"),
        *("Du er afmeldt: Kursus", "Your registration is cancelled: Kursus"),
        *("Dit bevis: Kursus", "Your certificate: Kursus"),
        *("Optagelsen er online: Kursus", "The recording is online: Kursus"),
    ]
    assert len(mails(answer)) == 2 * len(KINDS)
    for mail, subject in zip(mails(answer), subjects, strict=True):
        assert mail.startswith(subject)
    assert "Skynd dig." in mails(answer)[4]
    assert opened(coordinator, gathering)["texts.offer.da"] == "Skynd dig."
    for field in ("{navn} the person’s name", "{kontakt} the address for questions", "{optagelse} , the link to"):
        assert field in shown(answer)
    assert path(gathering) in Page(coordinator.get(path(gathering).removesuffix("/mails")).text).links


def test_words_are_saved_tidy_and_shown_again(coordinator: Site, gathering: Gathering) -> None:
    form = opened(coordinator, gathering)
    words = {"texts.reminder.da": " Husk en penn. \r\nVi ses {tid}.", "texts.offer.da": " "}

    answer = send(coordinator, gathering, form, **words)

    assert answer.headers["location"] == f"{path(gathering)}?done=saved"
    assert texts(gathering) == {"reminder": {"da": "Husk en penn.\nVi ses {tid}."}}
    assert "Your changes are saved." in shown(coordinator.get(answer.headers["location"]))
    assert "Husk en penn. Vi ses mandag den 5. oktober 2026" in mails(coordinator.get(path(gathering)))[6]


@pytest.mark.parametrize("action", ["save", "show", "try.offer"])
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Hej {fornavn}", "Reminder: There is no field {fornavn}. There are: {navn}, {titel},"),
        ("Hej {navn", "Reminder: A brace opens or closes that belongs to no field."),
        ("Ring til 010180-1234", "Reminder: This looks like a CPR number."),
        ("x" * 2001, "Reminder: This can be at most 2000 characters long."),
    ],
    ids=lambda one: one[:20],
)
def test_what_no_mail_can_say_is_refused_at_its_field_and_nothing_is_lost(
    coordinator: Site, gathering: Gathering, words: str, said: str, action: str
) -> None:
    form = opened(coordinator, gathering)

    answer = send(
        coordinator, gathering, form, action, **{"texts.reminder.da": words, "texts.certificate.en": "Well done."}
    )

    assert answer.status == 422
    assert said in shown(answer)
    page = Page(answer.text)
    assert "#texts.reminder.da" in page.links and "texts.reminder.da" in page.ids
    assert page.sent["texts.reminder.da"] == [words]
    assert page.sent["texts.certificate.en"] == ["Well done."]
    assert texts(gathering) == gathering.texts
    assert "TrialAsked" not in coordinator.facts()


def test_the_link_to_a_recording_is_filled_in_where_it_is_told_of_and_nowhere_else(
    coordinator: Site, gathering: Gathering
) -> None:
    form = opened(coordinator, gathering)

    answer = send(coordinator, gathering, form, "show", **{"texts.recording.en": "Begin here: {optagelse}"})
    refused = send(coordinator, gathering, form, **{"texts.offer.en": "Begin here: {optagelse}"})

    assert "/en/webinarer/" in mails(answer)[-1].partition("Begin here: ")[2].split()[0]
    assert (refused.status, "There is no field {optagelse}." in shown(refused)) == (422, True)


def test_what_was_typed_is_shown_in_its_mail_and_not_saved(coordinator: Site, gathering: Gathering) -> None:
    form = opened(coordinator, gathering)

    answer = send(coordinator, gathering, form, "show", **{"texts.reminder.en": "Bring a <b>pen</b> to {titel}."})

    assert answer.status == 200
    danish, english = mails(answer)[6:8]
    assert "Bring a <b>pen</b> to Kursus." in english
    assert Page(answer.text).sent["texts.reminder.en"] == ["Bring a <b>pen</b> to {titel}."]
    assert "<b>pen" not in answer.text
    assert texts(gathering) == gathering.texts


def test_the_links_of_a_shown_mail_lead_nowhere(coordinator: Site, gathering: Gathering) -> None:
    page = unescape(coordinator.get(path(gathering)).text)

    links = re.findall(r"https://[^/\s]+(/(?:en/)?(?:tilmelding|deltag|bevis)/[^\s<\"]+)", page)
    assert {link.split("/")[-2] for link in links} == {"tilmelding", "deltag", "bevis"}
    assert {coordinator.get(link).status for link in links} == {404}


def test_who_saves_on_top_of_anothers_change_loses_nothing(coordinator: Site, gathering: Gathering) -> None:
    mine = opened(coordinator, gathering)
    assert send(coordinator, gathering, opened(coordinator, gathering), **{"texts.offer.da": "Deres."}).status == 303
    words = {"texts.offer.da": "Mine.", "texts.reminder.da": "Husk en penn."}

    answer = send(coordinator, gathering, mine, **words)

    assert answer.status == 409
    assert "Somebody changed this to: Deres." in shown(answer)
    again = {name: values[-1] for name, values in Page(answer.text).sent.items()}
    assert (again["texts.offer.da"], again["texts.reminder.da"]) == ("Mine.", "Husk en penn.")
    assert texts(gathering) == {"offer": {"da": "Deres."}}

    assert send(coordinator, gathering, again).status == 303
    assert texts(gathering) == {"offer": {"da": "Mine."}, "reminder": {"da": "Husk en penn."}}


@pytest.mark.parametrize("kind", KINDS)
def test_whoever_writes_gets_the_mail_with_what_was_typed(coordinator: Site, gathering: Gathering, kind: str) -> None:
    form = opened(coordinator, gathering)

    answer = send(coordinator, gathering, form, f"try.{kind}", **{f"texts.{kind}.da": "Nye ord."})

    assert "A test mail is on its way to you." in shown(answer)
    assert Page(answer.text).sent[f"texts.{kind}.da"] == ["Nye ord."]
    [fact] = [fact for fact in coordinator.desk.stores.facts() if fact.type == "TrialAsked"]
    trial = bootstrap.messages().trial(fact.data.trial_id)
    assert trial is not None
    assert (trial.email, trial.kind, trial.body) == (EMAIL, kind, {"da": "Nye ord."})
    _, text, _ = bootstrap.composer().texts(tried(trial, gathering, NOW), now=NOW)
    assert "Nye ord." in text
    assert texts(gathering) == gathering.texts


def test_a_cancelled_gathering_keeps_its_words(coordinator: Site, gathering: Gathering) -> None:
    form = opened(coordinator, gathering)
    coordinator.send_desk_form(f"/tovholder/arrangementer/{gathering.id}/aflys")

    answer = send(coordinator, gathering, form | {"version": "3"}, **{"texts.offer.da": "For sent."})

    assert answer.status == 409
    assert "This gathering is cancelled." in shown(answer)
    assert Page(answer.text).sent["texts.offer.da"] == ["For sent."]


def test_an_editor_writes_the_mails_of_a_gathering_of_ones_own(site: Site) -> None:
    editor = site.at_the_desk(Role.EDITOR)
    own = site.planned(owner=site.person)

    assert send(editor, own, opened(editor, own), **{"texts.offer.da": "Skynd dig."}).status == 303
    assert texts(own) == {"offer": {"da": "Skynd dig."}}
