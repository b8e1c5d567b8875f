"""`python -m infra.local run|token`: what `make run` and `make token` call."""

import argparse
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import EndpointConnectionError
from rich.console import Console

from infra.local import aws, people, sample_data
from infra.local.deploy import outputs_of
from infra.local.local_stack import LocalStack, local_stack
from infra.local.options import CannotStart, Options

SAMPLE_DATA = "/tovholder/sample-data"


def main() -> None:
    """Run a copy until Ctrl-C, or print a token of one that runs."""
    arguments = argparse.ArgumentParser(prog="python -m infra.local", description=__doc__)
    commands = arguments.add_subparsers(dest="command", required=True)
    commands.add_parser("run")
    commands.add_parser("token").add_argument("--role", choices=people.ROLES, required=True)
    chosen = arguments.parse_args()
    try:
        options = Options.read()
        if chosen.command == "run":
            _run(options, Console())
        else:
            print(_token(chosen.role, options))
    except CannotStart as reason:
        sys.exit(str(reason))


def _run(options: Options, console: Console) -> None:
    # As Ctrl-C: unwind, so that the emulator saves its state.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with local_stack(options, _Steps(console).step) as stack:
            if options.demo:
                _load_sample_data(stack, console)
            _tell(stack, console)
            _wait(stack, console)
    except KeyboardInterrupt:
        pass
    console.print(f"Stopped. The data is in {options.data_dir}.", highlight=False)


def _wait(stack: LocalStack, console: Console) -> None:
    """Return on Ctrl-C. Raise CannotStart when a program ends by itself."""
    try:
        while True:
            stack.check()
            time.sleep(0.5)
    except KeyboardInterrupt:
        # Impatience must not cost the data: the emulator saves it as it stops.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        console.print("Stopping …", highlight=False)


def _load_sample_data(stack: LocalStack, console: Console) -> None:
    """Load it once. The emulator remembers, so that what a person has deleted stays deleted."""
    parameters = stack.client("ssm")
    if parameters.get_parameters(Names=[SAMPLE_DATA])["Parameters"]:
        return
    with _Steps(console).step("Loading sample data"):
        parameters.put_parameter(Name=SAMPLE_DATA, Value="loaded", Type="String")
        sample_data.load(stack.base_url, stack.token())


def _tell(stack: LocalStack, console: Console) -> None:
    console.print(f"\nInbox: {stack.mail_url}", highlight=False)
    console.print(f"Coordinators' pages: {stack.base_url}/tovholder/", highlight=False)
    for role, who in stack.credentials.items():
        console.print(f"Sign in as {role}: {who['email']}  {who['password']}", highlight=False, markup=False)
    console.print(f"Tovholder is ready: {stack.base_url}", highlight=False)


def _token(role: str, options: Options) -> str:
    try:
        [stack] = aws.client(options, "cloudformation").describe_stacks(StackName="tovholder-local")["Stacks"]
    except EndpointConnectionError as error:
        raise CannotStart(f"Nothing answers at {options.emulator_url}: start a copy first, by `make run`.") from error
    return people.token(role, outputs_of(stack), options)


class _Steps:
    """Shows each step while it lasts, and then how long it took."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @contextmanager
    def step(self, doing: str) -> Iterator[None]:
        started = time.monotonic()
        with self._console.status(doing):
            yield
        self._console.print(f"[green]✓[/] {doing} [dim]{time.monotonic() - started:.1f} s[/]", highlight=False)


if __name__ == "__main__":
    main()
