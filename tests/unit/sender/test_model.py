"""What SPF, DKIM and DMARC make of mail from a domain, by what SES and the DNS say."""

from dataclasses import replace

import pytest

from shared.sender.model import (
    AMAZONS_OWN,
    Answer,
    Finding,
    Identity,
    Kind,
    Protocol,
    Question,
    Signing,
    State,
    judge,
    organisation,
    questions,
)

DOMAIN = "kurser.db2030.example"
MAIL_FROM = "post.kurser.db2030.example"
OWN = "_dmarc.kurser.db2030.example"
ABOVE = "_dmarc.db2030.example"

SIGNED = Signing(("one", "two", "three"), "Success")
IDENTITY = Identity(SIGNED, AMAZONS_OWN)
IDENTITY_WITH_MAIL_FROM = Identity(SIGNED, MAIL_FROM)

SPF = "v=spf1 include:amazonses.com ~all"
DMARC = "v=DMARC1; p=reject; rua=mailto:dmarc@db2030.example"
KEYS = {f"{token}._domainkey.{DOMAIN}": (f"{token}.dkim.amazonses.com",) for token in SIGNED.tokens}
RECORDS: dict[str, Answer] = {**KEYS, MAIL_FROM: (SPF,), OWN: (DMARC,)}


def judged(identity: Identity, **changes: Answer) -> dict[Protocol, Finding]:
    """Return the findings where all is well but for the changes, by the protocol."""
    found = judge(DOMAIN, identity, answers(identity, RECORDS | changes))
    assert [one.what for one in found] == list(Protocol)
    return {one.what: one for one in found}


def answers(identity: Identity, records: dict[str, Answer]) -> dict[Question, Answer]:
    return {one: records.get(one.name, ()) for one in questions(DOMAIN, identity)}


def said(finding: Finding) -> str:
    """Return the sentence with its places filled."""
    sentence = finding.say % finding.values
    assert "None" not in sentence
    return sentence


def test_all_is_well() -> None:
    assert {one.state for one in judged(IDENTITY_WITH_MAIL_FROM).values()} == {State.GOOD}
    assert {one.state for one in judged(IDENTITY).values()} == {State.GOOD}


def test_only_what_is_needed_is_asked() -> None:
    policies = {Question(OWN, Kind.TXT), Question(ABOVE, Kind.TXT)}
    keys = {Question(name, Kind.CNAME) for name in KEYS}

    assert questions(DOMAIN, Identity(None, None)) == policies
    assert questions(DOMAIN, IDENTITY) == policies | keys
    assert questions(DOMAIN, IDENTITY_WITH_MAIL_FROM) == policies | keys | {Question(MAIL_FROM, Kind.TXT)}


@pytest.mark.parametrize(
    ("records", "state", "words"),
    [
        ((SPF,), State.GOOD, "lets Amazon SES send."),
        (("V=SPF1 Include:AmazonSES.com. -ALL",), State.GOOD, "lets Amazon SES send."),
        (("google-site-verification=x", SPF), State.GOOD, "lets Amazon SES send."),
        (("v=spf1 ip4:192.0.2.0/24 mx/24 +include:amazonses.com exp=why.example -all",), State.GOOD, "send."),
        (("v=spf1 include:amazonses.com redirect=_spf.example",), State.GOOD, "not looked at"),
        (("v=spf1 include:amazonses.com ?all",), State.WEAK, "~all"),
        (("v=spf1 include:amazonses.com +all",), State.WEAK, "~all"),
        (("v=spf1 include:amazonses.com all",), State.WEAK, "~all"),
        (("v=spf1 include:amazonses.com",), State.WEAK, "~all"),
        ((), State.MISSING, f"{MAIL_FROM} has no SPF record"),
        (("v=spf10 include:amazonses.com -all", "spf2.0/pra -all"), State.MISSING, "has no SPF record"),
        ((SPF, "v=spf1 -all"), State.WRONG, "has 2 records"),
        (("v=spf1",), State.WRONG, "include:amazonses.com is missing"),
        (("v=spf1 -all",), State.WRONG, "include:amazonses.com is missing"),
        (("v=spf1 -include:amazonses.com -all",), State.WRONG, "include:amazonses.com is missing"),
        (("v=spf1 include:amazonses.com.example -all",), State.WRONG, "include:amazonses.com is missing"),
        (("v=spf1 -all include:amazonses.com",), State.WRONG, "include:amazonses.com is missing"),
        (("v=spf1 includes:amazonses.com -all",), State.WRONG, "malformed"),
        (("v=spf1 include:amazonses.com, -all",), State.WRONG, "is missing"),
        (("v=spf1 include: amazonses.com -all",), State.WRONG, "malformed"),
        (("v=spf1 include:amazonses.com -alle",), State.WRONG, "malformed"),
        (("v=spf1 include:amazonses.com" + " a mx" * 4 + " ptr ip4:192.0.2.1 -all",), State.GOOD, "send."),
        (("v=spf1 include:amazonses.com" + " a:x.example" * 10 + " -all",), State.WRONG, "more than the 10"),
        (
            ("v=spf1 include:amazonses.com" + " exists:x.example" * 9 + " redirect=x.example",),
            State.WRONG,
            "than the 10",
        ),
        (None, State.UNKNOWN, f"did not answer about {MAIL_FROM}"),
    ],
)
def test_an_spf_record_is_weighed_where_the_domain_is_in_mail_from(records: Answer, state: State, words: str) -> None:
    spf = judged(IDENTITY_WITH_MAIL_FROM, **{MAIL_FROM: records})[Protocol.SPF]

    assert spf.state is state
    assert words in said(spf)


def test_the_records_of_spf_are_shown_and_no_others() -> None:
    records = ("google-site-verification=x", SPF, "v=spf1 -all")

    assert judged(IDENTITY_WITH_MAIL_FROM, **{MAIL_FROM: records})[Protocol.SPF].records == records[1:]


@pytest.mark.parametrize(
    ("signing", "state"),
    [
        (SIGNED, State.GOOD),
        (replace(SIGNED, status="Pending"), State.WEAK),
        (Signing(), State.WEAK),
        (None, State.WEAK),
    ],
)
def test_amazons_own_name_in_mail_from_is_enough_if_mail_is_signed(signing: Signing | None, state: State) -> None:
    spf = judged(Identity(signing, AMAZONS_OWN))[Protocol.SPF]

    assert spf.state is state
    assert "Only DKIM" in said(spf)


def test_nothing_is_known_of_spf_when_ses_does_not_say_what_is_in_mail_from() -> None:
    spf = judged(Identity(SIGNED, None))[Protocol.SPF]

    assert spf.state is State.UNKNOWN
    assert f"mail from {DOMAIN}" in said(spf)


@pytest.mark.parametrize(
    ("signing", "changes", "state", "words"),
    [
        (SIGNED, {}, State.GOOD, "signs mail"),
        (SIGNED, {"one": ("One.DKIM.amazonses.com",)}, State.GOOD, "signs mail"),
        (SIGNED, {"one": ("one.dkim.eu-south-1.amazonses.com",)}, State.GOOD, "signs mail"),
        (replace(SIGNED, status="Pending"), {}, State.WEAK, "It says: Pending."),
        (replace(SIGNED, status="Failed"), {}, State.WEAK, "It says: Failed."),
        (replace(SIGNED, status="Failed"), {"one": ()}, State.MISSING, f"missing: one._domainkey.{DOMAIN}."),
        (SIGNED, {"one": (), "three": ()}, State.MISSING, f"one._domainkey.{DOMAIN}, three._domainkey.{DOMAIN}."),
        (SIGNED, {"two": ("one.dkim.amazonses.com",)}, State.WRONG, f"SES: two._domainkey.{DOMAIN}."),
        (SIGNED, {"two": ("two.dkim.amazonses.com.db2030.example",), "one": ()}, State.WRONG, "do not point"),
        (SIGNED, {"two": None}, State.UNKNOWN, f"about two._domainkey.{DOMAIN}."),
        (SIGNED, {"one": (), "two": None}, State.UNKNOWN, "did not answer"),
        (Signing(), {}, State.MISSING, f"does not sign mail from {DOMAIN}"),
        (None, {}, State.UNKNOWN, "Amazon SES did not say"),
    ],
)
def test_each_key_of_dkim_has_its_record(
    signing: Signing | None, changes: dict[str, Answer], state: State, words: str
) -> None:
    named = {f"{token}._domainkey.{DOMAIN}": answer for token, answer in changes.items()}

    dkim = judged(Identity(signing, AMAZONS_OWN), **named)[Protocol.DKIM]

    assert dkim.state is state
    assert words in said(dkim)


def test_the_records_of_dkim_are_shown_as_they_were_found() -> None:
    dkim = judged(IDENTITY, **{f"two._domainkey.{DOMAIN}": ()})[Protocol.DKIM]

    assert dkim.records == ("one.dkim.amazonses.com", "three.dkim.amazonses.com")


@pytest.mark.parametrize(
    ("own", "above", "state", "words"),
    [
        ((DMARC,), (), State.GOOD, "(p=reject), and mail from Amazon SES passes"),
        (("v=DMARC1;p=quarantine;rua=mailto:x@db2030.example;",), (), State.GOOD, "(p=quarantine), and"),
        (("V = DMARC1 ; P = Reject ; rua=mailto:x@db2030.example",), (), State.GOOD, "(p=reject), and"),
        (("v=DMARC1; p=reject",), (), State.GOOD, "no rua"),
        (("v=DMARC1; p=none; rua=mailto:x@db2030.example",), (), State.WEAK, "report them (p=none)"),
        (("v=DMARC1; p=none",), (), State.WEAK, "no rua"),
        (("v=DMARC1; p=none; rua=",), (), State.WEAK, "no rua"),
        ((DMARC, "v=spf1 -all"), (), State.GOOD, "passes"),
        ((DMARC, DMARC), (), State.WRONG, f"{OWN} has 2 records"),
        (("v=DMARC1; rua=mailto:x@db2030.example",), (), State.WRONG, "malformed"),
        (("v=DMARC1; p=rejects",), (), State.WRONG, "malformed"),
        (("v=DMARC1; p=reject; sp=all",), (), State.WRONG, "malformed"),
        (("v=DMARC1; p=reject; p=none",), (), State.WRONG, "malformed"),
        (("v=DMARC1; p=reject; mailto:x@db2030.example",), (), State.WRONG, "malformed"),
        (("v=DMARC1 p=reject",), (), State.WRONG, "malformed"),
        (("v=dmarc1; p=reject",), (), State.WRONG, "malformed"),
        ((), ("v=DMARC1; p=reject; sp=none; rua=mailto:x@db2030.example",), State.WEAK, "(p=none)"),
        ((), (DMARC,), State.GOOD, "(p=reject), and"),
        (("v=spf1 -all",), (DMARC,), State.GOOD, "(p=reject), and"),
        ((), (DMARC, DMARC), State.WRONG, f"{ABOVE} has 2 records"),
        (("v=DMARC1; p=none; sp=reject",), (DMARC,), State.WEAK, "(p=none)"),
        ((), (), State.MISSING, f"{DOMAIN} has no DMARC record"),
        (None, (DMARC,), State.UNKNOWN, f"about {OWN}."),
        ((), None, State.UNKNOWN, f"about {ABOVE}."),
        ((DMARC,), None, State.GOOD, "passes"),
    ],
)
def test_a_policy_is_the_domains_own_or_its_organisations(own: Answer, above: Answer, state: State, words: str) -> None:
    dmarc = judged(IDENTITY, **{OWN: own, ABOVE: above})[Protocol.DMARC]

    assert dmarc.state is state
    assert words in said(dmarc)


UNSIGNED = {name: () for name in KEYS}
STRICT = "v=DMARC1; p=reject; aspf=s; rua=mailto:x@db2030.example"


@pytest.mark.parametrize(
    ("identity", "changes", "state"),
    [
        (IDENTITY, {}, State.GOOD),
        (IDENTITY, UNSIGNED, State.WRONG),
        (IDENTITY, {name: None for name in KEYS}, State.UNKNOWN),
        (Identity(replace(SIGNED, status="TemporaryFailure"), AMAZONS_OWN), {}, State.UNKNOWN),
        (IDENTITY_WITH_MAIL_FROM, UNSIGNED, State.GOOD),
        (IDENTITY_WITH_MAIL_FROM, UNSIGNED | {MAIL_FROM: ("v=spf1 include:amazonses.com ?all",)}, State.GOOD),
        (IDENTITY_WITH_MAIL_FROM, UNSIGNED | {MAIL_FROM: ()}, State.WRONG),
        (IDENTITY_WITH_MAIL_FROM, UNSIGNED | {MAIL_FROM: None}, State.UNKNOWN),
        (IDENTITY_WITH_MAIL_FROM, UNSIGNED | {OWN: (STRICT,)}, State.WRONG),
        (Identity(Signing(), DOMAIN), {DOMAIN: (SPF,), OWN: (STRICT,)}, State.GOOD),
        (Identity(Signing(), None), {}, State.UNKNOWN),
        (Identity(None, AMAZONS_OWN), {}, State.UNKNOWN),
        (Identity(None, MAIL_FROM), {}, State.GOOD),
    ],
)
def test_a_policy_that_stops_mail_lets_ours_pass_if_spf_or_dkim_vouches_for_the_domain(
    identity: Identity, changes: dict[str, Answer], state: State
) -> None:
    dmarc = judged(identity, **changes)[Protocol.DMARC]

    assert dmarc.state is state
    assert "p=reject" in said(dmarc)


@pytest.mark.parametrize(
    ("domain", "above"),
    [("db2030.example", "db2030.example"), ("a.b.db2030.example", "db2030.example"), ("localhost", "localhost")],
)
def test_the_organisation_has_two_labels(domain: str, above: str) -> None:
    assert organisation(domain) == above
