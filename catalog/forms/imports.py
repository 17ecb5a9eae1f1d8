"""Forms of files that go into the catalogue."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from catalog.formats.tabular import MEANINGS
from catalog.forms import INPUT
from catalog.import_files import LARGEST
from catalog.models import Branch

MOST_COPIES = 20
# What a column can mean, as people call it.
NAMES = {
    "title": _("Title"), "subtitle": _("Subtitle"), "romanised_title": _("Title in Latin letters"),
    "language": _("Language"), "author": _("Author"), "illustrator": _("Illustrator"), "translator": _("Translator"),
    "isbn": _("ISBN"), "publisher": _("Publisher"), "place": _("place"), "year": _("Year"), "series": _("series"),
    "extent": _("Pages"), "summary": _("What the book is about"), "audience": _("For whom"),
    "age_from": _("from age"), "age_to": _("to age"), "headings": _("subject headings"), "topics": _("Topics"),
    "format": _("Kind of book"), "ddc": "DDC", "kdc": "KDC", "source_id": _("Number of the record"),
}  # fmt: skip


class FileForm(forms.Form):
    """A file of books, and how many copies of each stand where."""

    file: forms.FileField = forms.FileField(
        label=_("File"), help_text=_("MARC (.mrc, .xml), a table (.csv, .xlsx), JSON lines, or the archive of a nook.")
    )
    copies: forms.IntegerField = forms.IntegerField(
        label=_("Copies of each book"), min_value=0, max_value=MOST_COPIES, required=False, initial=0,
        help_text=_("0 when the books come later."), widget=forms.NumberInput(INPUT),
    )  # fmt: skip
    branch: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Nook"), queryset=Branch.objects.all(), required=False, empty_label="–", widget=forms.Select(INPUT)
    )

    def clean_file(self) -> File[bytes]:
        """Not larger than we can deal with."""
        file: File[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError(_("This file is larger than 200 MB. Split it into several files."))
        return file

    def clean(self) -> dict[str, Any]:
        """Copies stand in a nook."""
        said = super().clean() or {}
        if said.get("copies") and not said.get("branch"):
            self.add_error("branch", _("Say in which nook the copies stand."))
        return said


class ColumnsForm(forms.Form):
    """What each column of a table means; `start` are its headings and first rows."""

    def __init__(self, data: Any, *, start: list[list[str]], columns: dict[str, str]) -> None:
        super().__init__(data)
        choices = [("", _("Nothing: leave it out")), *((each, NAMES[each]) for each in MEANINGS)]
        self.headings = list(dict.fromkeys(start[0])) if start else []
        for at, heading in enumerate(self.headings):
            place = start[0].index(heading)
            examples = [row[place] for row in start[1:] if len(row) > place and row[place]]
            self.fields[f"column-{at}"] = forms.ChoiceField(
                label=heading or "–", choices=choices, required=False, initial=columns.get(heading, ""),
                help_text=" · ".join(example[:60] for example in examples), widget=forms.Select(INPUT),
            )  # fmt: skip

    def meanings(self) -> dict[str, str]:
        """{heading: meaning} as chosen."""
        return {heading: self.cleaned_data[f"column-{at}"] for at, heading in enumerate(self.headings)}

    def clean(self) -> dict[str, Any]:
        """A book needs a title and a language, so a table needs a column of each."""
        said = super().clean() or {}
        if not {"title", "language"} <= set(said.values()):
            raise forms.ValidationError(_("Say which column holds the title, and which the language."))
        return said
