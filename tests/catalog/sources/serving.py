"""A small server on loopback that answers each request with the bytes a test gives, as slowly as it says."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from catalog.sources.fetching import Address, Fetcher

Reply = Callable[[socket.socket, str], None]


def is_loopback(address: Address) -> bool:
    """What a test's fetcher may connect to."""
    return address.is_loopback


def document(body: bytes, kind: str = "text/xml", status: str = "200 OK", **headers: str) -> bytes:
    """A whole HTTP answer."""
    fields = {"Content-Type": kind, "Content-Length": str(len(body)), "Connection": "close"} | headers
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


def saying(data: bytes) -> Reply:
    """Answers at once."""
    return lambda connection, _path: connection.sendall(data)


def dripping(data: bytes, every: float) -> Reply:
    """Gives one byte at a time."""

    def reply(connection: socket.socket, _path: str) -> None:
        for byte in data:
            connection.sendall(bytes([byte]))
            time.sleep(every)

    return reply


def silent(connection: socket.socket, _path: str) -> None:
    """Takes the request and says nothing, until the other side hangs up."""
    connection.settimeout(60)
    connection.recv(1)


@contextmanager
def serving(reply: Reply, secure: ssl.SSLContext | None = None) -> Iterator[str]:
    """The origin of a server that treats every request so, until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        running = threading.Thread(target=_serve, args=(listening, reply, secure), daemon=True)
        running.start()
        yield f"http{'s' if secure else ''}://127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)
    running.join(10)


def _serve(listening: socket.socket, reply: Reply, secure: ssl.SSLContext | None) -> None:
    while True:
        try:
            connection, _ = listening.accept()
        except OSError:
            return
        try:
            with secure.wrap_socket(connection, server_side=True) if secure else connection as asked:
                reply(asked, asked.recv(65536).decode(errors="replace").split(" ")[1])
        except (OSError, IndexError):
            connection.close()  # the other side has hung up, as a fetcher does that had enough


def fetcher(origin: str, *more: str, seconds: float = 5.0, **changes: object) -> Fetcher:
    """A fetcher that may ask on loopback."""
    return Fetcher(frozenset({origin, *more}), seconds=seconds, may_connect=is_loopback, **changes)  # type: ignore[arg-type]
