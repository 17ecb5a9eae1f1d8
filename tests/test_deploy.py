"""What deploy/ ships is read by the programs it is for, where they are installed."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

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


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")
def test_nginx_understands_its_configuration(tmp_path: Path) -> None:
    subject = ["-subj", "/CN=nook.example.org", "-keyout", str(tmp_path / "key"), "-out", str(tmp_path / "cert")]
    assert run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", *subject).returncode == 0
    text = (DEPLOY / "nginx.conf").read_text().replace("/etc/nginx/nook-proxy.conf", str(DEPLOY / "nginx-proxy.conf"))
    text = re.sub(r"/etc/letsencrypt/\S+fullchain.pem", str(tmp_path / "cert"), text)
    text = re.sub(r"/etc/letsencrypt/\S+privkey.pem", str(tmp_path / "key"), text).replace(
        "/var/log/nginx", str(tmp_path)
    )
    (tmp_path / "nginx.conf").write_text(f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\n{text}\n}}\n")
    done = run("nginx", "-t", "-c", str(tmp_path / "nginx.conf"), "-p", str(tmp_path))
    assert done.returncode == 0, done.stderr


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


def test_the_version_is_the_projects() -> None:
    assert tomllib.loads((BASE / "pyproject.toml").read_text())["project"]["version"] == settings.VERSION
