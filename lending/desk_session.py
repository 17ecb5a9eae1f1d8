"""The family whose books are being lent at this desk: kept in the volunteer's session, forgotten after idle minutes."""

from django.http import HttpRequest
from django.utils import timezone

from lending.access import NotFound, household_for
from lending.models import Household, User

KEY = "desk"
LAST_CARD = "desk_card"
IDLE_SECONDS = 180
# A scanner that beeps twice at one card does so within this time.
BEEP_SECONDS = 3


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
        household = household_for(user, kept["household"], at_desk=kept["household"])
    except NotFound:
        close_family(request)
        return None
    request.session[KEY] = {**kept, "at": now}
    return household


def at_desk(request: HttpRequest) -> int | None:
    """The id of the family that is open: its card lay here, so that the desk may see to it wherever it belongs."""
    kept = request.session.get(KEY)
    return int(kept["household"]) if kept else None


def is_second_beep(request: HttpRequest, household: Household) -> bool:
    """Whether this family's card was scanned a moment ago: the second beep must not undo what the first did."""
    now = timezone.now().timestamp()
    last = request.session.get(LAST_CARD) or {"household": None, "at": 0}
    request.session[LAST_CARD] = {"household": household.pk, "at": now}
    return bool(last["household"] == household.pk and now - last["at"] < BEEP_SECONDS)


def forget_beep(request: HttpRequest) -> None:
    """The next scan of a card counts, however soon it comes."""
    request.session.pop(LAST_CARD, None)
