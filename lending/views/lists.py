"""The work lists of a nook, each whole on a page of its own to work through on a phone or to print."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from catalog.models import Branch
from lending import access, work_lists
from lending.guards import staff_required, user_of
from lending.roles import CIRCULATE

SHOWN = 100


@dataclass(frozen=True, slots=True)
class WorkList:
    """One list: what it is called, what is to be done, and its rows at a nook now."""

    slug: str
    icon: str
    title: Promise
    advice: Promise
    template: str
    rows: Callable[[Branch, datetime], QuerySet[Any]]


LISTS = (
    WorkList(
        "fetch", "shelf", _("To fetch from the shelf"),
        _("Somebody waits for these. Take them from the shelf and scan them."), "lending/lists/_fetch.html",
        lambda branch, at: work_lists.to_fetch(branch),
    ),
    WorkList(
        "hold-shelf", "reserve", _("On the reservation shelf"), _("Families come for these."),
        "lending/lists/_hold_shelf.html", lambda branch, at: work_lists.on_hold_shelf(branch),
    ),
    WorkList(
        "clear", "cross", _("To clear away"), _("Nobody came for these in time. Take them to the desk and scan them."),
        "lending/lists/_hold_shelf.html", lambda branch, at: work_lists.to_clear(branch, at=at),
    ),
    WorkList(
        "send", "send", _("To send"), _("Put them in the box for the other nook."), "lending/lists/_send.html",
        lambda branch, at: work_lists.to_send(branch),
    ),
    WorkList(
        "overdue", "clock", _("Overdue"), _("Speak to the family kindly: somebody may be waiting."),
        "lending/lists/_overdue.html", lambda branch, at: work_lists.overdue(branch, at=at),
    ),
    WorkList(
        "claimed", "search", _("Said to be returned"), _("Look for it on the shelves."), "lending/lists/_claimed.html",
        lambda branch, at: work_lists.claimed(branch),
    ),
    WorkList(
        "hopeless", "alert", _("No copy is left"), _("Find another copy, or end the reservation and tell the family."),
        "lending/lists/_hopeless.html", lambda branch, at: work_lists.hopeless(branch),
    ),
)  # fmt: skip


@require_safe
@staff_required(CIRCULATE)
def lists(request: HttpRequest) -> HttpResponse:
    """Every list with how much is on it."""
    branch, now = access.branch_of(user_of(request)), timezone.now()
    shown = [{"slug": each.slug, "icon": each.icon, "title": each.title, "count": each.rows(branch, now).count()}
             for each in LISTS]  # fmt: skip
    return render(request, "lending/lists/overview.html", {"branch": branch, "lists": shown})


@require_safe
@staff_required(CIRCULATE)
def work_list(request: HttpRequest, slug: str) -> HttpResponse:
    """One list as it is now."""
    chosen = next((each for each in LISTS if each.slug == slug), None)
    if chosen is None:
        raise Http404
    branch, now = access.branch_of(user_of(request)), timezone.now()
    rows = list(chosen.rows(branch, now)[: SHOWN + 1])
    context = {"list": chosen, "branch": branch, "rows": rows[:SHOWN], "more": len(rows) > SHOWN, "now": now}
    return render(request, "lending/lists/list.html", context)
