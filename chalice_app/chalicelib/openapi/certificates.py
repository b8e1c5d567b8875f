"""Certificates."""

from typing import Any, Final

from chalicelib import wire_certificates
from chalicelib.openapi.parts import AMOUNT, an_object, signed_in

BODIES: Final = (wire_certificates.IssueBody,)


def paths() -> dict[str, Any]:
    """Return the calls."""
    return {
        "/coordinator/certificates": {
            "post": signed_in(
                "issueCertificates",
                "Give a certificate to all of a gathering who have earned one and have none.",
                200,
                "Issued",
                *("404", "413", "415", "422"),
                body="IssueBody",
            ),
        },
    }


def schemas() -> dict[str, Any]:
    """Return what they give."""
    return {"Issued": an_object(issued=AMOUNT)}
