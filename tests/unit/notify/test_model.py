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
