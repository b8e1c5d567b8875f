"""Programmes are kept, changed on condition, followed and copied alike on the fake and on the table."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import pytest

from events.catalog import decode
from events.envelope import Envelope
from shared import seats
from shared.gatherings import service as gathering_planning
from shared.gatherings.dynamo import DynamoGatheringStore
from shared.gatherings.model import Gathering, GatheringChangedMeanwhile, State
from shared.gatherings.ports import GatheringStore
from shared.gatherings.rounds import Round, Who
from shared.gatherings.seating import Move
from shared.ids import new_id
from shared.messaging.outbox import unsent_since
from shared.programmes import service as planning
from shared.programmes.dynamo import DynamoProgrammeStore
from shared.programmes.model import (
    Programme,
    ProgrammeChangedMeanwhile,
    ProgrammeExists,
    ProgrammeIsCancelled,
    ProgrammeNotFound,
    ProgrammeSlugTaken,
    RoundsDoNotFit,
    Targets,
    Track,
    TrackInUse,
)
from shared.programmes.ports import ProgrammeStore
from shared.refusals import Invalid
from shared.table import Transaction
from tests.support.builders import NETWORK, NOW, a_gathering, a_session
from tests.support.memory import InMemoryGatheringStore, Memory
from tests.support.memory_programmes import InMemoryProgrammeStore
from tests.support.programmes import a_programme, a_round

_ALWAYS: Final = datetime(9000, 1, 1, tzinfo=UTC)


@dataclass
class Office:
    """Where programmes are planned: the use cases, with everything they need at hand."""

    programmes: Any
    gatherings: Any
    facts: Callable[[], list[Envelope[Any]]]
    see: planning.See
    take: Callable[[Gathering, Move], None]

    def plan(self, programme: Programme) -> Programme:
        return planning.plan(programme, languages=NETWORK.languages, store=self.programmes)

    def change(self, wanted: Programme, *, version: int | None = None) -> Programme:
        return planning.change(
            wanted,
            version=version or wanted.version,
            languages=NETWORK.languages,
            store=self.programmes,
            gatherings=self.gatherings,
            see=self.see,
            now=NOW,
            correlation_id="correlation",
        )

    def publish(self, programme: Programme) -> Programme:
        return planning.publish(programme.id, store=self.programmes, now=NOW, correlation_id="correlation")

    def cancel(self, programme: Programme) -> Programme:
        return planning.cancel(programme.id, store=self.programmes, now=NOW, correlation_id="correlation")

    def follow(self, programme: Programme, *, now: datetime = NOW) -> planning.Followed:
        return planning.follow(
            programme.id, store=self.programmes, gatherings=self.gatherings, now=now, correlation_id="correlation"
        )

    def duplicate(self, programme: Programme, starts_on: date) -> planning.Duplicated:
        return planning.duplicate(
            programme.id,
            starts_on,
            languages=NETWORK.languages,
            zone=NETWORK.zone,
            store=self.programmes,
            gatherings=self.gatherings,
        )

    def add(self, programme: Programme, *, publish: bool = True, **changes: Any) -> Gathering:
        """Plan, and publish, a gathering of a programme."""
        gathering = gathering_planning.plan(
            a_gathering(**{"slug": "", "programme": programme.id} | changes),
            languages=NETWORK.languages,
            programmes=self.programmes,
            store=self.gatherings,
        )
        if not publish:
            return gathering
        return gathering_planning.publish(
            gathering.id, store=self.gatherings, now=NOW - timedelta(days=1), correlation_id="correlation"
        )

    def kept(self, gathering: Gathering) -> Gathering:
        found: Gathering = self.gatherings.get(gathering.id)
        return found

    def of(self, programme: Programme) -> tuple[Gathering, ...]:
        found: tuple[Gathering, ...] = self.gatherings.of_programme(programme.id)
        return found


def _in_memory() -> Office:
    memory = Memory()

    def take(gathering: Gathering, move: Move) -> None:
        memory.seats[gathering.id] = move.applied(memory.seats[gathering.id])

    return Office(
        InMemoryProgrammeStore(memory.outbox),
        InMemoryGatheringStore(memory),
        lambda: list(memory.outbox),
        memory.seats.get,
        take,
    )


def _in_the_table() -> Office:
    def take(gathering: Gathering, move: Move) -> None:
        transaction = Transaction()
        seats.move(transaction, gathering.id, move)
        transaction.commit()

    return Office(
        DynamoProgrammeStore(),
        DynamoGatheringStore(),
        lambda: [decode(body) for body in unsent_since(_ALWAYS)],
        seats.see,
        take,
    )


@pytest.fixture(params=["memory", "dynamo"])
def office(request: pytest.FixtureRequest) -> Office:
    if request.param == "memory":
        return _in_memory()
    request.getfixturevalue("table")
    return _in_the_table()


def test_a_programme_comes_back_as_it_was_kept(office: Office) -> None:
    programme = a_programme(
        summary={"da": "Kort", "en": "Short"},
        owner_group="Styregruppen",
        tracks=(
            Track("staff", {"da": "Medarbejdere"}, ("staff",)),
            Track("leaders", {"da": "Ledere"}, (), (a_round(),)),
        ),
        rounds=(
            a_round(who=Who(("certified",), ("765700",), ("staff",), ("a@herning.example.org",)), reserved_seats=5),
        ),
        themes=("citizen-science",),
        targets=Targets(50, None, 600),
        grant_number="2026-17",
        budget=1_200_000,
        own_share=400_000,
        certificate_share=75,
    )

    office.plan(programme)

    assert office.programmes.get(programme.id) == programme
    assert office.programmes.id_of(programme.slug) == programme.id
    assert office.facts() == []


@pytest.mark.parametrize("name", ["nothing", "x" * 5_000])
def test_what_is_not_there_is_not_found(office: Office, name: str) -> None:
    with pytest.raises(ProgrammeNotFound):
        office.programmes.get(name)
    with pytest.raises(ProgrammeNotFound):
        office.programmes.id_of(name)
    assert office.programmes.rounds(name, None) is None


def test_a_slug_asked_for_is_given_once(office: Office) -> None:
    office.plan(a_programme())

    with pytest.raises(ProgrammeSlugTaken):
        office.plan(a_programme())


def test_a_programme_without_a_slug_gets_one_of_its_title_and_a_number_if_that_is_taken(office: Office) -> None:
    slugs = [office.plan(a_programme(slug="", title={"da": "Fælles læring på Ærø"})).slug for _ in range(3)]

    assert slugs == ["faelles-laering-paa-aeroe", "faelles-laering-paa-aeroe-2", "faelles-laering-paa-aeroe-3"]


def test_programmes_and_gatherings_may_have_the_same_address(office: Office) -> None:
    programme = office.plan(a_programme())

    assert office.add(programme, slug=programme.slug).slug == programme.slug


def test_an_id_is_given_once(office: Office) -> None:
    programme = office.plan(a_programme())

    with pytest.raises(ProgrammeExists):
        office.plan(replace(programme, slug="andet"))
    with pytest.raises(ProgrammeExists):
        office.plan(programme)


def test_a_programme_that_breaks_the_rules_is_not_kept(office: Office) -> None:
    with pytest.raises(Invalid):
        office.plan(a_programme(title={}))

    assert office.programmes.listed().programmes == ()


def test_a_changed_programme_is_announced(office: Office) -> None:
    draft = office.plan(a_programme())

    changed = office.change(replace(draft, budget=7))

    assert (changed.version, office.programmes.get(draft.id)) == (2, changed)
    [fact] = office.facts()
    assert (fact.type, fact.subject, fact.subject_version) == ("ProgrammeChanged", draft.id, 2)


def test_publishing_is_announced_once(office: Office) -> None:
    draft = office.plan(a_programme())

    published = office.publish(draft)

    assert office.publish(draft) == published
    assert [fact.type for fact in office.facts()] == ["ProgrammePublished"]
    assert planning.public(draft.slug, store=office.programmes) == published


def test_taking_off_is_announced_once_and_for_good(office: Office) -> None:
    programme = office.publish(office.plan(a_programme()))

    cancelled = office.cancel(programme)

    assert office.cancel(programme) == cancelled
    assert sorted(fact.type for fact in office.facts()) == ["ProgrammeChanged", "ProgrammePublished"]
    assert planning.public(programme.slug, store=office.programmes) == cancelled
    with pytest.raises(ProgrammeIsCancelled):
        office.change(cancelled)


def test_nobody_sees_a_draft(office: Office) -> None:
    with pytest.raises(ProgrammeNotFound):
        planning.public(office.plan(a_programme()).slug, store=office.programmes)


def test_of_two_who_edit_at_once_the_second_is_told(office: Office) -> None:
    draft = office.plan(a_programme())
    office.change(replace(draft, budget=7))

    with pytest.raises(ProgrammeChangedMeanwhile):
        office.change(replace(draft, budget=8))


def test_a_save_over_a_change_is_refused_by_the_store_itself(office: Office) -> None:
    draft = office.plan(a_programme())
    office.change(replace(draft, budget=7))
    [fact] = office.facts()

    with pytest.raises(ProgrammeChangedMeanwhile):
        office.programmes.save(draft, draft.changed_to(replace(draft, budget=8)), fact)

    assert office.programmes.get(draft.id).budget == 7


def test_pages_together_hold_everything_once_the_latest_first(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    for month in (3, 1, 2):
        office.plan(a_programme(id=new_id(), slug=f"m-{month}", starts_on=date(2026, month, 1)))
    found: list[str] = []
    after = None

    for _ in range(3):
        page = office.programmes.listed(limit=1, after=after)
        found += [one.slug for one in page.programmes]
        after = page.next

    assert (found, after) == (["m-3", "m-2", "m-1"], None)
    monkeypatch.setattr(planning, "AT_ONCE", 2)
    assert [one.slug for one in planning.every(store=office.programmes)] == found


def test_a_gathering_inherits_from_the_moment_it_is_planned(office: Office) -> None:
    own, common = a_round("own"), a_round("common")
    programme = office.plan(a_programme(rounds=(common,), tracks=(Track("t", {"da": "T"}, (), (own,)),)))

    assert office.add(programme).effective_rounds == (common,)
    assert office.add(programme, track="t").effective_rounds == (own,)
    with pytest.raises(Invalid):
        office.add(programme, track="gone")


def test_gatherings_follow_when_rounds_change(office: Office) -> None:
    track = Track("t", {"da": "T"}, (), (a_round("of-track"),))
    programme = office.plan(a_programme(rounds=(a_round("old"),), tracks=(track,)))
    own = office.add(programme, rounds=(a_round("own"),))
    plain, of_track = office.add(programme), office.add(programme, track="t")
    draft = office.add(programme, publish=False)

    changed = office.change(replace(programme, rounds=(a_round("new"),)))
    followed, again = office.follow(changed), office.follow(changed)

    assert (followed, again) == (planning.Followed(3), planning.Followed(0))
    assert [_ids(office.kept(one)) for one in (plain, draft, of_track, own)] == [
        ["new"],
        ["new"],
        ["of-track"],
        ["own"],
    ]
    assert _round_ids(office.kept(own).inherited_rounds) == ["new"]
    announced = [fact.subject for fact in office.facts() if fact.type == "GatheringChanged"]
    assert sorted(announced) == sorted([own.id, plain.id])


def test_reserved_seats_come_out_of_the_whole(office: Office) -> None:
    programme = office.plan(a_programme())
    gathering = office.add(programme, capacity=10)

    office.follow(office.change(replace(programme, rounds=(a_round("kept", reserved_seats=4),))))

    seen = office.see(gathering.id)
    assert seen is not None
    assert (seen.left["whole"], seen.left["round-kept"]) == (6, 4)


def test_who_is_behind_copies_what_holds_now(office: Office) -> None:
    programme = office.plan(a_programme(rounds=(a_round("one"),)))
    gathering = office.add(programme)
    second = office.change(replace(programme, rounds=(a_round("two"),)))
    office.change(replace(second, rounds=(a_round("three"),)))

    # Both facts arrive, in any order: each time the programme is read as it is.
    assert [office.follow(programme).changed for _ in range(2)] == [1, 0]
    assert _ids(office.kept(gathering)) == ["three"]


def test_rounds_that_change_while_they_are_copied_are_copied_again(office: Office) -> None:
    programme = office.plan(a_programme(rounds=(a_round("one"),)))
    gathering = office.add(programme)
    second = office.change(replace(programme, rounds=(a_round("two"),)))

    overtaken = replace(office, programmes=_Interrupted(office.programmes, lambda: _overtake(office, second)))
    followed = overtaken.follow(second)

    assert followed == planning.Followed(2)
    assert _ids(office.kept(gathering)) == ["three"]


def test_who_cannot_keep_up_comes_again(office: Office) -> None:
    programme = office.plan(a_programme(rounds=(a_round("one"),)))
    office.add(programme)
    changed = office.change(replace(programme, rounds=(a_round("two"),)))

    busy = replace(office, gatherings=_Busy(office.gatherings))

    assert busy.follow(changed) == planning.Followed(0, again=True)
    assert office.follow(changed) == planning.Followed(1)


def test_a_gathering_that_was_busy_once_is_tried_again(office: Office) -> None:
    programme = office.plan(a_programme(rounds=(a_round("one"),)))
    office.add(programme)
    changed = office.change(replace(programme, rounds=(a_round("two"),)))

    busy = replace(office, gatherings=_Busy(office.gatherings, times=1))

    assert busy.follow(changed) == planning.Followed(1)


def test_rounds_that_reserve_more_than_there_is_are_refused_and_the_gatherings_named(office: Office) -> None:
    programme = office.plan(a_programme())
    small, large = office.add(programme, capacity=5, title={"da": "Lille"}), office.add(programme, capacity=50)
    unlimited = office.add(programme, title={"da": "Uden loft"})
    own = office.add(programme, rounds=())

    with pytest.raises(RoundsDoNotFit) as refused:
        office.change(replace(programme, rounds=(a_round(reserved_seats=6),)))

    assert _named(refused.value) == {small.id, unlimited.id}
    assert {"id": small.id, "title": {"da": "Lille"}} in refused.value.details["gatherings"]  # type: ignore[operator]
    assert office.programmes.get(programme.id) == programme
    assert {large.id, own.id}.isdisjoint(_named(refused.value))


def test_rounds_are_refused_when_too_few_seats_are_free(office: Office) -> None:
    programme = office.plan(a_programme())
    full, roomy = office.add(programme, capacity=10), office.add(programme, capacity=10)
    office.take(full, Move(take={"whole": 7}))
    office.take(roomy, Move(take={"whole": 6}))

    with pytest.raises(RoundsDoNotFit) as refused:
        office.change(replace(programme, rounds=(a_round(reserved_seats=4),)))

    assert _named(refused.value) == {full.id}


def test_what_does_not_concern_rounds_is_changed_whatever_the_seats(office: Office) -> None:
    programme = office.plan(a_programme(rounds=(a_round(reserved_seats=4),)))
    gathering = office.add(programme, capacity=4)
    office.take(gathering, Move(take={"round-first": 4}))

    assert office.change(replace(programme, budget=7)).budget == 7


def test_what_was_called_off_or_held_stands_in_nobodys_way(office: Office) -> None:
    programme = office.plan(a_programme())
    past = office.add(programme, capacity=5, sessions=(a_session("2026-08-03T09:00"),))
    called_off = office.add(programme, capacity=5)
    gathering_planning.cancel(called_off.id, store=office.gatherings, now=NOW, correlation_id="correlation")

    changed = office.change(replace(programme, rounds=(a_round(reserved_seats=6),)))

    assert office.follow(changed) == planning.Followed(0)
    assert office.kept(past).inherited_rounds == ()


def test_what_was_held_keeps_the_rounds_it_had_when_it_is_saved_again(office: Office) -> None:
    programme = office.plan(a_programme())
    past = office.add(programme, sessions=(a_session("2026-08-03T09:00"),))
    office.change(replace(programme, rounds=(a_round(who=Who(emails=("leder@example.org",))),)))

    changed = gathering_planning.change(
        replace(past, description={"da": "Sådan gik det"}),
        version=past.version,
        languages=NETWORK.languages,
        programmes=office.programmes,
        store=office.gatherings,
        now=NOW,
        correlation_id="correlation",
    )

    assert (changed.description, changed.inherited_rounds) == ({"da": "Sådan gik det"}, ())
    assert office.kept(past) == changed


def test_seats_that_go_between_change_and_copy_are_noted_and_not_tried_for_ever(office: Office) -> None:
    programme = office.plan(a_programme())
    full, roomy = office.add(programme, capacity=10), office.add(programme, capacity=10)
    changed = office.change(replace(programme, rounds=(a_round(reserved_seats=4),)))
    office.take(full, Move(take={"whole": 7}))

    assert office.follow(changed) == planning.Followed(1, unfit=(full.id,))
    assert office.kept(full).inherited_rounds == ()
    assert _ids(office.kept(roomy)) == ["first"]


def test_a_track_goes_when_no_gathering_is_in_it(office: Office) -> None:
    programme = office.plan(a_programme(tracks=(Track("used", {"da": "A"}), Track("free", {"da": "B"}))))
    gathering = office.add(programme, track="used")

    with pytest.raises(TrackInUse) as refused:
        office.change(replace(programme, tracks=(programme.tracks[1],)))

    assert _named(refused.value) == {gathering.id}
    assert len(office.change(replace(programme, tracks=(programme.tracks[0],))).tracks) == 1


def a_course(office: Office) -> tuple[Programme, list[Gathering]]:
    """Return a published programme with a gathering for all, one in its track, and one that was called off."""
    programme = office.publish(
        office.plan(
            a_programme(
                rounds=(a_round("common"),), tracks=(Track("t", {"da": "Ledere"}, ("leader",), (a_round("own"),)),)
            )
        )
    )
    gatherings = [
        office.add(programme, sessions=(a_session("2026-10-20T09:00"), a_session("2026-11-03T09:00", id="two"))),
        office.add(programme, track="t", rounds=(a_round("mine"),), sessions=(a_session("2026-12-01T13:00"),)),
    ]
    called_off = office.add(programme)
    gathering_planning.cancel(called_off.id, store=office.gatherings, now=NOW, correlation_id="correlation")
    return programme, gatherings


def test_a_programme_is_planned_anew_with_its_gatherings(office: Office) -> None:
    programme, _ = a_course(office)

    made = office.duplicate(programme, date(2027, 9, 8))

    copy, (first, second) = made.programme, made.gatherings
    assert (copy.state, copy.slug, copy.version) == (State.DRAFT, "verdensmaal-paa-biblioteket", 1)
    assert (copy.starts_on, copy.ends_on) == (date(2027, 9, 6), date(2028, 1, 28))
    assert [one.starts.isoformat() for one in first.sessions] == ["2027-10-19T09:00:00", "2027-11-02T09:00:00"]
    assert [one.starts.isoformat() for one in second.sessions] == ["2027-11-30T13:00:00"]
    assert {first.state, second.state} == {State.DRAFT}
    assert (first.programme, first.track, second.track) == (copy.id, None, copy.tracks[0].id)
    assert (
        first.inherited_rounds
        == copy.rounds
        == (
            replace(
                programme.rounds[0],
                opens_at=NOW + timedelta(weeks=52),
                closes_at=NOW + timedelta(weeks=52, days=10),
            ),
        )
    )
    assert _ids(second) == ["mine"]
    assert second.effective_rounds[0].opens_at == NOW + timedelta(weeks=52)
    assert second.inherited_rounds == copy.tracks[0].rounds


def test_the_first_is_left_as_it_was(office: Office) -> None:
    programme, gatherings = a_course(office)

    office.duplicate(programme, date(2027, 9, 8))

    assert office.programmes.get(programme.id) == programme
    assert [office.kept(one) for one in gatherings] == gatherings
    assert len(office.of(programme)) == 3


def test_asking_again_gives_the_copy_that_is_there(office: Office) -> None:
    programme, _ = a_course(office)
    made = office.duplicate(programme, date(2027, 9, 8))
    changed = office.change(replace(made.programme, budget=7))

    again = office.duplicate(programme, date(2027, 9, 6))

    assert again == planning.Duplicated(changed, made.gatherings)
    assert len(office.programmes.listed().programmes) == 2


def test_another_week_gives_another_copy(office: Office) -> None:
    programme, _ = a_course(office)

    made = [office.duplicate(programme, day).programme for day in (date(2027, 9, 8), date(2028, 9, 8))]

    assert len({one.id for one in made}) == 2
    assert [one.slug for one in made] == ["verdensmaal-paa-biblioteket", "verdensmaal-paa-biblioteket-2"]


def test_a_copy_that_was_taken_off_does_not_come_back(office: Office) -> None:
    programme, _ = a_course(office)
    first = office.duplicate(programme, date(2027, 9, 8))
    office.cancel(first.programme)

    second = office.duplicate(programme, date(2027, 9, 8))

    assert second.programme.state is State.DRAFT
    assert {one.id for one in second.gatherings}.isdisjoint({one.id for one in first.gatherings})


@pytest.mark.parametrize("plans", [0, 1])
def test_what_a_crash_left_undone_is_done_by_asking_again(office: Office, plans: int) -> None:
    programme, _ = a_course(office)
    crashing = replace(office, gatherings=_Crashing(office.gatherings, after=plans))

    with pytest.raises(_Crash):
        crashing.duplicate(programme, date(2027, 9, 8))
    begun = office.programmes.listed().programmes
    made = office.duplicate(programme, date(2027, 9, 8))

    assert len(begun) == len(office.programmes.listed().programmes) == 2
    assert len(made.gatherings) == 2
    assert len(office.gatherings.listed().gatherings) == 5


def test_two_who_ask_at_once_plan_one(office: Office) -> None:
    programme, _ = a_course(office)
    late = replace(
        office,
        programmes=_Interrupted(office.programmes, lambda: office.duplicate(programme, date(2027, 9, 8)), before=2),
    )

    made = late.duplicate(programme, date(2027, 9, 8))

    assert made.programme in office.programmes.listed().programmes
    assert len(office.programmes.listed().programmes) == 2
    assert len(made.gatherings) == 2


class _Forwarding:
    def __init__(self, store: Any) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


class _Interrupted(_Forwarding):
    """Programmes, with something happening between a read and what is done about it."""

    def __init__(self, store: ProgrammeStore, happen: Callable[[], object], *, before: int = 1) -> None:
        super().__init__(store)
        self._happen = happen
        self._before = before

    def get(self, programme_id: str) -> Programme:
        try:
            return self._store.get(programme_id)  # type: ignore[no-any-return]
        finally:
            self._before -= 1
            if self._before == 0:
                self._happen()


class _Busy(_Forwarding):
    """Gatherings that somebody else saves first, so many times, or always."""

    def __init__(self, store: GatheringStore, times: int = 1_000) -> None:
        super().__init__(store)
        self._times = times

    def save(self, *args: Any) -> None:
        self._times -= 1
        if self._times >= 0:
            raise GatheringChangedMeanwhile
        self._store.save(*args)


class _Crash(Exception):
    """The process ended."""


class _Crashing(_Forwarding):
    """Gatherings, until the process ends."""

    def __init__(self, store: GatheringStore, *, after: int) -> None:
        super().__init__(store)
        self._left = after

    def create(self, gathering: Gathering) -> None:
        if not self._left:
            raise _Crash
        self._left -= 1
        self._store.create(gathering)


def _overtake(office: Office, programme: Programme) -> None:
    """Change the rounds and let them be copied, all while somebody else holds the old ones."""
    office.follow(office.change(replace(programme, rounds=(a_round("three"),))))


def _ids(gathering: Gathering) -> list[str]:
    return _round_ids(gathering.effective_rounds)


def _round_ids(rounds: tuple[Round, ...]) -> list[str]:
    return [one.id for one in rounds]


def _named(refusal: RoundsDoNotFit | TrackInUse) -> set[object]:
    named: Any = refusal.details["gatherings"]
    return {one["id"] for one in named}
