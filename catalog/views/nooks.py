"""Nooks: the few that the first page shows, and the page with all of a city's."""

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from modeltranslation.utils import build_localized_fieldname

from catalog.models import Branch
from catalog.record import clean
from lending import opening
from lending.guards import never_stored
from lending.models import User
from lending.roles import MANAGE, may

FEW = 6  # that the first page shows all of
PAGE = 20
LONGEST = 100  # letters of a name that is looked for
NAMES = [build_localized_fieldname("name", code) for code, _ in settings.LANGUAGES]


def at_hand(request: HttpRequest) -> tuple[list[Branch], bool]:
    """The nooks that the first page shows, and whether there are more: then only the reader's own is among them."""
    places = list(Branch.objects.all()[: FEW + 1])
    if len(places) <= FEW:
        return places, False
    user = request.user
    own = (user.household.branch if user.household else user.branch) if isinstance(user, User) else None
    return [own] if own else [], True


@require_safe
def nooks(request: HttpRequest) -> HttpResponse:
    """Every nook with its hours, or those whose name or address holds the words asked; who may changes the hours."""
    asked = clean(request.GET.get("q", "")[:LONGEST])
    found = Branch.objects.all()
    for word in asked.split():
        named = Q(address__icontains=word)
        for name in NAMES:
            named |= Q(**{f"{name}__icontains": word})
        found = found.filter(named)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    user = request.user if isinstance(request.user, User) else None
    context = {
        "asked": asked, "page": page, "openings": opening.of(list(page), at=timezone.now()), "hide_header_search": True,
        "may_manage": may(user, MANAGE),
    }  # fmt: skip
    response = render(request, "catalog/nooks.html", context)
    return never_stored(response) if user else response
