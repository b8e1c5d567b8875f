"""Certificates: for those who have the number, a page and a PDF; for everybody else, a field to type one into."""

from dataclasses import dataclass
from typing import ClassVar

from chalice.app import Response

from chalicelib import answers, certificates, routing
from chalicelib.screens import Screen
from chalicelib.visit import Visit
from shared.bootstrap import web as bootstrap
from shared.certificates.model import Certificate, CertificateNotFound, code_of
from shared.certificates.pdf import Printed, render
from shared.i18n import voice
from shared.refusals import Refusal
from shared.registration.model import RegistrationNotFound

pages = routing.pages()


@dataclass(frozen=True, slots=True)
class AskScreen(Screen):
    """Where a number is typed. `refusal` says that there is none such."""

    personal: ClassVar[bool] = True
    typed: str = ""
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class CertificateScreen(Screen):
    """A certificate. The name is empty once the person's data has been deleted."""

    personal: ClassVar[bool] = True
    certificate: Certificate
    printed: Printed

    @property
    def path(self) -> str:
        """The page's address, without language."""
        return f"/bevis/{self.certificate.code}"


@pages.get("/bevis")
def ask(visit: Visit) -> Response:
    """Show where a number is typed, or lead to the certificate that has the one that was."""
    typed = visit.query.get("nummer", "")
    if not typed:
        return answers.page(visit, "certificate-ask.html", AskScreen())
    try:
        found = bootstrap.certificates().get(code_of(typed))
    except CertificateNotFound as refusal:
        return answers.page(visit, "certificate-ask.html", AskScreen(typed, refusal), status=refusal.status)
    return answers.see_other(visit, f"/bevis/{found.code}")


@pages.get("/bevis/{code}")
def certificate(visit: Visit, code: str) -> Response:
    """Show a certificate; with `.pdf` behind the number, give it on paper."""
    number, _, ending = code.partition(".")
    found = bootstrap.certificates().get(code_of(number))
    name, language = _whose(found)
    url = f"{visit.network.base_url}/bevis/{found.code}"
    if ending == "pdf" and name and found.revoked_at is None:
        # It is handed on, and so in the language of whoever it is of.
        speaking = voice(language or visit.voice.language, visit.network.languages, visit.network.time_zone)
        said = certificates.printed(found, name, voice=speaking, network=visit.network, url=url)
        return answers.download(render(said), "application/pdf", f"bevis-{found.number}.pdf")
    if ending:
        raise CertificateNotFound
    said = certificates.printed(found, name, voice=visit.voice, network=visit.network, url=url)
    return answers.page(visit, "certificate.html", CertificateScreen(found, said))


def _whose(found: Certificate) -> tuple[str, str]:
    """Return the name and language of whoever it is of; nothing once they are forgotten."""
    try:
        one = bootstrap.registrations().get(found.gathering_id, found.registration_id)
    except RegistrationNotFound:
        return "", ""
    return one.participant.name, one.language
