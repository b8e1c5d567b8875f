"""Whose own a gathering is."""

from dataclasses import dataclass, replace
from typing import Final

from chalice.app import Response

from chalicelib import answers, bodies, desk, owners, planning, routing
from chalicelib.desk import DeskScreen
from chalicelib.visit import DeskVisit
from shared.bootstrap import web as bootstrap
from shared.gatherings import service as use_cases
from shared.gatherings.model import Gathering, GatheringChangedMeanwhile
from shared.people.model import Person
from shared.refusals import Refusal
from shared.roles import Role

pages = routing.desk()

PATH: Final = "/tovholder/arrangementer/{gathering_id}"


@dataclass(frozen=True, slots=True)
class OwnerScreen(DeskScreen):
    """A gathering, and the editors that it can be given to."""

    gathering: Gathering
    editors: tuple[Person, ...]

    @property
    def path(self) -> str:
        """The gathering's address, without language."""
        return PATH.format(gathering_id=self.gathering.id)

    @property
    def is_somebody_gone(self) -> bool:
        """Whether its owner signs in as an editor no more."""
        owner = self.gathering.owner
        return owner is not None and all(one.id != owner for one in self.editors)


@pages.get(f"{PATH}/redaktoer", Role.COORDINATOR)
def owner(visit: DeskVisit, gathering_id: str) -> Response:
    """Show whose it is."""
    return _page(visit, bootstrap.gatherings().get(gathering_id))


@pages.post(f"{PATH}/redaktoer", Role.COORDINATOR)
def give(visit: DeskVisit, gathering_id: str) -> Response:
    """Make it an editor's own, or nobody's but the coordinators'."""
    before, typed = bootstrap.gatherings().get(gathering_id), bodies.form(visit.request)
    wanted = replace(before, owner=typed.get("owner") or None)
    if refusal := planning.tried(lambda: _give(visit, wanted, before, opened=typed.get("opened", ""))):
        return _page(visit, bootstrap.gatherings().get(gathering_id), refusal)
    return answers.see_other(visit, f"{PATH.format(gathering_id=gathering_id)}?done=given")


def _give(visit: DeskVisit, wanted: Gathering, before: Gathering, *, opened: str) -> None:
    """Keep the owner, unless somebody else has said whose own it is since the page was opened."""
    if opened != (before.owner or ""):
        raise GatheringChangedMeanwhile
    use_cases.change(
        owners.known(wanted, before),
        version=before.version,
        languages=visit.network.languages,
        programmes=bootstrap.programmes(),
        store=bootstrap.gatherings(),
        now=visit.now,
        correlation_id=visit.correlation_id,
    )


def _page(visit: DeskVisit, gathering: Gathering, refusal: Refusal | None = None) -> Response:
    return desk.page(
        visit, "desk/gathering-owner.html", OwnerScreen(visit.login, gathering, owners.editors(), refusal=refusal)
    )
