"""Where a member of staff works: one nook at a time, of those an administrator named."""

from django.db import transaction

from catalog.models import Branch
from lending.access import NotFound
from lending.models import User


def places(user: User) -> list[Branch]:
    """Every nook where this member of staff may work, in the order of the nooks; one or none for most."""
    return list(Branch.objects.filter(pk__in=_allowed(user)))


@transaction.atomic
def work_at(*, user: User, branch_id: int) -> User:
    """Work at another of these nooks from now on, on every device. Raises NotFound for any other."""
    locked = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if branch_id not in _allowed(locked):
        raise NotFound
    if locked.branch_id is not None:
        locked.nooks.add(locked.branch_id)  # the way back
    locked.branch_id = branch_id
    locked.save(update_fields=["branch"])
    return locked


def _allowed(user: User) -> set[int]:
    return {*user.nooks.values_list("pk", flat=True), *([user.branch_id] if user.branch_id else [])}
