"""Labels of many copies on common paper, printed again whenever they are needed, and signs for shelves."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog import labels
from catalog.forms.labels import LabelsForm
from catalog.label_paper import PAPERS, USUAL
from catalog.models import AgeBand, Edition
from catalog.views.device import LABEL_PAPER, remember
from lending import access
from lending.guards import staff_required, user_of
from lending.roles import CATALOGUE

SHOWN = 60


@require_safe
@staff_required(CATALOGUE)
def choose(request: HttpRequest) -> HttpResponse:
    """Say which labels, on which paper; what would be printed is listed."""
    form = LabelsForm(request.GET if "paper" in request.GET else None, initial=_usual(request))
    copies = form.copies() if form.is_valid() else None
    context = {
        "form": form, "copies": None if copies is None else copies[:SHOWN], "most": labels.MOST,
        "number": 0 if copies is None else copies.count(), "address": request.GET.urlencode(),
        "bands": AgeBand.objects.all(), "hide_header_search": True,
    }  # fmt: skip
    return render(request, "catalog/labels/labels.html", context)


def _usual(request: HttpRequest) -> dict[str, Any]:
    paper = request.COOKIES.get(LABEL_PAPER, "")
    return {
        "branch": access.branch_of(user_of(request)), "since": timezone.localdate(), "start": 1,
        "paper": paper if paper in PAPERS else USUAL,
    }  # fmt: skip


@require_safe
@staff_required(CATALOGUE)
def sheet(request: HttpRequest) -> HttpResponse:
    """The labels as PDF; refused with words where something cannot be printed."""
    form = LabelsForm(request.GET)
    if not form.is_valid():
        return redirect(f"{reverse('catalog:labels')}?{request.GET.urlencode()}")
    paper = form.cleaned_data["paper"]
    copies = list(form.copies()[: labels.MOST + 1])
    try:
        pdf = labels.sheet(copies=copies, paper=PAPERS[paper], start=form.cleaned_data["start"])
    except labels.LabelRefused as refused:
        messages.error(request, str(refused))
        return redirect(f"{reverse('catalog:labels')}?{request.GET.urlencode()}")
    answer = _pdf(pdf, "labels")
    remember(answer, LABEL_PAPER, paper)
    return answer


@require_safe
@staff_required(CATALOGUE)
def signs(request: HttpRequest) -> HttpResponse:
    """Signs for shelves: of every language that the nook has books in, or of one."""
    held = Edition.objects.visible().order_by("language").values_list("language", flat=True).distinct()
    asked = request.GET.get("language", "")
    languages = [code for code in held if asked in ("", code)]
    if not languages:
        messages.error(request, _("There is no book in this language yet."))
        return redirect("catalog:labels")
    wanted = request.GET.get("band", "")
    band = AgeBand.objects.filter(slug=wanted).first() if wanted else None
    return _pdf(labels.signs(languages=languages, band=str(band) if band else ""), "signs")


def _pdf(pdf: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer
