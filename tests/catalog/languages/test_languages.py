"""The list of languages, codes, sorting, and what each language makes of real titles."""

from __future__ import annotations

import subprocess
import sys

import pytest

from catalog.languages import LANGUAGES, Language, by_code
from catalog.languages.folding import fold

ROMANISED = [
    ("ko", "구름빵", "gureumppang"),
    ("zh", "好饿的毛毛虫", "hao e de mao mao chong"),
    ("zh", "重庆", "chongqing"),
    ("zh", "绿色", "lu se"),
    ("ja", "はらぺこあおむし", "harapeko aomushi"),
    ("ja", "銀河鉄道の夜", "ginga tetsudo no yoru"),
    ("ja", "注文の多い料理店", "chuumon no ooi ryouri ten"),
    ("ja", "現代小說考", "gendai shosetsu ko"),
    ("ja", "日本の昔話", "nihon no mukashibanashi"),
    ("ja", "ラーメン", "ramen"),
    ("vi", "Dế Mèn phiêu lưu ký", "de men phieu luu ki"),
    ("km", "ទុំទាវ", "tum teav"),
    ("km", "រឿងសុភាទន្សាយ", "reung sopheatonsay"),
    ("km", "ភ្នំពេញ", "phnom penh"),
    ("km", "ចម្រៀង", "chamrieng"),
    ("km", "កម្ពុជា", "kampuchea"),
    ("lo", "ຈຳປາສີ່ຕົ້ນ", "cham pa si ton"),
    ("lo", "ຊຽງໝ້ຽງ", "xiang miang"),
    ("lo", "ກະຕ່າຍກັບເຕົ່າ", "katai kap tao"),
    ("th", "ความสุขของกะทิ", "khwam suk khong kathi"),
    ("th", "เจ้าชายน้อย", "chao chai noi"),
    ("th", "ปลาบู่ทอง", "pla bu thong"),
    ("th", "พระอภัยมณี", "phra aphai mani"),
    ("th", "สวนสัตว์", "suan sat"),
    ("mn", "Хөхөө", "khokhoo"),
    ("mn", "Хөхөө", "hohoo"),
    ("mn", "Жангар", "jangar"),
    ("mn", "Алтан загас", "altan zagas"),
    ("ru", "Ёлка", "yolka"),
    ("ru", "Ёлка", "elka"),
    ("ru", "Достоевский", "dostoevskiy"),
    ("ru", "Достоевский", "dostoevsky"),
    ("uk", "Історія", "istoriya"),
    ("uz", "Ғафур Ғулом", "gafur gulom"),
    ("uz", "Ўзбек халқ эртаклари", "ozbek xalq ertaklari"),
    ("uz", "Ер", "yer"),
    ("kk", "Қазақ", "qazaq"),
    ("ky", "Жаңыл", "janyl"),
    ("ne", "मुनामदन", "munamadan"),
    ("ne", "बिहानी टुसा", "bihani tusa"),
    ("hi", "छोटा राजकुमार", "chhota rajkumar"),
    ("hi", "पंचतंत्र की कहानियाँ", "panchatantra ki kahaniyan"),
    ("bn", "অনেক লম্বা একজন মানুষ", "anek lomba ekjon manush"),
    ("ar", "الأمير الصغير", "al amir al saghir"),
    ("ar", "كتاب", "kitab"),
    ("fa", "شازده کوچولو", "shazodeh kuchulu"),
    ("ur", "لمبا", "lamba"),
    ("id", "Tjerita Boeroeng", "cerita burung"),
    ("fr", "L'ami", "ami"),
    ("de", "Müller", "mueller"),
    ("my", "ဗိုက်ဆာသော", "bite sar saw"),
    ("el", "Ιλιάδα", "iliada"),
]
STEMS = [
    ("ko", "마당을", "마당"), ("ko", "고양이", "고양"), ("ko", "나는", "나는"), ("en", "things", "thing"),
    ("ru", "елки", "елк"), ("id", "membaca", "baca"), ("mn", "монголын", "монгол"), ("uz", "kitoblar", "kitob"),
    ("ne", "संस्कृतिको", "संस्कृति"), ("ar", "الصغير", "صغير"), ("de", "kindern", "kind"), ("th", "ปลา", "ปลา"),
    ("uk", "казки", "казк"), ("kk", "балалар", "бала"), ("ky", "китептер", "китеп"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "title", "romanised"), ROMANISED)
def test_romanised(code: str, title: str, romanised: str) -> None:
    assert romanised in [fold(variant) for variant in by_code(code).romanise(title)]


@pytest.mark.parametrize(("code", "word", "stem"), STEMS)
def test_stem(code: str, word: str, stem: str) -> None:
    assert by_code(code).stem(word) == stem


@pytest.mark.parametrize(
    ("code", "listed"),
    [("zh-Hant", "zh"), ("zh-hans", "zh"), ("zh_TW", "zh"), ("tl", "fil"), ("yue", "zh"), ("uz-Cyrl", "uz"),
     ("KO", "ko"), ("prs", "fa")],
)  # fmt: skip
def test_codes_and_aliases(code: str, listed: str) -> None:
    assert by_code(code).code == listed


@pytest.mark.parametrize(
    ("code", "script", "direction"),
    [("mr", "Deva", "ltr"), ("he", "Hebr", "rtl"), ("ps", "Arab", "rtl"), ("sw", "Latn", "ltr"),
     ("und-Thai", "Thai", "ltr"), ("not a code!", "Latn", "ltr"), ("", "Latn", "ltr")],
)  # fmt: skip
def test_default_language(code: str, script: str, direction: str) -> None:
    language = by_code(code)
    assert (language.code, language.script, language.direction) == (code, script, direction)


def test_unlisted_language_reads_its_script_as_the_listed_one() -> None:
    assert "bhashantar" in " ".join(by_code("mr").romanise("भाषांतर"))


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_every_language_is_complete(language: Language) -> None:
    assert language.autonym
    assert len(language.script) == 4
    assert language.words(language.fold(language.autonym))
    assert language.collation_key(language.autonym)


@pytest.mark.parametrize(
    ("code", "shelf"),
    [
        ("ko", ["강아지똥", "구름빵", "마당을 나온 암탉"]),
        ("en", ["The Gruffalo", "A Hat", "Where"]),
        ("es", ["La casa", "El gato", "Un perro"]),
        ("fr", ["L'ami", "Le chat", "Zoé"]),
        ("tr", ["cam", "çam", "dam"]),
        ("ru", ["ёлка", "ель", "жук"]),
        ("mn", ["ов", "өв", "уул", "үүл"]),
    ],
)
def test_sorts_as_readers_expect(code: str, shelf: list[str]) -> None:
    assert sorted(reversed(shelf), key=by_code(code).collation_key) == shelf


def test_import_loads_no_dictionary() -> None:
    lazy = "import sys, catalog.languages.analysis; print({'pypinyin', 'sudachipy'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", lazy], capture_output=True, text=True, check=True)  # noqa: S603
    assert run.stdout.strip() == "set()"
