"""Roles as data: what each may do. A permission is a plain word; rules name the one that overrides them."""

from lending.models import StaffRole, User
from lending.rules import OVERRIDE_HOLDS, OVERRIDE_LIMITS, OVERRIDE_NOT_FOR_LOAN, SET_DUE_DATE

CIRCULATE = "circulate"
CATALOGUE = "catalogue"
MANAGE = "manage"
TRANSLATE = "translate"

VOLUNTEER = frozenset({CIRCULATE, OVERRIDE_LIMITS, TRANSLATE})
COORDINATOR = VOLUNTEER | {CATALOGUE, MANAGE, OVERRIDE_HOLDS, OVERRIDE_NOT_FOR_LOAN, SET_DUE_DATE}
PERMISSIONS: dict[str, frozenset[str]] = {
    StaffRole.FAMILY: frozenset(),
    StaffRole.VOLUNTEER: VOLUNTEER,
    StaffRole.COORDINATOR: COORDINATOR,
    StaffRole.ADMINISTRATOR: COORDINATOR,
}


def may(user: User | None, permission: str) -> bool:
    """Whether this user has the permission; nobody who is signed out or may not sign in has any."""
    return user is not None and user.is_active and permission in PERMISSIONS[user.role]
