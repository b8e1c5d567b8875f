"""The coordinators' pages, a module for each entry of the menu."""

from typing import Final

from chalicelib.routing import Routes
from chalicelib.views.desk import (
    attendance,
    deletion,
    front,
    gatherings,
    invitations,
    libraries,
    log,
    login,
    mails,
    messages,
    owner,
    participant,
    participant_imports,
    participant_lists,
    participants,
    people,
    programmes,
    rounds,
    texts,
    themes,
    webinars,
)

PAGES: Final[tuple[Routes, ...]] = (
    login.pages,
    login.desk,
    front.pages,
    programmes.pages,
    gatherings.pages,
    owner.pages,
    rounds.pages,
    participants.pages,
    participant.pages,
    participant_lists.pages,
    participant_imports.pages,
    invitations.pages,
    messages.pages,
    texts.pages,
    attendance.pages,
    webinars.pages,
    themes.pages,
    libraries.pages,
    people.pages,
    mails.pages,
    log.pages,
    deletion.pages,
)
