"""Books that may leave the collection: listed with how they were read, withdrawn with a reason, brought back."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from catalog.models import CollectionStatus, Copy
from catalog.search import indexing
from lending import access, losses, weeding
from lending.blocks import Refused
from lending.forms.stocktakes import WeedingForm, WithdrawalForm
from lending.guards import staff_required, user_of
from lending.models import Movement, MovementKind
from lending.roles import CATALOGUE

PAGE = 40
LATEST = 20


@require_safe
@staff_required(CATALOGUE)
def weeding_list(request: HttpRequest) -> HttpResponse:
    """Which books may go, and which went lately."""
    branch = access.branch_of(user_of(request))
    form = WeedingForm(request.GET if "months" in request.GET else None)
    rows = weeding.candidates(branch, form.wanted(), at=timezone.now())
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    went = Movement.objects.filter(
        kind=MovementKind.STATUS, details__status_after=CollectionStatus.WITHDRAWN,
        copy__status=CollectionStatus.WITHDRAWN, copy__branch=branch,
    ).select_related("copy__edition")  # fmt: skip
    context = {
        "form": form, "why": WithdrawalForm(), "page": page, "branch": branch, "went": went[:LATEST],
        "candidates": weeding.judged(branch, list(page.object_list)), "hide_header_search": True,
    }  # fmt: skip
    return render(request, "lending/stocktakes/weeding.html", context)


@require_POST
@staff_required(CATALOGUE)
def withdraw(request: HttpRequest) -> HttpResponse:
    """Take the chosen copies out; what is lent or kept meanwhile stays, and is named."""
    user, form = user_of(request), WithdrawalForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why the books leave."))
        return redirect("lending:weeding")
    chosen = [int(pk) for pk in request.POST.getlist("copy")[:PAGE] if pk.isdecimal() and len(pk) < 18]
    copies = Copy.objects.filter(pk__in=chosen, branch=access.branch_of(user)).select_related("edition")
    done = 0
    for copy in copies:
        outcome = losses.withdraw(copy=copy, by=user, at=timezone.now(), **form.cleaned_data)
        if isinstance(outcome, Refused):
            messages.error(request, f"{copy.edition.title}: {outcome.blocks[0].text}")
        else:
            done += 1
    indexing.schedule()
    if done:
        said = ngettext("%(number)s book left the collection.", "%(number)s books left the collection.", done)
        messages.success(request, said % {"number": done})
    return redirect("lending:weeding")


@require_POST
@staff_required(CATALOGUE)
def bring_back(request: HttpRequest, copy_id: int) -> HttpResponse:
    """Undo a withdrawal."""
    user = user_of(request)
    copy = access.copy_for(user, copy_id)
    gone, here = CollectionStatus.WITHDRAWN, CollectionStatus.IN_COLLECTION
    if losses.put_back(copy_id=copy.pk, status=here, unless_not=gone, by=user, at=timezone.now()):
        messages.success(request, _("It is undone."))
        indexing.schedule()
    return redirect("lending:weeding")
