"""Notice (the outbox), PushSubscription and NoticePolicy: who is told what, by which way, and when."""

from datetime import time
from typing import ClassVar

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from catalog.models import Branch
from lending.models.circulation import Hold, Loan
from lending.models.people import Household


class NoticeKind(models.TextChoices):
    """What a family is told of; the order is that of a message."""

    READY = "ready", _("Ready to collect")
    DATE_MOVED = "date_moved", _("Date moved by a closing day")
    OVERDUE = "overdue", _("Overdue")
    DUE_SOON = "due_soon", _("Due back soon")
    HOLD_EXPIRED = "hold_expired", _("Reservation expired")
    HOLD_CANCELLED = "hold_cancelled", _("Reservation cancelled")
    HOLD_HOPELESS = "hold_hopeless", _("No copy is left")
    RENEWED = "renewed", _("Renewed")


class Way(models.TextChoices):
    """By which channel. A slip is told in person at the desk."""

    EMAIL = "email", _("E-mail")
    PUSH = "push", _("Message on the phone")
    GATEWAY = "gateway", _("Text message")
    SLIP = "slip", _("In person")


class NoticeStatus(models.TextChoices):
    """planned -> sending -> sent | failed; dropped when it was no longer true; told at the desk."""

    PLANNED = "planned", _("Planned")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    TOLD = "told", _("Told in person")
    DROPPED = "dropped", _("No longer needed")
    FAILED = "failed", _("Not delivered")


OPEN = models.Q(status__in=[NoticeStatus.PLANNED, NoticeStatus.SENDING])


class Notice(models.Model):
    """One event for one recipient by one way: written with the event, sent by a worker.

    It holds ids only: the words are made when it is sent, in the language that the family has then. `event` names
    what happened (kind, thing, moment) and is unique with the recipient, so that nothing is told twice. `moment` is
    the date the event stands on (due date, time of readiness): once the loan or hold has another, the notice is no
    longer true and is dropped. Notices with one `digest` went out as one message. `lease` is the worker's own mark.
    """

    kind = models.CharField(max_length=16, choices=NoticeKind)
    event = models.CharField(max_length=120)
    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="notices")
    way = models.CharField(max_length=8, choices=Way)
    device = models.CharField(max_length=20, blank=True)  # id of the PushSubscription, which may be gone since
    loan = models.ForeignKey(Loan, on_delete=models.CASCADE, null=True, blank=True, related_name="notices")
    hold = models.ForeignKey(Hold, on_delete=models.CASCADE, null=True, blank=True, related_name="notices")
    moment = models.DateTimeField()
    made_at = models.DateTimeField()
    not_before = models.DateTimeField()
    status = models.CharField(max_length=8, choices=NoticeStatus, default=NoticeStatus.PLANNED)
    digest = models.UUIDField(null=True, blank=True)
    lease = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=40, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["status", "not_before"], name="notices_to_send"),
            models.Index(fields=["household", "way", "status"], name="notices_of_a_family"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "household", "way", "device"], name="an_event_is_told_once"),
            models.CheckConstraint(
                condition=models.Q(loan__isnull=False, hold__isnull=True)
                | models.Q(loan__isnull=True, hold__isnull=False),
                name="a_notice_is_about_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.way} ({self.status})"


class PushSubscription(models.Model):
    """A phone or computer on which a family switched messages on: address and keys as its browser gave them."""

    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="push_subscriptions")
    endpoint = models.CharField(max_length=1000, unique=True)
    p256dh = models.CharField(max_length=120)
    auth = models.CharField(max_length=40)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("push subscription")
        verbose_name_plural = _("push subscriptions")

    def __str__(self) -> str:
        return f"push subscription {self.pk}"


class NoticePolicy(models.Model):
    """When families are told: the row of a branch wins over the general one. Times are the branch's own."""

    branch = models.OneToOneField(
        Branch, on_delete=models.CASCADE, null=True, blank=True, related_name="notice_policy", verbose_name=_("nook")
    )
    due_soon_days = models.PositiveSmallIntegerField(_("days before the due date to remind (0: never)"), default=2)
    overdue_every_days = models.PositiveSmallIntegerField(_("days between reminders of overdue books"), default=7)
    overdue_times = models.PositiveSmallIntegerField(_("reminders of overdue books at most (0: none)"), default=3)
    gather_minutes = models.PositiveSmallIntegerField(
        _("minutes to wait, so that one visit gives one message"), default=15
    )
    quiet_from = models.TimeField(_("no messages to phones from"), default=time(21))
    quiet_until = models.TimeField(_("no messages to phones until"), default=time(8))

    class Meta:
        verbose_name = _("notice policy")
        verbose_name_plural = _("notice policies")
        constraints: ClassVar = [
            models.UniqueConstraint(Coalesce("branch", 0), name="one_notice_policy_a_nook"),
            models.CheckConstraint(condition=models.Q(overdue_every_days__gte=1), name="a_day_between_reminders"),
        ]

    def __str__(self) -> str:
        return str(self.branch or _("General"))
