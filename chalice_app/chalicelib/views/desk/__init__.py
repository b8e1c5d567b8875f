"""The coordinators' pages, a module for each entry of the menu."""

from typing import Final

from chalicelib.routing import Routes
from chalicelib.views.desk import deletion, front, libraries, log, login, people

PAGES: Final[tuple[Routes, ...]] = (
    login.pages,
    login.desk,
    front.pages,
    libraries.pages,
    people.pages,
    log.pages,
    deletion.pages,
)
