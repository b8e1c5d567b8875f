"""What tests are about, valid unless told otherwise: a test names only what it depends on."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from events.envelope import C, Envelope
from shared.gatherings.model import WHOLE, Gathering, Kind, Place, Session
from shared.ids import new_id
from shared.network import load
from shared.registration.applying import Application
from shared.registration.model import Participant, Registration, Role
from shared.resources.model import Kind as ResourceKind, Resource
from shared.webinars.model import Captions, Webinar
from shared.webinars.recording import MP4, Recording

NETWORK: Final = load()
NOW: Final = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
"""A moment before every gathering that the builders make."""

ZONE: Final = "Europe/Copenhagen"
HERNING: Final = Place("Herning Bibliotek", "Østergade 8, 7400 Herning")
KOLDING: Final = Place("Kolding Bibliotek", "Slotssøvejen 4, 6000 Kolding")


def a_session(
    starts: str = "2026-10-05T09:00", *, hours: float = 2.5, id: str = "one", zone: str = ZONE, **more: Any
) -> Session:
    """Return a session that starts at a wall-clock time and lasts so many hours on the same clock."""
    start = datetime.fromisoformat(starts)
    return Session(
        id=id, title=more.pop("title", {}), starts=start, ends=start + timedelta(hours=hours), zone=zone, **more
    )


def a_gathering(**changes: Any) -> Gathering:
    """Return a draft that may be published: a webinar of one session."""
    gathering = Gathering(
        id=new_id(),
        slug="citizen-science",
        kind=Kind.WEBINAR,
        title={"da": "Citizen science på Ærø"},
        sessions=(a_session(),),
        contact="tovholder@db2030.example.org",
        online_link="https://moede.example.org/rum",
    )
    return replace(gathering, **changes)


def a_seminar(**changes: Any) -> Gathering:
    """Return a draft of one day online for all, and a day at one of two places."""
    sessions = (
        a_session("2026-10-05T09:00", id="online", title={"da": "Fælles dag"}),
        a_session("2026-10-12T10:00", id="herning", title={"da": "Herning"}, choose_one_of="Sted", place=HERNING),
        a_session("2026-10-14T10:00", id="kolding", title={"da": "Kolding"}, choose_one_of="Sted", place=KOLDING),
    )
    return a_gathering(**{"kind": Kind.COURSE, "slug": "seminar", "sessions": sessions} | changes)


def a_published_gathering(**changes: Any) -> Gathering:
    """Return a gathering as it is after publication."""
    return a_gathering(**changes).published(NOW - timedelta(days=1))


def an_application(**changes: Any) -> Application:
    """Return what somebody filled in, without a fault in it."""
    application = Application(name="Deltager 1", email="deltager1@herning.example.org", library="765700", role="staff")
    return replace(application, **changes)


def applicants(number: int, **changes: Any) -> list[Application]:
    """Return applications of so many people, who have an address each."""
    return [
        an_application(name=f"Deltager {n}", email=f"deltager{n}@herning.example.org", **changes)
        for n in range(1, number + 1)
    ]


def a_registration(gathering: Gathering, *, name: str = "Deltager 1", **changes: Any) -> Registration:
    """Return a seat in the whole gathering."""
    sessions = tuple(session.id for session in gathering.sessions)
    mode = gathering.modes[0]
    registration = Registration(
        id=new_id(),
        gathering_id=gathering.id,
        participant=Participant(name, "deltager1@herning.example.org", "765700", Role.STAFF),
        sessions=sessions,
        mode=mode,
        language="da",
        registered_at=NOW,
        guard=f"guard of {name}",
        person="hash of deltager1@herning.example.org",
        general=(WHOLE,),
        pools=(WHOLE, mode.value, *(f"session-{session}" for session in sessions)),
    )
    return replace(registration, **changes)


def a_webinar(**changes: Any) -> Webinar:
    """Return a draft with a title and nothing else."""
    webinar = Webinar(
        id=new_id(),
        slug="fremtidens-bibliotek",
        title={"da": "Fremtidens bibliotek"},
        held_on=date(2026, 6, 3),
        spoken="da",
        owner="an editor",
    )
    return replace(webinar, **changes)


def a_ready_webinar(**changes: Any) -> Webinar:
    """Return a draft that may be published."""
    ready: dict[str, Any] = {
        "link": "https://video.example.org/fremtiden",
        "captions": (Captions("da", "captions/one/da-0.json", 60_000),),
        "alternative": {"da": "Alt, der vises, bliver sagt."},
        "consent_on": date(2026, 6, 3),
        "themes": ("citizen-science",),
        "review_on": date(2027, 6, 3),
    }
    return a_webinar(**{**ready, **changes})


def a_recording(**changes: Any) -> Recording:
    """Return a recording of a minute and a half."""
    return replace(
        Recording(
            "recordings/one/up", "posters/one/up.jpg", MP4, 9_000_000, 90_000, 1280, 720, video="H.264", audio="AAC"
        ),
        **changes,
    )


def a_resource(**changes: Any) -> Resource:
    """Return a resource that everybody sees."""
    resource = Resource(
        id=new_id(),
        kind=ResourceKind.GUIDE,
        title={"da": "Vejledning i insekthoteller"},
        link="https://herning.example.org/insekthotel",
        library="765700",
        language="da",
        themes=("unge",),
        added_at=NOW,
    )
    return replace(resource, **changes)


def a_fact(data: C, *, version: int = 1, subject: str = "subject", id: str | None = None) -> Envelope[C]:
    """Return a fact in its envelope."""
    return Envelope[C].of(
        data, id=id or new_id(), subject=subject, subject_version=version, at=NOW, correlation_id="correlation"
    )
