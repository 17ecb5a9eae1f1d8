"""Pages of coordinators: what a change moves is shown before it is saved, and only they may change it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from catalog.models import Branch
from lending.forms.managing import PolicyForm
from lending.models import CirculationPolicy, Closure, Loan, OpeningHours, StaffRole
from tests.factories import (
    make_branch,
    make_copy,
    make_edition,
    make_family_user,
    make_household,
    make_loan,
    make_policy,
    make_staff,
)

pytestmark = pytest.mark.django_db
ADDRESSES = (
    "manage/",
    "manage/closures/",
    "manage/hours/{branch}/",
    "manage/policies/add/",
    "manage/policies/{policy}/",
)


@pytest.fixture
def branch() -> Branch:
    return make_branch("seongdong", open_weekdays=(0, 1, 2, 3, 4, 5, 6))


@pytest.fixture
def policy(branch: Branch) -> CirculationPolicy:
    return make_policy()


@pytest.fixture
def desk(client: Client, branch: Branch, policy: CirculationPolicy) -> Client:
    client.force_login(make_staff(StaffRole.COORDINATOR, branch=branch))
    return client


def addresses(branch: Branch, policy: CirculationPolicy) -> list[str]:
    return [f"/en/{each.format(branch=branch.pk, policy=policy.pk)}" for each in ADDRESSES]


def test_only_coordinators(client: Client, branch: Branch, policy: CirculationPolicy) -> None:
    for user, status in ((make_staff(), 403), (make_family_user(make_household(branch=branch)), 302), (None, 302)):
        if user is not None:
            client.force_login(user)
        else:
            client.logout()
        assert {client.get(address).status_code for address in addresses(branch, policy)} == {status}
        answers = {client.post(address, {"step": "save"}).status_code for address in addresses(branch, policy)[1:]}
        assert answers == {status}


def test_every_page_opens(desk: Client, branch: Branch, policy: CirculationPolicy) -> None:
    assert {desk.get(address).status_code for address in addresses(branch, policy)} == {200}


def overdue_in(days: int) -> Loan:
    copy = make_copy(make_edition("Dế Mèn", "vi"), branch=Branch.objects.get())
    due = timezone.now().replace(hour=14, minute=59, second=0, microsecond=0) + timedelta(days=days)
    return make_loan(copy, due=due, lent_at=timezone.now() - timedelta(days=1))


def closing(loan: Loan, step: str) -> dict[str, Any]:
    day = timezone.localdate(loan.due_at).isoformat()
    return {"branch": loan.branch.pk, "first_day": day, "last_day": "", "reason": "holiday", "step": step}


def test_c26_a_closure_shows_what_moves_and_is_then_saved(desk: Client) -> None:
    loan = overdue_in(5)
    shown = desk.post("/en/manage/closures/", closing(loan, "preview"))
    assert ("1 loan gets a later date." in shown.content.decode(), Closure.objects.count()) == (True, 0)
    assert "Dế Mèn" in shown.content.decode()
    assert desk.post("/en/manage/closures/", closing(loan, "save")).status_code == 302
    before = loan.due_at
    loan.refresh_from_db()
    assert (Closure.objects.get().reason_ko != "", loan.due_at) == (True, before + timedelta(days=1))
    desk.post(f"/en/manage/closures/{Closure.objects.get().pk}/withdraw/")
    assert Closure.objects.count() == 0


@pytest.mark.parametrize("step", ["preview", "save"])
@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2020-01-01", "2020-01-02", "These days are over already."),
        ("2030-01-05", "2030-01-01", "The last day is before the first."),
        ("soon", "", "Enter a valid date."),
    ],
)
def test_c26_nonsense_is_said_and_nothing_is_saved(desk: Client, step: str, first: str, last: str, said: str) -> None:
    data = {"branch": "", "first_day": first, "last_day": last, "reason": "", "step": step}
    answer = desk.post("/en/manage/closures/", data)
    assert (said in answer.content.decode(), Closure.objects.count()) == (True, 0)


def week(**changed: str) -> dict[str, str]:
    days = {
        f"day{number}-{which}": at for number in range(7) for which, at in (("opens", "10:00"), ("closes", "18:00"))
    }
    return days | {name.replace("_", "-"): value for name, value in changed.items()}


def test_hours_are_shown_and_then_saved(desk: Client, branch: Branch) -> None:
    loan = overdue_in(5)
    day = timezone.localdate(loan.due_at).weekday()
    closed = week(**{f"day{day}_opens": "", f"day{day}_closes": ""})
    address = f"/en/manage/hours/{branch.pk}/"
    assert "1 loan gets a later date." in desk.post(address, {**closed, "step": "preview"}).content.decode()
    assert OpeningHours.objects.count() == 7
    desk.post(address, {**closed, "step": "save"})
    assert set(OpeningHours.objects.values_list("weekday", flat=True)) == set(range(7)) - {day}


def test_a_second_opening_of_a_day_is_kept(desk: Client, branch: Branch) -> None:
    OpeningHours.objects.create(branch=branch, weekday=2, opens="19:00", closes="20:00")
    desk.post(f"/en/manage/hours/{branch.pk}/", {**week(day2_opens="11:00"), "step": "save"})
    rows = OpeningHours.objects.filter(weekday=2).values_list("opens", flat=True)
    assert [f"{opens:%H:%M}" for opens in rows] == ["11:00", "19:00"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"day0_opens": ""}, "Give both times, or neither for a closed day."),
        ({"day0_opens": "19:00"}, "It closes before it opens."),
        ({"day0_opens": "25:00"}, "Enter a valid time."),
    ],
)
def test_hours_that_make_no_sense(desk: Client, branch: Branch, changed: dict[str, str], said: str) -> None:
    answer = desk.post(f"/en/manage/hours/{branch.pk}/", {**week(**changed), "step": "save"})
    assert (said in answer.content.decode(), OpeningHours.objects.count()) == (True, 7)


def asked(policy: CirculationPolicy, **changed: object) -> dict[str, object]:
    initial = PolicyForm(instance=policy).initial
    return {name: value for name, value in initial.items() if value is not None and value is not False} | changed


def test_a_rule_shows_its_effect_and_is_then_saved(desk: Client, policy: CirculationPolicy) -> None:
    overdue_in(5)
    address = f"/en/manage/policies/{policy.pk}/"
    shown = desk.post(address, asked(policy, loan_days=21, max_loans_household=0, step="preview")).content.decode()
    policy.refresh_from_db()
    assert ("A book lent today is due back" in shown, "1 family already has more books" in shown) == (True, True)
    assert policy.loan_days == 14
    assert desk.post(address, asked(policy, loan_days=21, step="save")).status_code == 302
    policy.refresh_from_db()
    assert policy.loan_days == 21


@pytest.mark.parametrize(
    ("field", "value"), [("loan_days", 0), ("loan_days", -3), ("max_renewals", "x"), ("walk_in", "no")]
)
def test_rules_that_make_no_sense(desk: Client, policy: CirculationPolicy, field: str, value: object) -> None:
    answer = desk.post(f"/en/manage/policies/{policy.pk}/", asked(policy, **{field: value}, step="save"))
    assert (answer.status_code, "field__error" in answer.content.decode()) == (200, True)


def test_a_special_case_is_added_once_and_deleted_but_not_the_general_rule(
    desk: Client, branch: Branch, policy: CirculationPolicy
) -> None:
    special = asked(policy, branch=branch.pk, format="comic", loan_days=7, step="save")
    assert desk.post("/en/manage/policies/add/", special).status_code == 302
    assert desk.post("/en/manage/policies/add/", special).status_code == 200  # the same case again is refused
    row = CirculationPolicy.objects.get(format="comic")
    assert desk.post(f"/en/manage/policies/{policy.pk}/delete/").status_code == 404
    assert desk.post(f"/en/manage/policies/{row.pk}/delete/").status_code == 302
    assert list(CirculationPolicy.objects.all()) == [policy]


def test_dates_are_days_here(desk: Client) -> None:
    """A day typed by a coordinator is that day at the nook, whatever the server's clock says."""
    day = timezone.localdate() + timedelta(days=30)
    desk.post("/en/manage/closures/", {"first_day": day.isoformat(), "last_day": day.isoformat(), "step": "save"})
    assert Closure.objects.get().first_day == day
