"""A notice names its family, so planning one touches the family's row: that must not lock out the family's own desk."""

from datetime import timedelta
from threading import Event, Thread

import pytest
from django.db import connection, connections, transaction

from lending import circulation, returns
from lending.models import Household, Notice
from tests.factories import NOW, make_branch, make_copy, make_edition, make_hold, make_household, make_loan, make_policy
from tests.lending.test_races import together

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(days=1)


def test_a_book_is_kept_for_a_family_that_is_borrowing_at_another_desk() -> None:
    branch = make_branch("seongdong")
    make_policy()
    for _ in range(10):
        edition = make_edition()
        coming, other = make_copy(edition, branch=branch), make_copy(edition, branch=branch)
        family = make_household("Бат", branch=branch)
        make_loan(coming, make_household(branch=branch))
        make_hold(edition, family)
        answers = together(
            lambda coming=coming: returns.check_in(barcode=coming.barcode, by=None, branch=branch, at=LATER),  # type: ignore[misc]
            lambda family=family, other=other: circulation.check_out(  # type: ignore[misc]
                household=family, barcode=other.barcode, by=None, branch=branch, at=LATER
            ),
        )
        assert sorted(type(answer).__name__ for answer in answers) == ["CheckedIn", "CheckedOut"]


@pytest.mark.parametrize("no_key", [True, False])
def test_the_familys_lock_lets_a_notice_in(no_key: bool) -> None:
    """The control: with the full lock that check-out took before, planning a notice has to wait."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite locks the whole file")
    branch = make_branch("seongdong")
    family, copy = make_household(branch=branch), make_copy(branch=branch)
    make_hold(copy.edition, family)
    done = Event()

    def keep() -> None:
        returns.check_in(barcode=copy.barcode, by=None, branch=branch, at=NOW)
        done.set()
        connections.close_all()

    desk = Thread(target=keep)
    with transaction.atomic():
        Household.objects.select_for_update(of=("self",), no_key=no_key).get(pk=family.pk)
        desk.start()
        assert done.wait(3) is no_key
    desk.join(timeout=30)
    assert Notice.objects.count() == 1
