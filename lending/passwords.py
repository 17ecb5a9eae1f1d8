"""Passwords of staff: ten letters or more of any kind, none that is tried first, chosen by whoever uses it.

What a password must be stands in AUTH_PASSWORD_VALIDATORS alone; here it gets words in the reader's language.
"""

from datetime import datetime
from itertools import chain

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from catalog.languages.folding import fold
from catalog.models import Branch
from lending import attempts
from lending.attempts import Wait
from lending.blocks import Block, Refused
from lending.models import User

# What somebody who knows the nook tries first, beside names of people and places.
WORDS = ("booknook", "library", "bookshelf", "seongdong", "volunteer", "password")
WRONG = Block(
    "wrong_password", _("The password you have now is not this one."), _("Type it again, or ask an administrator.")
)
TOO_SHORT = Block(
    "too_short", _("This password is too short."), _("Choose ten letters or more, for example four words.")
)
EASILY_GUESSED = Block(
    "easily_guessed",
    _("This password is easily guessed."),
    _("Take nothing common, and no name of yours or the nook's."),
)


class NotOfTheNook:
    """For AUTH_PASSWORD_VALIDATORS: no password that is the nook's or its owner's name with a little beside it."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError."""
        if _is_of_the_nook(password, user):
            raise ValidationError(str(EASILY_GUESSED), code=EASILY_GUESSED.code)

    def get_help_text(self) -> str:
        """What to do."""
        return EASILY_GUESSED.advice


def _is_of_the_nook(password: str, user: User | None) -> bool:
    """Whether fewer than six letters are left without the words that go with the nook."""
    left = "".join(fold(password).split())
    names = {*WORDS, user.username if user else "", *chain.from_iterable(Branch.objects.values_list("name", "code"))}
    known = {"".join(fold(name).split()) for name in names}
    for word in sorted((word for word in known if len(word) >= 4), key=len, reverse=True):
        left = left.replace(word, "")
    return len(left) < 6


def weaknesses(password: str, *, user: User) -> tuple[Block, ...]:
    """What is wrong with a password; empty when it is good."""
    try:
        validate_password(password, user)
    except ValidationError as refused:
        short = any(each.code == "password_too_short" for each in refused.error_list)
        return (TOO_SHORT,) if short else (EASILY_GUESSED,)
    return ()


def change(*, user: User, now: str, new: str, where: str, at: datetime) -> User | Refused | Wait:
    """A member of staff chooses a password, with the one in use. Tries are limited as those of signing in are."""
    attempt = attempts.begin(who=f"password {user.pk}", where=where, at=at)
    if isinstance(attempt, Wait):
        return attempt
    with transaction.atomic():
        locked = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        if not locked.check_password(now):
            return Refused((WRONG,))
        if blocks := weaknesses(new, user=locked):
            attempt.succeeded()
            return Refused(blocks)
        locked.set_password(new)
        locked.save(update_fields=["password"])
    attempt.succeeded()
    return locked
