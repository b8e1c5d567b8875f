"""All that is for people who sign in. Most processes of the web app never need it, so it is imported when it is."""

from typing import Final

from chalicelib.routing import Routes
from chalicelib.views import (
    attendance,
    audit,
    coordinator,
    coordinator_certificates,
    desk,
    exports,
    imports,
    invitations,
    libraries,
    materials,
    messages,
    people,
    programmes,
    recordings,
    registrations,
    resources,
    themes,
    viewing,
    webinars,
)

PAGES: Final[tuple[Routes, ...]] = desk.PAGES

CALLS: Final[tuple[Routes, ...]] = (
    coordinator.api,
    registrations.api,
    invitations.api,
    exports.api,
    libraries.api,
    imports.api,
    messages.api,
    attendance.api,
    coordinator_certificates.api,
    programmes.api,
    people.api,
    themes.api,
    webinars.api,
    recordings.api,
    materials.api,
    viewing.api,
    resources.api,
    audit.api,
)
