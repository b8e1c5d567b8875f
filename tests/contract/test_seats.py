"""Seats never exceed the capacity, whatever happens in whatever order."""

from dataclasses import replace
from typing import ClassVar

import pytest
from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from shared.gatherings.model import CapacityTaken, Gathering
from shared.registration.model import GatheringFull
from tests.support.aws import empty
from tests.support.builders import a_gathering, a_session, an_application
from tests.support.stores import KINDS, Desk

CAPACITIES = st.one_of(st.none(), st.integers(min_value=1, max_value=4))


class Interleaving(RuleBasedStateMachine):
    """People who come and go while a coordinator changes the number of seats."""

    kind: ClassVar[str]

    @initialize(whole=CAPACITIES, session=CAPACITIES)
    def publish(self, whole: int | None, session: int | None) -> None:
        if self.kind == "dynamo":
            empty()
        self.desk = Desk(KINDS[self.kind]())
        sessions = (a_session(capacity=session), a_session("2026-10-06T09:00", id="two"))
        self.gathering: Gathering = self.desk.publish(a_gathering(capacity=whole, sessions=sessions))
        self.seated: dict[int, str] = {}

    @property
    def capacity(self) -> int | None:
        sizes = [self.gathering.capacity, *(session.capacity for session in self.gathering.sessions)]
        return min((size for size in sizes if size is not None), default=None)

    @rule(person=st.integers(min_value=1, max_value=6))
    def come(self, person: int) -> None:
        application = an_application(name=f"Deltager {person}")
        full = self.capacity is not None and len(self.seated) >= self.capacity
        try:
            answer = self.desk.register(self.gathering, application)
        except GatheringFull:
            assert full
            assert person not in self.seated
        else:
            assert person in self.seated or not full
            self.seated.setdefault(person, answer.registration_id)
            assert self.seated[person] == answer.registration_id

    @rule(person=st.integers(min_value=1, max_value=6), times=st.integers(min_value=1, max_value=2))
    def go(self, person: int, times: int) -> None:
        if registration_id := self.seated.pop(person, None):
            for _ in range(times):
                self.desk.cancel(self.gathering, registration_id)

    @rule(whole=CAPACITIES, session=CAPACITIES)
    def resize(self, whole: int | None, session: int | None) -> None:
        first, second = self.gathering.sessions
        wanted = replace(self.gathering, capacity=whole, sessions=(replace(first, capacity=session), second))
        too_small = any(after is not None and after < len(self.seated) for after in (whole, session))
        try:
            self.gathering = self.desk.change(wanted)
        except CapacityTaken:
            assert too_small
        else:
            assert not too_small

    @invariant()
    def what_is_left_and_what_is_taken_are_all_there_is(self) -> None:
        if not hasattr(self, "gathering"):
            return
        left = self.desk.left(self.gathering)
        if self.capacity is None:
            assert left is None
        else:
            assert left is not None
            assert left == self.capacity - len(self.seated) >= 0


@pytest.mark.parametrize(("kind", "examples"), [("memory", 60), ("dynamo", 4)])
def test_seats_never_exceed_the_capacity(kind: str, examples: int, request: pytest.FixtureRequest) -> None:
    if kind == "dynamo":
        request.getfixturevalue("table")
    machine = type("Interleaving", (Interleaving,), {"kind": kind})

    run_state_machine_as_test(machine, settings=settings(max_examples=examples, stateful_step_count=12, deadline=None))
