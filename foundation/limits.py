"""How often something may be tried, counted over all processes."""

import hashlib
import ipaddress
from dataclasses import dataclass

from django.core.cache import cache


@dataclass(frozen=True)
class Limit:
    """So many attempts in so many seconds, for each key.

    Keys are hashed: no address and no number of a person lies in the cache.
    """

    name: str
    attempts: int
    seconds: int

    def reached(self, key: str) -> bool:
        """Tell whether `key` has used up its attempts."""
        return int(cache.get(self._name_of(key), 0)) >= self.attempts

    def count(self, key: str) -> None:
        """Count one attempt; the first opens the window of `seconds`."""
        name = self._name_of(key)
        if not cache.add(name, 1, timeout=self.seconds):
            try:
                cache.incr(name)
            except ValueError:  # the window closed between the two
                cache.add(name, 1, timeout=self.seconds)

    def _name_of(self, key: str) -> str:
        return f"limit:{self.name}:{hashlib.sha256(key.encode()).hexdigest()}"


# What one line has in IPv6: its owner may use any address of it.
_IPV6_PREFIX = 64


def network_of(address: str) -> str:
    """Return what stands for one line in a limit; an unreadable address as it is."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network(f"{address}/{_IPV6_PREFIX}", strict=False))
