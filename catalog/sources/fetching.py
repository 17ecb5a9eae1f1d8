"""Fetch a document from one of a few known servers, and from nowhere else.

What comes back was written by others, and a server's name or redirect may be made to point into our own network
(server-side request forgery; OWASP ASVS 5.0 v5.0.0-1.3.6). So: only the origins that the caller lists; every address
of the name must be a public one; the connection goes to the address that was looked at, whatever the name says a
moment later (DNS rebinding), while TLS still proves the name; a redirect is looked at like the first address; no
proxy of the environment is used; size, kind and total time are limited. Every failure is a FetchError.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.client import HTTPException
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from threading import Timer
from urllib.parse import urljoin, urlsplit

from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

Address = IPv4Address | IPv6Address
Fetch = Callable[[str], bytes]

SECONDS = 4.0
BYTES = 2 * 1024 * 1024
REDIRECTS = 3
XML = ("application/xml", "text/xml")
JSON = ("application/json", "text/javascript", "text/json")
_AGENT = "book-nook (ISBN lookup of a small library)"
_PORTS = {"https": 443, "http": 80}
# Networks in which an IPv4 address hides inside an IPv6 one: NAT64 and 6to4 would lead to it.
_TRANSLATED = tuple(map(IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")))
_SHARED = IPv4Network("100.64.0.0/10")  # carriers' own (RFC 6598): neither private nor public to Python


class FetchError(Exception):
    """A document could not be had. `code` is short, and names no person, key or ISBN."""

    code = "failed"


class Forbidden(FetchError):
    """The address, or one it leads to, is not one that may be asked."""

    code = "forbidden_address"


class Unreachable(FetchError):
    """No connection, no such name, a bad certificate, or the answer broke off."""

    code = "unreachable"


class TooSlow(FetchError):
    """The whole answer was not there in time."""

    code = "too_slow"


class TooLarge(FetchError):
    """More bytes than a description of a book can have."""

    code = "too_large"


class Unexpected(FetchError):
    """An answer of another kind: an error status, a web page, something that is no document of the agreed form."""

    code = "unexpected_answer"


def is_public(address: Address) -> bool:
    """Whether an address belongs to the open Internet, and to nobody's inner network, also when wrapped in IPv6."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return is_public(address.ipv4_mapped)
        if any(address in network for network in _TRANSLATED) or address.is_site_local:
            return False
    elif address in _SHARED:
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def addresses_of(host: str, port: int) -> Sequence[Address]:
    """What a name stands for now; raises Unreachable."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable("no such name") from error
    return [ip_address(str(each[4][0]).partition("%")[0]) for each in found]


@dataclass(frozen=True)
class Fetcher:
    """`Fetcher(origins, kinds)(url)` gives the bytes of an answer 200 of one of `kinds`; raises FetchError.

    `origins` are scheme, name and, where unusual, port: "https://openlibrary.org". Tests that serve on loopback give
    a `may_connect` of their own; nothing in settings or environment widens the default.
    """

    origins: frozenset[str]
    kinds: tuple[str, ...] = XML
    seconds: float = SECONDS
    may_connect: Callable[[Address], bool] = is_public
    resolve: Callable[[str, int], Sequence[Address]] = addresses_of
    clock: Callable[[], float] = field(default=time.monotonic, repr=False)

    def __call__(self, url: str) -> bytes:
        until = self.clock() + self.seconds
        for _hop in range(REDIRECTS + 1):
            answer = self._get(url, until)
            if isinstance(answer, bytes):
                return answer
            url = urljoin(url, answer)
        raise Forbidden("too many redirects")

    def _get(self, url: str, until: float) -> bytes | str:
        """The body, or the address of a redirect."""
        host, port, secure = self._allowed(url)
        connection = _connection(self._address(host, port), port, secure, host, self._left(until))
        held: list[socket.socket | None] = []  # http.client lets go of its socket while the answer is still read
        watch = Timer(self._left(until), lambda: _cut(held[0] if held else connection.sock))
        watch.daemon = True
        watch.start()
        try:
            connection.connect()
            held.append(connection.sock)
            return self._read(connection, url, until)
        except (OSError, HTTPException, HTTPError, ValueError) as error:
            self._left(until)
            raise Unreachable(type(error).__name__) from error
        finally:
            watch.cancel()
            connection.close()

    def _allowed(self, url: str) -> tuple[str, int, bool]:
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError as error:
            raise Forbidden("not an address") from error
        shown = f"{parts.scheme}://{host}" + (f":{port}" if port not in (None, _PORTS.get(parts.scheme)) else "")
        if parts.username is not None or shown not in self.origins:
            raise Forbidden("not one of the servers that are asked")
        return host, port or _PORTS[parts.scheme], parts.scheme == "https"

    def _address(self, host: str, port: int) -> Address:
        """The one to connect to; a name that also stands for an inner address is not asked at all."""
        found = self.resolve(host, port)
        if not found:
            raise Unreachable("no address")
        if not all(map(self.may_connect, found)):
            raise Forbidden("the name leads into a network that is not public")
        # A home line without IPv6 still gets IPv6 addresses told.
        return min(found, key=lambda address: address.version)

    def _read(self, connection: HTTPConnection, url: str, until: float) -> bytes | str:
        parts = urlsplit(url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {"Host": parts.netloc, "User-Agent": _AGENT, "Accept": ", ".join(self.kinds),
                   "Accept-Encoding": "identity", "Connection": "close"}  # fmt: skip
        connection.request("GET", target, headers=headers, preload_content=False, decode_content=False)
        answer = connection.getresponse()
        if answer.status in (301, 302, 303, 307, 308) and answer.headers.get("Location"):
            return str(answer.headers["Location"])
        self._check_kind(answer)
        return self._body(answer, until)

    def _check_kind(self, answer: BaseHTTPResponse) -> None:
        if answer.status != 200:
            raise Unexpected(f"status {answer.status}")
        kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind not in self.kinds and not (kind.endswith("+xml") and "text/xml" in self.kinds):
            raise Unexpected("another kind of document")
        if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise Unexpected("compressed")

    def _body(self, answer: BaseHTTPResponse, until: float) -> bytes:
        parts: list[bytes] = []
        length = 0
        while part := answer.read(65536, decode_content=False):
            length += len(part)
            if length > BYTES:
                raise TooLarge(f"more than {BYTES} bytes")
            parts.append(part)
            self._left(until)
        self._left(until)  # cut by the watch: what is there may be half of it
        return b"".join(parts)

    def _left(self, until: float) -> float:
        left = until - self.clock()
        if left <= 0:
            raise TooSlow(f"more than {self.seconds} s")
        return left


def _connection(address: Address, port: int, secure: bool, host: str, seconds: float) -> HTTPConnection:
    """To the address, while the certificate has to be the name's."""
    if not secure:
        return HTTPConnection(str(address), port, timeout=seconds)
    return HTTPSConnection(
        str(address), port, timeout=seconds, server_hostname=host, assert_hostname=host, ca_certs=DEFAULT_CA_BUNDLE_PATH
    )


def _cut(connected: socket.socket | None) -> None:
    """End a connection that gives a byte now and then, so that no single wait is ever too long."""
    if connected is not None:
        try:
            socket.socket.shutdown(connected, socket.SHUT_RDWR)
        except OSError:
            return  # it has just ended by itself
