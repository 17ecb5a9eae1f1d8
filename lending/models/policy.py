"""CirculationPolicy, OpeningHours and Closure: rules that a coordinator edits, never constants in code."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Branch, Format


class WalkIn(models.TextChoices):
    """What happens when somebody takes a book from the shelf that another family waits for."""

    REFUSE = "refuse", _("Refuse")
    ASK = "ask", _("Ask the volunteer")
    ALLOW = "allow", _("Allow")


class CirculationPolicy(models.Model):
    """How books are lent: the most exact row wins (branch and format, then either, then the general one)."""

    branch = models.ForeignKey(
        Branch, on_delete=models.CASCADE, null=True, blank=True, related_name="policies", verbose_name=_("nook")
    )
    format = models.CharField(_("format"), max_length=20, choices=Format, blank=True)
    loan_days = models.PositiveSmallIntegerField(_("days of a loan"), default=14)
    max_renewals = models.PositiveSmallIntegerField(_("renewals of a loan"), default=2)
    renew_from_days_before = models.PositiveSmallIntegerField(
        _("days before the due date from which to renew"), default=7
    )
    max_loans_household = models.PositiveSmallIntegerField(_("books a household"), default=20)
    max_loans_patron = models.PositiveSmallIntegerField(_("books a reader"), default=10)
    max_holds_household = models.PositiveSmallIntegerField(_("reservations a household"), default=10)
    hold_shelf_days = models.PositiveSmallIntegerField(_("open days a reserved book is kept"), default=7)
    hold_waits_days = models.PositiveSmallIntegerField(_("days a reservation waits at most"), default=365)
    walk_in = models.CharField(
        _("book on the shelf that is reserved"), max_length=8, choices=WalkIn, default=WalkIn.ASK
    )
    overdue_blocks_from = models.PositiveSmallIntegerField(_("overdue books that stop lending (0: never)"), default=5)
    max_loans_kind = models.PositiveSmallIntegerField(
        _("books of this kind a household (0: as many as of any kind)"), default=0
    )
    overdue_pause_days = models.PositiveSmallIntegerField(
        _("days of pause for each day a book came back late (0: none)"), default=0
    )
    age_advice = models.BooleanField(_("advise when a book is meant for older readers"), default=True)
    expired_card_blocks_loan = models.BooleanField(_("an expired card stops lending"), default=True)
    expired_card_blocks_renewal = models.BooleanField(_("an expired card stops renewing"), default=True)
    expired_card_blocks_hold = models.BooleanField(_("an expired card stops reserving"), default=True)
    card_days = models.PositiveSmallIntegerField(_("days a card is good (0: for ever)"), default=0)
    comes_of_age_at = models.PositiveSmallIntegerField(_("age at which a child gets its own account"), default=19)
    retention_days = models.PositiveSmallIntegerField(_("days until the borrower is forgotten"), default=14)

    class Meta:
        verbose_name = _("circulation policy")
        verbose_name_plural = _("circulation policies")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["branch", "format"], name="one_policy_a_case"),
            models.UniqueConstraint(
                fields=["format"], condition=models.Q(branch__isnull=True), name="one_policy_a_case_everywhere"
            ),
            models.CheckConstraint(condition=models.Q(loan_days__gte=1), name="a_loan_lasts_a_day"),
        ]

    def __str__(self) -> str:
        return " · ".join(filter(None, [str(self.branch or ""), self.get_format_display()])) or str(_("General"))


class OpeningHours(models.Model):
    """One opening on one weekday (0 = Monday); a day without a row is closed."""

    branch = models.ForeignKey(Branch, on_delete=models.CASCADE, related_name="opening_hours")
    weekday = models.PositiveSmallIntegerField(_("weekday"))
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering: ClassVar = ["weekday", "opens"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(weekday__lte=6), name="seven_weekdays"),
            models.CheckConstraint(condition=models.Q(opens__lt=models.F("closes")), name="opens_before_it_closes"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens:%H:%M}–{self.closes:%H:%M}"


class Closure(models.Model):
    """Days on which a branch (or, without one, every branch) is closed. `reason` is translated."""

    branch = models.ForeignKey(Branch, on_delete=models.CASCADE, null=True, blank=True, related_name="closures")
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        ordering: ClassVar = ["first_day"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(first_day__lte=models.F("last_day")), name="closure_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first_day}–{self.last_day} {self.reason}".strip()
