"""The life of one mail."""

import re

import pytest
from hypothesis import given, strategies as st

from shared.ids import new_id
from shared.notify.model import (
    MOST_ATTEMPTS,
    MailId,
    MailKind,
    MailProblem,
    MailState,
    Outcome,
    Refused,
    Sent,
    Settlement,
    Throttled,
    Unknown,
    again,
    invited,
    settle,
)


@pytest.mark.parametrize(
    ("outcome", "attempts", "expected"),
    [
        (Sent("id"), 1, Settlement(MailState.SENT, None, again=False)),
        (Sent("id"), 3, Settlement(MailState.SENT, None, again=False)),
        (Throttled(), 1, Settlement(MailState.PLANNED, None, again=True)),
        (Throttled(), 99, Settlement(MailState.PLANNED, None, again=True)),
        (Refused(), 1, Settlement(MailState.REFUSED, None, again=True)),
        (Refused(), 2, Settlement(MailState.REFUSED, None, again=True)),
        (Refused(), 3, Settlement(MailState.REFUSED, MailProblem.REFUSED, again=False)),
        (Unknown(), 1, Settlement(MailState.UNKNOWN, MailProblem.UNKNOWN, again=False)),
    ],
)
def test_each_outcome_has_one_consequence(outcome: Outcome, attempts: int, expected: Settlement) -> None:
    assert settle(outcome, attempts) == expected


@given(
    outcome=st.sampled_from([Sent("id"), Refused(), Throttled(), Unknown()]),
    attempts=st.integers(min_value=1, max_value=100),
)
def test_no_mail_is_forgotten_and_none_may_be_sent_twice(outcome: Outcome, attempts: int) -> None:
    settled = settle(outcome, attempts)

    ends_well = settled.state is MailState.SENT
    assert sum([ends_well, settled.again, settled.problem is not None]) == 1
    if isinstance(outcome, Sent | Unknown):
        assert not settled.again


def test_a_refusal_is_not_tried_without_end() -> None:
    assert [settle(Refused(), number).again for number in range(1, 5)] == [True, True, False, False]
    assert MOST_ATTEMPTS == 3


@given(kind=st.sampled_from(MailKind), occurrence=st.from_regex(r"[a-z0-9-]{1,40}", fullmatch=True))
def test_a_tag_leads_back_to_its_mail(kind: MailKind, occurrence: str) -> None:
    mail = MailId(new_id(), new_id(), kind, occurrence)

    assert MailId.of_tag(mail.tag) == mail
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,256}", mail.tag), "what SES takes"


@pytest.mark.parametrize("tag", ["", "x", "a_b_c", "a_b_confirmation_d_e", "a_b_advertisement_d"])
def test_what_is_no_tag_of_ours_is_refused(tag: str) -> None:
    with pytest.raises(ValueError):
        MailId.of_tag(tag)


def test_a_mail_about_no_gathering_has_a_tag_too() -> None:
    mail = MailId("", new_id(), MailKind.LINKS, "once")

    assert MailId.of_tag(mail.tag) == mail
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,256}", mail.tag)


def test_only_what_goes_to_the_participant_concerns_the_registration() -> None:
    others = {kind for kind in MailKind if not kind.is_to_participant}

    assert others == {
        MailKind.OLD_ADDRESS,
        MailKind.NEEDS,
        MailKind.RECEIPT,
        MailKind.OPENING,
        MailKind.LINKS,
        MailKind.INVITATION,
        MailKind.REVIEW,
    }


def of_a_registration(*mails: tuple[MailKind, str]) -> list[MailId]:
    return [MailId("gathering", "registration", kind, occurrence) for kind, occurrence in mails]


@pytest.mark.parametrize(
    ("mails", "held"),
    [
        ([], ""),
        ([(MailKind.PENDING, "once"), (MailKind.LINK, "a-fact"), (MailKind.NEEDS, "2")], ""),
        ([(MailKind.CONFIRMATION, "a-1"), (MailKind.CONFIRMATION, "b")], "a-1 b"),
        ([(MailKind.CONFIRMATION, "a"), (MailKind.LEFT, "a-2"), (MailKind.CHANGE, "b-2")], "b"),
        (
            [(MailKind.CONFIRMATION, "a"), (MailKind.LEFT, "a-9"), (MailKind.CHANGE, "a-10"), (MailKind.LEFT, "b-10")],
            "a",
        ),
        ([(MailKind.CONFIRMATION, "a"), (MailKind.CANCELLATION, "a")], "a"),
        ([(MailKind.ADDRESS, "a-2"), (MailKind.ADDRESS, "3"), (MailKind.CHANGE, "4")], "a"),
        ([(MailKind.CONFIRMATION, "a"), (MailKind.LEFT, "a-2"), (MailKind.ADDRESS, "a-7")], ""),
    ],
    ids=str,
)
def test_calendars_hold_what_mails_gave_and_did_not_take(mails: list[tuple[MailKind, str]], held: str) -> None:
    assert invited(of_a_registration(*mails)) == set(held.split())
    assert invited(reversed(of_a_registration(*mails))) == set(held.split())


@given(st.lists(st.sampled_from("abc"), min_size=1))
def test_the_last_change_of_a_session_counts(chosen: list[str]) -> None:
    mails = of_a_registration((MailKind.CONFIRMATION, "start"))
    for number, session in enumerate(chosen, start=2):
        before = chosen[number - 3] if number > 2 else "start"
        if session != before:
            mails += of_a_registration(
                (MailKind.LEFT, again(before, number)), (MailKind.CHANGE, again(session, number))
            )

    assert invited(mails) == {chosen[-1]}
