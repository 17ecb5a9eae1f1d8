"""Families at the desk: found by name, their readers, cards and PINs; and a family's own PIN."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog.labels import LabelRefused
from lending import access, cards, consent, desk_session, family_cards, households, pins
from lending.blocks import Refused
from lending.circulation import active_card
from lending.forms.people import CardNumberForm, PinForm, ReaderForm
from lending.guards import family_required, never_stored, staff_required, user_of
from lending.models import CardStatus, Household, Loan, Patron
from lending.roles import CIRCULATE
from lending.views.joining import welcomed

SHOWN = 25


@sensitive_post_parameters("now", "new")
@require_http_methods(["GET", "POST"])
@family_required
def change_pin(request: HttpRequest) -> HttpResponse:
    """Choose a new PIN with the one in use; this device stays signed in, others do not."""
    user, form = user_of(request), PinForm(request.POST or None)
    if form.is_valid():
        outcome = pins.change(user=user, **form.cleaned_data)
        if not isinstance(outcome, Refused):
            update_session_auth_hash(request, outcome)
            messages.success(request, _("Your new PIN is saved."))
            return redirect("lending:family")
        for block in outcome.blocks:
            form.add_error(None, str(block))
    return render(request, "lending/family/pin.html", {"form": form, "first": user.must_change_pin})


@require_safe
@staff_required(CIRCULATE)
def families(request: HttpRequest) -> HttpResponse:
    """Find a family by a name in any script, or by the end of its card's number."""
    asked, branch = request.GET.get("q", "")[:100], access.branch_of(user_of(request))
    found = list(households.found(asked).filter(access.within_reach(user_of(request)))[: SHOWN + 1])
    context = {
        "q": asked, "families": found[:SHOWN], "more": len(found) > SHOWN,
        "grown": households.came_of_age(branch, at=timezone.now())[:SHOWN],
    }  # fmt: skip
    return render(request, "lending/people/families.html", context)


@require_safe
@staff_required(CIRCULATE)
def household(request: HttpRequest, household_id: int) -> HttpResponse:
    """One family as the desk needs it: readers, cards, how many books; no titles."""
    family = _family(request, household_id)
    now = timezone.now()
    context = {
        "family": family,
        "readers": [(reader, households.is_of_age(reader, at=now)) for reader in _readers(family)],
        "card": active_card(family),
        "old_cards": family.cards.exclude(status=CardStatus.ACTIVE).order_by("-issued_at"),
        "loans": Loan.objects.filter(household=family, closed_at=None).count(),
        "unsigned": consent.missing(family, today=timezone.localdate()),
        "reader_form": ReaderForm(),
        "number_form": CardNumberForm(),
    }
    return render(request, "lending/people/household.html", context)


@require_POST
@staff_required(CIRCULATE)
def open_at_desk(request: HttpRequest, household_id: int) -> HttpResponse:
    """Lend to this family as if its card had been scanned: for who has none with them."""
    desk_session.open_family(request, _family(request, household_id))
    return redirect("lending:desk")


@require_POST
@staff_required(CIRCULATE)
def add_reader(request: HttpRequest, household_id: int) -> HttpResponse:
    """One more reader of a family."""
    family, form = (
        _family(request, household_id),
        ReaderForm(request.POST),
    )
    reader = form.reader() if form.is_valid() else None
    if reader is None:
        messages.error(request, _("Write a nickname, and look at the year of birth."))
    elif isinstance(outcome := households.add_reader(household=family, reader=reader), Refused):
        _say(request, outcome)
    else:
        messages.success(request, _("The reader was added."))
    return redirect("lending:household", family.pk)


@require_safe
@staff_required(CIRCULATE)
def card_pdf(request: HttpRequest, household_id: int) -> HttpResponse:
    """The family's cards to print and cut out."""
    family = _family(request, household_id)
    held = family.cards.filter(status=CardStatus.ACTIVE).select_related("household__branch").order_by("pk")
    try:
        pdf = family_cards.cards(cards=list(held))
    except LabelRefused as refused:
        messages.error(request, str(refused))
        return redirect("lending:household", family.pk)
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="cards.pdf"'
    return answer


@require_POST
@staff_required(CIRCULATE)
def new_card(request: HttpRequest, household_id: int) -> HttpResponse:
    """Another card for a family, or for one reader (`patron`) alone; the one before is replaced, or lost."""
    form = CardNumberForm(request.POST)
    family = _family(request, household_id)
    reader = _reader(family, request.POST.get("patron"))
    number = form.cleaned_data["number"] if form.is_valid() else ""
    before = family.cards.filter(patron=reader, status=CardStatus.ACTIVE).first()
    outcome = cards.issue(household=family, patron=reader, number=number, at=timezone.now())
    if isinstance(outcome, Refused):
        _say(request, outcome)
        return redirect("lending:household", family.pk)
    if before is not None and request.POST.get("lost"):
        cards.report_lost(card=before)
    pin = pins.reset(household=family, patron=reader) if reader and not hasattr(reader, "user") else ""
    new = households.Registered(family, outcome, pin)
    return never_stored(render(request, "lending/people/welcome.html", {"new": new, "reader": reader}))


@require_POST
@staff_required(CIRCULATE)
def renew_card(request: HttpRequest, household_id: int) -> HttpResponse:
    """The card is good for another term."""
    family = _family(request, household_id)
    if (card := active_card(family)) is not None:
        cards.renew(card=card, at=timezone.now())
        messages.success(request, _("The card is renewed."))
    return redirect("lending:household", family.pk)


@require_POST
@staff_required(CIRCULATE)
def reset_pin(request: HttpRequest, household_id: int) -> HttpResponse:
    """A new PIN for the first time, told at the desk."""
    family = _family(request, household_id)
    reader = _reader(family, request.POST.get("patron"))
    card = family.cards.filter(patron=reader, status=CardStatus.ACTIVE).first()
    if card is None:
        messages.error(request, _("There is no card. Give out a new one first."))
        return redirect("lending:household", family.pk)
    new = households.Registered(family, card, pins.reset(household=family, patron=reader))
    return never_stored(render(request, "lending/people/welcome.html", {"new": new, "reader": reader}))


@require_POST
@staff_required(CIRCULATE)
def come_of_age(request: HttpRequest, patron_id: int) -> HttpResponse:
    """A grown-up child gets its own account and card."""
    patron = access.patron_for(user_of(request), patron_id, at_desk=desk_session.at_desk(request))
    outcome = households.come_of_age(patron=patron, at=timezone.now())
    if isinstance(outcome, Refused):
        _say(request, outcome)
        return redirect("lending:household", patron.household_id)
    return welcomed(request, outcome)


def _family(request: HttpRequest, household_id: int) -> Household:
    return access.household_for(user_of(request), household_id, at_desk=desk_session.at_desk(request))


def _readers(family: Household) -> list[Patron]:
    return list(family.patrons.select_related("household__branch").prefetch_related("cards", "user"))


def _reader(family: Household, asked: str | None) -> Patron | None:
    if not asked or not asked.isdecimal():
        return None
    reader = family.patrons.filter(pk=int(asked)).first()
    if reader is None:
        raise access.NotFound
    return reader


def _say(request: HttpRequest, refused: Refused) -> None:
    for block in refused.blocks:
        messages.warning(request, str(block))
