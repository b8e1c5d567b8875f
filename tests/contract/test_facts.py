"""Facts stay readable: by today's code, by yesterday's, and by whoever reads the schemas."""

import json
from copy import deepcopy
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, strategies as st
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from events import generate
from events.catalog import CATALOG, UnknownFact, decode
from events.envelope import Contract, Envelope
from events.mail import MailFailed
from events.registration import RegistrationConfirmed
from events.routes import ROUTES, QueueName
from shared.notify.model import MailProblem
from tests.support.evolution import breaks, committed

EVERY_FACT = pytest.mark.parametrize("fact", CATALOG.values(), ids=lambda fact: f"{fact.TYPE}.v{fact.VERSION}")

PERSONAL = ("name", "mail", "address", "phone", "birth", "gender", "comment", "note", "answer", "token", "ip")


def sample(fact: type[Contract]) -> str:
    return (generate.SAMPLES / generate.file_name(fact)).read_text(encoding="utf-8")


@EVERY_FACT
def test_the_schema_is_the_one_that_the_class_makes(fact: type[Contract]) -> None:
    kept = (generate.SCHEMAS / generate.file_name(fact)).read_text(encoding="utf-8")

    assert kept == generate.text(fact), "run: python -m events.generate"


@EVERY_FACT
def test_the_sample_is_read_and_says_the_same_when_written_again(fact: type[Contract]) -> None:
    envelope = decode(sample(fact))

    assert type(envelope.data) is fact
    assert decode(envelope.model_dump_json()) == envelope


@EVERY_FACT
def test_the_sample_fits_the_schema(fact: type[Contract]) -> None:
    schema = generate.schema(fact)
    Draft202012Validator.check_schema(schema)

    Draft202012Validator(schema).validate(json.loads(sample(fact)))


def test_there_is_a_schema_and_a_sample_for_each_fact_and_for_nothing_else() -> None:
    expected = {generate.file_name(fact) for fact in CATALOG.values()}

    assert {path.name for path in generate.SCHEMAS.iterdir()} == expected
    assert {path.name for path in generate.SAMPLES.iterdir()} == expected


def test_every_fact_has_a_route_and_every_route_a_fact() -> None:
    assert set(ROUTES) == {fact.TYPE for fact in CATALOG.values()}


def test_every_queue_has_something_to_take() -> None:
    routed = {queue for queues in ROUTES.values() for queue in queues}

    assert routed | {QueueName.RECORD_MAIL_OUTCOME, QueueName.CHECK_RECORDING} == set(QueueName)


@EVERY_FACT
def test_no_fact_carries_personal_data(fact: type[Contract]) -> None:
    words = {word for name in fact.model_fields for word in name.split("_")}

    assert words.isdisjoint(PERSONAL)


@EVERY_FACT
def test_every_fact_says_what_it_means(fact: type[Contract]) -> None:
    assert fact.__doc__
    assert fact.__doc__ != Contract.__doc__


def test_the_problems_of_mail_are_the_same_in_the_fact_and_in_the_rules() -> None:
    told = MailFailed.model_json_schema()["properties"]["problem"]["enum"]

    assert set(told) == set(MailProblem)


@EVERY_FACT
def test_every_committed_schema_is_still_read(fact: type[Contract]) -> None:
    for old in committed(generate.SCHEMAS / generate.file_name(fact)):
        assert breaks(old, generate.schema(fact)) == [], "anything but an optional field is a new version"


def _changed(change: str) -> dict[str, Any]:
    schema = deepcopy(generate.schema(RegistrationConfirmed))
    data = schema["$defs"]["RegistrationConfirmed"]
    match change:
        case "an optional field":
            data["properties"]["place"] = {"type": "string", "default": ""}
        case "another description":
            data["description"] = "A person has a seat, as ever."
        case "a required field":
            data["properties"]["place"] = {"type": "string"}
            data["required"].append("place")
        case "a field gone":
            del data["properties"]["gathering_id"]
            data["required"].remove("gathering_id")
        case "a field of another type":
            data["properties"]["gathering_id"]["type"] = "integer"
        case "a field no longer required":
            data["required"].remove("gathering_id")
    return schema


@pytest.mark.parametrize("change", ["an optional field", "another description"])
def test_an_addition_needs_no_new_version(change: str) -> None:
    assert breaks(generate.schema(RegistrationConfirmed), _changed(change)) == []


@pytest.mark.parametrize(
    "change", ["a required field", "a field gone", "a field of another type", "a field no longer required"]
)
def test_any_other_change_needs_a_new_version(change: str) -> None:
    assert len(breaks(generate.schema(RegistrationConfirmed), _changed(change))) == 1


def _sample_with(**changes: Any) -> str:
    return json.dumps(json.loads(sample(RegistrationConfirmed)) | changes)


@pytest.mark.parametrize(
    "changes", [{"type": "SeatSold"}, {"version": 2}, {"version": 0}], ids=["type", "newer version", "no version"]
)
def test_an_unknown_fact_is_poison(changes: dict[str, Any]) -> None:
    with pytest.raises(UnknownFact):
        decode(_sample_with(**changes))


@pytest.mark.parametrize(
    "body",
    [
        "",
        "not JSON",
        "null",
        "[]",
        "{}",
        '{"type": "RegistrationConfirmed"}',
        '{"type": null, "version": 1}',
        _sample_with(data={}),
        _sample_with(data={"registration_id": None, "gathering_id": "x"}),
        _sample_with(subject_version=0),
        _sample_with(subject=""),
        _sample_with(id=""),
        _sample_with(at="2026-09-01T08:00:00"),
        _sample_with(at="yesterday"),
    ],
)
def test_what_is_no_fact_is_poison(body: str) -> None:
    with pytest.raises(ValidationError):
        decode(body)


def test_fields_that_a_newer_writer_added_are_ignored() -> None:
    data = {"registration_id": "r", "gathering_id": "g", "seat": 7}

    envelope = decode(_sample_with(data=data, sent_by="tomorrow's code"))

    assert envelope.data == RegistrationConfirmed(registration_id="r", gathering_id="g")


@given(
    id=st.text(min_size=1),
    subject=st.text(min_size=1),
    subject_version=st.integers(min_value=1, max_value=2**53),
    at=st.datetimes(
        min_value=datetime(1970, 1, 2),
        max_value=datetime(2200, 1, 1),
        timezones=st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
    ),
    correlation_id=st.text(),
    registration_id=st.text(),
)
def test_a_fact_arrives_as_it_was_sent(
    id: str, subject: str, subject_version: int, at: datetime, correlation_id: str, registration_id: str
) -> None:
    sent = Envelope[RegistrationConfirmed].of(
        RegistrationConfirmed(registration_id=registration_id, gathering_id="g"),
        id=id,
        subject=subject,
        subject_version=subject_version,
        at=at,
        correlation_id=correlation_id,
    )

    arrived = decode(sent.model_dump_json())

    assert arrived == sent
    assert arrived.at.astimezone(UTC) == at.astimezone(UTC)


def test_nobody_changes_a_fact() -> None:
    fact = RegistrationConfirmed(registration_id="r", gathering_id="g")

    with pytest.raises(ValidationError):
        fact.gathering_id = "other"  # type: ignore[misc]
