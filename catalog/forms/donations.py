"""A box of books that is given."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from catalog.donations import MOST_BOOKS, Giver
from catalog.forms import INPUT
from catalog.models import Branch


class WishesForm(forms.Form):
    """What a donor wishes from now on."""

    yearly: forms.BooleanField = forms.BooleanField(
        label=_("Wants a letter once a year about how often the books were lent"), required=False
    )
    dedication: forms.BooleanField = forms.BooleanField(
        label=_("Wants the name on the page of the books"), required=False
    )


class DonationForm(WishesForm):
    """Who gives (nobody needs to say), and what is in the box."""

    field_order = ("name", "language", "email", "yearly", "dedication", "isbns", "others", "branch", "note")

    name: forms.CharField = forms.CharField(
        label=_("Who gives these books?"), required=False, max_length=200,
        help_text=_("Leave it empty when the donor does not want to be named."),
        widget=forms.TextInput(INPUT | {"dir": "auto"}),
    )  # fmt: skip
    language: forms.ChoiceField = forms.ChoiceField(
        label=_("Language of letters"), choices=settings.LANGUAGES, initial="ko", widget=forms.Select(INPUT)
    )
    email: forms.EmailField = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("For a letter of thanks."),
        widget=forms.EmailInput(INPUT | {"dir": "ltr"}),
    )  # fmt: skip
    isbns: forms.CharField = forms.CharField(
        label=_("ISBNs of the books"), required=False, max_length=20_000,
        help_text=_("Scan them one after another."), widget=forms.Textarea(INPUT | {"rows": 4, "dir": "ltr"}),
    )  # fmt: skip
    others: forms.IntegerField = forms.IntegerField(
        label=_("Books without ISBN"), min_value=0, max_value=MOST_BOOKS, required=False, initial=0,
        widget=forms.NumberInput(INPUT),
    )  # fmt: skip
    branch: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Nook"), queryset=Branch.objects.all(), empty_label=None, widget=forms.Select(INPUT)
    )
    note: forms.CharField = forms.CharField(
        label=_("Note"), required=False, max_length=1000, widget=forms.Textarea(INPUT | {"rows": 2, "dir": "auto"})
    )

    def clean(self) -> dict[str, Any]:
        """There is something in the box; wishes belong to a name, letters to an address."""
        said = super().clean() or {}
        scanned, others = len(said.get("isbns", "").split()), said.get("others") or 0
        if not scanned and not others:
            self.add_error("isbns", _("Scan the books, or say how many there are."))
        if scanned + others > MOST_BOOKS:
            text = _("These are %(count)s books, and a box holds %(most)s. Note the rest as a second box.")
            self.add_error("isbns", text % {"count": scanned + others, "most": MOST_BOOKS})
        if not said.get("name") and (said.get("email") or said.get("dedication")):
            self.add_error("name", _("Type the name of the donor."))
        if said.get("yearly") and not said.get("email"):
            self.add_error("email", _("Type the address that the letter goes to."))
        return said

    def giver(self) -> Giver:
        """What the donor said."""
        said = self.cleaned_data
        return Giver(said["name"].strip(), said["email"], said["language"], said["dedication"], said["yearly"])
