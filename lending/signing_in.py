"""Signing in by card and PIN. An unknown card and a wrong PIN differ neither in words nor in work."""

from datetime import datetime
from functools import cache

from django.contrib.auth.hashers import check_password, make_password
from django.db.models import F

from lending import attempts
from lending.attempts import Wait
from lending.models import Card, CardStatus, Household, Patron, StaffRole, User


def family(*, card_number: str, pin: str, where: str, at: datetime) -> User | None | Wait:
    """The family's user, or None: unknown, replaced or lost card, wrong PIN, or one who may not sign in.

    `where` is the address that asks; after too many tries a Wait is given, and nothing is tried.
    """
    return attempts.tried(lambda: _family(card_number, pin), who=f"card {card_number}", where=where, at=at)


def _family(card_number: str, pin: str) -> User | None:
    card = Card.objects.filter(number=card_number, status=CardStatus.ACTIVE).first()
    user = User.objects.filter(household=card.household_id, patron=card.patron_id).first() if card else None
    if user is None:
        # Without this an unknown card would answer sooner than a wrong PIN.
        check_password(pin, _nobodys_hash())
        return None
    return user if user.check_password(pin) and user.is_active else None


@cache
def _nobodys_hash() -> str:
    """A hash of nobody's PIN, made once a process."""
    return make_password("000000")


def staff(*, username: str, password: str, where: str, at: datetime) -> User | None | Wait:
    """A member of staff by name and password; never a family's user. Limits as for families."""
    return attempts.tried(lambda: _staff(username, password), who=f"staff {username.casefold()}", where=where, at=at)


def _staff(username: str, password: str) -> User | None:
    user = User.objects.exclude(role=StaffRole.FAMILY).filter(username=username).first()
    if user is None:
        check_password(password, _nobodys_hash())
        return None
    return user if user.check_password(password) and user.is_active else None


def set_pin(*, household: Household, pin: str, patron: Patron | None = None, once: bool = False) -> User:
    """Give a household, or one reader of it, a PIN, making the user where there is none yet.

    A PIN that was given `once` is changed by the family when it signs in.
    """
    user = User.objects.filter(household=household, patron=patron).first()
    if user is None:
        name = f"household-{household.pk}" + (f"-{patron.pk}" if patron else "")
        user = User(
            username=name, role=StaffRole.FAMILY, household=household, patron=patron, language=household.language
        )
    user.set_password(pin)
    user.must_change_pin = once
    user.save()
    return user


def end_sessions(user: User) -> None:
    """Sign a user out on every device."""
    User.objects.filter(pk=user.pk).update(session_round=F("session_round") + 1)
