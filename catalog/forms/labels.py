"""Which labels to print, and on what."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from catalog.forms import INPUT, language_choices
from catalog.identifiers import compact
from catalog.label_paper import PAPERS
from catalog.models import Branch, CollectionStatus, Copy


class LabelsForm(forms.Form):
    """Copies by their barcodes, or else by nook, day, call number and language; the paper, and where it begins."""

    barcodes: forms.CharField = forms.CharField(
        label=_("Barcodes"), required=False, max_length=20_000,
        widget=forms.Textarea(INPUT | {"rows": 2, "dir": "ltr"}),
        help_text=_("Scan them one after another. Leave it empty to choose by day, shelf or language."),
    )  # fmt: skip
    branch: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Nook"), queryset=Branch.objects.all(), required=False, empty_label=_("All nooks"),
        widget=forms.Select(INPUT),
    )  # fmt: skip
    since: forms.DateField = forms.DateField(
        label=_("Added since"), required=False, widget=forms.DateInput(INPUT | {"type": "date"}, format="%Y-%m-%d")
    )
    call_number: forms.CharField = forms.CharField(
        label=_("Call number begins with"), required=False, max_length=80,
        widget=forms.TextInput(INPUT | {"dir": "auto"}),
    )  # fmt: skip
    language: forms.ChoiceField = forms.ChoiceField(label=_("Language"), required=False, widget=forms.Select(INPUT))
    paper: forms.ChoiceField = forms.ChoiceField(
        label=_("Paper"), choices=[(key, paper.name) for key, paper in PAPERS.items()], widget=forms.Select(INPUT)
    )
    start: forms.IntegerField = forms.IntegerField(
        label=_("First free place on the sheet"), min_value=1, max_value=65, initial=1,
        help_text=_("1 is at the top left. On a used sheet count line by line."), widget=forms.NumberInput(INPUT),
    )  # fmt: skip

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        language = self.fields["language"]
        assert isinstance(language, forms.ChoiceField)  # noqa: S101 (declared above)
        language.choices = [("", _("All languages")), *language_choices()]

    def clean(self) -> dict[str, Any]:
        """The sheet has the place where labels begin."""
        said = super().clean() or {}
        if said.get("paper") and said.get("start", 1) > max(1, PAPERS[said["paper"]].places):
            places = PAPERS[said["paper"]].places
            self.add_error("start", _("This sheet has %(number)s places.") % {"number": places})
        return said

    def copies(self) -> QuerySet[Copy]:
        """The copies that are meant, in the order of the shelf."""
        said = self.cleaned_data
        every = Copy.objects.select_related("edition", "branch").exclude(status=CollectionStatus.WITHDRAWN)
        if typed := [compact(code) for code in said["barcodes"].split()]:
            return every.filter(barcode__in=typed).order_by("call_number", "barcode")
        wanted = {
            "branch": said["branch"], "accessioned_at__date__gte": said["since"],
            "call_number__istartswith": said["call_number"], "edition__language": said["language"],
        }  # fmt: skip
        return every.filter(**{name: value for name, value in wanted.items() if value}).order_by(
            "call_number", "barcode"
        )
