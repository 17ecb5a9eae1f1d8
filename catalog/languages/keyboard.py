"""The wrong keyboard layout: Korean typed on an English layout, English typed on the Korean one.

The Korean layout is the two-set one (KS X 5002). Typing is a small automaton: consonant, vowel, then a final
that moves to the next syllable as soon as a vowel follows it.
"""

from __future__ import annotations

from catalog.languages.hangul import FINALS, INITIALS, VOWELS, compose, letters

_KEYS = dict(zip("qwertyuiopasdfghjklzxcvbnmQWERTOP",
                 "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡㅃㅉㄸㄲㅆㅒㅖ",
                 strict=True))  # fmt: skip
_LETTERS = {letter: key for key, letter in _KEYS.items()}
_COMPOUND = {"ㅗㅏ": "ㅘ", "ㅗㅐ": "ㅙ", "ㅗㅣ": "ㅚ", "ㅜㅓ": "ㅝ", "ㅜㅔ": "ㅞ", "ㅜㅣ": "ㅟ", "ㅡㅣ": "ㅢ",
             "ㄱㅅ": "ㄳ", "ㄴㅈ": "ㄵ", "ㄴㅎ": "ㄶ", "ㄹㄱ": "ㄺ", "ㄹㅁ": "ㄻ", "ㄹㅂ": "ㄼ",
             "ㄹㅅ": "ㄽ", "ㄹㅌ": "ㄾ",
             "ㄹㅍ": "ㄿ", "ㄹㅎ": "ㅀ", "ㅂㅅ": "ㅄ"}  # fmt: skip


def _take_vowel(typed: str, at: int) -> tuple[str, int]:
    """The vowel that starts at `at`, compound if it can be, and where it ends; ("", at) when none does."""
    if typed[at : at + 2] in _COMPOUND and _COMPOUND[typed[at : at + 2]] in VOWELS:
        return _COMPOUND[typed[at : at + 2]], at + 2
    return (typed[at], at + 1) if at < len(typed) and typed[at] in VOWELS else ("", at)


def _take_final(typed: str, at: int) -> tuple[str, int]:
    """The final that starts at `at`: as long as can be, but a consonant before a vowel is an initial."""
    for length in (2, 1):
        piece = typed[at : at + length]
        final = _COMPOUND.get(piece, piece)
        following = typed[at + length : at + length + 1]
        if len(piece) == length and final in FINALS and not (following and following in VOWELS):
            return final, at + length
    return "", at


def assembled(typed: str) -> str:
    """Syllables from separate letters as a Korean input method joins them; "" when letters remain over."""
    syllables: list[str] = []
    at = 0
    while at < len(typed):
        initial = typed[at]
        vowel, after_vowel = _take_vowel(typed, at + 1)
        if initial not in INITIALS or not vowel:
            return ""
        final, at = _take_final(typed, after_vowel)
        syllables.append(compose(INITIALS.index(initial), VOWELS.index(vowel), FINALS.index(final)))
    return "".join(syllables)


def hangul_from_keys(typed: str) -> str:
    """Hangul for Latin letters typed on an English layout by mistake (rnfmaQkd -> 구름빵), or ""."""
    keys = [_KEYS.get(key) or _KEYS.get(key.lower(), "") for key in typed]
    return assembled("".join(keys)) if all(keys) else ""


def keys_from_hangul(text: str) -> str:
    """Latin letters, lower case, for what was typed on the Korean layout by mistake (ㅗㅁㄱ교 -> harry)."""
    return "".join(_LETTERS.get(letter, letter) for letter in letters(text)).lower()
