"""The language somebody is spoken to in: on their pages, slips and notices."""

from django.db import transaction

from lending.models import Household, User


@transaction.atomic
def speak(*, user: User, language: str) -> None:
    """Speak this interface language to a user from now on; a family's user speaks for its household."""
    User.objects.filter(pk=user.pk).update(language=language)
    if user.household_id is not None:
        Household.objects.filter(pk=user.household_id).update(language=language)
