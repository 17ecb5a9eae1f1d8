"""StoryChange: two stories that became one, or a book that became a story of its own, and how to take that back."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.bibliographic import Work


class StoryChangeKind(models.TextChoices):
    """What was done."""

    JOINED = "joined", _("Made one story")
    SPLIT = "split", _("Made a story of its own")


class StoryChange(models.Model):
    """`work` is the story that stayed. `other` holds the columns of the story that went (joined) or came (split).

    `editions` and `holds` are the ids of what moved; `learnt` the columns of `work` that it took from the other.
    """

    kind = models.CharField(max_length=10, choices=StoryChangeKind)
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="changes")
    other = models.JSONField(default=dict)
    editions = models.JSONField(default=list)
    holds = models.JSONField(default=list)
    learnt = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("change of a story")
        verbose_name_plural = _("changes of stories")
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.work_id}"
