"""JSON lines: one record a line, UTF-8, with the field names of our data set, `topics`, `age_from` and `age_to`.

What we write names each person once, as `people`: [{"name", "romanised", "role"}], so that nothing has to be guessed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from catalog.formats.fields import NO_LANGUAGE, NO_TITLE, isbns, languages, number, people, text, texts, vietnamese
from catalog.formats.language_codes import UnknownLanguage, language_code
from catalog.record import Person, Record, RefusedLine, RoleName, clean

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
_LISTS = {
    "languages": "languages", "other_isbns": "isbns", "invalid_isbns": "isbn_invalid", "headings": "subjects",
    "topics": "topics",
}  # fmt: skip
_NUMBERS = ("nonfiling", "year", "age_from", "age_to")


def read(lines: Iterable[bytes]) -> Iterator[Record | RefusedLine]:
    """A Record or a RefusedLine for each line that is not empty, in order, one at a time."""
    for at, line in enumerate(lines, start=1):
        if line.strip():
            yield _read_line(at, line)


def _read_line(at: int, line: bytes) -> Record | RefusedLine:
    try:
        fields = json.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):
        return RefusedLine(at, _("This line is not valid JSON."))
    if not isinstance(fields, dict):
        return RefusedLine(at, _("This line is not a JSON object with named fields."))
    spoken, doubts = languages([*texts(fields.get("language")), *texts(fields.get("languages"))])
    if "vi" in spoken:
        fields = {name: vietnamese(value) for name, value in fields.items()}
    title = text(fields.get("title"))
    if not title:
        return RefusedLine(at, str(NO_TITLE))
    if not spoken:
        return RefusedLine(at, doubts[0] if doubts else str(NO_LANGUAGE))
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
        people=_named(fields.get("people"))
        or people(
            ((role, texts(fields.get(key))) for key, role in _ROLES.items()), texts(fields.get("authors_romanised"))
        ),
        isbn=good[0] if good else "",
        other_isbns=tuple(good[1:]),
        invalid_isbns=tuple(dict.fromkeys([*wrong, *texts(fields.get("isbn_invalid"))])),
        headings=texts(fields.get("subjects")),
        topics=texts(fields.get("topics")),
        translations=_translations(fields.get("translations")),
        story_titles=_translations(fields.get("story_titles")),
        translated_from=_code_or_nothing(fields.get("translated_from")),
        **plain,
    )


def write(records: Iterable[Record]) -> Iterator[bytes]:
    """A line for each record, from which `read` makes the same record; what a record does not say is left out."""
    for record in records:
        yield json.dumps(_fields(record), ensure_ascii=False, separators=(", ", ": ")).encode() + b"\n"


def _fields(record: Record) -> dict[str, Any]:
    said: dict[str, Any] = {"id": clean(record.source_id), "title": clean(record.title), "isbn": record.isbn}
    said |= {theirs: clean(getattr(record, ours)) for ours, theirs in _TEXTS.items() if theirs != "id"}
    said |= {theirs: [clean(each) for each in getattr(record, ours)] for ours, theirs in _LISTS.items()}
    said |= {name: getattr(record, name) for name in _NUMBERS}
    said |= {"people": [_person(each) for each in record.people], "translated_from": record.translated_from}
    for name in ("translations", "story_titles"):
        said[name] = {code: clean(title) for code, title in getattr(record, name)}
    return {name: value for name, value in said.items() if value not in ("", [], {}, None)}


def _person(person: Person) -> dict[str, str]:
    told = {"name": clean(person.name), "romanised": clean(person.romanised), "role": person.role}
    return {name: value for name, value in told.items() if value}


def _named(value: Any) -> tuple[Person, ...]:
    """People each named with a role, as we write them; who has no name is left out."""
    items = [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
    told = ((text(item.get("name")), text(item.get("romanised")), item.get("role")) for item in items)
    return tuple(
        Person(name, romanised, next((known for known in _ROLES.values() if known == role), "contributor"))
        for name, romanised, role in told
        if name
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
