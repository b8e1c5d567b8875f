"""Runs one program beside us: started, waited for, watched and stopped."""

import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from infra.local.options import HOST, CannotStart

STARTS_WITHIN: Final = 30.0
STOPS_WITHIN: Final = 30.0


@dataclass(frozen=True, slots=True)
class Program:
    """A running program of ours. What it prints goes to its log."""

    name: str
    port: int
    log: Path
    process: subprocess.Popen[bytes]

    @property
    def pid(self) -> int:
        return self.process.pid

    def check(self) -> None:
        """Raise CannotStart if the program has ended by itself."""
        if (code := self.process.poll()) is not None:
            last = "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])
            raise CannotStart(f"The {self.name} has ended with code {code}. The end of {self.log}:\n{last}")

    def wait_until_it_listens(self) -> None:
        """Return when the program answers on its port. Raise CannotStart if it never does."""
        deadline = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < deadline:
            self.check()
            with socket.socket() as probe:
                if probe.connect_ex((HOST, self.port)) == 0:
                    return
            time.sleep(0.02)
        raise CannotStart(f"The {self.name} does not answer on port {self.port}; see {self.log}.")

    def stop(self) -> None:
        """Ask the program to end, and wait until it has saved its state. One that will not is killed."""
        self.process.terminate()
        try:
            self.process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextmanager
def running(
    name: str,
    command: Sequence[str | Path],
    *,
    port: int,
    log: Path,
    environment: Mapping[str, str],
    cwd: Path | None = None,
) -> Iterator[Program]:
    """Start a program, and stop it in the end."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            # A Ctrl-C in the terminal must reach us alone: we stop the others one by one.
            start_new_session=True,
        )
    program = Program(name, port, log, process)
    try:
        yield program
    finally:
        program.stop()
