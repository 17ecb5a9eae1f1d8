"""Forms of families: registering, readers, cards and PINs."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from catalog.identifiers import compact
from catalog.models import Branch
from lending.forms import DIGITS
from lending.households import Described, Reader

TEXT = {"class": "input", "dir": "auto", "autocomplete": "off"}
OLDEST = 120  # years
ROWS = 5  # readers that fit on the page


class ReaderForm(forms.Form):
    """One reader; an empty row is nobody."""

    nickname = forms.CharField(
        label=_("Nickname"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={**TEXT, "placeholder": _("Nickname")}),
    )
    birth_year = forms.IntegerField(
        label=_("Year of birth"),
        required=False,
        widget=forms.TextInput(attrs={**DIGITS, "class": "input", "maxlength": 4, "placeholder": _("Year of birth")}),
    )
    is_guardian = forms.BooleanField(label=_("Guardian"), required=False)

    def clean_birth_year(self) -> int | None:
        """A year that somebody alive was born in."""
        year: int | None = self.cleaned_data["birth_year"]
        if year is not None and not date.today().year - OLDEST <= year <= date.today().year:
            raise forms.ValidationError(_("Look at the year of birth again."))
        return year

    def reader(self) -> Reader | None:
        """Who was described; None for an empty row."""
        asked = self.cleaned_data
        name = asked.get("nickname") or ""
        return Reader(name, asked.get("birth_year"), bool(asked.get("is_guardian"))) if name else None


ReaderRows = forms.formset_factory(ReaderForm, extra=0, min_num=ROWS, max_num=12)


class FamilyForm(forms.Form):
    """A family: its name, its language, and one way to reach it where it wishes."""

    name = forms.CharField(
        label=_("Family name"), max_length=120, widget=forms.TextInput(attrs=TEXT),
        error_messages={"required": _("Type a name. Any name you like is fine.")},
    )  # fmt: skip
    language = forms.ChoiceField(
        label=_("Language of the family"), choices=settings.LANGUAGES, widget=forms.Select(attrs={"class": "input"})
    )
    branch: "forms.ModelChoiceField[Branch]" = forms.ModelChoiceField(
        label=_("Your nook"), queryset=Branch.objects.all(), empty_label=None,
        widget=forms.Select(attrs={"class": "input"}),
    )  # fmt: skip
    contact = forms.CharField(
        label=_("E-mail or telephone (you can leave it empty)"), max_length=100, required=False,
        widget=forms.TextInput(attrs={"class": "input", "dir": "ltr", "autocomplete": "off"}),
    )  # fmt: skip

    def clean_contact(self) -> str:
        """An address with an @, or a telephone number with at least seven digits."""
        contact: str = self.cleaned_data["contact"].strip()
        if "@" in contact:
            return str(forms.EmailField().clean(contact))
        if contact and sum(letter.isdigit() for letter in contact) < 7:
            raise forms.ValidationError(_("Type an e-mail address or a telephone number."))
        return contact[:40]

    def described(self, readers: list[Reader]) -> Described:
        """The family as the verbs take it."""
        asked = self.cleaned_data
        contact = asked["contact"]
        email, telephone = (contact, "") if "@" in contact else ("", contact)
        return Described(asked["name"], asked["language"], asked["branch"], readers, email, telephone)


class CardNumberForm(forms.Form):
    """The number of a blank card, or of a card from another system; empty draws one."""

    number = forms.CharField(
        label=_("Number of a blank card (empty: a new one is drawn)"), max_length=60, required=False,
        widget=forms.TextInput(attrs={**DIGITS, "autocomplete": "off"}),
    )  # fmt: skip

    def clean_number(self) -> str:
        """The number as it is stored."""
        return compact(self.cleaned_data["number"])


class PinForm(forms.Form):
    """The PIN in use and the one to come, in the digits of any script."""

    now = forms.CharField(
        label=_("The PIN you have now"), max_length=60,
        widget=forms.PasswordInput(attrs={**DIGITS, "autocomplete": "current-password"}),
        error_messages={"required": _("Type your PIN.")},
    )  # fmt: skip
    new = forms.CharField(
        label=_("New PIN"), max_length=60, help_text=_("Six digits or more. No row such as 123456, no year of birth."),
        widget=forms.PasswordInput(attrs={**DIGITS, "autocomplete": "new-password"}),
        error_messages={"required": _("Choose six digits or more.")},
    )  # fmt: skip


class Registering:
    """A family and its readers on one page."""

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None, readers: Any = None) -> None:
        self.family = FamilyForm(data, initial=initial)
        self.card = CardNumberForm(data)
        rows = [*(readers or []), *({} for _row in range(ROWS - len(readers or [])))]
        self.rows = ReaderRows(data, initial=rows, prefix="reader")

    def is_valid(self) -> bool:
        """Whether everything can be taken."""
        return all([self.family.is_valid(), self.card.is_valid(), self.rows.is_valid()])

    def described(self) -> Described:
        """The family with its readers."""
        return self.family.described([reader for form in self.rows if (reader := form.reader()) is not None])
