"""Romanisation of Hangul: Revised Romanization (Ministry of Culture 2000-8), McCune-Reischauer (1939).

A final is carried to a following vowel; stops become nasal before nasals; l and n assimilate; h melts into a
neighbouring stop in verbs but is written in nouns, so both are given by the linked and unlinked readings.
McCune-Reischauer voices single stops between voiced sounds. Its breve and apostrophe are left out: nobody
types them, and the fold drops them from catalogue records.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from catalog.languages.hangul import FINALS, INITIALS, VOWELS, parts

RR_INITIALS = dict(zip(INITIALS, ("g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j",
    "jj", "ch", "k",
                                  "t", "p", "h"), strict=True))  # fmt: skip
RR_VOWELS = dict(zip(VOWELS, ("a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe",
    "yo", "u", "wo",
                              "we", "wi", "yu", "eu", "ui", "i"), strict=True))  # fmt: skip
MR_VOWELS = {**RR_VOWELS, "ㅓ": "o", "ㅕ": "yo", "ㅝ": "wo", "ㅡ": "u"}
MR_PLAIN = {"ㄱ": "k", "ㄷ": "t", "ㅂ": "p", "ㅈ": "ch", "ㄹ": "r"}
MR_VOICED = {"ㄱ": "g", "ㄷ": "d", "ㅂ": "b", "ㅈ": "j", "ㄹ": "r"}
MR_OTHERS = {"ㅉ": "tch", "ㅌ": "t", "ㅋ": "k", "ㅍ": "p", "ㅊ": "ch"}

# What a final sounds like when nothing is carried over.
CODA = {"ㄲ": "ㄱ", "ㅋ": "ㄱ", "ㄳ": "ㄱ", "ㄺ": "ㄱ", "ㅅ": "ㄷ", "ㅆ": "ㄷ", "ㅈ": "ㄷ", "ㅊ": "ㄷ",
    "ㅌ": "ㄷ", "ㅎ": "ㄷ",
        "ㅍ": "ㅂ", "ㅄ": "ㅂ", "ㄿ": "ㅂ", "ㄵ": "ㄴ", "ㄶ": "ㄴ", "ㄻ": "ㅁ", "ㄼ": "ㄹ", "ㄽ": "ㄹ",
        "ㄾ": "ㄹ",
        "ㅀ": "ㄹ"}  # fmt: skip
CODA_LETTERS = {"": "", "ㄱ": "k", "ㄴ": "n", "ㄷ": "t", "ㄹ": "l", "ㅁ": "m", "ㅂ": "p", "ㅇ": "ng"}
# What stays and what moves when a vowel follows.
CARRIED = {"ㄳ": ("ㄱ", "ㅅ"), "ㄵ": ("ㄴ", "ㅈ"), "ㄺ": ("ㄹ", "ㄱ"), "ㄻ": ("ㄹ", "ㅁ"), "ㄼ": ("ㄹ", "ㅂ"),
           "ㄽ": ("ㄹ", "ㅅ"), "ㄾ": ("ㄹ", "ㅌ"), "ㄿ": ("ㄹ", "ㅍ"), "ㅄ": ("ㅂ", "ㅅ"), "ㄶ": ("", "ㄴ"),
           "ㅀ": ("", "ㄹ"), "ㅎ": ("", ""), "ㅇ": ("ㅇ", "")}  # fmt: skip
NASAL = {"ㄱ": "ㅇ", "ㄷ": "ㄴ", "ㅂ": "ㅁ"}
ASPIRATED = {"ㄱ": "ㅋ", "ㄷ": "ㅌ", "ㅈ": "ㅊ", "ㅂ": "ㅍ"}
_VOICED_CODAS = ("", "ㄴ", "ㄹ", "ㅁ", "ㅇ")

_SYLLABLES = re.compile("[가-힣]+")
Sound = list[str]  # initial, vowel, final, as letters


def _sounds(run: str) -> list[Sound]:
    numbers = map(parts, run)
    return [[INITIALS[initial], VOWELS[vowel], FINALS[final]] for initial, vowel, final in numbers]


def _carry(left: Sound, right: Sound) -> bool:
    """Carry a final to the vowel after it, or let it melt with h; whether that settled the pair."""
    final, initial = left[2], right[0]
    if initial == "ㅇ" and final:
        stays, moves = CARRIED.get(final, ("", final))
        if right[1] == "ㅣ" and moves in ("ㄷ", "ㅌ"):
            moves = {"ㄷ": "ㅈ", "ㅌ": "ㅊ"}[moves]
        left[2], right[0] = stays, moves or "ㅇ"
        return True
    if final == "ㅈ" and initial == "ㅎ":
        left[2], right[0] = "", "ㅊ"
        return True
    if final in ("ㅎ", "ㄶ", "ㅀ") and initial in ASPIRATED:
        left[2], right[0] = {"ㅎ": "", "ㄶ": "ㄴ", "ㅀ": "ㄹ"}[final], ASPIRATED[initial]
        return True
    return False


def _assimilate(left: Sound, right: Sound) -> None:
    coda = left[2] = CODA.get(left[2], left[2])
    initial = right[0]
    if initial == "ㄹ" and coda in ("ㅁ", "ㅇ", "ㄱ", "ㄷ", "ㅂ"):
        right[0] = initial = "ㄴ"
    if initial in ("ㄴ", "ㅁ") and coda in NASAL:
        left[2] = NASAL[coda]
    if (coda, initial) in (("ㄴ", "ㄹ"), ("ㄹ", "ㄴ")):
        left[2], right[0] = "ㄹ", "ㄹ"


def _linked(sounds: list[Sound]) -> list[Sound]:
    for left, right in zip(sounds, sounds[1:], strict=False):
        if not _carry(left, right):
            _assimilate(left, right)
    for sound in sounds:
        sound[2] = CODA.get(sound[2], sound[2])
    return sounds


@lru_cache(maxsize=32768)
def _revised_run(run: str, linked: bool) -> str:
    sounds = _sounds(run)
    if linked:
        _linked(sounds)
    found: list[str] = []
    before = ""
    for initial, vowel, final in sounds:
        coda = CODA.get(final, final)
        lateral = before == "ㄹ" and initial == "ㄹ"
        found.append(("l" if lateral else RR_INITIALS[initial]) + RR_VOWELS[vowel] + CODA_LETTERS[coda])
        before = coda
    return "".join(found)


def _mr_initial(initial: str, before: str, first: bool, tense: bool) -> str:
    if initial == "ㄹ" and before == "ㄹ":
        return "l"
    if initial in MR_PLAIN:
        voiced = not first and before in _VOICED_CODAS and not (tense and before == "ㄹ" and initial in "ㄷㅈ")
        return MR_VOICED[initial] if voiced else MR_PLAIN[initial]
    return MR_OTHERS.get(initial, RR_INITIALS[initial])


@lru_cache(maxsize=32768)
def _mr_run(run: str, tense: bool) -> str:
    found: list[str] = []
    before = ""
    sounds = _linked(_sounds(run))
    for at, (initial, vowel, final) in enumerate(sounds):
        letters = _mr_initial(initial, before, at == 0, tense)
        if letters == "s" and vowel == "ㅟ":
            letters = "sh"
        before_h = final == "ㄹ" and at + 1 < len(sounds) and sounds[at + 1][0] == "ㅎ"
        found.append(letters + MR_VOWELS[vowel] + ("r" if before_h else CODA_LETTERS[final]))
        before = final
    return "".join(found)


def _by_run(text: str, romanised: Callable[[str], str]) -> str:
    """`text` with every run of syllables romanised and everything else as it stands."""
    return _SYLLABLES.sub(lambda found: romanised(found[0]), text)


def revised(text: str, *, linked: bool = True) -> str:
    """Revised Romanization; `linked` applies the sound changes, otherwise each syllable stands for itself."""
    return _by_run(text, lambda run: _revised_run(run, linked))


def mccune_reischauer(text: str, *, tense: bool = False) -> str:
    """McCune-Reischauer without breves and apostrophes; `tense` as in Chinese words after l (발전 palchon)."""
    return _by_run(text, lambda run: _mr_run(run, tense))
