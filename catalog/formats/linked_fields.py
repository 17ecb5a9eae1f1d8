"""Pairs of fields in two scripts: the original, and the same in Latin letters.

MARC 21 links field 880 to its partner by $6 (https://www.loc.gov/marc/bibliographic/ecbdcntf.html): "245-02/$1" names
field 245, pair 2, the script, and perhaps "/r" for right to left; pair 00 has no partner. Some libraries (of Nepal, for
one) write field 245 twice instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from catalog.formats.fields import is_latin
from catalog.formats.marc_record import Field, MarcRecord

_LINK = re.compile(r"(\d{3})-(\d{2})")
_ONCE = {"100", "110", "245", "250", "260"}  # fields that may stand once


@dataclass(frozen=True)
class Pair:
    """A field in the script of the book, and the same in Latin letters where the record has both."""

    field: Field
    romanised: Field | None = None


def pairs(record: MarcRecord, *tags: str) -> list[Pair]:
    """The fields with one of these tags in order, each with its partner; then fields that stand in 880 alone."""
    others = list(_others(record))
    found: list[Pair] = []
    for field in record.all(*tags):
        partner = _partner(field, others)
        if partner:
            others.remove(partner)
        found.append(_paired(field, partner))
    lone = [Pair(other) for other in others if other.tag in tags]
    return _take_strays(_join_doubles(record, found), lone)


def _others(record: MarcRecord) -> Iterator[Field]:
    """The fields 880 under the tag of their partner."""
    for field in record.all("880"):
        link = _LINK.match(field.first("6"))
        if link:
            yield replace(field, tag=link[1])


def _number(field: Field) -> str:
    link = _LINK.match(field.first("6"))
    return link[2] if link else "00"


def _partner(field: Field, others: list[Field]) -> Field | None:
    number = _number(field)
    same = (other for other in others if other.tag == field.tag and _number(other) == number != "00")
    return next(same, None)


def _paired(field: Field, partner: Field | None) -> Pair:
    """Field 880 is the original, unless a library does it the other way round."""
    if partner is None:
        return Pair(field)
    if not _is_latin(field) and _is_latin(partner):
        return Pair(field, partner)
    return Pair(partner, field)


def _is_latin(field: Field) -> bool:
    return is_latin(field.joined("abcfpt"))


def _join_doubles(record: MarcRecord, found: list[Pair]) -> list[Pair]:
    """In a record with two titles, one in Latin letters: its fields, the n-th original with the n-th Latin one."""
    titles = [field for field in record.all("245", "200") if not field.first("6")]
    if len(titles) != 2 or _is_latin(titles[0]) == _is_latin(titles[1]) or any(pair.romanised for pair in found):
        return found
    originals = [pair.field for pair in found if not _is_latin(pair.field)]
    latin = [pair.field for pair in found if _is_latin(pair.field)]
    if len(originals) != len(latin):
        return found
    return [Pair(field, partner) for field, partner in zip(originals, latin, strict=True)]


def _take_strays(found: list[Pair], lone: list[Pair]) -> list[Pair]:
    """A lone 880 whose number names no field is the partner of the one field that may stand once and has none."""
    if len(found) == len(lone) == 1 and found[0].field.tag in _ONCE and found[0].romanised is None:
        return [_paired(found[0].field, lone[0].field)]
    return found + lone
