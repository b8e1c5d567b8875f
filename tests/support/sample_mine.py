"""Screens of what somebody finds by the address alone, true to life: template, screen, address and status."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from chalicelib.mine_screens import AskedScreen, AskScreen, Mine, MineScreen, NotedScreen, NoticeScreen
from chalicelib.screens import Listing, MyDataScreen, Problem, Screen
from shared.gatherings.model import Window
from shared.notices.queries import LibraryCount
from shared.privacy.export import PersonFile, Row, Section, Several
from shared.refusals import Fault
from shared.registration.model import Awaits, Participant, Role, Status
from tests.support.builders import NOW, a_published_gathering, a_registration, a_session

LATER: Final = Listing(
    a_published_gathering(
        slug="inspirationsdag",
        title={"da": "Inspirationsdag: Verdensmål i praksis på biblioteker i hele landet"},
        registration=Window(opens_at=NOW + timedelta(days=3)),
    ),
    NOW,
)
HELD: Final = Listing(a_published_gathering(sessions=(a_session("2026-08-24T09:00"),)), NOW)


def _mine(listing: Listing, status: Status, *awaits: Awaits) -> Mine:
    leader = Participant("Åse-rollen med et langt navn", "aase@herning.example.org", "765700", Role.LEADER)
    registration = replace(
        a_registration(listing.gathering), participant=leader, status=status, awaits=frozenset(awaits)
    )
    return Mine(listing, registration, "/tilmelding/t0k3n")


FULL: Final = MineScreen(
    path="/mine/t0k3n",
    calendar="/kalender/token.ics",
    preferences="/praeferencer/t0k3n",
    coming=(
        _mine(LATER, Status.OFFERED),
        _mine(LATER, Status.PENDING, Awaits.PROOF),
        _mine(LATER, Status.WAITLISTED),
    ),
    over=(_mine(HELD, Status.CONFIRMED), _mine(LATER, Status.CANCELLED)),
    leads=True,
    counts=(LibraryCount(LATER.gathering, "765700", 12),),
    libraries={"765700": "Herning"},
)
NOTHING: Final = MineScreen(
    path="/mine/t0k3n",
    calendar="/kalender/token.ics",
    preferences="/praeferencer/t0k3n",
    coming=(),
    over=(),
    leads=False,
    counts=(),
    libraries={},
)
DATA: Final = MyDataScreen(
    PersonFile(
        NOW,
        (
            Section(
                "registrations",
                "Registration",
                (
                    Row("name", "Name", "Åse-rollen"),
                    Several(
                        "history",
                        "What happened",
                        (
                            (Row("at", "", NOW), Row("what", "", "waitlisted", said="Put on the waiting list")),
                            (Row("at", "", LATER.gathering.starts_at), Row("why", "", "Kommer længst væk fra")),
                        ),
                    ),
                ),
                Row("gathering", "Gathering", LATER.gathering.title),
            ),
        ),
    ),
    "/mine/t0k3n/data",
    "c5rf",
)

MINE: Final[dict[str, tuple[str, Screen, str, int]]] = {
    "notice": ("notice.html", NoticeScreen(listing=LATER), f"{LATER.path}/besked", 200),
    "notice-faulty": (
        "notice.html",
        NoticeScreen(
            typed={"email": "navn@", "library": "765700"},
            faults=(Fault("email", "Write one address only, and nothing else."),),
            listing=LATER,
        ),
        f"{LATER.path}/besked",
        422,
    ),
    "noted": ("noted.html", NotedScreen(LATER, NOW + timedelta(days=3)), f"{LATER.path}/besked/t0k3n", 200),
    "mine-ask": ("mine-ask.html", AskScreen(), "/mine", 200),
    "mine-ask-refused": (
        "mine-ask.html",
        AskScreen(
            typed={"email": "navn@herning.example.org"},
            problem=Problem("That was too many at once. Wait a little and try again.", retry_after=40),
        ),
        "/mine",
        429,
    ),
    "mine-asked": ("mine-asked.html", AskedScreen(), "/mine", 200),
    "mine": ("mine.html", FULL, "/mine/t0k3n", 200),
    "mine-nothing": ("mine.html", NOTHING, "/mine/t0k3n", 200),
    "my-data": ("my-data.html", DATA, "/mine/t0k3n/data", 200),
}
