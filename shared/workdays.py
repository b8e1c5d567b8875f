"""Working days: when people can be expected to answer, and which days planners had better leave alone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Final

from shared.network import Network
from shared.refusals import N_

if TYPE_CHECKING:
    from holidays import HolidayBase

OPENS: Final = time(8)
NOON: Final = time(12)
HOLDS_END: Final = time(16)
CLOSES: Final = time(20)
OFFERED_FOR: Final = timedelta(hours=24)
_A_DAY: Final = timedelta(days=1)


class Reason(StrEnum):
    """Why a day is a bad one to plan for."""

    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    HALF_HOLIDAY = "half_holiday"
    BRIDGE_DAY = "bridge_day"
    WEEK_TO_AVOID = "week_to_avoid"


@dataclass(frozen=True, slots=True)
class Warning:
    """One reason not to plan for a day: `values` fill the `%(name)s` places of the sentence, a gettext message id."""

    day: date
    reason: Reason
    message: str
    values: Mapping[str, object] = field(default_factory=dict)


class Workdays:
    """The calendar of a network's country, on the network's wall clock."""

    def __init__(self, network: Network) -> None:
        self._country = network.calendar.holiday_country
        self._weeks_to_avoid = network.calendar.weeks_to_avoid
        self._zone = network.zone
        self._named: dict[str, HolidayBase] = {}

    def is_workday(self, day: date) -> bool:
        """Whether it is one of Monday to Friday and no public holiday."""
        return day.isoweekday() < 6 and day not in self._public

    def hold_until(self, now: datetime, latest: datetime) -> datetime:
        """Return until when a seat is held, in UTC: 16.00 on the second working day after today, never after `latest`.

        Both moments are aware.
        """
        first = self._workday_after(now.astimezone(self._zone).date())
        return min(self._at(self._workday_after(first), HOLDS_END), latest.astimezone(UTC))

    def offer_until(self, now: datetime, latest: datetime) -> datetime:
        """Return until when an offer stands, in UTC: 24 hours on, or as soon after that as people are at work.

        It lies on a working day between 8.00 and 20.00, and the noon of a working day lies between: an offer made on
        Friday evening or in a weekend does not run out as people arrive on Monday. `latest` cuts it. Both moments are
        aware. An offer made later never runs out sooner.
        """
        wanted = max(self._at_work(now + OFFERED_FOR), self._noon_after(now))
        return min(wanted, latest.astimezone(UTC))

    def warnings(self, day: date, *, language: str) -> list[Warning]:
        """Return every reason not to plan for a day, holidays named in the language if the country's calendar is."""
        return list(self._warnings(day, language))

    def _warnings(self, day: date, language: str) -> Iterator[Warning]:
        names = self._names(language)
        week = day.isocalendar().week
        if day in self._public:
            yield Warning(day, Reason.HOLIDAY, N_("A holiday: %(name)s."), {"name": names[day]})
        elif day.isoweekday() >= 6:
            yield Warning(day, Reason.WEEKEND, N_("A weekend."))
        elif day in names:
            yield Warning(day, Reason.HALF_HOLIDAY, N_("Many have the day off: %(name)s."), {"name": names[day]})
        elif not self.is_workday(day - _A_DAY) and not self.is_workday(day + _A_DAY):
            yield Warning(day, Reason.BRIDGE_DAY, N_("A single working day between days off."))
        if week in self._weeks_to_avoid:
            yield Warning(day, Reason.WEEK_TO_AVOID, N_("Week %(week)s, which the network avoids."), {"week": week})

    def _workday_after(self, day: date) -> date:
        day += _A_DAY
        while not self.is_workday(day):
            day += _A_DAY
        return day

    def _at_work(self, moment: datetime) -> datetime:
        local = moment.astimezone(self._zone)
        if not self.is_workday(local.date()) or local.time() > CLOSES:
            return self._at(self._workday_after(local.date()), OPENS)
        return max(moment.astimezone(UTC), self._at(local.date(), OPENS))

    def _noon_after(self, moment: datetime) -> datetime:
        today = moment.astimezone(self._zone).date()
        noon = self._at(today, NOON)
        return noon if self.is_workday(today) and moment < noon else self._at(self._workday_after(today), NOON)

    def _at(self, day: date, clock: time) -> datetime:
        # Moments in one zone compare by the clock on the wall; only in UTC do they compare as time passes.
        return datetime.combine(day, clock, tzinfo=self._zone).astimezone(UTC)

    @cached_property
    def _public(self) -> "HolidayBase":
        # The package costs more to import than most requests take, and few ask for days.
        from holidays import country_holidays

        return country_holidays(self._country)

    def _names(self, language: str) -> "HolidayBase":
        """Return public and customary holidays, named in the language or, failing that, the country's own."""
        from holidays import OPTIONAL, PUBLIC, country_holidays

        if language not in self._named:
            known = self._public.supported_languages
            spoken = next((one for one in known if one.split("_")[0] == language), self._public.default_language)
            kinds = tuple(kind for kind in (PUBLIC, OPTIONAL) if kind in self._public.supported_categories)
            self._named[language] = country_holidays(self._country, language=spoken, categories=kinds)
        return self._named[language]
