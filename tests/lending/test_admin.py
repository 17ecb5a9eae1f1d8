"""Administration pages: every one opens, coordinators register families there, and history stays read only."""

import re
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from catalog.models import Branch, Contributor, Donation, Edition
from lending import signing_in
from lending.models import Card, CardStatus, Closure, Household, Loan, Movement, StaffRole, User
from tests.factories import (
    NOW,
    make_copy,
    make_edition,
    make_family_user,
    make_household,
    make_loan,
    make_policy,
    make_staff,
)
from tests.lending.conftest import Nook

MODELS = [model for model in admin.site._registry if model._meta.app_label in ("catalog", "lending")]
READ_ONLY = {"Loan", "Hold", "Transit", "Movement"}


def client_of(role: str) -> Client:
    client = Client()
    client.force_login(make_staff(role, branch=Branch.objects.filter(code="seongdong").first()))
    return client


@pytest.fixture
def filled(nook: Nook) -> Nook:
    nook.lend()
    nook.hold(nook.bat)
    Closure.objects.create(first_day=NOW.date(), last_day=NOW.date())
    Donation.objects.create(received_on=NOW.date())
    Contributor.objects.create(name="Tô Hoài")
    return nook


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_page_opens(filled: Nook, model: Any) -> None:
    client = client_of(StaffRole.ADMINISTRATOR)
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    assert client.get(reverse(f"{name}_changelist"), {"q": "x"} if admin.site._registry[model].search_fields else {})
    row = model.objects.first()
    if row is not None:
        assert client.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200
    added_here = model.__name__ not in READ_ONLY | {"Edition", "Copy", "SecondFactor", "Passkey"}
    assert client.get(reverse(f"{name}_add")).status_code == (200 if added_here else 403)


@pytest.mark.parametrize("model", [Loan, Movement])
def test_history_is_read_only(filled: Nook, model: Any) -> None:
    row = model.objects.first()
    name = f"admin:lending_{model._meta.model_name}"
    client = client_of(StaffRole.ADMINISTRATOR)
    assert client.post(reverse(f"{name}_change", args=[row.pk]), {}).status_code == 403
    assert client.post(reverse(f"{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403


def test_volunteers_and_families_stay_outside(nook: Nook) -> None:
    for user in (nook.volunteer, make_family_user(nook.nguyen)):
        client = Client()
        client.force_login(user)
        assert client.get(reverse("admin:index")).status_code == 302


def test_coordinators_do_not_touch_users(nook: Nook) -> None:
    client = client_of(StaffRole.COORDINATOR)
    assert client.get(reverse("admin:lending_household_changelist")).status_code == 200
    assert client.get(reverse("admin:lending_user_changelist")).status_code == 403
    assert client.get(reverse("admin:auth_user_password_change", args=[nook.volunteer.pk])).status_code == 403


def family(branch: Branch, **changes: str) -> dict[str, object]:
    empty = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0}
    return {
        "name": "Соколовы", "language": "ru", "branch": branch.pk,
        **{f"{prefix}-{key}": value for prefix in ("patrons", "cards") for key, value in empty.items()},
        **changes,
    }  # fmt: skip


def test_a_new_family_gets_a_card_and_a_pin(nook: Nook) -> None:
    client = client_of(StaffRole.COORDINATOR)
    answer = client.post(reverse("admin:lending_household_add"), family(nook.here, new_pin="１２３ 456"))
    assert answer.status_code == 302
    card = Card.objects.get(household__name="Соколовы")
    assert re.fullmatch(r"2\d{13}", card.number)
    user = signing_in.family(card_number=card.number, pin="123456", where="192.0.2.1", at=NOW)
    assert user is not None
    assert user.household == card.household


@pytest.mark.parametrize("pin", ["12345", "abcdef", "٦" * 5])
def test_a_short_pin_is_refused(nook: Nook, pin: str) -> None:
    client = client_of(StaffRole.COORDINATOR)
    answer = client.post(reverse("admin:lending_household_add"), family(nook.here, new_pin=pin))
    assert "six digits or more" in answer.content.decode()
    assert not Household.objects.filter(name="Соколовы").exists()


def test_a_lost_card_is_followed_by_another(nook: Nook) -> None:
    old = nook.nguyen.cards.get()
    client = client_of(StaffRole.COORDINATOR)
    fields = family(nook.here, name="Nguyễn", language="vi") | {
        "cards-TOTAL_FORMS": 1, "cards-INITIAL_FORMS": 1, "cards-0-id": old.pk, "cards-0-household": nook.nguyen.pk,
        "cards-0-status": "lost",
    }  # fmt: skip
    assert client.post(reverse("admin:lending_household_change", args=[nook.nguyen.pk]), fields).status_code == 302
    assert nook.nguyen.cards.get(status=CardStatus.ACTIVE).number != old.number
    old.refresh_from_db()
    assert old.status == CardStatus.LOST


def test_an_administrator_adds_a_volunteer_and_changes_the_password(nook: Nook) -> None:
    client = client_of(StaffRole.ADMINISTRATOR)
    new = {"username": "mina", "role": "volunteer", "branch": nook.here.pk, "language": "ko"}
    words = {"password1": "eine lange Losung", "password2": "eine lange Losung", "usable_password": "true"}
    assert client.post(reverse("admin:lending_user_add"), new | words).status_code == 302
    user = User.objects.get(username="mina")
    assert signing_in.staff(username="mina", password="eine lange Losung", where="192.0.2.1", at=NOW) == user
    other = {"password1": "noch eine Losung", "password2": "noch eine Losung", "usable_password": "true"}
    assert client.post(reverse("admin:auth_user_password_change", args=[user.pk]), other).status_code == 302
    assert signing_in.staff(username="mina", password="noch eine Losung", where="192.0.2.1", at=NOW) == user


def test_a_book_hidden_here_reaches_the_index(nook: Nook) -> None:
    make_policy(format="comic")
    edition = make_edition("Секрет", "ru")
    make_copy(edition, branch=nook.here)
    client = client_of(StaffRole.COORDINATOR)
    chosen = {"action": "hide", "_selected_action": [edition.pk]}
    assert client.post(reverse("admin:catalog_edition_changelist"), chosen).status_code == 302
    edition.refresh_from_db()
    assert (edition.suppressed, edition.revision) == (True, 2)
    assert not Edition.objects.visible().filter(pk=edition.pk).exists()


def test_a_loan_is_shown_by_its_copy(nook: Nook) -> None:
    make_loan(nook.copy, nook.nguyen)
    page = client_of(StaffRole.COORDINATOR).get(reverse("admin:lending_loan_changelist"))
    assert nook.copy.barcode in page.content.decode()


def test_a_coordinator_sees_the_families_of_the_own_nook_alone(nook: Nook) -> None:
    make_household("Far away", branch=nook.there)
    address = reverse("admin:lending_household_changelist")
    near = client_of(StaffRole.COORDINATOR).get(address).content.decode()
    assert ("Far away" in near, nook.nguyen.name in near) == (False, True)
    assert "Far away" in client_of(StaffRole.ADMINISTRATOR).get(address).content.decode()
