"""Registering from a phone: it waits under a code until the family is seen at the desk, a month at most."""

import secrets
from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import transaction

from lending import households
from lending.blocks import Refused
from lending.households import Described, Registered
from lending.models import Registration

WAITS = timedelta(days=30)
LETTERS = "0123456789"
LENGTH = 6


@transaction.atomic
def ask(*, family: Described, at: datetime) -> Registration:
    """Keep what a family tells of itself. Nothing says whether such a family is known already."""
    code = _code()
    while Registration.objects.filter(code=code).exists():
        code = _code()
    return Registration.objects.create(
        code=code, name=family.name, language=family.language, branch=family.branch, email=family.email,
        telephone=family.telephone, readers=[asdict(one) for one in family.readers], made_at=at,
    )  # fmt: skip


@transaction.atomic
def accept(*, registration: Registration, family: Described, at: datetime, number: str = "") -> Registered | Refused:
    """The family stands at the desk: it is registered as it is now described, and what it sent is deleted."""
    waiting = Registration.objects.select_for_update(of=("self",)).get(pk=registration.pk)
    outcome = households.register(family=family, at=at, number=number)
    if not isinstance(outcome, Refused):
        waiting.delete()
    return outcome


def refuse(*, registration: Registration) -> None:
    """Nobody came, or it was a joke: what was sent is deleted."""
    registration.delete()


def forget(*, at: datetime) -> int:
    """Delete what waited longer than a month; how many."""
    return Registration.objects.filter(made_at__lt=at - WAITS).delete()[0]


def _code() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
