"""Everything of the catalogue as a file, for another library, a spreadsheet or another installation."""

from tempfile import TemporaryFile

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from catalog import archive_writing, exporting
from catalog.models import Copy, Edition
from lending.guards import staff_required
from lending.roles import CATALOGUE
from lending.views.limits import EXPORT, limited

ARCHIVE = "archive"
# The formats in the order in which they are offered, and what each is good for.
OFFERED = {
    ARCHIVE: _("Everything in one file: books, copies and covers. For another nook, or to keep."),
    "xlsx": _("A table for Excel and other spreadsheets."),
    "csv": _("A table for any program."),
    "marc21": _("MARC 21, for other libraries."),
    "marcxml": _("MARC 21 as XML, for other libraries."),
    "kormarc": _("KORMARC, for libraries in Korea."),
    "jsonl": _("JSON lines, with all that is known of each book."),
}


@require_safe
@staff_required(CATALOGUE)
def export(request: HttpRequest) -> HttpResponse:
    """Which formats there are."""
    context = {
        "offered": OFFERED.items(), "books": Edition.objects.count(), "copies": Copy.objects.count(),
        "hide_header_search": True,
    }  # fmt: skip
    return render(request, "catalog/imports/export.html", context)


@require_POST
@limited(EXPORT)
@staff_required(CATALOGUE)
def download(request: HttpRequest, form: str) -> HttpResponse:
    """The file: sent while it is written where the format allows it."""
    day = timezone.localdate().isoformat()
    if form == ARCHIVE:
        whole = TemporaryFile()  # noqa: SIM115 (the response closes it)
        archive_writing.write(whole)
        whole.seek(0)
        return FileResponse(whole, as_attachment=True, filename=f"book-nook-{day}.zip")  # type: ignore[return-value]
    if form not in exporting.WRITTEN:
        raise Http404
    known = exporting.WRITTEN[form]
    name = f"book-nook-{day}{known.ending}"
    answer = StreamingHttpResponse(exporting.parts(form), content_type=known.content_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer  # type: ignore[return-value]
