"""Who takes part: another address, and what a coordinator puts right."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from events.envelope import Envelope
from events.registration import (
    RegistrationAddressChanged,
)
from shared import addresses
from shared.gatherings.model import Gathering
from shared.refusals import N_, Fault, Invalid
from shared.registration.applying import domain_key, email_fault, guard, mailbox, sameness, tidy_name
from shared.registration.facts import fact
from shared.registration.model import (
    Awaits,
    By,
    Participant,
    Registration,
    Role,
)
from shared.registration.ports import (
    Libraries,
    Surroundings,
)
from shared.registration.rewriting import Key, live, of_version, rewrite, told_of


def change_address(
    key: Key, email: str, by: By, *, around: Surroundings, now: datetime, correlation_id: str
) -> Registration:
    """Send everything to another address from now on. The old one is told, and links in its mails are dead.

    It is to be proven like any: the seat is held until then. Raise Invalid, AlreadyRegistered or TooLateToChange.
    """
    sendable = addresses.sendable(email)
    if sendable is None:
        raise Invalid(email_fault(email))

    def moved(one: Registration, gathering: Gathering) -> Registration:
        live(one).check_changeable(gathering, by, now)
        if sameness(sendable) == sameness(one.participant.email):
            return one
        domain = addresses.domain(sendable)
        awaits = one.awaits - {Awaits.PROOF, Awaits.LIBRARY}
        if not around.libraries.domain_is_of(domain, one.participant.library):
            awaits |= {Awaits.PROOF}
            # Who only typed an address of the library, and never had mail there, has not shown to work there.
            if Awaits.LIBRARY in one.awaits or (one.unproven and one.came_by_library(gathering)):
                awaits |= {Awaits.LIBRARY}
        return one.readdressed(
            sendable,
            by,
            now,
            awaits=awaits,
            hold_until=around.deadlines.hold_until(now, gathering.starts_at),
            guard=guard(one.gathering_id, one.participant.name, sendable, around.secret),
            person=mailbox(sendable, around.secret),
            unproven=domain_key(domain, around.secret),
        )

    told = told_of(RegistrationAddressChanged, now, correlation_id)
    return rewrite(key, moved, around, now, correlation_id, facts=told)


@dataclass(frozen=True, slots=True)
class Correction:
    """What is put right of who takes part, as typed; None leaves it as it is."""

    name: str | None = None
    email: str | None = None
    library: str | None = None
    role: str | None = None

    def onto(self, was: Participant, libraries: Libraries) -> Participant:
        """Return who takes part. Raise Invalid with every fault at once."""
        faults: list[Fault] = []
        name, email, library, role = was.name, was.email, was.library, was.role
        if self.name is not None:
            try:
                name = tidy_name(self.name)
            except Invalid as invalid:
                faults += invalid.faults
        if self.email is not None and sameness(self.email) != sameness(was.email):
            if (sendable := addresses.sendable(self.email)) is None:
                faults.append(email_fault(self.email))
            else:
                email = sendable
        if self.library not in (None, was.library):
            if self.library and libraries.knows(self.library):
                library = libraries.current(self.library).id
            else:
                faults.append(Fault("library", N_("We do not know that library. Choose one from the list.")))
        if self.role is not None:
            if self.role in tuple(Role):
                role = Role(self.role)
            else:
                faults.append(Fault("role", N_("Choose staff or leader.")))
        if faults:
            raise Invalid(*faults)
        return Participant(name, email, library, role)


def correct(
    key: Key,
    correction: Correction,
    by: By,
    *,
    version: int | None = None,
    around: Surroundings,
    now: datetime,
    correlation_id: str,
) -> Registration:
    """Put right who takes part, on a coordinator's word: a new address or library needs no other proof.

    Everything goes to a new address from then on, as when the person changes it. In another library the person counts,
    and is not stopped by its share: who has been let in stays so. Raise Invalid, AlreadyRegistered or
    RegistrationChangedMeanwhile.
    """

    def corrected(one: Registration, _: Gathering) -> Registration:
        was = live(of_version(one, version)).participant
        who = correction.onto(was, around.libraries)
        if who == was:
            return one
        known: set[Awaits] = set()
        if who.library != was.library:
            known.add(Awaits.LIBRARY)
        moved: dict[str, object] = {}
        if who.email != was.email:
            known.add(Awaits.PROOF)
            if around.libraries.domain_is_of(addresses.domain(who.email), who.library):
                known.add(Awaits.LIBRARY)
            moved = {
                "unproven": "",
                # An address that mails do not reach cannot be told either.
                "former_email": None if one.mail_problem else was.email,
                "mail_problem": None,
                "link_generation": one.link_generation + 1,
            }
        return one.corrected(
            who,
            by,
            now,
            known=frozenset(known),
            guard=guard(one.gathering_id, who.name, who.email, around.secret),
            person=mailbox(who.email, around.secret),
            **moved,
        )

    def told(before: Registration, after: Registration) -> Iterable[Envelope[Any]]:
        if after.participant.email != before.participant.email:
            yield fact(RegistrationAddressChanged, after, now, correlation_id)

    return rewrite(key, corrected, around, now, correlation_id, facts=told)
