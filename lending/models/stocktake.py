"""StockTake: the books of a nook, or of a part of it, scanned one by one; StockTakeScan: one of these scans."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Branch, Copy, Shelf


class StockTake(models.Model):
    """Which books are looked for: of a nook, and there of one shelf, language or run of call numbers.

    `changes` are [copy id, status before, status after] of what finishing changed, so that it can be undone.
    """

    branch = models.ForeignKey(Branch, on_delete=models.CASCADE, related_name="stock_takes", verbose_name=_("nook"))
    shelf = models.ForeignKey(Shelf, on_delete=models.SET_NULL, null=True, blank=True, verbose_name=_("shelf"))
    language = models.CharField(_("language"), max_length=35, blank=True)
    call_number = models.CharField(_("call number"), max_length=80, blank=True)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)
    changes = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name = _("stock-take")
        verbose_name_plural = _("stock-takes")
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.branch} {self.started_at:%Y-%m-%d}"


class StockTakeScan(models.Model):
    """One scan, by whoever of several people made it; `scan_id` is the browser's, so that a repeat changes nothing."""

    stock_take = models.ForeignKey(StockTake, on_delete=models.CASCADE, related_name="scans")
    scan_id = models.UUIDField(unique=True)
    barcode = models.CharField(max_length=40)
    copy = models.ForeignKey(Copy, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.barcode
