"""Forms of coordinators: when a nook is open, and by which rules it lends."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.models import Branch, Format
from catalog.templatetags.dates import weekday
from lending.calendars import Opening, Plan
from lending.models import CirculationPolicy, NoticePolicy, OpeningHours

DAY = {"type": "date", "class": "input"}
CLOCK = {"type": "time", "class": "input"}
# Kept in every language with the closure, so that each family reads why.
REASONS = {
    "holiday": _("Public holiday"),
    "vacation": _("The nook is on holiday"),
    "works": _("Building work"),
    "event": _("An event"),
    "": _("No reason given"),
}


class ClosureForm(forms.Form):
    """Days on which one nook or all are closed."""

    branch: "forms.ModelChoiceField[Branch]" = forms.ModelChoiceField(
        label=_("Nook"), queryset=Branch.objects.all(), required=False, empty_label=_("All nooks"),
        widget=forms.Select(attrs={"class": "input"}),
    )  # fmt: skip
    first_day = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs=DAY))
    last_day = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs=DAY), required=False)
    reason = forms.ChoiceField(
        label=_("Reason"), choices=list(REASONS.items()), required=False, widget=forms.Select(attrs={"class": "input"})
    )  # fmt: skip

    def plan(self) -> Plan:
        """What was asked for; without a last day it is one day."""
        first, last = self.cleaned_data["first_day"], self.cleaned_data["last_day"]
        reason = self.cleaned_data["reason"]
        return Plan(self.cleaned_data["branch"], first, last or first, REASONS[reason] if reason else "")


class DayForm(forms.Form):
    """The opening of one weekday; both empty is closed."""

    opens = forms.TimeField(label=_("Opens"), required=False, widget=forms.TimeInput(attrs=CLOCK, format="%H:%M"))
    closes = forms.TimeField(label=_("Closes"), required=False, widget=forms.TimeInput(attrs=CLOCK, format="%H:%M"))

    def clean(self) -> dict[str, Any]:
        """Both or neither, in order."""
        asked = self.cleaned_data
        opens, closes = asked.get("opens"), asked.get("closes")
        if not self.errors and (opens is None) != (closes is None):
            raise forms.ValidationError(_("Give both times, or neither for a closed day."))
        if opens and closes and opens >= closes:
            raise forms.ValidationError(_("It closes before it opens."))
        return asked


class WeekForm:
    """Seven DayForms, Monday first. A second opening of a day, which this page cannot show, is kept as it is."""

    def __init__(self, rows: Iterable[OpeningHours], data: Any = None) -> None:
        self.rows = list(rows)
        first: dict[int, OpeningHours] = {}
        for row in self.rows:
            first.setdefault(row.weekday, row)
        self._further = [row for row in self.rows if first[row.weekday] is not row]
        self.days = [(weekday(number), self._day(number, first.get(number), data)) for number in range(7)]

    def _day(self, number: int, row: OpeningHours | None, data: Any) -> DayForm:
        initial = {"opens": row.opens, "closes": row.closes} if row else {}
        return DayForm(data, initial=initial, prefix=f"day{number}")

    def is_valid(self) -> bool:
        """Whether every day is."""
        return all([form.is_valid() for _name, form in self.days])

    def week(self) -> list[Opening]:
        """The openings that were asked for."""
        asked = [(number, form.cleaned_data) for number, (_name, form) in enumerate(self.days)]
        found = [Opening(number, day["opens"], day["closes"]) for number, day in asked if day["opens"]]
        open_days = {each.weekday for each in found}
        kept = [Opening(row.weekday, row.opens, row.closes) for row in self._further if row.weekday in open_days]
        return [*found, *kept]


class NoticePolicyForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """When families are told, at one nook or at all."""

    class Meta:
        model = NoticePolicy
        fields: ClassVar = [
            "branch", "due_soon_days", "overdue_every_days", "overdue_times", "gather_minutes", "quiet_from",
            "quiet_until",
        ]  # fmt: skip
        widgets: ClassVar = {
            "quiet_from": forms.TimeInput(attrs=CLOCK, format="%H:%M"),
            "quiet_until": forms.TimeInput(attrs=CLOCK, format="%H:%M"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        branch = self.fields["branch"]
        assert isinstance(branch, forms.ModelChoiceField)  # noqa: S101 (declared by the model)
        branch.empty_label = _("All nooks")
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"

    def clean_overdue_every_days(self) -> int:
        """A day at least lies between two reminders."""
        days: int = self.cleaned_data["overdue_every_days"]
        if days < 1:
            raise forms.ValidationError(_("At least one day lies between two reminders."))
        return days


class PolicyForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """How books are lent in one case."""

    class Meta:
        model = CirculationPolicy
        fields: ClassVar = [
            "branch", "format", "loan_days", "max_renewals", "renew_from_days_before", "max_loans_household",
            "max_loans_patron", "max_loans_kind", "max_holds_household", "hold_shelf_days", "hold_waits_days",
            "walk_in", "overdue_blocks_from", "overdue_pause_days", "age_advice", "expired_card_blocks_loan",
            "expired_card_blocks_renewal", "expired_card_blocks_hold", "card_days", "comes_of_age_at", "retention_days",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        branch, kind = self.fields["branch"], self.fields["format"]
        assert isinstance(branch, forms.ModelChoiceField) and isinstance(kind, forms.ChoiceField)  # noqa: S101, PT018
        branch.empty_label = _("All nooks")
        kind.choices = [("", _("All kinds")), *Format.choices]
        for field in self.fields.values():
            if not isinstance(field.widget, forms.CheckboxInput):
                field.widget.attrs["class"] = "input"
            if isinstance(field, forms.IntegerField):
                field.max_value = 3650
                field.widget.attrs["max"] = 3650

    def clean_loan_days(self) -> int:
        """A loan lasts a day at least."""
        days: int = self.cleaned_data["loan_days"]
        if days < 1:
            raise forms.ValidationError(_("A loan lasts at least one day."))
        return days
