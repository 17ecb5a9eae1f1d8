"""Cataloguing: a donated book described by hand, its cover photographed, its label printed."""

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from catalog import accession, covers, donations, labels
from catalog.description import record_of
from catalog.forms import CODES, BookForm, CopyForm, initial, said_by
from catalog.identifiers import is_isbn, isbn13
from catalog.models import Branch, Copy, DonatedBook, Edition
from catalog.record import Record
from catalog.search import indexing
from catalog.views.headers import with_camera
from catalog.views.sources import asking, taken
from lending import access
from lending.guards import staff_required, user_of
from lending.roles import CATALOGUE

GIVEN = "given"  # in the session: the donated book that is being catalogued
LATEST = 10  # books shown on the page of the collection


@require_safe
@staff_required(CATALOGUE)
def collection(request: HttpRequest) -> HttpResponse:
    """All there is to do with the books of the nook."""
    latest = Edition.objects.for_cards().order_by("-pk")[:LATEST]
    return render(request, "catalog/cataloguing/collection.html", {"latest": latest, "hide_header_search": True})


@require_http_methods(["GET", "POST"])
@staff_required(CATALOGUE)
def add_book(request: HttpRequest) -> HttpResponse:
    """Describe a book that the nook does not have yet; one that it seems to have is shown first."""
    if not Branch.objects.exists():
        return render(request, "lending/desk/no_nook.html", {"hide_header_search": True})
    asked = request.GET.get("isbn", "")
    if request.GET.get("given"):
        request.session[GIVEN] = request.GET["given"][:18]
    told = taken(request)
    form = BookForm(request.POST or None, request.FILES or None, initial=said_by(told) if told else _asked(request))
    copy_form = CopyForm(request.POST or None, initial={"branch": access.branch_of(user_of(request))})
    known = _known(isbn13(asked)) if is_isbn(asked) else []
    if form.is_valid() and copy_form.is_valid():
        known = _known(form.cleaned_data["isbn"], form.cleaned_data["title"])
        if not known or "another" in request.POST:
            return _added(request, form, copy_form, told)
    context = {
        "form": form, "copy_form": copy_form, "known": known, "asked": asked, "told": told,
        **asking(request, known=bool(known)),
        "no_isbn": bool(asked.strip()) and not is_isbn(asked), "hide_header_search": True,
    }  # fmt: skip
    return with_camera(render(request, "catalog/cataloguing/add_book.html", context))


def _asked(request: HttpRequest) -> dict[str, str]:
    """What the address fills in: the ISBN that was scanned, and the language of the pile of books."""
    asked, language = request.GET.get("isbn", ""), request.GET.get("language", "")
    said = {"isbn": isbn13(asked) if is_isbn(asked) else "", "language": language if language in CODES else ""}
    return {name: value for name, value in said.items() if value}


def _known(isbn: str, title: str = "") -> list[Edition]:
    """Books that this one may be: by ISBN, or by title."""
    same = Q(isbn=isbn) if isbn else Q(title=title) if title else Q(pk=None)
    return list(Edition.objects.filter(same).order_by("id")[:5])


def _added(request: HttpRequest, form: BookForm, copy_form: CopyForm, told: Record | None) -> HttpResponse:
    """Into the catalogue goes what the form says, and what other libraries told of this ISBN that it does not ask."""
    before = told if told and told.isbn == form.cleaned_data["isbn"] else None
    with transaction.atomic():
        taken_in = accession.accession(record=form.record(before), by=user_of(request))
        copy = accession.add_copy(edition=taken_in.edition, **copy_form.cleaned_data)
        _given(request, copy)
        indexing.schedule()
        _keep_cover(request, taken_in.edition, form)
    for warning in taken_in.warnings:
        messages.warning(request, warning)
    messages.success(request, _("The book is in the catalogue. Print its label now."))
    return _shown(taken_in.edition, copy)


def _given(request: HttpRequest, copy: Copy) -> None:
    """A book that came in a box is no longer open there.

    The box's page names it (`given` in the address); a search by ISBN in between leaves it to the session, which counts
    for this ISBN alone.
    """
    here = _donated(request.GET.get("given", ""))
    before = _donated(str(request.session.pop(GIVEN, "")))
    book = here or (before if before and before.isbn and before.isbn == copy.edition.isbn else None)
    if book is None:
        return
    try:
        donations.catalogued(book=book, copy=copy)
    except donations.NotNow:
        # Somebody else catalogued or passed on this book of the box meanwhile: the box shows as what.
        messages.info(request, _("In its box this book was finished already."))


def _donated(number: str) -> DonatedBook | None:
    return DonatedBook.objects.filter(pk=number).first() if number.isdecimal() and len(number) < 18 else None


def _keep_cover(request: HttpRequest, edition: Edition, form: BookForm) -> None:
    """The form has judged the picture; what can still fail is the disk, and then the book is saved without it."""
    if not form.cleaned_data["cover"]:
        return
    try:
        covers.save_cover(edition=edition, upload=form.cleaned_data["cover"])
    except covers.CoverRefused as refused:
        messages.warning(request, str(refused.message))


def _shown(edition: Edition, copy: Copy) -> HttpResponse:
    """The book's page with its new copy on top."""
    return redirect(f"{reverse('catalog:edit_book', args=[edition.pk])}?new={copy.pk}#copies")


@require_http_methods(["GET", "POST"])
@staff_required(CATALOGUE)
def edit_book(request: HttpRequest, edition_id: int) -> HttpResponse:
    """Correct a book, see its copies, print their labels."""
    edition = get_object_or_404(Edition.objects.for_cards().prefetch_related("subjects"), pk=edition_id)
    before = record_of(edition)
    form = BookForm(request.POST or None, request.FILES or None, initial=initial(before, edition))
    if form.is_valid():
        with transaction.atomic():
            corrected = accession.correct(edition=edition, record=form.record(before), by=user_of(request))
            indexing.schedule()
            _keep_cover(request, edition, form)
        for warning in corrected.warnings:
            messages.warning(request, warning)
        messages.success(request, _("The changes are saved."))
        return redirect("catalog:edit_book", edition.pk)
    user = user_of(request)
    context = {
        "edition": edition, "form": form, "hide_header_search": True,
        "copies": edition.copies.select_related("branch", "shelf").order_by("-id"),
        "new": request.GET.get("new", ""),
        "copy_form": CopyForm(initial={"branch": access.branch_of(user) if Branch.objects.exists() else None}),
    }  # fmt: skip
    return render(request, "catalog/cataloguing/edit_book.html", context)


@require_POST
@staff_required(CATALOGUE)
def add_copy(request: HttpRequest, edition_id: int) -> HttpResponse:
    """Put one more copy on the shelf."""
    edition = get_object_or_404(Edition, pk=edition_id)
    form = CopyForm(request.POST)
    if form.is_valid():
        copy = accession.add_copy(edition=edition, **form.cleaned_data)
        _given(request, copy)
        indexing.schedule()
        messages.success(request, _("One more copy is in the catalogue. Print its label now."))
        return _shown(edition, copy)
    for problems in form.errors.values():
        messages.error(request, " ".join(str(problem) for problem in problems))
    return redirect("catalog:edit_book", edition.pk)


@require_GET
@staff_required(CATALOGUE)
def label(request: HttpRequest, copy_id: int) -> HttpResponse:
    """The label of a copy as PDF."""
    copy = get_object_or_404(Copy.objects.select_related("edition"), pk=copy_id)
    try:
        pdf = labels.label(copy=copy)
    except labels.LabelRefused as refused:
        messages.error(request, str(refused))
        return redirect("catalog:edit_book", copy.edition_id)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="label-{copy.pk}.pdf"'
    return response
