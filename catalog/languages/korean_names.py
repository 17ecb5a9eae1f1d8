"""Korean names in Latin letters: the surname parted, in the spelling its bearers use rather than by rule.

The spellings are those of passports (survey of the National Institute of the Korean Language, 2015: Kim,
Lee and Park where the rule has Gim, I and Bak).
"""

from __future__ import annotations

from catalog.languages.hangul import is_syllable
from catalog.languages.korean_romanisation import mccune_reischauer, revised

SURNAMES: dict[str, str] = {
    "김": "kim", "이": "lee yi", "박": "park pak", "최": "choi choe", "정": "jung chung", "강": "kang",
    "조": "cho jo",
    "윤": "yoon yun", "장": "jang chang", "임": "lim im", "한": "han", "오": "oh", "서": "seo suh",
    "신": "shin", "권": "kwon",
    "황": "hwang", "안": "ahn an", "송": "song", "전": "jeon chun", "홍": "hong", "유": "yoo yu",
    "류": "ryu yu", "리": "lee yi", "림": "lim im", "량": "yang", "로": "roh", "고": "ko koh",
    "문": "moon mun", "양": "yang", "손": "son sohn", "배": "bae", "백": "baek paik", "허": "huh heo",
    "남": "nam",
    "심": "shim", "노": "noh roh", "하": "ha", "곽": "kwak", "성": "sung", "차": "cha", "주": "joo ju",
    "우": "woo", "구": "koo ku",
    "나": "na", "민": "min", "지": "ji chi", "진": "jin chin", "엄": "um eom", "채": "chae", "원": "won",
    "천": "chun cheon",
    "방": "bang pang", "공": "kong", "현": "hyun", "함": "ham", "변": "byun", "염": "yum", "여": "yeo",
    "추": "choo chu",
    "도": "do", "소": "so", "석": "seok", "선": "sun seon", "설": "seol", "마": "ma", "길": "gil",
    "연": "yeon", "위": "wi",
    "표": "pyo", "명": "myung", "기": "ki", "반": "ban", "라": "ra", "왕": "wang", "금": "keum",
    "옥": "ok", "육": "yook",
    "인": "in", "맹": "maeng", "제": "je", "모": "mo", "탁": "tak", "국": "kook", "어": "eo", "은": "eun",
    "편": "pyun",
    "용": "yong", "예": "ye", "경": "kyung", "봉": "bong", "사": "sa", "부": "boo", "가": "ka",
    "복": "bok", "태": "tae",
    "목": "mok", "형": "hyung", "피": "pi", "두": "doo", "감": "kam", "음": "eum", "빈": "bin",
    "동": "dong", "온": "on",
    "간": "kan", "갈": "kal", "견": "kyun", "계": "kye", "호": "ho", "좌": "jwa", "승": "seung",
    "시": "si", "범": "bum",
    "상": "sang", "팽": "paeng", "단": "dan", "당": "dang", "화": "hwa", "창": "chang", "옹": "ong",
    "판": "pan", "필": "pil",
    "남궁": "namgung", "황보": "hwangbo", "제갈": "jegal", "사공": "sagong", "선우": "sunwoo",
    "독고": "dokgo", "서문": "seomun",
}  # fmt: skip
# Syllables of given names that are spelled otherwise than by rule more often than not.
GIVEN: dict[str, str] = {
    "희": "hee", "영": "young", "정": "jung", "준": "joon", "우": "woo", "경": "kyung", "선": "sun", "수": "soo",
    "주": "joo", "훈": "hoon", "철": "chul", "성": "sung", "숙": "sook", "순": "soon", "국": "kook", "규": "kyu",
    "기": "ki", "건": "kun", "범": "bum", "석": "suk", "윤": "yoon", "현": "hyun", "승": "seung", "은": "eun",
    "구": "koo", "균": "kyun", "근": "keun", "관": "kwan", "광": "kwang", "교": "kyo", "길": "kil", "연": "yun",
}  # fmt: skip
_LENGTHS = range(2, 5)


def _surname(word: str) -> str:
    return next((word[:length] for length in (2, 1) if word[:length] in SURNAMES and len(word) > length), "")


def as_name(text: str) -> tuple[str, ...]:
    """Readings of `text` as a person's name, surname apart; () when it cannot be one.

    A title of two to four syllables is read so too: it costs a few tokens, and no table tells the two apart.
    """
    surname = _surname(text) if len(text) in _LENGTHS and all(map(is_syllable, text)) else ""
    if not surname:
        return ()
    given = text[len(surname) :]
    by_ear = " ".join(mccune_reischauer(syllable) for syllable in given)
    return (
        f"{SURNAMES[surname]} {revised(given)}",
        f"{SURNAMES[surname]} {''.join(GIVEN.get(syllable) or revised(syllable) for syllable in given)}",
        f"{mccune_reischauer(surname)} {mccune_reischauer(given)}",
        f"{revised(surname)} {revised(given, linked=False)} {by_ear}",
    )
