"""The DNS and SES's identities in memory."""

from collections.abc import Collection, Mapping
from typing import Final

from shared.sender.model import AMAZONS_OWN, Answer, Identity, Kind, Question, Signing

TOKENS: Final = tuple(letter * 32 for letter in "abc")
SIGNED: Final = Identity(Signing(TOKENS, "Success"), AMAZONS_OWN)


class InMemoryNames:
    """The DNS in memory: `texts` and `aliases` by name. It does not answer about names that are `silent`."""

    def __init__(
        self,
        texts: Mapping[str, tuple[str, ...]] | None = None,
        aliases: Mapping[str, str] | None = None,
        silent: Collection[str] = (),
    ) -> None:
        self._kept = {Question(name, Kind.TXT): records for name, records in (texts or {}).items()}
        self._kept |= {Question(name, Kind.CNAME): (target,) for name, target in (aliases or {}).items()}
        self._silent = silent

    def answers(self, questions: Collection[Question]) -> Mapping[Question, Answer]:
        return {one: None if one.name in self._silent else self._kept.get(one, ()) for one in questions}


class InMemoryIdentities:
    """SES's identities in memory, which all domains have alike."""

    def __init__(self, identity: Identity) -> None:
        self.identity = identity

    def get(self, domain: str) -> Identity:
        return self.identity


def published(domain: str, *dmarc: str) -> InMemoryNames:
    """Return the DNS with what a domain whose mail is signed needs in it, and these DMARC records."""
    keys = {f"{token}._domainkey.{domain}": f"{token}.dkim.{AMAZONS_OWN}" for token in TOKENS}
    return InMemoryNames(texts={f"_dmarc.{domain}": dmarc}, aliases=keys)
