"""A recording of what was held reaches who had a seat, once, and its owner when it is to be looked at anew."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from tests.e2e.test_the_catalogue import VTT, a_webinar, edit, published, says
from tests.support.deployed import Deployed
from tests.support.inbox import Inbox, eventually

SOON = timedelta(seconds=20)
"""Time to sign up before it begins."""


def recorded(deployed: Deployed, gathering: dict[str, Any]) -> dict[str, Any]:
    """Return a draft of a gathering that lacks nothing."""
    draft = edit(deployed, "POST", f"/gatherings/{gathering['id']}/webinars")
    taken = ("link", "alternative", "consent_on", "themes", "review_on")
    missing = {name: said for name, said in a_webinar().items() if name in taken}
    edit(deployed, "PATCH", f"/webinars/{draft['id']}", missing | {"version": draft["version"]})
    return edit(deployed, "POST", f"/webinars/{draft['id']}/captions", {"language": "da", "text": VTT})


def test_who_had_a_seat_gets_one_mail_with_the_link_whatever_is_hidden_and_shown_again(
    deployed: Deployed, inbox: Inbox
) -> None:
    start = datetime.now(UTC).replace(microsecond=0) + SOON
    end = start + timedelta(seconds=1)
    session = {"starts_at": start.isoformat(), "ends_at": end.isoformat()}
    gathering = deployed.publish(sessions=[session], texts={"recording": {"da": "Se med: {optagelse}"}})
    seated, gone = deployed.somebody(), deployed.somebody()
    registrations = {email: deployed.seat(gathering, email) for email in (seated, gone)}
    inbox.wait(seated)
    inbox.wait(gone)
    cancel = {"id": registrations[gone], "action": "cancel"}
    assert deployed.coordinate("PATCH", f"/gatherings/{gathering['id']}/registrations", cancel).status_code == 200
    inbox.wait(gone, 2)
    eventually(lambda: datetime.now(UTC) > end, "end of the gathering", within=60)

    webinar = recorded(deployed, gathering)
    edit(deployed, "POST", f"/webinars/{webinar['id']}/publish")

    mail = inbox.wait(seated, 2)[1]
    assert mail.header("Subject") == f"Optagelsen er online: {gathering['title']['da']}"
    address = f"{deployed.stack.base_url}/webinarer/{webinar['slug']}"
    assert f"Se med: {address}\n" in mail.text
    page = partial(says, deployed, f"/webinarer/{webinar['slug']}", "biernes bibliotek")
    eventually(page, "page of the recording")

    fact = deployed.facts(webinar["id"])["WebinarPublished"]
    edit(deployed, "POST", f"/webinars/{webinar['id']}/hide", {"because": {"da": "En fejl i lyden."}})
    eventually(lambda: not page(), "page that says that it is hidden")
    edit(deployed, "POST", f"/webinars/{webinar['id']}/publish")
    eventually(page, "page of the recording, again")
    deployed.send("fan-out", fact, fact)
    deployed.drained("fan-out")
    deployed.drained("send-messages")
    inbox.wait(seated, 2)
    inbox.wait(gone, 2)


def test_the_owner_is_told_once_when_the_day_to_look_at_it_anew_has_come(deployed: Deployed, inbox: Inbox) -> None:
    owner = deployed.stack.credentials["editor"]["email"]
    webinar = published(deployed)
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    edit(deployed, "PATCH", f"/webinars/{webinar['id']}", {"version": webinar["version"], "review_on": yesterday})
    subject = (owner, f"Tid til at gennemgå: {webinar['title']['da']}")

    deployed.sweep()
    eventually(lambda: subject in inbox.subjects(owner), "mail to the owner")

    deployed.sweep()
    fact = deployed.facts(webinar["id"])["WebinarDue"]
    deployed.send("send-registration-mail", fact, fact)
    deployed.drained("send-registration-mail")
    assert inbox.subjects(owner).count(subject) == 1
