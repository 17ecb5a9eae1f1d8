"""What families type, and the exact list of books they get."""

import pytest

from catalog.models import Contribution, Contributor, Edition
from catalog.search import Filters, search, suggest
from catalog.search.indexing import rebuild_index, update_index
from tests.catalog.search.cast import make_story, make_subject
from tests.catalog.search.conftest import Titles
from tests.factories import make_copy, make_edition

pytestmark = pytest.mark.usefixtures("cast")

FOUND = [
    # as printed
    ("구름빵", ["구름빵"]), ("សុភាទន្សាយ", ["សុភាទន្សាយ"]), ("كليلة ودمنة", ["كليلة ودمنة"]),
    ("Муха-Цокотуха", ["Муха-Цокотуха"]), ("Dế Mèn phiêu lưu ký", ["Dế Mèn phiêu lưu ký"]),
    ("ความสุขของกะทิ", ["ความสุขของกะทิ"]), ("没头脑和不高兴", ["没头脑和不高兴"]),
    ("はらぺこあおむし", ["はらぺこあおむし"]),
    ("Алтан загас", ["Алтан загас"]), ("Zumrad va Qimmat", ["Zumrad va Qimmat"]), ("मुनामदन", ["मुनामदन"]),
    ("ກະຕ່າຍກັບເຕົ່າ", ["ກະຕ່າຍກັບເຕົ່າ"]), ("Si Pagong at si Matsing", ["Si Pagong at si Matsing"]),
    # one word of it, or part of one
    ("구름", ["구름빵"]), ("암탉", ["마당을 나온 암탉"]), ("마당", ["마당을 나온 암탉"]), ("ទន្សាយ", ["សុភាទន្សាយ"]),
    ("ບໍ່ມີ", []), ("ກະຕ່າຍ", ["ກະຕ່າຍກັບເຕົ່າ"]), ("ปลา", ["ปลาบู่ทอง"]), ("不高兴", ["没头脑和不高兴"]),
    ("あおむし", ["はらぺこあおむし"]), ("загас", ["Алтан загас"]), ("elephant", ["The Elephant's Child"]),
    # spaces as one pleases
    ("마당 을 나온 암탉", ["마당을 나온 암탉"]), ("강아지 똥", ["강아지똥"]), ("구름 빵", ["구름빵"]),
    # in Latin letters
    ("gureumppang", ["구름빵"]), ("madangeul naon amtak", ["마당을 나온 암탉"]), ("sophea tonsay", ["សុភាទន្សាយ"]),
    ("kalilah wa dimnah", ["كليلة ودمنة"]), ("mukha tsokotukha", ["Муха-Цокотуха"]),
    ("mei tou nao", ["没头脑和不高兴"]), ("meitounao", ["没头脑和不高兴"]), ("harapeko", ["はらぺこあおむし"]),
    ("altan zagas", ["Алтан загас"]), ("shum bola", ["Шум бола"]), ("munamadan", ["मुनामदन"]),
    ("champa si ton", ["ຈຳປາສີ່ຕົ້ນ"]), ("pla bu thong", ["ปลาบู่ทอง"]),
    # without marks
    ("de men phieu luu ky", ["Dế Mèn phiêu lưu ký"]), ("الامير الصغير", ["الأمير الصغير"]),
    ("zolotoy klyuchik", ["Золотой ключик"]), ("kalilah", ["كليلة ودمنة"]),
    # other forms of the same script
    ("红楼梦", ["紅樓夢"]), ("ハラペコアオムシ", ["はらぺこあおむし"]), ("银河铁道", ["銀河鉄道の夜"]),
    ("Shum bola", ["Шум бола"]),
    # with a slip
    ("구릉빵", ["구름빵"]), ("마당을 나온 암닭", ["마당을 나온 암탉"]), ("elefant's child", ["The Elephant's Child"]),
    ("elephnat", ["The Elephant's Child"]), ("munamadaan", ["मुनामदन"]), ("ключек", ["Золотой ключик"]),
    ("matsng", ["Si Pagong at si Matsing"]), ("phieu lu ky", ["Dế Mèn phiêu lưu ký"]),
    ("はらぺこあおむち", ["はらぺこあおむし"]), ("ความสุกของกะทิ", ["ความสุขของกะทิ"]),
    ("zumrat qimmat", ["Zumrad va Qimmat"]),
    # initials, and the wrong keyboard
    ("ㄱㄹㅃ", ["구름빵"]), ("rnfmaQkd", ["구름빵"]),
    # makers
    ("백희나", ["구름빵"]), ("baek heena", ["구름빵"]), ("Толстой", ["Золотой ключик"]),
    ("tolstoy", ["Золотой ключик"]),
    ("宮沢", ["銀河鉄道の夜"]), ("Rizal", ["Si Pagong at si Matsing"]),
    # precision
    ("hen", ["Hen"]), ("tolstoy elephant", ["Золотой ключик", "The Elephant's Child"]),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "expected"), FOUND, ids=[typed for typed, _ in FOUND])
def test_finds(titles: Titles, typed: str, expected: list[str]) -> None:
    assert titles(typed, language="und") == expected


@pytest.mark.parametrize(
    "nonsense",
    ["qwrtzpsd", "blorf", "zzxqv kkjh", "ㅁㄴㅇㄹ", "쀍뗅뿕", "xxxxxxxx", "жъщыё", "ឤឤឤ", "龘靐齉", "9" * 13, "!!!"],
)
def test_nonsense_finds_nothing(nonsense: str) -> None:
    results = search(nonsense)
    assert (results.hits, results.total, results.did_you_mean) == ((), 0, None)


def test_ranks_the_title_then_words_then_titles_of_the_story_then_stems_then_topics(titles: Titles) -> None:
    make_edition("Rabbit", "en")
    make_edition("Rabbit and the Moon", "en")
    make_edition("Rabbits", "en")
    make_story(en="Rabbit", km="ទន្សាយ")
    make_edition("My Day", "en", series="Rabbit readers")
    update_index()
    found = titles("rabbit", language="und")
    assert found[:2] == ["Rabbit", "Rabbit"]
    assert found[2:] == ["Rabbit and the Moon", "ទន្សាយ", "Rabbits", "My Day"]


def test_the_story_is_found_by_the_title_of_any_of_its_editions(titles: Titles) -> None:
    make_story(ko="토끼와 거북이", lo="ກະຕ່າຍ", ar="الأرنب والسلحفاة")
    update_index()
    assert titles("토끼와 거북이", language="und") == ["토끼와 거북이", "ກະຕ່າຍ", "الأرنب والسلحفاة"]


def test_lifts_the_readers_language_and_what_stands_on_the_shelf(titles: Titles) -> None:
    korean, lao, other = (make_edition("Zebra", code) for code in ("ko", "lo", "en"))
    update_index()
    ids = [hit.edition_id for hit in search("zebra", language="lo", on_shelf=lambda: [korean.pk]).hits]
    assert ids == [lao.pk, korean.pk, other.pk]


def test_suggests_the_right_spelling() -> None:
    assert search("si matsng").did_you_mean == "si matsing"
    assert search("matsing").did_you_mean is None


def test_numbers_match_as_a_whole(titles: Titles) -> None:
    book = make_edition("소년", isbn="9788971990001", other_isbns=["9788936434120"])
    make_copy(book, barcode="30000000012348", call_number="KO 3-5 소")
    update_index()
    wide = "９７８８９７１９９０００１"
    for typed in ("978-89-7199-000-1", "8971990007", wide, " 9788936434120\r\n", "30000000012348", "ko 3-5 소"):
        assert titles(typed) == ["소년"], typed
    assert titles("978897199000") == []


def test_hidden_books_are_not_found_and_leave_when_they_are_hidden(titles: Titles, cast: dict[str, Edition]) -> None:
    Edition.objects.filter(pk=cast["구름빵"].pk).update(suppressed=True, revision=2)
    update_index()
    assert titles("구름빵") == []
    rebuild_index()
    assert titles("구름빵") == []
    assert search("").total == len(cast) - 1


def test_nothing_typed_shows_everything_newest_first(cast: dict[str, Edition]) -> None:
    results = search("", limit=3)
    assert [hit.edition_id for hit in results.hits] == sorted((e.pk for e in cast.values()), reverse=True)[:3]
    assert results.total == len(cast)
    assert [hit.edition_id for hit in search("", offset=3, limit=1).hits] == [results.hits[2].edition_id - 1]


def test_sorts_titles_as_the_reader_expects(titles: Titles) -> None:
    for title in ("나비", "가방", "Zoo", "The Apple", "Ábaco"):
        make_edition(title, "ko" if ord(title[0]) > 1000 else "en", series="sorting")
    update_index()
    assert titles("sorting", language="ko", filters=Filters(sort="title")) == [
        "가방", "나비", "Ábaco", "The Apple", "Zoo"]  # fmt: skip
    assert titles("sorting", language="en", filters=Filters(sort="title")) == [
        "Ábaco", "The Apple", "Zoo", "가방", "나비"]  # fmt: skip
    assert titles("sorting", filters=Filters(sort="newest"))[0] == "Ábaco"


def test_subjects_are_found_in_every_language(titles: Titles, cast: dict[str, Edition]) -> None:
    cast["Hen"].subjects.add(make_subject("animals", ko="동물", km="សត្វ", ar="حيوانات"))
    Edition.objects.filter(pk=cast["Hen"].pk).update(revision=2)
    update_index()
    for typed in ("동물", "សត្វ", "حيوانات", "animals"):
        assert titles(typed) == ["Hen"], typed


def test_other_forms_of_a_name(titles: Titles, cast: dict[str, Edition]) -> None:
    person = Contributor.objects.create(name="Антуан", other_names=["生텍쥐페리", "Saint-Exupéry"])
    Contribution.objects.create(edition=cast["الأمير الصغير"], contributor=person)
    Edition.objects.filter(pk=cast["الأمير الصغير"].pk).update(revision=2)
    update_index()
    assert titles("saint exupery") == ["الأمير الصغير"]
    assert titles("생텍쥐페리") == ["الأمير الصغير"]


def test_suggests_titles() -> None:
    assert suggest("마다") == ["마당을 나온 암탉"]
    assert suggest("Pag") == ["Si Pagong at si Matsing"]
    assert suggest("gureum") == ["구름빵"]
    assert suggest("", limit=3) == suggest("zzzz") == []
