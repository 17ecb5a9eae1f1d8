"""Branch, Shelf and Copy: what stands where."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.bibliographic import Edition


class Branch(models.Model):
    """A place that lends ("nook" on screen). `name` is translated; `code` is the short name staff type."""

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    address = models.CharField(_("address"), max_length=300, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    timezone = models.CharField(_("time zone"), max_length=60, default="Asia/Seoul")

    class Meta:
        verbose_name = _("nook")
        verbose_name_plural = _("nooks")
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.name or self.code


class Shelf(models.Model):
    """A marked place in a branch. `name` is translated."""

    branch = models.ForeignKey(Branch, on_delete=models.CASCADE, related_name="shelves", verbose_name=_("nook"))
    code = models.SlugField(_("code"))
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        verbose_name = _("shelf")
        verbose_name_plural = _("shelves")
        ordering: ClassVar = ["branch", "code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["branch", "code"], name="shelf_once_a_branch")]

    def __str__(self) -> str:
        return self.name or self.code


class CollectionStatus(models.TextChoices):
    """Stored truth about a copy; on loan, on the hold shelf and in transit are derived."""

    IN_COLLECTION = "in_collection", _("In the collection")
    IN_REPAIR = "in_repair", _("In repair")
    MISSING = "missing", _("Missing")
    LOST = "lost", _("Lost")
    CLAIMED_RETURNED = "claimed_returned", _("Claimed returned")
    NOT_FOR_LOAN = "not_for_loan", _("Not for loan")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Copy(models.Model):
    """The thing with a barcode. `branch` is its home."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="copies", verbose_name=_("book"))
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="copies", verbose_name=_("nook"))
    shelf = models.ForeignKey(
        Shelf, on_delete=models.SET_NULL, null=True, blank=True, related_name="copies", verbose_name=_("shelf")
    )
    barcode = models.CharField(_("barcode"), max_length=40, unique=True)
    call_number = models.CharField(_("call number"), max_length=80, blank=True, db_index=True)
    status = models.CharField(
        _("status"), max_length=20, choices=CollectionStatus, default=CollectionStatus.IN_COLLECTION
    )
    uncatalogued = models.BooleanField(_("still to be catalogued"), default=False)
    note = models.CharField(_("note shown at the next scan"), max_length=300, blank=True)
    donation = models.ForeignKey(
        "catalog.Donation",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="copies",
        verbose_name=_("donation"),
    )  # fmt: skip
    accessioned_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name = _("copy")
        verbose_name_plural = _("copies")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(barcode=""), name="copy_has_a_barcode"),
        ]

    def __str__(self) -> str:
        return self.barcode
