"""Which addresses may be visited when somebody else names the URL: pure checks, no look-up."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass

from orchestrator.errors import UnsafeAddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

PUBLIC_IPV6 = ipaddress.IPv6Network("2000::/3")
"""All that is given out; translated, tunnelled and local forms lie elsewhere, but for the tunnels below."""
NOT_PUBLIC = tuple(
    ipaddress.ip_network(text)
    for text in ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32", "2001::/23", "2002::/16", "3fff::/20")
)
"""What Python calls global and is none of the internet: protocol assignments, relays, a cloud's metadata, tunnels."""
LAST_PORT = 65_535
PORTS = {"http": 80, "https": 443}
NO_USERS = "a URL may not hold a user's name or password: whoever reads the logs would have it"
HOW = "DOCMILL_OUTBOUND_ALLOW names what may be visited besides the internet, DOCMILL_OUTBOUND_PORTS its ports"


@dataclass(frozen=True)
class Allowed:
    """What may be visited besides public addresses, and at which ports those may be."""

    hosts: frozenset[str]
    domains: tuple[str, ...]
    networks: tuple[Network, ...]
    ports: frozenset[int]

    @classmethod
    def of(cls, entries: str, ports: str) -> "Allowed":
        """Read two comma separated lists.

        Raises:
            ValueError: one of the entries cannot be.
        """
        named = [entry.strip().lower() for entry in entries.split(",") if entry.strip()]
        networks = {entry: found for entry in named if (found := _network(entry)) is not None}
        names = [entry for entry in named if entry not in networks]
        if wrong := [name for name in names if "/" in name or ":" in name]:
            raise ValueError(f"{wrong[0]!r} is no host and no network: write files.intranet, *.intranet or 10.1.0.0/16")
        domains = tuple(name.removeprefix("*") for name in names if name.startswith("*."))
        hosts = frozenset(name for name in names if not name.startswith("*."))
        return cls(hosts, domains, tuple(networks.values()), frozenset(map(_port, ports.split(","))))

    def names(self, host: str) -> bool:
        """Whether a host is allowed by its name, wherever it leads."""
        plain = host.lower().rstrip(".")
        return plain in self.hosts or plain.endswith(self.domains)

    def check(self, host: str, addresses: Sequence[str], port: int) -> None:
        """Judge a host by all that it leads to: one that may not be visited refuses them all, since whoever controls the name
        chooses the order.

        Raises:
            UnsafeAddress: it may not be visited; the text says how it may.
        """
        if not (self.names(host) or all(self._takes_text(address, port) for address in addresses)):
            raise _refused(host, port)

    def check_unresolved(self, host: str, port: int) -> None:
        """Judge a name before it is looked up: by the port, where no address that it might lead to could be visited there.

        Raises:
            UnsafeAddress: it may not be visited, wherever it leads.
        """
        if not (self.names(host) or self.networks or port in self.ports):
            raise _refused(host, port)

    def takes(self, address: Address, port: int) -> bool:
        """Whether an address may be visited at a port."""
        plain = unmapped(address)
        if any(plain in network for network in self.networks):
            return True
        return port in self.ports and is_public(plain)

    def _takes_text(self, address: str, port: int) -> bool:
        try:
            return self.takes(ipaddress.ip_address(address), port)
        except ValueError:
            return False


def _refused(host: str, port: int) -> UnsafeAddress:
    return UnsafeAddress(f"{host}, port {port}, may not be visited: {HOW}")


def is_public(address: Address) -> bool:
    """Whether an address is of the internet: of no machine, network, cloud or group of its own."""
    plain = unmapped(address)
    if isinstance(plain, ipaddress.IPv6Address) and (plain not in PUBLIC_IPV6 or plain.scope_id):
        return False
    if plain.is_multicast or plain.is_reserved or not plain.is_global:
        return False
    return not any(plain in network for network in NOT_PUBLIC)


def unmapped(address: Address) -> Address:
    """The IPv4 address that an IPv6 one is another spelling of; else itself."""
    return (address.ipv4_mapped or address) if isinstance(address, ipaddress.IPv6Address) else address


def _network(entry: str) -> Network | None:
    try:
        return ipaddress.ip_network(entry)
    except ValueError:
        return None


def _port(text: str) -> int:
    if not (text.strip().isdecimal() and 0 < int(text) <= LAST_PORT):
        raise ValueError(f"{text.strip()!r} is no port: write numbers from 1 to {LAST_PORT}, comma separated")
    return int(text)
