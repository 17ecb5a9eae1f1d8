"""Text messages (SMS, KakaoTalk) through a gateway of the nook's own choice, by one signed request.

POST to GATEWAY_URL of {"id", "to", "text", "language"} as JSON. X-Nook-Signature is the HMAC-SHA256, in hexadecimal,
of the X-Nook-Time header, a full stop, and the body, with GATEWAY_SECRET as key. A gateway refuses old times, and sends
one `id` (also in Idempotency-Key) only once. 2xx: taken over; 4xx: never try again; others: later.
"""

import hashlib
import hmac
import json
import time

import requests
from django.conf import settings

from lending.channels import Failed, Message, Recipient, Sent, failed_http

TIMEOUT = 10  # seconds


class Gateway:
    """Hands over to GATEWAY_URL."""

    def send(self, message: Message, to: Recipient) -> Sent | Failed:
        """Sent once the gateway has answered 2xx."""
        if not to.telephone:
            return Failed("no_address", permanent=True)
        text = "\n".join(filter(None, [message.short, message.link]))
        wanted = {"id": message.id, "to": to.telephone, "text": text, "language": message.language}
        body = json.dumps(wanted, ensure_ascii=False).encode()
        at = str(int(time.time()))
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": message.id,
            "X-Nook-Time": at,
            "X-Nook-Signature": signature(at, body),
        }
        try:
            answer = requests.post(
                settings.GATEWAY_URL, data=body, headers=headers, timeout=TIMEOUT, allow_redirects=False
            )
        except requests.RequestException:
            return Failed("no_connection")
        return Sent() if 200 <= answer.status_code < 300 else failed_http(answer.status_code)


def signature(at: str, body: bytes) -> str:
    """What a gateway compares: HMAC-SHA256 of time and body."""
    return hmac.new(settings.GATEWAY_SECRET.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
