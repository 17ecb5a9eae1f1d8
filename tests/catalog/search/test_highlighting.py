"""What is marked in a title, and that marking never changes it."""

import icu
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.languages.folding import fold
from catalog.search.highlighting import Run, highlighted


def shown(text: str, query: str, language: str) -> str:
    """The text with what is marked in brackets."""
    return "".join(f"[{run.text}]" if run.hit else run.text for run in highlighted(text, query, language))


@pytest.mark.parametrize(
    ("query", "language", "expected"),
    [
        # Words, their beginnings and their stems.
        ("hungry", "en", "The Very [Hungry] Caterpillar"),
        ("cat", "en", "[Cat]erpillar and [cats]"),
        ("runs", "en", "[Running] & <jumping>"),
        ("cloudbread", "en", "[Cloud] [Bread]"),
        ("cloud bread", "en", "[Cloudbread]"),
        ("read", "en", "Bread"),
        ("a", "en", "[A] cat and an apple"),
        ("ana", "en", "An apple"),
        ("ежики", "ru", "[Ёжик] в тумане"),
        # Hangul: part of a word, spaces as they please, half a syllable, initials, the other keyboard layout.
        ("구름", "ko", "[구름]빵"),
        ("구름빵", "ko", "[구름] [빵]"),
        ("빵", "ko", "구름[빵]"),
        ("고양이를", "ko", "[고양이] 이야기"),
        ("굴", "ko", "[구름]빵"),
        ("구르", "ko", "[구름]빵 이야기"),
        ("ㄱㄹㅃ", "ko", "[구름빵] 이야기"),
        ("rnfmaQkd", "ko", "[구름빵]"),
        ("사과", "ko", "구름빵"),
        # Scripts without spaces: parts of two units or more.
        ("毛毛虫", "zh-Hant", "好餓的[毛毛蟲]"),
        ("我的书", "zh", "你[的书]包"),
        ("ハラペコ", "ja", "[はらぺこ]あおむし"),
        ("ทะเล", "th", "เพื่อน[ทะเล]"),
        ("น้ำแดง", "th", "[น้ำเเดง]"),
        ("អណ្ដើក", "km", "ទន្សាយ និង[អណ្តើក]"),
        # Variants: marks, case, width, decomposed letters, apostrophes, hamza, points.
        ("dem thu", "vi", "[Đếm] [thú]"),
        ("cat cafe", "fr", "[ＣＡＴ] [cafe\u0301]"),
        ("구름", "ko", "[\u1100\u116e\u1105\u1173\u11b7]"),
        ("ogil", "uz", "[Oʻgʻil] bola"),
        ("ليلي", "ar", "[ليلى] والذئب"),
        ("الاسد", "ar", "[الأَسَدُ] والفأر"),
        ("हिंदी", "hi", "[हिन्दी] की कहानी"),
        ("가족", "ko", "👨‍👩‍👧 [가족] 책 🇰🇷"),
        # Only a romanisation was met: nothing is marked.
        ("gureumppang", "ko", "구름빵"),
        ("", "ko", "구름빵"),
        ("!?", "ko", "구름빵!?"),
    ],
)
def test_what_is_marked(query: str, language: str, expected: str) -> None:
    text = expected.replace("[", "").replace("]", "")
    assert shown(text, query, language) == expected


def test_nothing_of_nothing() -> None:
    assert highlighted("", "구름", "ko") == ()


def test_runs_are_as_long_as_can_be() -> None:
    assert highlighted("구름빵", "구름빵", "ko") == (Run("구름빵", True),)


def graphemes(text: str) -> set[int]:
    """The places between grapheme clusters, in UTF-16 units."""
    iterator = icu.BreakIterator.createCharacterInstance(icu.Locale.getRoot())
    iterator.setText(icu.UnicodeString(text))
    return {0, *iterator}


ODD = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(
            "가각ㄱᄀ\u1161\u11a8 a\u0301éßﷺ你這はぱ\u309aｶﾞក្ត្រាကြ\u1039မन्द\u094dเแน้ำ\u200b\u200dـأ<&\"'\r\n👨👩🇰🇷"
        ),
        st.characters(categories=["Cs"]),
    ),
    max_size=24,
)


@given(
    text=ODD, query=ODD, language=st.sampled_from(["ko", "en", "zh-Hant", "ja", "km", "th", "my", "ar", "ne", "", "?"])
)
def test_marking_changes_no_text_and_parts_no_cluster(text: str, query: str, language: str) -> None:
    runs = highlighted(text, query, language)
    assert "".join(run.text for run in runs) == text
    assert all(run.text for run in runs)
    place, places = 0, {0}
    for run in runs:
        place += len(icu.UnicodeString(run.text))
        places.add(place)
    assert places <= graphemes(text)


@given(st.text(st.characters(categories=["Ll", "Lu", "Lo", "Nd"]), min_size=3, max_size=12))
def test_a_title_that_was_typed_whole_is_marked(title: str) -> None:
    assert any(run.hit for run in highlighted(title, title, "ko")) or not fold(title)
