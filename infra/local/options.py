"""What a local run is told: where it listens and where it keeps its data."""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from shared import network

HOST: Final = "127.0.0.1"


class CannotStart(Exception):
    """The local run cannot start or go on; the text says what to do about it."""


@dataclass(frozen=True)
class Options:
    """One local copy. Several run side by side when ports and data folders differ."""

    data_dir: Path = Path(".tovholder")
    port: int = 8000
    emulator_port: int = 4566
    mail_port: int = 1080
    demo: bool = True
    profile: Path = network.PROFILE

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read `PORT`, `EMULATOR_PORT`, `MAIL_PORT`, `DATA_DIR` and `DEMO`. Raise CannotStart on nonsense."""

        def port(name: str, default: int) -> int:
            given = environment.get(name) or str(default)
            if not given.isdecimal() or not 0 < int(given) < 65536:
                raise CannotStart(f"{name} must be a port number, not {given!r}.")
            return int(given)

        return cls(
            data_dir=Path(environment.get("DATA_DIR") or cls.data_dir),
            port=port("PORT", cls.port),
            emulator_port=port("EMULATOR_PORT", cls.emulator_port),
            mail_port=port("MAIL_PORT", cls.mail_port),
            demo=environment.get("DEMO") != "0",
        )

    @classmethod
    def apart(cls, data_dir: Path, *, profile: Path = network.PROFILE, first_port: int = 18000) -> Self:
        """A copy for tests, without sample data, on the first three free ports from `first_port` on.

        They are mostly the same ones, so that what was synthesised for them last time can be used again.
        """
        triples = (range(port, port + 3) for port in range(first_port, 65536 - 3, 10))
        port, emulator_port, mail_port = next(triple for triple in triples if not any(map(taken, triple)))
        return cls(data_dir, port, emulator_port, mail_port, demo=False, profile=profile)

    @property
    def base_url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def mail_url(self) -> str:
        return f"http://localhost:{self.mail_port}"

    @property
    def emulator_url(self) -> str:
        return f"http://{HOST}:{self.emulator_port}"

    def check_ports(self) -> None:
        """Raise CannotStart, naming the variable to change, if a port is taken or given twice."""
        ports = {"PORT": self.port, "EMULATOR_PORT": self.emulator_port, "MAIL_PORT": self.mail_port}
        if len(set(ports.values())) < len(ports):
            raise CannotStart("PORT, EMULATOR_PORT and MAIL_PORT must differ.")
        for name, number in ports.items():
            if taken(number):
                raise CannotStart(
                    f"Port {number} is taken. For a second copy choose another: make run {name}={number + 1}"
                )


def taken(port: int) -> bool:
    """Whether nothing of ours could listen there now."""
    with socket.socket() as probe:
        # As servers do it: a port that only lingers after its last connection is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def free_port() -> int:
    """Return a port nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
