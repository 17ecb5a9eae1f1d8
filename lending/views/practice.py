"""Practice: the same scans with the same answers, inside a transaction that is always rolled back.

The scans of a practice are kept in the session only and done again before each new one, so that a book lent in
practice can be taken back in practice.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.db import transaction
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from lending import access, circulation, desk_session, returns
from lending.circulation import Override
from lending.guards import PRACTICE as KEY
from lending.guards import staff_required, user_of
from lending.models import Household, Movement, MovementKind, Patron, User
from lending.returns import is_scan
from lending.roles import CIRCULATE

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
MOST = 40  # scans of one practice that are remembered


def practising(request: HttpRequest) -> bool:
    """Whether nothing that is scanned is written."""
    return KEY in request.session


def practised(view: View[P]) -> View[P]:
    """For views of the desk: in practice whatever they write is taken back when they have answered."""

    @wraps(view)
    def rolled_back(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not practising(request):
            return view(request, *args, **kwargs)
        with transaction.atomic():
            _again(request)
            newest = Movement.objects.aggregate(last=Max("pk"))["last"] or 0
            response = view(request, *args, **kwargs)
            _remember(request, newest)
            transaction.set_rollback(True)
        return response

    return rolled_back


@require_POST
@staff_required(CIRCULATE)
def practise(request: HttpRequest) -> HttpResponse:
    """Start a practice, or end it; the open family is closed either way."""
    desk_session.close_family(request)
    desk_session.forget_beep(request)
    if practising(request):
        del request.session[KEY]
    else:
        request.session[KEY] = []
    return redirect("lending:desk")


@require_POST
@staff_required(CIRCULATE)
def step_back(request: HttpRequest) -> HttpResponse:
    """Undo the last scan of the practice: it is simply not done again."""
    if practising(request):
        request.session[KEY] = request.session[KEY][:-1]
    return redirect("lending:desk")


def _remember(request: HttpRequest, newest: int) -> None:
    """Keep what this request did as plain facts; nothing of it is left in the database."""
    if not practising(request):
        return
    new = Movement.objects.filter(pk__gt=newest).select_related("loan", "copy").order_by("pk")
    facts = [_facts(movement) for movement in new if movement.kind == MovementKind.CHECK_OUT or is_scan(movement)]
    request.session[KEY] = [*request.session[KEY], *facts][-MOST:]


def _facts(movement: Movement) -> dict[str, Any]:
    lent = movement.loan if movement.kind == MovementKind.CHECK_OUT else None
    return {
        "barcode": movement.copy.barcode if movement.copy else "",
        "at": movement.at.isoformat(),
        "household": lent.household_id if lent else None,
        "patron": lent.patron_id if lent else None,
        "override": movement.details.get("override"),
    }


def _again(request: HttpRequest) -> None:
    user = user_of(request) if request.user.is_authenticated else None
    if user is None:
        return
    for facts in request.session[KEY]:
        _do(facts, user)


def _do(facts: dict[str, Any], user: User) -> None:
    usual: dict[str, Any] = {
        "barcode": facts["barcode"], "by": user, "branch": access.branch_of(user),
        "at": min(datetime.fromisoformat(facts["at"]), timezone.now()),
    }  # fmt: skip
    if facts["household"] is None:
        returns.check_in(**usual)
        return
    household = Household.objects.filter(pk=facts["household"]).first()
    if household is None:
        return
    kept = facts["override"]
    override = Override(frozenset(kept["codes"]), kept["comment"]) if kept else None
    patron = Patron.objects.filter(household=household, pk=facts["patron"]).first() if facts["patron"] else None
    circulation.check_out(household=household, patron=patron, override=override, **usual)
