"""One form for the characters that Chinese (two standards), Japanese and Korean readers write differently.

A character is taken from the new Japanese form to the old one and from the traditional form to the simplified
one (OpenCC jp2t, t2s), each alone: a phrase table would fold the same character differently in a title
and in a short query. A few variants that OpenCC keeps apart are listed here (source: the variant table of
Stanford's sw_index_tests, and the editions of our own test titles).
"""

from __future__ import annotations

from functools import cache, lru_cache

import opencc

VARIANTS = {
    "硏": "研", "緖": "绪", "甯": "宁", "囯": "国", "戸": "户", "靑": "青", "淸": "清",
    "値": "值", "舗": "铺",
}  # fmt: skip


@lru_cache(maxsize=1)
def _to_old() -> opencc.OpenCC:
    return opencc.OpenCC("jp2t")


@lru_cache(maxsize=1)
def _to_simple() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@cache
def simplified(character: str) -> str:
    """The simplified form of one Han character; the character itself when it has none."""
    if character in VARIANTS:
        return VARIANTS[character]
    old = _to_old().convert(character)
    simple = str(_to_simple().convert(old if len(old) == 1 else character))
    return VARIANTS.get(simple, simple) if len(simple) == 1 else character
