"""Administration pages of lending: people, policies and calendars; what happened at the desk is read only there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, BaseUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin

from catalog.identifiers import card_number, compact
from lending import access, signing_in
from lending.guards import user_of
from lending.models import (
    Card,
    CardStatus,
    CirculationPolicy,
    Closure,
    Hold,
    Household,
    Loan,
    Movement,
    NoticePolicy,
    OpeningHours,
    Passkey,
    Patron,
    SecondFactor,
    StaffRole,
    Transit,
    User,
)

SHORTEST_PIN = 6  # digits: all 4-digit PINs of a stolen hash are tried out within the hour

# Roles are in lending/roles.py; Django's groups play no part.
admin.site.unregister(Group)
admin.site.site_header = admin.site.site_title = _("Book nook")


class NewStaffForm(BaseUserCreationForm):  # type: ignore[type-arg]
    """A new member of staff, with a password twice. A family's user is made with its PIN, on the family's page."""

    class Meta:
        model = User
        fields = ("username", "role", "branch", "language")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)  # noqa: S101 (a field with choices)
        role.choices = [(value, name) for value, name in StaffRole.choices if value != StaffRole.FAMILY]
        role.initial = StaffRole.VOLUNTEER


@admin.register(User)
class StaffUserAdmin(UserAdmin[User]):
    """Staff and family users; passwords and PINs are changed by their own form."""

    form = UserChangeForm  # type: ignore[assignment]
    add_form = NewStaffForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "display_name", "role", "branch", "is_active")
    list_filter = ("role", "branch", "is_active")
    list_select_related = ("branch",)
    search_fields = ("username", "display_name")
    ordering = ("username",)
    filter_horizontal = ()
    readonly_fields = ("household", "last_login", "joined_at")
    fieldsets = (
        (None, {"fields": ("username", "password", "display_name", "language", "is_active")}),
        (None, {"fields": ("role", "branch", "nooks", "household", "last_login", "joined_at")}),
    )
    add_fieldsets = ((None, {"fields": ("username", "role", "branch", "language", "password1", "password2")}),)


class HouseholdForm(forms.ModelForm):  # type: ignore[type-arg]
    """A family; writing a PIN gives it a new one."""

    new_pin = forms.CharField(
        label=_("New PIN"),
        required=False,
        max_length=20,
        help_text=_("Six digits or more. Leave it empty to keep the PIN."),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )

    class Meta:
        model = Household
        fields = ("name", "language", "branch", "email", "telephone", "keeps_history", "note")

    def clean_new_pin(self) -> str:
        """The PIN in Western digits, or an error that says so."""
        pin = compact(self.cleaned_data["new_pin"])
        if pin and not (pin.isascii() and pin.isdigit() and len(pin) >= SHORTEST_PIN):
            raise forms.ValidationError(_("A PIN has six digits or more."))
        return pin


class PatronInline(admin.TabularInline[Patron, Household]):
    model = Patron
    extra = 1


class CardInline(admin.TabularInline[Card, Household]):
    """Cards are never typed in: their numbers are random. A lost one is marked, and the family gets another."""

    model = Card
    extra = 0
    readonly_fields = ("number", "issued_at")

    def has_add_permission(self, request: HttpRequest, obj: Household | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Household | None = None) -> bool:
        return False


@admin.register(Household)
class HouseholdAdmin(admin.ModelAdmin[Household]):
    """Families. Saving one that has no active card gives it a card with a new number."""

    form = HouseholdForm
    list_display = ("name", "language", "branch", "joined_at")
    list_filter = ("branch", "language")
    list_select_related = ("branch",)
    search_fields = ("name", "cards__number")
    inlines = (PatronInline, CardInline)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Household]:
        """The families that this member of staff knows."""
        return super().get_queryset(request).filter(access.within_reach(user_of(request)))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The family with its readers and cards, then what it still lacks."""
        super().save_related(request, form, formsets, change)
        household: Household = form.instance
        if not Card.objects.filter(household=household, status=CardStatus.ACTIVE).exists():
            Card.objects.create(household=household, number=card_number())
        if form.cleaned_data["new_pin"]:
            signing_in.set_pin(household=household, pin=form.cleaned_data["new_pin"])


@admin.register(CirculationPolicy)
class CirculationPolicyAdmin(admin.ModelAdmin[CirculationPolicy]):
    list_display = ("__str__", "loan_days", "max_renewals", "max_loans_household", "hold_shelf_days", "walk_in")
    list_select_related = ("branch",)


@admin.register(NoticePolicy)
class NoticePolicyAdmin(admin.ModelAdmin[NoticePolicy]):
    list_display = ("__str__", "due_soon_days", "overdue_every_days", "overdue_times", "quiet_from", "quiet_until")
    list_select_related = ("branch",)


@admin.register(OpeningHours)
class OpeningHoursAdmin(admin.ModelAdmin[OpeningHours]):
    list_display = ("branch", "weekday", "opens", "closes")
    list_filter = ("branch",)


@admin.register(Closure)
class ClosureAdmin(TranslationAdmin[Closure]):
    list_display = ("first_day", "last_day", "branch", "reason")
    list_filter = ("branch",)


class ReadOnlyAdmin(admin.ModelAdmin[Any]):
    """What the verbs wrote: changed at the desk, never here, so that loans, holds and movements always agree."""

    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Without the loans and holds of families that this member of staff does not know."""
        rows = super().get_queryset(request)
        if "household" not in {field.name for field in self.model._meta.get_fields()}:
            return rows
        known = Household.objects.filter(access.within_reach(user_of(request)))
        return rows.filter(Q(household=None) | Q(household__in=known))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Loan)
class LoanAdmin(ReadOnlyAdmin):
    list_display = ("copy", "household", "lent_at", "due_at", "renewals", "closed_at", "closed_as")
    list_filter = ("branch", "closed_as")
    list_select_related = ("copy", "household")
    search_fields = ("copy__barcode", "copy__edition__title")


@admin.register(Hold)
class HoldAdmin(ReadOnlyAdmin):
    list_display = ("household", "edition", "status", "reason", "pickup_branch", "placed_at", "collect_by")
    list_filter = ("status", "pickup_branch")
    list_select_related = ("household", "edition", "pickup_branch")
    search_fields = ("edition__title", "household__name")


@admin.register(Transit)
class TransitAdmin(ReadOnlyAdmin):
    list_display = ("copy", "from_branch", "to_branch", "sent_at", "received_at")
    list_select_related = ("copy", "from_branch", "to_branch")
    search_fields = ("copy__barcode",)


@admin.register(Movement)
class MovementAdmin(ReadOnlyAdmin):
    list_display = ("at", "kind", "copy", "branch", "by")
    list_filter = ("kind", "branch")
    list_select_related = ("copy", "branch", "by")
    search_fields = ("copy__barcode",)


class DeviceAdmin(admin.ModelAdmin[Any]):
    """To take it from somebody whose phone or computer is gone; nobody sees or writes a secret."""

    list_select_related = ("user",)
    search_fields = ("user__username",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Everybody makes it on the own device."""
        return False


@admin.register(Passkey)
class PasskeyAdmin(DeviceAdmin):
    """Keys of devices."""

    list_display = fields = readonly_fields = ("user", "name", "made_at", "used_at")


@admin.register(SecondFactor)
class SecondFactorAdmin(DeviceAdmin):
    """Apps on phones."""

    list_display = fields = readonly_fields = ("user", "confirmed_at")
