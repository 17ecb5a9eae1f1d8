"""Cyrillic in Latin letters, by tables: what passports, catalogues and people make of it.

Sources: BGN/PCGN and the everyday spelling of names (ya, yu, kh, -skiy), ALA-LC without its marks (ia,
iu, i). ICU's Any-Latin gives scholarly letters that nobody types (Жангар -> Zangar).
"""

from __future__ import annotations

import re

Table = dict[str, str]

EVERYDAY: Table = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "zh", "з": "z", "и": "i",
    "й": "y",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u",
    "ф": "f",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu",
    "я": "ya", "і": "i", "ї": "yi", "є": "ye", "ґ": "g", "ў": "u", "қ": "q", "ғ": "gh", "ң": "ng", "ө": "o",
    "ү": "u", "ұ": "u", "һ": "h", "ҳ": "h", "ә": "a", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "c", "ђ": "dj",
    "џ": "dz",
}  # fmt: skip
CATALOGUE: Table = {**EVERYDAY, "ё": "e", "й": "i", "ю": "iu", "я": "ia", "ї": "i", "є": "ie"}


def kh_as_h(word: str) -> str:
    """A romanised word as Korean hears it: kh is h (무하, 후후)."""
    return word.replace("kh", "h")


def tabled(text: str, table: Table) -> str:
    """`text` in lower case with every letter of `table` replaced."""
    return "".join(table.get(letter, letter) for letter in text)


def after_vowel_or_first(text: str, letter: str, spelling: str, vowels: str) -> str:
    """`text` with `letter` spelled out at the beginning of a word and after a vowel (Uzbek е -> ye)."""
    return re.sub(rf"(?:(?<=\b)|(?<=[{vowels}])){letter}", spelling, text)
