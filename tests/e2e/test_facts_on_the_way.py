"""Facts as queues deliver them: twice, late, in the wrong order, and among what is no fact of ours."""

import json

from tests.support.deployed import Deployed
from tests.support.inbox import Inbox, eventually, gathered

QUEUE = "send-registration-mail"


def test_what_is_no_fact_of_ours_ends_among_the_dead_letters_and_the_rest_goes_on(
    deployed: Deployed, inbox: Inbox
) -> None:
    gathering, email = deployed.publish(), deployed.somebody()
    registration = deployed.seat(gathering, email)
    inbox.wait(email)
    confirmed = json.loads(deployed.facts(registration)["RegistrationConfirmed"])
    asked = confirmed | {"id": "asked-again", "type": "RegistrationLinkRequested"}
    poison = [
        json.dumps(confirmed | {"id": "poison-1", "type": "RegistrationEaten"}),
        json.dumps(confirmed | {"id": "poison-2", "version": 99}),
        json.dumps(confirmed | {"id": "poison-3", "data": {}}),
        "no JSON at all",
    ]

    with deployed.impatient(QUEUE):
        deployed.send(QUEUE, *poison, json.dumps(asked))
        inbox.wait(email, 2)
        dead = gathered(lambda: deployed.dead_letters(QUEUE), len(poison), "dead letters")

    assert sorted(dead) == sorted(poison)


def test_the_same_fact_twice_is_one_mail(deployed: Deployed, inbox: Inbox) -> None:
    gathering, email = deployed.publish(), deployed.somebody()
    registration = deployed.seat(gathering, email)
    inbox.wait(email)
    fact = deployed.facts(registration)["RegistrationConfirmed"]

    deployed.send(QUEUE, fact, fact)
    deployed.drained(QUEUE)
    deployed.send(QUEUE, fact)
    deployed.drained(QUEUE)

    inbox.wait(email, 1)


def test_who_cancelled_before_the_confirmation_left_hears_of_the_cancellation_only(
    deployed: Deployed, inbox: Inbox
) -> None:
    gathering, email = deployed.publish(), deployed.somebody()
    with deployed.nobody_reads(QUEUE):
        registration = deployed.seat(gathering, email)
        cancelled = deployed.api.delete(f"/registrations/{deployed.token(gathering, registration)}")
        assert cancelled.json()["status"] == "cancelled"
        facts = gathered(lambda: deployed.take(QUEUE), 2, "facts")
        first, second = sorted(facts, key=lambda fact: json.loads(fact)["subject_version"])
    deployed.send(QUEUE, second)
    inbox.wait(email)
    deployed.send(QUEUE, first)
    deployed.drained(QUEUE)

    [mail] = inbox.wait(email)
    assert mail.calendars == [], "no calendar has heard of it"


def test_facts_of_the_same_person_arrive_together(deployed: Deployed, inbox: Inbox) -> None:
    gathering, email = deployed.publish(), deployed.somebody()
    with deployed.nobody_reads(QUEUE):
        deployed.seat(gathering, email)
        deployed.seat(gathering, email)
        eventually(lambda: deployed.waiting(QUEUE) == 2, "two facts")

    mails = inbox.wait(email, 2)

    assert {bool(mail.calendars) for mail in mails} == {True, False}, "an invitation, and the link once more"
