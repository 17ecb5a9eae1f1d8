"""Kana in Latin letters: Hepburn without macrons, and as typed into a Japanese input method (wapuro)."""

from __future__ import annotations

import re

_ROWS = """
あ a い i う u え e お o か ka き ki く ku け ke こ ko が ga ぎ gi ぐ gu げ ge ご go さ sa し shi す su せ
se そ so ざ za じ ji ず zu ぜ ze ぞ zo た ta ち chi つ tsu て te と to だ da ぢ ji づ zu で de ど do な na
に ni ぬ nu ね ne の no は ha ひ hi ふ fu へ he ほ ho ば ba び bi ぶ bu べ be ぼ bo ぱ pa ぴ pi ぷ pu ぺ
pe ぽ po ま ma み mi む mu め me も mo や ya ゆ yu よ yo ら ra り ri る ru れ re ろ ro わ wa ゐ i ゑ e を
o ん n ゔ vu ぁ a ぃ i ぅ u ぇ e ぉ o ゃ ya ゅ yu ょ yo ゎ wa しぇ she じぇ je ちぇ che てぃ ti でぃ di
とぅ tu どぅ du ふぁ fa ふぃ fi ふぇ fe ふぉ fo うぃ wi うぇ we うぉ wo ゔぁ va ゔぃ vi ゔぇ ve ゔぉ vo
つぁ tsa しゃ sha しゅ shu しょ sho じゃ ja じゅ ju じょ jo ちゃ cha ちゅ chu ちょ cho
"""
KANA = dict(zip(_ROWS.split()[::2], _ROWS.split()[1::2], strict=True)) | {
    kana + small: consonant + vowel
    for kana, consonant in zip("きぎにひびぴみり", ("ky", "gy", "ny", "hy", "by", "py", "my", "ry"), strict=True)
    for small, vowel in zip("ゃゅょ", "auo", strict=True)
}
_UNITS = re.compile("|".join(sorted(KANA, key=len, reverse=True)) + "|っ|ー|.", re.DOTALL)
_LONG = re.compile("ou|oo|uu|aa|ee")
_TO_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}


def hiragana(text: str) -> str:
    """`text` with katakana as hiragana."""
    return text.translate(_TO_HIRAGANA)


def wapuro(kana: str) -> str:
    """Kana letter by letter (とうきょう -> toukyou); the long sign repeats a vowel, small tsu a consonant."""
    found = ""
    doubled = False
    for unit in _UNITS.findall(hiragana(kana)):
        letters = KANA.get(unit, "" if unit in "っー" else unit)
        if unit == "ー":
            letters = found[-1:] if found[-1:] in "aiueo" else ""
        if doubled and letters:
            letters = ("t" if letters.startswith("ch") else letters[0]) + letters
        doubled = unit == "っ"
        found += letters
    return found


def hepburn(romaji: str) -> str:
    """Wapuro with long vowels made short, as Hepburn is typed without its macrons (toukyou -> tokyo)."""
    return _LONG.sub(lambda found: found[0][0], romaji)
