"""Which books may leave, which are protected, and how they leave and come back."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.models import Branch, CollectionStatus, Copy
from lending import losses, weeding
from lending.blocks import Refused
from lending.models import HoldStatus, Movement, StaffRole
from lending.weeding import FEW, Wanted
from tests.factories import make_branch, make_copy, make_edition, make_hold, make_loan, make_staff

pytestmark = pytest.mark.django_db
NOW = timezone.now()
LONG_AGO = NOW - timedelta(days=1200)


@pytest.fixture
def branch() -> Branch:
    return make_branch("seongdong")


def old(branch: Branch, title: str = "x", language: str = "ko", number: int = 1) -> list[Copy]:
    edition = make_edition(title, language)
    made = [make_copy(edition, branch=branch) for _number in range(number)]
    Copy.objects.filter(edition=edition).update(accessioned_at=LONG_AGO)
    return made


def found(branch: Branch, **wanted: object) -> list[weeding.Candidate]:
    rows = weeding.candidates(branch, Wanted(**wanted), at=NOW)  # type: ignore[arg-type]
    return weeding.judged(branch, list(rows))


def test_unread_books_first_and_books_that_are_read_or_new_not_at_all(branch: Branch) -> None:
    (unread,), (once,), (lately,), (here,) = (old(branch, title) for title in ("a", "b", "c", "d"))
    make_loan(copy=once, lent_at=LONG_AGO, closed_at=LONG_AGO + timedelta(days=9), closed_as="returned")
    make_loan(copy=lately, lent_at=NOW - timedelta(days=60), closed_at=NOW - timedelta(days=50), closed_as="returned")
    make_loan(copy=here)
    make_copy(make_edition("new"), branch=branch)
    make_copy(make_edition("elsewhere"), branch=make_branch("other"))
    assert [(each.copy, each.loans) for each in found(branch)] == [(unread, 0), (once, 1)]
    assert lately in [each.copy for each in found(branch, months=1)]


def test_the_few_books_of_a_language_are_protected(branch: Branch) -> None:
    for number in range(FEW):
        old(branch, f"ko {number}")
    (khmer,) = old(branch, "ខ្លា", "km")
    protected = [each.copy for each in found(branch) if each.protected]
    assert protected == [khmer]
    assert [each.copy for each in found(branch, language="km")] == [khmer]


def test_only_doubled_books_when_asked(branch: Branch) -> None:
    old(branch, "one")
    two = old(branch, "two", number=2)
    assert [each.copy for each in found(branch, doubled=True)] == two


def test_a_book_leaves_with_a_reason_and_comes_back(branch: Branch) -> None:
    (copy,) = old(branch)
    client = Client()
    client.force_login(make_staff(StaffRole.COORDINATOR, branch=branch))
    client.post(reverse("lending:withdraw"), {"copy": [copy.pk], "reason": "worn", "words": "torn"})
    copy.refresh_from_db()
    movement = Movement.objects.get(copy=copy)
    assert (copy.status, movement.details["reason"]) == (CollectionStatus.WITHDRAWN, "worn")
    assert "torn" not in str(client.get(reverse("lending:weeding")).content)
    client.post(reverse("lending:bring_back", args=[copy.pk]))
    copy.refresh_from_db()
    assert copy.status == CollectionStatus.IN_COLLECTION


def test_a_book_that_is_lent_or_kept_stays(branch: Branch) -> None:
    (lent,), (kept,) = old(branch, "a"), old(branch, "b")
    make_loan(copy=lent)
    make_hold(kept.edition, status=HoldStatus.READY, kept_copy=kept)
    for copy in (lent, kept):
        assert isinstance(losses.withdraw(copy=copy, reason="worn", by=None, at=NOW), Refused)


def test_nobody_withdraws_the_books_of_another_nook(branch: Branch) -> None:
    (copy,) = old(make_branch("other"))
    client = Client()
    client.force_login(make_staff(StaffRole.COORDINATOR, branch=branch))
    client.post(reverse("lending:withdraw"), {"copy": [copy.pk, "x", "9" * 30], "reason": "worn"})
    copy.refresh_from_db()
    assert copy.status == CollectionStatus.IN_COLLECTION
