"""What deploy/ ships is read by the programs it is for, where they are installed."""

import ast
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from django.conf import settings

from tests.lending.receivers import free_port
from tests.lending.running.places import Place
from tests.performance.supervised import running, web
from tests.processes import surroundings

BASE = Path(settings.BASE_DIR)
DEPLOY = BASE / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())


def shipped() -> dict[str, str]:
    """deploy/nook.env as systemd reads it."""
    lines = (DEPLOY / "nook.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def run(*command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603
        command, env=surroundings(**environment), cwd=BASE, capture_output=True, text=True, check=False, timeout=60
    )


@contextmanager
def run_along(*command: str) -> Iterator[None]:
    """A program that runs beside the test, and is ended with it."""
    process = subprocess.Popen(command, cwd=BASE)  # noqa: S603
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


def until_ready(ask: requests.Session, address: str) -> None:
    """Wait until it is answered."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            if ask.get(address, timeout=5).ok:
                return
        except requests.ConnectionError:
            pass  # it is still starting
        time.sleep(0.1)
    raise TimeoutError(address)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    programs = {"/opt/nook/.venv/bin/python": "/bin/true", "/opt/nook/.venv/bin/gunicorn": "/bin/true"}
    for unit in UNITS:
        text = unit.read_text()
        for path, there in programs.items():
            text = text.replace(path, there)
        (tmp_path / unit.name).write_text(text)
    done = run("systemd-analyze", "verify", *(str(tmp_path / unit.name) for unit in UNITS))
    assert (done.returncode, done.stderr) == (0, "")


@dataclass(frozen=True)
class Proxy:
    """deploy/nginx.conf on ports and in folders of a test."""

    folder: Path
    plain: int
    secure: int
    behind: int

    @property
    def configuration(self) -> Path:
        """Written anew with a certificate that nobody signed."""
        subject = [
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost",
            "-keyout",
            str(self.folder / "key"),
            "-out",
            str(self.folder / "cert"),
        ]
        assert run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", *subject).returncode == 0
        text = (DEPLOY / "nginx.conf").read_text()
        text = re.sub(r"    listen \[::\].*\n", "", text)
        for there, here in (
            ("/etc/nginx/nook-proxy.conf", str(DEPLOY / "nginx-proxy.conf")), ("nook.example.org", "localhost"),
            ("/etc/letsencrypt/live/localhost/fullchain.pem", str(self.folder / "cert")),
            ("/etc/letsencrypt/live/localhost/privkey.pem", str(self.folder / "key")),
            ("/var/log/nginx", str(self.folder)), ("/var/cache/nook/static", str(self.folder / "static")),
            ("listen 80;", f"listen 127.0.0.1:{self.plain};"), ("listen 443 ", f"listen 127.0.0.1:{self.secure} "),
            ("127.0.0.1:8000", f"127.0.0.1:{self.behind}"),
        ):  # fmt: skip
            assert there in text, there
            text = text.replace(there, here)
        owner = "user root;" if os.getuid() == 0 else ""
        path = self.folder / "nginx.conf"
        path.write_text(
            f"{owner} daemon off; pid {self.folder}/pid; error_log {self.folder}/main.log;\nevents {{}}\n"
            f"http {{\ninclude /etc/nginx/mime.types;\n{text}\n}}\n"
        )
        return path


@pytest.fixture
def proxy(tmp_path: Path) -> Proxy:
    if shutil.which("nginx") is None:
        pytest.skip("nginx is not installed")
    return Proxy(tmp_path, free_port(), free_port(), free_port())


def test_nginx_understands_its_configuration(proxy: Proxy) -> None:
    done = run("nginx", "-t", "-c", str(proxy.configuration), "-p", str(proxy.folder))
    assert done.returncode == 0, done.stderr


@contextmanager
def nook_behind(proxy: Proxy) -> Iterator[requests.Session]:
    """An empty nook with the shipped settings behind the proxy, and a browser that trusts its certificate."""
    place = Place(proxy.folder, f"sqlite:///{proxy.folder}/nook.sqlite3")
    for command in (("migrate",), ("collectstatic", "--noinput")):
        assert place.manage(*command, "--verbosity", "0").returncode == 0
    told = shipped() | {"ALLOWED_HOSTS": "localhost,127.0.0.1", "STATIC_ROOT": "", "METRICS_TOKEN": "m" * 20}
    behind = web(proxy.behind, place.environment | told | {"DATA_DIR": str(proxy.folder), "DATABASE_URL": ""})
    with running(behind), run_along("nginx", "-c", str(proxy.configuration), "-p", str(proxy.folder)):
        ask = requests.Session()
        ask.verify, ask.trust_env = str(proxy.folder / "cert"), False
        until_ready(ask, f"https://localhost:{proxy.secure}/health/ready")
        yield ask


def test_a_nook_behind_nginx(proxy: Proxy) -> None:
    """The shipped configuration and settings together: TLS, redirect, static files, limits, what is logged."""
    before = f"https://localhost:{proxy.secure}"
    with nook_behind(proxy) as ask:
        page = ask.get(f"{before}/ar/search/?q=secret-word")
        assert (page.status_code, "max-age=31536000" in page.headers["Strict-Transport-Security"]) == (200, True)
        plain = ask.get(f"http://localhost:{proxy.plain}/ko/", allow_redirects=False)
        assert (plain.status_code, plain.headers["Location"]) == (301, "https://localhost/ko/")
        style = re.search(r'href="(/static/[^"]+\.css)"', page.text)
        assert style is not None
        assert ask.get(before + style[1]).headers["Content-Type"] == "text/css"
        assert ask.post(f"{before}/ko/", data=b"x" * (13 << 20)).status_code == 413
        figures = ask.get(f"{before}/metrics", headers={"Authorization": f"Bearer {'m' * 20}"})
        assert (figures.status_code, "nook_request_seconds" in figures.text) == (200, True)
        answers = [ask.get(f"{before}/en/sign-in/").status_code for _time in range(80)]
        assert (answers[:50], answers[-1]) == ([200] * 50, 429)
    log = (proxy.folder / "nook.log").read_text()
    assert ("secret-word" in log, "127.0.0.1" in log) == (False, False)


HIDDEN = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"  # would be answered if the body ended before it
TWO_ENDS = {
    "length and chunks": ("Content-Length: 4\r\nTransfer-Encoding: chunked", "0\r\n\r\n"),
    "chunks and length": (f"Transfer-Encoding: chunked\r\nContent-Length: {5 + len(HIDDEN)}", "0\r\n\r\n"),
    "two lengths": (f"Content-Length: 0\r\nContent-Length: {len(HIDDEN)}", ""),
    "a list of lengths": (f"Content-Length: 0, {len(HIDDEN)}", ""),
    "a length with a sign": ("Content-Length: +0", ""),
    "a blank before the colon": ("Content-Length : 0", ""),
    "unknown chunks": ("Transfer-Encoding: xchunked", "0\r\n\r\n"),
    "chunks and something": ("Transfer-Encoding: chunked, identity", "0\r\n\r\n"),
    "chunks twice": ("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", "0\r\n\r\n"),
    "a size that is no number": ("Transfer-Encoding: chunked", "0x0\r\n\r\n"),
    "a size below nothing": ("Transfer-Encoding: chunked", "-0\r\n\r\n"),
}


def test_a_request_ends_where_it_says(proxy: Proxy) -> None:
    """What could be read as one request or as two is refused and the line closed, by nginx and gunicorn alike."""
    trusting = ssl.create_default_context()
    with nook_behind(proxy):
        trusting.load_verify_locations(proxy.folder / "cert")
        for wrapped, port in ((trusting, proxy.secure), (None, proxy.behind)):
            assert _statuses(port, wrapped, "Content-Length: 0", HIDDEN)[1] == 200, "control: two requests, two answers"
            for name, (header, body) in TWO_ENDS.items():
                said = _statuses(port, wrapped, header, body + HIDDEN)
                # gunicorn looks at chunks that the page did not read only after its answer.
                assert len(said) == 1 or (not wrapped and "a size" in name), (name, port, said)
                assert said[-1] in (400, 501), (name, port, said)


def _statuses(port: int, wrapped: ssl.SSLContext | None, header: str, body: str) -> list[int]:
    """Send it in one piece; the statuses of all answers until the line is closed, or silent for two seconds."""
    with socket.create_connection(("127.0.0.1", port), timeout=2) as plain:
        line = wrapped.wrap_socket(plain, server_hostname="localhost") if wrapped else plain
        line.sendall(f"POST /ko/ HTTP/1.1\r\nHost: localhost\r\n{header}\r\n\r\n{body}".encode())
        said = b""
        with suppress(TimeoutError, ConnectionResetError):
            while some := line.recv(65536):
                said += some
        if wrapped:
            line.close()
    return [int(status) for status in re.findall(rb"HTTP/1\.[01] (\d{3})", said)]


def test_the_shipped_settings_suit_a_machine_that_others_reach(tmp_path: Path) -> None:
    told = shipped() | {"DATA_DIR": str(tmp_path), "STATIC_ROOT": str(tmp_path / "static"), "DATABASE_URL": ""}
    done = run(sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING", **told)
    assert done.returncode == 0, done.stderr


def test_every_shipped_setting_is_explained_or_of_gunicorn_and_the_units() -> None:
    explained = re.findall(r"^(?:# )?([A-Z_]+)=", (BASE / ".env.example").read_text(), re.MULTILINE)
    assert set(shipped()) - set(explained) == {"WEB_CONCURRENCY", "BACKUP_DIR"}


def test_requests_end_before_systemd_kills() -> None:
    named = {
        node.targets[0].id: node.value.value
        for node in ast.parse((DEPLOY / "gunicorn.conf.py").read_text()).body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
    }
    (stop,) = re.findall(r"TimeoutStopSec=(\d+)", (DEPLOY / "systemd" / "nook-web.service").read_text())
    (grace,) = re.findall(r"stop_grace_period: (\d+)s", (DEPLOY / "compose.yaml").read_text())
    assert named["graceful_timeout"] < min(int(stop), int(grace))


def test_a_photo_passes_the_proxy() -> None:
    (megabytes,) = re.findall(r"client_max_body_size (\d+)m", (DEPLOY / "nginx.conf").read_text())
    assert int(megabytes) << 20 == settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def test_containers_are_wired_together() -> None:
    services = pytest.importorskip("yaml").safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    assert {"web", "worker", "postgres"} <= set(services)
    for name, service in services.items():
        assert set(service.get("depends_on", {})) <= set(services), name
    assert services["worker"]["environment"]["DATABASE_URL"].endswith("@postgres/nook")
    (backup,) = [line for line in services["daily"]["command"][-1].splitlines() if "manage.py backup" in line]
    assert "backups:/var/backups/nook" in services["daily"]["volumes"]
    assert "/var/backups/nook/" in backup


def test_no_key_gets_into_an_image_or_a_commit() -> None:
    kept_out = (DEPLOY / "Containerfile.dockerignore").read_text().splitlines()
    ignored = (BASE / ".gitignore").read_text().splitlines()
    assert {".env", "deploy/compose.env", "data", ".git"} <= set(kept_out)
    assert {"/.env", "/deploy/compose.env", "/data/"} <= set(ignored)


def test_the_version_is_the_projects() -> None:
    assert tomllib.loads((BASE / "pyproject.toml").read_text())["project"]["version"] == settings.VERSION
