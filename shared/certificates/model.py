"""A certificate that somebody was there: who has earned one, and what it says."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from shared.gatherings.model import Gathering, Session, Text
from shared.refusals import N_, Refusal
from shared.registration.model import Registration, Status

_NOT_IN_CODES: Final = re.compile(r"[^a-z2-7]")
_GROUP: Final = 4


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate says, as it was on the day. It names nobody: the name is the registration's.

    `code` is what it is found by, and is known to who has it alone. `minutes` are those of the sessions that the person
    was in, `held` when the first began and the last ended.
    """

    code: str
    gathering_id: str
    registration_id: str
    title: Text
    held: tuple[datetime, datetime]
    minutes: int
    goals: tuple[int, ...]
    issued_at: datetime
    revoked_at: datetime | None = None

    @classmethod
    def of(
        cls, code: str, one: Registration, gathering: Gathering, sessions: tuple[Session, ...], now: datetime
    ) -> "Certificate":
        """Return the certificate of somebody who was in these sessions of a gathering."""
        return cls(
            code=code,
            gathering_id=gathering.id,
            registration_id=one.id,
            title=gathering.title,
            held=(min(each.starts_at for each in sessions), max(each.ends_at for each in sessions)),
            minutes=sum(int((each.ends_at - each.starts_at).total_seconds()) // 60 for each in sessions),
            goals=gathering.goals,
            issued_at=now,
        )

    @property
    def number(self) -> str:
        """Its code as people write it: `ABCD-EFGH-IJKL-MNOP`."""
        groups = (self.code[at : at + _GROUP] for at in range(0, len(self.code), _GROUP))
        return "-".join(groups).upper()

    def revoked(self, now: datetime) -> "Certificate":
        """Return it as no longer good; itself if it is that already."""
        return self if self.revoked_at else replace(self, revoked_at=now)


def code_of(typed: str) -> str:
    """Return the code that somebody typed, in small letters and without what people put between."""
    return _NOT_IN_CODES.sub("", typed.casefold())


def earned(one: Registration, gathering: Gathering, now: datetime) -> tuple[Session, ...]:
    """Return the sessions that somebody gets a certificate for; none if it was not earned, or is not over.

    The gathering says which share of one's sessions one has to have been in, in percent.
    """
    if gathering.certificate_share is None or not gathering.held(now) or one.status is not Status.CONFIRMED:
        return ()
    mine = [session for session in gathering.sessions if session.id in one.sessions]
    there = tuple(session for session in mine if session.id in one.attended and one.attended[session.id].was_there)
    return there if there and len(there) * 100 >= gathering.certificate_share * len(mine) else ()


def earning(registrations: Iterable[Registration], gathering: Gathering, now: datetime) -> Iterator[Registration]:
    """Yield those who have earned a certificate and have none."""
    return (one for one in registrations if one.certificate is None and earned(one, gathering, now))


class CertificateNotFound(Refusal):
    """Nobody was given this code."""

    kind = "certificate-not-found"
    status = 404
    message = N_("We have given no certificate with this number. Look whether every letter is right.")
