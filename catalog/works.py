"""The story of a record: find it or make it, and learn its titles in the languages of the interface."""

from __future__ import annotations

from django.conf import settings
from django.db.models import F

from catalog.models import Edition, Work
from catalog.record import Record
from catalog.terms import fill_blanks, translated

# Codes of books that mean an interface language; Hant and Cantonese are not the simplified Chinese of the pages.
_INTERFACE = {"zh": "zh-hans", "cmn": "zh-hans", "zh-cn": "zh-hans", "zh-sg": "zh-hans", "tl": "fil"}


def interface_language(code: str) -> str | None:
    """The interface language in which a title of this BCP 47 code can be shown, or None."""
    code = code.lower()
    known = [language for language, _ in settings.LANGUAGES]
    for candidate in (_INTERFACE.get(code, code), code.partition("-")[0]):
        if candidate in known:
            return candidate
    return None


def titles(record: Record) -> dict[str, str]:
    """{column of Work: title} for what the record says: its own title first in its own language.

    What another nook calls the whole story (`story_titles`) is taken as it is.

    Only real titles: a language that nobody has a title in stays empty and falls back when it is read.
    """
    told = record.story_titles or ((record.languages[0], record.title), *record.translations)
    found: dict[str, str] = {}
    for code, title in told:
        language = interface_language(code)
        if language and len(title) <= 500:
            found.setdefault(language, title)
    return translated("title", found)


def make_work(record: Record) -> Work:
    """The story of a record that belongs to none so far."""
    return Work.objects.create(source_id=record.work or None, **titles(record))


def learn_titles(work: Work, record: Record) -> bool:
    """Fill titles that the story has not yet; those it has are a person's or an older record's and stay."""
    return fill_blanks(work, titles(record))


def take_key(work: Work, record: Record) -> bool:
    """Give a story without one the source's key, so that its translations find it; a key in use stays where it is."""
    if not record.work or work.source_id or Work.objects.filter(source_id=record.work).exists():
        return False
    work.source_id = record.work
    work.save(update_fields=["source_id"])
    return True


def follow_title(work: Work, record: Record, old_title: str) -> bool:
    """When an edition's title is corrected, correct the story's where it was the same; returns whether it was."""
    language = interface_language(record.languages[0])
    if language is None or record.title == old_title or len(record.title) > 500:
        return False
    (column,) = translated("title", {language: ""})
    if getattr(work, column) != old_title:
        return False
    setattr(work, column, record.title)
    work.save(update_fields=[column])
    return True


def touch_siblings(edition: Edition) -> None:
    """Mark the story's other editions as changed: search finds each one by the titles of all."""
    Edition.objects.filter(work_id=edition.work_id).exclude(pk=edition.pk).update(revision=F("revision") + 1)
