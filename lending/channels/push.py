"""Web Push to a browser (RFC 8030, 8188, 8291, 8292): encrypted for it, signed with the nook's own key."""

import base64
import json
from urllib.parse import urlsplit

import requests
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from py_vapid import Vapid02
from pywebpush import WebPushException, webpush

from lending.channels import Failed, Message, Recipient, Sent, failed_http

KEPT_FOR = 24 * 3600  # seconds that the push service keeps it for a phone that is off
TIMEOUT = 10  # seconds


class Push:
    """Hands over to the push service that the family's browser named, if it is one that we believe."""

    def send(self, message: Message, to: Recipient) -> Sent | Failed:
        """Sent once the service has accepted it. 404 and 410: the family switched messages off in the browser."""
        if not believed(to.endpoint):
            return Failed("push_host", permanent=True, gone=True)
        with requests.Session() as session:
            session.max_redirects = 0
            try:
                webpush(
                    {"endpoint": to.endpoint, "keys": {"p256dh": to.p256dh, "auth": to.auth}},
                    data=payload(message),
                    vapid_private_key=key(),
                    vapid_claims={"sub": settings.VAPID_CONTACT},
                    ttl=KEPT_FOR,
                    timeout=TIMEOUT,
                    requests_session=session,
                    headers={"Topic": message.id.replace("-", "")},
                )
            except WebPushException as error:
                return failed_http(error.response.status_code) if error.response is not None else Failed("push")
            except requests.RequestException:
                return Failed("no_connection")
            except ValueError:
                return Failed("push_keys", permanent=True, gone=True)
        return Sent()


def payload(message: Message) -> str:
    """What the worker in the browser shows: no titles, for it may lie on a locked screen."""
    shown = {
        "title": message.subject,
        "body": message.short,
        "lang": message.language,
        "dir": message.direction,
        "tag": message.id,
        "link": message.link,
    }
    return json.dumps(shown, ensure_ascii=False)


def believed(endpoint: str) -> bool:
    """Whether an address lies at one of PUSH_HOSTS: anything else could be a machine of our own network."""
    try:
        address = urlsplit(endpoint)
        host, port = (address.hostname or "").lower(), address.port
    except ValueError:
        return False
    if address.scheme not in ("http", "https") or address.username is not None:
        return False
    if port is not None and f"{host}:{port}" in settings.PUSH_HOSTS:
        return True  # named with its port: a machine of our own, perhaps without TLS
    usual = address.scheme == "https" and port in (None, 443)
    return usual and any(host == each or (each.startswith(".") and host.endswith(each)) for each in settings.PUSH_HOSTS)


def key() -> Vapid02:
    """The nook's own key for Web Push."""
    return Vapid02.from_string(settings.VAPID_PRIVATE_KEY)


def public_key() -> str:
    """The half of it that a browser is given when it subscribes, in base64url."""
    point = key().public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()
