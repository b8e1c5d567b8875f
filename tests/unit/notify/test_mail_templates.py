"""Mails say what one needs to know, in text as in HTML, and what people wrote cannot break out of it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.mail_history import STATES as TO_COORDINATORS
from shared.erasure.file import MAILS, STATES
from shared.gatherings import wording
from shared.gatherings.model import Gathering
from shared.gatherings.questions import Question, QuestionKind
from shared.links import LinkExpired, Purpose
from shared.notify.model import MailKind, MailState
from shared.registration.model import Awaits, Invoice, Registration, What
from shared.registration.placing import Left
from shared.registration.ports import LeftOut
from tests.support.builders import HERNING, NETWORK, NOW, a_registration, a_seminar
from tests.support.mails import (
    BOOKER,
    COORDINATOR,
    DEADLINE,
    FESTIVAL,
    INSPIRATION_DAY,
    LINKS,
    OF_A_SESSION,
    PERSON,
    WEBINAR,
    Mail,
    a_composer,
    a_letter,
    a_receipt,
    a_seat,
    a_wait,
    as_told,
    written,
)

NAME = 'Åse <b>"Ærø"</b> & co.'
LANGUAGES = pytest.mark.parametrize("language", NETWORK.languages)
TO_WHO_HAS_A_SEAT = {
    MailKind.CONFIRMATION,
    MailKind.CHANGE,
    MailKind.MOVED,
    MailKind.ADDRESS,
    MailKind.LINK,
}
EVERY_KIND = pytest.mark.parametrize("kind", MailKind)


def a_mail(kind: MailKind, gathering: Gathering = WEBINAR, language: str = "da") -> Mail:
    """Return a mail as it mostly is."""
    invoice = Invoice("5790000000005", "Konto 17") if gathering.asks_invoice_reference else None
    registration = a_registration(gathering, name=NAME, language=language, invoice=invoice)
    return written(kind, as_told(kind, registration), gathering)


def somebody(gathering: Gathering = WEBINAR, **changes: Any) -> Registration:
    return a_registration(gathering, name="Åse Ærø", **changes)


def forms(mail: Mail) -> Iterator[str]:
    """Yield what is said in text and in HTML, each on one line."""
    for said in (mail.text, mail.html):
        yield " ".join(said.split())


def says(mail: Mail, *sentences: str) -> bool:
    """Whether a mail says all of this, in both of its forms."""
    return all(sentence in said for sentence in sentences for said in forms(mail))


def is_silent_of(mail: Mail, *sentences: str) -> bool:
    """Whether a mail says none of this, in neither of its forms."""
    return not any(sentence in said for sentence in sentences for said in forms(mail))


@LANGUAGES
@pytest.mark.parametrize("gathering", [WEBINAR, INSPIRATION_DAY, FESTIVAL], ids=lambda gathering: str(gathering.kind))
@EVERY_KIND
def test_every_mail_says_what_when_and_where_to_turn(kind: MailKind, gathering: Gathering, language: str) -> None:
    mail = a_mail(kind, gathering, language)
    when = {"da": f"den {gathering.starts_at.day}.", "en": f" {gathering.starts_at.day} "}[language]

    for said in (mail.text, mail.html):
        assert gathering.title["da"] in said or gathering.title.get("en", "-") in said
        assert when in said
        assert gathering.contact in said
        assert "https://tovholder.example.org" in said
    assert "\n\n\n" not in mail.text.replace("\r", "")


@EVERY_KIND
def test_every_mail_is_translated(kind: MailKind) -> None:
    subjects = {language: a_mail(kind, INSPIRATION_DAY, language).header("Subject") for language in NETWORK.languages}
    first_lines = {
        language: a_mail(kind, INSPIRATION_DAY, language).text.splitlines()[2] for language in NETWORK.languages
    }

    assert len(set(subjects.values())) == len(set(first_lines.values())) == len(NETWORK.languages)


def test_a_confirmation_says_where_to_take_part_and_that_it_is_recorded() -> None:
    mail = a_mail(MailKind.CONFIRMATION)

    assert "Deltag online: https://tovholder.example.org/deltag/" in mail.text
    assert 'href="https://tovholder.example.org/deltag/' in mail.html
    assert "hemmeligt-rum" not in mail.text + mail.html, "the way in is a page that notes who goes in"
    assert says(mail, "Arrangementet bliver optaget")


def test_a_confirmation_says_what_it_costs_and_who_pays() -> None:
    mail = a_mail(MailKind.CONFIRMATION, INSPIRATION_DAY)

    assert says(mail, "1.000 kr. pr. deltager", "Faktura til GLN 5790000000005, reference Konto 17")


@pytest.mark.parametrize("kind", sorted(set(MailKind) - TO_WHO_HAS_A_SEAT))
def test_only_who_has_a_seat_gets_the_link_to_take_part(kind: MailKind) -> None:
    assert is_silent_of(a_mail(kind), "hemmeligt-rum")


@pytest.mark.parametrize("kind", sorted(TO_WHO_HAS_A_SEAT - {MailKind.CONFIRMATION}))
def test_who_does_not_have_a_seat_yet_gets_no_link_to_take_part(kind: MailKind) -> None:
    mail = written(kind, a_seat(somebody(), Awaits.APPROVAL), WEBINAR, session=None)

    assert is_silent_of(mail, "hemmeligt-rum")


def test_one_of_several_mails_says_which_it_is() -> None:
    mail = a_mail(MailKind.CONFIRMATION, FESTIVAL)

    assert mail.header("Subject") == "Du er tilmeldt: Vidensfestival i Ballerup: unge stemmer (1 af 3)"


@pytest.mark.parametrize("kind", [kind for kind in MailKind if kind.is_to_participant])
def test_a_name_is_text_in_both_and_markup_in_neither(kind: MailKind) -> None:
    mail = a_mail(kind)

    assert f"Hej {NAME}" in mail.text
    assert "<b>&#34;" not in mail.html
    assert "Hej Åse &lt;b&gt;" in mail.html


@LANGUAGES
@EVERY_KIND
def test_sentences_in_text_mails_fit_a_narrow_window(kind: MailKind, language: str) -> None:
    text = a_mail(kind, FESTIVAL, language).text

    assert max(len(line) for line in text.splitlines() if "https://" not in line) <= 76


@EVERY_KIND
def test_html_mails_fetch_nothing(kind: MailKind) -> None:
    html = a_mail(kind).html

    assert "<img" not in html
    assert "src=" not in html
    assert "url(" not in html


@EVERY_KIND
def test_html_mails_can_be_read_on_dark_ground(kind: MailKind) -> None:
    html = a_mail(kind).html

    assert '<meta name="color-scheme" content="light dark">' in html
    assert "prefers-color-scheme: dark" in html


@EVERY_KIND
def test_no_link_in_a_mail_acts_by_itself(kind: MailKind) -> None:
    # An invitation fills in the form of the gathering, which does nothing before it is sent.
    text = a_mail(kind).text.replace("/tilmelding?invitation=", "/tilmelding/")

    for action in ("afmeld", "accept", "bekraeft", "cancel", "?"):
        assert not any(action in link for link in text.split() if link.startswith("https://tovholder"))


def test_who_was_signed_up_by_somebody_is_told_by_whom_and_can_say_not_me() -> None:
    one = a_seat(somebody(booking_id="receipt"), by=BOOKER)

    mail = written(MailKind.CONFIRMATION, one, WEBINAR, receipt=a_receipt(WEBINAR, one))

    assert says(mail, "Bodil Booker har tilmeldt dig.", "Var det ikke dig? Sig det på din side")
    assert is_silent_of(mail, "bodil@herning.example.org")


def test_who_was_signed_up_by_a_coordinator_is_told_so() -> None:
    mail = written(MailKind.CONFIRMATION, a_seat(somebody(), by=COORDINATOR), WEBINAR)

    assert says(mail, "En tovholder har tilmeldt dig.")
    assert is_silent_of(mail, "For a reason")


def test_who_was_handed_a_seat_is_told_so_and_not_that_the_booker_did_it() -> None:
    one = somebody(booking_id="receipt").seated(("whole",), NOW, PERSON, hold_until=DEADLINE, what=What.TAKEN_OVER)

    mail = written(MailKind.CONFIRMATION, one, WEBINAR, receipt=a_receipt(WEBINAR))

    assert says(mail, "En kollegas plads er givet videre til dig.")
    assert is_silent_of(mail, "Bodil Booker")


def test_who_was_put_in_by_the_booker_is_told_by_whom() -> None:
    one = somebody(booking_id="receipt").seated(("whole",), NOW, BOOKER, hold_until=DEADLINE, what=What.TAKEN_OVER)

    mail = written(MailKind.CONFIRMATION, one, WEBINAR, receipt=a_receipt(WEBINAR))

    assert says(mail, "Bodil Booker har givet dig pladsen efter en kollega, der ikke kommer.")


@pytest.mark.parametrize("kind", [MailKind.WAITLIST, MailKind.OFFER])
def test_whom_a_stranger_let_wait_can_say_so_until_it_is_claimed(kind: MailKind) -> None:
    told = as_told(kind, somebody(unproven="domain"))

    assert says(written(kind, told, WEBINAR), "Var det ikke dig? Sig det på din side")
    assert is_silent_of(written(kind, told.claimed(PERSON, NOW), WEBINAR), "Var det ikke dig")


def test_who_signed_up_alone_is_not_told_who_did() -> None:
    assert is_silent_of(a_mail(MailKind.CONFIRMATION), "har tilmeldt dig", "Var det ikke dig")


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({"unproven": "a-key"}, True),
        ({"booking_id": "receipt"}, True),
        ({"booking_id": "receipt", "claimed_at": NOW}, False),
        ({}, False),
    ],
    ids=str,
)
@pytest.mark.parametrize("kind", [MailKind.CONFIRMATION, MailKind.PENDING])
def test_who_may_be_a_stranger_is_asked(kind: MailKind, changes: dict[str, Any], asked: bool) -> None:
    mail = written(kind, as_told(kind, somebody(**changes)), WEBINAR)

    assert says(mail, "Var det ikke dig?") is asked


@pytest.mark.parametrize("kind", [MailKind.CONFIRMATION, MailKind.PENDING, MailKind.OFFER])
def test_who_has_not_answered_is_asked_to(kind: MailKind) -> None:
    asking = replace(WEBINAR, questions=(Question("q", QuestionKind.TEXT, {"da": "Hvad?"}, required=True),))
    answered = somebody(asking, answers={"q": "Det"})

    assert says(written(kind, as_told(kind, somebody(asking)), asking), "Vi mangler stadig dine svar")
    assert is_silent_of(written(kind, as_told(kind, answered), asking), "Vi mangler stadig dine svar")


IN_WORDS = "fredag den 4. september 2026 kl. 10.00"


def test_who_has_to_prove_the_address_is_told_how_and_until_when() -> None:
    mail = written(MailKind.PENDING, a_seat(somebody(), Awaits.PROOF), WEBINAR)

    assert mail.header("Subject").startswith("Bekræft din plads: ")
    assert says(mail, f"Tryk på knappen på din side inden {IN_WORDS}.", "Ellers går pladsen videre til andre.")
    assert is_silent_of(mail, "En tovholder")


def test_whose_library_a_coordinator_looks_at_is_told_so() -> None:
    mail = written(MailKind.PENDING, a_seat(somebody(), Awaits.LIBRARY), WEBINAR)

    assert mail.header("Subject").startswith("Vi har fået din tilmelding: ")
    assert says(
        mail, "om du arbejder på det bibliotek, du har valgt (Herning)", f"Vi holder pladsen indtil {IN_WORDS}."
    )
    assert is_silent_of(mail, "Tryk på knappen")


def test_a_library_that_the_profile_does_not_know_goes_by_its_number() -> None:
    one = somebody()
    other = replace(one, participant=replace(one.participant, library="765799"))

    assert says(written(MailKind.PENDING, a_seat(other, Awaits.LIBRARY), WEBINAR), "(765799)")


def test_who_waits_for_approval_has_no_deadline() -> None:
    mail = written(MailKind.PENDING, a_seat(somebody(), Awaits.APPROVAL), WEBINAR)

    assert says(mail, "En tovholder afgør, hvem der kommer med til arrangementet.")
    assert is_silent_of(mail, "indtil", "inden")


@LANGUAGES
def test_all_that_is_awaited_is_said(language: str) -> None:
    mail = written(MailKind.PENDING, a_seat(somebody(language=language), *Awaits), WEBINAR)

    said = {"da": ("knappen", "bibliotek", "afgør"), "en": ("button", "library", "decides")}[language]
    assert says(mail, *said)


def test_an_offer_says_until_when_it_stands() -> None:
    assert says(a_mail(MailKind.OFFER), f"vi holder den til dig indtil {IN_WORDS}.", "Sig ja på din side.")


def test_who_waits_is_told_where_the_position_is_seen() -> None:
    assert says(a_mail(MailKind.WAITLIST), "På din side kan du se, hvor langt du er nået.")


def test_who_waits_at_an_unknown_address_is_asked_to_prove_it_and_told_when_it_is_too_late() -> None:
    waiting = a_wait(somebody(awaits=frozenset({Awaits.PROOF})))

    assert says(written(MailKind.WAITLIST, waiting, WEBINAR), "Tryk på knappen på din side inden", IN_WORDS)
    ended = written(MailKind.EXPIRY, waiting.lapsed(DEADLINE), WEBINAR)
    assert says(ended, "Du stod på ventelisten, og adressen blev ikke bekræftet i tide.")
    assert is_silent_of(ended, "pladsen, der var holdt")


def test_who_waits_under_a_new_address_is_asked_to_prove_it() -> None:
    waiting = a_wait(somebody(awaits=frozenset({Awaits.PROOF})))

    assert says(written(MailKind.ADDRESS, waiting, WEBINAR), "Tryk på knappen på din side inden", "Ellers mister du")


SEAT = a_seat(somebody(booking_id="receipt"))
WAIT = a_wait(somebody())


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        (SEAT.ended(What.CANCELLED, PERSON, NOW), "Du har ikke længere en plads til arrangementet."),
        (WAIT.ended(What.CANCELLED, PERSON, NOW), "Du står ikke længere på venteliste."),
        (SEAT.ended(What.CANCELLED, BOOKER, NOW), "Bodil Booker, som tilmeldte dig, har afmeldt dig igen."),
        (SEAT.ended(What.CANCELLED, COORDINATOR, NOW), "En tovholder har afmeldt dig."),
        (SEAT.ended(What.REJECTED, COORDINATOR, NOW), "Vi kan desværre ikke give dig en plads denne gang."),
        (SEAT.ended(What.MOVED, COORDINATOR, NOW), "En tovholder har flyttet dig til et andet arrangement."),
        (WAIT.ended(What.NOT_INTERESTED, PERSON, NOW), "Pladsen går videre til den næste i køen."),
    ],
    ids=["by the person", "from the line", "by the booker", "by a coordinator", "rejected", "moved", "not interested"],
)
def test_a_cancellation_says_by_whom_it_was(gone: Registration, said: str) -> None:
    noted = gone.step(What.NOTED, COORDINATOR, NOW, note="A note")

    mail = written(MailKind.CANCELLATION, noted, WEBINAR, receipt=a_receipt(WEBINAR))

    assert says(mail, said)
    assert is_silent_of(mail, "A note", "For a reason")
    own = gone.history[-1].by is PERSON
    assert says(mail, "https://tovholder.example.org/arrangementer/citizen-science") is own


@pytest.mark.parametrize(("session", "taken"), [(0, True), (None, False)])
@pytest.mark.parametrize("kind", [MailKind.CANCELLATION, MailKind.HANDOVER])
def test_only_a_mail_that_takes_an_entry_away_says_so(kind: MailKind, session: int | None, taken: bool) -> None:
    mail = written(kind, as_told(kind, somebody()), WEBINAR, session=session)

    assert says(mail, "fjerner aftalen fra din kalender") is taken


@pytest.mark.parametrize(
    ("lapsed", "subject", "said"),
    [
        (
            a_seat(somebody(), Awaits.PROOF).lapsed(DEADLINE),
            "Din plads er givet videre: ",
            "blev ikke bekræftet i tide",
        ),
        (WAIT.offered((), DEADLINE, NOW).lapsed(DEADLINE), "Tilbuddet er udløbet: ", "Du nåede ikke at sige ja"),
    ],
    ids=["hold", "offer"],
)
def test_who_was_too_late_is_told_and_may_try_again(lapsed: Registration, subject: str, said: str) -> None:
    mail = written(MailKind.EXPIRY, lapsed, WEBINAR)

    assert mail.header("Subject").startswith(subject)
    assert says(mail, said, "https://tovholder.example.org/arrangementer/citizen-science")


@pytest.mark.parametrize(
    ("by", "said"),
    [
        (PERSON, "Du har givet din plads videre til en kollega"),
        (BOOKER, "Bodil Booker, som tilmeldte dig, har givet din plads videre til en kollega."),
        (COORDINATOR, "En tovholder har givet din plads videre til en kollega."),
    ],
    ids=lambda one: str(getattr(one, "actor", "")),
)
def test_who_no_longer_has_the_seat_is_told_by_whom_it_was_handed_over(by: Any, said: str) -> None:
    mail = written(MailKind.HANDOVER, SEAT.ended(What.HANDED_OVER, by, NOW), WEBINAR, receipt=a_receipt(WEBINAR))

    assert says(mail, said)


@pytest.mark.parametrize(
    ("by", "said"),
    [
        (PERSON, "Din tilmelding er ændret."),
        (BOOKER, "Bodil Booker, som tilmeldte dig, har ændret din tilmelding."),
        (COORDINATOR, "En tovholder har ændret din tilmelding."),
    ],
    ids=lambda one: str(getattr(one, "actor", "")),
)
def test_a_change_says_by_whom_it_was(by: Any, said: str) -> None:
    mail = written(MailKind.CHANGE, SEAT.step(What.CHANGED, by, NOW), WEBINAR, receipt=a_receipt(WEBINAR))

    assert says(mail, said)


@pytest.mark.parametrize("kind", [MailKind.CHANGE, MailKind.LEFT])
def test_a_change_names_the_session_it_is_about(kind: MailKind) -> None:
    mail = written(kind, as_told(kind, somebody(FESTIVAL, sessions=("one",))), FESTIVAL, session=1)

    assert mail.header("Subject").endswith(": Opsamling online")
    assert says(mail, "29. oktober")
    assert is_silent_of(mail, "22. oktober")


def test_the_address_that_was_is_told_and_not_of_the_new_one() -> None:
    mail = a_mail(MailKind.OLD_ADDRESS)

    assert says(mail, "skriv straks til tovholder@db2030.example.org")
    assert is_silent_of(mail, "deltager1@herning.example.org")


def test_the_contact_is_told_that_there_are_needs_and_neither_whose_nor_which() -> None:
    mail = a_mail(MailKind.NEEDS)

    assert mail.header("To") == WEBINAR.contact
    assert says(mail, f"https://tovholder.example.org/tovholder/arrangementer/{WEBINAR.id}/deltagere")
    assert is_silent_of(mail, "Åse", "Glutenfri", "Rampe", "deltager1@")


def test_a_receipt_lists_everybody_and_opens_nobodys_page() -> None:
    people = [
        a_seat(a_registration(WEBINAR, name="Anna", booking_id="receipt")),
        a_seat(a_registration(WEBINAR, name="Bent", booking_id="receipt"), Awaits.PROOF),
        a_seat(a_registration(WEBINAR, name="Carl", booking_id="receipt"), Awaits.APPROVAL),
        a_wait(a_registration(WEBINAR, name="Dorte", booking_id="receipt")),
        a_wait(a_registration(WEBINAR, name="Erik", booking_id="receipt")).offered((), DEADLINE, NOW),
        a_seat(a_registration(WEBINAR, name="Fie", booking_id="receipt")).ended(What.NOT_ME, PERSON, NOW),
    ]
    letter = a_letter(MailKind.RECEIPT, people[0], WEBINAR)

    listed = tuple((one, WEBINAR) for one in people)
    mail = Mail.of(a_composer().compose(replace(letter, listed=listed), now=NOW))

    assert " ".join(mail.text.split()).split(" - ")[1:6] == [
        "Anna: har en plads",
        f"Bent: skal bekræfte sin mailadresse inden {IN_WORDS}",
        "Carl: afventer svar fra en tovholder",
        "Dorte: står på venteliste",
        f"Erik: har fået tilbudt en plads indtil {IN_WORDS}",
    ]
    assert "- Fie: er ikke længere tilmeldt" in mail.text
    assert mail.html.count("<li") == len(people)
    assert says(
        mail, "Alle, der er tilmeldt, får en mail med deres egen side", "går videre til andre", "et tilbud på mail"
    )
    assert mail.link.startswith("https://tovholder.example.org/tilmelding/gruppe/")
    assert is_silent_of(mail, "deltager1@")


def test_a_receipt_says_why_somebody_was_left_out() -> None:
    one = a_seat(a_registration(WEBINAR, name="Anna", booking_id="receipt"))
    letter = a_letter(MailKind.RECEIPT, one, WEBINAR)
    reasons = {"Bent": Left.FULL, "Carl": Left.FAIR_SHARE, "Dorte": Left.UNPROVEN}
    left = tuple(LeftOut(name, "hash", why) for name, why in reasons.items())
    receipt = replace(a_receipt(WEBINAR, one), left_out=left)

    mail = Mail.of(a_composer().compose(replace(letter, receipt=receipt), now=NOW))

    assert says(mail, "Bent", "er ikke tilmeldt: Der var ikke plads")
    assert says(mail, "Carl", "er ikke tilmeldt: Biblioteket har alle de pladser, ét bibliotek kan få lige nu")
    assert says(mail, "Dorte", "er ikke tilmeldt: Mange med den slags adresser mangler at bekræfte dem")
    assert mail.html.count("<li") == 4


def test_a_receipt_tells_no_deadline_of_who_was_there_before() -> None:
    there = a_seat(a_registration(WEBINAR, name="Anna"), Awaits.PROOF)

    mail = Mail.of(a_composer().compose(a_letter(MailKind.RECEIPT, there, WEBINAR), now=NOW))

    assert says(mail, "har en plads, som vi holder indtil videre")
    assert is_silent_of(mail, IN_WORDS)


def test_links_are_listed_with_what_they_are_to() -> None:
    mine = ((a_seat(somebody()), WEBINAR), (a_wait(somebody(FESTIVAL)), FESTIVAL))
    letter = a_letter(MailKind.LINKS, mine[0][0], WEBINAR)

    mail = Mail.of(a_composer().compose(replace(letter, listed=mine), now=NOW))

    assert mail.header("Subject") == "Dine tilmeldinger"
    assert len(set(mail.links)) == 2
    assert says(mail, "Du har en plads.", "Du står på venteliste.", WEBINAR.title["da"], FESTIVAL.title["da"])


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (a_seat(somebody()), "Du har en plads."),
        (a_seat(somebody(), Awaits.PROOF), "der mangler stadig noget"),
        (WAIT, "Du står på venteliste."),
        (WAIT.offered((), DEADLINE, NOW), f"Vi holder en plads til dig indtil {IN_WORDS}."),
        (a_seat(somebody()).ended(What.CANCELLED, PERSON, NOW), "Du er afmeldt."),
        (a_seat(somebody(), Awaits.PROOF).lapsed(DEADLINE), "Din plads er givet videre."),
    ],
    ids=lambda one: str(getattr(one, "status", "")),
)
def test_a_link_comes_with_how_it_stands(one: Registration, said: str) -> None:
    assert says(written(MailKind.LINK, one, WEBINAR), "Der er ikke ændret noget.", said)


def test_who_has_asked_to_be_told_is_told_once() -> None:
    mail = a_mail(MailKind.OPENING)

    assert says(
        mail, "Det er den eneste mail, du får om det", "https://tovholder.example.org/arrangementer/citizen-science"
    )
    assert mail.text.startswith("Hej\n")


def test_every_kind_of_a_session_says_that_it_gives_or_takes_an_entry() -> None:
    for kind in OF_A_SESSION:
        assert says(a_mail(kind), "i din kalender") or says(a_mail(kind), "fra din kalender")


def test_an_invitation_leads_to_the_form_by_a_link_that_proves_the_address() -> None:
    mail = a_mail(MailKind.INVITATION)
    [link] = [word for word in mail.text.split() if "?invitation=" in word]

    path, _, token = link.partition("?invitation=")
    assert path == f"https://tovholder.example.org/arrangementer/{WEBINAR.slug}/tilmelding"
    person = a_registration(WEBINAR).person
    assert LINKS.read(Purpose.INVITATION, token, now=NOW) == (WEBINAR.id, person)
    with pytest.raises(LinkExpired):
        LINKS.read(Purpose.INVITATION, token, now=WEBINAR.registration_closes_at)


def test_a_reminder_leads_to_a_way_in_of_ones_own_and_only_where_it_is_online() -> None:
    online, on_site = a_mail(MailKind.REMINDER), a_mail(MailKind.REMINDER, INSPIRATION_DAY)

    [path] = [word for word in online.text.split() if "/deltag/" in word]
    ids = LINKS.read(Purpose.JOIN, path.rpartition("/")[2], now=NOW)
    assert (ids[0], ids[2:]) == (WEBINAR.id, ("1", WEBINAR.sessions[0].id))
    assert f'href="{path}"' in online.html
    assert "/deltag/" not in on_site.text


@pytest.mark.parametrize("kind", [MailKind(kind) for kind in wording.KINDS])
def test_own_words_stand_above_time_and_place_and_nothing_else_changes(kind: MailKind) -> None:
    words = "Hej {navn}\nTag <b>mad</b> med til {sted}: https://example.org/kort\n\nSpørg {kontakt} om {titel}, {tid}"
    gathering = replace(INSPIRATION_DAY, texts={kind: {"da": words}})
    one = as_told(kind, a_registration(gathering, name=NAME))

    mail, before = (written(kind, one, each) for each in (gathering, INSPIRATION_DAY))

    place, title, contact = gathering.places[0], gathering.title["da"], gathering.contact
    said = (
        f"Hej {NAME}\n\nTag <b>mad</b> med til {place}: https://example.org/kort\n\n"
        f"Spørg {contact} om {title}, torsdag den 12. november 2026 kl. 9.30-15.30\n\n"
    )
    above, _, below = mail.text.partition(said)
    assert above + below == before.text
    assert below.startswith(title)
    assert "<p>Tag &lt;b&gt;mad&lt;/b&gt; med til" in mail.html
    assert '<a href="https://example.org/kort"' in mail.html


@EVERY_KIND
def test_own_words_stand_in_no_other_mail(kind: MailKind) -> None:
    others = {other: {"da": "Egne ord."} for other in wording.KINDS if other != kind}

    assert is_silent_of(a_mail(kind, replace(WEBINAR, texts=others)), "Egne ord.")


def test_own_words_of_one_language_do_for_the_others() -> None:
    texts = {"reminder": {"da": "Husk en penn.", "en": "Bring a pen."}, "confirmation": {"da": "Vi ses."}}
    gathering = replace(WEBINAR, texts=texts)

    assert says(a_mail(MailKind.REMINDER, gathering, "en"), "Bring a pen.")
    assert is_silent_of(a_mail(MailKind.REMINDER, gathering, "en"), "Husk en penn.")
    assert says(a_mail(MailKind.CONFIRMATION, gathering, "en"), "Vi ses.")


def test_own_words_in_a_mail_about_a_session_tell_its_own_time_and_place() -> None:
    texts = {"reminder": {"da": "Mød op {tid} her: {sted}."}}
    seminar = a_seminar(texts=texts).published(NOW)
    one = a_registration(seminar)

    online, herning = (written(MailKind.REMINDER, one, seminar, session=session) for session in (0, 1))

    assert says(online, "Mød op mandag den 5. oktober 2026 kl. 9.00-11.30 her: Online.")
    assert says(herning, f"12. oktober 2026 kl. 10.00-12.30 her: {HERNING}.")


def test_who_is_thanked_is_led_to_the_certificate_if_there_is_one() -> None:
    seat = a_seat(somebody())
    with_one = written(MailKind.THANKS, replace(seat, certificate="abcdefghijklmnop"), WEBINAR)

    assert says(with_one, "Dit bevis er klar", "https://tovholder.example.org/bevis/abcdefghijklmnop")
    assert is_silent_of(written(MailKind.THANKS, seat, WEBINAR), "bevis")


@pytest.mark.parametrize("kind", [MailKind.THANKS, MailKind.NUDGE, MailKind.FOLLOW_UP])
def test_no_mail_leads_to_a_page_that_is_not_there(kind: MailKind) -> None:
    mail = a_mail(kind)

    assert is_silent_of(mail, "Sig, hvordan det var", "to minutter")
    assert {word.split("/")[3] for word in mail.text.split() if "://" in word} == {"privatliv", "praeferencer"}


@pytest.mark.parametrize(("language", "prefix"), [("da", ""), ("en", "/en")])
def test_the_recording_is_found_on_its_own_page_in_ones_own_language(language: str, prefix: str) -> None:
    gathering = replace(WEBINAR, texts={"recording": {"da": "Hop til oplægget: {optagelse}#kapitler"}})
    page = f"https://tovholder.example.org{prefix}/webinarer/citizen-science-optaget"

    mail = a_mail(MailKind.RECORDING, gathering, language)

    assert says(mail, page)
    assert f"Hop til oplægget: {page}#kapitler\n" in mail.text


def test_who_looks_after_a_webinar_is_led_to_it_at_the_desk() -> None:
    mail = a_mail(MailKind.REVIEW)

    assert mail.header("Subject") == f"Tid til at gennemgå: {WEBINAR.title['da']}"
    assert says(mail, "Det var planlagt til", "https://tovholder.example.org/tovholder/webinarer/webinar")
    assert "List-Unsubscribe" not in mail.message


@EVERY_KIND
def test_every_kind_of_mail_has_a_name_for_the_person_it_went_to(kind: MailKind) -> None:
    assert MAILS[kind]


@pytest.mark.parametrize("state", MailState)
def test_every_state_of_a_mail_has_words_for_the_person_and_for_coordinators(state: MailState) -> None:
    assert STATES[state]
    assert state in TO_COORDINATORS or state is MailState.WAITING, "which says until when"
