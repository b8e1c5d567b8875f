"""People are forgotten, one on a wish and all in time, alike on the fakes and on the table."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from shared.erasure import service as erasing
from shared.erasure.dynamo import DynamoPersonalRows, TombstoneItem
from shared.erasure.expiry import expire, plan
from shared.erasure.file import everything_about
from shared.erasure.model import participation
from shared.erasure.ports import Kept
from shared.gatherings.model import Gathering, Window
from shared.gatherings.questions import Question, QuestionKind
from shared.gatherings.rounds import NOBODY, Round, Who
from shared.invitations import service as inviting
from shared.invitations.dynamo import DynamoInvitationStore
from shared.invitations.ports import InvitationStore
from shared.mailboxes.dynamo import DynamoMailboxStore
from shared.mailboxes.model import Reason, Suppression, Topic
from shared.mailboxes.ports import MailboxStore
from shared.notices import service as notices
from shared.notices.dynamo import DynamoNoticeStore
from shared.notices.ports import Openings
from shared.notify.model import MailId, MailKind, MailProblem
from shared.privacy.export import as_json
from shared.privacy.model import Group
from shared.privacy.tombstones import Tombstone, tombstone
from shared.programmes.dynamo import DynamoProgrammeStore
from shared.programmes.model import Track
from shared.registration import changes
from shared.registration.applying import Booker
from shared.registration.model import Registration, RegistrationNotFound, Status
from shared.registration.service import keyed
from shared.spreadsheets.dynamo import DynamoPreviewStore
from shared.spreadsheets.previews import KeptPreview
from tests.support.builders import NETWORK, NOW, a_gathering, a_session, an_application, applicants
from tests.support.memory_invitations import InMemoryInvitations
from tests.support.memory_notices import InMemoryNoticeStore, InMemoryPersonalRows
from tests.support.memory_previews import InMemoryPreviewStore
from tests.support.memory_programmes import InMemoryProgrammeStore
from tests.support.programmes import a_programme
from tests.support.stores import COORDINATOR, KINDS, Desk, Stores

DAY = timedelta(days=1)
SECRET = keyed(b"guard key")
EMAIL = "deltager1@herning.example.org"
OTHER = "deltager2@herning.example.org"
PAIR = (("Min", "mit@herning.example.org"), ("Anden", "anden@herning.example.org"))
PERIODS = NETWORK.legal.periods


def person(email: str = EMAIL) -> str:
    return SECRET(f"mailbox|{email}")


@dataclass
class Archive:
    """Where people are forgotten."""

    desk: Desk
    kept: Kept
    invitations: InvitationStore
    mailboxes: MailboxStore
    tombstones: Callable[[], Sequence[Tombstone]]

    def erase(self, email: str = EMAIL) -> None:
        erasing.erase(
            person(email),
            kept=self.kept,
            around=self.desk.around,
            secret=SECRET,
            now=self.desk.now,
            correlation_id="correlation",
        )

    def expire(self, now: datetime) -> dict[Group, int]:
        self.desk.now = now
        return dict(expire(kept=self.kept, periods=PERIODS, zone=NETWORK.zone, now=now, correlation_id="correlation"))

    def leave_interest(self, gathering: Gathering, email: str = EMAIL) -> None:
        around = Openings(self.desk.reader, self.desk.libraries, NETWORK.zone, self.kept.notices)
        notices.leave_interest(
            gathering.slug, email, language="da", limits=(), secret=SECRET, around=around, now=self.desk.now
        )

    def ask_for_links(self, email: str = EMAIL) -> None:
        notices.ask_for_links(
            email,
            language="da",
            limits=(),
            secret=SECRET,
            store=self.kept.notices,
            now=self.desk.now,
            correlation_id="correlation",
        )

    def invite(self, gathering: Gathering, *emails: str) -> list[MailId]:
        """Invite addresses, and return the mails that tells them, in the order of the addresses."""
        found = inviting.plan(
            emails,
            "da",
            gathering=gathering,
            registrations=(),
            store=self.invitations,
            secret=SECRET,
            now=self.desk.now,
        )
        inviting.invite(found, again=False, store=self.invitations, now=self.desk.now, correlation_id="correlation")
        mails = [MailId(gathering.id, one.id, MailKind.INVITATION, "one") for one in found.new]
        self.desk.stores.ledger.claim(mails, now=self.desk.now)
        return mails

    def is_noted(self, mail: MailId) -> bool:
        return not self.desk.stores.ledger.claim([mail], now=self.desk.now)

    def about(self, email: str = EMAIL) -> dict[str, Any]:
        def library_name(number: str) -> str:
            return self.desk.libraries.shown(number).name

        found = everything_about(
            person(email), kept=self.kept, library_name=library_name, secret=SECRET, now=self.desk.now
        )
        return as_json(found)

    def mail(self, registration: Registration) -> None:
        mail = MailId(registration.gathering_id, registration.id, MailKind.CONFIRMATION, "one")
        self.desk.stores.ledger.claim([mail], now=self.desk.now)

    def mails(self, registration: Registration) -> bool:
        mail = MailId(registration.gathering_id, registration.id, MailKind.CONFIRMATION, "one")
        return not self.desk.stores.ledger.claim([mail], now=self.desk.now)


@pytest.fixture(params=KINDS)
def archive(request: pytest.FixtureRequest) -> Archive:
    if request.param == "dynamo":
        request.getfixturevalue("table")
    stores = KINDS[request.param]()
    if request.param == "dynamo":
        kept = Kept(
            stores.gatherings,
            DynamoProgrammeStore(),
            stores.registrations,
            DynamoNoticeStore(),
            DynamoPersonalRows(),
            DynamoPreviewStore(),
        )
        return Archive(Desk(stores), kept, DynamoInvitationStore(), DynamoMailboxStore(), _tombstones)
    return _in_memory(stores)


def _in_memory(stores: Stores) -> Archive:
    memory = vars(stores.registrations)["_memory"]
    notices = InMemoryNoticeStore(memory)
    invitations = InMemoryInvitations()
    rows = InMemoryPersonalRows(memory, notices, invitations)
    programmes, previews = InMemoryProgrammeStore(memory.outbox), InMemoryPreviewStore()
    kept = Kept(stores.gatherings, programmes, stores.registrations, notices, rows, previews)
    return Archive(Desk(stores), kept, invitations, rows.mailboxes, lambda: rows.tombstones)


def _tombstones() -> list[Tombstone]:
    found = [row for row in TombstoneItem.scan(TombstoneItem.sk.startswith("TOMBSTONE#"))]
    return [
        Tombstone(
            row.pk.removeprefix("GATHERING#"),
            row.library,
            row.role,
            row.status,
            row.attended,
            row.first_ever,
            row.first_in_programme,
            row.first_in_year,
        )
        for row in found
    ]


def a_day(archive: Archive, day: str, slug: str = "dag", **more: Any) -> Gathering:
    """A gathering on a day, from nine on."""
    return archive.desk.publish(a_gathering(slug=slug, sessions=(a_session(f"{day}T09:00"),), **more))


def firsts(archive: Archive) -> dict[str, tuple[bool, bool, bool]]:
    return {
        one.gathering_id: (one.first_ever, one.first_in_programme, one.first_in_year) for one in archive.tombstones()
    }


def test_a_seat_to_come_is_given_back_and_nobody_is_left(archive: Archive) -> None:
    gathering = a_day(archive, "2026-10-05", capacity=1, waiting_list=True)
    archive.desk.register(gathering)
    archive.desk.register(gathering, an_application(email=OTHER))

    archive.erase()

    [other] = archive.desk.everybody(gathering)
    assert other.participant.email == OTHER
    assert archive.desk.move_line(gathering) == 1
    assert archive.desk.seats(gathering).libraries["765700"] == 1
    assert archive.tombstones() == [Tombstone(gathering.id, "765700", "staff", "cancelled", None, False, False, False)]
    assert "RegistrationCancelled" in archive.desk.stores.fact_types()


def test_a_place_in_the_line_is_given_back(archive: Archive) -> None:
    gathering = a_day(archive, "2026-10-05", capacity=1, waiting_list=True)
    archive.desk.register(gathering, an_application(email=OTHER))
    archive.desk.register(gathering)

    archive.erase()

    assert archive.desk.line(gathering) == ()
    assert archive.desk.seats(gathering).waiting["whole"] == 0


def test_it_is_never_too_late_to_be_forgotten(archive: Archive) -> None:
    gathering = a_day(archive, "2026-10-05", registration=Window(changes_until=NOW - DAY))
    archive.desk.register(gathering)

    archive.erase()

    assert archive.desk.everybody(gathering) == []
    assert [one.status for one in archive.tombstones()] == ["cancelled"]


def test_who_took_part_is_counted_without_a_name(archive: Archive) -> None:
    first, second = a_day(archive, "2026-10-05"), a_day(archive, "2026-11-05", "to")
    for gathering in (second, first):
        archive.desk.register(gathering)
    archive.desk.now = NOW + 100 * DAY

    archive.erase()

    assert firsts(archive) == {first.id: (True, False, True), second.id: (False, False, False)}
    assert {one.status for one in archive.tombstones()} == {"confirmed"}


def test_whoever_is_forgotten_can_come_again(archive: Archive) -> None:
    gathering = a_day(archive, "2026-10-05")
    archive.desk.register(gathering)
    archive.erase()

    answer = archive.desk.register(gathering)

    assert archive.desk.get(gathering, answer.registration_id).status is Status.CONFIRMED


def test_the_name_of_who_was_left_out_goes_with_the_person_and_with_who_booked(archive: Archive) -> None:
    gathering = a_day(archive, "2026-10-05", capacity=1)
    people = [an_application(name=f"Deltager {n}", email=f"deltager{n}@herning.example.org") for n in (1, 3, 4)]
    third, fourth = (one.email for one in people[1:])
    archive.desk.book(gathering, *people, booker=Booker("Deltager 2", OTHER), together=False)
    [booking] = archive.about(OTHER)["bookings"]
    assert booking["left_out"] == [{"name": "Deltager 3"}, {"name": "Deltager 4"}]
    assert [one["name"] for one in archive.about(third)["left_out"]] == ["Deltager 3"]

    archive.erase(third)

    [booking] = archive.about(OTHER)["bookings"]
    assert archive.about(third).keys() == {"made_at"}
    assert booking["left_out"] == [{"name": "Deltager 4"}]

    archive.erase(OTHER)

    assert archive.about(fourth).keys() == {"made_at"}


def test_why_somebody_was_seated_out_of_turn_goes_with_the_registration(archive: Archive) -> None:
    gathering = a_day(archive, "2026-10-05", capacity=2, waiting_list=True)
    seated = [archive.desk.register(gathering, one) for one in applicants(2, library="775100")]
    mine, others = (archive.desk.register(gathering, an_application(name=name, email=email)) for name, email in PAIR)
    for one in seated:
        archive.desk.cancel(gathering, one.registration_id)
    for one in (mine, others):
        archive.desk.do(changes.seat_out_of_turn, gathering, one.registration_id, COORDINATOR)

    archive.erase("mit@herning.example.org")

    [left] = archive.desk.stores.registrations.overtakings(gathering.id)
    assert left.id == others.registration_id


def test_everything_else_under_the_address_goes_too(archive: Archive) -> None:
    gathering = a_day(archive, "2026-10-05")
    later = a_day(archive, "2026-12-05", "senere", registration=Window(opens_at=NOW + DAY))
    booking = archive.desk.book(gathering, an_application(email=OTHER), booker=Booker("Deltager 1", EMAIL))
    archive.desk.register(gathering)
    for email in (EMAIL, OTHER):
        archive.leave_interest(later, email)
        archive.ask_for_links(email)
    [mine] = archive.kept.registrations.of_person(person())
    archive.mail(mine)

    archive.erase()

    assert archive.about() == {"made_at": archive.desk.now.isoformat()}
    assert [one.email for one in archive.kept.notices.left_for(later.id)] == [OTHER]
    assert not archive.mails(mine)
    other = archive.desk.get(gathering, booking[0].registration_id)
    assert other.status is not Status.CANCELLED
    assert archive.about(OTHER).keys() == {"made_at", "registrations", "interests", "requests"}


def test_an_invitation_goes_with_its_mail_and_others_keep_theirs(archive: Archive) -> None:
    gathering = a_day(archive, "2026-10-05")
    mine, others = archive.invite(gathering, EMAIL, OTHER)
    [invitation] = archive.about()["invitations"]
    assert (invitation["email"], invitation["invited_at"]) == (EMAIL, NOW.isoformat())
    assert [mail["kind"] for mail in invitation["mails"]] == ["invitation"]

    archive.erase()

    assert archive.about().keys() == {"made_at"}
    assert [one.email for one in archive.invitations.of_gathering(gathering.id)] == [OTHER]
    assert not archive.is_noted(mine)
    assert archive.is_noted(others)


def test_invitations_go_with_the_registrations_of_their_gathering(archive: Archive) -> None:
    gathering, later = a_day(archive, "2026-10-05"), a_day(archive, "2026-12-05", "senere")
    mails = archive.invite(gathering, EMAIL, OTHER)
    [later_mail] = archive.invite(later, EMAIL)

    archive.expire(datetime(2027, 10, 4, tzinfo=UTC))
    assert len(archive.invitations.of_gathering(gathering.id)) == 2

    archive.expire(datetime(2027, 10, 6, tzinfo=UTC))
    assert archive.invitations.of_gathering(gathering.id) == ()
    assert not any(archive.is_noted(mail) for mail in mails)
    assert len(archive.invitations.of_gathering(later.id)) == 1
    assert archive.is_noted(later_mail)


def _invited(*emails: str) -> Round:
    return Round("invited", {"da": "Inviterede"}, NOW - DAY, who=Who(emails=emails))


def test_lists_of_those_who_may_sign_up_lose_the_address_and_admit_nobody_else(archive: Archive) -> None:
    programme = a_programme(
        rounds=(_invited(EMAIL, OTHER),), tracks=(Track("t", {"da": "Spor"}, rounds=(_invited(EMAIL),)),)
    )
    archive.kept.programmes.create(programme)
    gathering = a_day(archive, "2026-10-05", rounds=(_invited(EMAIL),))

    archive.erase()
    archive.erase()

    [only] = archive.kept.gatherings.get(gathering.id).effective_rounds
    changed = archive.kept.programmes.get(programme.id)
    assert only.who.emails == (NOBODY,)
    assert changed.rounds[0].who.emails == (OTHER,)
    assert changed.tracks[0].rounds is not None
    assert changed.tracks[0].rounds[0].who.emails == (NOBODY,)
    assert archive.desk.stores.fact_types().count("ProgrammeChanged") == 1


class Stopped(Exception):
    """Somebody pulled the plug."""


def test_who_was_interrupted_presses_the_button_again(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    gatherings = [a_day(archive, f"2026-1{n}-05", f"dag-{n}", capacity=5) for n in range(3)]
    for gathering in gatherings:
        archive.desk.register(gathering)
    archive.ask_for_links()
    rows = type(archive.kept.rows)
    for step in ("forget_mails", "bury", "forget_person"):
        monkeypatch.setattr(rows, step, _once(getattr(rows, step)))

    for _ in range(10):
        try:
            archive.erase()
        except Stopped:
            continue
        break

    assert archive.about() == {"made_at": archive.desk.now.isoformat()}
    assert len(archive.tombstones()) == 3
    assert all(archive.desk.left(gathering) == 5 for gathering in gatherings)


def _once(method: Any) -> Any:
    """Stop once before, and once after."""
    stops = [True, False]

    def stopping(*arguments: Any, **more: Any) -> Any:
        if not stops:
            return method(*arguments, **more)
        if stops.pop(0):
            raise Stopped
        method(*arguments, **more)
        raise Stopped

    return stopping


def test_one_registration_can_be_forgotten_alone(archive: Archive) -> None:
    first, second = a_day(archive, "2026-10-05"), a_day(archive, "2026-11-05", "to")
    ids = [archive.desk.register(gathering).registration_id for gathering in (first, second)]
    archive.desk.cancel(first, ids[0])

    for _ in range(2):
        erasing.forget((first.id, ids[0] or ""), kept=archive.kept)

    assert archive.desk.everybody(first) == []
    assert len(archive.desk.everybody(second)) == 1
    assert len(archive.tombstones()) == 1


def disown(archive: Archive, gathering: Gathering, registration_id: str | None) -> None:
    archive.desk.do(erasing.disown, gathering, registration_id, kept=archive.kept)


@pytest.mark.parametrize("after", [0 * DAY, 100 * DAY], ids=["before the gathering", "after the gathering"])
def test_what_was_somebody_elses_doing_is_given_back_and_forgotten(archive: Archive, after: timedelta) -> None:
    gathering = a_day(archive, "2026-10-05", capacity=1, registration=Window(changes_until=NOW + DAY))
    registration_id = archive.desk.register(gathering).registration_id
    [mine] = archive.desk.everybody(gathering)
    archive.mail(mine)
    archive.desk.now = NOW + after

    disown(archive, gathering, registration_id)

    assert archive.about().keys() == {"made_at"}
    assert archive.desk.left(gathering) == 1
    assert [one.status for one in archive.tombstones()] == ["cancelled"]
    assert not archive.mails(mine)
    with pytest.raises(RegistrationNotFound):
        disown(archive, gathering, registration_id)


def test_night_after_night_what_is_due_is_deleted(archive: Archive) -> None:
    gathering = a_day(archive, "2026-10-05", asks_needs=True)
    waiting = a_day(archive, "2026-10-05", "venter", registration=Window(opens_at=NOW + DAY))
    archive.desk.register(gathering, an_application(diet="Ingen nødder"))
    archive.leave_interest(waiting)

    def night(day: str) -> dict[Group, int]:
        return archive.expire(datetime.fromisoformat(f"{day}T02:30").replace(tzinfo=UTC))

    assert night("2026-10-05") == {}
    assert night("2026-10-06") == {Group.INTEREST: 2}
    assert list(archive.kept.notices.left_for(waiting.id)) == []
    assert night("2026-10-07") == {}
    assert [one.needs is None for one in archive.desk.everybody(gathering)] == [False]
    assert night("2026-10-08") == {Group.NEEDS: 2}
    assert [one.needs is None for one in archive.desk.everybody(gathering)] == [True]
    assert night("2027-10-04") == {}
    assert night("2027-10-05") == {Group.PARTICIPATION: 2}
    assert archive.desk.everybody(gathering) == []
    assert len(archive.tombstones()) == 1
    assert night("2027-10-05") == {}
    assert night("2027-10-06") == {}


def test_a_night_that_was_interrupted_is_made_up_for_by_the_next(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    gathering = a_day(archive, "2026-10-05")
    for email in (EMAIL, OTHER):
        archive.desk.register(gathering, an_application(email=email))
    rows = type(archive.kept.rows)
    monkeypatch.setattr(rows, "bury", _once(rows.bury))
    night = datetime(2027, 10, 6, tzinfo=UTC)

    for left in (2, 1):
        with pytest.raises(Stopped):
            archive.expire(night)
        assert len(archive.desk.everybody(gathering)) == left
    archive.expire(night)

    assert archive.desk.everybody(gathering) == []
    assert len(archive.tombstones()) == 2


def test_a_gathering_that_is_moved_is_deleted_from_later(archive: Archive) -> None:
    gathering = a_day(archive, "2026-10-05", asks_needs=True)
    archive.desk.register(gathering, an_application(diet="Ingen nødder"))
    night = datetime(2026, 10, 8, 2, 30, tzinfo=UTC)
    archive.desk.edit(gathering, sessions=(a_session("2026-10-12T09:00"),))

    assert archive.expire(night) == {}
    assert archive.expire(night + 7 * DAY) == {Group.INTEREST: 1, Group.NEEDS: 1}


def test_a_gathering_that_is_moved_after_it_was_deleted_from_is_deleted_from_again(archive: Archive) -> None:
    gathering = a_day(archive, "2026-10-05", asks_needs=True)
    night = datetime(2026, 10, 8, 2, 30, tzinfo=UTC)
    archive.expire(night)
    archive.desk.edit(gathering, sessions=(a_session("2026-12-07T09:00"),))
    archive.desk.register(gathering, an_application(diet="Ingen nødder"))

    archive.expire(night + DAY)
    assert [one.needs is None for one in archive.desk.everybody(gathering)] == [False]

    assert archive.expire(night + 90 * DAY) == {Group.INTEREST: 1, Group.NEEDS: 1}
    assert [one.needs is None for one in archive.desk.everybody(gathering)] == [True]


def test_what_is_deleted_in_time_leaves_marks_so_that_nothing_is_counted_twice(archive: Archive) -> None:
    days = ("2026-10-05", "2026-11-05", "2027-03-05", "2027-10-05")
    life = [a_day(archive, day, f"dag-{day}") for day in days]
    for gathering in life:
        archive.desk.register(gathering)
    first, second, third, fourth = life

    archive.expire(datetime(2027, 10, 10, tzinfo=UTC))
    assert firsts(archive) == {first.id: (True, False, True)}

    erasing.forget((third.id, archive.desk.everybody(third)[0].id), kept=archive.kept)
    archive.expire(datetime(2029, 1, 1, tzinfo=UTC))

    assert firsts(archive) == {
        first.id: (True, False, True),
        second.id: (False, False, False),
        third.id: (False, False, True),
        fourth.id: (False, False, False),
    }


def test_what_somebody_changes_at_the_same_moment_is_deleted_all_the_same(archive: Archive) -> None:
    gathering = a_day(archive, "2026-10-05")
    archive.desk.register(gathering)
    [seen] = archive.desk.everybody(gathering)
    archive.desk.cancel(gathering, seen.id)

    assert not erasing.bury(replace(seen), kept=archive.kept)
    erasing.put_away((gathering.id, seen.id), kept=archive.kept)

    assert archive.desk.everybody(gathering) == []


def test_marks_are_left_to_nobody_who_is_gone(archive: Archive) -> None:
    first, second = a_day(archive, "2026-10-05"), a_day(archive, "2026-11-05", "to")
    for gathering in (first, second):
        archive.desk.register(gathering)
    [one], [heir] = archive.desk.everybody(first), archive.desk.everybody(second)
    left = tombstone(participation(one, first, frozenset()), [])
    erasing.put_away((second.id, heir.id), kept=archive.kept)

    assert not archive.kept.rows.bury(one, left, (heir, frozenset({"ever"})))
    assert archive.kept.rows.marks([(second.id, heir.id)]) == {}
    assert len(archive.desk.everybody(first)) == 1


def test_who_booked_and_who_was_invited_goes_with_the_registrations(archive: Archive) -> None:
    programme = a_programme(ends_on=date(2026, 12, 31), rounds=(_invited(EMAIL),))
    archive.kept.programmes.create(programme)
    rounds = (_invited(EMAIL, OTHER, "deltager3@herning.example.org"),)
    gathering = a_day(archive, "2026-10-05", rounds=rounds, capacity=1)
    third = an_application(name="Deltager 3", email="deltager3@herning.example.org")
    archive.desk.book(gathering, an_application(), third, booker=Booker("Deltager 2", OTHER), together=False)

    archive.expire(datetime(2027, 10, 6, tzinfo=UTC))

    assert archive.about(OTHER).keys() == {"made_at"}
    assert archive.about(third.email).keys() == {"made_at"}
    assert archive.about().keys() == {"made_at", "rounds"}

    archive.expire(datetime(2028, 1, 1, tzinfo=UTC))

    assert archive.about().keys() == {"made_at"}


def test_coordinators_see_what_will_be_deleted_and_when(archive: Archive) -> None:
    gathering = a_day(archive, "2026-10-05", asks_needs=True)
    waiting = a_day(archive, "2026-09-25", "venter", registration=Window(opens_at=NOW + DAY))
    archive.desk.register(gathering, an_application(diet="Ingen nødder"))
    archive.desk.register(gathering, an_application(email=OTHER))
    archive.leave_interest(waiting)

    def planned(now: datetime) -> list[tuple[str, Group, date, int]]:
        found = plan(kept=archive.kept, periods=PERIODS, now=now, ahead=30 * DAY)
        return [(one.gathering.id, one.group, one.on, one.count) for one in found]

    assert planned(NOW) == [(waiting.id, Group.INTEREST, date(2026, 9, 26), 1)]
    assert planned(NOW + 10 * DAY) == [
        (waiting.id, Group.INTEREST, date(2026, 9, 26), 1),
        (gathering.id, Group.NEEDS, date(2026, 10, 8), 1),
    ]
    archive.expire(datetime(2026, 10, 9, tzinfo=UTC))
    assert planned(archive.desk.now) == []
    assert planned(datetime(2027, 9, 20, tzinfo=UTC)) == [(gathering.id, Group.PARTICIPATION, date(2027, 10, 5), 2)]


def test_everything_about_somebody_can_be_read(archive: Archive) -> None:
    question = Question("bus", QuestionKind.YES_NO, {"da": "Kommer du med bussen?"})
    gathering = a_day(archive, "2026-10-05", questions=(question,), asks_needs=True, asks_invoice_reference=True)
    application = an_application(answers={"bus": True}, diet="Ingen nødder", gln="5790000000005", reference="Kontor 4")
    archive.desk.register(gathering, application)

    [mine] = archive.about()["registrations"]

    assert {name: mine[name] for name in ("name", "email", "library", "role", "status")} == {
        "name": "Deltager 1",
        "email": EMAIL,
        "library": "765700",
        "role": "staff",
        "status": "confirmed",
    }
    assert (mine["diet"], mine["reference"]) == ("Ingen nødder", "Kontor 4")
    assert mine["answers"] == [{"question": {"da": "Kommer du med bussen?"}, "answer": True}]


def test_what_is_known_of_the_mailbox_can_be_read_and_goes(archive: Archive) -> None:
    gathering = a_day(archive, "2026-10-05")
    answer = archive.desk.register(gathering, an_application())
    mine, now = person(EMAIL), archive.desk.now
    assert "mailbox" not in archive.about()
    archive.mailboxes.choose(mine, frozenset({Topic.MESSAGES}), now=now)
    why = Suppression(Reason.BOUNCED, now, gathering.id, str(answer.registration_id))
    archive.mailboxes.suppress(mine, why, now=now)

    [mailbox] = archive.about()["mailbox"]
    archive.erase()

    assert mailbox == {
        "unwanted": [{"topic": "messages"}],
        "no_mail": "bounced",
        "no_mail_since": now.isoformat(),
    }
    assert archive.mailboxes.many([mine]) == {}


def test_lists_that_coordinators_have_uploaded_go_if_they_name_the_person(archive: Archive) -> None:
    gathering = a_day(archive, "2026-10-05")
    mine = archive.desk.register(gathering, an_application()).registration_id
    lists = {
        "by address": (
            '{"lines": [{"email": "Deltager1@Herning.example.org"}, {"email": "x@herning.example.org"}]}',
            "",
        ),
        "by what came of it": ('{"lines": [{"name": "Deltager 1"}]}', json.dumps([{"registration_id": mine}])),
        "of others": ('{"lines": [{"email": "deltager11@herning.example.org"}], "number": 1}', "[]"),
    }
    for id, (document, step) in lists.items():
        archive.kept.previews.keep(KeptPreview(id, "participants", document), now=NOW)
        if step:
            archive.kept.previews.add_step(id, 0, step, now=NOW)
    archive.kept.previews.keep(KeptPreview("invited", "invitations", f'["{EMAIL}"]'), now=NOW)
    told = archive.about()["imports"]

    archive.erase()

    assert sorted(one["kind"] for one in told) == ["invitations", "participants", "participants"]
    assert [one.id for one in archive.kept.previews.every(now=NOW)] == ["of others"]


def test_what_can_be_taken_away_says_what_it_is_about(archive: Archive) -> None:
    question = Question("bus", QuestionKind.YES_NO, {"da": "Kommer du med bussen?"})
    gathering = a_day(archive, "2026-10-05", questions=(question,), capacity=1, waiting_list=True)
    later = a_day(archive, "2026-10-07", "senere", registration=Window(opens_at=NOW + DAY))
    first = archive.desk.register(gathering, an_application(name="En anden", email=OTHER))
    archive.desk.register(gathering, an_application(answers={"bus": True}), booker=Booker("Booker", EMAIL))
    archive.desk.cancel(gathering, first.registration_id)
    [one] = archive.kept.registrations.of_person(person())
    archive.desk.do(changes.seat_out_of_turn, gathering, one.id, COORDINATOR)
    archive.desk.edit(gathering, questions=())
    archive.leave_interest(later)
    archive.mail(one)
    archive.desk.stores.ledger.note(
        MailId(gathering.id, one.id, MailKind.CONFIRMATION, "one"),
        MailProblem.BOUNCED,
        now=NOW,
        correlation_id="correlation",
    )

    about = archive.about()

    [mine], [booking], [interest] = about["registrations"], about["bookings"], about["interests"]
    assert mine["gathering"] == booking["gathering"] == gathering.title
    assert interest["gathering"] == later.title
    [session] = gathering.sessions
    assert mine["sessions"] == [
        {
            "title": session.title,
            "starts_at": session.starts_at.isoformat(),
            "ends_at": session.ends_at.isoformat(),
            "online": True,
        }
    ]
    assert (mine["library"], mine["library_name"], interest["library_name"]) == ("765700", "Herning", "Herning")
    assert mine["answers"] == [{"question": "bus", "answer": True}]
    assert mine["history"] == [
        {"at": NOW.isoformat(), "what": "waitlisted", "by": "booker", "why": ""},
        {"at": NOW.isoformat(), "what": "seated_out_of_turn", "by": "coordinator", "why": COORDINATOR.why},
    ]
    assert mine["mails"] == [{"at": NOW.isoformat(), "kind": "confirmation", "outcome": "bounced"}]
