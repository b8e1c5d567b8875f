"""The log in memory and in the table behaves alike: added to, never taken from."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from shared.audit.dynamo import DynamoAuditLog
from shared.audit.model import KEPT, Doing, Entry
from shared.audit.ports import AuditLog
from shared.ids import new_id
from shared.roles import Role
from tests.support import aws
from tests.support.builders import NOW
from tests.support.memory_people import InMemoryAuditLog

KINDS: dict[str, Callable[[], AuditLog]] = {"memory": InMemoryAuditLog, "dynamo": DynamoAuditLog}


@pytest.fixture(params=KINDS)
def log(request: pytest.FixtureRequest) -> AuditLog:
    if request.param == "dynamo":
        request.getfixturevalue("table")
    return KINDS[request.param]()


def an_entry(minutes: float = 0) -> Entry:
    return Entry(
        new_id(),
        NOW + timedelta(minutes=minutes),
        "id",
        Role.EDITOR,
        "POST",
        "/tovholder/arrangementer/{gathering_id}/offentliggoer",
        {"gathering_id": "abc"},
        Doing("cancel", ("one", "another")),
    )


def test_an_entry_is_there_before_it_is_known_how_it_ends(log: AuditLog) -> None:
    entry = an_entry()

    log.begin(entry)

    assert log.of_month("2026-09").entries == (entry,)


def test_how_it_ended_is_added_once(log: AuditLog) -> None:
    entry = an_entry()
    log.begin(entry)

    log.end(entry, 409)
    log.end(entry, 200)

    [kept] = log.of_month("2026-09").entries
    assert kept.status == 409


def test_nothing_ends_that_has_not_begun(log: AuditLog) -> None:
    log.end(an_entry(), 200)

    assert log.of_month("2026-09").entries == ()


def test_a_month_is_listed_the_newest_first_and_a_page_at_a_time(log: AuditLog) -> None:
    entries = [an_entry(minutes) for minutes in range(5)]
    for entry in (*entries, an_entry(60 * 24 * 31)):
        log.begin(entry)
    sizes: list[int] = []
    found: list[Entry] = []
    after = None

    while True:
        page = log.of_month("2026-09", after=after, limit=2)
        sizes.append(len(page.entries))
        found += page.entries
        if page.next is None:
            break
        after = page.next

    assert sizes == [2, 2, 1]
    assert found == entries[::-1]


def test_an_entry_stays_for_years(table: None) -> None:
    DynamoAuditLog().begin(an_entry())

    [row] = aws.rows()
    assert int(row["expires_at"]["N"]) == int((NOW + KEPT).timestamp())
    assert timedelta(days=4 * 365) < KEPT
