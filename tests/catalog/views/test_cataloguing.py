"""Cataloguing through real requests: a book described by hand, corrected, given copies and labels."""

import re
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from PIL import Image

from catalog import covers
from catalog.accession import accession
from catalog.models import AgeBand, Branch, Copy, Edition, Subject
from catalog.record import Person, Record
from catalog.search import search
from lending.models import StaffRole
from tests.factories import make_branch, make_copy, make_edition, make_shelf, make_staff

ADD = "/en/cataloguing/add/"
ISBN = "9788936433598"


@pytest.fixture
def branch(db: None) -> Branch:
    return make_branch("seongdong")


@pytest.fixture
def coordinator(branch: Branch) -> Client:
    client = Client()
    client.force_login(make_staff(StaffRole.COORDINATOR, branch=branch))
    return client


def asked(nook: Branch, /, **changes: Any) -> dict[str, Any]:
    fields = {"title": "រឿងសុភាទន្សាយ", "language": "km", "format": "picture_book", "branch": nook.pk}
    return {name: value for name, value in (fields | changes).items() if value is not None}


def photo() -> SimpleUploadedFile:
    data = BytesIO()
    Image.new("RGB", (400, 600), "#3366aa").save(data, "JPEG")
    return SimpleUploadedFile("cover.jpg", data.getvalue())


def words(answer: HttpResponse) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def edit_url(edition: Edition) -> str:
    return f"/en/cataloguing/books/{edition.pk}/"


def shown(client: Client, edition: Edition, **changes: Any) -> dict[str, Any]:
    """The edit form as a browser would send it back untouched, with `changes`."""
    form = client.get(edit_url(edition)).context["form"]
    fields: dict[str, Any] = {}
    for name in form.fields:
        value = form[name].value()
        if name == "topics":
            fields[name] = [subject.pk for subject in value]
        elif value is not None and name != "cover":
            fields[name] = getattr(value, "pk", value)
    return fields | changes


def test_a_book_with_everything(branch: Branch, coordinator: Client) -> None:
    band = AgeBand.objects.create(slug="3-5", name_en="3 to 5", from_age=3, to_age=5)
    animals = Subject.objects.create(slug="animals", name_en="Animals", icon="paw")
    shelf = make_shelf(branch)
    answer = coordinator.post(
        ADD,
        asked(
            branch, second_language="ko", romanised_title="Sophea Tonsay", korean_title="판사 토끼",
            authors="ស៊ឹម វិបុល\n\nChan Thy\n", illustrators="Kong", isbn="978-89-364-3359-8", age_band=band.pk,
            topics=[animals.pk], publisher="Sipar", year="2567", shelf=shelf.pk, cover=photo(),
        ),
    )  # fmt: skip
    edition, copy = Edition.objects.get(), Copy.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == f"{edit_url(edition)}?new={copy.pk}#copies"
    assert (edition.title, edition.languages, edition.isbn, edition.year) == (
        "រឿងសុភាទន្សាយ", ["km", "ko"], ISBN, 2567
    )  # fmt: skip
    assert edition.work.title_ko == "판사 토끼"  # type: ignore[attr-defined]
    assert [(part.contributor.name, part.role) for part in edition.contributions.all()] == [
        ("ស៊ឹម វិបុល", "author"), ("Chan Thy", "author"), ("Kong", "illustrator"),
    ]  # fmt: skip
    assert (edition.age_band, list(edition.subjects.all()), edition.publisher) == (band, [animals], "Sipar")
    assert (copy.branch, copy.shelf, copy.call_number[:6]) == (branch, shelf, "KM 3-5")
    assert edition.cover
    page = words(coordinator.get(answer["Location"]))
    assert copy.barcode in page
    assert f"/en/cataloguing/copies/{copy.pk}/label.pdf" in page


@pytest.mark.parametrize(
    ("changes", "words_shown"),
    [
        ({"title": None}, "Type the title as it is printed on the book."),
        ({"title": "\u200b\u200e"}, "Type the title as it is printed on the book."),
        ({"title": "x" * 1001}, "at most 1000"),
        ({"language": None}, "field__error"),
        ({"language": "klingon"}, "Select a valid choice"),
        ({"isbn": "978-89-364-3359-9"}, "is not an ISBN"),
        ({"year": "soon"}, "This is not a year."),
        ({"year": "9" * 40}, "This is not a year."),
        ({"branch": "999"}, "Select a valid choice"),
        ({"format": "scroll"}, "Select a valid choice"),
        ({"topics": ["x"]}, "is not a valid value"),
        ({"cover": SimpleUploadedFile("cover.png", b"no picture")}, "This file is not a picture we can use."),
        ({"publisher": "a\x00b"}, "Null characters are not allowed"),
    ],
)
def test_bad_input_is_explained_and_saves_nothing(
    branch: Branch, coordinator: Client, changes: dict[str, Any], words_shown: str
) -> None:
    answer = coordinator.post(ADD, asked(branch, **changes))
    assert answer.status_code == 200
    assert words_shown in words(answer)
    assert "Nothing was saved yet." in words(answer)
    assert (Edition.objects.count(), Copy.objects.count()) == (0, 0)


def test_a_shelf_of_another_nook(branch: Branch, coordinator: Client) -> None:
    answer = coordinator.post(ADD, asked(branch, shelf=make_shelf(make_branch("geumho")).pk))
    assert "This shelf is in another nook." in words(answer)
    assert not Edition.objects.exists()


def test_a_known_isbn_offers_a_copy(branch: Branch, coordinator: Client) -> None:
    edition = make_edition("Мазаалай", "mn", isbn=ISBN)
    for answer in (coordinator.get(ADD, {"isbn": "89-364-3359-8"}), coordinator.post(ADD, asked(branch, isbn=ISBN))):
        assert f'href="{edit_url(edition)}#copies"' in words(answer)
    assert (Edition.objects.count(), Copy.objects.count()) == (1, 0)
    coordinator.post(ADD, asked(branch, isbn=ISBN, another="1"))
    assert (Edition.objects.count(), Copy.objects.count()) == (2, 1)


def test_saving_twice_without_an_isbn_asks_first(branch: Branch, coordinator: Client) -> None:
    for _ in range(2):
        answer = coordinator.post(ADD, asked(branch))
    assert "This book seems to be in the catalogue already" in words(answer)
    assert (Edition.objects.count(), Copy.objects.count()) == (1, 1)


def test_an_unknown_isbn_is_filled_in(branch: Branch, coordinator: Client) -> None:
    assert f'value="{ISBN}"' in words(coordinator.get(ADD, {"isbn": "8936433598"}))
    assert "This is not an ISBN." in words(coordinator.get(ADD, {"isbn": "12345\x00<b>"}))


def test_languages_are_named_for_who_cannot_read_them(branch: Branch, coordinator: Client) -> None:
    assert "ខ្មែរ · 크메르어" in words(coordinator.get("/ko/cataloguing/add/"))
    assert '<option value="km" selected>' in words(coordinator.get(ADD, {"language": "km"}))
    assert "selected>Choose the language" not in words(coordinator.get(ADD, {"language": "km"}))


def imported(**changes: Any) -> Edition:
    record = Record(
        title="Сказки", languages=("tg", "ru", "en"), people=(
            Person("Корней Чуковский", "Korney Chukovsky"), Person("Кто-то", "Somebody", "translator"),
        ), romanised_title="Skazki", year=1999, isbn=ISBN, headings=("Folklore",), summary="Tales.",
    )  # fmt: skip
    return accession(record=record).edition


def test_saving_without_a_change_changes_nothing(branch: Branch, coordinator: Client) -> None:
    edition = imported()
    before = edition.revision
    answer = coordinator.post(edit_url(edition), shown(coordinator, edition))
    assert answer.status_code == 302
    edition.refresh_from_db()
    assert edition.revision == before
    assert edition.languages == ["tg", "ru", "en"]
    assert [part.contributor.romanised_name for part in edition.contributions.all()] == [
        "Korney Chukovsky", "Somebody",
    ]  # fmt: skip


def test_a_correction_keeps_what_the_form_does_not_ask(branch: Branch, coordinator: Client) -> None:
    edition = imported()
    coordinator.post(edit_url(edition), shown(coordinator, edition, title="Сказки Чуковского", year=""))
    edition.refresh_from_db()
    assert (edition.title, edition.year, edition.headings, edition.summary) == (
        "Сказки Чуковского", None, ["Folklore"], "Tales.",
    )  # fmt: skip
    assert edition.revision > 1


def test_a_saved_book_is_found_at_once(
    branch: Branch, coordinator: Client, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        coordinator.post(ADD, asked(branch, romanised_title="Sophea Tonsay"))
    found = [hit.edition_id for hit in search("sophea", language="en").hits]
    assert found == [Edition.objects.get().pk]
    assert [hit.edition_id for hit in search(Copy.objects.get().barcode, language="en").hits] == found


def test_a_new_photo_takes_the_old_ones_place(branch: Branch, coordinator: Client) -> None:
    edition = imported()
    coordinator.post(edit_url(edition), shown(coordinator, edition) | {"cover": photo()})
    edition.refresh_from_db()
    answer = coordinator.get(f"/en/covers/{edition.pk}/small/")
    assert (answer.status_code, answer["Content-Type"], answer["X-Content-Type-Options"]) == (
        200, "image/webp", "nosniff",
    )  # fmt: skip
    assert answer.content[8:12] == b"WEBP"
    assert f"/covers/{edition.pk}/tiny/?{edition.cover[:8]}" in words(coordinator.get(edit_url(edition)))


@pytest.mark.parametrize("size", ["huge", "large", "..%2f"])
def test_covers_that_are_not_there(branch: Branch, size: str) -> None:
    assert Client().get(f"/en/covers/{make_edition().pk}/{size}/").status_code == 404


def test_the_cover_of_a_hidden_book_is_not_served(branch: Branch) -> None:
    edition = make_edition(suppressed=True)
    covers.save_cover(edition=edition, upload=photo())
    assert Client().get(f"/en/covers/{edition.pk}/small/").status_code == 404


def test_one_more_copy(branch: Branch, coordinator: Client) -> None:
    edition = make_edition("Мазаалай", "mn")
    answer = coordinator.post(f"{edit_url(edition)}copies/", {"branch": branch.pk}, follow=True)
    assert "One more copy is in the catalogue." in words(answer)
    assert Copy.objects.get().barcode in words(answer)
    coordinator.post(f"{edit_url(edition)}copies/", {"branch": "x"})
    assert Copy.objects.count() == 1


def test_the_label_is_a_pdf(branch: Branch, coordinator: Client) -> None:
    copy = make_copy(make_edition("قصة", "ar"), branch=branch)
    answer = coordinator.get(f"/en/cataloguing/copies/{copy.pk}/label.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


@pytest.mark.parametrize("barcode", ["X" * 40, "ÉÉ"])
def test_a_barcode_that_cannot_be_printed_says_so(branch: Branch, coordinator: Client, barcode: str) -> None:
    copy = make_copy(branch=branch, barcode=barcode)
    answer = coordinator.get(f"/en/cataloguing/copies/{copy.pk}/label.pdf", follow=True)
    assert "The barcode" in words(answer)
    assert answer.redirect_chain


def test_volunteers_and_strangers_do_not_catalogue(branch: Branch) -> None:
    edition, client = make_edition(), Client()
    addresses = [ADD, edit_url(edition), f"{edit_url(edition)}copies/", "/en/cataloguing/copies/1/label.pdf"]
    assert {client.get(address).status_code for address in addresses} <= {302, 405}
    client.force_login(make_staff(branch=branch))
    assert {client.get(address).status_code for address in addresses} <= {403, 405}
    assert client.post(ADD, asked(branch)).status_code == 403
    assert Edition.objects.count() == 1


def test_a_library_without_a_nook_says_so(coordinator: Client, branch: Branch) -> None:
    branch.staff.update(branch=None)
    branch.delete()
    assert "There is no nook yet" in words(coordinator.get(ADD))
