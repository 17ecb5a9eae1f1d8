"""User, Household, Patron and Card: the least that lending needs to know of people."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from catalog.models import Branch


class Household(models.Model):
    """A family that borrows together on one card. No e-mail is needed; `language` is spoken to it."""

    name = models.CharField(_("family name"), max_length=120)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="ko")
    branch = models.ForeignKey(
        Branch, on_delete=models.PROTECT, related_name="households", verbose_name=_("nook it belongs to")
    )
    email = models.EmailField(_("e-mail"), blank=True)
    telephone = models.CharField(_("telephone"), max_length=40, blank=True)
    keeps_history = models.BooleanField(_("keeps its reading history"), default=False)
    note = models.CharField(_("note shown at the desk"), max_length=300, blank=True)
    paused_until = models.DateField(_("borrows again from"), null=True, blank=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("household")
        verbose_name_plural = _("households")

    def __str__(self) -> str:
        return self.name


class Patron(models.Model):
    """One reader of a household: a guardian, or a child known by nickname and birth year only."""

    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="patrons")
    nickname = models.CharField(_("nickname"), max_length=60)
    birth_year = models.PositiveSmallIntegerField(_("birth year"), null=True, blank=True)
    is_guardian = models.BooleanField(_("guardian"), default=False)

    class Meta:
        verbose_name = _("reader")
        verbose_name_plural = _("readers")
        ordering: ClassVar = ["-is_guardian", "id"]

    def __str__(self) -> str:
        return self.nickname


class Registration(models.Model):
    """A family that registered on its phone and was not seen at the desk yet. Deleted once it was, or after a month.

    `code` is what the family tells at the desk; `readers` a list of {"nickname", "birth_year", "is_guardian"}.
    """

    code = models.CharField(_("code"), max_length=8, unique=True)
    name = models.CharField(_("family name"), max_length=120)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="ko")
    branch = models.ForeignKey(Branch, on_delete=models.CASCADE, related_name="+", verbose_name=_("nook"))
    email = models.EmailField(_("e-mail"), blank=True)
    telephone = models.CharField(_("telephone"), max_length=40, blank=True)
    readers = models.JSONField(default=list)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering: ClassVar = ["made_at", "id"]

    def __str__(self) -> str:
        return self.code


class CardStatus(models.TextChoices):
    """A household keeps many cards over the years; at most one is active."""

    ACTIVE = "active", _("Active")
    REPLACED = "replaced", _("Replaced")
    LOST = "lost", _("Lost")


class Card(models.Model):
    """What a family shows at the desk; `number` is random, so that it cannot be guessed from another.

    A card of one reader (`patron`) borrows for that reader, and signs in to what is that reader's alone.
    """

    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="cards")
    patron = models.ForeignKey(
        Patron, on_delete=models.CASCADE, null=True, blank=True, related_name="cards", verbose_name=_("reader")
    )
    number = models.CharField(_("card number"), max_length=40, unique=True)
    status = models.CharField(_("status"), max_length=10, choices=CardStatus, default=CardStatus.ACTIVE)
    expires_on = models.DateField(_("expires on"), null=True, blank=True)
    issued_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("card")
        verbose_name_plural = _("cards")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["household"],
                condition=models.Q(status="active", patron__isnull=True),
                name="one_active_card_a_household",
            ),
            models.UniqueConstraint(
                fields=["patron"], condition=models.Q(status="active"), name="one_active_card_a_reader"
            ),
        ]

    def __str__(self) -> str:
        return f"…{self.number[-4:]}"


class StaffRole(models.TextChoices):
    """What a user may do, as listed in lending/roles.py."""

    FAMILY = "family", _("Family")
    VOLUNTEER = "volunteer", _("Volunteer")
    COORDINATOR = "coordinator", _("Coordinator")
    ADMINISTRATOR = "administrator", _("Administrator")


class UserManager(BaseUserManager["User"]):
    """Makes users with a hashed password or PIN."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """A user of any role; without a password it cannot sign in."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """An administrator with every permission (`manage.py createsuperuser`)."""
        return self.create_user(username, password, role=StaffRole.ADMINISTRATOR, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in: staff by name and password, a family by card number and PIN.

    A family's user belongs to its household and its password is the PIN; a reader with a card of its own has a user
    that sees only what is that reader's (`patron`).
    """

    username = models.CharField(_("name for signing in"), max_length=60, unique=True)
    display_name = models.CharField(_("name shown"), max_length=80, blank=True)
    role = models.CharField(_("role"), max_length=20, choices=StaffRole, default=StaffRole.FAMILY)
    branch = models.ForeignKey(
        Branch, on_delete=models.SET_NULL, null=True, blank=True, related_name="staff", verbose_name=_("nook")
    )
    nooks = models.ManyToManyField(
        Branch, blank=True, related_name="helpers", verbose_name=_("nooks where this person works in turn")
    )
    household = models.ForeignKey(
        Household, on_delete=models.CASCADE, null=True, blank=True, related_name="users", verbose_name=_("household")
    )
    patron = models.OneToOneField(
        Patron, on_delete=models.CASCADE, null=True, blank=True, related_name="user", verbose_name=_("reader")
    )
    must_change_pin = models.BooleanField(_("asked for a PIN of its own"), default=False)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="ko")
    is_active = models.BooleanField(_("may sign in"), default=True)
    session_round = models.PositiveIntegerField(default=0)
    joined_at = models.DateTimeField(default=timezone.now)

    objects = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(role="family", household__isnull=False)
                | (~models.Q(role="family") & models.Q(household__isnull=True)),
                name="family_users_have_a_household",
            ),
            models.UniqueConstraint(
                fields=["household"], condition=models.Q(patron__isnull=True), name="one_user_a_household"
            ),
            models.CheckConstraint(
                condition=models.Q(patron__isnull=True) | models.Q(household__isnull=False),
                name="a_readers_user_has_a_household",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_session_auth_hash(self) -> str:
        """What every session of this user holds: another round ends them all, on every device."""
        return salted_hmac("lending.User", f"{self.password} {self.session_round}", algorithm="sha256").hexdigest()

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same under keys that were in use before (SECRET_KEY_FALLBACKS)."""
        for key in settings.SECRET_KEY_FALLBACKS:
            salted = salted_hmac(
                "lending.User", f"{self.password} {self.session_round}", secret=key, algorithm="sha256"
            )
            yield salted.hexdigest()

    @property
    def is_staff(self) -> bool:
        """Whether Django's admin lets this user in."""
        return self.role in (StaffRole.COORDINATOR, StaffRole.ADMINISTRATOR)

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Administration pages: everything for an administrator, all but the users for a coordinator."""
        if not self.is_active or not self.is_staff:
            return False
        return self.role == StaffRole.ADMINISTRATOR or not perm.endswith("_user")

    def has_module_perms(self, app_label: str) -> bool:
        """Whether the administration pages list this app."""
        return self.is_active and self.is_staff
