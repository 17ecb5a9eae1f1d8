"""Hangul letters: taking syllables apart, initials, and foreign words written by ear.

Unicode lays 11,172 syllables out by rule: 19 initials, 21 vowels, 28 finals (Unicode Standard, section 3.12).
"""

from __future__ import annotations

import re
from collections.abc import Callable

INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
FINALS = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")
_CLUSTERS = {"ㄳ": "ㄱㅅ", "ㄵ": "ㄴㅈ", "ㄶ": "ㄴㅎ", "ㄺ": "ㄹㄱ", "ㄻ": "ㄹㅁ", "ㄼ": "ㄹㅂ",
    "ㄽ": "ㄹㅅ", "ㄾ": "ㄹㅌ",
             "ㄿ": "ㄹㅍ", "ㅀ": "ㄹㅎ", "ㅄ": "ㅂㅅ", "ㅘ": "ㅗㅏ", "ㅙ": "ㅗㅐ", "ㅚ": "ㅗㅣ",
             "ㅝ": "ㅜㅓ", "ㅞ": "ㅜㅔ",
             "ㅟ": "ㅜㅣ", "ㅢ": "ㅡㅣ"}  # fmt: skip
_PLAIN = str.maketrans("ㄲㄸㅃㅆㅉ", "ㄱㄷㅂㅅㅈ")
_EAR_INITIALS = (
    "g",
    "k",
    "n",
    "d",
    "t",
    "r",
    "m",
    "b",
    "p",
    "s",
    "s",
    "",
    "j",
    "j",
    "ch",
    "k",
    "t",
    "p",
    "h",
)
_EAR_VOWELS = ("a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo",
    "we", "wi",
               "yu", "eu", "ui", "i")  # fmt: skip
_EAR_FINALS = ("", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "p", "l", "l", "p", "l", "m", "p",
    "p", "t", "t",
               "ng", "t", "t", "k", "t", "p", "t")  # fmt: skip
_FIRST = 0xAC00
_SHA = re.compile("sy(?=[aeou])")


def is_syllable(character: str) -> bool:
    """Whether a character is one of the 11,172 composed syllables."""
    return "가" <= character <= "힣"


def is_letter(character: str) -> bool:
    """Whether a character is a letter on its own (ㄱ, ㅏ)."""
    return "ㄱ" <= character <= "ㅣ"


def parts(syllable: str) -> tuple[int, int, int]:
    """The numbers of initial, vowel and final of a composed syllable."""
    offset = ord(syllable) - _FIRST
    return offset // 588, offset // 28 % 21, offset % 28


def compose(initial: int, vowel: int, final: int = 0) -> str:
    """The syllable of an initial, a vowel and a final."""
    return chr(_FIRST + initial * 588 + vowel * 28 + final)


def simple_letters(letters: str) -> str:
    """Letters with clusters and compound vowels written out (ㄳ -> ㄱㅅ), as they are typed."""
    return "".join(_CLUSTERS.get(letter, letter) for letter in letters)


class _Table(dict[int, str]):
    """A translation table of syllables that is filled while it is used; other characters stay as they are."""

    def __init__(self, spelled: Callable[[str], str]) -> None:
        self._spelled = spelled

    def __missing__(self, code: int) -> str:
        self[code] = result = self._spelled(chr(code))
        return result


def _typed(character: str) -> str:
    if not is_syllable(character):
        return simple_letters(character)
    initial, vowel, final = parts(character)
    return simple_letters(INITIALS[initial] + VOWELS[vowel] + FINALS[final])


def _heard(character: str) -> str:
    if not is_syllable(character):
        return character
    initial, vowel, final = parts(character)
    return _EAR_INITIALS[initial] + _EAR_VOWELS[vowel] + _EAR_FINALS[final]


_TYPED = _Table(_typed)
_HEARD = _Table(_heard)
_FIRST_LETTERS = _Table(lambda character: INITIALS[parts(character)[0]] if is_syllable(character) else "")


def letters(text: str) -> str:
    """`text` with its syllables taken apart as typed, so that a half-typed one is a prefix of the whole."""
    return text.translate(_TYPED)


def initials(text: str) -> str:
    """The initials of the syllables of `text` (구름빵 -> ㄱㄹㅃ); other characters are left out."""
    return text.translate(_FIRST_LETTERS)


def plain_initials(text: str) -> str:
    """Initials with the doubled ones made plain, which is how many type them (ㄱㄹㅃ -> ㄱㄹㅂ)."""
    return text.translate(_PLAIN)


def by_ear(text: str) -> str:
    """`text` in Latin letters, syllable by syllable without Korean sound rules: foreign words follow none.

    Only a closing t before s or ch is no sound of its own (앗사 is assa), and 샤 is sha.
    """
    return _SHA.sub("sh", text.translate(_HEARD).replace("ts", "s").replace("tch", "ch").replace("tj", "j"))
