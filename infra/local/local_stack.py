"""The whole system on this machine, for as long as `make run`, a test or the bench needs it."""

import fcntl
import json
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from infra.build import BUILD, ROOT, assets, changes, layer
from infra.local import aws, edge, people, processes
from infra.local.deploy import Assembly, deploy
from infra.local.emulator import emulator
from infra.local.finish import built_assets, finish
from infra.local.mailbox import mailbox
from infra.local.options import CannotStart, Options, free_port
from infra.local.program import Program, running
from infra.local.synth import synthesise

Step = Callable[[str], AbstractContextManager[object]]
"""Tells people what is being done, for as long as it lasts."""


@dataclass(frozen=True, slots=True)
class LocalStack:
    """A running copy. `outputs` are the stack's, `programs` what runs, by name."""

    options: Options
    outputs: Mapping[str, str]
    credentials: people.Credentials
    programs: Mapping[str, Program]

    @property
    def base_url(self) -> str:
        return self.options.base_url

    @property
    def mail_url(self) -> str:
        return self.options.mail_url

    def client(self, service: str) -> Any:
        """Return a boto3 client with the administrator's rights."""
        return aws.client(self.options, service)

    def token(self, role: str = "coordinator") -> str:
        """Return a bearer token for the coordinator API."""
        return people.token(role, self.outputs, self.options)

    def process_ids(self) -> dict[str, list[int]]:
        """Return the processes by name: emulator, mailbox, edge, and each function's workers by its name."""
        names = {deployed: name for name, deployed in json.loads(self.outputs["FunctionNames"]).items()}
        workers = processes.workers_of(self.programs["emulator"].pid)
        found = {name: [program.pid] for name, program in self.programs.items()}
        return found | {names.get(deployed, deployed): pids for deployed, pids in workers.items()}

    def check(self) -> None:
        """Raise CannotStart if one of the programs has ended by itself."""
        for program in self.programs.values():
            program.check()


def _silent(_: str) -> AbstractContextManager[object]:
    return nullcontext()


@contextmanager
def local_stack(options: Options, step: Step = _silent) -> Iterator[LocalStack]:
    """Build, start and deploy everything, and stop it in the end. The data stays in the data folder."""
    options.check_ports()
    with ExitStack() as started:
        started.enter_context(_only_user(options.data_dir))
        assembly = _build(options, step)
        smtp_port, inbox_port = free_port(), free_port()
        with step("Starting the emulator"):
            programs = {
                "emulator": started.enter_context(emulator(options, smtp_port)),
                "mailbox": started.enter_context(mailbox(options, smtp_port, inbox_port)),
            }
            programs["emulator"].wait_until_it_listens()
        with step("Deploying the stack"):
            outputs = deploy(assembly, options)
            finish(outputs, options)
            credentials = people.invite(outputs, options)
        with step("Opening the door"):
            programs["edge"] = started.enter_context(_edge(outputs, options, inbox_port))
            for program in programs.values():
                program.wait_until_it_listens()
            _knock(options)
        yield LocalStack(options, outputs, credentials, programs)


def _knock(options: Options) -> None:
    """Send the first request, which waits for the web function to start, so that nobody else has to."""
    answer = httpx.get(f"{options.base_url}/api/v1/health", timeout=60)
    if answer.status_code != httpx.codes.OK:
        raise CannotStart(f"The system does not work; it answers {answer.status_code}: {answer.text}")


@contextmanager
def _only_user(data_dir: Path) -> Iterator[None]:
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            raise CannotStart(f"Another copy keeps its data in {data_dir}. Choose another DATA_DIR.") from taken
        yield


def _build(options: Options, step: Step) -> Assembly:
    """Build one copy at a time: asset names and Chalice's package go through files that all copies share."""
    with changes.alone(BUILD / "local"):
        with step("Building stylesheet, icons and fonts"):
            shutil.copytree(assets.build(options.profile), built_assets(options), dirs_exist_ok=True)
        with step("Building the functions' libraries"):
            layer.build("local", options.profile)
        with step("Synthesising the stack"):
            return Assembly.read(synthesise(options))


@contextmanager
def _edge(outputs: Mapping[str, str], options: Options, inbox_port: int) -> Iterator[Program]:
    cloudfront = aws.client(options, "cloudfront")
    distribution = cloudfront.get_distribution(Id=outputs["DistributionId"])["Distribution"]
    doors = {
        options.mail_port: edge.inbox_routes(inbox_port),
        options.port: edge.routes(distribution["DistributionConfig"], distribution["DomainName"], options),
    }
    with running(
        "edge",
        [sys.executable, "-m", "infra.local.edge", json.dumps(doors)],
        port=options.port,
        log=options.data_dir.absolute() / "logs" / "edge.log",
        environment={"PATH": "", "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
    ) as program:
        yield program
