"""Coordinators invite people: who would be is shown first, and nobody gets two mails by accident."""

import re
from datetime import timedelta
from html import unescape
from typing import Final

import pytest

from shared.bootstrap import web as bootstrap
from shared.gatherings.model import Gathering
from shared.gatherings.rounds import Round, Who
from shared.links import Purpose
from shared.registration.model import Status
from shared.roles import Role
from tests.support.api_gateway import Answer
from tests.support.builders import NOW, a_gathering
from tests.support.site import Site

PASTED: Final = "Leder 1 <leder1@kolding.example.org>, bo@herning.example.org\nikke en adresse;\nBO@herning.example.org"


@pytest.fixture
def coordinator(site: Site) -> Site:
    return site.at_the_desk(Role.COORDINATOR)


def path(gathering: Gathering) -> str:
    return f"/en/tovholder/arrangementer/{gathering.id}/invitationer"


def shown(answer: Answer) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def previewed(site: Site, gathering: Gathering, text: str = PASTED) -> str:
    """Paste addresses, and return where the preview is."""
    answer = site.send_desk_form(path(gathering), {"emails": text, "language": "da"})
    assert answer.status == 303, answer.text
    return answer.headers["location"]


def test_addresses_are_shown_before_they_are_invited(coordinator: Site) -> None:
    gathering = coordinator.publish(a_gathering())
    coordinator.fill_in(gathering, email="bo@herning.example.org")

    words = shown(coordinator.get(previewed(coordinator, gathering)))

    assert "1 is no address and is left out ikke en adresse" in words
    assert "1 is registered already" in words
    assert "1 will be invited leder1@kolding.example.org" in words
    assert bootstrap.invitations().of_gathering(gathering.id) == ()
    assert "InvitationMade" not in coordinator.facts()


def test_who_was_shown_is_invited_once_however_often_it_is_sent(coordinator: Site) -> None:
    gathering = coordinator.publish(a_gathering())
    preview = previewed(coordinator, gathering)

    answer = coordinator.send_desk_form(preview)
    again = coordinator.send_desk_form(preview)

    assert answer.headers["location"] == again.headers["location"] == f"{path(gathering)}?done=2"
    assert coordinator.facts().count("InvitationMade") == 2
    page = coordinator.get(answer.headers["location"])
    assert "2 invitations are on their way." in shown(page)
    assert "2 invitations, 0 have signed up" in shown(page)
    assert coordinator.get(preview).status == 303


def test_who_was_invited_before_gets_another_mail_only_on_request(coordinator: Site) -> None:
    gathering = coordinator.publish(a_gathering())
    coordinator.send_desk_form(previewed(coordinator, gathering))
    coordinator.clock.advance(timedelta(hours=1))
    preview = previewed(coordinator, gathering, "bo@herning.example.org")
    assert "1 was invited before" in shown(coordinator.get(preview))

    coordinator.send_desk_form(preview)
    assert coordinator.facts().count("InvitationMade") == 2
    coordinator.send_desk_form(previewed(coordinator, gathering, "bo@herning.example.org"), {"again": "1"})

    assert coordinator.facts().count("InvitationMade") == 3
    assert len(bootstrap.invitations().of_gathering(gathering.id)) == 2


def test_the_link_lets_in_whom_no_round_admits(coordinator: Site) -> None:
    later = Round("later", {"da": "Senere"}, NOW + timedelta(days=1), who=Who(roles=("leader",)))
    gathering = coordinator.publish(a_gathering(rounds=(later,)))
    coordinator.send_desk_form(previewed(coordinator, gathering, "bo@kolding.example.org"))
    [invitation] = bootstrap.invitations().of_gathering(gathering.id)
    token = bootstrap.links().token(
        Purpose.INVITATION, gathering.id, invitation.person, expires=gathering.registration_closes_at
    )

    coordinator.fill_in(gathering, email="bo@kolding.example.org", invitation=token)

    [registered] = coordinator.registrations(gathering)
    assert registered.status is Status.CONFIRMED
    assert "1 invitation, 1 has signed up" in shown(coordinator.get(path(gathering)))


@pytest.mark.parametrize("text", ["", " \n, ;", "\n".join(f"deltager{n}@example.org" for n in range(501))])
def test_none_and_too_many_are_refused_with_what_was_pasted(coordinator: Site, text: str) -> None:
    gathering = coordinator.publish(a_gathering())

    answer = coordinator.send_desk_form(path(gathering), {"emails": text})

    assert answer.status == 422
    assert text in unescape(answer.text)


def test_nobody_is_invited_to_what_nobody_can_register_for(coordinator: Site) -> None:
    gathering = coordinator.publish(a_gathering())
    coordinator.desk.call_off(gathering)

    answer = coordinator.send_desk_form(path(gathering), {"emails": PASTED})

    assert answer.status == 409
    assert "bo@herning.example.org" in answer.text


def test_a_preview_of_another_gathering_is_not_found(coordinator: Site) -> None:
    gathering, other = coordinator.publish(a_gathering()), coordinator.publish(a_gathering(slug="et-andet"))
    preview = previewed(coordinator, gathering).rpartition("/")[2]

    assert coordinator.send_desk_form(f"{path(other)}/{preview}").status == 404
    assert coordinator.facts().count("InvitationMade") == 0


def test_the_api_invites_and_lists(site: Site) -> None:
    gathering = site.publish(a_gathering())
    site.fill_in(gathering, email="bo@herning.example.org")
    api = site.signed_in(Role.COORDINATOR)
    address = f"/api/v1/coordinator/gatherings/{gathering.id}/invitations"
    body = {"emails": ["bo@herning.example.org", "leder1@kolding.example.org"], "language": "en"}

    first = api.post(address, body)
    second = api.post(address, body | {"again": True})

    assert (first.status, first.json()) == (
        201,
        {"invited": ["leder1@kolding.example.org"], "invited_before": [], "registered": ["bo@herning.example.org"]},
    )
    assert second.json()["invited"] == ["leder1@kolding.example.org"]
    assert site.facts().count("InvitationMade") == 2
    [listed] = api.get(address).json()["invitations"]
    assert (listed["email"], listed["language"], listed["status"]) == ("leder1@kolding.example.org", "en", None)


def test_the_api_invites_all_or_none(site: Site) -> None:
    gathering = site.publish(a_gathering())
    address = f"/api/v1/coordinator/gatherings/{gathering.id}/invitations"

    answer = site.signed_in(Role.COORDINATOR).post(address, {"emails": ["bo@herning.example.org", "bo@"]})

    assert answer.status == 422
    assert [one["field"] for one in answer.json()["errors"]] == ["emails.1"]
    assert "InvitationMade" not in site.facts()
