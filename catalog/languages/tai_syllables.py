"""Reading Thai and Lao, which write alike: a syllable is a pattern of signs around a first consonant.

The pattern that matches first wins; a final consonant is one that no vowel sign claims for the next syllable.
Consonants that stand alone are paired (คน khon); the first of three is a short syllable (ขนม khanom).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache


def reader(
    *, initials: Mapping[str, str], finals: Mapping[str, str], vowels: tuple[tuple[str, str], ...],
    onset: str, claimed: str, dropped: str, bare: str,
) -> Callable[[str], str]:  # fmt: skip
    """A function that reads one word of a Tai script in Latin letters.

    `vowels` pairs patterns with sounds: C is the onset, F an optional final, anything else itself.
    `onset` is a regular expression of initial clusters, `claimed` what may follow a consonant that is no
    final, `dropped` what has no sound (tone marks), `bare` the vowel of two consonants without a sign.
    """
    letters = "".join(initials)
    final = f"(?P<f>[{''.join(finals)}](?!{claimed}))?"
    patterns = [
        (re.compile(pattern.replace("C", f"(?P<c>{onset})").replace("F", final)), sound) for pattern, sound in vowels
    ]
    pair = re.compile(
        f"(?P<c>{onset})(?P<f>[{''.join(finals)}])(?!{claimed})(?![{letters}](?!{claimed})(?![{letters}]))"
    )
    silent = re.compile(dropped)

    def onset_sound(cluster: str) -> str:
        whole = initials.get(cluster)
        return whole if whole is not None else "".join(initials.get(letter, "") for letter in cluster)

    def syllable(word: str, at: int) -> tuple[str, int]:
        for pattern, sound in patterns:
            if found := pattern.match(word, at):
                coda = finals.get(found.groupdict().get("f") or "", "")
                return onset_sound(found["c"]) + sound + coda, found.end()
        if found := pair.match(word, at):
            return onset_sound(found["c"]) + bare + finals[found["f"]], found.end()
        alone = initials.get(word[at])
        return (word[at] if alone is None else alone + "a"), at + 1

    @lru_cache(maxsize=32768)
    def read(word: str) -> str:
        plain, at, sounds = silent.sub("", word), 0, ""
        while at < len(plain):
            sound, at = syllable(plain, at)
            sounds += sound
        return sounds

    return read
