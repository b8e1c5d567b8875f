"""Mail that SES does not take, or takes and says nothing, or brings back: never two, and nobody silently without."""

import json
from collections.abc import Callable

import pytest

from shared.notify.model import MailId, MailKind
from tests.support.aws_wire import Request, Trouble, Wire
from tests.support.deployed import Deployed
from tests.support.inbox import Inbox, eventually
from tests.support.ses import a_delivery

QUEUE = "send-registration-mail"


def test_a_throttled_mail_is_sent_later(deployed: Deployed, wire: Wire, inbox: Inbox) -> None:
    gathering, email = deployed.publish(), deployed.somebody()

    with deployed.impatient(QUEUE), wire.trouble(Trouble.THROTTLED, "SendRawEmail", when=to(email), most=2) as order:
        registration = deployed.seat(gathering, email)
        inbox.wait(email)

    assert order.times == 2
    assert "mail_problem" not in deployed.registration(gathering, registration)


def test_a_refused_mail_is_tried_three_times_and_then_seen_on_the_registration(
    deployed: Deployed, wire: Wire, inbox: Inbox
) -> None:
    gathering, email = deployed.publish(), deployed.somebody()

    with deployed.impatient(QUEUE), wire.trouble(Trouble.REFUSED, "SendRawEmail", when=to(email)) as order:
        registration = deployed.seat(gathering, email)
        eventually(lambda: problem(deployed, gathering, registration) == "refused", "mark on the registration")

    [mail] = deployed.mails_of(registration)
    assert (order.times, mail["state"], mail["attempts"]) == (3, "refused", "3")
    assert deployed.registration(gathering, registration)["status"] == "confirmed"
    assert inbox.of(email) == []


@pytest.mark.parametrize(("trouble", "arrived"), [(Trouble.LOST, 1), (Trouble.SILENT, 0), (Trouble.SERVER_ERROR, 0)])
def test_a_mail_that_nobody_knows_of_is_never_sent_again(
    trouble: Trouble, arrived: int, deployed: Deployed, wire: Wire, inbox: Inbox
) -> None:
    gathering, email = deployed.publish(), deployed.somebody()
    with wire.trouble(trouble, "SendRawEmail", when=to(email), most=1) as order:
        registration = deployed.seat(gathering, email)
        eventually(lambda: problem(deployed, gathering, registration) == "unknown", "mark on the registration")
    assert order.times == 1

    deployed.send(QUEUE, deployed.facts(registration)["RegistrationConfirmed"])
    deployed.drained(QUEUE)

    [mail] = deployed.mails_of(registration)
    assert (mail["state"], mail["attempts"]) == ("unknown", "1")
    assert len(inbox.of(email)) == arrived


def test_a_mail_thought_lost_that_is_delivered_is_marked_no_longer(
    deployed: Deployed, wire: Wire, inbox: Inbox
) -> None:
    gathering, email = deployed.publish(), deployed.somebody()
    with wire.trouble(Trouble.LOST, "SendRawEmail", when=to(email), most=1):
        registration = deployed.seat(gathering, email)
        eventually(lambda: problem(deployed, gathering, registration) == "unknown", "mark on the registration")
    [mail] = deployed.mails_of(registration)
    kind, _, occurrence = mail["sk"].partition("#")

    # The emulator reports no deliveries by itself.
    deployed.send("record-mail-outcome", a_delivery(MailId(gathering["id"], registration, MailKind(kind), occurrence)))
    eventually(lambda: problem(deployed, gathering, registration) is None, "end of the mark on the registration")

    [mail] = deployed.mails_of(registration)
    assert mail["state"] == "delivered"


@pytest.mark.parametrize(
    ("who", "becomes"), [("bounce", "bounced"), ("suppressionlist", "bounced"), ("complaint", "complained")]
)
def test_a_mail_that_comes_back_is_seen_on_the_registration(who: str, becomes: str, deployed: Deployed) -> None:
    gathering = deployed.publish()

    # The emulator brings a mail back before it has said that it took it, so the report is looked at twice.
    with deployed.impatient("record-mail-outcome"):
        registration = deployed.seat(gathering, f"{who}@simulator.amazonses.com")
        eventually(lambda: problem(deployed, gathering, registration) == becomes, "mark on the registration")

    assert deployed.registration(gathering, registration)["status"] == "pending", "nobody has proven the address"
    [mail] = deployed.mails_of(registration)
    assert (mail["state"], mail["problem"]) == ("sent", becomes)


def test_an_older_report_changes_nothing(deployed: Deployed, inbox: Inbox) -> None:
    gathering, email = deployed.publish(), deployed.somebody()
    registration = deployed.seat(gathering, email)
    inbox.wait(email)
    [mail] = deployed.mails_of(registration)
    failed = {
        **{"id": "00000000-fact", "type": "MailFailed", "version": 1, "correlation_id": "test"},
        **{"subject": f"{gathering['id']}_{registration}_{mail['sk'].replace('#', '_')}"},
        "at": "2026-01-01T00:00:00Z",
    }
    about = {"registration_id": registration, "gathering_id": gathering["id"], "kind": "confirmation"}

    def fact(number: int, what: str) -> str:
        return json.dumps(failed | {"id": f"f{number}", "subject_version": number, "data": about | {"problem": what}})

    deployed.send("note-mail-failure", fact(5, "bounced"))
    eventually(lambda: problem(deployed, gathering, registration) == "bounced", "mark on the registration")
    deployed.send("note-mail-failure", fact(4, "unknown"))
    deployed.drained("note-mail-failure")

    assert problem(deployed, gathering, registration) == "bounced"


def to(email: str) -> Callable[[Request], bool]:
    return lambda request: request.recipient == email


def problem(deployed: Deployed, gathering: dict[str, str], registration: str) -> str | None:
    return deployed.registration(gathering, registration).get("mail_problem")
