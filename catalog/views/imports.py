"""Files of books into the catalogue: chosen, looked through, taken in, and undone; a bar shows how far."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog import import_files, import_runs
from catalog.forms.imports import ColumnsForm, FileForm
from catalog.import_files import CannotBeRead
from catalog.models import ImportRun, ImportState, Outcome
from lending import access
from lending.guards import staff_required, user_of
from lending.roles import CATALOGUE

RUNS = 20
LINES = 50


@require_http_methods(["GET", "POST"])
@staff_required(CATALOGUE)
def imports(request: HttpRequest) -> HttpResponse:
    """Choose a file; the latest files and where they stand."""
    form = FileForm(request.POST or None, request.FILES or None, initial={"branch": access.branch_of(user_of(request))})
    if form.is_valid():
        told = form.cleaned_data
        try:
            run = import_runs.receive(
                upload=told["file"], by=user_of(request), branch=told["branch"], copies=told["copies"] or 0
            )
        except CannotBeRead:
            form.add_error("file", _("This file breaks off or is damaged. Copy it again and choose it again."))
        else:
            import_runs.go_on(run=run)
            return redirect("catalog:import", run.pk)
    context = {"form": form, "runs": ImportRun.objects.select_related("by")[:RUNS], "hide_header_search": True}
    return render(request, "catalog/imports/imports.html", context)


@require_safe
@staff_required(CATALOGUE)
def import_run(request: HttpRequest, run_id: int) -> HttpResponse:
    """Where a file stands; for htmx the part that changes alone. A run that nobody works on goes on."""
    run = get_object_or_404(ImportRun, pk=run_id)
    import_runs.go_on(run=run)
    counts = dict(run.lines.order_by().values_list("outcome").annotate(Count("pk")))
    shown = request.GET.get("show", "")
    lines = run.lines.filter(outcome=shown) if shown in Outcome.values else run.lines.all()
    context = {
        "run": run, "working": run.state in import_runs.WORKING, "shown": shown,
        "outcomes": [(value, label, counts[value]) for value, label in Outcome.choices if value in counts],
        "right": sum(counts.get(value, 0) for value in (Outcome.ADD, Outcome.UPDATE)),
        "kept": run.lines.filter(kept=True).count() if run.state == ImportState.UNDONE else 0,
        "lines": Paginator(lines, LINES).get_page(request.GET.get("page")), "hide_header_search": True,
        "columns": _columns(run) if run.state == ImportState.NAMING else None,
    }  # fmt: skip
    page = "catalog/imports/_progress.html" if getattr(request, "htmx", False) else "catalog/imports/import.html"
    return render(request, page, context)


def _columns(run: ImportRun) -> ColumnsForm:
    return ColumnsForm(None, start=_start(run), columns=run.columns)


def _start(run: ImportRun) -> list[list[str]]:
    """The headings and first rows; none where the file is gone, which the page then says."""
    try:
        return import_files.table_start(run)
    except CannotBeRead:
        return []


@require_POST
@staff_required(CATALOGUE)
def name_columns(request: HttpRequest, run_id: int) -> HttpResponse:
    """What the columns of a table mean."""
    run = get_object_or_404(ImportRun, pk=run_id)
    form = ColumnsForm(request.POST, start=_start(run), columns=run.columns)
    if form.is_valid():
        return _done(request, run, lambda: import_runs.name_columns(run=run, columns=form.meanings()))
    for problem in form.non_field_errors():
        messages.error(request, str(problem))
    return redirect("catalog:import", run.pk)


@require_POST
@staff_required(CATALOGUE)
def confirm(request: HttpRequest, run_id: int) -> HttpResponse:
    """Take in what was found right."""
    run = get_object_or_404(ImportRun, pk=run_id)
    return _done(request, run, lambda: import_runs.confirm(run=run))


@require_POST
@staff_required(CATALOGUE)
def undo(request: HttpRequest, run_id: int) -> HttpResponse:
    """Take out again all that a file brought."""
    run = get_object_or_404(ImportRun, pk=run_id)
    return _done(request, run, lambda: import_runs.undo(run=run))


@require_POST
@staff_required(CATALOGUE)
def discard(request: HttpRequest, run_id: int) -> HttpResponse:
    """Forget a file that did not go in."""
    run = get_object_or_404(ImportRun, pk=run_id)
    try:
        import_runs.discard(run=run)
    except import_runs.NotNow:
        messages.error(request, _("This file has moved on. Look again."))
        return redirect("catalog:import", run.pk)
    messages.success(request, _("The file is forgotten. Nothing went in."))
    return redirect("catalog:imports")


def _done(request: HttpRequest, run: ImportRun, verb: Callable[[], None]) -> HttpResponse:
    try:
        verb()
    except import_runs.NotNow:
        messages.error(request, _("This file has moved on. Look again."))
    return redirect("catalog:import", run.pk)
