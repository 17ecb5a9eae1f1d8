"""ImportRun: a file on its way into the catalogue, line by line, and back out again."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.bibliographic import Edition
from catalog.models.holdings import Branch


class ImportState(models.TextChoices):
    """Where a run stands; `NAMING` waits for a person to say what the columns of a table mean."""

    NAMING = "naming", _("What the columns mean")
    CHECKING = "checking", _("Being looked through")
    READY = "ready", _("Ready to go in")
    RUNNING = "running", _("Going in")
    DONE = "done", _("In the catalogue")
    UNDOING = "undoing", _("Being taken out")
    UNDONE = "undone", _("Taken out again")
    FAILED = "failed", _("Cannot be read")


class ImportRun(models.Model):
    """One file. `position` counts the items that the present state has dealt with, so that it goes on after a stop.

    While a process works on it, `lease_until` lies ahead; whoever finds a run that waits without a lease goes on.
    `columns` is {heading: meaning} of a table.
    """

    name = models.CharField(_("file"), max_length=200)
    file = models.CharField(max_length=80)
    format = models.CharField(max_length=20)
    state = models.CharField(_("state"), max_length=20, choices=ImportState, default=ImportState.CHECKING)
    columns = models.JSONField(default=dict, blank=True)
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("nook"))
    copies = models.PositiveSmallIntegerField(_("copies of each book"), default=0)
    position = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    trouble = models.TextField(blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("brought by")
    )
    lease_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.name


class Outcome(models.TextChoices):
    """What a record of the file is to the catalogue."""

    ADD = "add", _("New")
    UPDATE = "update", _("Changes a book that is here")
    SAME = "same", _("Here already")
    REPEAT = "repeat", _("Twice in this file")
    REFUSE = "refuse", _("Cannot go in")


class ImportLine(models.Model):
    """One record of a file: what it would do, and once it is in, what takes it out again.

    `before` is the book as it was (a line of formats/jsonl), `after` a digest of it as the import left it.
    """

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="lines")
    line = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    key = models.CharField(max_length=700, blank=True)
    title = models.CharField(_("title"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=35, blank=True)
    notes = models.JSONField(default=list, blank=True)
    edition = models.ForeignKey(Edition, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    copies = models.JSONField(default=list, blank=True)
    before = models.TextField(blank=True)
    after = models.CharField(max_length=64, blank=True)
    kept = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["run", "key"], name="import_line_key"),
            models.Index(fields=["run", "outcome", "id"], name="import_line_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.title}"


class ColumnMapping(models.Model):
    """What a coordinator once said about the columns of a table with these headings."""

    headings = models.CharField(max_length=64, unique=True)
    columns = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("meaning of columns")
        verbose_name_plural = _("meanings of columns")

    def __str__(self) -> str:
        return ", ".join(self.columns)
