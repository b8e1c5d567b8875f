"""Whose gathering it is."""

import pytest

from shared.gatherings.owning import NotYours, owned, require_owner, runs
from shared.roles import NotAllowed, Principal, Role
from tests.support.builders import a_gathering

EDITOR = Principal("me", frozenset({Role.EDITOR}))
COORDINATOR = Principal("me", frozenset({Role.COORDINATOR}))
VIEWER = Principal("me", frozenset({Role.VIEWER}))


def test_coordinators_run_all_gatherings_and_editors_their_own() -> None:
    assert runs(a_gathering(owner=None), COORDINATOR)
    assert runs(a_gathering(owner="me"), EDITOR)
    assert not runs(a_gathering(owner=None), EDITOR)


@pytest.mark.parametrize("who", [EDITOR, VIEWER], ids=lambda who: str(who.role))
def test_nobody_runs_what_is_anothers(who: Principal) -> None:
    with pytest.raises(NotYours):
        require_owner(a_gathering(owner="another"), who)


def test_who_is_an_editor_no_more_runs_nothing() -> None:
    with pytest.raises(NotYours):
        require_owner(a_gathering(owner="me"), VIEWER)


def test_what_an_editor_plans_is_their_own_whatever_is_asked_for() -> None:
    assert owned(a_gathering(owner="another"), EDITOR).owner == "me"
    assert owned(a_gathering(owner="another"), COORDINATOR).owner == "another"


def test_an_editor_cannot_give_a_gathering_away() -> None:
    mine = a_gathering(owner="me")

    assert owned(a_gathering(owner="me"), EDITOR, mine).owner == "me"
    with pytest.raises(NotAllowed):
        owned(a_gathering(owner="another"), EDITOR, mine)
