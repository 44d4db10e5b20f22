"""Network addresses: which mean this machine, and which count as one caller."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

_IPV6_CALLER_BITS = 64


def is_loopback(host: str) -> bool:
    """Say whether a server that listens on that host can be reached from this machine alone."""
    address = _parse(host)
    return host.lower() == "localhost" if address is None else address.is_loopback


def may_be_loopback(peer: str) -> bool:
    """Say whether a peer can be on this machine: it is no network address (a socket file), or a loopback one."""
    address = _parse(peer)
    return address is None or address.is_loopback


def caller_address(peer: str) -> str:
    """Return what to count a peer's requests under: its address, of IPv6 only the part that a provider hands out."""
    address = _parse(peer)
    if isinstance(address, IPv6Address):
        return str(IPv6Network((int(address), _IPV6_CALLER_BITS), strict=False))
    return str(address or peer)


def host_of(authority: str) -> str:
    """Return the host of a ``Host`` header without its port and brackets, in lower case; empty when malformed."""
    host, separator, port = authority.strip().rpartition(":")
    if not separator or authority.endswith("]"):
        host, port = authority.strip(), "0"
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    elif ":" in host:
        return ""
    return host.lower() if port.isascii() and port.isdigit() else ""


def _parse(host: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(host)
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address
