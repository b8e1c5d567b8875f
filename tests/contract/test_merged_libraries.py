"""A library that became part of another is one with it, wherever libraries are compared or counted."""

from datetime import timedelta

import pytest

from shared.gatherings.model import FairShare, Gathering
from shared.gatherings.rounds import Who
from shared.notices.queries import counts, led_by, own
from shared.registration import changes
from shared.registration.model import FairShareReached, NotEligible
from tests.support.builders import NOW, a_gathering, an_application
from tests.support.programmes import a_round
from tests.support.stores import COORDINATOR, Desk

IKAST, HERNING, AARHUS = "775600", "765700", "775100"
UNKNOWN = "gratis.example.net"


def merge(desk: Desk) -> None:
    """Let Ikast become part of Herning."""
    desk.libraries.merge(IKAST, HERNING, version=desk.libraries.get(IKAST).version)


def register(desk: Desk, gathering: Gathering, number: int, library: str, host: str = "herning.example.org") -> str:
    application = an_application(name=f"Deltager {number}", email=f"deltager{number}@{host}", library=library)
    return desk.register(gathering, application).status


@pytest.mark.parametrize("named", [IKAST, HERNING])
@pytest.mark.parametrize("picked", [IKAST, HERNING])
def test_a_round_for_either_admits_those_of_both(desk: Desk, named: str, picked: str) -> None:
    gathering = desk.publish(a_gathering(rounds=(a_round(who=Who(libraries=(named,))),)))
    merge(desk)

    assert register(desk, gathering, 1, picked) == "confirmed"
    with pytest.raises(NotEligible):
        register(desk, gathering, 2, AARHUS)


def test_who_is_refused_is_told_when_a_round_for_the_old_number_opens(desk: Desk) -> None:
    later = NOW + timedelta(days=2)
    gathering = desk.publish(a_gathering(rounds=(a_round(opens_at=later, who=Who(libraries=(IKAST,))),)))
    merge(desk)

    with pytest.raises(NotEligible) as refused:
        register(desk, gathering, 1, HERNING)

    assert refused.value.details == {"opens_at": later}


def test_the_share_is_one_for_both(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(fair_share=FairShare(3)))
    register(desk, gathering, 1, IKAST)
    register(desk, gathering, 2, HERNING)
    merge(desk)

    assert register(desk, gathering, 3, HERNING) == "confirmed"
    for picked in (IKAST, HERNING):
        with pytest.raises(FairShareReached):
            register(desk, gathering, 4, picked)
    assert desk.seats(gathering).libraries == {IKAST: 1, HERNING: 2}


def test_a_seat_of_before_the_merger_that_is_given_back_is_a_part_of_the_share_again(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(fair_share=FairShare(1)))
    first = desk.register(gathering, an_application(library=IKAST))
    merge(desk)

    desk.cancel(gathering, first.registration_id)

    assert register(desk, gathering, 2, HERNING) == "confirmed"


def test_a_leader_gets_one_number_for_both(desk: Desk) -> None:
    gathering = desk.publish(a_gathering())
    desk.register(gathering, an_application(role="leader", library=IKAST))
    desk.register(gathering, an_application(role="leader", library=HERNING, name="Deltager 2"))
    merge(desk)
    [someone, _] = desk.everybody(gathering)

    mine = own(someone.person, registrations=desk.stores.registrations, gatherings=desk.stores.gatherings)
    led = led_by(mine, desk.libraries)
    [count] = counts(led, [gathering], desk.stores.registrations.seats, desk.libraries)

    assert led == (HERNING,)
    assert (count.library, count.people) == (HERNING, 2)


def test_a_domain_that_is_accepted_confirms_those_of_both(desk: Desk) -> None:
    gathering = desk.publish(a_gathering(rounds=(a_round(who=Who(libraries=(IKAST, HERNING))),)))
    for number, library in enumerate((IKAST, HERNING)):
        assert register(desk, gathering, number, library, UNKNOWN) == "pending"
    merge(desk)

    desk.libraries.accept_domain(HERNING, UNKNOWN)
    confirmed = changes.domains_listed([], COORDINATOR, around=desk.around, now=desk.now, correlation_id="correlation")

    assert confirmed == 2
