"""What a reader types finds the title: the tokens of query and title meet."""

from __future__ import annotations

import pytest

from catalog.languages.analysis import Analysis, Kind, analyse, analyse_query
from catalog.languages.skeleton import skeleton

TITLES = {
    "ko": "마당을 나온 암탉", "km": "រឿងសុភាទន្សាយ", "th": "ความสุขของกะทิ", "lo": "ຈຳປາສີ່ຕົ້ນ", "ja": "はらぺこあおむし",
    "zh": "好饿的毛毛虫", "mn": "Хөхөө", "uz": "Gʻafur Gʻulom", "ne": "मुनामदन", "vi": "Tấm Cám", "ru": "Ёлка",
    "ar": "الأمير الصغير", "en": "Harry Potter", "fr": "L'ami", "de": "Müller", "my": "ဗိုက်ဆာသော",
}  # fmt: skip
FOUND = [
    ("ko", "마당", "s"), ("ko", "암탉", "w"), ("ko", "ㅁㄷㅇㄴㅇㅇㅌ", "i"), ("ko", "madangeul naon amtak", "r"),
    ("ko", "akekddmf", "w"), ("ko", "마당을나온암탉", "j"), ("ko", "암탁", "k"),
    ("km", "សុភាទន្សាយ", "w"), ("km", "sopheatonsay", "r"), ("km", "tonsay", "j"), ("km", "소피아 톤사이", "k"),
    ("th", "กะทิ", "w"), ("th", "kathi", "r"), ("th", "kati", "r"), ("th", "까띠", "k"),
    ("lo", "ຈໍາປາ", "w"), ("lo", "champasiton", "j"), ("lo", "참파 시톤", "k"),
    ("ja", "ハラペコ", "w"), ("ja", "aomushi", "r"), ("ja", "harapekoaomushi", "j"), ("ja", "하라페코", "k"),
    ("zh", "毛毛蟲", "w"), ("zh", "mao mao chong", "r"), ("zh", "maomaochong", "j"), ("zh", "hedmmc", "i"),
    ("mn", "хохоо", "w"), ("mn", "hohoo", "r"), ("mn", "khokhoo", "r"), ("mn", "후후", "k"),
    ("uz", "G'afur G`ulom", "w"), ("uz", "Ғафур Ғулом", "w"), ("uz", "가푸르", "k"),
    ("ne", "munamadan", "r"), ("ne", "무나마단", "k"), ("vi", "tam cam", "w"), ("vi", "Tâm", "w"),
    ("ru", "елка", "w"), ("ru", "ёлки", "s"), ("ru", "yolka", "r"), ("ru", "elka", "r"),
    ("ar", "الامیر", "w"), ("ar", "صغير", "s"), ("ar", "al-amir al-saghir", "r"), ("ar", "사기르", "k"),
    ("en", "potters", "s"), ("en", "hp", "i"), ("en", "ㅗㅁㄱ교", "w"), ("en", "harrypotter", "j"),
    ("en", "해리 포터", "k"),
    ("fr", "ami", "r"), ("fr", "l’ami", "w"), ("de", "mueller", "r"), ("de", "muller", "w"), ("my", "ဗိုက်", "w"),
]  # fmt: skip
NOT_FOUND = [("ko", "고양이"), ("th", "ปลา"), ("ja", "totoro"), ("en", "hobbit"), ("zh", "熊猫"), ("ne", "kathmandu")]


def _tokens(analysis: Analysis) -> set[tuple[str, str]]:
    return {(str(kind), token) for kind, token in analysis.tokens()}


@pytest.mark.parametrize(("code", "query", "kind"), FOUND)
def test_every_term_of_the_query_meets_the_title(code: str, query: str, kind: str) -> None:
    tokens = _tokens(analyse(TITLES[code], code))
    bones = {skeleton(token) for _, token in tokens if token.isascii() and token.isalpha()} - {""}
    for term in analyse_query(query):
        met = {form[0] for form in term.forms if form in tokens}
        assert kind in met | {Kind.SOUND.value for heard in term.heard if skeleton(heard) in bones}, term


@pytest.mark.parametrize(("code", "query"), NOT_FOUND)
def test_other_words_do_not_meet(code: str, query: str) -> None:
    tokens = _tokens(analyse(TITLES[code], code))
    assert not [form for term in analyse_query(query) for form in term.forms if form in tokens]


@pytest.mark.parametrize(("code", "title"), TITLES.items())
def test_a_title_finds_itself(code: str, title: str) -> None:
    analysis = analyse(title, code)
    for term in analyse_query(title):
        assert (Kind.WORD, term.text) in term.forms
        assert term.text in analysis.words
        assert set(term.grams) <= set(analysis.grams)


@pytest.mark.parametrize("title", ["구름빵", "Ёлка", "मुनामदन", "Tấm"])
def test_a_title_of_one_word_is_met_exactly(title: str) -> None:
    (term,) = analyse_query(title)
    assert ("x", analyse(title, "und").exact) in term.forms


def test_exact_keeps_what_the_fold_drops() -> None:
    assert analyse("Tấm Cám", "vi").exact != analyse("Tam Cam", "vi").exact


@pytest.mark.parametrize("typed", ["마", "마다", "마당", "마당으"])
def test_half_typed_syllables_are_prefixes(typed: str) -> None:
    joined = analyse(TITLES["ko"], "ko").joined
    (term,) = analyse_query(typed)
    assert any(token.startswith(form) for kind, form in term.forms if kind == "j" for token in joined)


def test_word_division_does_not_matter() -> None:
    terms = analyse_query("구름 빵")
    tokens = _tokens(analyse("구름빵", "ko"))
    assert all(set(term.forms) & tokens for term in terms)


def test_hyphened_particle_asks_for_nothing() -> None:
    assert [term.text for term in analyse_query("wa-al-Saghir")] == ["saghir"]


def test_text_in_another_script_than_its_code() -> None:
    assert "gureumppang" in analyse("구름빵", "en").romanised


@pytest.mark.parametrize("odd", ["", " ", "?!", "\ud800", "\x00", "\u0301", "ៗ", "์", "ー", "🙂", "ㄱㅏ", "a" * 3000])
@pytest.mark.parametrize("code", ["ko", "en", "th", "km", "lo", "ja", "zh", "ar", "my", "nonsense"])
def test_odd_text_never_fails(odd: str, code: str) -> None:
    analysis = analyse(odd, code)
    assert all(token for _, token in analysis.tokens())
    analyse_query(odd)


def test_nothing_typed_gives_no_terms() -> None:
    assert analyse_query("  ") == ()


def test_no_token_twice() -> None:
    analysis = analyse("나는 나는 나는", "ko")
    tokens = analysis.tokens()
    assert len(tokens) == len(set(tokens))
