"""Several records of one book -> what each field may be and who says so, and the record that a person chose.

Nothing is mixed within a value: each is what at least one source said. A title in Latin letters of a book in another
script is a romanisation, and stands among the romanised titles as soon as any source gives the original.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from catalog.languages.scripts import scripts_in
from catalog.record import Person, Record

# What a person may choose, in the order of a title page; then what goes along with it.
FIELDS = (
    "title", "subtitle", "romanised_title", "romanised_subtitle", "languages", "people", "publisher",
    "romanised_publisher", "place", "year", "extent", "series", "summary", "original_title", "translated_from",
    "statement", "audience", "headings", "ddc", "lcc", "kdc", "other_isbns", "invalid_isbns",
)  # fmt: skip
NONE = "none"  # chosen in place of a key: leave the field empty
_ORIGINALS = ("title", "subtitle", "publisher", "people", "place", "series", "statement")
_ROMANISED = {"title": "romanised_title", "subtitle": "romanised_subtitle", "publisher": "romanised_publisher"}


@dataclass(frozen=True)
class Choice:
    """A value, the sources that say it, and a short name of it that stays the same whatever else is said."""

    value: Any
    said_by: tuple[str, ...]
    key: str


Choices = dict[str, tuple[Choice, ...]]


def choices(records: Sequence[Record], national: Mapping[str, str] | None = None) -> Choices:
    """Field -> its distinct values, the one to take unless a person says otherwise first; fields nobody fills are out.

    `national` says of which language a source is the national library ({"国立国会図書館": "ja"}). Values that differ
    only in case, width or the punctuation at their ends are one.
    """
    told = _apart(records)
    main = _main_language(told)
    trusted = frozenset(source for source, language in (national or {}).items() if main and language == main)
    return {field: found for field in FIELDS if (found := _of_field(field, told, trusted))}


def merged(records: Sequence[Record], chosen: Mapping[str, str], national: Mapping[str, str] | None = None) -> Record:
    """The record of what was chosen, by field and key (or NONE); where nothing known was, the first choice.

    `source` names every source of which something was taken. Raises ValueError without records.
    """
    if not records:
        raise ValueError("there is nothing to merge")
    offered = {field: found for field, found in choices(records, national).items() if chosen.get(field) != NONE}
    taken = {field: _taken(found, chosen.get(field, "")) for field, found in offered.items()}
    values = {field: choice.value for field, choice in taken.items()}
    sources = dict.fromkeys(choice.said_by[0] for choice in taken.values())
    blank = Record(title="", languages=(), isbn=records[0].isbn, nonfiling=_nonfiling(records, values.get("title", "")))
    return replace(blank, source="; ".join(filter(None, sources)), **values)


def _apart(records: Iterable[Record]) -> list[Record]:
    """The records, each romanisation where it belongs."""
    told = list(records)
    for field, romanised in _ROMANISED.items():
        if any(_is_original(getattr(record, field)) for record in told):
            told = [_moved(record, field, romanised) for record in told]
    return told


def _moved(record: Record, field: str, romanised: str) -> Record:
    value = getattr(record, field)
    if not value or _is_original(value) or not scripts_in(value):
        return record
    return replace(record, **{field: "", romanised: getattr(record, romanised) or value})


def _is_original(value: Any) -> bool:
    """Whether a value has letters of another script than Latin."""
    return bool(set(scripts_in(_written(value))) - {"Latn"})


def _written(value: Any) -> str:
    if isinstance(value, tuple):
        return " ".join(each.name if isinstance(each, Person) else str(each) for each in value)
    return str(value)


def _main_language(records: Iterable[Record]) -> str:
    """What most sources call the language of the book."""
    said = Counter(record.languages[0] for record in records if record.languages)
    return said.most_common(1)[0][0] if said else ""


def _of_field(field: str, records: Iterable[Record], trusted: frozenset[str]) -> tuple[Choice, ...]:
    """The distinct values in the order of preference."""
    found: dict[Any, tuple[list[Any], dict[str, None]]] = {}
    for record in records:
        if value := getattr(record, field):
            values, sources = found.setdefault(_same(value), ([], {}))
            values.append(value)
            sources[record.source] = None
    said = [Choice(max(values, key=_romanised), tuple(sources), _key(values[0])) for values, sources in found.values()]
    return tuple(sorted(said, key=lambda choice: _rank(field, choice, trusted)))


def _rank(field: str, choice: Choice, trusted: frozenset[str]) -> tuple[Any, ...]:
    """Original script, then a national library's, then what more sources say, then the longest, then the first."""
    original = field in _ORIGINALS and _is_original(choice.value)
    return not original, trusted.isdisjoint(choice.said_by), -len(choice.said_by), -len(_written(choice.value))


def _romanised(value: Any) -> int:
    """How many names of a value come with their romanised form."""
    return sum(bool(each.romanised) for each in value if isinstance(each, Person)) if isinstance(value, tuple) else 0


def _same(value: Any) -> Any:
    """What is equal for values that a reader takes for the same."""
    if isinstance(value, Person):
        return _same(value.name), value.role
    if isinstance(value, tuple):
        return tuple(map(_same, value))
    if not isinstance(value, str):
        return value
    folded = unicodedata.normalize("NFKC", value).casefold()
    return "".join(" " if letter.isspace() else letter for letter in folded).strip(" .,;:/!?[]()")


def _key(value: Any) -> str:
    return hashlib.sha256(repr(_same(value)).encode()).hexdigest()[:12]


def _taken(found: tuple[Choice, ...], key: str) -> Choice:
    return next((choice for choice in found if choice.key == key), found[0])


def _nonfiling(records: Iterable[Record], title: str) -> int:
    """How many letters of the title do not count in sorting, as the source of this title says."""
    return next((record.nonfiling for record in records if record.title == title), 0)
