"""The second factor of staff: six digits from an app on the phone (TOTP, RFC 6238), or a recovery code on paper.

The other kind, passkeys, is in passkeys.py.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime

import pyotp
import segno
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from lending import attempts
from lending.attempts import Wait
from lending.models import Passkey, RecoveryCode, SecondFactor, StaffRole, User

ISSUER = "Book nook"
STEP = 30  # seconds that a code is valid; one step before and after is taken too, since clocks differ
CODES = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is mistaken for another


def required(user: User) -> bool:
    """Whether this member of staff must have one (STAFF_SECOND_FACTOR: off, managers or all)."""
    whom = settings.STAFF_SECOND_FACTOR
    return whom == "all" or (whom == "managers" and user.role != StaffRole.VOLUNTEER)


def has(user: User) -> bool:
    """Whether there is any: an app that was tried once, or a passkey."""
    return has_app(user) or Passkey.objects.filter(user=user).exists()


def has_app(user: User) -> bool:
    """Whether an app is set up and was tried once."""
    return SecondFactor.objects.filter(user=user).exclude(confirmed_at=None).exists()


@transaction.atomic
def begin(*, user: User) -> SecondFactor:
    """The secret to set up; the same until it is confirmed, so that a page may be opened again."""
    factor, _made = SecondFactor.objects.get_or_create(user=user, defaults={"secret": pyotp.random_base32()})
    return factor


def drawing(factor: SecondFactor) -> str:
    """The secret as a QR code: an address (data:) of a picture in SVG."""
    address = pyotp.TOTP(factor.secret).provisioning_uri(name=factor.user.username, issuer_name=ISSUER)
    return str(segno.make(address, error="m").svg_data_uri(scale=5))


@transaction.atomic
def confirm(*, user: User, code: str, where: str, at: datetime) -> list[str] | Wait | None:
    """Turn it on with a first code: the recovery codes, to be shown once; None for a wrong code."""
    app, typed = SecondFactor.objects.filter(user=user), _plain(code)
    right = attempts.tried(lambda: _is_six_digits(app, typed, at), who=f"factor:{user.pk}", where=where, at=at)
    if right is not True:
        return right or None
    SecondFactor.objects.filter(user=user).update(confirmed_at=at)
    return new_codes(user=user)


@transaction.atomic
def new_codes(*, user: User) -> list[str]:
    """Recovery codes instead of those there were, to be shown once."""
    RecoveryCode.objects.filter(user=user).delete()
    codes = ["".join(secrets.choice(LETTERS) for _letter in range(10)) for _code in range(CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, digest=_digest(code)) for code in codes)
    return codes


def check(*, user: User, code: str, where: str, at: datetime) -> bool | Wait:
    """Whether the code is right; each is right once. Tries are limited as those of signing in are."""
    typed, app = _plain(code), SecondFactor.objects.filter(user=user).exclude(confirmed_at=None)

    def is_right() -> bool:
        return _is_six_digits(app, typed, at) or _is_recovery(user, typed)

    return attempts.tried(is_right, who=f"factor:{user.pk}", where=where, at=at)


def _plain(code: str) -> str:
    """As typed, without what people put between; empty where it cannot be a code."""
    typed = "".join(code.split()).lower().replace("-", "")
    return typed if typed.isascii() else ""


@transaction.atomic
def _is_six_digits(factors: QuerySet[SecondFactor], typed: str, at: datetime) -> bool:
    factor = factors.select_for_update().first()
    if factor is None:
        return False
    app, now = pyotp.TOTP(factor.secret), int(at.timestamp()) // STEP
    right = [step for step in (now - 1, now, now + 1) if hmac.compare_digest(app.generate_otp(step), typed)]
    if not right or right[-1] <= factor.last_step:
        return False
    factor.last_step = right[-1]
    factor.save(update_fields=["last_step"])
    return True


@transaction.atomic
def _is_recovery(user: User, typed: str) -> bool:
    return RecoveryCode.objects.filter(user=user, digest=_digest(typed)).delete()[0] == 1


@transaction.atomic
def remove(*, user: User, passkey: int | None = None) -> None:
    """Forget the app, or one passkey; with the last of them the recovery codes."""
    if passkey is None:
        SecondFactor.objects.filter(user=user).delete()
    else:
        Passkey.objects.filter(user=user, pk=passkey).delete()
    if not has(user):
        RecoveryCode.objects.filter(user=user).delete()


def _digest(code: str) -> str:
    return attempts.unnamed("recovery", code)
