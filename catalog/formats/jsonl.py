"""JSON lines: one record a line, UTF-8, with the field names of our data set (and `topics`, `age_from`, `age_to`)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from catalog.formats.fields import NO_LANGUAGE, NO_TITLE, isbns, languages, number, people, text, texts, vietnamese
from catalog.formats.language_codes import UnknownLanguage, language_code
from catalog.record import Record, RefusedLine, RoleName

_ROLES: dict[str, RoleName] = {
    "authors": "author", "illustrators": "illustrator", "translators": "translator", "contributors": "contributor",
}  # fmt: skip
# Fields of one line of text: ours, then the file's where it differs.
_TEXTS = {
    "subtitle": "subtitle", "romanised_title": "title_romanised", "romanised_subtitle": "subtitle_romanised",
    "original_title": "original_title", "statement": "statement", "publisher": "publisher",
    "romanised_publisher": "publisher_romanised", "place": "place", "extent": "extent", "series": "series",
    "summary": "summary", "format": "format", "audience": "audience", "level": "level", "ddc": "ddc", "lcc": "lcc",
    "kdc": "kdc", "work": "work", "source_id": "id", "source": "source", "source_url": "source_url",
    "licence": "licence",
}  # fmt: skip


def read(lines: Iterable[bytes]) -> Iterator[Record | RefusedLine]:
    """A Record or a RefusedLine for each line that is not empty, in order, one at a time."""
    for at, line in enumerate(lines, start=1):
        if line.strip():
            yield _read_line(at, line)


def _read_line(at: int, line: bytes) -> Record | RefusedLine:
    try:
        fields = json.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):
        return RefusedLine(at, "This line is not valid JSON.")
    if not isinstance(fields, dict):
        return RefusedLine(at, "This line is not a JSON object with named fields.")
    spoken, doubts = languages([*texts(fields.get("language")), *texts(fields.get("languages"))])
    if "vi" in spoken:
        fields = {name: vietnamese(value) for name, value in fields.items()}
    title = text(fields.get("title"))
    if not title:
        return RefusedLine(at, NO_TITLE)
    if not spoken:
        return RefusedLine(at, doubts[0] if doubts else NO_LANGUAGE)
    return _record(Record(title=title, languages=spoken, doubts=doubts, line=at), fields)


def _record(known: Record, fields: dict[str, Any]) -> Record:
    plain: dict[str, Any] = {ours: text(fields.get(theirs)) for ours, theirs in _TEXTS.items()}
    good, wrong = isbns([fields.get("isbn"), *texts(fields.get("isbns"))])
    return replace(
        known,
        nonfiling=max(number(fields.get("nonfiling")) or 0, 0),
        year=number(fields.get("year")),
        age_from=number(fields.get("age_from")),
        age_to=number(fields.get("age_to")),
        people=people(
            ((role, texts(fields.get(key))) for key, role in _ROLES.items()), texts(fields.get("authors_romanised"))
        ),
        isbn=good[0] if good else "",
        other_isbns=tuple(good[1:]),
        invalid_isbns=tuple(dict.fromkeys([*wrong, *texts(fields.get("isbn_invalid"))])),
        headings=texts(fields.get("subjects")),
        topics=texts(fields.get("topics")),
        translations=_translations(fields.get("translations")),
        translated_from=_code_or_nothing(fields.get("translated_from")),
        **plain,
    )


def _translations(value: Any) -> tuple[tuple[str, str], ...]:
    """The titles of the story in other languages; those under something that is no language are left out."""
    if not isinstance(value, dict):
        return ()
    pairs = ((_code_or_nothing(key), text(title)) for key, title in value.items())
    return tuple((code, title) for code, title in pairs if code and title)


def _code_or_nothing(value: Any) -> str:
    try:
        return language_code(text(value))
    except UnknownLanguage:
        return ""
