"""What the DNS must say of a domain whose mail Amazon SES sends: SPF (RFC 7208), DKIM (RFC 6376), DMARC (RFC 7489).

Receivers take a mail for genuine when SPF or DKIM passes for the domain in From. Only the records that are asked for
are judged, not those that they refer to.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import takewhile
from typing import Final

from shared.refusals import N_

AMAZONS_OWN: Final = "amazonses.com"
"""The domain in MAIL FROM where SES uses no other. Its SPF records are Amazon's."""

MOST_LOOKUPS: Final = 10
"""How many terms that ask the DNS there may be (RFC 7208, 4.6.4). Those of included records count too, but not here."""

POLICIES: Final = ("none", "quarantine", "reject")
"""What receivers can be asked to do with mail that fails (RFC 7489, 6.3)."""

_SPF: Final = re.compile(r"v=spf1( |$)", re.IGNORECASE)
_SPF_TERM: Final = re.compile(
    r"(?P<qualifier>[-+~?]?)(?P<name>all(?=$)|(?:a|mx|ptr)(?=[:/]|$)|(?:include|exists|ip4|ip6)(?=:.)|[a-z][\w.-]*(?==))"
    r"(?P<value>.*)"
)
_INCLUDED: Final = (f"include:{AMAZONS_OWN}", f"include:{AMAZONS_OWN}.")
_ASKING: Final = frozenset({"include", "a", "mx", "ptr", "exists", "redirect"})

_DMARC: Final = re.compile(r"v\s*=\s*dmarc", re.IGNORECASE)
_VERSION: Final = re.compile(r"[vV]\s*=\s*DMARC1\s*;")

_DNS_SILENT: Final = N_("The DNS did not answer about %(name)s. Look again later.")
_SES_SILENT: Final = N_("Amazon SES did not say how it sends mail from %(domain)s. Look again later.")
_SEVERAL: Final = N_("%(name)s has %(count)s records of this kind. Only one is allowed, so none of them counts.")
_MALFORMED: Final = N_("The record of %(name)s is malformed, so it does not count.")
_NOTHING_ASKED: Final = N_("Receivers let forgeries of %(domain)s through, and report them (p=none).")
_NOTHING_ASKED_OR_TOLD: Final = N_(
    "Receivers let forgeries of %(domain)s through (p=none), and report to nobody (no rua)."
)
_GUARDED: Final = N_("Receivers stop forgeries of %(domain)s (p=%(policy)s), and mail from Amazon SES passes.")
_GUARDED_UNTOLD: Final = N_(
    "Receivers stop forgeries of %(domain)s (p=%(policy)s) and report to nobody (no rua). Mail from Amazon SES passes."
)


class Protocol(StrEnum):
    """What vouches for a mail."""

    SPF = "spf"
    DKIM = "dkim"
    DMARC = "dmarc"


class State(StrEnum):
    """How well it does. UNKNOWN: the DNS or SES did not answer."""

    GOOD = "good"
    WEAK = "weak"
    MISSING = "missing"
    WRONG = "wrong"
    UNKNOWN = "unknown"


class Kind(StrEnum):
    """Which records are asked for."""

    TXT = "TXT"
    CNAME = "CNAME"


@dataclass(frozen=True, slots=True)
class Question:
    """A question to the DNS. The name is in ASCII, without a dot at the end."""

    name: str
    kind: Kind


Answer = tuple[str, ...] | None
"""The records, names in them without a dot at the end. None if nobody answered; that there are none is an answer."""


@dataclass(frozen=True, slots=True)
class Signing:
    """How SES signs by Easy DKIM: a record for each token, and SES's word for whether it has found them.

    Without tokens nothing is signed.
    """

    tokens: tuple[str, ...] = ()
    status: str = "NotStarted"


@dataclass(frozen=True, slots=True)
class Identity:
    """A domain as SES knows it: how mail is signed, and the domain in MAIL FROM. None is what SES did not say."""

    signing: Signing | None
    mail_from: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check came to: the records as found, and a sentence whose `%(name)s` places `values` fill."""

    what: Protocol
    state: State
    records: tuple[str, ...]
    say: str
    values: Mapping[str, object] = field(default_factory=dict)


def questions(domain: str, identity: Identity) -> frozenset[Question]:
    """Return what has to be asked to judge a domain."""
    asked = {_policy(domain), _policy(organisation(domain))}
    if identity.signing is not None:
        asked |= {_key(token, domain) for token in identity.signing.tokens}
    if identity.mail_from not in (None, AMAZONS_OWN):
        asked.add(Question(identity.mail_from, Kind.TXT))
    return frozenset(asked)


def judge(domain: str, identity: Identity, answers: Mapping[Question, Answer]) -> tuple[Finding, Finding, Finding]:
    """Return what SPF, DKIM and DMARC make of mail from a domain. Each of its `questions` needs an answer."""
    dkim = _dkim(domain, identity.signing, answers)
    spf = _spf(domain, identity.mail_from, answers, signed=dkim.state is State.GOOD)
    return spf, dkim, _dmarc(domain, identity.mail_from, answers, spf=spf.state, dkim=dkim.state)


def organisation(domain: str) -> str:
    """Return the organisational domain (RFC 7489, 3.2), as far as that can be told without a list of public suffixes.

    It is the last two labels: right for libraries under .dk, wrong under a suffix like co.uk.
    """
    return ".".join(domain.split(".")[-2:])


def _spf(domain: str, mail_from: str | None, answers: Mapping[Question, Answer], *, signed: bool) -> Finding:
    if mail_from is None:
        return Finding(Protocol.SPF, State.UNKNOWN, (), _SES_SILENT, {"domain": domain})
    if mail_from == AMAZONS_OWN:
        say = N_("Mail leaves in Amazon’s own name, which SPF vouches for. Only DKIM can vouch for %(domain)s.")
        return Finding(Protocol.SPF, State.GOOD if signed else State.WEAK, (), say, {"domain": domain})
    records = _of_kind(_SPF, answers[Question(mail_from, Kind.TXT)])

    def found(state: State, say: str) -> Finding:
        values = {"name": mail_from, "count": len(records or ()), "limit": MOST_LOOKUPS}
        return Finding(Protocol.SPF, state, records or (), say, values)

    if records is None:
        return found(State.UNKNOWN, _DNS_SILENT)
    if not records:
        return found(State.MISSING, N_("%(name)s has no SPF record. It needs: v=spf1 include:amazonses.com ~all"))
    if len(records) > 1:  # permerror (RFC 7208, 4.5)
        return found(State.WRONG, _SEVERAL)
    return found(*_weighed(records[0]))


def _weighed(spf: str) -> tuple[State, str]:
    """Return what an SPF record makes of mail from SES, and the sentence that says so."""
    read = [_SPF_TERM.fullmatch(term) for term in spf.lower().split()[1:]]
    terms = [term.group("qualifier", "name", "value") for term in read if term]
    if len(terms) < len(read):  # permerror (RFC 7208, 4.6)
        return State.WRONG, _MALFORMED
    # What stands after `all` is never tested (RFC 7208, 5.1).
    tested = list(takewhile(lambda term: term[1] != "all", terms))
    if sum(name in _ASKING for _, name, _ in tested) > MOST_LOOKUPS:
        return State.WRONG, N_(
            "The SPF record of %(name)s needs more than the %(limit)s look-ups that are allowed, so it does not count."
        )
    if not any(qualifier in ("", "+") and name + value in _INCLUDED for qualifier, name, value in tested):
        return State.WRONG, N_(
            "The SPF record of %(name)s does not let Amazon SES send: include:amazonses.com is missing."
        )
    endings = [qualifier + name for qualifier, name, _ in terms if name in ("all", "redirect")]
    if endings[:1] not in (["-all"], ["~all"], ["redirect"]):
        return State.WEAK, N_(
            "The SPF record of %(name)s lets Amazon SES send, but keeps nobody else from it: it does not end with ~all "
            "or -all."
        )
    return State.GOOD, N_(
        "The SPF record of %(name)s lets Amazon SES send. What other records it refers to was not looked at."
    )


def _dkim(domain: str, signing: Signing | None, answers: Mapping[Question, Answer]) -> Finding:
    """Each token's name must be an alias of the key that SES keeps. In some regions its name has the region in it."""
    if signing is None:
        return Finding(Protocol.DKIM, State.UNKNOWN, (), _SES_SILENT, {"domain": domain})
    if not signing.tokens:
        say = N_("Amazon SES does not sign mail from %(domain)s.")
        return Finding(Protocol.DKIM, State.MISSING, (), say, {"domain": domain})
    told = {token: answers[_key(token, domain)] for token in signing.tokens}
    records = tuple(one for answer in told.values() for one in answer or ())

    def found(state: State, say: str, *tokens: str) -> Finding:
        names = ", ".join(_key(token, domain).name for token in tokens)
        return Finding(Protocol.DKIM, state, records, say, {"domain": domain, "name": names, "status": signing.status})

    if silent := [token for token, answer in told.items() if answer is None]:
        return found(State.UNKNOWN, _DNS_SILENT, *silent)
    if astray := [token for token, answer in told.items() if not all(_is_key(token, one) for one in answer or ())]:
        return found(State.WRONG, N_("These records do not point to the keys of Amazon SES: %(name)s."), *astray)
    if missing := [token for token, answer in told.items() if not answer]:
        return found(State.MISSING, N_("These records are missing: %(name)s."), *missing)
    if signing.status != "Success":
        return found(
            State.WEAK, N_("The records are there, but Amazon SES has not confirmed them. It says: %(status)s.")
        )
    return found(State.GOOD, N_("Amazon SES signs mail from %(domain)s, and the records of its keys are there."))


def _dmarc(
    domain: str, mail_from: str | None, answers: Mapping[Question, Answer], *, spf: State, dkim: State
) -> Finding:
    asked = _policy(domain)
    records = _of_kind(_DMARC, answers[asked])
    inherited = records == ()  # from the organisational domain (RFC 7489, 6.6.3)
    if inherited:
        asked = _policy(organisation(domain))
        records = _of_kind(_DMARC, answers[asked])

    def found(state: State, say: str, policy: str = "") -> Finding:
        values = {"domain": domain, "name": asked.name, "count": len(records or ()), "policy": policy}
        return Finding(Protocol.DMARC, state, records or (), say, values)

    if records is None:
        return found(State.UNKNOWN, _DNS_SILENT)
    if not records:
        return found(
            State.MISSING, N_("%(domain)s has no DMARC record. Begin with one at _dmarc.%(domain)s: v=DMARC1; p=none")
        )
    if len(records) > 1:  # none of them applies (RFC 7489, 6.6.3)
        return found(State.WRONG, _SEVERAL)
    tags = _tags(records[0])
    if tags is None:
        return found(State.WRONG, _MALFORMED)
    policy = tags.get("sp", tags["p"]) if inherited else tags["p"]
    aligned = mail_from is not None and _aligned(mail_from, domain, strictly=tags.get("aspf") == "s")
    if policy == "none":
        return found(State.WEAK, _NOTHING_ASKED if tags.get("rua") else _NOTHING_ASKED_OR_TOLD)
    if dkim is State.GOOD or (aligned and spf in (State.GOOD, State.WEAK)):
        return found(State.GOOD, _GUARDED if tags.get("rua") else _GUARDED_UNTOLD, policy)
    if State.UNKNOWN in (spf, dkim) or dkim is State.WEAK:  # SES may sign what it has not confirmed, or not
        say = N_("Receivers stop forgeries (p=%(policy)s). Whether mail from Amazon SES passes is not known now.")
        return found(State.UNKNOWN, say, policy)
    say = N_(
        "Receivers stop forgeries (p=%(policy)s), and mail from Amazon SES too: neither SPF nor DKIM vouches for it."
    )
    return found(State.WRONG, say, policy)


def _tags(dmarc: str) -> Mapping[str, str] | None:
    """Return a record's tags in small letters.

    None unless its version comes first, there is a policy, and nothing stands twice (RFC 7489, 6.3; RFC 6376, 3.2).
    """
    pairs = [part.partition("=") for part in dmarc.rstrip("; ").split(";")]
    tags = {name.strip().lower(): value.strip().lower() for name, _, value in pairs}
    well_formed = all(separator for _, separator, _ in pairs) and len(tags) == len(pairs)
    known = {tags.get("p"), tags.get("sp", "none")} <= set(POLICIES)
    return tags if well_formed and known and _VERSION.match(dmarc) else None


def _aligned(mail_from: str, domain: str, *, strictly: bool) -> bool:
    """Whether SPF for the domain in MAIL FROM counts for the one in From (RFC 7489, 3.1.2)."""
    return mail_from == domain if strictly else organisation(mail_from) == organisation(domain)


def _of_kind(pattern: re.Pattern[str], answer: Answer) -> Answer:
    """Return the TXT records that are meant for one protocol."""
    return answer and tuple(one for one in answer if pattern.match(one))


def _policy(domain: str) -> Question:
    return Question(f"_dmarc.{domain}", Kind.TXT)


def _key(token: str, domain: str) -> Question:
    return Question(f"{token}._domainkey.{domain}", Kind.CNAME)


def _is_key(token: str, target: str) -> bool:
    """Whether SES keeps the key there: `<token>.dkim.amazonses.com`, in some regions with the region before Amazon."""
    return target.lower().startswith(f"{token.lower()}.dkim.") and target.lower().endswith(f".{AMAZONS_OWN}")
