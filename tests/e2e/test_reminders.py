"""Reminders through the deployed copy: set by the plan, rung by the clock, sent once."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.deployed import Deployed
from tests.support.inbox import Inbox, eventually

SOON = timedelta(seconds=108)
"""So much more than what is acted on at once that there is time to sign up and cancel before."""


def test_a_reminder_is_set_rung_and_sent_once(deployed: Deployed, inbox: Inbox) -> None:
    moment = datetime.now(UTC).replace(microsecond=0) + SOON
    gathering = deployed.publish(sessions=[starting(moment + timedelta(minutes=1))], reminders=[{"minutes_before": 1}])
    seated, gone = deployed.somebody(), deployed.somebody()
    for email in (seated, gone):
        registration = deployed.seat(gathering, email)
        inbox.wait(email)
    cancel = {"id": registration, "action": "cancel"}
    assert deployed.coordinate("PATCH", f"/gatherings/{gathering['id']}/registrations", cancel).status_code == 200
    inbox.wait(gone, 2)

    [name] = eventually(lambda: deployed.schedules(gathering), "schedule")
    schedule = deployed.schedule(name)
    assert schedule["ScheduleExpression"] == f"at({moment:%Y-%m-%dT%H:%M:%S})"
    assert schedule["ActionAfterCompletion"] == "DELETE"
    assert schedule["Target"]["RetryPolicy"]["MaximumEventAgeInSeconds"] == 60
    # What the clock will do in a minute and a half, it does when that is the next minute and a half.
    eventually(lambda: datetime.now(UTC) > moment - timedelta(seconds=89), "moment to act", within=60)
    deployed.ring(name)

    reminder = inbox.wait(seated, 2)[1]
    assert reminder.header("Subject").startswith(f"Påmindelse: {gathering['title']['da']}")
    [way_in] = [word for word in reminder.text.split() if "/deltag/" in word]
    page = deployed.web.get(way_in)
    csrf = page.text.partition('name="csrf" value="')[2].partition('"')[0]
    there = deployed.web.post(way_in, data={"csrf": csrf})
    assert (there.status_code, there.headers["Location"]) == (302, gathering["online_link"])
    eventually(lambda: not deployed.schedules(gathering), "end of the schedule")

    deployed.send("fan-out", schedule["Target"]["Input"], schedule["Target"]["Input"])
    deployed.drained("fan-out")
    deployed.drained("send-messages")
    inbox.wait(seated, 2)
    inbox.wait(gone, 2)


def test_a_plan_that_changes_takes_its_schedules_along(deployed: Deployed) -> None:
    gathering = deployed.publish()
    eventually(lambda: len(deployed.schedules(gathering)) == 2, "two schedules")
    before = deployed.schedules(gathering)

    body = {"version": gathering["version"], "reminders": [{"days_before": 2, "at": "10:30"}]}
    assert deployed.coordinate("PATCH", f"/gatherings/{gathering['id']}", body).status_code == 200
    eventually(lambda: set(deployed.schedules(gathering)).isdisjoint(before), "end of the schedules of before")
    [name] = eventually(lambda: deployed.schedules(gathering), "one schedule")
    assert json.loads(deployed.schedule(name)["Target"]["Input"])["data"]["reminder"] == "d2-1030"

    assert deployed.coordinate("POST", f"/gatherings/{gathering['id']}/cancel").status_code == 200
    eventually(lambda: not deployed.schedules(gathering), "end of all schedules")


def starting(start: datetime) -> dict[str, Any]:
    return {"starts_at": start.isoformat(), "ends_at": (start + timedelta(hours=1)).isoformat()}
