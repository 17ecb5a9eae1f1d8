"""One book: what it is, where it stands, the same story in other languages, and one button to reserve it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language

from catalog.models import Branch, Copy, Donor, Edition
from catalog.views import nooks
from catalog.views.book_cards import brief, cards, reader_title, ready, translated
from lending import availability
from lending.forms import ReserveForm
from lending.guards import never_stored
from lending.models import Household, Loan, User
from lending.views.family import held_by


@dataclass(slots=True)
class Place:
    """One nook that has the book: its copies that can be borrowed at all, and those on the shelf now."""

    branch: Branch
    copies: int = 0
    on_shelf: list[Copy] = field(default_factory=list)


def book(request: HttpRequest, edition_id: int) -> HttpResponse:
    """Everything about one book; with a form to reserve it for a signed-in family."""
    edition = get_object_or_404(ready().prefetch_related("contributions__contributor"), pk=edition_id)
    title, language = reader_title(edition)
    household = household_of(request)
    context = {
        "edition": edition,
        "reader_title": title,
        "reader_language": language,
        "summary": summary(edition),
        "given_by": Donor.objects.filter(dedication=True, donations__copies__edition=edition).distinct(),
        "credited": edition.licence.startswith("CC BY"),
        "state": availability.of([edition.pk])[edition.pk],
        "places": places(edition),
        "others": cards(list(brief().filter(work=edition.work_id).exclude(pk=edition.pk).order_by("language", "id"))),
        **(asking(household, edition) if household else {}),
    }
    response = render(request, "catalog/book.html", context)
    return never_stored(response) if request.user.is_authenticated else response


def household_of(request: HttpRequest) -> Household | None:
    """The signed-in family, if one is."""
    return request.user.household if isinstance(request.user, User) else None


def asking(household: Household, edition: Edition) -> dict[str, object]:
    """What the reserve button needs to know of the family; of many nooks it offers a list that folds."""
    branches = list(Branch.objects.all())
    return {
        "household": household,
        "form": ReserveForm(household=household),
        "patrons": list(household.patrons.all()),
        "branches": branches,
        "many_nooks": len(branches) > nooks.FEW,
        "reservation": held_by(household, edition),
        "loan": Loan.objects.filter(household=household, copy__edition=edition, closed_at=None).first(),
    }


def places(edition: Edition) -> list[Place]:
    """The nooks that have the book, those with a copy on the shelf first."""
    copies = edition.copies.filter(status__in=availability.BORROWABLE).select_related("branch", "shelf")
    free = set(availability.on_shelf(edition.copies.all()).values_list("pk", flat=True))
    return sorted(_by_nook(copies, free), key=lambda place: (not place.on_shelf, place.branch.code))


def _by_nook(copies: Iterable[Copy], free: set[int]) -> Iterable[Place]:
    found: dict[int, Place] = {}
    for copy in copies:
        place = found.setdefault(copy.branch_id, Place(copy.branch))
        place.copies += 1
        if copy.pk in free:
            place.on_shelf.append(copy)
    return found.values()


def summary(edition: Edition) -> tuple[str, str]:
    """What the story is about and in which language that is said: the reader's if there is one, else the book's."""
    for code in dict.fromkeys((get_language() or "en", "en", "ko")):
        if words := translated(edition.work, "summary", code):
            return words, code
    return edition.summary, edition.language
