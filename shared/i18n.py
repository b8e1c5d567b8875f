"""What people read, in their language: gettext catalogues, dates and the order of names."""

import gettext
from collections.abc import Mapping
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

LOCALES: Final = Path(__file__).parent / "locales"
SOURCE: Final = "en"
"""The language of the message ids: it needs no catalogue."""


class Voice:
    """One language speaking. `text` picks that language of a text, falling back to the first one that has it."""

    def __init__(self, language: str, fallbacks: tuple[str, ...], zone: str) -> None:
        self.language = language
        self.zone = ZoneInfo(zone)
        self._order = (language, *fallbacks)
        self._catalogue = gettext.translation("tovholder", LOCALES, languages=[language], fallback=language == SOURCE)

    def say(self, message: str, /, **values: object) -> str:
        """Return the sentence in this language, its `%(name)s` places filled."""
        said = self._catalogue.gettext(message)
        return said % values if values else said

    def count(self, one: str, many: str, number: int, /, **values: object) -> str:
        """Return the sentence that fits the number, which is also the value `number`."""
        return self._catalogue.ngettext(one, many, number) % {"number": number, **values}

    def text(self, text: Mapping[str, str]) -> str:
        """Return the text in this language, else in the network's first language that has it, else nothing."""
        return next((text[language] for language in self._order if text.get(language)), "")

    def lang_of(self, text: Mapping[str, str]) -> str | None:
        """Return the language that `text` will come out in, when it is another than ours (WCAG 2.2, 3.1.2)."""
        chosen = next((language for language in self._order if text.get(language)), self.language)
        return None if chosen == self.language else chosen

    def day(self, moment: datetime) -> str:
        """`onsdag den 5. oktober 2026` · `Wednesday 5 October 2026`."""
        return self._format(moment, self._catalogue.gettext("EEEE d MMMM y"))

    def date(self, day: date) -> str:
        """`5. oktober 2026` · `5 October 2026`, of a day without a time."""
        return self._format(datetime.combine(day, time(12), tzinfo=self.zone), self._catalogue.gettext("d MMMM y"))

    def clock(self, moment: datetime) -> str:
        """`9.30` · `09:30`, on the network's wall clock."""
        return self._format(moment, self._catalogue.gettext("HH:mm"))

    def moment(self, moment: datetime) -> str:
        """`onsdag den 5. oktober 2026 kl. 9.30` · `Wednesday 5 October 2026 at 09:30`."""
        return self.say("%(day)s at %(clock)s", day=self.day(moment), clock=self.clock(moment))

    def span(self, start: datetime, end: datetime) -> str:
        """`onsdag den 5. oktober 2026 kl. 9.00-11.30`; over more days, both moments in full."""
        if self._local(start).date() != self._local(end).date():
            return self.say("%(start)s to %(end)s", start=self.moment(start), end=self.moment(end))
        return self.say(
            "%(day)s at %(start)s–%(end)s", day=self.day(start), start=self.clock(start), end=self.clock(end)
        )

    def short_day(self, moment: datetime) -> str:
        """`5. okt.` · `5 Oct`."""
        return self._format(moment, self._catalogue.gettext("d MMM"))

    def month(self, moment: datetime) -> str:
        """`okt.` · `Oct`."""
        return self._format(moment, "MMM")

    def month_of_year(self, moment: datetime) -> str:
        """`oktober 2026` · `October 2026`."""
        return self._format(moment, "MMMM y")

    def amount(self, number: int) -> str:
        """`1.200.000` · `1,200,000`."""
        from babel.numbers import format_decimal

        return format_decimal(number, locale=self.language)

    def size(self, size: int) -> str:
        """`1.200 MB` · `1,200 MB`, of a file of so many bytes."""
        return f"{self.amount(max(1, round(size / 1_000_000)))} MB"

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone)

    def _format(self, moment: datetime, pattern: str) -> str:
        # Babel costs 60 ms to import, and the API needs no dates in words.
        from babel.dates import format_datetime

        return format_datetime(self._local(moment), pattern, locale=self.language)


@lru_cache
def voice(language: str, languages: tuple[str, ...], zone: str) -> Voice:
    """Return the voice of one of the network's languages."""
    return Voice(language, languages, zone)


def danish_order(name: str) -> tuple[int, ...]:
    """Sort key: æ, ø, å last, and `aa` as å (Retskrivningsordbogen § 3; the double a in names)."""
    return tuple(_PLACES.get(letter, ord(letter)) for letter in name.casefold().replace("aa", "å"))


_PLACES: Final = {"æ": 0x110000, "ä": 0x110000, "ø": 0x110001, "ö": 0x110001, "å": 0x110002}
