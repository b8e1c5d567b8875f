"""What one deployment is told, checked before anything is built."""

import sys
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Final, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from shared import network

ROOT: Final = Path(__file__).parent.parent
PYTHON: Final = f"python{sys.version_info.major}.{sys.version_info.minor}"


class DeploymentRefused(Exception):
    """The context does not describe a deployment; the text says what is missing or wrong."""


class Deployment(BaseModel):
    """One deployment, by context keys of the same names. Paths are relative to the repository.

    `base_url` and `sender` are the profile's unless given. `keys_url` (local only) is the emulator's address:
    there sign-in keeps its keys, and there the edge finds the API. `mails_per_second` is what SES lets the account
    send.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    stage: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,15}$")]
    local: bool = False
    network: Path = network.PROFILE
    base_url: Annotated[str, Field(pattern=r"^https?://[^/]+$")]
    sender: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
    domain_name: str | None = None
    certificate_arn: Annotated[str, Field(pattern=r"^arn:aws:acm:us-east-1:")] | None = None
    keys_url: Annotated[str, Field(pattern=r"^http://[^/:]+:\d+$")] | None = None
    layer: Path | None = None
    extras: Path | None = None
    assets: Path | None = None
    limit_network_per_second: Annotated[int, Field(ge=1)] | None = None
    limit_domain_per_second: Annotated[int, Field(ge=1)] | None = None
    limit_address_per_hour: Annotated[int, Field(ge=1)] | None = None
    limit_unproven_per_domain: Annotated[int, Field(ge=1)] | None = None
    limit_views_per_hour: Annotated[int, Field(ge=1)] | None = None
    mails_per_second: Annotated[float, Field(gt=0)] = 14
    web: Path = ROOT / "chalice_app"

    @classmethod
    def from_context(cls, context: Callable[[str], Any]) -> Self:
        """Read the context and the profile it names. Raise DeploymentRefused, naming the key at fault."""
        given = {key: value for key in cls.model_fields if (value := context(key)) is not None}
        try:
            profile = network.load(ROOT / given.get("network", network.PROFILE))
            return cls.model_validate({"base_url": profile.base_url, "sender": profile.mail.sender} | given)
        except FileNotFoundError as error:
            raise DeploymentRefused(f"network: there is no profile {error.filename}") from error
        except ValidationError as error:
            faults = (f"{'.'.join(map(str, e['loc'])) or 'deployment'}: {e['msg']}" for e in error.errors())
            raise DeploymentRefused("; ".join(faults)) from error

    @property
    def limits(self) -> dict[str, str]:
        """The limits that this deployment sets itself, by the setting's name; the others are the app's own."""
        return {name: str(value) for name, value in self if name.startswith("limit_") and value is not None}

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if self.local != (self.keys_url is not None):
            raise ValueError("keys_url is the emulator's address: a local deployment needs it, no other may have it")
        if not self.local and not self.base_url.startswith("https://"):
            raise ValueError(f"base_url must be the public https:// address in AWS, not {self.base_url}")
        if (self.domain_name is None) != (self.certificate_arn is None):
            raise ValueError("domain_name and certificate_arn belong together")
        return self

    @property
    def mail_domain(self) -> str:
        """The domain that mail is sent from and signed for."""
        return self.sender.partition("@")[2]

    @property
    def video_hosts(self) -> tuple[str, ...]:
        """Where recordings may lie besides here."""
        return network.load(ROOT / self.network).video.hosts

    @property
    def emulator(self) -> tuple[str, int]:
        """Host and port of the emulator; local only."""
        address = urlsplit(self.keys_url or "")
        assert address.hostname is not None and address.port is not None
        return address.hostname, address.port

    @cached_property
    def layer_path(self) -> Path:
        """The layer's contents, made by infra/build. Raise DeploymentRefused when they are missing."""
        return _built(ROOT / (self.layer or Path(".build", "layer", self._platform)))

    def extra_path(self, name: str) -> Path:
        """An extra layer's contents, likewise."""
        return _built(ROOT / (self.extras or Path(".build", "extras", self._platform)) / name)

    @property
    def _platform(self) -> str:
        return "local" if self.local else "aws"


def _built(layer: Path) -> Path:
    if not (layer / "python").is_dir():
        raise DeploymentRefused(f"layer: {layer} has no folder 'python'; build the layer first")
    return layer
