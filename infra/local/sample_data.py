"""Loads the sample data, from programmes to resources, as a coordinator would: through the API."""

import tomllib
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import httpx

from infra.local.options import CannotStart
from shared.network import load as load_network

SAMPLE: Final = Path(__file__).parent / "sample"


def load(base_url: str, token: str) -> None:
    """Load everything. Dates are relative to today. Raise CannotStart when the API refuses something."""
    zone = load_network().zone
    today = datetime.now(zone).date()
    sample = tomllib.loads((SAMPLE / "gatherings.toml").read_text(encoding="utf-8"))
    programmes = tomllib.loads((SAMPLE / "programmes.toml").read_text(encoding="utf-8"))
    libraries = tomllib.loads((SAMPLE / "libraries.toml").read_text(encoding="utf-8"))
    recorded = tomllib.loads((SAMPLE / "webinars.toml").read_text(encoding="utf-8"))
    shared = tomllib.loads((SAMPLE / "resources.toml").read_text(encoding="utf-8"))
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=f"{base_url}/api/v1/coordinator", headers=headers, timeout=30) as api:
        for library in libraries["library"]:
            _send(api, "PATCH", f"/libraries/{library.pop('id')}", library)
        ids: dict[str, str] = {}
        for programme in programmes["programme"]:
            planned = _send(api, "POST", "/programmes", _programme(programme, today, zone))
            ids[programme["slug"]] = planned["id"]
            _send(api, "POST", f"/programmes/{planned['id']}/publish")
        for gathering in sample["gathering"]:
            then = gathering.pop("then")
            if "programme" in gathering:
                gathering["programme"] = ids[gathering["programme"]]
            planned = _send(api, "POST", "/gatherings", _body(gathering, today, zone))
            if then != "draft":
                _send(api, "POST", f"/gatherings/{planned['id']}/publish")
            if then == "cancel":
                _send(api, "POST", f"/gatherings/{planned['id']}/cancel")
        for theme in recorded["theme"]:
            _send(api, "POST", "/themes", theme)
        for resource in shared["resource"]:
            _send(api, "POST", "/resources", resource)
        for webinar in recorded["webinar"]:
            then, captions = webinar.pop("then"), webinar.pop("captions", "")
            made = _send(api, "POST", "/webinars", _webinar(webinar, today))
            if captions:
                _send(api, "POST", f"/webinars/{made['id']}/captions", {"language": made["spoken"], "text": captions})
            if then == "publish":
                _send(api, "POST", f"/webinars/{made['id']}/publish")


def _send(api: httpx.Client, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    answer = api.request(method, path, json=body)
    if answer.is_error:
        raise CannotStart(
            f"The sample data does not fit this profile: {method} {path} is answered {answer.text}\n"
            "Start without it: make run DEMO=0"
        )
    given: dict[str, Any] = answer.json()
    return given


def _programme(programme: dict[str, Any], today: date, zone: ZoneInfo) -> dict[str, Any]:
    starts, ends = (today + timedelta(days=programme[name]) for name in ("starts", "ends"))
    tracks = [
        track | {"rounds": [_round(dict(one), today, zone) for one in track["rounds"]]}
        for track in programme.get("tracks", [])
    ]
    rounds = [_round(dict(one), today, zone) for one in programme.get("rounds", [])]
    kept = {name: value for name, value in programme.items() if name not in ("starts", "ends")}
    return kept | {
        "starts_on": starts.isoformat(),
        "ends_on": ends.isoformat(),
        "tracks": tracks,
        "rounds": rounds,
    }


def _round(one: dict[str, Any], today: date, zone: ZoneInfo) -> dict[str, Any]:
    for name in ("opens", "closes"):
        if (days := one.pop(name, None)) is not None:
            one[f"{name}_at"] = datetime.combine(today + timedelta(days=days), time(9), zone).isoformat()
    return one


def _body(gathering: dict[str, Any], today: date, zone: ZoneInfo) -> dict[str, Any]:
    opens_in_days = gathering.pop("opens_in_days", None)
    sessions = [_session(dict(session), today, zone) for session in gathering.pop("sessions")]
    body = gathering | {"sessions": sessions}
    if opens_in_days is not None:
        opens_at = datetime.combine(_working_day(today + timedelta(days=opens_in_days)), time(9), zone)
        body["registration"] = {"opens_at": opens_at.isoformat()}
    return body


def _session(session: dict[str, Any], today: date, zone: ZoneInfo) -> dict[str, Any]:
    day = _working_day(today + timedelta(days=session.pop("days")))
    starts, ends = (
        datetime.combine(day, time.fromisoformat(session.pop(name)), zone).isoformat() for name in ("from", "to")
    )
    return session | {"starts_at": starts, "ends_at": ends}


def _webinar(webinar: dict[str, Any], today: date) -> dict[str, Any]:
    held, review = (today + timedelta(days=webinar.pop(name)) for name in ("held", "review"))
    return webinar | {
        "held_on": held.isoformat(),
        "consent_on": held.isoformat(),
        "review_on": review.isoformat(),
    }


def _working_day(day: date) -> date:
    """Return the day, or the Monday after a weekend. Nobody gathers round Christmas and New Year."""
    if (day.month, day.day) >= (12, 19):
        day = date(day.year + 1, 1, 6)
    elif (day.month, day.day) < (1, 6):
        day = date(day.year, 1, 6)
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
