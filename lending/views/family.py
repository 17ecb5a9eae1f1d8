"""My family: what is at home, what is ready, what is waited for; reserve, cancel, renew."""

from dataclasses import dataclass
from typing import TypeVar

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from catalog.models import Edition
from catalog.templatetags.dates import day
from lending import access, holds, renewal, waiting
from lending.blocks import Refused
from lending.circulation import active_card
from lending.forms import ReserveForm
from lending.guards import family_required, safe_next, user_of
from lending.models import Card, CardStatus, Hold, HoldStatus, Household, Loan, Patron
from lending.queue import LIVE
from lending.waiting import Wait

Thing = TypeVar("Thing", Loan, Hold)


@dataclass(frozen=True, slots=True)
class Reservation:
    """One live hold as a family sees it; `edition` is the book whose face is shown."""

    hold: Hold
    edition: Edition | None
    wait: Wait | None


@family_required
def family(request: HttpRequest) -> HttpResponse:
    """Everything of one household on one page."""
    household = access.household_of(user_of(request))
    reader = access.reader_of(user_of(request))
    loans = loans_of(household, reader)
    reservations = reservations_of(household, reader)
    context = {
        "household": household,
        "card": card_of(household, reader),
        "reader": reader,
        "patrons": household.patrons.all() if reader is None else [reader],
        "loans": loans,
        "overdue": sum(1 for loan in loans if loan.due_at < timezone.now()),
        "ready": [each for each in reservations if each.hold.status == HoldStatus.READY],
        "coming": [each for each in reservations if each.hold.status != HoldStatus.READY],
    }
    return render(request, "lending/family/family.html", context)


def card_of(household: Household, reader: Patron | None) -> Card | None:
    """The card that the family, or the one reader alone, shows at the desk."""
    return active_card(household) if reader is None else reader.cards.filter(status=CardStatus.ACTIVE).first()


def loans_of(household: Household, reader: Patron | None = None) -> list[Loan]:
    """Open loans of a family, or of one reader alone, first due first, with what a row shows."""
    rows = _of(Loan.objects.filter(household=household, closed_at=None), reader).order_by("due_at", "id")
    return list(rows.select_related("copy__edition", "patron").prefetch_related("copy__edition__subjects"))


def _of(things: QuerySet[Thing], reader: Patron | None) -> QuerySet[Thing]:
    return things.filter(patron=reader) if reader else things


def reservations_of(household: Household, reader: Patron | None = None) -> list[Reservation]:
    """Live holds of a family, or of one reader alone, oldest first, with what a row shows."""
    rows = list(
        _of(Hold.objects.filter(household=household, status__in=LIVE), reader)
        .select_related("edition", "kept_copy__edition", "pickup_branch", "patron")
        .prefetch_related("edition__subjects", "work__editions")
        .order_by("placed_at", "id")
    )
    waits = waiting.of(rows)
    return [Reservation(hold, _face(hold), waits.get(hold.pk)) for hold in rows]


def _face(hold: Hold) -> Edition | None:
    kept = hold.kept_copy.edition if hold.kept_copy else None
    return hold.edition or kept or next(iter(hold.work.editions.all()), None)


@require_POST
@family_required
def reserve(request: HttpRequest, edition_id: int) -> HttpResponse:
    """Reserve a book for the family; the book's page then shows the place in the queue."""
    household = access.household_of(user_of(request))
    edition = get_object_or_404(Edition.objects.visible(), pk=edition_id)
    form = ReserveForm(request.POST, household=household, reader=access.reader_of(user_of(request)))
    book = reverse("catalog:book", args=[edition.pk])
    if not form.is_valid():
        messages.error(request, _("Choose the reader and the nook again, then press “Reserve”."))
        return redirect(book)
    outcome = holds.place(
        household=household, edition=edition, by=user_of(request), at=timezone.now(), **form.cleaned_data
    )
    if isinstance(outcome, Refused):
        refuse(request, outcome)
    else:
        messages.success(request, _("Reserved. You will find it under “My family”."))
    return redirect(book)


@require_POST
@family_required
def cancel_hold(request: HttpRequest, hold_id: int) -> HttpResponse:
    """Give up a reservation."""
    hold = access.hold_for(user_of(request), hold_id)
    outcome = holds.cancel(hold=hold, by=user_of(request), at=timezone.now())
    if isinstance(outcome, Refused):
        refuse(request, outcome)
    else:
        messages.success(request, _("The reservation is cancelled. You can reserve the book again at any time."))
    return redirect(safe_next(request, request.POST.get("next"), reverse("lending:family")))


@require_POST
@family_required
def renew(request: HttpRequest, loan_id: int) -> HttpResponse:
    """Keep one book longer."""
    user = user_of(request)
    loan = access.loan_for(user, loan_id)
    outcome = renewal.renew(loan=loan, by=user, at=timezone.now(), household=access.household_of(user))
    if isinstance(outcome, Refused):
        refuse(request, outcome)
    else:
        messages.success(request, _("Renewed. It is now due back on %(day)s.") % {"day": day(outcome.loan.due_at)})
    return redirect("lending:family")


@require_POST
@family_required
def renew_all(request: HttpRequest) -> HttpResponse:
    """Keep every book longer that may be kept; each that may not says why."""
    user = user_of(request)
    household = access.household_of(user)
    open_loans = Loan.objects.filter(household=household, closed_at=None)
    loans = _of(open_loans, access.reader_of(user)).select_related("copy__edition")
    answers = renewal.renew_all(loans=loans, by=user, at=timezone.now(), household=household)
    done = sum(1 for _loan, outcome in answers if not isinstance(outcome, Refused))
    if done:
        words = ngettext("%(number)s book renewed.", "%(number)s books renewed.", done)
        messages.success(request, words % {"number": done})
    for loan, outcome in answers:
        if isinstance(outcome, Refused):
            refuse(request, outcome, about=loan.copy.edition.title)
    return redirect("lending:family")


def refuse(request: HttpRequest, refused: Refused, *, about: str = "") -> None:
    """Say every reason and what to do next, one message each; `about` is the book's title."""
    for block in refused.blocks:
        # Isolates keep a title of the other direction from reordering the sentence.
        messages.warning(request, f"\u2068{about}\u2069: {block}" if about else str(block))


def held_by(household: Household, edition: Edition) -> Reservation | None:
    """The household's live reservation that this book answers, if any."""
    wanted = Q(edition=edition) | Q(edition=None, copy=None, work=edition.work_id) | Q(kept_copy__edition=edition)
    hold = (
        Hold.objects.filter(wanted, household=household, status__in=LIVE)
        .select_related("pickup_branch", "patron")
        .first()
    )
    return Reservation(hold, edition, waiting.of([hold]).get(hold.pk)) if hold else None
