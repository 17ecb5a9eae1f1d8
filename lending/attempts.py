"""Limits on signing in: by card (or name) and place, by card everywhere, and by place.

The usual defaults lock an address after three failures, and with it every family at the nook's Wi-Fi. Here few failures
hold up only one card at one place; many at one card from everywhere hold that card up for a short while, elsewhere than
where it just failed as well; and only very many at one place hold the place up. A wait ends by itself.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.conf import settings
from django.db.models import Q

from lending.models import SignInFailure

T = TypeVar("T")
KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """So many failures within so long, and no more until the first of them is older than that."""

    failures: int
    within: timedelta


CARD_AT_PLACE = Limit(5, timedelta(minutes=15))
CARD_ANYWHERE = Limit(20, timedelta(hours=1))
PLACE = Limit(100, timedelta(minutes=15))


@dataclass(frozen=True, slots=True)
class Attempt:
    """A try that may be made: call `succeeded` when it went well; else it stays a failure."""

    failure: SignInFailure

    def succeeded(self) -> None:
        """Forget the failures of this card at this place."""
        SignInFailure.objects.filter(who=self.failure.who, where=self.failure.where).delete()


@dataclass(frozen=True, slots=True)
class Wait:
    """Too many tries: none is made before `until`."""

    until: datetime


def begin(*, who: str, where: str, at: datetime) -> Attempt | Wait:
    """Whether another try may be made now. It counts as failed from the start, so that many at once count too."""
    who, where = unnamed("who", who), unnamed("where", where)
    ends = [
        end
        for limit, mine in (
            (CARD_AT_PLACE, Q(who=who, where=where)), (CARD_ANYWHERE, Q(who=who)), (PLACE, Q(where=where)),
        )
        if (end := _ends(limit, mine, at=at))
    ]  # fmt: skip
    if ends:
        return Wait(max(ends))
    return Attempt(SignInFailure.objects.create(who=who, where=where, at=at))


def tried(check: Callable[[], T], *, who: str, where: str, at: datetime) -> T | Wait:
    """What `check` gives, unless there were too many tries; where that is something, the failures are forgotten."""
    attempt = begin(who=who, where=where, at=at)
    if isinstance(attempt, Wait):
        return attempt
    if outcome := check():
        attempt.succeeded()
    return outcome


def _ends(limit: Limit, mine: Q, *, at: datetime) -> datetime | None:
    """When a limit that is reached ends; None where it is not."""
    recent = SignInFailure.objects.filter(mine, at__gt=at - limit.within).order_by("-at")
    last = recent.values_list("at", flat=True)[limit.failures - 1 : limit.failures]
    return last[0] + limit.within if last else None


def forget(*, at: datetime) -> int:
    """Delete what is older than a day; how many."""
    return SignInFailure.objects.filter(at__lt=at - KEPT).delete()[0]


def unnamed(kind: str, text: str) -> str:
    """A card or address as something that tells nothing."""
    return hmac.new(settings.PIN_PEPPER.encode(), f"{kind}:{text}".encode(), "sha256").hexdigest()
