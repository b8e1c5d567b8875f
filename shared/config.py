"""What each deployable needs to be told: the only place that reads the environment.

The infrastructure fills the same classes, so a setting that is missing or misspelt fails the synthesis.
"""

import os
from collections.abc import Mapping
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, Json

from events.routes import QueueName


class Settings(BaseModel):
    """Settings of one deployable. Each field is the environment variable of the same name in capitals."""

    # A deployable reads one of the classes.
    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Raise pydantic's ValidationError, naming the variable, when one is missing or malformed."""
        return cls.model_validate({name.lower(): value for name, value in environment.items()})


class TableSettings(Settings):
    """The one table."""

    table_name: str = Field(min_length=3)


class LinkSettings(Settings):
    """What a signed link is made of: our public address, without a slash at the end, and the key ring."""

    base_url: str = Field(pattern=r"^https?://[^/]+$")
    link_keys_secret: str


class RelayOutboxSettings(TableSettings):
    """Queue URLs by queue name, as JSON."""

    queue_urls: Json[dict[QueueName, str]]


class SendRegistrationMailSettings(TableSettings, LinkSettings):
    """Which sender, which SES configuration set reports what became of a mail, and who signs in."""

    mail_sender: str
    mail_configuration_set: str
    user_pool_id: str


class SendMessagesSettings(SendRegistrationMailSettings):
    """How many mails a second one process may send: all processes share SES's quota."""

    mails_per_second: float = Field(gt=0)


class RecordMailOutcomeSettings(TableSettings):
    """Nothing but the table."""


class NoteMailFailureSettings(TableSettings):
    """Nothing but the table."""


class MoveLineSettings(TableSettings):
    """Nothing but the table."""


class FollowProgrammeSettings(TableSettings):
    """Nothing but the table."""


class FanOutSettings(RelayOutboxSettings):
    """As the relay: it sends pages to their queues."""


class ScheduleRemindersSettings(RelayOutboxSettings):
    """Where schedules are put, in which role they act, and where they send to; `queue_urls` for what is due at once."""

    schedule_group: str
    schedule_role_arn: str
    schedule_queue_arn: str
    schedule_dead_letter_arn: str


class SweepOutboxSettings(RelayOutboxSettings):
    """As the relay: it resends what the relay left."""


class SweepDueSettings(TableSettings):
    """Nothing but the table."""


class ReconcileSettings(ScheduleRemindersSettings):
    """As the function that schedules reminders: it sets those that are missing."""


class GenerateCatalogueSettings(TableSettings):
    """Our public address, where captions lie, where the site lies, and the distribution in front of it."""

    base_url: str = Field(pattern=r"^https?://[^/]+$")
    files_bucket: str
    site_bucket: str
    distribution_id: str


class CheckRecordingSettings(TableSettings):
    """Where recordings come to."""

    files_bucket: str


class DeleteExpiredSettings(TableSettings):
    """Where files of webinars lie."""

    files_bucket: str


class WebSettings(TableSettings, LinkSettings):
    """The pages and the API.

    `origin_secret` names the secret whose value the edge sends in `X-Origin-Secret`; without that header the
    visitor's own network address is not believed. `sign_in_url` is where the browser, and we, find Cognito's managed
    login, without a slash at the end. `mail_sender` is whose domain is looked into, `files_bucket` where recordings,
    captions and documents lie, `site_bucket` where the catalogue is. `limit_*` are registrations a
    second, an hour for an address, seats of one gathering for a domain whose addresses are not proven, and views that
    are counted in an hour for a network address.
    """

    guard_key_secret: str
    origin_secret: str
    token_issuer: str
    token_keys_url: str
    token_client_id: str
    sign_in_url: str = Field(pattern=r"^https?://[^/]+$")
    user_pool_id: str
    mail_sender: str
    files_bucket: str
    site_bucket: str
    limit_network_per_second: int = 100
    limit_domain_per_second: int = 10
    limit_address_per_hour: int = 10
    limit_unproven_per_domain: int = 100
    limit_views_per_hour: int = 200


def region() -> str:
    """Return the region that Lambda runs the function in."""
    return os.environ["AWS_REGION"]
