"""A fortnight in the demo nook: lent, overdue, waiting, kept and sent books, all through the verbs of the desk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count

from catalog.models import Branch, Copy
from lending import circulation, holds, returns
from lending.management.demo import Nook
from lending.models import Household

# Days ago on which a family borrowed a book in its own language and a Korean one: a loan lasts 14 days, so some of
# these are due soon and some are overdue.
_BORROWED = ((12, 3), (20, 2), (11, 5), (24, 4))


@dataclass
class Fortnight:
    """Plays the events; `events` counts what happened, `refused` says what a rule did not allow and why."""

    nook: Nook
    now: datetime
    events: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)
    used: set[int] = field(default_factory=set)

    def play(self) -> None:
        """Everything, oldest first where the order matters."""
        families = self.nook.families
        korean = [self._family_borrows(at, family) for at, family in enumerate(families)]
        # The Vietnamese family waits for one book; another book has a queue of two.
        for at, borrowed in ((0, 3), (2, 5), (4, 5), (7, 1)):
            self._reserve(families[at], korean[borrowed], days_ago=2)
        for at in (0, 3, 6, 8):
            self._keep_for(families[at], families[at + 1])
        for family in families[2:4]:
            self._reserve(family, self._free(family.language, family.branch), days_ago=0.1)
        self._return_elsewhere(families[1])

    def _family_borrows(self, at: int, family: Household) -> Copy:
        """Lend the family its two books; returns the Korean one, for others to wait for."""
        for language, days_ago in zip((family.language, "ko"), _BORROWED[at % len(_BORROWED)], strict=True):
            copy = self._free(language, family.branch)
            self._lend(family, copy, days_ago=days_ago)
        return copy

    def _free(self, language: str, branch: Branch) -> Copy:
        """A copy that no event used so far, in the language if there is one, of the book with the fewest copies."""
        code = {"zh-hans": "zh"}.get(language, language)
        free = Copy.objects.filter(branch=branch).exclude(edition_id__in=self.used)
        free = free.annotate(copies=Count("edition__copies")).order_by("copies", "id")
        copy = free.filter(edition__language=code).first() or free.first()
        if copy is None:
            raise LookupError(f"the demo has too few books at {branch.code}")
        self.used.add(copy.edition_id)
        return copy

    def _lend(self, family: Household, copy: Copy, *, days_ago: float) -> bool:
        return self._done("lent", circulation.check_out, household=family, barcode=copy.barcode,
                          branch=copy.branch, days_ago=days_ago)  # fmt: skip

    def _reserve(self, family: Household, copy: Copy, *, days_ago: float) -> bool:
        return self._done("reserved", holds.place, household=family, edition=copy.edition,
                          pickup_branch=family.branch, days_ago=days_ago)  # fmt: skip

    def _keep_for(self, waiting: Household, borrower: Household) -> None:
        """A book comes back and is kept for the family that waits for it."""
        copy = self._free(waiting.language, waiting.branch)
        self._lend(borrower, copy, days_ago=9)
        self._reserve(waiting, copy, days_ago=5)
        self._done("returned", returns.check_in, barcode=copy.barcode, branch=waiting.branch, days_ago=1)

    def _return_elsewhere(self, family: Household) -> None:
        """A book of the second nook comes back to the first and is sent home."""
        copy = self._free(family.language, self.nook.branches[-1])
        self._lend(family, copy, days_ago=6)
        self._done("returned", returns.check_in, barcode=copy.barcode, branch=self.nook.branches[0], days_ago=0.2)

    def _done(self, event: str, verb: Callable[..., Any], *, days_ago: float, **given: Any) -> bool:
        """Call a verb at a moment in the past; a refusal is noted, never forced."""
        outcome = verb(by=self.nook.volunteer, at=self.now - timedelta(days=days_ago), **given)
        blocks = getattr(outcome, "blocks", ())
        if blocks:
            self.refused.append(f"{event}: " + " ".join(str(block.message) for block in blocks))
        else:
            self.events[event] += 1
        return not blocks
