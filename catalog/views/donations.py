"""Donations: boxes taken in, their books chosen, passed on and catalogued, donors thanked."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog import donations as verbs
from catalog.forms.donations import DonationForm, WishesForm
from catalog.models import DonatedBook, DonatedState, Donation, Donor
from lending import access, donor_letters
from lending.guards import staff_required, user_of
from lending.roles import CATALOGUE

PAGE = 20


@require_http_methods(["GET", "POST"])
@staff_required(CATALOGUE)
def donations(request: HttpRequest) -> HttpResponse:
    """Take in a box; the boxes so far with how far they are."""
    form = DonationForm(request.POST or None, initial={"branch": access.branch_of(user_of(request))})
    if form.is_valid():
        said = form.cleaned_data
        donation = verbs.receive(
            giver=form.giver(), branch=said["branch"], received_on=timezone.localdate(), note=said["note"],
            isbns=said["isbns"].split(), others=said["others"] or 0,
        )  # fmt: skip
        messages.success(request, _("The box is noted. Choose its books now, or later."))
        return redirect("catalog:donation", donation.pk)
    rows = (
        Donation.objects.select_related("donor", "branch")
        .order_by("-received_on", "-id")
        .annotate(
            number=Count("books"),
            open=Count("books", filter=Q(books__state__in=[DonatedState.RECEIVED, DonatedState.CHOSEN])),
        )
    )
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "hide_header_search": True}
    return render(request, "catalog/donations/donations.html", context)


@require_safe
@staff_required(CATALOGUE)
def donation(request: HttpRequest, donation_id: int) -> HttpResponse:
    """One box: what became of each book, and what to do with those that are left."""
    box = get_object_or_404(Donation.objects.select_related("donor", "branch"), pk=donation_id)
    books = box.books.select_related("copy__edition")
    donor = box.donor
    wishes = WishesForm(initial={"dedication": donor.dedication, "yearly": donor.yearly_since}) if donor else None
    context = {"donation": box, "books": books, "wishes": wishes, "hide_header_search": True}
    return render(request, "catalog/donations/donation.html", context)


@require_POST
@staff_required(CATALOGUE)
def move(request: HttpRequest, book_id: int) -> HttpResponse:
    """Choose a book, pass it on, or put it back into the box."""
    book = get_object_or_404(DonatedBook, pk=book_id)
    to = request.POST.get("to", "")
    wanted = to if to in (DonatedState.RECEIVED, DonatedState.CHOSEN, DonatedState.PASSED_ON) else ""
    try:
        verbs.move(book=book, to=wanted, passed_to=request.POST.get("passed_to", "").replace("\x00", "").strip())
    except verbs.NotNow as refused:
        messages.error(request, str(refused))
    return redirect("catalog:donation", book.donation_id)


@require_safe
@staff_required(CATALOGUE)
def letter(request: HttpRequest, donation_id: int) -> HttpResponse:
    """The letter of thanks as PDF, in the donor's language."""
    box = get_object_or_404(Donation.objects.select_related("donor", "branch"), pk=donation_id)
    answer = HttpResponse(donor_letters.paper(donation=box), content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="thanks.pdf"'
    return answer


@require_POST
@staff_required(CATALOGUE)
def wishes(request: HttpRequest, donor_id: int) -> HttpResponse:
    """What a donor wishes from now on."""
    donor, form = get_object_or_404(Donor, pk=donor_id), WishesForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        verbs.wishes(donor=donor, dedication=said["dedication"], yearly=said["yearly"], today=timezone.localdate())
        messages.success(request, _("Saved."))
    box = donor.donations.order_by("-received_on", "-id").first()
    return redirect("catalog:donation", box.pk) if box else redirect("catalog:donations")


@require_POST
@staff_required(CATALOGUE)
def forget(request: HttpRequest, donor_id: int) -> HttpResponse:
    """Delete what is known of a donor who wishes so."""
    verbs.forget(donor=get_object_or_404(Donor, pk=donor_id))
    messages.success(request, _("The donor is forgotten. The books stay."))
    return redirect("catalog:donations")
