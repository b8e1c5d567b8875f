"""A coordinators' desk where much goes on: for every page below `/tovholder`, something that it can show."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Final

from events.mail import MailFailed
from shared.bootstrap import resources as shelf, web as bootstrap, webinars as workshop
from shared.documents.model import PDF
from shared.gatherings import service as gatherings
from shared.gatherings.model import FairShare, Gathering, Kind, Place, Window
from shared.gatherings.rounds import Who
from shared.mailboxes.model import Reason, Suppression
from shared.notify.model import MailId, MailKind, turn
from shared.programmes import service as programmes
from shared.programmes.model import Programme, Targets, Track
from shared.registration import changes
from shared.registration.applying import Application, Booker
from shared.roles import Role
from tests.support.aws import as_it_was
from tests.support.builders import NETWORK, NOW, a_fact, a_gathering, a_session, an_application
from tests.support.data import DATA
from tests.support.documents import CONTENTS
from tests.support.memory_people import InMemoryAccounts
from tests.support.programmes import a_programme, a_round
from tests.support.sample_screens import QUESTIONS
from tests.support.site import Site, forget
from tests.support.stores import COORDINATOR, GENEROUS, PERSON

HERNING, IKAST, KOLDING, VEJLE = "765700", "775600", "762100", "763000"
YESTERDAY: Final = NOW - timedelta(days=1)
LONG: Final = "Kommunikationsmedarbejderuddannelsesdagene"
"""A word that a narrow page has to break."""


class BusyDesk:
    """A coordinator at the desk. `rows` are the ids that addresses are filled with, the one that shows most first."""

    def __init__(self, site: Site, accounts: InMemoryAccounts) -> None:
        self.site = site.at_the_desk(Role.COORDINATOR)
        self._accounts = accounts
        self.rows: list[dict[str, str]] = []
        self._programmes()
        self._gatherings()
        self._people()
        self._participants()
        self._imports()
        self._invitations()
        self._messages()
        self._attendance()
        self._mailboxes()
        self._libraries()
        self._themes()
        self._webinars()
        self._resources()

    def addresses(self, path: str) -> list[str]:
        """Return the path with ids in it. Fails for a path whose ids are none that there is anything behind."""
        names = set(re.findall(r"\{(\w+)\}", path))
        filled = [path.format(**row) for row in self.rows if row.keys() == names] if names else [path]
        assert filled, f"{path}: nothing here has the ids {sorted(names)}; let there be something in {__name__}"
        return filled

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Let everything be again what it was before, afterwards."""
        people = dict(self._accounts.kept)
        with as_it_was():
            yield
        self._accounts.kept = people
        forget()

    def _programmes(self) -> None:
        libraries = a_round("certified", opens_at=YESTERDAY, name={"da": "Kun Kolding"}, who=Who(libraries=(KOLDING,)))
        leaders = a_round(
            "leaders", name={"da": "Ledere"}, who=Who(("certified",), (), ("leader",), ("a@example.org",))
        )
        self.programme = self._programme(
            a_programme(
                title={"da": "Verdensmål på biblioteket", "en": "Global goals at the library"},
                summary={"da": "Et forløb om verdensmål."},
                description={"da": "# Indhold\n\n- et\n- to"},
                owner_group="Netværkets kursusgruppe",
                tracks=(
                    Track("staff", {"da": "Medarbejdere"}, ("staff",), (libraries, a_round("all"))),
                    Track("leaders", {"da": "Ledere"}, ("leader",)),
                ),
                rounds=(libraries, leaders),
                themes=("citizen-science",),
                targets=Targets(40, 30, 400),
                grant_number="2026-0042",
                budget=1_200_000,
                own_share=200_000,
                certificate_share=60,
            )
        )
        programmes.publish(self.programme.id, store=bootstrap.programmes(), now=YESTERDAY, correlation_id="busy")
        draft = self._programme(a_programme(slug="et-udkast", title={"da": LONG}))
        self.rows += ({"programme_id": one.id} for one in (self.programme, draft))

    def _gatherings(self) -> None:
        certified = a_round("kolding", opens_at=YESTERDAY, who=Who(libraries=(KOLDING,)), reserved_seats=1)
        self.lively = self._gathering(
            a_gathering(
                kind=Kind.INSPIRATION_DAY,
                title={"da": f"Inspirationsdag: {LONG}", "en": "A day of inspiration"},
                summary={"da": "En dag om fællesskaber."},
                description={"da": "# Program\n\n* et\n* to\n\n[Mere](https://example.org)"},
                place=Place("Herning Bibliotek", "Østergade 8, 7400 Herning"),
                accessibility={"da": "Elevator fra gården."},
                sessions=(
                    a_session("2026-10-13T09:00", id="day", title={"da": "Fælles dag"}, capacity=40),
                    a_session("2026-10-14T09:00", id="east", title={"da": "Ballerup"}, choose_one_of="Sted"),
                    a_session("2026-10-15T09:00", id="west", title={"da": "Herning"}, choose_one_of="Sted"),
                ),
                capacity=8,
                on_site_capacity=7,
                online_capacity=5,
                waiting_list=True,
                rounds=(certified, a_round("all")),
                questions=QUESTIONS,
                asks_needs=True,
                asks_invoice_reference=True,
                programme_sheet="https://example.org/program.pdf",
                themes=("citizen-science", "partnerskaber"),
                goals=(4, 13, 17),
                is_recorded=True,
                speakers={"da": "En bibliotekar og en forsker"},
                price_text={"da": "150 kr."},
                registration=Window(closes_at=NOW + timedelta(days=30)),
                texts={"reminder": {"da": f"Husk {LONG}.\n\nVi ses {{tid}}.", "en": "Bring a pen."}},
            ),
            publish=True,
        )
        self.approved = self._gathering(
            a_gathering(
                slug="kursus",
                kind=Kind.COURSE,
                title={"da": "Kursus i verdensmål"},
                programme=self.programme.id,
                track="staff",
                approval=True,
                waiting_list=True,
                capacity=20,
                choose_sessions=True,
                sessions=(a_session(id="one"), a_session("2026-11-02T09:00", id="two")),
                fair_share=FairShare(3, NOW + timedelta(days=20)),
            ),
            publish=True,
        )
        only_kolding = a_round("kolding", opens_at=YESTERDAY, who=Who(libraries=(KOLDING,)))
        self.limited = self._gathering(a_gathering(slug="kun-kolding", rounds=(only_kolding,)), publish=True)
        draft = self._gathering(a_gathering(slug="udkast", online_link=None, sessions=(a_session("2026-12-25T09:00"),)))
        off = self._gathering(a_gathering(slug="aflyst", title={"da": "Aflyst"}), publish=True)
        gatherings.cancel(off.id, store=bootstrap.gatherings(), now=NOW, correlation_id="busy")
        past = self._gathering(a_gathering(slug="holdt", sessions=(a_session("2025-09-15T09:00"),)), publish=True)
        self.site.desk.now = NOW - timedelta(days=365)
        self._seat(past, an_application())
        self.site.desk.now = NOW
        self.rows += ({"gathering_id": one.id} for one in (self.lively, self.approved, draft, off))

    def _people(self) -> None:
        self.site.send_desk_form("/tovholder/mennesker", {"email": "redaktoer@example.org", "role": "editor"})
        self.site.send_desk_form("/tovholder/mennesker", {"email": f"{LONG.lower()}@example.org", "role": "viewer"})
        self.rows.append({"person_id": "another"})

    def _participants(self) -> None:
        desk, lively = self.site.desk, self.lively
        answers = {"scene": "unge", "oplaeg": "Om hverdagen", "dage": ["foer"], "taler": False}
        asked = {"mode": "on_site", "sessions": ("day", "east"), "answers": answers}
        invoice = {"gln": "5790000000005", "reference": "7400"}
        seated = self._seat(
            lively,
            an_application(name=f"Åse {LONG}", diet="Vegetar", accommodation="Kørestol", **asked, **invoice),
            an_application(name="Bo", email="bo@kolding-folk.example.org", library=KOLDING, **asked),
            an_application(name="Cæcilie", email=f"{LONG.lower()}@herning.example.org", role="leader", **asked),
            *(an_application(name=f"Gæst {n}", email=f"gaest{n}@herning.example.org", **asked) for n in range(4)),
        )
        colleagues = [an_application(name=f"Kollega {n}", email=f"k{n}@ikast.example.org", library=IKAST) for n in "ab"]
        group = desk.book(
            lively,
            *(replace(one, mode="on_site", sessions=("day", "west")) for one in colleagues),
            booker=Booker("Leder", "leder@ikast.example.org"),
            together=False,
        )
        self._seated = seated
        waiting = self._seat(
            lively,
            *(
                an_application(name=f"Venter {n}", email=f"v{n}@vejle.example.org", library=VEJLE, **asked)
                for n in "ab"
            ),
        )
        desk.do(changes.note, lively, seated[0], "Kommer først klokken ti. " * 8, COORDINATOR)
        bounced = MailFailed(registration_id=seated[2], gathering_id=lively.id, kind="confirmation", problem="bounced")
        changes.note_mail_problem(a_fact(bounced), store=desk.stores.registrations, now=NOW)
        desk.cancel(lively, seated[3])
        desk.do(changes.seat_out_of_turn, lively, waiting[0], COORDINATOR)
        desk.cancel(lively, seated[4], COORDINATOR)
        desk.move_line(lively)
        desk.do(
            changes.hand_over,
            lively,
            seated[5],
            "En kollega",
            "kollega@herning.example.org",
            PERSON,
            allowance=GENEROUS,
        )
        approving = self._seat(
            self.approved,
            *(an_application(name=f"Ansøger {n}", email=f"ansoeger{n}@herning.example.org") for n in range(3)),
        )
        [unproven] = self._seat(self.limited, an_application(email="bo@kolding-folk.example.org", library=KOLDING))
        shown = (*seated[:4], seated[5], *(str(one.registration_id) for one in group), waiting[0])
        self.rows += ({"gathering_id": lively.id, "registration_id": id} for id in shown)
        self.rows.append({"gathering_id": self.approved.id, "registration_id": approving[0]})
        self.rows.append({"gathering_id": self.limited.id, "registration_id": unproven})

    def _imports(self) -> None:
        address = f"/tovholder/arrangementer/{self.approved.id}/deltagere/import"
        by_hand = (DATA / "participants" / "deltagere-regneark-windows-1252.csv").read_bytes()
        looked_at = self._uploaded(address, by_hand)
        done = self._uploaded(address, b"Navn;E-mail;Bibliotek\nAnna;anna@herning.example.org;Herning\n")
        self.site.send_desk_form(f"{address}/{done}")
        self.rows += ({"gathering_id": self.approved.id, "import_id": id} for id in (looked_at, done))

    def _invitations(self) -> None:
        address = f"/tovholder/arrangementer/{self.lively.id}/invitationer"
        sent = self._behind(address, {"emails": "anna@vejle.example.org", "language": "da"})
        self.site.send_desk_form(f"{address}/{sent}")
        pasted = f"leder@vejle.example.org, {LONG.lower()}@herning.example.org\nanna@vejle.example.org\ningen adresse"
        preview = self._behind(address, {"emails": pasted, "language": "da"})
        self.rows.append({"gathering_id": self.lively.id, "preview_id": preview})

    def _messages(self) -> None:
        address = f"/tovholder/arrangementer/{self.lively.id}/beskeder"
        message = {"subject.da": f"Nyt om {LONG}", "body.da": "Hej {navn}\n\nVi ses {tid}.", "action": "send"}
        later = {"when": "later", "send_at": "2026-10-01", "send_at.time": "9.00", "library": VEJLE, "role": "staff"}
        self.site.send_desk_form(f"{address}/ny", {"new": "sentsentsentsent", **message})
        self.site.send_desk_form(f"{address}/ny", {"new": "plannedplannedaa", **message, **later})
        self.rows.append({"gathering_id": self.lively.id, "message_id": "plannedplannedaa"})
        ledger, [first, *_] = self.site.desk.stores.ledger, self._seated
        today = turn("nobody", NOW, NETWORK.zone)
        mails = [MailId(self.lively.id, first, kind, "day") for kind in (MailKind.CONFIRMATION, MailKind.MESSAGE)]
        waits = MailId(self.lively.id, first, MailKind.MESSAGE, "another")
        ledger.claim(mails, now=NOW, turns={mails[1]: today})
        ledger.claim([waits], now=NOW, turns={waits: today})
        ledger.give_up_on(mails[0], now=NOW, correlation_id="busy")

    def _mailboxes(self) -> None:
        store = bootstrap.mailboxes()
        for number, (reason, id) in enumerate(zip(Reason, (self._seated[0], "nobody"), strict=True)):
            why = Suppression(reason, NOW + timedelta(minutes=number), self.lively.id, id)
            store.suppress(bootstrap.registrations().get(self.lively.id, self._seated[number]).person, why, now=NOW)
        [first, *_] = store.suppressed()
        self.rows.append({"person": first.person})

    def _attendance(self) -> None:
        today = a_session("2026-09-01T07:00")
        held = self._gathering(
            a_gathering(slug="i-dag", title={"da": f"I dag: {LONG}"}, sessions=(today,), certificate_share=80),
            publish=True,
        )
        self.site.desk.now = YESTERDAY
        here, _ = self._seat(
            held,
            an_application(name=f"Deltager {LONG}"),
            an_application(name="Bibliotek (Guest)", email="bibliotek@herning.example.org"),
        )
        self.site.desk.now = NOW
        address = f"/tovholder/arrangementer/{held.id}/fremmoede/one"
        self.site.send_desk_form(address, {"registration": here, "was_there": "1"})
        report = (DATA / "attendance" / "teams" / "attendance-current-en-us.csv").read_bytes()
        headers = {"content-type": "multipart/form-data; boundary=edge"}
        parts = (("csrf", self.site.csrf.encode()), ('report"; filename="moede.csv', report))
        body = b"".join(
            b'--edge\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (name.encode(), value)
            for name, value in parts
        )
        preview = _id_in(
            self.site.send("POST", f"{address}/rapport", body + b"--edge--\r\n", headers).headers["location"]
        )
        self.site.send_desk_form(f"/tovholder/arrangementer/{held.id}/fremmoede/beviser")
        self.rows += (
            {"gathering_id": held.id, "registration_id": here},
            {"gathering_id": held.id, "session_id": "one"},
            {"gathering_id": held.id, "session_id": "one", "preview_id": preview},
        )

    def _libraries(self) -> None:
        path = "/tovholder/biblioteker"
        self.site.send_desk_form(f"{path}/ny", {"id": "860100", "name": f"{LONG}s Bibliotek"})
        certified = {"certifications.0.status": "certified", "certifications.0.since": "2026-01-01"}
        kolding = {"name": "Kolding", "domains": "kolding.example.org", "aliases": "KOB"}
        self.site.send_desk_form(f"{path}/{KOLDING}", {"version": "0"} | kolding | certified)
        self.site.send_desk_form(f"{path}/{IKAST}/sammenlaeg", {"into": HERNING, "version": "0"})
        headings = "Nummer;Navn;Domæner;Certificering;Fra\n"
        lines = (
            f"{HERNING};Herning Bibliotekerne;ny.example.org;Certificeret;2026-02-01\n860200;Nyt;;;\nx;Uden nummer;;;\n"
        )
        looked_at = self._uploaded(f"{path}/importer", (headings + lines).encode())
        done = self._uploaded(f"{path}/importer", f"{headings}{VEJLE};Vejle Bibliotekerne;;;\n".encode())
        self.site.send_desk_form(f"{path}/importer/{done}")
        self.rows += ({"import_id": id} for id in (looked_at, done))
        self.rows += ({"number": number} for number in (KOLDING, IKAST, "860100"))

    def _themes(self) -> None:
        path = "/tovholder/temaer"
        for name in ("Citizen science", LONG, "Gammelt"):
            words = {"name.da": name, "name.en": name, "description.da": f"Om {name}.", "goals": "4"}
            self.site.send_desk_form(f"{path}/ny", words)
        self.site.send_desk_form(f"{path}/gammelt/sammenlaeg", {"version": "1", "into": "citizen-science"})
        self.rows.append({"slug": "citizen-science"})

    def _webinars(self) -> None:
        path = "/tovholder/webinarer"
        ready = {
            "title.da": "Bier, børn og borgerforskning",
            "speakers.da": "En bibliotekar og en forsker",
            "held_on": "2026-06-03",
            "spoken": "da",
            "themes": "citizen-science",
            "goals": "4",
            "link": "https://video.example.org/bier",
            "alternative.da": "Alt, der vises, bliver sagt.",
            "consent_on": "2026-06-03",
            "review_on": "2099-06-03",
            "chapters.0.id": "0",
            "chapters.0.at": "0:00",
            "chapters.0.title.da": "Velkomst",
            "materials.0.id": "0",
            "materials.0.title.da": "Slides",
            "materials.0.link": "https://example.org/slides",
        }
        for title in (ready["title.da"], LONG):
            made = _id_in(self.site.send_desk_form(f"{path}/ny", ready | {"title.da": title}).headers["location"])
            captions = (DATA / "transcripts" / "zoom-da-numbered.vtt").read_bytes()
            self.site.send_desk_upload(
                f"{path}/{made}/undertekster", sheet=captions, called="captions", more=(("language", "da"),)
            )
            slides = (("title.da", LONG), ("title.en", "Slides"))
            self.site.send_desk_upload(f"{path}/{made}/materialer", sheet=CONTENTS[PDF], called="document", more=slides)
            [document_id] = workshop.around().store.get(made).documents
            self.rows += (
                {"webinar_id": made},
                {"webinar_id": made, "language": "da"},
                {"webinar_id": made, "document_id": document_id},
            )
        self.site.send_desk_form(f"{path}/ny", {"title.da": "Kladde", "held_on": "2026-06-03", "spoken": "da"})
        self.site.send_desk_form(f"{path}/{made}/offentliggoer")

    def _resources(self) -> None:
        path = "/tovholder/ressourcer"
        ready = {
            "title.da": LONG,
            "description.da": f"Om {LONG}.",
            "kind": "guide",
            "link": f"https://{LONG.lower()}.example.org/vejledning",
            "language": "da",
            "library": HERNING,
            "themes": "citizen-science",
            "goals": "4",
        }
        for new, title in (("aaaaaaaaaaaaaaaa", LONG), ("bbbbbbbbbbbbbbbb", "Tælleskema")):
            self.site.send_desk_form(f"{path}/ny", ready | {"title.da": title, "new": new})
            self.rows.append({"resource_id": new})
        self.site.send_desk_upload(f"{path}/{new}/fil", sheet=CONTENTS[PDF], called="document")
        document = shelf.around().store.get(new).document
        assert document is not None
        self.rows.append({"resource_id": new, "document_id": document.id})
        self.site.send_desk_form(f"{path}/{new}/skjul")

    def _programme(self, programme: Programme) -> Programme:
        return programmes.plan(programme, languages=NETWORK.languages, store=bootstrap.programmes())

    def _gathering(self, gathering: Gathering, *, publish: bool = False) -> Gathering:
        store = bootstrap.gatherings()
        gatherings.plan(gathering, languages=NETWORK.languages, programmes=bootstrap.programmes(), store=store)
        if publish:
            gatherings.publish(gathering.id, store=store, now=YESTERDAY, correlation_id="busy")
        return store.get(gathering.id)

    def _seat(self, gathering: Gathering, *applications: Application) -> list[str]:
        return [str(self.site.desk.register(gathering, one).registration_id) for one in applications]

    def _uploaded(self, address: str, sheet: bytes) -> str:
        answer = self.site.send_desk_upload(address, sheet=sheet)
        return _id_in(answer.headers["location"])

    def _behind(self, address: str, fields: Mapping[str, str]) -> str:
        return _id_in(self.site.send_desk_form(address, fields).headers["location"])


def _id_in(location: str) -> str:
    return location.partition("?")[0].rpartition("/")[2]
