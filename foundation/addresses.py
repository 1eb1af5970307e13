"""Which addresses are of the public internet: of one machine, and of no house.

What people type makes the portal ask other servers; none of it may reach what only the
portal's own network can: a database, a cloud's metadata, the machine itself.

No library did it better: those at hand wrap one HTTP client, and list what is private.
Here IPv6 is listed the other way round: what nobody has handed out yet is not public.
"""

import ipaddress
from collections.abc import Sequence
from typing import Any

# Source: IANA IPv6 Global Unicast Address Assignments, retrieved 2026-11.
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
# Source: IANA IPv4 and IPv6 Special-Purpose Address Registries, retrieved 2026-11: what
# Python takes for global, or once did. 6to4 may lead on to an IPv4 address of a house.
_SPECIAL = tuple(
    map(
        ipaddress.ip_network,
        (
            *("192.0.0.0/24", "192.88.99.0/24", "2002::/16", "3fff::/20"),
            "168.63.129.16/32",  # Azure's own services, to each of its machines
        ),
    )
)
# Where IPv6 stands for IPv4, and that counts (RFC 4291 §2.5.5.2, RFC 6052 §2.1).
_STAND_FOR_IPV4 = tuple(map(ipaddress.ip_network, ("::ffff:0:0/96", "64:ff9b::/96")))


def is_public(address: str) -> bool:
    """Tell whether anyone on the internet reaches this very machine by the address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        if found.scope_id is not None:
            return False
        if _is_in(found, _STAND_FOR_IPV4):
            found = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        elif found not in _GLOBAL_UNICAST:
            return False
    is_usual = found.is_global and not found.is_multicast
    return is_usual and not _is_in(found, _SPECIAL)


def _is_in(address: Any, networks: Sequence[Any]) -> bool:
    return any(address in network for network in networks)
