"""Forms of lending: signing in, reserving, and the desk."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from catalog.identifiers import compact
from catalog.models import Branch
from lending.models import Household, Patron

DIGITS = {"inputmode": "numeric", "class": "input input--code", "dir": "ltr"}


class FamilySignInForm(forms.Form):
    """Card number (as typed, scanned or pasted) and PIN."""

    card_number = forms.CharField(
        label=_("Card number"),
        max_length=60,
        widget=forms.TextInput(attrs={**DIGITS, "autocomplete": "username"}),
        error_messages={"required": _("Type the number on your card.")},
    )
    pin = forms.CharField(
        label=_("PIN"),
        max_length=60,
        widget=forms.PasswordInput(attrs={**DIGITS, "autocomplete": "current-password"}),
        error_messages={"required": _("Type your PIN.")},
    )

    def clean_card_number(self) -> str:
        """The number as it is stored, whatever keyboard or spacing it was typed with."""
        return compact(self.cleaned_data["card_number"])

    def clean_pin(self) -> str:
        """The PIN without spaces, in Western digits."""
        return compact(self.cleaned_data["pin"])


class StaffSignInForm(forms.Form):
    """Name and password of a volunteer or coordinator."""

    username = forms.CharField(
        label=_("Name for signing in"),
        max_length=60,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "username", "autocapitalize": "none"}),
        error_messages={"required": _("Type your name for signing in.")},
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"class": "input", "autocomplete": "current-password"}),
        error_messages={"required": _("Type your password.")},
    )


class PasswordForm(forms.Form):
    """The password in use and the one to come, as they are typed."""

    now = forms.CharField(
        label=_("The password you have now"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"class": "input", "autocomplete": "current-password", "dir": "ltr"}),
        error_messages={"required": _("Type your password.")},
    )
    new = forms.CharField(
        label=_("New password"),
        max_length=200,
        strip=False,
        help_text=_("Ten letters or more. Four words that nobody says together are good."),
        widget=forms.PasswordInput(attrs={"class": "input", "autocomplete": "new-password", "dir": "ltr"}),
        error_messages={"required": _("Choose ten letters or more, for example four words.")},
    )


class ReserveForm(forms.Form):
    """For whom, and at which nook the book is collected. A choice that has one answer is not asked."""

    patron = forms.ModelChoiceField(label=_("Who is it for?"), queryset=Patron.objects.none(), required=False)
    pickup_branch: "forms.ModelChoiceField[Branch]" = forms.ModelChoiceField(
        label=_("Where will you collect it?"), queryset=Branch.objects.all(), empty_label=None
    )

    def __init__(self, *args: Any, household: Household, reader: Patron | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._reader = reader
        patrons = self.fields["patron"]
        assert isinstance(patrons, forms.ModelChoiceField)  # noqa: S101 (declared above)
        patrons.queryset = Patron.objects.filter(household=household)
        self.initial.setdefault("pickup_branch", household.branch_id)

    def clean_patron(self) -> Patron | None:
        """Who signs in with a card of its own reserves for nobody else."""
        asked: Patron | None = self.cleaned_data["patron"]
        return self._reader or asked


class ContactForm(forms.Form):
    """Where and in which language a family is written to."""

    email = forms.EmailField(
        label=_("E-mail (you can leave it empty)"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"class": "input", "dir": "ltr", "autocomplete": "email"}),
        error_messages={"invalid": _("Type an address such as name@example.org.")},
    )
    language = forms.ChoiceField(
        label=_("Language of the messages"), choices=settings.LANGUAGES, widget=forms.Select(attrs={"class": "input"})
    )


class DeviceForm(forms.Form):
    """What a browser says of itself when messages are switched on in it."""

    endpoint = forms.CharField(max_length=1000)
    p256dh = forms.CharField(max_length=120)
    auth = forms.CharField(max_length=40)


class ScanForm(forms.Form):
    """One scan at the desk. `override` holds the codes of the blocks to go on against, with blanks between.

    `family` is the household that the page showed as open, 0 for none: the desk may have moved on since.
    """

    code = forms.CharField(max_length=200, strip=False)
    family = forms.IntegerField(required=False)
    scan_id = forms.UUIDField(required=False)
    patron = forms.IntegerField(required=False)
    override = forms.CharField(required=False, max_length=500)
    comment = forms.CharField(required=False, max_length=300)


class DueDateForm(forms.Form):
    """A due date by hand."""

    due_on = forms.DateField()


class MoveForm(forms.Form):
    """A place in a queue, from 1."""

    to = forms.IntegerField(min_value=1, max_value=10_000)


class PickupForm(forms.Form):
    """Where a reservation is collected."""

    branch: "forms.ModelChoiceField[Branch]" = forms.ModelChoiceField(queryset=Branch.objects.all())
