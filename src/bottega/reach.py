"""Where connections of this server may lead: the public internet, and what the settings of the server name besides.

Whoever may name an address (a feed, a platform, a mailer, a model) could otherwise have the server talk to what it
alone can reach. A name is looked up once, what it stands for is checked, and the connection goes to exactly that: no
name can answer differently the second time. Whoever follows a redirect connects anew, and is checked anew.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Collection
from dataclasses import dataclass

from bottega.errors import AddressRefused

__all__ = ["HTTP_PORTS", "LOOPBACK", "MAIL_PORTS", "PUBLIC", "Reach", "checked_host", "is_public"]

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
HTTP_PORTS = frozenset({80, 443})
MAIL_PORTS = frozenset({25, 465, 587})
_FREE_PORTS_FROM = 1024
"""Below, other protocols are at home, which must not be spoken to in the words of a request."""
_HOST = re.compile(r"\[[0-9a-fA-F:.]+\]|[^\s:/\[\]@?#]+")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_COMPATIBLE = ipaddress.ip_network("::/96")
_GLOBAL = ipaddress.ip_network("2000::/3")
"""All that was ever given out of IPv6 for the public internet."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What connections may lead to, besides the public internet."""

    hosts: tuple[str, ...] = ()
    """Names and IP addresses, with a port or without, as the setting `private_hosts` has them."""
    private: bool = False
    """Whether private networks too, and every port; link-local addresses, where clouds keep their secrets, are not
    among them."""

    def numbers(self, host: str, port: int, *, ports: Collection[int] = HTTP_PORTS) -> list[str]:
        """The IP addresses of a host that may be connected to, at least one; it is looked up this once.

        `ports`: those below 1024 that may be asked. Raises `AddressRefused`, and `OSError` for a name that none has.
        """
        if self._names(host, port):
            return _looked_up(host, port)
        if port < _FREE_PORTS_FROM and port not in ports and not self.private:
            raise AddressRefused(
                f"{host} is to be asked at port {port}.",
                allowed=f"Below {_FREE_PORTS_FROM} that is {', '.join(map(str, sorted(ports)))} alone.",
                next_step=_name_it(f"{host}:{port}"),
            )
        found = _looked_up(host, port)
        allowed = [number for number in found if self._allows(number, port)]
        if not allowed:
            raise AddressRefused(
                f"{host} is {found[0]}, which lies inside a private network.",
                allowed="This server connects to the public internet.",
                next_step=_name_it(f"{host}:{port}"),
            )
        return allowed

    def connect(
        self, host: str, port: int, timeout: float | None = None, *, ports: Collection[int] = HTTP_PORTS
    ) -> socket.socket:
        """A connection to a host, once it was checked. Raises `AddressRefused`, and `OSError` where none is made."""
        failed: OSError | None = None
        for number in self.numbers(host, port, ports=ports):
            try:
                return socket.create_connection((number, port), timeout)
            except OSError as error:
                failed = error
        assert failed is not None
        raise failed

    def _allows(self, number: str, port: int) -> bool:
        if is_public(number) or self._names(number, port):
            return True
        return self.private and not ipaddress.ip_address(number.partition("%")[0]).is_link_local

    def _names(self, host: str, port: int) -> bool:
        """Whether the settings name a host, or one port of it."""
        plain = _plain(host)
        return any(_plain(name) == plain and at in (None, port) for name, at in map(checked_host, self.hosts))


PUBLIC = Reach()
"""The public internet alone."""


def checked_host(text: str) -> tuple[str, int | None]:
    """A host and its port, None for every port. Raises `ValueError` for what is neither.

    >>> checked_host("localhost:11434"), checked_host("models.intern"), checked_host("[::1]:80"), checked_host("::1")
    (('localhost', 11434), ('models.intern', None), ('::1', 80), ('::1', None))
    """
    name, port = text.strip(), ""
    try:
        return str(ipaddress.ip_address(name)), None
    except ValueError:
        pass
    if (found := _HOST.match(name)) is not None:
        name, colon, port = found[0], name[found.end() : found.end() + 1], name[found.end() + 1 :]
        if not colon and not port:
            return name.strip("[]"), None
        if colon == ":" and port.isdecimal() and len(port) <= 5 and 0 < int(port) < 1 << 16:
            return name.strip("[]"), int(port)
    raise ValueError(f"{text!r} is no host; it is a name or an IP address, with a port or without: localhost:11434")


def is_public(number: str) -> bool:
    """Whether an IP address is of the public internet, also behind the ways in which IPv6 wraps IPv4."""
    address = ipaddress.ip_address(number.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        wrapped = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if wrapped is None and (address in _NAT64 or address in _COMPATIBLE):
            wrapped = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
        if wrapped is not None:
            return is_public(str(wrapped))
        return address in _GLOBAL and address.is_global
    return address.is_global and not address.is_multicast


def _looked_up(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise OSError(f"No machine is called {host}") from error
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def _plain(host: str) -> str:
    return host.strip("[]").rstrip(".").lower()


def _name_it(host: str) -> str:
    return f'If it is a machine of your own, name it in the setting private_hosts, as in private_hosts = ["{host}"].'
