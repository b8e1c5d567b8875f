"""E-mail addresses, as people write them and as mail needs them."""

from email_validator import EmailNotValidError, validate_email


def sendable(typed: str) -> str | None:
    """Return the address with its domain in ASCII (RFC 5891), or None if mail could not be sent to it.

    The part before the @ keeps its case, which only its own domain may interpret (RFC 5321, 2.4).
    """
    try:
        found = validate_email(typed.strip().strip("\u00a0\ufeff"), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return None
    return found.ascii_email


def domain(address: str) -> str:
    """Return the domain, in small letters."""
    return address.rpartition("@")[2].lower()


def shown(address: str) -> str:
    """Return the address as people read it: the domain with its own letters."""
    return validate_email(address, check_deliverability=False).normalized
