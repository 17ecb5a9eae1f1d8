"""Loan, Hold, Transit and Movement. Each truth is stored once and guarded by the database."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Branch, Copy, Edition, Work
from lending.models.people import Household, Patron


class HoldStatus(models.TextChoices):
    """waiting -> (in_transit ->) ready -> filled | expired | cancelled."""

    WAITING = "waiting", _("Waiting")
    IN_TRANSIT = "in_transit", _("On its way")
    READY = "ready", _("Ready to collect")
    FILLED = "filled", _("Collected")
    EXPIRED = "expired", _("Expired")
    CANCELLED = "cancelled", _("Cancelled")


LIVE = models.Q(status__in=[HoldStatus.WAITING, HoldStatus.IN_TRANSIT, HoldStatus.READY])


class HoldReason(models.TextChoices):
    """Why a hold is as it is: words for the desk and the family that name no other family."""

    QUEUED = "queued", _("Waiting for its turn")
    FETCH = "fetch", _("On the shelf: a volunteer will fetch it")
    TRAPPED = "trapped", _("A copy was kept for you")
    SENT = "sent", _("A copy is on its way to your nook")
    COLLECTED = "collected", _("Collected")
    CANCELLED_BY_FAMILY = "cancelled_by_family", _("Cancelled by the family")
    CANCELLED_BY_STAFF = "cancelled_by_staff", _("Cancelled at the desk")
    NOT_COLLECTED = "not_collected", _("Not collected in time")
    NEVER_FILLED = "never_filled", _("No copy came in time")
    TRAP_UNDONE = "trap_undone", _("A scan was undone: first in the queue again")
    HOPELESS = "hopeless", _("No copy is left in the collection")


class Hold(models.Model):
    """A household's place in the queue for a story: on an edition, a work in chosen languages, or a copy.

    `work` always stands, so that one queue serves every copy of the story; a hold on an edition or a
    copy names it beside. `kept_copy` is the one on the hold shelf or on its way. Order: `priority`, then
    `placed_at`, then id.
    """

    household = models.ForeignKey(Household, on_delete=models.CASCADE, null=True, blank=True, related_name="holds")
    patron = models.ForeignKey(Patron, on_delete=models.SET_NULL, null=True, blank=True, related_name="holds")
    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="holds")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, null=True, blank=True, related_name="holds")
    copy = models.ForeignKey(Copy, on_delete=models.PROTECT, null=True, blank=True, related_name="holds")
    languages = models.JSONField(default=list, blank=True)
    pickup_branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="holds")
    status = models.CharField(max_length=12, choices=HoldStatus, default=HoldStatus.WAITING)
    reason = models.CharField(max_length=24, choices=HoldReason, default=HoldReason.QUEUED)
    priority = models.IntegerField(default=0)
    placed_at = models.DateTimeField()
    needed_by = models.DateField(null=True, blank=True)
    suspended_until = models.DateField(null=True, blank=True)
    kept_copy = models.ForeignKey(Copy, on_delete=models.PROTECT, null=True, blank=True, related_name="kept_for")
    ready_at = models.DateTimeField(null=True, blank=True)
    collect_by = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        ordering: ClassVar = ["priority", "placed_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["work", "priority", "placed_at", "id"], name="hold_queue", condition=LIVE),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["household", "edition"],
                condition=LIVE & models.Q(edition__isnull=False, copy__isnull=True),
                name="one_live_hold_an_edition",
            ),
            models.UniqueConstraint(
                fields=["household", "work"],
                condition=LIVE & models.Q(edition__isnull=True, copy__isnull=True),
                name="one_live_hold_a_work",
            ),
            models.UniqueConstraint(
                fields=["household", "copy"],
                condition=LIVE & models.Q(copy__isnull=False),
                name="one_live_hold_a_copy",
            ),
            models.UniqueConstraint(
                fields=["kept_copy"],
                condition=models.Q(status__in=[HoldStatus.READY, HoldStatus.IN_TRANSIT]),
                name="a_copy_is_kept_for_one",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=[HoldStatus.READY, HoldStatus.IN_TRANSIT], kept_copy__isnull=False)
                | ~models.Q(status__in=[HoldStatus.READY, HoldStatus.IN_TRANSIT]),
                name="a_kept_hold_has_its_copy",
            ),
            models.CheckConstraint(
                condition=models.Q(household__isnull=False) | ~LIVE, name="a_live_hold_has_a_household"
            ),
        ]

    def __str__(self) -> str:
        return f"hold {self.pk} ({self.status})"


class LoanClosed(models.TextChoices):
    """Why a loan is over."""

    RETURNED = "returned", _("Returned")
    LOST = "lost", _("Lost")
    MISSING = "missing", _("Missing")
    FOUND_ON_SHELF = "found_on_shelf", _("Found on the shelf")
    NEVER_BORROWED = "never_borrowed", _("Never borrowed")
    UNDONE = "undone", _("Scan undone")


class Loan(models.Model):
    """One copy at one household from check-out to check-in; a renewal moves `due_at`.

    `household` is emptied on closed loans after the retention days; the Movements stay for statistics.
    """

    copy = models.ForeignKey(Copy, on_delete=models.PROTECT, related_name="loans")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, blank=True, related_name="loans")
    patron = models.ForeignKey(Patron, on_delete=models.SET_NULL, null=True, blank=True, related_name="loans")
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="loans")
    lent_at = models.DateTimeField()
    due_at = models.DateTimeField()
    renewals = models.PositiveSmallIntegerField(default=0)
    filled_hold = models.OneToOneField(Hold, on_delete=models.SET_NULL, null=True, blank=True, related_name="loan")
    claimed_returned_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_as = models.CharField(max_length=16, choices=LoanClosed, blank=True)

    class Meta:
        verbose_name = _("loan")
        verbose_name_plural = _("loans")
        indexes: ClassVar = [
            models.Index(fields=["due_at"], name="loan_open_due", condition=models.Q(closed_at__isnull=True)),
            models.Index(
                fields=["branch", "claimed_returned_at"],
                name="loan_claimed",
                condition=models.Q(closed_at__isnull=True, claimed_returned_at__isnull=False),
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["copy"], condition=models.Q(closed_at__isnull=True), name="one_open_loan_a_copy"
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=False) | models.Q(household__isnull=False),
                name="an_open_loan_has_a_household",
            ),
            models.CheckConstraint(condition=models.Q(due_at__gte=models.F("lent_at")), name="due_after_lent"),
        ]

    def __str__(self) -> str:
        return f"loan {self.pk} of {self.copy_id}"


class Transit(models.Model):
    """One copy on its way between branches; open until `received_at`."""

    copy = models.ForeignKey(Copy, on_delete=models.PROTECT, related_name="transits")
    from_branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="+")
    to_branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="incoming")
    hold = models.ForeignKey(Hold, on_delete=models.SET_NULL, null=True, blank=True, related_name="transits")
    sent_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("transit")
        verbose_name_plural = _("transits")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["copy"], condition=models.Q(received_at__isnull=True), name="one_open_transit_a_copy"
            ),
        ]

    def __str__(self) -> str:
        return f"transit {self.pk} of {self.copy_id}"


class MovementKind(models.TextChoices):
    """What happened at one scan or change."""

    CHECK_OUT = "check_out", _("Lent")
    CHECK_IN = "check_in", _("Returned")
    RENEW = "renew", _("Renewed")
    IN_HOUSE = "in_house", _("Read in the nook")
    HOLD_PLACED = "hold_placed", _("Reserved")
    HOLD_CANCELLED = "hold_cancelled", _("Reservation cancelled")
    HOLD_EXPIRED = "hold_expired", _("Reservation expired")
    HOLD_READY = "hold_ready", _("Ready to collect")
    SENT = "sent", _("Sent")
    RECEIVED = "received", _("Received")
    STATUS = "status", _("Status changed")
    CLAIMED = "claimed", _("Said to be returned")
    DUE_DATE = "due_date", _("Due date changed")
    QUEUE = "queue", _("Queue changed")
    PICKUP = "pickup", _("Nook of collection changed")
    UNDONE = "undone", _("Undone")


class Movement(models.Model):
    """The nameless record of one change: kept for statistics after the borrower is forgotten.

    `details` holds codes and numbers only (never a name or a card). `scan_id` is the desk's own id of the
    scan, so that a repeat is recognised. `undoes` points at the movement that this one took back.
    """

    kind = models.CharField(max_length=16, choices=MovementKind)
    copy = models.ForeignKey(Copy, on_delete=models.PROTECT, null=True, blank=True, related_name="movements")
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    loan = models.ForeignKey(Loan, on_delete=models.SET_NULL, null=True, blank=True, related_name="movements")
    hold = models.ForeignKey(Hold, on_delete=models.SET_NULL, null=True, blank=True, related_name="movements")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    effective_at = models.DateTimeField()
    details = models.JSONField(default=dict, blank=True)
    scan_id = models.UUIDField(null=True, blank=True, unique=True)
    undoes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="undone_by")

    class Meta:
        verbose_name = _("movement")
        verbose_name_plural = _("movements")
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["copy", "-id"], name="movements_of_a_copy")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
