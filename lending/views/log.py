"""The log of what staff did, for administrators and coordinators."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lending import audit
from lending.guards import staff_required
from lending.models import AuditEntry, User
from lending.roles import MANAGE

SHOWN = 50


@require_safe
@staff_required(MANAGE)
def log(request: HttpRequest) -> HttpResponse:
    """The latest entries first, of everybody or of one person (`who`), and whether the chain is whole."""
    staff = {user.pk: user for user in User.objects.filter(household=None)}
    who = request.GET.get("who", "")
    entries = AuditEntry.objects.filter(by=int(who)) if who.isdecimal() and len(who) < 18 else AuditEntry.objects.all()
    page = Paginator(entries, SHOWN).get_page(request.GET.get("page"))
    rows = [(entry, staff.get(entry.by)) for entry in page]
    context = {"page": page, "rows": rows, "staff": staff.values(), "who": who, "broken": audit.broken()}
    return render(request, "lending/managing/log.html", context)
