"""Cataloguing: a donated book described by hand, its cover photographed, its label printed."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from catalog import accession, covers, labels
from catalog.description import record_of
from catalog.forms import BookForm, CopyForm, initial
from catalog.identifiers import is_isbn, isbn13
from catalog.models import Copy, Edition
from lending import access
from lending.guards import staff_required, user_of
from lending.roles import CATALOGUE


@require_http_methods(["GET", "POST"])
@staff_required(CATALOGUE)
def add_book(request: HttpRequest) -> HttpResponse:
    """Describe a book that the nook does not have yet; an ISBN it has leads to that book instead."""
    asked = request.GET.get("isbn", "")
    form = BookForm(request.POST or None, request.FILES or None, initial={"isbn": asked, "language": "vi"})
    copy_form = CopyForm(request.POST or None, initial={"branch": access.branch_of(user_of(request))})
    if form.is_valid() and copy_form.is_valid():
        known = _known(form.cleaned_data["isbn"])
        if not known or "another" in request.POST:
            return _added(request, form, copy_form)
    else:
        known = _known(isbn13(asked)) if is_isbn(asked) else []
    context = {"form": form, "copy_form": copy_form, "known": known, "hide_header_search": True}
    return render(request, "catalog/cataloguing/add_book.html", context)


def _known(isbn: str) -> list[Edition]:
    return list(Edition.objects.filter(isbn=isbn)) if isbn else []


def _added(request: HttpRequest, form: BookForm, copy_form: CopyForm) -> HttpResponse:
    with transaction.atomic():
        taken_in = accession.accession(record=form.record(), by=user_of(request))
        accession.add_copy(edition=taken_in.edition, **copy_form.cleaned_data)
        if form.cleaned_data["cover"]:
            covers.save_cover(edition=taken_in.edition, upload=form.cleaned_data["cover"])
    for warning in taken_in.warnings:
        messages.warning(request, warning)
    messages.success(request, _("The book is in the catalogue. Print its label now."))
    return redirect("catalog:edit_book", taken_in.edition.pk)


@require_http_methods(["GET", "POST"])
@staff_required(CATALOGUE)
def edit_book(request: HttpRequest, edition_id: int) -> HttpResponse:
    """Correct a book, see its copies, print their labels."""
    edition = get_object_or_404(Edition.objects.for_cards(), pk=edition_id)
    before = record_of(edition)
    form = BookForm(
        request.POST or None, request.FILES or None,
        initial=initial(before, edition),
    )  # fmt: skip
    if form.is_valid():
        with transaction.atomic():
            accession.correct(edition=edition, record=form.record(before), by=user_of(request))
            if form.cleaned_data["cover"]:
                covers.save_cover(edition=edition, upload=form.cleaned_data["cover"])
        messages.success(request, _("The changes are saved."))
        return redirect("catalog:edit_book", edition.pk)
    context = {
        "edition": edition,
        "form": form,
        "copy_form": CopyForm(initial={"branch": access.branch_of(user_of(request))}),
        "copies": edition.copies.select_related("branch", "shelf"),
        "hide_header_search": True,
    }
    return render(request, "catalog/cataloguing/edit_book.html", context)


@require_POST
@staff_required(CATALOGUE)
def add_copy(request: HttpRequest, edition_id: int) -> HttpResponse:
    """Put one more copy on the shelf."""
    edition = get_object_or_404(Edition, pk=edition_id)
    form = CopyForm(request.POST)
    if form.is_valid():
        accession.add_copy(edition=edition, **form.cleaned_data)
        messages.success(request, _("One more copy is in the catalogue. Print its label now."))
    else:
        for problems in form.errors.values():
            messages.error(request, " ".join(str(problem) for problem in problems))
    return redirect("catalog:edit_book", edition.pk)


@require_GET
@staff_required(CATALOGUE)
def label(request: HttpRequest, copy_id: int) -> HttpResponse:
    """The label of a copy as PDF."""
    copy = get_object_or_404(Copy.objects.select_related("edition"), pk=copy_id)
    response = HttpResponse(labels.label(copy=copy), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="label-{copy.pk}.pdf"'
    return response
