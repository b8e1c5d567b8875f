"""The coordinators' API: how often recordings are watched."""

import re
from typing import Final

from chalice.app import Response

from chalicelib import answers, routing, wire_viewing
from chalicelib.visit import SignedInVisit
from shared.bootstrap import web as bootstrap, webinars as workshop
from shared.refusals import N_, Fault, Invalid
from shared.roles import Role
from shared.time import MONTH
from shared.viewing.model import month_of
from shared.viewing.queries import report

api = routing.coordinator_api()

PATH: Final = "/api/v1/coordinator/views"


@api.get(PATH, *Role)
def views(visit: SignedInVisit) -> Response:
    """List how often each webinar, and what is on each theme, was watched from one month until another."""
    since, until = _month(visit, "from"), _month(visit, "to") or month_of(visit.now, visit.network.zone)
    if since is not None and since > until:
        raise Invalid(Fault("from", N_("The first month cannot come after the last.")))
    found = report(
        since,
        until,
        store=bootstrap.view_store(),
        webinars=workshop.around().store.every(),
        themes=bootstrap.themes().fresh(),
    )
    webinars = [
        {"webinar": one.id, "slug": one.slug, "title": dict(one.title), **wire_viewing.tally(tally)}
        for one, tally in found.webinars
    ]
    themes = [{"theme": slug, **wire_viewing.tally(tally)} for slug, tally in found.themes]
    return answers.data({"views": webinars, "themes": themes, "next": None})


def _month(visit: SignedInVisit, name: str) -> str | None:
    month = visit.query.get(name)
    if month is not None and not re.fullmatch(MONTH, month):
        raise Invalid(Fault(name, N_("A month looks like 2026-09.")))
    return month
