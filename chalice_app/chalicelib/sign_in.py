"""Who asks: coordinators, editors and viewers show the access token of their login."""

from chalicelib.visit import Visit
from shared.bootstrap import web as bootstrap
from shared.roles import Principal, Role


def sign_in(visit: Visit, *roles: Role) -> Principal:
    """Return who asks. Raise NotSignedIn, or NotAllowed unless they have one of the roles."""
    principal = bootstrap.tokens().read(visit.request.headers.get("authorization"), now=visit.now)
    principal.require(*roles)
    return principal
