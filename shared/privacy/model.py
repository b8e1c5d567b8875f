"""Every piece of personal data that is kept: where, what for, by what right, who gets it, and until when.

The one table that the privacy page, the date on the form and the nightly deletion go by (GDPR, Article 5(1)(e), 13
and 30). Sentences are gettext message ids.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from shared.refusals import N_
from shared.time import months_later


class Group(StrEnum):
    """What is deleted together, so many days or months after a gathering."""

    NEEDS = "needs"
    """Diet and accommodation."""

    INTEREST = "interest"
    """Addresses of those who asked to be told, and were not."""

    PARTICIPATION = "participation"
    """Registrations with all that belongs to them, who booked, and who was invited."""


@dataclass(frozen=True, slots=True)
class Periods:
    """How long things are kept after a gathering, as the network's profile says."""

    kept_months: int
    needs_days: int

    def erased_on(self, group: Group, ends_at: datetime) -> date:
        """Return the day that a group is deleted on, in the hours of the night, by the clock that `ends_at` goes by."""
        ended = ends_at.date()
        match group:
            case Group.NEEDS:
                return ended + timedelta(days=self.needs_days)
            case Group.INTEREST:
                return ended + timedelta(days=1)
            case Group.PARTICIPATION:
                return months_later(ended, self.kept_months)

    def links_until(self, ends_at: datetime) -> datetime:
        """Return when links to registrations and bookings end: with the day that these are deleted on, never before."""
        day = self.erased_on(Group.PARTICIPATION, ends_at) + timedelta(days=1)
        return datetime(day.year, day.month, day.day, tzinfo=ends_at.tzinfo)

    def due(self, ends_at: datetime, now: datetime) -> frozenset[Group]:
        """Return the groups that are to be deleted by now, of a gathering that ends then."""
        today = now.astimezone(ends_at.tzinfo).date()
        return frozenset(group for group in Group if self.erased_on(group, ends_at) <= today)


@dataclass(frozen=True, slots=True)
class AfterGathering:
    """Until a day after the gathering that the profile decides."""

    group: Group


@dataclass(frozen=True, slots=True)
class AfterCreation:
    """For a fixed time from when it was written."""

    span: timedelta


@dataclass(frozen=True, slots=True)
class UntilDone:
    """Until it has served its purpose: `when` says so in a sentence. `latest` is when it goes at the latest."""

    when: str
    latest: AfterGathering | AfterCreation | None = None


Retention = AfterGathering | AfterCreation | UntilDone


class Heading(StrEnum):
    """Whom a part of the table is about. The value is a sentence."""

    PARTICIPANTS = N_("When you sign up")
    OTHERS = N_("When you sign others up, are invited, or ask to be told")
    STAFF = N_("When you work here as coordinator, editor or viewer")
    MACHINERY = N_("What the machinery keeps for a while")


_HOLD: Final = N_("Article 6(1)(b) and (f); for public bodies (e)")
_CONSENT: Final = N_("Your own choice to tell us: Article 6(1)(a) and 9(2)(a)")
_ASKED: Final = N_("Your own choice: Article 6(1)(a)")
_SAFETY: Final = N_("Article 6(1)(f): our systems must be safe and work")
_ACCOUNT: Final = N_("Article 6(1)(f): we answer for what is done with people’s data (Article 5(2))")

_ORGANISERS: Final = N_("The network’s coordinators")
_NOBODY: Final = N_("Nobody")
_HOSTING: Final = N_("Our supplier of hosting")

_AS_LONG_AS_REGISTRATION: Final = AfterGathering(Group.PARTICIPATION)


@dataclass(frozen=True, slots=True)
class Record:
    """A row. `kept_in` names the item classes that hold it, and their attributes; none where it is not in the table."""

    id: str
    heading: Heading
    what: str
    why: str
    basis: str
    recipients: str
    until: Retention
    kept_in: Mapping[str, frozenset[str]] = field(default_factory=dict)


def records() -> tuple[Record, ...]:
    """Return the whole table, in the order of the page."""
    return (*_PARTICIPANTS, *_OTHERS, *_STAFF, *_MACHINERY)


def of_item(item: str) -> frozenset[str]:
    """Return the attributes of an item class that hold personal data."""
    return frozenset().union(*(record.kept_in.get(item, frozenset()) for record in records()))


def under(heading: Heading) -> Iterator[Record]:
    """Yield the rows of one part of the table."""
    return (record for record in records() if record.heading is heading)


_PARTICIPANTS: Final = (
    Record(
        "participant",
        Heading.PARTICIPANTS,
        N_("Your name and your work e-mail, also the one you had before if you change it"),
        N_("To give you your seat and write to you about the gathering"),
        _HOLD,
        _ORGANISERS,
        _AS_LONG_AS_REGISTRATION,
        {"RegistrationItem": frozenset({"name", "email", "former_email"})},
    ),
    Record(
        "workplace",
        Heading.PARTICIPANTS,
        N_("Your library and whether you are a leader"),
        N_("To see how far the programme reaches. It is shown as numbers, never with names"),
        _HOLD,
        N_("The network’s coordinators. Your library’s leader, and those who pay, get numbers"),
        _AS_LONG_AS_REGISTRATION,
        {"RegistrationItem": frozenset({"library", "role"})},
    ),
    Record(
        "seat",
        Heading.PARTICIPANTS,
        N_("Which sessions you come to, on site or online, your place on the waiting list, and what became of it"),
        N_("To share the seats fairly, and to be able to tell you why you have one or not"),
        _HOLD,
        _ORGANISERS,
        _AS_LONG_AS_REGISTRATION,
        {"RegistrationItem": frozenset({"history", "note"})},
    ),
    Record(
        "joined",
        Heading.PARTICIPANTS,
        N_("When you pressed the button to take part online"),
        N_("To see how many took part"),
        _HOLD,
        N_("The network’s coordinators. Those who pay get numbers"),
        _AS_LONG_AS_REGISTRATION,
        {"RegistrationItem": frozenset({"joined"})},
    ),
    Record(
        "attended",
        Heading.PARTICIPANTS,
        N_("Whether you were there, who noted it, and how long you were in an online meeting; and your certificate"),
        N_("To give you a certificate, and to see how many took part"),
        _HOLD,
        N_("The network’s coordinators. Those who pay get numbers"),
        _AS_LONG_AS_REGISTRATION,
        {"RegistrationItem": frozenset({"attended", "certificate"})},
    ),
    Record(
        "overtaking",
        Heading.PARTICIPANTS,
        N_("The reason, when a coordinator gives somebody a seat out of turn"),
        N_("So that those who were passed over can see why"),
        _HOLD,
        N_("The network’s coordinators, and those who were passed over"),
        _AS_LONG_AS_REGISTRATION,
        {"OvertakingItem": frozenset({"why"})},
    ),
    Record(
        "answers",
        Heading.PARTICIPANTS,
        N_("Your answers to the gathering’s questions"),
        N_("To plan the gathering"),
        _HOLD,
        _ORGANISERS,
        _AS_LONG_AS_REGISTRATION,
        {"RegistrationItem": frozenset({"answers"})},
    ),
    Record(
        "needs",
        Heading.PARTICIPANTS,
        N_("What you tell us of diet and access, if you do"),
        N_("To make it possible for you to take part"),
        _CONSENT,
        N_("The gathering’s contact. Caterers get numbers without names"),
        AfterGathering(Group.NEEDS),
        {"RegistrationItem": frozenset({"diet", "accommodation"})},
    ),
    Record(
        "invoice",
        Heading.PARTICIPANTS,
        N_("EAN/GLN number and reference, where a gathering costs something"),
        N_("To send the invoice to the right place"),
        _HOLD,
        N_("The network’s coordinators, and who sends the invoice"),
        _AS_LONG_AS_REGISTRATION,
        {"RegistrationItem": frozenset({"gln", "reference"})},
    ),
    Record(
        "fingerprint",
        Heading.PARTICIPANTS,
        N_("A fingerprint of your name and address: a number that nobody else can make, or turn back"),
        N_("To see that you are signed up already, and to find your registrations when you ask for your links"),
        _HOLD,
        _NOBODY,
        _AS_LONG_AS_REGISTRATION,
        {
            "RegistrationItem": frozenset({"guard", "person"}),
            "GuardItem": frozenset({"pk"}),
            "ReceiptItem": frozenset({"person"}),
            "LeftOutItem": frozenset({"person"}),
            "InvitationItem": frozenset({"person"}),
            "MarksItem": frozenset({"person"}),
        },
    ),
    Record(
        "turn",
        Heading.PARTICIPANTS,
        N_("The fingerprint of your address, on days when we write to you besides what you need to take part"),
        N_("To write to you at most once a day"),
        _HOLD,
        _NOBODY,
        AfterCreation(timedelta(days=3)),
        {"TurnItem": frozenset({"pk", "person"})},
    ),
    Record(
        "follow-up",
        Heading.PARTICIPANTS,
        N_("The fingerprint of your address, and which programme we have asked you about some months later"),
        N_("To ask you once only"),
        _HOLD,
        _NOBODY,
        AfterCreation(timedelta(days=400)),
        {"FollowUpItem": frozenset({"pk", "person"})},
    ),
    Record(
        "mailbox",
        Heading.PARTICIPANTS,
        N_("By the fingerprint of your address: that it takes no mail, or which mails you do not want"),
        N_("To send you nothing that does not arrive, or that you do not want"),
        _HOLD,
        _ORGANISERS,
        AfterCreation(timedelta(days=730)),
        {"MailboxItem": frozenset({"pk", "person", "unwanted"})},
    ),
    Record(
        "mail",
        Heading.PARTICIPANTS,
        N_("That a mail was sent to you, when, and whether it arrived; not your address, and not what it said"),
        N_("To send no mail twice, and to see when one did not arrive"),
        _HOLD,
        _ORGANISERS,
        AfterCreation(timedelta(days=400)),
    ),
)

_OTHERS: Final = (
    Record(
        "booker",
        Heading.OTHERS,
        N_("Your name and e-mail, and whom you signed up"),
        N_("To send you a receipt, and to tell your colleagues who signed them up"),
        _HOLD,
        N_("The network’s coordinators, and those whom you signed up"),
        _AS_LONG_AS_REGISTRATION,
        {"ReceiptItem": frozenset({"name", "email"})},
    ),
    Record(
        "left-out",
        Heading.OTHERS,
        N_("Your name, when a colleague signed you up and there was no room"),
        N_("To tell your colleague so"),
        _HOLD,
        N_("Whoever signed you up"),
        _AS_LONG_AS_REGISTRATION,
        {"LeftOutItem": frozenset({"name"})},
    ),
    Record(
        "interest",
        Heading.OTHERS,
        N_("Your e-mail, and your library and role if you give them, when you ask to be told that you can sign up"),
        N_("To send you that one mail"),
        _ASKED,
        _NOBODY,
        UntilDone(N_("When the mail is sent"), AfterGathering(Group.INTEREST)),
        {
            "InterestItem": frozenset({"email", "guard", "library", "person", "role"}),
            "InterestGuardItem": frozenset({"pk", "person"}),
        },
    ),
    Record(
        "links",
        Heading.OTHERS,
        N_("Your e-mail, when you ask for the links to your registrations"),
        N_("To send you that one mail"),
        _ASKED,
        _NOBODY,
        UntilDone(N_("When the mail is sent"), AfterCreation(timedelta(days=1))),
        {"LinksRequestItem": frozenset({"email", "person"})},
    ),
    Record(
        "invitation",
        Heading.OTHERS,
        N_("Your e-mail, when a coordinator invites you"),
        N_("To send you the invitation, and to let you in"),
        _HOLD,
        _ORGANISERS,
        _AS_LONG_AS_REGISTRATION,
        {"InvitationItem": frozenset({"email"})},
    ),
    Record(
        "invited",
        Heading.OTHERS,
        N_("Your e-mail, where a round of registration is for certain people"),
        N_("To let you in"),
        _HOLD,
        _ORGANISERS,
        _AS_LONG_AS_REGISTRATION,
        {"GatheringItem": frozenset({"document"}), "ProgrammeItem": frozenset({"document"})},
    ),
    Record(
        "import",
        Heading.OTHERS,
        N_("What a coordinator’s list of participants says of you, while it is looked through"),
        N_("To show the coordinator what will change before it does"),
        _HOLD,
        _ORGANISERS,
        AfterCreation(timedelta(days=1)),
        {"PreviewItem": frozenset({"part", "outcome"})},
    ),
)

_STAFF: Final = (
    Record(
        "account",
        Heading.STAFF,
        N_("Your e-mail, your role, and what you sign in with"),
        N_("So that only those who should can see and change things"),
        _SAFETY,
        N_("The network’s coordinators, and our supplier of hosting"),
        UntilDone(N_("When a coordinator removes you")),
    ),
    Record(
        "login",
        Heading.STAFF,
        N_("That you are signed in: your e-mail and roles"),
        N_("So that you need not sign in on every page"),
        _SAFETY,
        _NOBODY,
        UntilDone(N_("When you sign out"), AfterCreation(timedelta(hours=12))),
        {"LoginItem": frozenset({"person_id", "email", "roles"})},
    ),
    Record(
        "trial",
        Heading.STAFF,
        N_("Your e-mail, when you have a mail sent to yourself to see how it looks"),
        N_("To send you that mail"),
        _SAFETY,
        _NOBODY,
        UntilDone(N_("When the mail is sent"), AfterCreation(timedelta(days=1))),
        {"TrialItem": frozenset({"email"})},
    ),
    Record(
        "audit",
        Heading.STAFF,
        N_("What you did and when, by the number of your account; not what you wrote"),
        N_("To be able to say who changed what"),
        _ACCOUNT,
        _ORGANISERS,
        AfterCreation(timedelta(days=5 * 365)),
        {"AuditItem": frozenset({"who", "role"})},
    ),
)

_MACHINERY: Final = (
    Record(
        "limit",
        Heading.MACHINERY,
        N_("A fingerprint of the address that your computer has on the network, and of your e-mail"),
        N_("To stop programs that flood the form, or count views that there were not"),
        _SAFETY,
        _NOBODY,
        AfterCreation(timedelta(hours=2)),
        {"LimitItem": frozenset({"pk"})},
    ),
    Record(
        "request",
        Heading.MACHINERY,
        N_("A fingerprint of what you filled in, and the number of your registration"),
        N_("So that pressing the button twice signs you up once"),
        _SAFETY,
        _NOBODY,
        AfterCreation(timedelta(days=1)),
        {"IdempotencyItem": frozenset({"body_hash", "answers"})},
    ),
    Record(
        "mail-supplier",
        Heading.MACHINERY,
        N_("Mails on their way. If one cannot arrive, your address and the reason"),
        N_("To send the mail, and not to write again to an address that does not exist"),
        _HOLD,
        N_("Our supplier of mail"),
        UntilDone(
            N_("When the mail is delivered; an address that refuses mail stays on a list until it takes it again")
        ),
    ),
    Record(
        "mail-report",
        Heading.MACHINERY,
        N_("The report that a mail to you could not arrive"),
        N_("To tell the coordinator"),
        _HOLD,
        _HOSTING,
        UntilDone(N_("When it is noted, as a rule at once"), AfterCreation(timedelta(days=14))),
    ),
    Record(
        "logs",
        Heading.MACHINERY,
        N_("Logs: which kind of page was asked for and when, and numbers of registrations; no names and no addresses"),
        N_("To find faults"),
        _SAFETY,
        _HOSTING,
        AfterCreation(timedelta(days=30)),
    ),
    Record(
        "stream",
        Heading.MACHINERY,
        N_("Every change of the data above"),
        N_("To set off what follows from it, such as mails"),
        _SAFETY,
        _HOSTING,
        AfterCreation(timedelta(hours=24)),
    ),
    Record(
        "backups",
        Heading.MACHINERY,
        N_("Backups of the data above, also of what has been deleted since"),
        N_("To get the data back after an accident. After that, what was deleted is deleted again"),
        _SAFETY,
        _HOSTING,
        AfterCreation(timedelta(days=35)),
    ),
)
