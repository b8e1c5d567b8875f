"""How often recordings are watched."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from chalice.app import Response

from chalicelib import desk, routing, theme_words
from chalicelib.desk import DeskScreen
from chalicelib.visit import DeskVisit
from shared.bootstrap import web as bootstrap, webinars as workshop
from shared.refusals import N_, NotFound
from shared.roles import Role
from shared.viewing.model import Period, Tally, month_of
from shared.viewing.queries import Report, report

pages = routing.desk()

PERIODS: Final[Mapping[Period, str]] = {
    Period.YEAR: N_("This year"),
    Period.TWELVE_MONTHS: N_("The last twelve months"),
    Period.EVER: N_("Since the beginning"),
}
"""What figures can be of, to be translated."""


@dataclass(frozen=True, slots=True)
class ViewsScreen(DeskScreen):
    """What was watched in a period; of each theme by what it is called."""

    period: Period
    report: Report
    themes: tuple[tuple[str, Tally], ...]

    @property
    def periods(self) -> tuple[tuple[str, str], ...]:
        """What to choose from, to be translated."""
        return tuple(PERIODS.items())


@pages.get("/tovholder/visninger", *Role)
def views(visit: DeskVisit) -> Response:
    """Show the figures of a period, of this year unless told."""
    try:
        period = Period(visit.query.get("period", Period.YEAR))
    except ValueError as error:
        raise NotFound from error
    found = report(
        period.since(visit.today),
        month_of(visit.now, visit.network.zone),
        store=bootstrap.view_store(),
        webinars=workshop.around().store.every(),
        themes=bootstrap.themes().fresh(),
    )
    by_theme = [(theme_words.in_words([slug], visit.voice)[0], tally) for slug, tally in found.themes]
    return desk.page(visit, "desk/views.html", ViewsScreen(visit.login, period, found, tuple(by_theme)))
