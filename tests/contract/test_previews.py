"""Previews are kept alike by the fake and by the table, however long."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from shared.spreadsheets.dynamo import DynamoPreviewStore
from shared.spreadsheets.previews import KEPT_FOR, KeptPreview, PreviewNotFound, PreviewStore
from tests.support import aws
from tests.support.memory_previews import InMemoryPreviewStore

NOW = datetime(2026, 9, 1, 8, tzinfo=UTC)


@pytest.fixture(params=["memory", "dynamo"])
def store(request: pytest.FixtureRequest) -> PreviewStore:
    if request.param == "memory":
        return InMemoryPreviewStore()
    request.getfixturevalue("table")
    return DynamoPreviewStore()


# Hexadecimal digits of no pattern take half their size, compressed.
LONG = random.Random(1).randbytes(800_000).hex()


@pytest.mark.parametrize("document", ["{}", '{"æ": "ø"}', LONG], ids=["short", "danish", "long"])
def test_a_preview_comes_back_until_it_is_settled(store: PreviewStore, document: str) -> None:
    store.keep(KeptPreview("one", "libraries", document), now=NOW)
    assert store.get("one", now=NOW) == KeptPreview("one", "libraries", document)

    store.settle("one", "done")
    store.settle("one", "done again")

    assert store.get("one", now=NOW) == KeptPreview("one", "libraries", "", "done")


def test_what_came_of_each_part_stands_beside_the_document(store: PreviewStore) -> None:
    store.keep(KeptPreview("one", "participants", LONG), now=NOW)
    store.keep(KeptPreview("two", "participants", "{}"), now=NOW)

    for number, outcome in [(0, "first"), (1, "second"), (1, "second again")]:
        store.add_step("one", number, outcome, now=NOW)

    assert store.get("one", now=NOW) == KeptPreview("one", "participants", LONG, steps=("first", "second"))
    assert store.get("two", now=NOW).steps == ()


def test_what_was_never_kept_is_not_found(store: PreviewStore) -> None:
    with pytest.raises(PreviewNotFound):
        store.get("one", now=NOW)


@pytest.mark.parametrize("settled", [False, True])
def test_a_preview_is_gone_after_its_day_whether_the_table_has_deleted_it_or_not(
    store: PreviewStore, settled: bool
) -> None:
    store.keep(KeptPreview("one", "participants", "{}"), now=NOW)
    store.add_step("one", 0, "first", now=NOW + KEPT_FOR / 2)
    if settled:
        store.settle("one", "done")

    assert store.get("one", now=NOW + KEPT_FOR - timedelta(seconds=1)).kind == "participants"
    with pytest.raises(PreviewNotFound):
        store.get("one", now=NOW + KEPT_FOR)


def test_nothing_of_a_settled_list_stays_in_the_table(table: None) -> None:
    store = DynamoPreviewStore()
    store.keep(KeptPreview("one", "libraries", LONG), now=NOW)
    assert len(aws.rows()) == 4

    store.settle("one", "done")

    assert not any("part" in row for row in aws.rows())
    assert [int(row["expires_at"]["N"]) for row in aws.rows()] == [int(NOW.timestamp()) + 86_400] * 2


def test_all_are_found_until_their_day_is_over(store: PreviewStore) -> None:
    store.keep(KeptPreview("one", "libraries", LONG), now=NOW)
    store.keep(KeptPreview("two", "participants", "{}"), now=NOW + KEPT_FOR / 2)

    assert {one.id for one in store.every(now=NOW + KEPT_FOR / 2)} == {"one", "two"}
    assert {one.id for one in store.every(now=NOW + KEPT_FOR)} == {"two"}


def test_nothing_is_left_of_what_was_dropped_and_nothing_comes_of_it(store: PreviewStore) -> None:
    store.keep(KeptPreview("one", "participants", LONG), now=NOW)
    store.add_step("one", 0, "first", now=NOW)

    store.drop("one")
    store.drop("one")
    store.add_step("one", 1, "second", now=NOW)

    assert list(store.every(now=NOW)) == []
    with pytest.raises(PreviewNotFound):
        store.get("one", now=NOW)
    if isinstance(store, DynamoPreviewStore):
        assert aws.rows() == []
