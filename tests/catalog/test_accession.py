"""Books come into the catalogue once, however often they are described."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from catalog.accession import NotABook, accession, add_copy, correct
from catalog.description import record_of
from catalog.identifiers import CodeKind, InvalidIdentifier, card_number, copy_barcode, kind_of
from catalog.models import Contributor, Copy, Edition, Format, Subject, Work
from catalog.record import Person, Record
from catalog.terms import load_terms
from tests.factories import make_branch, make_edition

pytestmark = pytest.mark.django_db
CLOUD_BREAD = Record(
    title="구름빵", languages=("ko",), romanised_title="Kurŭm ppang", people=(Person("백희나", "Paek, Hŭi-na"),),
    publisher="한솔수북", year=2004, audience="preschool", headings=("Cats--Juvenile fiction",), topics=("family",),
    source_id="lc:1", work="story:1", translations=(("en", "Cloud Bread"), ("zh", "云朵面包"), ("sw", "Mkate")),
)  # fmt: skip


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _terms(db: None) -> None:
    load_terms()


def slugs(edition: Edition) -> set[str]:
    return set(edition.subjects.values_list("slug", flat=True))


def test_adds_everything_it_says() -> None:
    done = accession(record=CLOUD_BREAD)
    edition = Edition.objects.get()
    assert (done.outcome, done.warnings, done.edition) == ("added", (), edition)
    assert (edition.title, edition.language, edition.languages, edition.year) == ("구름빵", "ko", ["ko"], 2004)
    assert edition.age_band is not None
    assert (edition.age_band.slug, edition.format) == ("3-5", Format.PICTURE_BOOK)
    assert slugs(edition) == {"animals", "family"}
    assert [(part.contributor.name, part.contributor.romanised_name, part.role)
            for part in edition.contributions.all()] == [("백희나", "Paek, Hŭi-na", "author")]  # fmt: skip
    assert edition.revision != edition.indexed_revision


def test_work_has_real_titles_only() -> None:
    work = accession(record=CLOUD_BREAD).edition.work
    work.refresh_from_db()
    columns = ("title_ko", "title_en", "title_zh_hans", "title_km", "title_ar")
    assert [getattr(work, column) or "" for column in columns] == ["구름빵", "Cloud Bread", "云朵面包", "", ""]


def test_tagalog_means_filipino_and_no_interface_language_means_no_title() -> None:
    accession(record=Record(title="Kuwento", languages=("fil",), translations=(("tl", "x"),)))
    accession(record=Record(title="Mkate", languages=("sw",)))
    first, second = Work.objects.order_by("id")
    assert first.title_fil == "Kuwento"
    assert [field.name for field in Work._meta.get_fields()
            if field.name.startswith("title") and getattr(second, field.name, "")] == []  # fmt: skip


def test_the_same_record_again_writes_nothing() -> None:
    first = accession(record=CLOUD_BREAD)
    with CaptureQueriesContext(connection) as queries:
        again = accession(record=CLOUD_BREAD)
    assert (again.outcome, again.edition.pk) == ("unchanged", first.edition.pk)
    assert [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))] == []
    assert Edition.objects.get().revision == 1


@pytest.mark.parametrize(
    "change",
    [
        {"title": "구름 빵"},
        {"year": 2005},
        {"languages": ("ko", "en")},
        {"people": (Person("백희나", "Paek, Hŭi-na", "illustrator"),)},
        {"people": (Person("백희나", "Paek, Hŭi-na"), Person("김향수"))},
        {"topics": ("family", "food")},
        {"age_from": 7},
        {"translations": (("vi", "Bánh mì mây"),)},
        {"isbn": "9780060297732"},
        {"summary": "Bread made of a cloud."},
        {"invalid_isbns": ("123",)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_every_change_counts_the_revision_up(change: dict[str, object]) -> None:
    accession(record=CLOUD_BREAD)
    changed = replace(CLOUD_BREAD, **change)  # type: ignore[arg-type]
    assert accession(record=changed).outcome == "updated"
    assert Edition.objects.get().revision == 2
    assert accession(record=changed).outcome == "unchanged"
    assert Edition.objects.get().revision == 2


def test_what_a_record_does_not_say_stays() -> None:
    edition = accession(record=CLOUD_BREAD).edition
    Edition.objects.filter(pk=edition.pk).update(place="서울", kdc="813.8")
    edition.subjects.add(Subject.objects.get(slug="food"))
    accession(record=replace(CLOUD_BREAD, publisher="", people=(), topics=()))
    edition.refresh_from_db()
    assert (edition.place, edition.kdc, edition.publisher) == ("서울", "813.8", "한솔수북")
    assert slugs(edition) == {"animals", "family", "food"}
    assert edition.contributions.count() == 1


def test_translations_of_a_story_share_its_work_and_tell_search() -> None:
    korean = accession(record=CLOUD_BREAD).edition
    english = accession(record=replace(CLOUD_BREAD, title="Cloud Bread", languages=("en",), source_id="lc:2")).edition
    assert korean.work_id == english.work_id
    korean.refresh_from_db()
    assert korean.revision == 2


def test_a_story_whose_key_came_later_gathers_its_translations() -> None:
    korean = accession(record=replace(CLOUD_BREAD, work="", translations=())).edition
    accession(record=CLOUD_BREAD)
    english = accession(record=replace(CLOUD_BREAD, title="Cloud Bread", languages=("en",), source_id="lc:2")).edition
    assert english.work_id == korean.work_id


def test_the_first_of_two_titles_in_one_language_stays() -> None:
    other = replace(CLOUD_BREAD, source_id="lc:2", title="구름과 빵")
    for record in (CLOUD_BREAD, other, CLOUD_BREAD, other):
        outcome = accession(record=record).outcome
    assert (outcome, Work.objects.get().title_ko) == ("unchanged", "구름빵")


def test_a_corrected_title_is_corrected_in_the_story_too() -> None:
    accession(record=CLOUD_BREAD)
    accession(record=replace(CLOUD_BREAD, title="구름빵!"))
    assert Work.objects.get().title_ko == "구름빵!"


def test_a_title_that_a_person_gave_the_story_stays() -> None:
    accession(record=CLOUD_BREAD)
    Work.objects.update(title_en="Cloud Bread for All")
    assert accession(record=CLOUD_BREAD).outcome == "unchanged"
    assert Work.objects.get().title_en == "Cloud Bread for All"


def test_without_a_number_the_isbn_and_title_tell() -> None:
    plain = Record(title="Wet magic", languages=("en",), isbn="9780060297732")
    assert accession(record=plain).outcome == "added"
    assert accession(record=plain).outcome == "unchanged"
    assert accession(record=replace(plain, title="WET MAGIC : a novel")).outcome == "updated"
    other = accession(record=replace(plain, title="The sun"))
    assert (other.outcome, other.warnings) == (
        "added", ("The ISBN 9780060297732 also belongs to “WET MAGIC : a novel”.",),
    )  # fmt: skip
    assert accession(record=replace(plain, title="The sun")).outcome == "unchanged"


def test_one_person_is_one_row_and_once_in_a_role() -> None:
    accession(record=replace(CLOUD_BREAD, people=(Person("A"), Person("A"), Person("A", "", "translator"))))
    accession(record=replace(CLOUD_BREAD, source_id="lc:2", people=(Person("A"),)))
    assert Contributor.objects.filter(name="A").count() == 1
    assert [part.role for part in Edition.objects.get(source_id="lc:1").contributions.all()] == ["author", "translator"]


@pytest.mark.parametrize(
    ("fields", "warning"),
    [
        ({"year": 40000}, "40000 is not a year. It was left out."),
        ({"topics": ("unicorns",)}, "“unicorns” is not a topic of this library."),
        ({"source_url": "javascript:alert(1)"}, "“javascript:alert(1)” is not a web address. It was left out."),
        ({"format": "scroll"}, "“scroll” is not a format of this library."),
        ({"invalid_isbns": ("12",)}, "“12” is not a valid ISBN. It was noted as printed."),
        ({"place": "서울 " * 200}, "Too long for “place”, so it was cut: " + "서울 " * 200),
        ({"doubts": ("A sentence.",)}, "A sentence."),
    ],
)
def test_warns_and_takes_the_book(fields: dict[str, object], warning: str) -> None:
    done = accession(record=replace(CLOUD_BREAD, **fields))  # type: ignore[arg-type]
    assert (done.outcome, done.warnings) == ("added", (warning,))


@pytest.mark.parametrize(
    "fields",
    [{"title": ""}, {"languages": ()}, {"title": "x" * 1001}, {"source_id": "x" * 121}, {"isbn": "9780060297733"}],
)
def test_refuses_what_cannot_be_a_book(fields: dict[str, object]) -> None:
    with pytest.raises(NotABook):
        accession(record=replace(CLOUD_BREAD, **fields))  # type: ignore[arg-type]
    assert Edition.objects.count() == 0


def test_correct_also_empties_but_keeps_where_it_came_from() -> None:
    edition = accession(record=replace(CLOUD_BREAD, licence="CC BY 4.0")).edition
    done = correct(edition=edition, record=replace(record_of(edition), publisher="", topics=("food",), people=()))
    edition.refresh_from_db()
    assert done.outcome == "updated"
    assert (edition.publisher, edition.licence, edition.source_id) == ("", "CC BY 4.0", "lc:1")
    assert (slugs(edition), edition.contributions.count(), edition.revision) == ({"food"}, 0, 2)


def test_correct_with_its_own_description_changes_nothing() -> None:
    edition = accession(record=CLOUD_BREAD).edition
    assert correct(edition=edition, record=record_of(edition)).outcome == "unchanged"
    edition.refresh_from_db()
    assert edition.revision == 1


def test_copies_get_running_numbers_and_a_call_number() -> None:
    branch, edition = make_branch(), accession(record=CLOUD_BREAD).edition
    copies = [add_copy(edition=edition, branch=branch) for _ in range(3)]
    assert [copy.barcode for copy in copies] == [copy_barcode(1), copy_barcode(2), copy_barcode(3)]
    assert {copy.call_number for copy in copies} == {"KO 3-5 PAE"}


def test_running_numbers_pass_over_barcodes_from_elsewhere() -> None:
    branch, edition = make_branch(), make_edition()
    for barcode in ("3999", "39999999999999", "3ABCDEFGHIJKLM", "NK000123", copy_barcode(41)):
        Copy.objects.create(edition=edition, branch=branch, barcode=barcode)
    assert add_copy(edition=edition, branch=branch).barcode == copy_barcode(42)


def test_a_label_that_is_on_the_book_already() -> None:
    branch, edition = make_branch(), make_edition()
    assert add_copy(edition=edition, branch=branch, barcode=" ㅜㅏ-000123\r\n").barcode == "NK000123"


@pytest.mark.parametrize("barcode", ["", " ", "9780060297732", "x" * 41, "TAKEN", card_number(4711)])
def test_refuses_a_barcode_that_would_confuse_the_desk(barcode: str) -> None:
    branch, edition = make_branch(), make_edition()
    Copy.objects.create(edition=edition, branch=branch, barcode="TAKEN")
    with pytest.raises(InvalidIdentifier):
        add_copy(edition=edition, branch=branch, barcode=barcode)
    assert Copy.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_desks_never_give_one_number() -> None:
    edition = make_edition()
    branches = [make_branch(), make_branch()]
    start = threading.Barrier(4)

    def desk(at: int) -> None:
        start.wait()
        for _ in range(5):
            add_copy(edition=edition, branch=branches[at % 2])
        connections.close_all()

    threads = [threading.Thread(target=desk, args=(at,)) for at in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    barcodes = list(Copy.objects.values_list("barcode", flat=True))
    assert sorted(barcodes) == [copy_barcode(number) for number in range(1, 21)]
    assert {kind_of(barcode) for barcode in barcodes} == {CodeKind.COPY}
