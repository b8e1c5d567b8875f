"""Seats and the line stay true to the registrations, whatever happens in whatever order."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, ClassVar, Final

import pytest
from hypothesis import settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from shared.gatherings.model import WHOLE, CapacityTaken, FairShare, Gathering, Place
from shared.gatherings.rounds import Who
from shared.gatherings.seating import UNLIMITED, Seats
from shared.refusals import Invalid
from shared.registration import changes
from shared.registration.applying import Application
from shared.registration.line import Party, position
from shared.registration.model import (
    AlreadyRegistered,
    FairShareReached,
    GatheringFull,
    GroupTooLarge,
    HoldOver,
    NoSeatYet,
    OfferOver,
    Registration,
    RegistrationOver,
    Status,
    TooManyUnproven,
    What,
)
from shared.registration.ports import Answers
from tests.support.aws import empty
from tests.support.builders import NOW, a_gathering, a_session, an_application
from tests.support.clock import Sleep
from tests.support.faults import FaultInjector, Trouble
from tests.support.programmes import a_round
from tests.support.stores import COORDINATOR, GENEROUS, KINDS, PERSON, Desk

UNPROVEN_PER_DOMAIN: Final = 2
KINDS_OF_TROUBLE: Final = (
    Trouble.CONFLICT,
    Trouble.CONFLICT_BESIDE_CONDITION,
    Trouble.THROTTLED,
    Trouble.LOST_ANSWER,
)

SIZES = st.none() | st.integers(1, 4)
PEOPLE = st.integers(1, 9)
MODES = st.sampled_from(("on_site", "online"))
SESSIONS = st.builds(
    lambda free, one: (*sorted(free), one), st.sets(st.sampled_from(("one", "two"))), st.sampled_from(("a", "b"))
)


@dataclass(frozen=True)
class Seen:
    """Everything as it was at one moment."""

    seats: Seats
    line: tuple[Party, ...]
    registrations: dict[str, Registration]

    def waits_for(self, pool: str) -> dict[str, int]:
        """Return the places of those who wait for a pool, by registration."""
        return {
            member.registration_id: party.place
            for party in self.line
            for member in party.members
            if pool in member.needed & party.pools
        }


def application(person: int, sessions: Sequence[str], mode: str) -> Application:
    """Return what somebody fills in: two libraries, and every third has an address that proves nothing."""
    library, domain = ("765700", "herning") if person % 2 else ("775100", "aarhus")
    host = "gratis.example.net" if person % 3 == 0 else f"{domain}.example.org"
    return an_application(
        name=f"Deltager {person}",
        email=f"deltager{person}@{host}",
        library=library,
        sessions=tuple(sessions),
        mode=mode,
    )


class Interleaving(RuleBasedStateMachine):
    """People who come, wait, change their minds and go, while time passes and a coordinator changes everything."""

    kind: ClassVar[str]
    trouble: ClassVar[float]

    @initialize(
        whole=st.integers(1, 6),
        sizes=st.tuples(SIZES, SIZES, SIZES, SIZES),
        reserved=st.integers(0, 3),
        waiting_list=st.sampled_from((True, True, True, False)),
        per_library=st.none() | st.integers(2, 4),
    )
    def publish(
        self,
        whole: int,
        sizes: tuple[int | None, ...],
        reserved: int,
        waiting_list: bool,
        per_library: int | None,
    ) -> None:
        if self.kind == "dynamo":
            empty()
        self.desk = Desk(KINDS[self.kind](), allowance=replace(GENEROUS, unproven_per_domain=UNPROVEN_PER_DOMAIN))
        one, a, on_site, online = sizes
        self.gathering: Gathering = self.desk.publish(
            a_gathering(
                capacity=whole,
                sessions=(
                    a_session(capacity=one),
                    a_session("2026-10-06T09:00", id="two"),
                    a_session("2026-10-07T09:00", id="a", capacity=a, choose_one_of="spor"),
                    a_session("2026-10-07T09:00", id="b", choose_one_of="spor"),
                ),
                choose_sessions=True,
                place=Place("Herning Bibliotek", "Østergade 8"),
                on_site_capacity=on_site,
                online_capacity=online or 9,
                waiting_list=waiting_list,
                rounds=(
                    a_round(
                        "kept",
                        opens_at=NOW - timedelta(hours=1),
                        closes_at=NOW + timedelta(days=20),
                        who=Who(libraries=("765700",)),
                        reserved_seats=min(reserved, whole) or None,
                        rolls_over_at=NOW + timedelta(days=2) if reserved else None,
                    ),
                    a_round("open", opens_at=NOW - timedelta(hours=2), closes_at=None),
                ),
                fair_share=per_library and FairShare(per_library, NOW + timedelta(days=3)),
            )
        )
        self.before = self.was = self.see()

    # What happens.

    @rule(
        people=st.lists(st.tuples(PEOPLE, SESSIONS, MODES), min_size=1, max_size=3, unique_by=lambda one: one[0]),
        together=st.booleans(),
    )
    def book(self, people: list[tuple[int, tuple[str, ...], str]], together: bool) -> None:
        forms = [application(*one) for one in people]
        refusals = (GatheringFull, GroupTooLarge, FairShareReached, TooManyUnproven)
        answers: Answers = ()
        with self.seating() as trouble, trouble:
            try:
                answers = self.desk.book(self.gathering, *forms, together=together)
            except refusals as refused:
                assert not (isinstance(refused, GatheringFull) and self.gathering.waiting_list)
        self.check_order_on_the_form(answers)
        if len(people) == 1 and answers:
            self.check_that_waiting_was_needed(answers)

    @rule(person=PEOPLE, what=st.sampled_from((What.CANCELLED, What.NOT_INTERESTED, What.NOT_ME)))
    def go(self, person: int, what: What) -> None:
        if one := self.live(person):
            with self.seating() as trouble, trouble:
                after = self.desk.do(changes.cancel, self.gathering, one.id, PERSON, what=what)
                again = self.desk.do(changes.cancel, self.gathering, one.id, PERSON)
            assert after == again
            assert after.status is Status.CANCELLED

    @rule(person=PEOPLE)
    def prove(self, person: int) -> None:
        if one := self.live(person):
            with self.seating() as trouble, trouble:
                try:
                    assert not self.desk.do(changes.prove, self.gathering, one.id, PERSON).unproven
                except HoldOver:
                    assert one.deadline is not None
                    assert one.deadline <= self.desk.now

    @rule(person=PEOPLE)
    def accept(self, person: int) -> None:
        if one := self.live(person):
            with self.seating() as trouble, trouble:
                try:
                    after = self.desk.accept(self.gathering, one.id)
                except OfferOver:
                    assert one.deadline is not None
                    assert one.deadline <= self.desk.now
                else:
                    assert after.status is not Status.OFFERED

    @rule(person=PEOPLE, sessions=SESSIONS, mode=MODES)
    def change_sessions(self, person: int, sessions: tuple[str, ...], mode: str) -> None:
        if one := self.live(person):
            with self.seating() as trouble, trouble:
                try:
                    after = self.desk.do(changes.change_sessions, self.gathering, one.id, sessions, mode, PERSON)
                except NoSeatYet:
                    assert one.status in (Status.WAITLISTED, Status.OFFERED)
                except GatheringFull:
                    pass
                else:
                    assert (after.sessions, str(after.mode)) == (sessions, mode)

    @rule(person=PEOPLE, colleague=PEOPLE)
    def hand_over(self, person: int, colleague: int) -> None:
        if one := self.live(person):
            form = application(colleague, (), "")
            taken = self.live(colleague)
            with self.seating(in_turn=False) as trouble, trouble:
                try:
                    self.desk.hand_over(self.gathering, one.id, form.name, form.email)
                except NoSeatYet:
                    assert one.status in (Status.WAITLISTED, Status.OFFERED)
                except AlreadyRegistered:
                    assert taken
                except TooManyUnproven:
                    assert self.was.seats.unproven

    @rule(person=PEOPLE)
    def seat_out_of_turn(self, person: int) -> None:
        if one := self.live(person):
            exceptions = len(self.desk.stores.registrations.overtakings(self.gathering.id))
            with self.seating(in_turn=False) as trouble, trouble:
                try:
                    after = self.desk.do(changes.seat_out_of_turn, self.gathering, one.id, COORDINATOR)
                except RegistrationOver:
                    assert one.status is not Status.WAITLISTED
                except GatheringFull:
                    left = self.was.seats.left
                    assert not any(left.get(pool) for pool in one.general) or not all(left[p] for p in one.others)
                else:
                    assert after.status is Status.CONFIRMED
                    assert len(self.desk.stores.registrations.overtakings(self.gathering.id)) == exceptions + 1

    @rule(hours=st.sampled_from((1, 12, 30)))
    @precondition(lambda self: self.desk.now < NOW + timedelta(days=12))
    def time_passes(self, hours: int) -> None:
        self.desk.now += timedelta(hours=hours)

    @rule()
    def deadlines_end(self) -> None:
        with self.seating() as trouble, trouble:
            for key in list(self.desk.stores.registrations.due(self.desk.now)):
                assert self.desk.do(changes.lapse, self.gathering, key[1])
            assert not list(self.desk.stores.registrations.due(self.desk.now))

    @rule()
    def rounds_end(self) -> None:
        with self.seating() as trouble, trouble:
            self.desk.roll_over(self.gathering)

    @rule()
    def move_line(self) -> None:
        with self.seating() as trouble, trouble:
            self.desk.move_line(self.gathering)

    @rule(whole=st.integers(1, 7), one=SIZES, on_site=SIZES, reserved=st.integers(1, 3))
    def resize(self, whole: int, one: int | None, on_site: int | None, reserved: int) -> None:
        first, *others = self.gathering.sessions
        kept, everybody = self.gathering.rounds or ()
        if kept.reserved_seats and self.desk.now < NOW + timedelta(days=2):
            kept = replace(kept, reserved_seats=reserved)
        wanted = replace(
            self.gathering,
            capacity=whole,
            on_site_capacity=on_site,
            sessions=(replace(first, capacity=one), *others),
            rounds=(kept, everybody),
        )
        with self.seating() as trouble, trouble:
            try:
                self.gathering = self.desk.change(wanted)
            except CapacityTaken:
                assert self.does_not_fit(wanted)
            except Invalid:
                assert whole < (kept.reserved_seats or 0)
            else:
                assert not self.does_not_fit(wanted)

    # What must hold.

    @invariant()
    def the_counters_say_what_the_rows_say(self) -> None:
        if not hasattr(self, "was"):
            return
        now = self.see()
        live = [one for one in now.registrations.values() if one.status.is_live]
        held = Counter(pool for one in live if one.status.holds_seat for pool in one.pools)
        left, gathering = now.seats.left, self.gathering
        assert min(left.values()) >= 0
        for pool, size in gathering.capacities().items():
            if pool != WHOLE:
                assert left[pool] + held[pool] == (UNLIMITED if size is None else size), pool
        for pool, size in gathering.reserved().items():
            if pool in left:
                assert left[pool] + held[pool] == size
        general = {WHOLE, *gathering.reserved()}
        assert sum(left.get(pool, 0) + held[pool] for pool in general) == gathering.capacity
        assert now.seats.gathering_version == gathering.version

        assert _some(now.seats.waiting) == _some(sum((party.counted() for party in now.line), Counter()))
        assert _some(now.seats.libraries) == Counter(one.participant.library for one in live)
        assert _some(now.seats.unproven) == Counter(one.unproven for one in live if one.unproven)

    @invariant()
    def nobody_is_there_twice(self) -> None:
        if not hasattr(self, "was"):
            return
        live = [one for one in self.see().registrations.values() if one.status.is_live]
        assert self.desk.stores.guards() == {one.guard: one.id for one in live}
        assert len({one.guard for one in live}) == len(live)

    @invariant()
    def the_line_is_those_who_wait(self) -> None:
        if not hasattr(self, "was"):
            return
        now = self.see()
        in_line = {
            member.registration_id: (party.place, member.general, member.others)
            for party in now.line
            for member in party.members
        }
        waiting = {
            one.id: (one.place, one.general, one.others)
            for one in now.registrations.values()
            if one.status is Status.WAITLISTED
        }
        assert in_line == waiting
        assert sum(len(party.members) for party in now.line) == len(in_line)
        assert all(party.members for party in now.line)
        assert all(party.place < now.seats.next_place for party in now.line)

    @invariant()
    def limits_hold(self) -> None:
        if not hasattr(self, "was"):
            return
        seats, share = self.desk.seats(self.gathering), self.gathering.fair_share
        if share is not None and share.holds(self.desk.now):
            assert all(count <= share.per_library for count in seats.libraries.values())
        assert all(count <= UNPROVEN_PER_DOMAIN for count in seats.unproven.values())

    def teardown(self) -> None:
        if not hasattr(self, "was"):
            return
        while self.desk.move_line(self.gathering):
            self.the_counters_say_what_the_rows_say()
            self.the_line_is_those_who_wait()
        now = self.see()
        kept: set[str] = set()
        for party in now.line:
            assert not _fits(party, now.seats, kept), "who is first and could be seated waits"
            kept |= {pool for member in party.members for pool in member.needed & party.pools}

    @contextmanager
    def seating(self, *, in_turn: bool = True) -> Iterator[Any]:
        """Give the trouble that the step is to meet, and afterwards look who has got which seats."""
        trouble = FaultInjector(probability=self.trouble, kinds=KINDS_OF_TROUBLE) if self.trouble else nullcontext()
        yield trouble
        now = self.see()
        if in_turn:
            for one in now.registrations.values():
                self.check_turn(one, now)
        self.before, self.was = self.was, now

    def check_turn(self, one: Registration, now: Seen) -> None:
        """Nobody gets a seat of a pool that somebody waits for who came earlier."""
        before = self.was.registrations.get(one.id)
        had = before.pools if before is not None and before.status.holds_seat else ()
        if not one.status.holds_seat:
            return
        for pool in set(one.pools) - set(had):
            if before is None and pool not in self.was.seats.left:
                continue
            for other, place in self.was.waits_for(pool).items():
                if other == one.id or now.registrations[other].status is not Status.WAITLISTED:
                    continue
                assert one.place is not None, f"{one.id} never waited for {pool}"
                assert one.place <= place, f"{one.id} was seated in {pool} before {other}"

    def check_order_on_the_form(self, answers: Answers) -> None:
        """Nobody gets a seat of a pool that somebody waits for who stands before them on the form."""
        new = [
            self.was.registrations[one.registration_id]
            for one in answers
            if one.registration_id and one.registration_id not in self.before.registrations
        ]
        awaited: set[str] = set()
        for one in new:
            assert awaited.isdisjoint(one.pools)
            awaited |= {pool for pool in one.waits_in if not self.before.seats.has(pool)}

    def check_that_waiting_was_needed(self, answers: Answers) -> None:
        """Who waits alone does so for pools that had nothing to give, and is told the right position."""
        [answer] = answers
        one = self.was.registrations[answer.registration_id or ""]
        if one.id in self.before.registrations or one.status is not Status.WAITLISTED:
            return
        assert one.waits_in
        seats = self.before.seats
        assert not any(seats.has(pool) for pool in one.waits_in)
        assert answer.position == max(seats.waiting.get(pool, 0) + 1 for pool in one.waits_in)
        assert answer.position == position(self.was.line, one.id)

    def does_not_fit(self, wanted: Gathering) -> bool:
        left, before = self.was.seats.left, self.gathering
        sizes, were = wanted.capacities(), before.capacities()
        more = {
            pool: (UNLIMITED if size is None else size) - (UNLIMITED if were[pool] is None else were[pool] or 0)
            for pool, size in sizes.items()
        }
        reserved, was_reserved = wanted.reserved(), before.reserved()
        for pool in reserved:
            more[pool] = reserved[pool] - was_reserved[pool]
            more[WHOLE] -= more[pool]
        return any(left.get(pool, 0) + difference < 0 for pool, difference in more.items())

    def live(self, person: int) -> Registration | None:
        name = f"Deltager {person}"
        return next(
            (one for one in self.was.registrations.values() if one.status.is_live and one.participant.name == name),
            None,
        )

    def see(self) -> Seen:
        desk, gathering = self.desk, self.gathering
        return Seen(desk.seats(gathering), desk.line(gathering), {one.id: one for one in desk.everybody(gathering)})


def _some(counts: Any) -> dict[str, int]:
    """Return the counts that are not none."""
    return {key: count for key, count in counts.items() if count}


def _fits(party: Party, seats: Seats, kept: set[str]) -> bool:
    """Whether there is a seat in each pool for each of a party, without those that are kept for who came earlier."""
    left = {pool: count for pool, count in seats.left.items() if pool not in kept}
    for member in party.members:
        general = next((pool for pool in member.general if left.get(pool, 0)), None)
        for pool in (general, *member.others):
            if pool is None or not left.get(pool, 0):
                return False
            left[pool] -= 1
    return True


@pytest.mark.parametrize(
    ("kind", "trouble", "examples", "steps"),
    [("memory", 0.0, 150, 30), ("dynamo", 0.0, 4, 15), ("dynamo", 0.25, 4, 15)],
    ids=["memory", "dynamo", "dynamo in trouble"],
)
def test_seats_and_line_are_what_the_registrations_say(
    kind: str, trouble: float, examples: int, steps: int, request: pytest.FixtureRequest, sleep: Sleep
) -> None:
    if kind == "dynamo":
        request.getfixturevalue("table")
    machine = type("Interleaving", (Interleaving,), {"kind": kind, "trouble": trouble})

    run_state_machine_as_test(
        machine, settings=settings(max_examples=examples, stateful_step_count=steps, deadline=None)
    )
