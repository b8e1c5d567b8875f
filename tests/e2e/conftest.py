"""One deployed copy for all end-to-end tests: the template of AWS in the emulator, with IAM enforced.

All requests of its functions go over a wire that knows AWS's rules; a test in which one is broken fails.
"""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from infra.local.local_stack import LocalStack, local_stack
from infra.local.options import Options
from tests.support.aws_wire import Wire
from tests.support.deployed import Deployed
from tests.support.inbox import Inbox
from tests.support.preview import browser


@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    with local_stack(Options.apart(tmp_path_factory.mktemp("copy"))) as stack:
        yield stack


@pytest.fixture(scope="package")
def wire(stack: LocalStack) -> Iterator[Wire]:
    with Wire(stack.options.emulator_url) as wire:
        wire.lead(stack)
        yield wire
        wire.check()


@pytest.fixture(scope="package")
def everything(stack: LocalStack, wire: Wire) -> Iterator[Deployed]:
    deployed = Deployed(stack)
    yield deployed
    deployed.close()


@pytest.fixture
def deployed(everything: Deployed, wire: Wire, request: pytest.FixtureRequest) -> Iterator[Deployed]:
    began, failures = time.time(), request.session.testsfailed
    yield everything
    if request.session.testsfailed > failures:
        print("What functions said of trouble meanwhile:", *everything.logs(began)[-40:], sep="\n")
    wire.check()


@pytest.fixture
def inbox(deployed: Deployed) -> Inbox:
    return deployed.inbox


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    with browser() as chromium:
        yield chromium
