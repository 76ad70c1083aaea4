"""Where a push may be sent: a browser names the address, so it may be anybody's invention.

Only https, only to public addresses, to the very address that was looked at (a name that
resolves to something else a moment later changes nothing), and no redirect is followed. With
`BACKSTRIDE_PUSH_HOSTS` only the hosts it names, wherever they are.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

TIMEOUT_S = 10
LONGEST = 1000


class BadEndpoint(ValueError):
    """An address that nothing is sent to."""


@dataclass(frozen=True)
class Endpoint:
    host: str
    port: int
    path: str

    @property
    def origin(self) -> str:
        """Scheme, host and port as in RFC 6454."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"https://{host}" if self.port == 443 else f"https://{host}:{self.port}"


def endpoint_of(url: str) -> Endpoint:
    """The parts of an address that a push may be sent to. Raises BadEndpoint."""
    if len(url) > LONGEST or not url.isascii() or not url.isprintable() or " " in url:
        raise BadEndpoint(_("This is no address of a push service."))
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port or 443
    except ValueError as error:
        raise BadEndpoint(_("This is no address of a push service.")) from error
    if parts.scheme != "https" or not host or parts.username or parts.password:
        raise BadEndpoint(_("A push service has an address with https://."))
    if not _is_named(host):
        if settings.PUSH_HOSTS:
            raise BadEndpoint(_("Notifications may not be sent by %(host)s here.") % {"host": host})
        if port != 443:
            raise BadEndpoint(_("A push service is at port 443."))
        if _is_number(host) and not is_public(host):
            raise BadEndpoint(_("A push service has a public address."))
    path = parts.path or "/"
    return Endpoint(host, port, f"{path}?{parts.query}" if parts.query else path)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the internet's, and no other machine's of this network."""
    found = ipaddress.ip_address(address.split("%")[0])
    inner = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    if isinstance(found, ipaddress.IPv6Address) and found in _NAT64:
        inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
    if inner is not None:
        return is_public(str(inner))
    return found.is_global and not found.is_multicast


_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def post(endpoint: Endpoint, body: bytes, headers: dict[str, str]) -> int:
    """Send to the endpoint and return the HTTP status.

    Raises BadEndpoint where its name leads to a private address, OSError where it can't be
    reached (a certificate that isn't valid is one of these) or doesn't speak HTTP.
    """
    address = _resolved(endpoint)
    connection = http.client.HTTPSConnection(endpoint.host, endpoint.port, timeout=TIMEOUT_S)
    try:
        raw = socket.create_connection((address, endpoint.port), TIMEOUT_S)
        context = ssl.create_default_context()
        connection.sock = context.wrap_socket(raw, server_hostname=endpoint.host)
        connection.request("POST", endpoint.path, body, headers)
        return connection.getresponse().status
    except http.client.HTTPException as error:
        raise OSError(f"no answer in HTTP: {type(error).__name__}") from error
    finally:
        connection.close()


def _resolved(endpoint: Endpoint) -> str:
    """An address of the endpoint's host. Raises BadEndpoint if any of them is private."""
    rows = socket.getaddrinfo(endpoint.host, endpoint.port, type=socket.SOCK_STREAM)
    found = [str(row[4][0]) for row in rows]
    if not _is_named(endpoint.host) and not all(map(is_public, found)):
        raise BadEndpoint(_("A push service has a public address."))
    return found[0]


def _is_named(host: str) -> bool:
    """Whether the operator has named this host, or a domain (".push.example") it is in."""
    return any(
        host == name or (name.startswith(".") and host.endswith(name))
        for name in settings.PUSH_HOSTS
    )


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
