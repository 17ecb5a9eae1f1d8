"""What is fetched from outside, and what is not: addresses, redirects, names that change, sizes, kinds and time."""

import socket
import ssl
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from catalog.sources import fetching
from catalog.sources.fetching import (
    BYTES,
    Address,
    Fetcher,
    Forbidden,
    TooLarge,
    TooSlow,
    Unexpected,
    Unreachable,
    is_public,
)
from tests.catalog.sources.serving import document, dripping, fetcher, is_loopback, saying, serving, silent

PUBLIC = ["140.147.239.10", "8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8"]
INNER = [
    "127.0.0.1", "10.0.0.8", "172.16.3.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "100.127.255.254",
    "0.0.0.0", "255.255.255.255", "224.0.0.1", "240.0.0.1", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1",  # noqa: S104
    "fc00::1", "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.8", "::ffff:100.64.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2001:0:7f00:1::", "::127.0.0.1", "2001:db8::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("address", INNER)
def test_inner_addresses(address: str) -> None:
    assert not is_public(ip_address(address))


def test_a_document_is_fetched() -> None:
    with serving(saying(document(b"<a/>"))) as origin:
        assert fetcher(origin)(f"{origin}/sru?query=1") == b"<a/>"


def test_loopback_is_not_public() -> None:
    """Nothing but the argument that tests give opens loopback."""
    with serving(saying(document(b"<a/>"))) as origin, pytest.raises(Forbidden):
        Fetcher(frozenset({origin}))(origin)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/", "https://example.org:8443/", "https://user@example.org/", "https://example.org.evil.test/",
        "ftp://example.org/", "file:///etc/passwd", "gopher://example.org/", "https://[::1/", "//example.org/", "",
        "https://example.org:99999/", "https://2130706433/", "https://evil.test#https://example.org/",
    ],
)  # fmt: skip
def test_only_the_listed_origins_are_asked(url: str) -> None:
    def nobody(host: str, port: int) -> Sequence[Address]:
        raise AssertionError(f"{host} was looked up")

    with pytest.raises(Forbidden):
        Fetcher(frozenset({"https://example.org"}), resolve=nobody)(url)


@pytest.mark.parametrize("address", INNER)
def test_a_listed_name_that_leads_inside_is_not_asked(address: str) -> None:
    def mixed(host: str, port: int) -> Sequence[Address]:
        return [ip_address("8.8.8.8"), ip_address(address)]

    with pytest.raises(Forbidden):
        Fetcher(frozenset({"https://example.org"}), resolve=mixed)("https://example.org/")


def test_the_connection_goes_to_the_address_that_was_looked_at() -> None:
    """DNS rebinding: the second answer would lead elsewhere, so there must be no second question."""
    answers = ["127.0.0.1", "127.0.0.2"]
    asked = []

    def rebinding(host: str, port: int) -> Sequence[Address]:
        asked.append(host)
        return [ip_address(answers.pop(0))]

    with serving(saying(document(b"<a/>"))) as origin:
        name = origin.replace("127.0.0.1", "catalogue.test")  # no such name exists: only the resolver knows it
        assert Fetcher(frozenset({name}), resolve=rebinding, may_connect=is_loopback)(name) == b"<a/>"
    assert asked == ["catalogue.test"]


def test_a_name_that_turns_inward_after_a_redirect() -> None:
    """The same name is looked up and judged again for each hop."""
    answers = ["127.0.0.1", "169.254.169.254"]

    def rebinding(host: str, port: int) -> Sequence[Address]:
        return [ip_address(answers.pop(0))]

    with serving(saying(document(b"", status="302 Found", Location="/again"))) as origin:
        name = origin.replace("127.0.0.1", "catalogue.test")
        with pytest.raises(Forbidden):
            Fetcher(frozenset({name}), resolve=rebinding, may_connect=is_loopback)(name)
    assert answers == []


def redirecting(*steps: str) -> bytes:
    return document(b"", status="302 Found", Location=steps[0])


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data/", "http://127.0.0.1:22/", "https://127.0.0.1/", "http://[::1]/",
        "file:///etc/passwd", "http://evil.test/", "//169.254.169.254/",
    ],
)  # fmt: skip
def test_a_redirect_off_the_list_is_not_followed(target: str) -> None:
    with serving(saying(redirecting(target))) as origin, pytest.raises(Forbidden):
        fetcher(origin)(origin)


def test_a_redirect_to_a_listed_server_with_an_inner_address_is_not_followed() -> None:
    with serving(saying(redirecting("http://metadata.test/"))) as origin:
        asking = fetcher(
            origin, "http://metadata.test",
            resolve=lambda host, port: [ip_address("127.0.0.1" if host == "127.0.0.1" else "169.254.169.254")],
        )  # fmt: skip
        with pytest.raises(Forbidden):
            asking(origin)


def test_three_redirects_and_no_more() -> None:
    def steps(connection: socket.socket, path: str) -> None:
        left = int(path.strip("/"))
        connection.sendall(redirecting(f"/{left - 1}") if left else document(b"<a/>"))

    with serving(steps) as origin:
        assert fetcher(origin)(f"{origin}/3") == b"<a/>"
        with pytest.raises(Forbidden):
            fetcher(origin)(f"{origin}/4")


@pytest.mark.parametrize(
    "answer",
    [
        document(b"<html/>", kind="text/html"), document(b"<a/>", kind=""), document(b"<a/>", status="404 Not Found"),
        document(b"<a/>", status="503 Service Unavailable"), document(b"x", Content_Encoding="gzip"),
        document(b"", status="302 Found"), document(b"{}", kind="application/json"),
    ],
)  # fmt: skip
def test_answers_of_another_kind(answer: bytes) -> None:
    with serving(saying(answer)) as origin, pytest.raises(Unexpected):
        fetcher(origin)(origin)


def test_kinds_of_xml() -> None:
    for kind in ("application/xml; charset=UTF-8", "text/xml", "application/sru+xml"):
        with serving(saying(document(b"<a/>", kind=kind))) as origin:
            assert fetcher(origin)(origin) == b"<a/>"


@pytest.mark.parametrize("told", [True, False])
def test_no_more_than_two_megabytes(told: bool) -> None:
    answer = document(b"x" * (BYTES + 1))
    if not told:
        answer = answer.replace(f"Content-Length: {BYTES + 1}\r\n".encode(), b"")
    with serving(saying(answer)) as origin, pytest.raises(TooLarge):
        fetcher(origin)(origin)


@pytest.mark.parametrize(
    "answer",
    [
        document(b"<a/>").replace(b"Content-Length: 4", b"Content-Length: 400"), b"", b"HTTP/1.1 ", b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n<a/>\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n" + b"X: y\r\n" * 200 + b"\r\n",
    ],
)  # fmt: skip
def test_an_answer_that_breaks_off(answer: bytes) -> None:
    with serving(saying(answer)) as origin, pytest.raises(Unreachable):
        fetcher(origin)(origin)


ENDLESS = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n" + b"x" * 60000  # no length: cut off, it looks whole


@pytest.mark.parametrize(
    "reply",
    [
        silent, dripping(document(b"<a/>"), 0.3), dripping(ENDLESS, 0.001),
        dripping(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 60000, 0.05),
    ],
)  # fmt: skip
def test_the_time_is_for_the_whole_answer(reply: object) -> None:
    begun = time.monotonic()
    with serving(reply) as origin:  # type: ignore[arg-type]
        with pytest.raises(TooSlow):
            fetcher(origin, seconds=0.4)(origin)
        assert time.monotonic() - begun < 10  # all of it would take twice as long and longer


def test_nobody_there() -> None:
    with serving(saying(b"")) as origin:
        pass
    with pytest.raises(Unreachable):
        fetcher(origin)(origin)


def test_a_name_that_does_not_exist() -> None:
    for name in ("http://nobody.invalid", "http://" + "a" * 70):
        with pytest.raises(Unreachable):
            fetcher(name)(name)


def certificate(folder: Path, name: str) -> Path:
    """A key and a certificate signed with it, for one name, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(named, named, key.public_key(), 1, now - timedelta(days=1), now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    path.write_bytes(
        signed.public_bytes(Encoding.PEM) + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return path


def test_tls_proves_the_name_and_not_the_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pem = certificate(tmp_path, "catalogue.test")
    speaking = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    speaking.load_cert_chain(pem)
    with serving(saying(document(b"<a/>")), speaking) as origin:

        def ask(name: str) -> bytes:
            at = origin.replace("127.0.0.1", name)
            return fetcher(at, resolve=lambda host, port: [ip_address("127.0.0.1")])(at)

        with pytest.raises(Unreachable):
            ask("catalogue.test")  # nobody we trust has signed it
        monkeypatch.setattr(fetching, "DEFAULT_CA_BUNDLE_PATH", str(pem))
        assert ask("catalogue.test") == b"<a/>"
        with pytest.raises(Unreachable):
            ask("other.test")


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with serving(saying(document(b"<a/>"))) as origin:
        assert fetcher(origin)(origin) == b"<a/>"
