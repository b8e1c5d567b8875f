"""Who works on webinars, resources and themes, and how a request does."""

from dataclasses import dataclass
from typing import Final

from chalicelib.desk import DeskScreen
from chalicelib.visit import SignedInVisit, Visit
from shared.bootstrap import resources as shelf, web as bootstrap, webinars as workshop
from shared.logins.model import Login
from shared.resources.service import Sharing
from shared.roles import Role
from shared.themes.service import Arranging
from shared.webinars.service import Editing

EDITORS: Final = (Role.COORDINATOR, Role.EDITOR)


LANGUAGES: Final = ("da", "en", "sv", "no", "de", "fo", "kl")
"""Languages that recordings and resources are in besides the network's own, by their two letters."""


@dataclass(frozen=True, slots=True)
class EditorScreen(DeskScreen):
    """Base of the pages about webinars and resources: they show more to who edits than to who looks."""

    @property
    def may_edit(self) -> bool:
        """Whether this person edits."""
        return edits(self.login)


def edits(login: Login) -> bool:
    """Whether somebody works on webinars and resources."""
    return not login.person.roles.isdisjoint(EDITORS)


def languages(visit: Visit, *first: str) -> tuple[str, ...]:
    """Return the languages to choose from: those first, then the network's own."""
    return tuple(dict.fromkeys((*first, *visit.network.languages, *LANGUAGES)))


def editing(visit: SignedInVisit) -> Editing:
    """Return what whoever sent this can do with webinars."""
    return Editing(workshop.around(), visit.who.id, visit.now, visit.correlation_id)


def sharing(visit: Visit) -> Sharing:
    """Return what whoever sent this can do with resources."""
    return Sharing(shelf.around(), visit.now, visit.correlation_id)


def arranging(visit: Visit) -> Arranging:
    """Return what whoever sent this can do with themes."""
    return Arranging(bootstrap.theme_store(), visit.network.languages, visit.now, visit.correlation_id)
