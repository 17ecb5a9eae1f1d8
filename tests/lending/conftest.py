"""A nook with two branches, a volunteer and two families."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from catalog.models import Branch, Copy, Edition
from lending import circulation, holds, returns
from lending.blocks import Refused
from lending.models import Hold, Household, StaffRole, User
from tests.factories import NOW, make_branch, make_copy, make_edition, make_household, make_policy, make_staff


@dataclass
class Nook:
    """The usual cast, and the verbs with their usual arguments; `at` is the clock."""

    here: Branch
    there: Branch
    volunteer: User
    coordinator: User
    nguyen: Household
    bat: Household
    edition: Edition
    copy: Copy
    at: Any = NOW

    def lend(
        self, household: Household | None = None, copy: Copy | None = None, **changes: Any
    ) -> circulation.CheckedOut | Refused:
        arguments: dict[str, Any] = {"by": self.volunteer, "branch": self.here, "at": self.at} | changes
        barcode = arguments.pop("barcode", (copy or self.copy).barcode)
        return circulation.check_out(household=household or self.nguyen, barcode=barcode, **arguments)

    def take_back(self, copy: Copy | None = None, **changes: Any) -> returns.CheckedIn | Refused:
        arguments: dict[str, Any] = {"by": self.volunteer, "branch": self.here, "at": self.at} | changes
        return returns.check_in(barcode=(copy or self.copy).barcode, **arguments)

    def reserve(self, household: Household, **changes: Any) -> holds.Placed | Refused:
        arguments: dict[str, Any] = {"pickup_branch": self.here, "at": self.at} | changes
        if not {"edition", "work", "copy"} & set(arguments):
            arguments["edition"] = self.edition
        return holds.place(household=household, **arguments)

    def hold(self, household: Household, **changes: Any) -> Hold:
        placed = self.reserve(household, **changes)
        assert isinstance(placed, holds.Placed), placed
        return placed.hold


@pytest.fixture
def nook(db: None) -> Nook:
    here, there = make_branch("seongdong"), make_branch("geumho")
    make_policy(loan_days=14, renew_from_days_before=14)
    edition = make_edition("Dế Mèn phiêu lưu ký", "vi")
    return Nook(
        here=here,
        there=there,
        volunteer=make_staff(branch=here),
        coordinator=make_staff(StaffRole.COORDINATOR, branch=here),
        nguyen=make_household("Nguyễn", language="vi", branch=here),
        bat=make_household("Бат", language="mn", branch=here),
        edition=edition,
        copy=make_copy(edition, branch=here),
    )


SCAN = UUID("00000000-0000-4000-8000-000000000001")
