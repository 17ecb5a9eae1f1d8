"""The demo nook: loaded once, through the rules, and never over a real one."""

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F
from django.utils import timezone

from catalog.identifiers import CodeKind, kind_of
from catalog.models import Copy, Edition
from catalog.search import indexing
from lending import signing_in
from lending.management.demo import PIN, load_nook
from lending.management.demo_circulation import Fortnight
from lending.models import Card, Hold, HoldStatus, Household, Loan, Movement, User
from tests.factories import NOW, make_branch, make_edition, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_index(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "rebuild_index", lambda: 0)


def run() -> dict[str, Any]:
    out = io.StringIO()
    call_command("load_demo", "--json", stdout=out)
    told: dict[str, Any] = json.loads(out.getvalue())
    return told


def test_fills_an_empty_nook() -> None:
    told = run()
    assert told["loaded_now"] is True
    assert told["books"] == Edition.objects.count() > 300
    assert {"ko", "vi", "km", "lo", "ar", "fil", "zh"} <= set(Edition.objects.values_list("language", flat=True))
    assert Household.objects.count() >= 12
    assert Card.objects.filter(status="active").count() == Household.objects.count()
    family = signing_in.family(card_number=told["family"]["card"], pin=told["family"]["pin"], where="192.0.2.1", at=NOW)
    assert family is not None
    assert family.language == "vi"
    assert {kind_of(number) for number in Card.objects.values_list("number", flat=True)} == {CodeKind.CARD}
    for name, password in told["staff"].items():
        assert signing_in.staff(username=name, password=password, where="192.0.2.1", at=NOW) is not None


def test_shows_every_state_of_a_loan_and_a_reservation() -> None:
    fortnight = Fortnight(load_nook(), timezone.now())
    fortnight.play()
    assert fortnight.refused == []
    open_loans = Loan.objects.filter(closed_at=None)
    assert open_loans.filter(due_at__lt=timezone.now()).count() >= 3
    assert open_loans.filter(due_at__gt=timezone.now()).count() >= 10
    assert Hold.objects.filter(status=HoldStatus.READY).count() >= 3
    assert Hold.objects.filter(status=HoldStatus.WAITING).count() >= 4
    assert Copy.objects.filter(transits__received_at=None, transits__isnull=False).count() == 1
    mother = fortnight.nook.families[0]
    assert mother.loans.filter(closed_at=None).count() == 2
    assert set(mother.holds.values_list("status", flat=True)) == {HoldStatus.READY, HoldStatus.WAITING}
    assert Movement.objects.filter(at=F("effective_at")).exists()


def test_again_changes_nothing_and_keeps_what_people_did() -> None:
    run()
    Household.objects.filter(language="vi").update(name="Renamed")
    Copy.objects.filter(pk=Copy.objects.earliest("id").pk).update(status="withdrawn")
    make_edition("A donated book")
    before = [list(model._default_manager.order_by("pk").values()) for model in (Edition, Copy, Household, Loan, User)]
    assert run()["loaded_now"] is False
    after = [list(model._default_manager.order_by("pk").values()) for model in (Edition, Copy, Household, Loan, User)]
    assert after == before


@pytest.mark.parametrize("make", [make_staff, make_edition, make_branch])
def test_refuses_a_real_nook(make: Any) -> None:
    make()
    with pytest.raises(CommandError, match="already holds a nook"):
        call_command("load_demo")
    assert Household.objects.count() == 0


def test_tells_where_to_go(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_demo")
    told = capsys.readouterr().out
    assert "http://127.0.0.1:8000/" in told
    assert f"PIN {PIN}" in told
    assert "name coordinator, password demo-coordinator" in told
