"""Donor, Donation (a box of books) and DonatedBook: what was given, and what became of it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.holdings import Branch, Copy


class Donor(models.Model):
    """Who gives books. `language` is that of letters; each wish is the donor's own, and off until it is said."""

    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language of letters"), max_length=10, choices=settings.LANGUAGES, default="ko")
    dedication = models.BooleanField(_("The name may stand on the page of the books"), default=False)
    yearly_since = models.DateField(_("wants to hear of the books once a year, since"), null=True, blank=True)

    class Meta:
        verbose_name = _("donor")
        verbose_name_plural = _("donors")
        ordering: ClassVar = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Donation(models.Model):
    """A box of books given on one day; without a donor it is anonymous."""

    donor = models.ForeignKey(
        Donor, on_delete=models.SET_NULL, null=True, blank=True, related_name="donations", verbose_name=_("donor")
    )
    branch = models.ForeignKey(
        Branch, on_delete=models.PROTECT, null=True, blank=True, related_name="donations", verbose_name=_("nook")
    )
    received_on = models.DateField(_("received on"))
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("donation")
        verbose_name_plural = _("donations")
        ordering: ClassVar = ["-received_on", "-id"]

    def __str__(self) -> str:
        return f"{self.received_on} {self.donor or ''}".strip()


class DonatedState(models.TextChoices):
    """Where a given book stands between the box and the shelf."""

    RECEIVED = "received", _("In the box")
    CHOSEN = "chosen", _("Chosen for the nook")
    PASSED_ON = "passed_on", _("Passed on")
    CATALOGUED = "catalogued", _("In the catalogue")


class DonatedBook(models.Model):
    """One book of a box: known by its ISBN, by a few words, or by nothing yet."""

    donation = models.ForeignKey(Donation, on_delete=models.CASCADE, related_name="books")
    isbn = models.CharField(_("ISBN"), max_length=13, blank=True)
    words = models.CharField(_("which book"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=DonatedState, default=DonatedState.RECEIVED)
    passed_to = models.CharField(_("passed on to"), max_length=200, blank=True)
    copy = models.OneToOneField(Copy, on_delete=models.SET_NULL, null=True, blank=True, related_name="given")

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["donation", "state"], name="donated_by_state")]

    def __str__(self) -> str:
        return self.words or self.isbn or str(self.pk)


class LetterKind(models.TextChoices):
    """What a donor is told."""

    THANKS = "thanks", _("Thanks for a box")
    YEARLY = "yearly", _("How often the books were lent")


class DonorLetter(models.Model):
    """A letter to a donor by e-mail: once for each `key`. It is tried again at `next_at` until it is sent."""

    key = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=10, choices=LetterKind)
    donor = models.ForeignKey(Donor, on_delete=models.CASCADE, related_name="letters")
    donation = models.ForeignKey(Donation, on_delete=models.CASCADE, null=True, blank=True, related_name="letters")
    next_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.key
