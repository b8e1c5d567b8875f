"""What somebody who leaves an address waits for."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.gatherings.model import FairShare, Gathering, Window
from shared.gatherings.rounds import Candidate
from shared.notices.model import NothingOpens, next_opening
from tests.support.builders import NETWORK, NOW, a_published_gathering

ZONE = NETWORK.zone
DAY = timedelta(days=1)


def somebody() -> Candidate:
    return Candidate("deltager1@herning.example.org", frozenset({"765700"}), "staff", lambda on: "certified")


def test_the_next_opening_says_whether_it_is_the_fair_share_that_is_waited_for() -> None:
    later = a_published_gathering(registration=Window(opens_at=NOW + DAY), fair_share=FairShare(2, NOW + 5 * DAY))
    shared = replace(later, registration=Window())

    assert next_opening(later, somebody(), now=NOW, zone=ZONE) == (NOW + DAY, False)
    assert next_opening(shared, somebody(), now=NOW, zone=ZONE) == (NOW + 5 * DAY, True)


@pytest.mark.parametrize("gathering", [a_published_gathering(), a_published_gathering(registration=Window(None, NOW))])
def test_there_is_nothing_to_wait_for_where_it_is_open_or_over(gathering: Gathering) -> None:
    with pytest.raises(NothingOpens):
        next_opening(gathering, somebody(), now=NOW, zone=ZONE)
