"""Stock-takes: begun and finished by a coordinator, scanned by anybody at the desk, on as many phones as there are."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lending import access, stocktake
from lending.blocks import Refused
from lending.forms.stocktakes import StockTakeForm
from lending.guards import staff_required, user_of
from lending.models import StockTake
from lending.roles import CATALOGUE, CIRCULATE, may
from lending.stocktake import Finding, Scanned

LAST = 10
SHOWN = 20
# What each finding is called, and what to do with the book in the hand.
SAID: dict[Finding, tuple[str | Promise, str | Promise]] = {
    Finding.RIGHT: (gettext_lazy("In its place"), gettext_lazy("Put it back where it stood.")),
    Finding.FOUND: (gettext_lazy("Found again"), gettext_lazy("It was thought lost. Put it back on the shelf.")),
    Finding.ON_LOAN: (gettext_lazy("On loan, yet here"), gettext_lazy("Take it to the desk and scan it as returned.")),
    Finding.KEPT: (gettext_lazy("Kept for a family"), gettext_lazy("Take it to the desk and scan it.")),
    Finding.ASTRAY: (gettext_lazy("On another shelf"), gettext_lazy("Take it to the shelf on its label.")),
    Finding.ELSEWHERE: (gettext_lazy("Of another nook"), gettext_lazy("Take it to the desk and scan it.")),
    Finding.WITHDRAWN: (gettext_lazy("Withdrawn, yet here"), gettext_lazy("Put it aside for the coordinator.")),
    Finding.UNKNOWN: (gettext_lazy("Nobody knows this barcode"), gettext_lazy("Put it aside to be catalogued.")),
}


@require_http_methods(["GET", "POST"])
@staff_required(CIRCULATE)
def stock_takes(request: HttpRequest) -> HttpResponse:
    """Those of this nook, and a form to begin one."""
    user = user_of(request)
    branch = access.branch_of(user)
    form = StockTakeForm(request.POST or None, branch=branch)
    if request.method == "POST" and not may(user, CATALOGUE):
        messages.error(request, _("A coordinator begins a stock-take."))
    elif form.is_valid():
        begun = stocktake.start(branch=branch, by=user, at=timezone.now(), **form.cleaned_data)
        return redirect("lending:stock_take", begun.pk)
    rows = StockTake.objects.filter(branch=branch).select_related("shelf").annotate(
        number=Count("scans__barcode", distinct=True)
    )  # fmt: skip
    context = {
        "form": form,
        "branch": branch,
        "stock_takes": rows[:SHOWN],
        "hide_header_search": True,
        "may_catalogue": may(user, CATALOGUE),
    }
    return render(request, "lending/stocktakes/stock_takes.html", context)


@require_safe
@staff_required(CIRCULATE)
def stock_take(request: HttpRequest, stock_take_id: int) -> HttpResponse:
    """Scan books, one after another; what was found so far."""
    user = user_of(request)
    taken = access.stock_take_for(user, stock_take_id)
    told = stocktake.report(taken)
    sections = [(finding, *SAID[finding], told.by_finding.get(finding, [])) for finding in Finding]
    context = {
        "stock_take": taken, "report": told, "sections": [section for section in sections if section[3]],
        "last": taken.scans.select_related("copy__edition")[:LAST], "scan_id": uuid4(),
        "scanned": sum(len(found) for found in told.by_finding.values()), "hide_header_search": True,
        "may_catalogue": may(user, CATALOGUE),
    }  # fmt: skip
    return render(request, "lending/stocktakes/stock_take.html", context)


@require_POST
@staff_required(CIRCULATE)
def scan(request: HttpRequest, stock_take_id: int) -> HttpResponse:
    """One scanned book: an answer in JSON for the page's script, else the page again."""
    user = user_of(request)
    taken = access.stock_take_for(user, stock_take_id)
    barcode = request.POST.get("barcode", "").replace("\x00", "").strip()[:80]
    wants_json = request.headers.get("Accept", "") == "application/json"
    done: Scanned | Refused | None = None
    if barcode:
        done = stocktake.scan(
            stock_take=taken, barcode=barcode, scan_id=_scan_id(request), by=user, at=timezone.now()
        )  # fmt: skip
    if wants_json:
        return JsonResponse(_told(done))
    if isinstance(done, Refused):
        messages.error(request, str(done))
    elif done is not None and done.finding != Finding.RIGHT:
        messages.warning(request, " ".join(map(str, SAID[done.finding])))
    return redirect("lending:stock_take", taken.pk)


def _scan_id(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("scan_id", ""))
    except ValueError:
        return uuid4()


def _told(done: Scanned | Refused | None) -> dict[str, object]:
    if done is None:
        return {"refused": _("Scan a book.")}
    if isinstance(done, Refused):
        return {"refused": str(done)}
    words, advice = SAID[done.finding]
    return {
        "barcode": done.barcode, "right": done.finding == Finding.RIGHT, "words": str(words), "first": done.first,
        "advice": "" if done.finding == Finding.RIGHT else str(advice),
        "title": done.copy.edition.title if done.copy else "",
        "language": done.copy.edition.language if done.copy else "",
    }  # fmt: skip


@require_POST
@staff_required(CIRCULATE)
def unscan(request: HttpRequest, stock_take_id: int) -> HttpResponse:
    """Take the last book out again."""
    taken = access.stock_take_for(user_of(request), stock_take_id)
    if stocktake.unscan(stock_take=taken, barcode=request.POST.get("barcode", "").replace("\x00", "")):
        messages.success(request, _("It is undone."))
    return redirect("lending:stock_take", taken.pk)


@require_POST
@staff_required(CATALOGUE)
def finish(request: HttpRequest, stock_take_id: int) -> HttpResponse:
    """Mark what was not found as missing."""
    taken = access.stock_take_for(user_of(request), stock_take_id)
    done = stocktake.finish(stock_take=taken, by=user_of(request), at=timezone.now())
    if isinstance(done, Refused):
        messages.error(request, str(done))
    else:
        messages.success(request, _("The stock-take is finished."))
    return redirect("lending:stock_take", taken.pk)


@require_POST
@staff_required(CATALOGUE)
def undo(request: HttpRequest, stock_take_id: int) -> HttpResponse:
    """Open a finished stock-take again."""
    taken = access.stock_take_for(user_of(request), stock_take_id)
    done = stocktake.undo_finish(stock_take=taken, by=user_of(request), at=timezone.now())
    if isinstance(done, Refused):
        messages.error(request, str(done))
    else:
        messages.success(request, _("It is undone."))
    return redirect("lending:stock_take", taken.pk)
