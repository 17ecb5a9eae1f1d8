"""Which books tell one story: proposals with what speaks for them, one click to join, one to split, one to undo."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from catalog import same_story
from catalog.models import Edition, StoryChange
from catalog.search import indexing, search
from catalog.views.book_cards import in_order
from lending import stories as verbs
from lending.blocks import Refused
from lending.guards import safe_next, staff_required, user_of
from lending.roles import CATALOGUE

LATEST = 300  # the newest books are looked at
CHANGES = 20
FOUND = 12


@require_safe
@staff_required(CATALOGUE)
def stories(request: HttpRequest) -> HttpResponse:
    """Books that may tell one story, and the latest changes."""
    newest = list(Edition.objects.for_cards().order_by("-pk")[:LATEST])
    context = {
        "proposals": same_story.proposals(newest), "hide_header_search": True,
        "changes": StoryChange.objects.select_related("work", "by")[:CHANGES],
    }  # fmt: skip
    return render(request, "catalog/stories/stories.html", context)


@require_safe
@staff_required(CATALOGUE)
def story(request: HttpRequest, edition_id: int) -> HttpResponse:
    """The books of one story, others that may belong to it, and a search for more."""
    edition = get_object_or_404(Edition.objects.for_cards(), pk=edition_id)
    query = request.GET.get("q", "").strip()[:200]
    hits = search(query, language=get_language() or "ko", limit=FOUND).hits if query else []
    found = [book for book in in_order(hit.edition_id for hit in hits) if book.work_id != edition.work_id]
    context = {
        "edition": edition, "q": query, "found": found, "proposals": same_story.proposals([edition]),
        "editions": Edition.objects.for_cards().filter(work=edition.work_id).order_by("pk"),
        "hide_header_search": True,
    }  # fmt: skip
    return render(request, "catalog/stories/story.html", context)


@require_POST
@staff_required(CATALOGUE)
def join(request: HttpRequest, edition_id: int) -> HttpResponse:
    """Make the story of another book part of this book's story."""
    edition = get_object_or_404(Edition.objects.select_related("work"), pk=edition_id)
    asked = request.POST.get("other", "")
    other = get_object_or_404(Edition.objects.select_related("work"), pk=asked if asked.isdecimal() else 0)
    done = verbs.join(work=edition.work, other=other.work, by=user_of(request), at=timezone.now())
    return _told(request, done, _("They are one story now."))


@require_POST
@staff_required(CATALOGUE)
def split(request: HttpRequest, edition_id: int) -> HttpResponse:
    """Make a book a story of its own."""
    edition = get_object_or_404(Edition, pk=edition_id)
    done = verbs.split(edition=edition, by=user_of(request), at=timezone.now())
    return _told(request, done, _("The book is a story of its own now."))


@require_POST
@staff_required(CATALOGUE)
def undo(request: HttpRequest, change_id: int) -> HttpResponse:
    """Take a change back."""
    change = get_object_or_404(StoryChange, pk=change_id)
    done = verbs.undo(change=change, by=user_of(request), at=timezone.now())
    return _told(request, done, _("It is undone."))


def _told(request: HttpRequest, done: StoryChange | Refused, sentence: str) -> HttpResponse:
    if isinstance(done, Refused):
        for block in done.blocks:
            messages.error(request, str(block))
    else:
        messages.success(request, sentence)
        indexing.schedule()
    return redirect(safe_next(request, request.POST.get("next"), "catalog:stories"))
