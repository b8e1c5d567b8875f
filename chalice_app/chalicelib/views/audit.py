"""The coordinators' API: what those who sign in have done, and what will be deleted soon."""

import re
from typing import Final

from chalice.app import Response

from chalicelib import answers, cursors, routing, wire_audit
from chalicelib.visit import SignedInVisit
from shared.bootstrap import web as bootstrap
from shared.erasure.expiry import AHEAD, plan
from shared.refusals import N_, Fault, Invalid
from shared.roles import Role
from shared.time import MONTH

api = routing.coordinator_api()

PAGE: Final = 100


@api.get("/api/v1/coordinator/audit", Role.COORDINATOR)
def audit(visit: SignedInVisit) -> Response:
    """List what was done in a month of UTC, the present one unless told, the newest first, a page at a time."""
    month = visit.query.get("month", f"{visit.now:%Y-%m}")
    if not re.fullmatch(MONTH, month):
        raise Invalid(Fault("month", N_("A month looks like 2026-09.")))
    page = bootstrap.audit_log().of_month(month, after=cursors.given(visit), limit=PAGE)
    shown = [wire_audit.entry(one, visit.voice) for one in page.entries]
    return answers.data({"audit": shown, "next": cursors.cursor(page.next)})


@api.get("/api/v1/coordinator/deletions", Role.COORDINATOR)
def deletions(visit: SignedInVisit) -> Response:
    """List what will be deleted in the next days, the soonest first."""
    found = plan(kept=bootstrap.kept(), periods=visit.network.legal.periods, now=visit.now, ahead=AHEAD)
    return answers.data({"deletions": [wire_audit.planned(one) for one in found], "next": None})
