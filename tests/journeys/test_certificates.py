"""Who was there gets a certificate, once, by mail; who has the number can see that it is genuine, and nobody else."""

from dataclasses import replace
from datetime import timedelta

import pytest

from events.certificates import CertificateIssued
from shared.attendance.service import mark_all
from shared.certificates import service
from shared.certificates.dynamo import DynamoCertificateStore
from shared.certificates.model import Certificate, CertificateNotFound, code_of, earned
from shared.gatherings import service as planning
from shared.gatherings.model import Gathering
from shared.programmes.dynamo import DynamoProgrammeStore
from shared.registration.model import Registration
from tests.support.builders import NETWORK, a_fact, a_gathering, a_session, applicants
from tests.support.mails import Mail
from tests.support.programmes import a_programme
from tests.support.stores import everybody
from tests.support.world import BEST_AND_WORST, World

pytestmark = pytest.mark.usefixtures("table")

OVER = timedelta(hours=1)


@pytest.fixture
def course(world: World) -> Gathering:
    """Two sessions, of which one has to be in half."""
    sessions = (a_session("2026-10-05T09:00", id="one"), a_session("2026-10-06T09:00", id="two"))
    return world.desk.publish(
        a_gathering(title={"da": "Kursus"}, sessions=sessions, certificate_share=50, goals=(4, 13))
    )


@pytest.fixture
def people(world: World, course: Gathering) -> list[str]:
    """Three with a seat, told so; the course is over."""
    answers = everybody(world.desk, course, applicants(3))
    world.pump()
    world.mailer.sent.clear()
    world.desk.now = course.ends_at + OVER
    return [answer.registration_id for answer in answers if answer.registration_id is not None]


def there(world: World, course: Gathering, session: str, **said: bool) -> None:
    ids = {one.participant.email.partition("@")[0]: one.id for one in found(world, course)}
    marks = {ids[name]: was_there for name, was_there in said.items()}
    mark_all(course, session, marks, store=world.desk.stores.registrations, now=world.desk.now)


def found(world: World, course: Gathering) -> list[Registration]:
    page, _ = world.desk.stores.registrations.of_gathering(course.id, after=None, limit=100)
    return list(page)


def issue(world: World, course: Gathering) -> int:
    return service.issue(
        course,
        registrations=world.desk.stores.registrations,
        programmes=DynamoProgrammeStore(),
        store=DynamoCertificateStore(),
        now=world.desk.now,
        correlation_id="desk",
    )


@BEST_AND_WORST
def test_those_who_were_there_get_one_each_by_mail(world: World, course: Gathering, people: list[str]) -> None:
    there(world, course, "one", deltager1=True, deltager2=False, deltager3=False)
    there(world, course, "two", deltager1=True, deltager2=True)

    assert (issue(world, course), issue(world, course)) == (2, 0)
    world.pump()

    assert sorted(recipient.partition("@")[0] for recipient, _ in world.mailer.sent) == ["deltager1", "deltager2"]
    codes = {one.participant.email.partition("@")[0]: one.certificate for one in found(world, course)}
    assert codes["deltager3"] is None
    minutes = [DynamoCertificateStore().get(str(codes[name])).minutes for name in ("deltager1", "deltager2")]
    assert minutes == [300, 150]
    [(_, raw), *_] = (each for each in world.mailer.sent if each[0].startswith("deltager1"))
    mail = Mail.of(raw)
    assert mail.header("Subject") == "Dit bevis: Kursus"
    assert f"/bevis/{codes['deltager1']}" in mail.text
    assert world.dead == []


def test_a_certificate_says_what_was_so_on_the_day(world: World, course: Gathering, people: list[str]) -> None:
    there(world, course, "one", deltager1=True)
    issue(world, course)
    [code] = [one.certificate for one in found(world, course) if one.certificate]

    certificate = DynamoCertificateStore().get(code)

    assert certificate.title == {"da": "Kursus"}
    assert certificate.goals == (4, 13)
    assert [moment.isoformat() for moment in certificate.held] == [
        "2026-10-05T07:00:00+00:00",
        "2026-10-05T09:30:00+00:00",
    ]
    assert code_of(certificate.number) == code
    assert len(certificate.number) == 19


def test_nobody_has_earned_one_before_it_is_over(world: World, course: Gathering, people: list[str]) -> None:
    world.desk.now = course.ends_at - timedelta(minutes=30)
    there(world, course, "one", deltager1=True)

    assert issue(world, course) == 0


@pytest.mark.parametrize(
    ("share", "was_in", "earns"),
    [(None, 2, False), (1, 0, False), (1, 1, True), (50, 1, True), (51, 1, False), (100, 1, False), (100, 2, True)],
)
def test_the_gathering_says_how_much_is_enough(
    world: World, course: Gathering, people: list[str], share: int | None, was_in: int, earns: bool
) -> None:
    for session in ("one", "two")[:was_in]:
        there(world, course, session, deltager1=True)
    [one] = [each for each in found(world, course) if each.id == people[0]]

    assert bool(earned(one, replace(course, certificate_share=share), world.desk.now)) is earns


@pytest.mark.parametrize(
    ("own", "of_programme", "rule"), [(None, 50, 50), (100, 50, 100), (None, None, None), (80, None, 80)]
)
def test_what_the_gathering_does_not_say_its_programme_says(
    table: None, own: int | None, of_programme: int | None, rule: int | None
) -> None:
    programmes = DynamoProgrammeStore()
    programme = a_programme(certificate_share=of_programme)
    programmes.create(programme)

    ruled = service.ruled(a_gathering(programme=programme.id, certificate_share=own), programmes=programmes)

    assert ruled.certificate_share == rule


def test_a_certificate_by_the_programmes_rule_is_given_like_another(world: World) -> None:
    programme = a_programme(certificate_share=100)
    DynamoProgrammeStore().create(programme)
    gatherings = world.desk.stores.gatherings
    draft = a_gathering(programme=programme.id)
    planning.plan(draft, languages=NETWORK.languages, programmes=DynamoProgrammeStore(), store=gatherings)
    course = planning.publish(draft.id, store=gatherings, now=world.desk.now, correlation_id="desk")
    [answer] = everybody(world.desk, course, applicants(1))
    world.desk.now = course.ends_at + OVER
    mark_all(
        course,
        course.sessions[0].id,
        {str(answer.registration_id): True},
        store=world.desk.stores.registrations,
        now=world.desk.now,
    )

    assert issue(world, course) == 1


def test_one_that_is_taken_back_is_known_as_such_and_another_can_be_given(
    world: World, course: Gathering, people: list[str]
) -> None:
    there(world, course, "one", deltager1=True)
    issue(world, course)
    [one] = [each for each in found(world, course) if each.certificate]

    assert service.revoke(one, store=DynamoCertificateStore(), now=world.desk.now)
    assert not service.revoke(one, store=DynamoCertificateStore(), now=world.desk.now), "it has changed meanwhile"

    assert DynamoCertificateStore().get(str(one.certificate)).revoked_at == world.desk.now
    assert [each.certificate for each in found(world, course)] == [None] * 3
    assert issue(world, course) == 1


def test_who_changes_at_the_same_moment_is_left_for_the_next_time(
    world: World, course: Gathering, people: list[str]
) -> None:
    there(world, course, "one", deltager1=True, deltager2=True)
    store, now = DynamoCertificateStore(), world.desk.now
    stale = {one.id: one for one in found(world, course)}
    there(world, course, "two", deltager1=True)

    issued = store.issue(
        [
            (
                stale[id],
                Certificate.of(id, stale[id], course, earned(stale[id], course, now), now),
                a_fact(CertificateIssued(registration_id=id, gathering_id=course.id), subject=id),
            )
            for id in people[:2]
        ]
    )

    assert issued == {people[1]}
    with pytest.raises(CertificateNotFound):
        store.get(people[0])


@pytest.mark.parametrize("code", ["", "nothing", "ÆØÅ", "x" * 500])
def test_a_number_that_nobody_was_given_is_none(world: World, code: str) -> None:
    with pytest.raises(CertificateNotFound):
        DynamoCertificateStore().get(code_of(code))
