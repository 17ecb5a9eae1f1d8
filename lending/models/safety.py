"""SignInFailure, Consent and AuditEntry: what guards people's data, and what says who did what to it."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lending.models.people import Patron


class SignInFailure(models.Model):
    """One try to sign in that failed or is under way. Who and from where are keyed hashes: neither can be read back.

    `who` stands for a card or a name, whether it exists or not; `where` for an address. Deleted after a day.
    """

    who = models.CharField(max_length=64)
    where = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("failed sign-in")
        verbose_name_plural = _("failed sign-ins")
        indexes: ClassVar = [
            models.Index(fields=["who", "at"], name="failures_of_one"),
            models.Index(fields=["where", "at"], name="failures_from_a_place"),
        ]

    def __str__(self) -> str:
        return f"failed sign-in {self.pk}"


class Consent(models.Model):
    """A guardian agreed on paper that the nook keeps a child's nickname and year of birth (PIPA art. 22-2, under 14).

    `version` and `language` name the paper that was signed; `by` the volunteer who saw it. Deleted with the child.
    """

    patron = models.ForeignKey(Patron, on_delete=models.CASCADE, related_name="consents", verbose_name=_("reader"))
    version = models.CharField(_("version of the paper"), max_length=20)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    given_on = models.DateField(_("signed on"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("seen by")
    )

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering: ClassVar = ["-given_on", "-id"]

    def __str__(self) -> str:
        return f"consent {self.pk}"


class AuditEntry(models.Model):
    """What a member of staff did to people, rules or records. Only added; each entry's hash covers the one before.

    `subject` holds kinds and numbers of rows, never a name, a card or a title. `by` is a number rather than a key, so
    that an account that is deleted does not change what was written.
    """

    at = models.DateTimeField()
    by = models.BigIntegerField()
    action = models.CharField(max_length=60)
    subject = models.JSONField(default=dict)
    previous = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("entry of the log")
        verbose_name_plural = _("log")
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["by", "-id"], name="log_of_a_person")]

    def __str__(self) -> str:
        return f"{self.action} {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """An entry is written once."""
        if self.pk is not None:
            raise TypeError("an entry of the log is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """An entry stays."""
        raise TypeError("an entry of the log is never deleted")


class SecondFactor(models.Model):
    """What a member of staff has beside the password: a secret in an app on the phone that gives six digits (TOTP).

    It counts once `confirmed_at` is set. `last_step` is the half minute of the last code, which is never taken twice.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="second_factor")
    secret = models.CharField(max_length=64)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    last_step = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("second factor")
        verbose_name_plural = _("second factors")

    def __str__(self) -> str:
        return f"second factor {self.user_id}"


class Passkey(models.Model):
    """A key that a device of a member of staff keeps (WebAuthn), instead of codes from an app.

    `credential` is its name in base64url, `public_key` in COSE, `uses` the device's own count, where it keeps one.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="passkeys")
    name = models.CharField(max_length=40, blank=True)
    credential = models.CharField(max_length=1400, unique=True)
    public_key = models.BinaryField()
    uses = models.BigIntegerField(default=0)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("passkey")
        verbose_name_plural = _("passkeys")

    def __str__(self) -> str:
        return self.name or f"passkey {self.pk}"


class RecoveryCode(models.Model):
    """A code on paper for when the phone is gone; only its digest is kept, and it goes when it is used."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"recovery code {self.pk}"
