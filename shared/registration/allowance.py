"""How much may be asked for: by one network address, one e-mail domain and one e-mail address."""

from dataclasses import dataclass
from datetime import timedelta

from shared import addresses
from shared.gatherings.model import Gathering
from shared.limits import Limit
from shared.registration.applying import MOST_TOGETHER, sameness
from shared.registration.ports import Secret


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much one network address, e-mail domain and e-mail address may ask for, and how many people of one domain
    may at most be in a gathering whose addresses nobody has proven."""

    network_per_second: int
    domain_per_second: int
    address_per_hour: int
    unproven_per_domain: int

    def unproven(self, gathering: Gathering) -> int:
        """Return how many of one domain may be in a gathering whose addresses nobody has proven.

        Whoever knows a library's domain can make up addresses there, so it is a third of the seats at most; but a
        whole group can always come.
        """
        share = self.unproven_per_domain if gathering.capacity is None else gathering.capacity // 3
        return min(self.unproven_per_domain, max(MOST_TOGETHER, share))

    def limits(self, *, network: str, email: str, secret: Secret) -> tuple[Limit, ...]:
        """Return the limits that a request from `network` by `email` counts against."""
        second = timedelta(seconds=1)
        return (
            Limit("network", secret(f"network|{network}"), self.network_per_second, second),
            Limit("domain", secret(f"domain|{addresses.domain(email)}"), self.domain_per_second, second),
            self.of_address(email, secret),
        )

    def of_address(self, email: str, secret: Secret) -> Limit:
        """Return the limit of what one address may be sent."""
        return Limit("address", secret(f"address|{sameness(email)}"), self.address_per_hour, timedelta(hours=1))
