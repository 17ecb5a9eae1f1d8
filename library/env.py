"""Small typed readers of environment variables; every setting with a value of its own comes through one."""

import os
import re
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


def text(name: str, default: str) -> str:
    """The variable as it stands, or the default where it is unset or empty."""
    return os.environ.get(name) or default


def flag(name: str, default: bool) -> bool:
    """A yes/no variable; anything but 1/true/yes/on or 0/false/no/off raises ImproperlyConfigured."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in TRUE:
        return True
    if value.lower() in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}")


def one_of(name: str, words: tuple[str, ...]) -> str:
    """One of the words, the first where it is unset or empty; anything else raises ImproperlyConfigured."""
    value = os.environ.get(name) or words[0]
    if value not in words:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(words)}, not {value!r}")
    return value


def listed(name: str, default: list[str]) -> list[str]:
    """A comma-separated variable as a list without blanks."""
    value = os.environ.get(name)
    return default if value is None else [part.strip() for part in value.split(",") if part.strip()]


def folder(name: str, default: Path) -> Path:
    """A directory, made where it is missing, as an absolute path."""
    path = Path(text(name, str(default))).expanduser().resolve()
    path.mkdir(parents=True, exist_ok=True)
    return path


SEVERAL = re.compile(r"(?P<scheme>[a-z]+)://(?:(?P<who>[^@/]*)@)?(?P<hosts>[^/?]*,[^/?]*)(?P<rest>/.*)")
HOST = re.compile(r"(\[[^]]+\]|[^:]+)(?::(\d+))?")
CONNECTS_WITHIN = "5"  # seconds a host of several: a machine that is gone refuses nothing, it is silent


def database(name: str, default: str) -> dict[str, Any]:
    """Django's settings of the database, from one address.

    As in libpq, PostgreSQL may have several hosts, `postgres://nook@one:5432,two:5432/nook`: the one that takes writes
    is used, so that a standby that was promoted is found without a change of settings.
    """
    address = text(name, default)
    if not (several := SEVERAL.fullmatch(address)):
        return dict(dj_database_url.parse(address))
    who = f"{several['who']}@" if several["who"] else ""
    found: dict[str, Any] = dict(dj_database_url.parse(f"{several['scheme']}://{who}{several['rest']}"))
    hosts = [HOST.fullmatch(each) for each in several["hosts"].split(",")]
    found["HOST"] = ",".join(each[1].strip("[]") for each in hosts if each)
    found["PORT"] = ",".join(each[2] or "5432" for each in hosts if each)
    if None in hosts:
        raise ImproperlyConfigured(f"{name} must name its hosts as one:5432,two:5432")
    chosen = {"target_session_attrs": "read-write", "connect_timeout": CONNECTS_WITHIN}
    found["OPTIONS"] = chosen | found.get("OPTIONS", {})
    return found


def cache(name: str) -> dict[str, Any]:
    """Django's settings of the cache: redis:// or rediss:// (TLS), which Valkey speaks too; empty: in each process.

    A server that is away is as an empty cache, and is logged: nobody waits longer than a second for it.
    """
    address = os.environ.get(name, "")
    if not address:
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    if urlsplit(address).scheme not in ("redis", "rediss"):
        raise ImproperlyConfigured(f"{name} must begin with redis:// or rediss://")
    told = {"IGNORE_EXCEPTIONS": True, "SOCKET_CONNECT_TIMEOUT": 1, "SOCKET_TIMEOUT": 1}
    return {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": address, "OPTIONS": told, "KEY_PREFIX": "nook"}


def media_storage(name: str) -> dict[str, Any]:
    """Django's settings of where covers lie: on this disk, or s3://bucket/folder?endpoint=https://host&region=name.

    Keys come from where boto3 looks for them, e.g. AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
    """
    if not (address := os.environ.get(name, "")):
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    where = urlsplit(address)
    told = dict(parse_qsl(where.query))
    if where.scheme != "s3" or not where.netloc or set(told) - {"endpoint", "region"}:
        raise ImproperlyConfigured(f"{name} must be s3://bucket/folder?endpoint=https://host&region=name")
    options = {
        "bucket_name": where.netloc, "location": where.path.strip("/"),
        "endpoint_url": told.get("endpoint"), "region_name": told.get("region"),
    }  # fmt: skip
    return {"BACKEND": "library.media.SharedMedia", "OPTIONS": options}


def mail_server(name: str) -> dict[str, Any]:
    """Django's EMAIL_* settings from smtp:// (plain), smtp+tls:// (STARTTLS) or smtps:// (TLS from the start).

    Unset or empty gives an empty EMAIL_HOST: no e-mail is sent. Another scheme raises ImproperlyConfigured.
    """
    server = urlsplit(os.environ.get(name, ""))
    ports = {"": 25, "smtp": 25, "smtp+tls": 587, "smtps": 465}
    if server.scheme not in ports or bool(server.scheme) != bool(server.hostname):
        raise ImproperlyConfigured(f"{name} must begin with smtp://, smtp+tls:// or smtps:// and name a host")
    return {
        "EMAIL_HOST": server.hostname or "",
        "EMAIL_PORT": server.port or ports[server.scheme],
        "EMAIL_HOST_USER": unquote(server.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(server.password or ""),
        "EMAIL_USE_TLS": server.scheme == "smtp+tls",
        "EMAIL_USE_SSL": server.scheme == "smtps",
    }


def long_key() -> str:
    """A new random key for signing."""
    return secrets.token_urlsafe(50)


def p256_key() -> str:
    """A new private key for Web Push (VAPID): 32 random bytes, as a point of the curve P-256 is chosen."""
    return secrets.token_urlsafe(32)


def secret(name: str, keep_in: Path, make: Callable[[], str] = long_key) -> str:
    """The variable, or a random key made once and kept in a file only its owner can read.

    Two processes that start together agree: the file is linked into place whole, and the loser reads it.
    """
    if value := os.environ.get(name):
        return value
    if not keep_in.exists():
        draft = keep_in.with_name(f"{keep_in.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(make())
        try:
            os.link(draft, keep_in)
        except FileExistsError:
            pass  # another process was first: its key is the key
        finally:
            draft.unlink()
    return keep_in.read_text().strip()
