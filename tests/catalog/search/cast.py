"""A small shelf of real children's books in many scripts."""

from catalog.models import Contribution, Contributor, Edition, Subject, Work
from tests.factories import make_edition

# language, title, romanised title, maker, maker romanised
BOOKS = (
    ("ko", "구름빵", "Gureumppang", "백희나", "Baek Heena"),
    ("ko", "마당을 나온 암탉", "", "황선미", "Hwang Sun-mi"),
    ("ko", "강아지똥", "", "권정생", ""),
    ("km", "សុភាទន្សាយ", "Sophea Tonsay", "", ""),
    ("km", "ទុំទាវ", "Tum Teav", "", ""),
    ("ar", "كليلة ودمنة", "Kalīlah wa-Dimnah", "ابن المقفع", ""),
    ("ar", "الأمير الصغير", "", "", ""),
    ("ru", "Муха-Цокотуха", "", "Корней Чуковский", ""),
    ("ru", "Золотой ключик", "", "Алексей Толстой", "Aleksey Tolstoy"),
    ("vi", "Dế Mèn phiêu lưu ký", "", "Tô Hoài", ""),
    ("th", "ปลาบู่ทอง", "Pla Bu Thong", "", ""),
    ("th", "ความสุขของกะทิ", "", "งามพรรณ เวชชาชีวะ", "Ngarmpun Vejjajiva"),
    ("zh", "没头脑和不高兴", "", "任溶溶", ""),
    ("zh", "紅樓夢", "", "曹雪芹", ""),
    ("ja", "はらぺこあおむし", "Harapeko Aomushi", "", ""),
    ("ja", "銀河鉄道の夜", "", "宮沢賢治", ""),
    ("mn", "Алтан загас", "", "", ""),
    ("uz", "Zumrad va Qimmat", "", "", ""),
    ("uz", "Шум бола", "", "Ғафур Ғулом", "Gʻafur Gʻulom"),
    ("ne", "मुनामदन", "", "लक्ष्मीप्रसाद देवकोटा", ""),
    ("lo", "ກະຕ່າຍກັບເຕົ່າ", "", "", ""),
    ("lo", "ຈຳປາສີ່ຕົ້ນ", "Champa Si Ton", "", ""),
    ("fil", "Si Pagong at si Matsing", "", "José Rizal", ""),
    ("en", "The Elephant's Child", "", "Rudyard Kipling", ""),
    ("en", "Hen", "", "", ""),
)


def make_cast() -> dict[str, Edition]:
    """Every book of the cast, by title."""
    cast = {}
    for language, title, romanised, maker, maker_romanised in BOOKS:
        edition = cast[title] = make_edition(title, language, romanised_title=romanised)
        if maker:
            person = Contributor.objects.create(name=maker, romanised_name=maker_romanised)
            Contribution.objects.create(edition=edition, contributor=person)
    return cast


def make_story(**titles: str) -> Work:
    """One story with an edition in each language named, e.g. ko=..., km=..."""
    work = Work.objects.create()
    for language, title in titles.items():
        make_edition(title, language, work=work)
    return work


def make_subject(slug: str, **names: str) -> Subject:
    """A subject with names by interface language, e.g. ko=..."""
    return Subject.objects.create(slug=slug, **{f"name_{code}": name for code, name in names.items()})
