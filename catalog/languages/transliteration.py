"""ICU transliterators, each made once a thread: making one costs milliseconds, using one microseconds."""

from __future__ import annotations

import threading

import icu

_local = threading.local()


def transliterate(rules: str, text: str) -> str:
    """`text` through the ICU transform `rules`, such as "Any-Latin". Raises icu.ICUError on unknown rules."""
    known: dict[str, icu.Transliterator] = _local.__dict__.setdefault("known", {})
    if rules not in known:
        known[rules] = icu.Transliterator.createInstance(rules)
    return str(known[rules].transliterate(text))
