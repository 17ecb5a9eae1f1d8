"""Passkeys as the second factor of staff: a key that a phone or computer keeps and unlocks as its owner (WebAuthn).

The library webauthn reads and checks what browsers send. A key belongs to the name that the nook is reached by: a page
that only looks like the nook gets nothing from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import PublicKeyCredentialDescriptor

from lending import attempts
from lending.attempts import Wait
from lending.models import Passkey, User

SITE = "Book nook"
MOST = 10  # passkeys of one member of staff
LONGEST = 20_000  # letters of what a browser sends


@dataclass(frozen=True, slots=True)
class Site:
    """The nook as a browser knows it: its name, and scheme with name and port."""

    host: str
    origin: str


@dataclass(frozen=True, slots=True)
class Question:
    """What a page asks the browser (`options`, JSON), and the challenge in base64url that its answer must hold."""

    options: str
    challenge: str


def of(user: User) -> list[Passkey]:
    """The passkeys of a member of staff, the oldest first."""
    return list(Passkey.objects.filter(user=user).order_by("pk"))


def ask_for_new(*, user: User, known: list[Passkey], site: Site) -> Question:
    """Ask a device to make a key; not one that has one already of those `known`."""
    options = generate_registration_options(
        rp_id=site.host, rp_name=SITE, user_name=user.username, user_id=_handle(user), exclude_credentials=_named(known)
    )
    return Question(options_to_json(options), bytes_to_base64url(options.challenge))


def ask(*, known: list[Passkey], site: Site) -> Question:
    """Ask a device to show that it has one of the keys."""
    options = generate_authentication_options(rp_id=site.host, allow_credentials=_named(known))
    return Question(options_to_json(options), bytes_to_base64url(options.challenge))


@transaction.atomic
def keep(*, user: User, answer: str, challenge: str, site: Site, name: str, at: datetime) -> Passkey | None:
    """Keep the key that a device made; None where the answer is not one to our question, or there are ten already."""
    if len(answer) > LONGEST or Passkey.objects.filter(user=user).count() >= MOST:
        return None
    try:
        made = verify_registration_response(
            credential=answer, expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.host, expected_origin=site.origin,
        )  # fmt: skip
    except (WebAuthnException, ValueError, RecursionError):
        return None
    credential = bytes_to_base64url(made.credential_id)
    if len(credential) > 1400 or Passkey.objects.filter(credential=credential).exists():
        return None
    return Passkey.objects.create(
        user=user, name=name, credential=credential, public_key=made.credential_public_key,
        uses=made.sign_count, made_at=at,
    )  # fmt: skip


def check(*, user: User, answer: str, challenge: str, site: Site, where: str, at: datetime) -> bool | Wait:
    """Whether a device showed one of this user's keys. Tries are limited as those of signing in are."""

    def is_right() -> bool:
        return len(answer) <= LONGEST and _is_shown(user, answer, challenge, site, at)

    return attempts.tried(is_right, who=f"factor:{user.pk}", where=where, at=at)


@transaction.atomic
def _is_shown(user: User, answer: str, challenge: str, site: Site, at: datetime) -> bool:
    try:
        shown = parse_authentication_credential_json(answer)
        credential = bytes_to_base64url(shown.raw_id)
        passkey = Passkey.objects.select_for_update().filter(user=user, credential=credential).first()
        if passkey is None:
            return False
        proven = verify_authentication_response(
            credential=shown, expected_challenge=base64url_to_bytes(challenge), expected_rp_id=site.host,
            expected_origin=site.origin, credential_public_key=bytes(passkey.public_key),
            credential_current_sign_count=passkey.uses,
        )  # fmt: skip
    except (WebAuthnException, ValueError, RecursionError):
        return False
    passkey.uses, passkey.used_at = proven.new_sign_count, at
    passkey.save(update_fields=["uses", "used_at"])
    return True


def _named(known: list[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(each.credential)) for each in known]


def _handle(user: User) -> bytes:
    """Whom a device keeps the key for, as something that tells nothing."""
    return bytes.fromhex(attempts.unnamed("passkey", str(user.pk)))
