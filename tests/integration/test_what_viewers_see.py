"""Viewers see what is planned and how full it is, and nobody's name or address: on every page and in every answer.

The app's own list of routes decides what is looked at, so a page added later is looked at too.
"""

import re
from operator import attrgetter
from typing import Final

import pytest

from shared.bootstrap import web as bootstrap
from shared.registration.queries import everybody
from shared.roles import Role
from tests.support.busy_desk import BusyDesk
from tests.support.ways import Way, every_way

NAME: Final = attrgetter("name")
WAYS: Final = list({way.route: way for way in reversed(every_way())}.values())
SEEN: Final = [way for way in WAYS if way.method == "GET" and Role.VIEWER in way.route.allow]

ABOUT_PEOPLE: Final = re.compile(
    r"deltagere|invitationer|mennesker|sletning|/log$|registrations|invitations|exports|imports|people|audit|deletions"
)
"""Addresses that are about people by their very name."""


def everybodys_names(busy: BusyDesk) -> set[str]:
    """Return the names and addresses of all who take part, were invited, or are named in a round."""
    gatherings = {row["gathering_id"] for row in busy.rows if "gathering_id" in row}
    registered = [one for id in gatherings for one in everybody(id, store=bootstrap.registrations())]
    invited = [one for id in gatherings for one in bootstrap.invitations().of_gathering(id)]
    names = {text for one in registered for text in (one.participant.name, one.participant.email)}
    return {text for text in {*names, *(one.email for one in invited), "a@example.org"} if len(text) > len("Bo")}


@pytest.mark.parametrize("way", SEEN, ids=NAME)
def test_no_viewer_reads_a_name_or_an_address(way: Way, busy: BusyDesk) -> None:
    viewer = busy.site.signed_in(Role.VIEWER) if way.is_api else busy.site.at_the_desk(Role.VIEWER)
    names = everybodys_names(busy)
    assert {"Cæcilie", "anna@vejle.example.org"} <= names

    for address in busy.addresses(way.path):
        answer = viewer.get(address)

        # What leads on to a public page shows nothing itself.
        assert answer.status in (200, 303), address
        assert {name for name in names if name in answer.text} == set(), address


@pytest.mark.parametrize("way", WAYS, ids=NAME)
def test_viewers_do_nothing_and_come_to_no_page_about_people(way: Way) -> None:
    if way.method != "GET" and not way.path.endswith("/logout"):
        assert Role.VIEWER not in way.route.allow
    if ABOUT_PEOPLE.search(way.path):
        assert Role.VIEWER not in way.route.allow
