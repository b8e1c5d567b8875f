"""Settings: each deployable says what it needs, and which of it is missing."""

import pytest
from pydantic import ValidationError

from events.routes import QueueName
from shared.config import RelayOutboxSettings, Settings, WebSettings
from tests.support.aws import ENVIRONMENT, QUEUE_URLS


def deployables() -> list[type[Settings]]:
    found, waiting = [], [Settings]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        found.append(kind)
    return found


@pytest.mark.parametrize("kind", deployables(), ids=lambda kind: kind.__name__)
def test_every_setting_is_a_variable_of_the_same_name(kind: type[Settings]) -> None:
    needed = {name.upper() for name, field in kind.model_fields.items() if field.is_required()}

    kind.read({name: ENVIRONMENT[name] for name in needed})
    for name in needed:
        with pytest.raises(ValidationError, match=name.lower()):
            kind.read({other: ENVIRONMENT[other] for other in needed - {name}})


def test_queue_addresses_are_by_name() -> None:
    assert RelayOutboxSettings.read(ENVIRONMENT).queue_urls == QUEUE_URLS
    with pytest.raises(ValidationError):
        RelayOutboxSettings.read({**ENVIRONMENT, "QUEUE_URLS": '{"no-such-queue": "https://x"}'})


@pytest.mark.parametrize("url", ["tovholder.example.org", "https://tovholder.example.org/", "ftp://x", ""])
def test_our_address_has_no_slash_at_the_end(url: str) -> None:
    with pytest.raises(ValidationError):
        WebSettings.read({**ENVIRONMENT, "BASE_URL": url})


def test_limits_are_generous_unless_told() -> None:
    told = WebSettings.read({name: text for name, text in ENVIRONMENT.items() if not name.startswith("LIMIT_")})

    assert (told.limit_network_per_second, told.limit_domain_per_second) == (100, 10)


def test_every_queue_has_a_name_that_sqs_takes() -> None:
    assert all(len(queue) <= 80 and queue.replace("-", "").isalnum() for queue in QueueName)
