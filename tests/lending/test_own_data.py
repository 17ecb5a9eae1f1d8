"""A family's own data: taken along whole, forgotten whole; consent for the children; every field declared."""

import csv
import io
import json
from datetime import date, timedelta
from pathlib import Path

import pypdfium2
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client

from lending import consent, own_data
from lending.blocks import Refused
from lending.models import Consent, Hold, Household, Loan, Patron, User
from lending.privacy import forget
from tests.factories import make_copy, make_edition, make_family_user, make_household, make_notice_device, make_patron
from tests.lending.conftest import Nook

PIN = "482913"
DECLARED = Path(settings.BASE_DIR) / "docs" / "security" / "personal-data.csv"


@pytest.fixture
def family(nook: Nook, client: Client) -> Client:
    """A family with a child, a book back and a reservation, signed in."""
    client.force_login(make_family_user(nook.nguyen, PIN))
    Patron.objects.all().delete()
    make_patron(nook.nguyen, "Linh-secret", birth_year=2019)
    nook.lend(patron=Patron.objects.get())
    nook.take_back(at=nook.at + timedelta(minutes=5))
    another = make_edition("Another", "vi")
    make_copy(another, branch=nook.here)
    nook.hold(nook.nguyen, edition=another)
    make_notice_device(nook.nguyen)
    return client


def dump() -> str:
    """The whole database as text."""
    out = io.StringIO()
    call_command("dumpdata", "catalog", "lending", "sessions", stdout=out)
    return out.getvalue()


def test_everything_can_be_taken_along(nook: Nook, family: Client) -> None:
    told = json.loads(family.get("/en/family/data/our-data.json").content)
    assert (told["family"]["name"], told["readers"][0]["nickname"]) == (nook.nguyen.name, "Linh-secret")
    assert [loan["title"] for loan in told["loans"]] == [nook.edition.title]
    assert [hold["title"] for hold in told["reservations"]] == ["Another"]
    assert (told["cards"], told["devices"]) == ([nook.nguyen.cards.get().number], 1)


def test_everything_is_deleted_for_good_and_the_figures_stay(nook: Nook, family: Client) -> None:
    name, number, pk = nook.nguyen.name, nook.nguyen.cards.get().number, nook.nguyen.pk
    before = (Loan.objects.count(), Hold.objects.count())
    wrong = family.post("/en/family/data/delete/", {"pin": "000000"}, follow=True).content.decode()
    assert "is not this one" in wrong
    assert Household.objects.filter(pk=pk).exists()
    done = family.post("/en/family/data/delete/", {"pin": PIN}, follow=True).content.decode()
    assert "Everything is deleted." in done
    assert family.get("/en/family/").status_code == 302
    text = dump()
    assert not [secret for secret in (name, number, "Linh-secret", "push.example") if secret in text]
    assert (Loan.objects.count(), Hold.objects.count()) == before
    assert not User.objects.filter(household=pk).exists()


def test_books_at_home_come_back_first(nook: Nook) -> None:
    nook.lend()
    refused = own_data.delete(household=nook.nguyen, by=None, at=nook.at)
    assert isinstance(refused, Refused)
    assert [block.code for block in refused.blocks] == ["books_at_home"]
    assert Household.objects.filter(pk=nook.nguyen.pk).exists()


def test_after_return_and_retention_nothing_joins_a_family_to_a_title(nook: Nook, family: Client) -> None:
    """Proven on a dump: no row that names the family names the loan's copy, and the loan names nobody."""
    loan = Loan.objects.get()
    assert f'"household": {nook.nguyen.pk}' in dump()
    forget(at=nook.at + timedelta(days=16))
    rows = json.loads(dump())
    of_loan = [row for row in rows if row["model"] == "lending.loan" and row["pk"] == loan.pk]
    assert [(row["fields"]["household"], row["fields"]["patron"]) for row in of_loan] == [(None, None)]
    naming = [row for row in rows if row["fields"].get("household") == nook.nguyen.pk]
    assert not [row for row in naming if row["fields"].get("copy") == loan.copy_id or row["fields"].get("loan")]
    moved = [row["fields"] for row in rows if row["model"] == "lending.movement" and row["fields"]["loan"] == loan.pk]
    assert len(moved) == 2
    assert not any("Linh" in json.dumps(row) or nook.nguyen.name in json.dumps(row) for row in moved)


def test_history_is_kept_only_on_wish_and_forgotten_after_it(nook: Nook, family: Client) -> None:
    family.post("/en/family/data/history/", {"keep": "1"})
    forget(at=nook.at + timedelta(days=400))
    assert Loan.objects.get().household == nook.nguyen
    family.post("/en/family/data/history/", {"keep": "0"})
    forget(at=nook.at + timedelta(days=400))
    assert Loan.objects.get().household is None


def test_one_readers_card_does_not_speak_for_the_family(nook: Nook, client: Client) -> None:
    own = make_family_user(nook.nguyen, PIN, patron=make_patron(nook.nguyen, "Linh"))
    client.force_login(own)
    assert client.get("/en/family/data/").status_code == 404
    assert client.post("/en/family/data/delete/", {"pin": PIN}).status_code == 404


@pytest.mark.parametrize(
    ("birth_year", "guardian", "needed"),
    [(2019, False, True), (2012, False, True), (2011, False, False), (None, False, True), (2019, True, False)],
)
def test_who_needs_a_guardians_consent(nook: Nook, birth_year: int | None, guardian: bool, needed: bool) -> None:
    reader = make_patron(nook.nguyen, "x", birth_year=birth_year, is_guardian=guardian)
    assert consent.needs(reader, today=date(2026, 6, 1)) is needed
    assert (reader in consent.without(date(2026, 6, 1))) is needed


def test_the_signed_paper_is_noted_with_version_language_day_and_volunteer(nook: Nook, client: Client) -> None:
    Patron.objects.all().delete()
    child = make_patron(nook.nguyen, "Linh", birth_year=2019)
    client.force_login(nook.volunteer)
    address = f"/en/desk/families/{nook.nguyen.pk}/"
    assert "signature is missing" in client.get(address).content.decode()
    client.post(f"{address}consent/")
    given = Consent.objects.get()
    assert (given.patron, given.version, given.language, given.by) == (
        child, consent.VERSION, nook.nguyen.language, nook.volunteer,
    )  # fmt: skip
    assert "signature is missing" not in client.get(address).content.decode()
    client.post(f"{address}consent/")
    assert Consent.objects.count() == 1


def test_another_version_of_the_paper_is_asked_for_anew(nook: Nook, monkeypatch: pytest.MonkeyPatch) -> None:
    Patron.objects.all().delete()
    make_patron(nook.nguyen, "Linh", birth_year=2019)
    consent.give(household=nook.nguyen, by=nook.volunteer, at=nook.at)
    assert consent.missing(nook.nguyen, today=nook.at.date()) == []
    monkeypatch.setattr(consent, "VERSION", "2027-01")
    assert len(consent.missing(nook.nguyen, today=nook.at.date())) == 1


def test_consent_taken_back_forgets_the_child_and_leaves_the_books(nook: Nook, family: Client) -> None:
    child = Patron.objects.get()
    nook.lend(patron=child)
    nook.hold(nook.bat)
    family.post(f"/en/family/readers/{child.pk}/withdraw/")
    assert not Patron.objects.exists()
    assert "Linh-secret" not in dump()
    assert Loan.objects.get(closed_at=None).household == nook.nguyen
    stranger = make_patron(make_household("x"), "y")
    assert family.post(f"/en/family/readers/{stranger.pk}/withdraw/").status_code == 404


@pytest.mark.parametrize("code", ["ar", "km", "ko", "mn", "th", "ne", "lo"])
def test_the_paper_is_in_the_mother_tongue_and_korean(nook: Nook, client: Client, code: str) -> None:
    client.force_login(nook.volunteer)
    answer = client.get(f"/en/desk/consent/{code}.pdf")
    assert answer["Content-Type"] == "application/pdf"
    pages = pypdfium2.PdfDocument(answer.content)
    text = "".join(page.get_textpage().get_text_bounded() for page in pages)
    assert len(pages) == 1
    assert consent.VERSION in text
    assert "동의" in text


def test_every_field_is_declared_personal_or_not_with_purpose_and_retention() -> None:
    with DECLARED.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    declared = {row["field"] for row in rows}
    ours = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in ("catalog", "lending", "sessions")
        for field in model._meta.concrete_fields
        if not field.name.rpartition("_")[0] or not hasattr(field, "translated_field")
    }
    assert (sorted(ours - declared), sorted(declared - ours)) == ([], [])
    for row in rows:
        assert row["personal"] in ("yes", "no"), row
        if row["personal"] == "yes":
            assert row["purpose"] and row["kept"], row  # noqa: PT018 (one row is one promise)


@pytest.mark.django_db
def test_nothing_of_a_child_is_kept_that_the_law_or_the_library_forbids() -> None:
    with connection.cursor() as cursor:
        columns = {
            column.name
            for table in ("lending_patron", "lending_household", "lending_registration")
            for column in connection.introspection.get_table_description(cursor, table)
        }
    forbidden = ("sex", "gender", "nation", "country", "school", "photo", "resident", "birth_date", "birthday")
    assert not [column for column in columns for word in forbidden if word in column]
