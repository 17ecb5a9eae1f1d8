"""Forms of the care of the collection: what a stock-take looks through, which books may go."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.forms import INPUT, language_choices
from catalog.models import Branch, Shelf
from lending.losses import WITHDRAWAL
from lending.weeding import Wanted


class StockTakeForm(forms.Form):
    """The whole nook, or one shelf, language or run of call numbers of it."""

    shelf: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Shelf"), queryset=Shelf.objects.none(), required=False, empty_label=_("All shelves"),
        widget=forms.Select(INPUT),
    )  # fmt: skip
    language: forms.ChoiceField = forms.ChoiceField(label=_("Language"), required=False, widget=forms.Select(INPUT))
    call_number: forms.CharField = forms.CharField(
        label=_("Call number begins with"), required=False, max_length=80,
        widget=forms.TextInput(INPUT | {"dir": "auto"}),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, branch: Branch) -> None:
        super().__init__(data)
        self.fields["shelf"].queryset = Shelf.objects.filter(branch=branch)  # type: ignore[attr-defined]
        _with_languages(self)


class WeedingForm(forms.Form):
    """Which books may go."""

    months: forms.IntegerField = forms.IntegerField(
        label=_("Not borrowed for so many months"), min_value=1, max_value=240, widget=forms.NumberInput(INPUT)
    )
    language: forms.ChoiceField = forms.ChoiceField(label=_("Language"), required=False, widget=forms.Select(INPUT))
    doubled: forms.BooleanField = forms.BooleanField(
        label=_("Only books of which there are several copies"), required=False
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__({"months": Wanted.months} if data is None else data)
        _with_languages(self)

    def wanted(self) -> Wanted:
        """What is looked for; the usual where something else than a number was typed."""
        return Wanted(**self.cleaned_data) if self.is_valid() else Wanted()


class WithdrawalForm(forms.Form):
    """Why books leave."""

    reason: forms.ChoiceField = forms.ChoiceField(
        label=_("Why"), choices=list(WITHDRAWAL.items()), widget=forms.Select(INPUT)
    )
    words: forms.CharField = forms.CharField(
        label=_("More about it"), required=False, max_length=200, widget=forms.TextInput(INPUT | {"dir": "auto"})
    )


def _with_languages(form: forms.Form) -> None:
    field = form.fields["language"]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 (declared above)
    field.choices = [("", _("All languages")), *language_choices()]
