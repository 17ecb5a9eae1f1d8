"""The family whose books are being lent at this desk: kept in the volunteer's session, forgotten after idle minutes."""

from django.http import HttpRequest
from django.utils import timezone

from lending.access import NotFound, household_for
from lending.models import Household, User

KEY = "desk"
IDLE_SECONDS = 180


def open_family(request: HttpRequest, household: Household) -> None:
    """Books scanned from now on are lent to this family."""
    request.session[KEY] = {"household": household.pk, "at": timezone.now().timestamp()}


def close_family(request: HttpRequest) -> None:
    """Books scanned from now on are taken back."""
    request.session.pop(KEY, None)


def family(request: HttpRequest, user: User) -> Household | None:
    """The open family, or None; each look keeps it open, and three idle minutes close it."""
    kept = request.session.get(KEY)
    if not kept:
        return None
    now = timezone.now().timestamp()
    if now - kept["at"] > IDLE_SECONDS:
        close_family(request)
        return None
    try:
        household = household_for(user, kept["household"])
    except NotFound:
        close_family(request)
        return None
    request.session[KEY] = {**kept, "at": now}
    return household
