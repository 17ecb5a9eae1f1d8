"""Corrections of the interface's words by people who speak the language.

What somebody corrects lies under DATA_DIR, in a catalogue of its own that is read before the program's: it is seen at
once, survives an update, and can be sent to the makers as a patch. Only words change: what a browser or the program
reads in them (tags, placeholders) has to stay.
"""

import difflib
import gettext as gettext_module
import os
import re
from collections import Counter
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.pofile import write_po
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import trans_real

from catalog import messages
from catalog.languages.folding import fold
from catalog.record import clean

# What the program puts in, and what a browser reads as more than words.
PLACEHOLDER = re.compile(r"%\([a-z_0-9]+\)[sd]|%[sd]|\{[a-z_0-9]*\}|</?[a-z]+[^>]*>")
LONGEST = 2000  # letters of one string
SHOWN = 30
_read: dict[str, int] = {}  # language: state of its file when this process read it


@dataclass(frozen=True, slots=True)
class Wording:
    """One string of the interface: `source` in English (`plural` too, if it counts), `now` a form each, `number` its
    place in the catalogue, `examples` the numbers that each form stands with, `corrected` whether by hand."""

    number: int
    source: str
    plural: str
    korean: str
    now: tuple[str, ...]
    examples: tuple[str, ...]
    corrected: bool

    @property
    def forms(self) -> list[tuple[str, str]]:
        """(example numbers, text) of each form."""
        return list(zip(self.examples, self.now, strict=True))


def strings_of(entry: Entry) -> tuple[str, ...]:
    """The forms of a catalogue's entry."""
    return (entry.string,) if isinstance(entry.string, str) else tuple(entry.string or ())


def lost(source: str, text: str, *, counted: bool = False) -> list[str]:
    """The placeholders and tags of `source` that `text` lacks, and those that it has beyond it.

    Of something that is counted, the form for exactly one or two may say the number in words.
    """
    wanted, got = Counter(PLACEHOLDER.findall(source)), Counter(PLACEHOLDER.findall(text))
    missing = Counter() if counted else wanted - got
    return sorted((missing + (got - wanted)).elements())


def problems(entry: Entry, texts: list[str]) -> list[str]:
    """Why these texts cannot stand for an entry, for the person who wrote them; none if they can."""
    source = entry.id if isinstance(entry.id, str) else entry.id[1]
    found = [] if all(texts) else [_("Write something in every field.")]
    for text in filter(None, texts):
        wrong = lost(source, text, counted=bool(entry.pluralizable))
        if wrong:
            found.append(_("Leave this as it is in English: %(parts)s") % {"parts": " ".join(wrong)})
        elif "<" in PLACEHOLDER.sub("", text) or len(text) > LONGEST:
            found.append(_("This is too long, or holds a sign that a page cannot show."))
    return found


def wordings(language: str, query: str) -> list[Wording]:
    """The strings in which the query stands: in English, in Korean or as they are now; without one the corrected."""
    wanted = fold(query)
    own, korean = _ours(language), messages.read(_shipped("ko"), "ko")
    found = []
    for number, entry in enumerate(_entries(language)):
        wording = _wording(number, entry, own, korean, language)
        haystack = fold(" ".join([wording.source, wording.plural, wording.korean, *wording.now]))
        if wanted in haystack if wanted else wording.corrected:
            found.append(wording)
    return found[:SHOWN]


def wording(language: str, number: int) -> Wording:
    """One string by its place; raises LookupError."""
    entry = _entry(language, number)
    return _wording(number, entry, _ours(language), messages.read(_shipped("ko"), "ko"), language)


def correct(*, language: str, number: int, texts: list[str]) -> list[str]:
    """Say it so from now on; returns the problems for which nothing was changed. Raises LookupError."""
    entry = _entry(language, number)
    texts = [clean(text) for text in texts]
    if len(texts) != len(strings_of(entry)):
        raise LookupError(number)
    if found := problems(entry, texts):
        return found
    own = _ours(language)
    own.delete(entry.id, entry.context)
    if tuple(texts) != strings_of(entry):
        own.add(entry.id, texts[0] if isinstance(entry.string, str) else tuple(texts), context=entry.context)
    _save(own, language)
    return []


def patch(language: str) -> str:
    """Every correction of a language as a unified diff of its catalogue; "" where there is none."""
    own, path = _ours(language), _shipped(language)
    catalogue = messages.read(path, language)
    for entry in own:
        known = catalogue.get(entry.id, entry.context) if entry.id else None
        if known is not None:
            known.string = entry.string
    name = path.relative_to(settings.BASE_DIR).as_posix()
    before, after = _written(messages.read(path, language)), _written(catalogue)
    return "".join(difflib.unified_diff(before, after, f"a/{name}", f"b/{name}"))


def refresh() -> None:
    """Read the catalogues again where another process has corrected something."""
    now = {code: _state(code) for code in messages.translated_into()}
    if now != _read:
        first = not _read
        _read.update(now)
        if not first or any(now.values()):
            # Two caches, of Python and of Django, as Django's own reloader empties them.
            gettext_module._translations.clear()  # type: ignore[attr-defined]
            trans_real._translations.clear()  # type: ignore[attr-defined]


def _state(language: str) -> int:
    try:
        return os.stat(_corrected(language).with_suffix(".mo")).st_mtime_ns
    except FileNotFoundError:
        return 0


def _shipped(language: str) -> Path:
    return messages.catalogue_path(Path(settings.BASE_DIR), language)


def _corrected(language: str) -> Path:
    return messages.catalogue_path(Path(settings.DATA_DIR), language)


def _ours(language: str) -> Catalog:
    return messages.read(_corrected(language), language)


def _entries(language: str) -> list[Entry]:
    return [entry for entry in messages.read(_shipped(language), language) if entry.id]


def _entry(language: str, number: int) -> Entry:
    entries = _entries(language)
    if not 0 <= number < len(entries):
        raise LookupError(number)
    return entries[number]


def _wording(number: int, entry: Entry, own: Catalog, korean: Catalog, language: str) -> Wording:
    singular, plural = (entry.id, "") if isinstance(entry.id, str) else (entry.id[0], entry.id[1])
    by_hand = own.get(entry.id, entry.context)
    there = korean.get(entry.id, entry.context)
    now = strings_of(by_hand or entry)
    examples = _examples(language) if plural else ("",)
    return Wording(number, singular, plural, strings_of(there)[0] if there else "", now, examples, by_hand is not None)


def _examples(language: str) -> tuple[str, ...]:
    """Some numbers for each plural form of a language, in the order of its catalogue."""
    rule = Locale.parse(language, sep="-").plural_form
    order = [tag for tag in ("zero", "one", "two", "few", "many", "other") if tag in rule.tags or tag == "other"]
    numbers: dict[str, list[str]] = {tag: [] for tag in order}
    for number in (*range(0, 31), 100, 101, 102, 103, 111):
        numbers[rule(number)].append(str(number))
    return tuple(", ".join(numbers[tag][:4]) or "½" for tag in order)


def _save(own: Catalog, language: str) -> None:
    path = _corrected(language)
    messages.write(own, path)
    path.with_suffix(".mo").unlink(missing_ok=True)
    messages.compile_catalogue(path, language)
    refresh()


def _written(catalogue: Catalog) -> list[str]:
    text = BytesIO()
    write_po(text, catalogue, width=110, ignore_obsolete=True, include_lineno=False)
    return text.getvalue().decode().splitlines(keepends=True)
