"""What SES reports, in both of its shapes, and what it sends beside."""

import json
from pathlib import Path
from typing import Any

import pytest

from shared.notify.model import MailId, MailKind, MailProblem
from shared.notify.reports import Report, read_report
from tests.support.data import DATA

PROBLEMS = {
    "bounce": MailProblem.BOUNCED,
    "bounce-permanent": MailProblem.BOUNCED,
    "bounce-permanent-suppression-list": MailProblem.BOUNCED,
    "bounce-transient-mailbox-full": MailProblem.BOUNCED,
    "complaint": MailProblem.COMPLAINED,
    "reject": MailProblem.REFUSED,
    "rendering-failure": MailProblem.REFUSED,
}
"""By file; all others are no problem, and all but deliveries change nothing."""

MAIL = MailId("gathering", "registration", MailKind.CONFIRMATION, "one")


def reports(folder: str) -> list[Path]:
    return sorted(path for path in (DATA / "ses" / folder).glob("*.json") if "lambda-event" not in path.name)


def body(path: Path) -> str:
    """What a queue gets: the notification's text alone, as raw message delivery has it; our row in the tag."""
    file = json.loads(path.read_text(encoding="utf-8"))
    text: str = file["Message"] if "Message" in file else json.dumps(file["detail"])
    try:
        report = json.loads(text)
    except ValueError:
        return text
    if "mail_row" in report.get("mail", {}).get("tags", {}):
        report["mail"]["tags"]["mail_row"] = [MAIL.tag]
    return json.dumps(report) + "\n"


def by_name(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", [*reports("sns-event-publishing"), *reports("eventbridge")], ids=by_name)
def test_reports_of_a_configuration_set_name_the_mails_row(path: Path) -> None:
    read = read_report(body(path))

    assert (read and read.problem) == PROBLEMS.get(path.stem)
    assert read is None or read.mail == MAIL
    assert (read is None) is (path.stem not in {*PROBLEMS, "delivery"})


@pytest.mark.parametrize("path", reports("sns-identity-feedback"), ids=by_name)
def test_reports_of_an_identity_name_the_message_only(path: Path) -> None:
    read = read_report(body(path))

    assert (read and read.problem) == PROBLEMS.get(path.stem)
    assert read is None or (read.mail is None and read.message_id.startswith("011001a"))
    assert (read is None) is (path.stem not in PROBLEMS), "a delivery without a row may be of anybody's mail"


@pytest.mark.parametrize("path", [*reports("sns-event-publishing"), *reports("eventbridge")], ids=by_name)
def test_only_what_will_never_arrive_is_given_up_on_for_good(path: Path) -> None:
    read = read_report(body(path))

    for_good = ("bounce-permanent", "bounce-permanent-suppression-list", "complaint")
    assert bool(read and read.for_good) is (path.stem in for_good)


def test_every_sample_was_read() -> None:
    folders = ("sns-event-publishing", "eventbridge", "sns-identity-feedback")

    assert set(PROBLEMS) <= {path.stem for folder in folders for path in reports(folder)}


def a_bounce(**changes: Any) -> dict[str, Any]:
    return {"eventType": "Bounce", "bounce": {"bounceType": "Permanent"}, "mail": {"messageId": "id"}} | changes


@pytest.mark.parametrize(
    "text",
    ["", "Topic check from SES", "[]", "null", "7", '"Bounce"', "{}", '{"eventType": "Open"}', '{"eventType": null}'],
)
def test_what_is_no_report_is_let_go(text: str) -> None:
    assert read_report(text) is None


def test_a_report_without_a_row_is_known_by_its_message() -> None:
    assert read_report(json.dumps(a_bounce())) == Report(None, "id", MailProblem.BOUNCED, for_good=True)


@pytest.mark.parametrize(
    "report",
    [
        a_bounce(mail=None),
        a_bounce(mail="x"),
        a_bounce(mail={}),
        a_bounce(mail={"messageId": "id", "tags": {"mail_row": ["somebody-elses"]}}),
        a_bounce(mail={"messageId": "id", "tags": {"mail_row": [7]}}),
        a_bounce(mail={"messageId": "id", "tags": []}),
        a_bounce(bounce=None),
        a_bounce(bounce=[]),
        a_bounce(eventType=["Bounce"], bounce={}),
    ],
    ids=str,
)
def test_a_broken_report_is_poison_and_no_crash(report: dict[str, Any]) -> None:
    try:
        read = read_report(json.dumps(report))
    except ValueError:
        return
    assert read is None
