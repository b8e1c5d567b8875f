"""Certificates in words: one and the same for the page and for paper."""

from shared.certificates.model import Certificate
from shared.certificates.pdf import Printed
from shared.i18n import Voice
from shared.network import Network
from shared.pages.goals import GOALS

_HOUR = 60


def printed(certificate: Certificate, name: str, *, voice: Voice, network: Network, url: str) -> Printed:
    """Return what a certificate says in the voice's language. `url` is where it is found."""
    began, ended = (moment.astimezone(network.zone) for moment in certificate.held)
    days = voice.date(began.date())
    if began.date() != ended.date():
        days = voice.say("%(start)s to %(end)s", start=days, end=voice.date(ended.date()))
    goals = ", ".join(f"{number} {voice.say(GOALS[number])}" for number in certificate.goals)
    rows = (
        (voice.say("Held"), days),
        (voice.say("Extent"), duration(certificate.minutes, voice)),
        (voice.say("Sustainable Development Goals"), goals),
        (voice.say("Number of the certificate"), certificate.number),
    )
    issued_on = voice.date(certificate.issued_at.astimezone(network.zone).date())
    return Printed(
        language=voice.language,
        title=voice.say("Certificate of attendance"),
        name=name,
        statement=voice.say("took part in"),
        gathering=voice.text(certificate.title),
        rows=tuple((label, said) for label, said in rows if said),
        issued=voice.say("Issued on %(day)s by %(network)s.", day=issued_on, network=network.name),
        issuer=network.name,
        verify=voice.say("Whether it is genuine is seen at"),
        url=url,
        accent=network.colours["accent"],
    )


def duration(minutes: int, voice: Voice) -> str:
    """Return how long something took: `2 timer og 30 minutter`."""
    hours, rest = divmod(minutes, _HOUR)
    in_hours = voice.count("%(number)s hour", "%(number)s hours", hours)
    in_minutes = voice.count("%(number)s minute", "%(number)s minutes", rest)
    if hours and rest:
        return voice.say("%(hours)s and %(minutes)s", hours=in_hours, minutes=in_minutes)
    return in_hours if hours else in_minutes
