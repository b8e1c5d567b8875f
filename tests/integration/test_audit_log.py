"""Nothing is changed by anybody who signs in unless the log says so first."""

import pytest

from shared.roles import Role
from tests.support.builders import a_gathering
from tests.support.clock import Clock, Sleep
from tests.support.faults import FaultInjector, Trouble
from tests.support.memory_people import InMemoryAccounts
from tests.support.sign_in import EMAIL, Pool
from tests.support.site import Site

GATHERINGS = "/api/v1/coordinator/gatherings"


def test_what_is_done_is_logged_without_what_was_written(site: Site, pool: Pool) -> None:
    gathering = a_gathering()
    site.desk.stores.gatherings.create(gathering)

    site.signed_in(Role.COORDINATOR).post(f"{GATHERINGS}/{gathering.id}/publish")

    [entry] = site.audit()
    assert (entry.who, entry.role, entry.method) == (pool.subject, Role.COORDINATOR, "POST")
    assert (entry.route, entry.ids) == (f"{GATHERINGS}/{{gathering_id}}/publish", {"gathering_id": gathering.id})
    assert (entry.at, entry.status) == (site.clock.now, 200)


def test_what_was_refused_is_logged_as_refused(site: Site) -> None:
    site.signed_in(Role.COORDINATOR).post(f"{GATHERINGS}/nothing/publish")

    assert [entry.status for entry in site.audit()] == [404]


def test_forms_are_logged_too(site: Site) -> None:
    site.at_the_desk(Role.COORDINATOR).send_desk_form(
        "/en/tovholder/mennesker", {"email": "ny@example.org", "role": "viewer"}
    )

    [entry] = site.audit()
    assert (entry.route, entry.status) == ("/tovholder/mennesker", 303)
    assert "ny@example.org" not in repr(entry)


def test_looking_is_not_logged(site: Site) -> None:
    site.signed_in(Role.COORDINATOR).get(GATHERINGS)
    site.at_the_desk(Role.COORDINATOR).get("/tovholder/log")

    assert site.audit() == []


def test_what_may_not_be_done_is_not_begun(site: Site) -> None:
    site.signed_in(Role.VIEWER).post(f"{GATHERINGS}/nothing/publish")
    site.post(f"{GATHERINGS}/nothing/publish")

    assert site.audit() == []


def test_nothing_is_done_that_cannot_be_logged(site: Site, accounts: InMemoryAccounts, sleep: Sleep) -> None:
    there = site.at_the_desk(Role.COORDINATOR)

    with FaultInjector(probability=1, kinds=[Trouble.THROTTLED], operations=("PutItem",)):
        answer = there.send_desk_form("/tovholder/mennesker", {"email": "ny@example.org", "role": "viewer"})

    assert answer.status == 503
    assert answer.headers["retry-after"]
    assert accounts.invited == []


def test_what_is_done_stays_done_if_its_end_cannot_be_logged(
    site: Site, accounts: InMemoryAccounts, sleep: Sleep
) -> None:
    there = site.at_the_desk(Role.COORDINATOR)

    with FaultInjector(probability=1, kinds=[Trouble.THROTTLED], operations=("UpdateItem",)):
        answer = there.send_desk_form("/tovholder/mennesker", {"email": "ny@example.org", "role": "viewer"})

    assert answer.status == 303
    assert accounts.invited == ["ny@example.org"]
    assert [entry.status for entry in site.audit()] == [None]


def test_a_fault_of_ours_leaves_the_end_open(site: Site, accounts: InMemoryAccounts) -> None:
    there = site.at_the_desk(Role.COORDINATOR)
    del accounts.kept  # what answers next is a mistake, not a refusal

    assert there.send_desk_form("/tovholder/mennesker/x/fjern").status == 500
    assert [entry.status for entry in site.audit()] == [None]


def test_the_page_tells_who_did_what(site: Site, accounts: InMemoryAccounts) -> None:
    there = site.at_the_desk(Role.COORDINATOR)
    there.send_desk_form("/tovholder/mennesker", {"email": "x", "role": "viewer"})

    page = there.get("/tovholder/log").text

    assert page.count(EMAIL) == 2, "in the frame, and beside what was done"
    assert "POST /tovholder/mennesker" in page
    assert "(422)" in page


def test_who_has_been_removed_is_not_named(site: Site, accounts: InMemoryAccounts, pool: Pool) -> None:
    there = site.at_the_desk(Role.COORDINATOR)
    there.send_desk_form("/tovholder/mennesker", {"email": "x", "role": "viewer"})
    accounts.remove(pool.subject)

    page = there.get("/en/tovholder/log").text

    assert "removed" in page
    assert page.count(EMAIL) == 1


def test_other_months_are_a_link_away(site: Site, clock: Clock) -> None:
    there = site.at_the_desk(Role.COORDINATOR)

    page = there.get("/tovholder/log?month=2026-01").text

    assert "month=2025-12" in page
    assert "month=2026-02" in page
    assert "month=2026-10" not in there.get("/tovholder/log").text


@pytest.mark.parametrize("month", ["", "2026", "2026-13", "1999-01", "2026-09x"])
def test_a_month_that_is_none_is_not_found(site: Site, month: str) -> None:
    assert site.at_the_desk(Role.COORDINATOR).get(f"/tovholder/log?month={month}").status == 404


def test_a_long_month_goes_on(site: Site) -> None:
    there = site.at_the_desk(Role.COORDINATOR)
    for _ in range(101):
        there.send_desk_form("/tovholder/mennesker", {"email": "x", "role": "viewer"})

    first = there.get("/tovholder/log").text
    following = first[first.index("/tovholder/log?month=2026-09&amp;after=") :].partition('"')[0].replace("&amp;", "&")

    assert first.count("(422)") == 100
    assert there.get(following).text.count("(422)") == 1
