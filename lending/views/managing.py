"""Pages of coordinators: closures, opening hours and policies, each with its effect shown before it is saved."""

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog.models import Branch
from catalog.views import nooks
from lending import calendars, policy_effect
from lending.blocks import Refused
from lending.forms.managing import ClosureForm, NoticePolicyForm, PolicyForm, WeekForm
from lending.guards import staff_required, user_of
from lending.models import CirculationPolicy, Closure, NoticePolicy, OpeningHours
from lending.roles import MANAGE

EXAMPLES = 8  # moved dates that a preview names


@require_safe
@staff_required(MANAGE)
def overview(request: HttpRequest) -> HttpResponse:
    """Everything that a coordinator can set; of many nooks the hours of the own one, and the way to the others."""
    branches, more_nooks = nooks.at_hand(request)
    prefetch_related_objects(branches, "opening_hours")
    context = {
        "branches": branches,
        "more_nooks": more_nooks,
        "policies": CirculationPolicy.objects.select_related("branch").order_by("branch", "format"),
        "closures": Closure.objects.filter(last_day__gte=timezone.localdate()).order_by("first_day"),
        "notice_policies": NoticePolicy.objects.select_related("branch").order_by("branch"),
    }
    return render(request, "lending/managing/overview.html", context)


@require_http_methods(["GET", "POST"])
@staff_required(MANAGE)
def closures(request: HttpRequest) -> HttpResponse:
    """Declare a closure: first what it moves, then it is saved."""
    form, context = ClosureForm(request.POST or None), dict[str, object]()
    if request.method == "POST" and form.is_valid():
        plan, now = form.plan(), timezone.now()
        if request.POST.get("step") == "save":
            outcome = calendars.declare_closure(plan, by=user_of(request), at=now)
            if not isinstance(outcome, Refused):
                messages.success(request, _("The closure is saved."))
                return redirect("lending:closures")
            context["refused"] = outcome
        else:
            preview = calendars.preview_closure(plan, at=now)
            context = {"refused": preview} if isinstance(preview, Refused) else _shown(preview)
    coming = Closure.objects.filter(last_day__gte=timezone.localdate()).select_related("branch").order_by("first_day")
    return render(request, "lending/managing/closures.html", {"form": form, "closures": coming, **context})


@require_POST
@staff_required(MANAGE)
def withdraw_closure(request: HttpRequest, closure_id: int) -> HttpResponse:
    """The nook is open after all."""
    calendars.withdraw_closure(closure=get_object_or_404(Closure, pk=closure_id))
    messages.success(request, _("The closure is withdrawn. Dates that had moved stay as they are."))
    return redirect("lending:closures")


@require_http_methods(["GET", "POST"])
@staff_required(MANAGE)
def hours(request: HttpRequest, branch_id: int) -> HttpResponse:
    """The opening hours of a nook: first what they move, then they are saved."""
    branch = get_object_or_404(Branch, pk=branch_id)
    form = WeekForm(OpeningHours.objects.filter(branch=branch), request.POST or None)
    context: dict[str, object] = {}
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        if request.POST.get("step") == "save":
            calendars.change_hours(branch, form.week(), by=user_of(request), at=now)
            messages.success(request, _("The opening hours are saved."))
            return redirect("lending:managing")
        context = _shown(calendars.preview_hours(branch, form.week(), at=now))
    return render(request, "lending/managing/hours.html", {"branch": branch, "form": form, **context})


@require_http_methods(["GET", "POST"])
@staff_required(MANAGE)
def policy(request: HttpRequest, policy_id: int | None = None) -> HttpResponse:
    """A circulation policy: first its effect, then it is saved."""
    row = get_object_or_404(CirculationPolicy, pk=policy_id) if policy_id else None
    form, context = PolicyForm(request.POST or None, instance=row), dict[str, object]()
    if request.method == "POST" and form.is_valid():
        if request.POST.get("step") == "save":
            form.save()
            messages.success(request, _("The rule is saved. It counts for books that are lent from now on."))
            return redirect("lending:managing")
        context = {"effects": policy_effect.effect(form.save(commit=False), at=timezone.now())}
    return render(request, "lending/managing/policy.html", {"form": form, "policy": row, **context})


@require_POST
@staff_required(MANAGE)
def delete_policy(request: HttpRequest, policy_id: int) -> HttpResponse:
    """A special case is over; the more general rule counts. The general rule itself stays."""
    row = get_object_or_404(CirculationPolicy, pk=policy_id)
    if row.branch_id is None and not row.format:
        raise Http404
    row.delete()
    messages.success(request, _("The rule is deleted. The more general one counts now."))
    return redirect("lending:managing")


@require_http_methods(["GET", "POST"])
@staff_required(MANAGE)
def notice_policy(request: HttpRequest, policy_id: int | None = None) -> HttpResponse:
    """When families are told of their books."""
    row = get_object_or_404(NoticePolicy, pk=policy_id) if policy_id else None
    form = NoticePolicyForm(request.POST or None, instance=row)
    if form.is_valid():
        form.save()
        messages.success(request, _("The changes are saved."))
        return redirect("lending:managing")
    return render(request, "lending/managing/notice_policy.html", {"form": form, "policy": row})


def _shown(moves: calendars.Moves) -> dict[str, object]:
    return {
        "previewed": True,
        "loans_moved": len(moves.loans),
        "holds_moved": len(moves.holds),
        "examples": [*moves.loans, *moves.holds][:EXAMPLES],
    }
