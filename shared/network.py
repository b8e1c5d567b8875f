"""The network's profile: everything that is this network's and not the product's, from one validated file.

`network.toml` lies beside this package, in the repository as in the Lambda layer, so that a deployed function reads
the very file that was tested.
"""

import re
import tomllib
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from shared.privacy.model import Periods

PROFILE = Path(__file__).parent.parent / "network.toml"

Language = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
Address = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
Link = Annotated[str, Field(pattern=r"^https?://\S+$")]
Colour = Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]


class Part(BaseModel):
    """A part of the profile. An unknown key is an error: a misspelt setting must not pass unnoticed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Region(Part):
    """A region, and the days from which and until which (exclusive) it exists. Reports group by the day."""

    id: str
    name: str
    since: date | None = None
    until: date | None = None

    def exists(self, on: date) -> bool:
        """Whether the region exists on that day."""
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)


class Municipality(Part):
    """A municipality by its official code (text: Danish ones begin with 0), and the regions it belongs or belonged to.

    `library` is the number of the municipality's own library, `domains` the ends of its staff's e-mail addresses.
    """

    code: str
    name: str
    slug: str
    library: str
    regions: tuple[str, ...] = Field(min_length=1)
    domains: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


class Areas(Part):
    """The geography that coverage is measured against."""

    regions: tuple[Region, ...]
    municipalities: tuple[Municipality, ...]

    @model_validator(mode="after")
    def _hang_together(self) -> Self:
        known = {region.id for region in self.regions}
        for municipality in self.municipalities:
            if unknown := set(municipality.regions) - known:
                raise ValueError(f"{municipality.name}: no such region: {', '.join(sorted(unknown))}")
        if len({municipality.code for municipality in self.municipalities}) < len(self.municipalities):
            raise ValueError("two municipalities have the same code")
        return self


class Controller(Part):
    """Who answers for the personal data (GDPR, Article 4(7) and 26)."""

    name: str
    email: Address
    phone: str | None = None


class Mail(Part):
    """Who mail comes from, and where answers go."""

    sender_name: str
    sender: Address
    reply_to: Address


class Legal(Part):
    """Pages of the network's own, and how long after a gathering participants' data are kept, and their needs."""

    accessibility_statement: Link
    privacy_contact: Address
    supervisory_authority: Link
    kept_months: Annotated[int, Field(ge=1, le=24)]
    needs_kept_days: Annotated[int, Field(ge=1, le=30)] = 3

    @property
    def periods(self) -> Periods:
        """What the deletion goes by."""
        return Periods(kept_months=self.kept_months, needs_days=self.needs_kept_days)


class Calendar(Part):
    """When not to plan: the country whose holidays count (ISO 3166-1), and ISO weeks to avoid."""

    holiday_country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    weeks_to_avoid: tuple[Annotated[int, Field(ge=1, le=53)], ...] = ()


class OtherLibrary(Part):
    """A library that is no municipality's: a research library, or another organisation that takes part."""

    number: str
    name: str
    domains: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


class Libraries(Part):
    """How library numbers look: the pattern's first group is what is kept. Municipal libraries stand with the areas."""

    number_pattern: str
    others: tuple[OtherLibrary, ...] = ()

    @field_validator("number_pattern")
    @classmethod
    def _has_one_group(cls, pattern: str) -> str:
        try:
            groups = re.compile(pattern).groups
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from error
        if groups != 1:
            raise ValueError("the pattern needs exactly one group: the number as it is kept")
        return pattern


class Video(Part):
    """Where recordings may lie besides here: hosts, of which nothing is shown before somebody asks for it."""

    hosts: tuple[Annotated[str, Field(pattern=r"^[a-z0-9.-]+$")], ...] = ()


class Network(Part):
    """One network. `languages` are in order: the first one's pages lie at the root."""

    name: str
    short_name: str
    logo: str | None = None
    base_url: Annotated[str, Field(pattern=r"^https?://[^/]+$")]
    languages: tuple[Language, ...] = Field(min_length=1)
    time_zone: str
    colours: dict[Literal["accent", "accent_dark"], Colour]
    mail: Mail
    controllers: tuple[Controller, ...] = Field(min_length=1)
    legal: Legal
    calendar: Calendar
    libraries: Libraries
    areas: Areas
    video: Video = Video()

    @field_validator("time_zone")
    @classmethod
    def _zone_exists(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"no such time zone: {zone}") from error
        return zone

    @model_validator(mode="after")
    def _library_numbers_fit(self) -> Self:
        pattern = re.compile(self.libraries.number_pattern)
        numbers = [municipality.library for municipality in self.areas.municipalities]
        numbers += [other.number for other in self.libraries.others]
        if wrong := [number for number in numbers if not pattern.fullmatch(number)]:
            raise ValueError(f"library numbers that do not fit the pattern: {', '.join(wrong)}")
        if len(set(numbers)) < len(numbers):
            raise ValueError("two libraries have the same number")
        return self

    @cached_property
    def zone(self) -> ZoneInfo:
        """The network's wall clock."""
        return ZoneInfo(self.time_zone)

    def address(self, path: str, language: str) -> str:
        """Return a page's path in a language: the first one's pages lie at the root, others at `/en/…`."""
        return path if language == self.languages[0] else f"/{language}{path}"


def load(path: Path | None = None) -> Network:
    """Read and check a profile, the own one unless another is named. It is read once: that costs a tenth of a second.

    Raise pydantic's ValidationError, naming the key, when it does not hold.
    """
    return _load(path or PROFILE)


@lru_cache
def _load(path: Path) -> Network:
    return Network.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
