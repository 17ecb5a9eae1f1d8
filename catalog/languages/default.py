"""A code that has no file: script and name from CLDR, the habits of its script's main language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

import icu

from catalog.languages.language import Language
from catalog.languages.scripts import RIGHT_TO_LEFT
from catalog.languages.transliteration import transliterate

_TAG = re.compile("[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*")
_HELD = 512  # codes kept: more than any catalogue has


def any_latin(text: str) -> tuple[str, ...]:
    """ICU's general romanisation: fair for alphabets, poor for the scripts that have a file here."""
    return (transliterate("Any-Latin", text),)


@lru_cache(maxsize=_HELD)
def _named(code: str) -> Language:
    locale = icu.Locale(code.replace("-", "_") if _TAG.fullmatch(code) else "und")
    likely = icu.Locale(locale.getName())
    likely.addLikelySubtags()
    script = locale.getScript() or likely.getScript() or "Latn"
    return Language(
        code=code,
        autonym=str(locale.getDisplayName(locale)) or code,
        script=str(script),
        direction="rtl" if script in RIGHT_TO_LEFT else "ltr",
    )


def default_language(code: str, listed: Mapping[str, Language], by_script: Mapping[str, str]) -> Language:
    """A Language for any well-formed or malformed `code`; never fails."""
    named = _named(code)
    if named.script == "Latn":
        return named
    relative = listed.get(by_script.get(named.script, ""))
    if relative is None:
        return replace(named, romanise=any_latin)
    return replace(relative, code=code, autonym=named.autonym, script=named.script, direction=named.direction,
                   stem=named.stem, articles=())  # fmt: skip
