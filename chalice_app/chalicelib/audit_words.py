"""The log in words: what was done, for people who do not read addresses of programs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from chalicelib.wire_registrations import Action
from shared.audit.model import Entry
from shared.refusals import N_

_API: Final = "/api/v1/coordinator"
_DESK: Final = "/tovholder"
_PARTICIPANTS: Final = f"{_DESK}/arrangementer/{{gathering_id}}/deltagere"

ACTIONS: Final[Mapping[Action, str]] = {
    "accept": N_("Accepted an offer for somebody"),
    "accept_domain": N_("Listed a domain as a library’s"),
    "accept_library": N_("Confirmed where somebody works"),
    "approve": N_("Approved a registration"),
    "cancel": N_("Cancelled a registration"),
    "correct": N_("Corrected who takes part"),
    "move": N_("Moved somebody to other sessions"),
    "move_to": N_("Moved somebody to another gathering"),
    "note": N_("Wrote a note on somebody"),
    "reject": N_("Declined a registration"),
    "seat": N_("Gave a seat out of turn"),
    "send_link": N_("Sent somebody the link again"),
}
"""What is done to registrations, one or many, by pages and API."""

_CHANGED: Final = N_("Changed a registration")
_ADDED: Final = N_("Added participants")
_READ: Final = N_("Read a list of participants, to look at it before it is imported")
_IMPORTED: Final = N_("Imported participants")
_PLANNED: Final = N_("Planned a gathering")
_EDITED: Final = N_("Changed a gathering")
_PUBLISHED: Final = N_("Published a gathering")
_CALLED_OFF: Final = N_("Cancelled a gathering")
_COPIED: Final = N_("Copied a gathering")
_PROGRAMME_PLANNED: Final = N_("Planned a programme")
_PROGRAMME_EDITED: Final = N_("Changed a programme")
_PROGRAMME_PUBLISHED: Final = N_("Published a programme")
_PROGRAMME_CALLED_OFF: Final = N_("Cancelled a programme")
_PROGRAMME_COPIED: Final = N_("Copied a programme")
_LIBRARY_ADDED: Final = N_("Added a library")
_LIBRARY_EDITED: Final = N_("Changed a library")
_LIBRARY_MERGED: Final = N_("Merged a library into another")
_THEME_ADDED: Final = N_("Added a theme")
_THEME_EDITED: Final = N_("Changed a theme")
_THEME_MERGED: Final = N_("Merged a theme into another")
_THEMES_ARRANGED: Final = N_("Put the themes in an order")
_WEBINAR_MADE: Final = N_("Made a webinar")
_WEBINAR_EDITED: Final = N_("Changed a webinar")
_CAPTIONED: Final = N_("Put captions on a webinar")
_UNCAPTIONED: Final = N_("Took captions off a webinar")
_DOCUMENT_SENT: Final = N_("Sent a file for the materials of a webinar")
_DOCUMENT_REMOVED: Final = N_("Took a file away from the materials of a webinar")
_RECORDING_SENT: Final = N_("Sent a recording")
_RECORDING_REMOVED: Final = N_("Took a recording away")
_REVIEW_ASKED: Final = N_("Asked somebody to look at a webinar")
_WEBINAR_SHOWN: Final = N_("Published a webinar")
_WEBINAR_TIMED: Final = N_("Said when a webinar is published")
_WEBINAR_WITHDRAWN: Final = N_("Made a webinar a draft again")
_WEBINAR_HIDDEN: Final = N_("Hid a webinar")
_RESOURCE_ADDED: Final = N_("Added a resource")
_RESOURCE_EDITED: Final = N_("Changed a resource")
_RESOURCE_FILED: Final = N_("Sent the file of a resource")
_RESOURCE_REMOVED: Final = N_("Deleted a resource")
_INVITED: Final = N_("Invited people to a gathering")
_LET_IN: Final = N_("Let somebody in who signs in")
_INVITED_AGAIN: Final = N_("Sent somebody the invitation to sign in again")
_ATTENDED: Final = N_("Noted who was there")
_REPORTED: Final = N_("Noted who was there, from the report of a meeting")
_CERTIFIED: Final = N_("Gave certificates")
_WROTE: Final = N_("Wrote to people of a gathering")
_CALLED_BACK: Final = N_("Called a message back")
_ROLE: Final = N_("Gave somebody another role")
_LET_GO: Final = N_("Let somebody sign in no more")

SENTENCES: Final[Mapping[str, str]] = {
    f"POST {_API}/themes": _THEME_ADDED,
    f"PATCH {_API}/themes": _THEMES_ARRANGED,
    f"PATCH {_API}/themes/{{slug}}": _THEME_EDITED,
    f"POST {_API}/themes/{{slug}}/merge": _THEME_MERGED,
    f"POST {_DESK}/arrangementer/{{gathering_id}}/webinar": _WEBINAR_MADE,
    f"POST {_DESK}/webinarer/ny": _WEBINAR_MADE,
    f"POST {_DESK}/webinarer/{{webinar_id}}/rediger": _WEBINAR_EDITED,
    f"POST {_DESK}/webinarer/{{webinar_id}}/undertekster": _CAPTIONED,
    f"POST {_DESK}/webinarer/{{webinar_id}}/undertekster/{{language}}/fjern": _UNCAPTIONED,
    **{f"POST {_DESK}/webinarer/{{webinar_id}}/optagelse{step}": _RECORDING_SENT for step in ("", "/dele", "/faerdig")},
    **{f"POST {_DESK}/webinarer/{{webinar_id}}/optagelse/{step}": _RECORDING_REMOVED for step in ("opgiv", "fjern")},
    **{
        f"POST {_DESK}/webinarer/{{webinar_id}}/materialer{step}": _DOCUMENT_SENT
        for step in ("", "/plads", "/{document_id}/faerdig")
    },
    f"POST {_DESK}/webinarer/{{webinar_id}}/materialer/{{document_id}}/fjern": _DOCUMENT_REMOVED,
    f"POST {_DESK}/webinarer/{{webinar_id}}/gennemsyn": _REVIEW_ASKED,
    f"POST {_DESK}/webinarer/{{webinar_id}}/offentliggoer": _WEBINAR_SHOWN,
    f"POST {_DESK}/webinarer/{{webinar_id}}/tidspunkt": _WEBINAR_TIMED,
    f"POST {_DESK}/webinarer/{{webinar_id}}/traek-tilbage": _WEBINAR_WITHDRAWN,
    f"POST {_DESK}/webinarer/{{webinar_id}}/skjul": _WEBINAR_HIDDEN,
    f"POST {_DESK}/ressourcer/ny": _RESOURCE_ADDED,
    f"POST {_DESK}/ressourcer/{{resource_id}}": _RESOURCE_EDITED,
    f"POST {_DESK}/ressourcer/{{resource_id}}/vis": N_("Showed a resource again"),
    f"POST {_DESK}/ressourcer/{{resource_id}}/skjul": N_("Hid a resource"),
    **{
        f"POST {_DESK}/ressourcer/{{resource_id}}/fil{step}": _RESOURCE_FILED
        for step in ("", "/plads", "/{document_id}/faerdig")
    },
    f"POST {_DESK}/ressourcer/{{resource_id}}/slet": _RESOURCE_REMOVED,
    f"POST {_DESK}/temaer": _THEMES_ARRANGED,
    f"POST {_DESK}/temaer/ny": _THEME_ADDED,
    f"POST {_DESK}/temaer/{{slug}}": _THEME_EDITED,
    f"POST {_DESK}/temaer/{{slug}}/sammenlaeg": _THEME_MERGED,
    f"POST {_API}/webinars": _WEBINAR_MADE,
    f"POST {_API}/gatherings/{{gathering_id}}/webinars": _WEBINAR_MADE,
    f"PATCH {_API}/webinars/{{webinar_id}}": _WEBINAR_EDITED,
    f"POST {_API}/webinars/{{webinar_id}}/captions": _CAPTIONED,
    f"DELETE {_API}/webinars/{{webinar_id}}/captions/{{language}}": _UNCAPTIONED,
    **{f"POST {_API}/webinars/{{webinar_id}}/recording{step}": _RECORDING_SENT for step in ("", "/parts", "/finish")},
    f"DELETE {_API}/webinars/{{webinar_id}}/recording": _RECORDING_REMOVED,
    **{
        f"POST {_API}/webinars/{{webinar_id}}/materials{step}": _DOCUMENT_SENT for step in ("", "/{document_id}/finish")
    },
    f"DELETE {_API}/webinars/{{webinar_id}}/materials/{{document_id}}": _DOCUMENT_REMOVED,
    f"POST {_API}/webinars/{{webinar_id}}/review": _REVIEW_ASKED,
    f"POST {_API}/webinars/{{webinar_id}}/publish": _WEBINAR_SHOWN,
    f"POST {_API}/webinars/{{webinar_id}}/schedule": _WEBINAR_TIMED,
    f"POST {_API}/webinars/{{webinar_id}}/withdraw": _WEBINAR_WITHDRAWN,
    f"POST {_API}/webinars/{{webinar_id}}/hide": _WEBINAR_HIDDEN,
    f"POST {_API}/resources": _RESOURCE_ADDED,
    f"PATCH {_API}/resources/{{resource_id}}": _RESOURCE_EDITED,
    **{f"POST {_API}/resources/{{resource_id}}/file{step}": _RESOURCE_FILED for step in ("", "/{document_id}/finish")},
    f"DELETE {_API}/resources/{{resource_id}}": _RESOURCE_REMOVED,
    f"POST {_API}/certificates": _CERTIFIED,
    f"POST {_API}/gatherings": _PLANNED,
    f"PATCH {_API}/gatherings/{{gathering_id}}": _EDITED,
    f"POST {_API}/gatherings/{{gathering_id}}/attendance": _ATTENDED,
    f"POST {_API}/gatherings/{{gathering_id}}/cancel": _CALLED_OFF,
    f"POST {_API}/gatherings/{{gathering_id}}/duplicate": _COPIED,
    f"POST {_API}/gatherings/{{gathering_id}}/invitations": _INVITED,
    f"POST {_API}/gatherings/{{gathering_id}}/publish": _PUBLISHED,
    f"POST {_API}/gatherings/{{gathering_id}}/registrations": _ADDED,
    f"PATCH {_API}/gatherings/{{gathering_id}}/registrations": _CHANGED,
    f"POST {_API}/imports": N_("Read a list, to look at it before it is imported"),
    f"POST {_API}/imports/{{import_id}}/confirm": N_("Imported a list"),
    f"POST {_API}/libraries": _LIBRARY_ADDED,
    f"PATCH {_API}/libraries/{{number}}": _LIBRARY_EDITED,
    f"POST {_API}/libraries/{{number}}/domains": ACTIONS["accept_domain"],
    f"POST {_API}/libraries/{{number}}/merge": _LIBRARY_MERGED,
    f"POST {_API}/messages": _WROTE,
    f"DELETE {_API}/messages/{{message_id}}": _CALLED_BACK,
    f"POST {_API}/people": _LET_IN,
    f"PATCH {_API}/people/{{person_id}}": _ROLE,
    f"POST {_API}/people/{{person_id}}/invitation": _INVITED_AGAIN,
    f"DELETE {_API}/people/{{person_id}}": _LET_GO,
    f"POST {_API}/programmes": _PROGRAMME_PLANNED,
    f"PATCH {_API}/programmes/{{programme_id}}": _PROGRAMME_EDITED,
    f"POST {_API}/programmes/{{programme_id}}/cancel": _PROGRAMME_CALLED_OFF,
    f"POST {_API}/programmes/{{programme_id}}/duplicate": _PROGRAMME_COPIED,
    f"POST {_API}/programmes/{{programme_id}}/publish": _PROGRAMME_PUBLISHED,
    f"POST {_API}/tracks": N_("Added a track to a programme"),
    f"PATCH {_API}/tracks/{{track_id}}": N_("Changed a track of a programme"),
    f"POST {_DESK}/arrangementer/ny": _PLANNED,
    f"POST {_DESK}/arrangementer/{{gathering_id}}/aflys": _CALLED_OFF,
    f"POST {_DESK}/arrangementer/{{gathering_id}}/beskeder/ny": _WROTE,
    f"POST {_DESK}/arrangementer/{{gathering_id}}/beskeder/{{message_id}}/kald-tilbage": _CALLED_BACK,
    f"POST {_DESK}/arrangementer/{{gathering_id}}/fremmoede/beviser": _CERTIFIED,
    f"POST {_DESK}/arrangementer/{{gathering_id}}/fremmoede/{{session_id}}": _ATTENDED,
    f"POST {_DESK}/arrangementer/{{gathering_id}}/fremmoede/{{session_id}}/rapport": N_(
        "Read the report of a meeting, to look at it before it is noted"
    ),
    f"POST {_DESK}/arrangementer/{{gathering_id}}/fremmoede/{{session_id}}/rapport/{{preview_id}}": _REPORTED,
    f"POST {_DESK}/arrangementer/{{gathering_id}}/invitationer": N_(
        "Read addresses, to look at them before they are invited"
    ),
    f"POST {_DESK}/arrangementer/{{gathering_id}}/invitationer/{{preview_id}}": _INVITED,
    f"POST {_DESK}/arrangementer/{{gathering_id}}/kopier": _COPIED,
    f"POST {_DESK}/arrangementer/{{gathering_id}}/mails": N_("Changed what the mails of a gathering say, or tried one"),
    f"POST {_DESK}/arrangementer/{{gathering_id}}/offentliggoer": _PUBLISHED,
    f"POST {_DESK}/arrangementer/{{gathering_id}}/redaktoer": N_("Said whose own a gathering is"),
    f"POST {_DESK}/arrangementer/{{gathering_id}}/rediger": _EDITED,
    f"POST {_PARTICIPANTS}/flere": _CHANGED,
    f"POST {_PARTICIPANTS}/import": _READ,
    f"POST {_PARTICIPANTS}/import/{{import_id}}": _IMPORTED,
    f"POST {_PARTICIPANTS}/import/{{import_id}}/biblioteker": N_("Said which libraries a list of participants means"),
    f"POST {_PARTICIPANTS}/ny": _ADDED,
    f"POST {_PARTICIPANTS}/{{registration_id}}": _CHANGED,
    f"POST {_PARTICIPANTS}/{{registration_id}}/bevis": N_("Took a certificate back"),
    f"POST {_PARTICIPANTS}/{{registration_id}}/mails": N_("Had a mail sent once more"),
    f"POST {_DESK}/biblioteker/importer": N_("Read a list of libraries, to look at it before it is imported"),
    f"POST {_DESK}/biblioteker/importer/{{import_id}}": N_("Imported libraries"),
    f"POST {_DESK}/biblioteker/ny": _LIBRARY_ADDED,
    f"POST {_DESK}/biblioteker/{{number}}": _LIBRARY_EDITED,
    f"POST {_DESK}/biblioteker/{{number}}/sammenlaeg": _LIBRARY_MERGED,
    f"POST {_DESK}/forloeb/ny": _PROGRAMME_PLANNED,
    f"POST {_DESK}/forloeb/{{programme_id}}/aflys": _PROGRAMME_CALLED_OFF,
    f"POST {_DESK}/forloeb/{{programme_id}}/kopi": _PROGRAMME_COPIED,
    f"POST {_DESK}/forloeb/{{programme_id}}/offentliggoer": _PROGRAMME_PUBLISHED,
    f"POST {_DESK}/forloeb/{{programme_id}}/rediger": _PROGRAMME_EDITED,
    f"POST {_DESK}/logout": N_("Signed out"),
    f"POST {_DESK}/mails/{{person}}": N_("Let an address get mail again"),
    f"POST {_DESK}/mennesker": _LET_IN,
    f"POST {_DESK}/mennesker/{{person_id}}": _ROLE,
    f"POST {_DESK}/mennesker/{{person_id}}/fjern": _LET_GO,
    f"POST {_DESK}/mennesker/{{person_id}}/inviter": _INVITED_AGAIN,
}
"""What is done by each route that changes something: a test fails for one that is not here."""

_WHAT: Final = {
    "gathering_id": (N_("the gathering"), f"{_DESK}/arrangementer/{{}}"),
    "programme_id": (N_("the programme"), f"{_DESK}/forloeb/{{}}"),
    "number": (N_("the library"), f"{_DESK}/biblioteker/{{}}"),
    "person_id": (N_("the person"), f"{_DESK}/mennesker/{{}}"),
    "slug": (N_("the theme"), f"{_DESK}/temaer/{{}}"),
    "webinar_id": (N_("the webinar"), f"{_DESK}/webinarer/{{}}"),
    "resource_id": (N_("the resource"), f"{_DESK}/ressourcer/{{}}"),
}


_LISTS: Final = {
    "document_id": N_("the file"),
    "import_id": N_("the list"),
    "language": N_("the language"),
    "message_id": N_("the message"),
    "person": N_("the address"),
    "preview_id": N_("the list"),
    "session_id": N_("the session"),
}
"""What has an id, and no page for long."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What something was done to: what it is, to be translated, its id, and the page it has, if it has one."""

    name: str
    id: str
    path: str | None = None


def sentence(entry: Entry) -> str:
    """Return what was done, to be translated. What a route did that is gone is told by its address."""
    for action, said in ACTIONS.items():
        if action == entry.doing.action:
            return said
    key = f"{entry.method} {entry.route}"
    return SENTENCES.get(key, key)


def ending(entry: Entry) -> str:
    """Return how it ended, to be translated."""
    if entry.status is None:
        return N_("not known")
    if entry.status == 200 and entry.route.startswith(_DESK):
        return N_("nothing saved: the form went on")
    if entry.status < 400:
        return N_("done")
    return _REFUSED.get(entry.status, N_("not done: the system failed") if entry.status >= 500 else N_("not done"))


_REFUSED: Final = {
    403: N_("not done: not allowed"),
    404: N_("not done: it was not there"),
    409: N_("not done: it was no longer possible"),
    422: N_("not done: something was missing or wrong"),
    429: N_("not done: too much at once"),
    503: N_("not done: the system was busy"),
}


def subjects(entry: Entry) -> Iterator[Subject]:
    """Yield what it was done to."""
    for name, (words, path) in _WHAT.items():
        if name in entry.ids:
            yield Subject(words, entry.ids[name], path.format(entry.ids[name]))
    others = ((name, id) for name, id in entry.ids.items() if name not in (*_WHAT, "registration_id"))
    yield from (Subject(_LISTS.get(name, name), id) for name, id in others)
    those = entry.doing.registrations or [entry.ids[name] for name in ("registration_id",) if name in entry.ids]
    people = _PARTICIPANTS.format(gathering_id=entry.ids.get("gathering_id", ""))
    yield from (Subject(N_("the participant"), id, f"{people}/{id}") for id in those)
