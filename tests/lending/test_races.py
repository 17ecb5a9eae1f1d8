"""circulation.md 6: two desks in the same second, on threads with connections of their own."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, connections

from catalog.models import Copy
from lending import circulation
from lending.blocks import Refused
from lending.circulation import CheckedOut
from lending.models import Household, Loan, User
from tests.factories import NOW, make_copy, make_edition, make_household, make_policy, make_staff

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 10


def together(*works: Callable[[], object]) -> list[object]:
    """Run each in a thread of its own, all starting at once; their answers, or what they raised."""
    barrier, answers = Barrier(len(works)), [object()] * len(works)

    def run(index: int, work: Callable[[], object]) -> None:
        barrier.wait()
        try:
            answers[index] = work()
        except IntegrityError as error:
            answers[index] = error
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return answers


def lend(household: Household, copy: Copy, by: User) -> Callable[[], object]:
    return lambda: circulation.check_out(household=household, barcode=copy.barcode, by=by, branch=copy.branch, at=NOW)


def test_c06_two_desks_same_copy() -> None:
    make_policy()
    for _ in range(ROUNDS):
        copy, by = make_copy(make_edition()), make_staff()
        answers = together(lend(make_household(), copy, by), lend(make_household("Бат"), copy, by))
        assert sorted(type(answer).__name__ for answer in answers) == ["CheckedOut", "Refused"]
        refused = next(answer for answer in answers if isinstance(answer, Refused))
        assert refused.codes == ("on_loan_to_other",)
        assert Loan.objects.filter(copy=copy, closed_at=None).count() == 1


def test_c06_the_last_place_in_a_quota() -> None:
    make_policy(max_loans_household=1)
    for _ in range(ROUNDS):
        household, by = make_household(), make_staff()
        copies = [make_copy(make_edition("하나")), make_copy(make_edition("둘"))]
        answers = together(*(lend(household, copy, by) for copy in copies))
        assert sorted(type(answer).__name__ for answer in answers) == ["CheckedOut", "Refused"]
        assert Loan.objects.filter(household=household, closed_at=None).count() == 1


def test_c06_control_without_the_lock_the_quota_is_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The race is real: with reading and writing apart in time and no lock between, both are lent."""
    make_policy(max_loans_household=1)
    monkeypatch.setattr(circulation, "_lend", _met(circulation._lend))
    monkeypatch.setattr(circulation, "check_out", circulation.check_out.__wrapped__)  # type: ignore[attr-defined]
    if connection.vendor == "postgresql":
        pytest.skip("select_for_update needs the transaction that this control takes away")
    household, by = make_household(), make_staff()
    copies = [make_copy(make_edition("하나")), make_copy(make_edition("둘"))]
    answers = together(*(lend(household, copy, by) for copy in copies))
    assert [type(answer) for answer in answers] == [CheckedOut, CheckedOut]


def _met(real: Callable[..., CheckedOut]) -> Callable[..., CheckedOut]:
    """`real`, but only once both threads have read what they decide by."""
    both_have_read = Barrier(2)

    def late(*args: object, **kwargs: object) -> CheckedOut:
        both_have_read.wait(timeout=10)
        return real(*args, **kwargs)

    return late
