"""Forms of the catalogue: a book described by hand."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import Any

from babel import Locale
from django import forms
from django.conf import settings
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext_lazy as _

from catalog import covers
from catalog.description import likely_format
from catalog.identifiers import InvalidIdentifier, isbn13
from catalog.languages import LANGUAGES, by_code
from catalog.models import AgeBand, Branch, Edition, Format, Shelf, Subject
from catalog.record import Person, Record, RoleName, clean

INPUT = {"class": "input"}
# Languages that families here speak come first, then the other ones the nook can search.
SPOKEN = {"zh-hans": "zh"}
FIRST = [SPOKEN.get(code, code) for code, _name in settings.LANGUAGES]
CODES = [*FIRST, *(each.code for each in LANGUAGES if each.code not in FIRST)]
# The Buddhist year 2567 is printed in Thai and Khmer books.
FIRST_YEAR, LAST_YEAR = 1400, 2999

NO_TITLE = _("Type the title as it is printed on the book.")
NO_YEAR = _("This is not a year.")


def language_choices(*more: str) -> list[tuple[str, str]]:
    """Each language in its own words and in the reader's, who may not read the first; `more` codes at the end."""
    names = Locale.parse(to_locale(get_language() or "en")).languages
    codes = dict.fromkeys((*CODES, *filter(None, more)))
    return [
        (code, " · ".join(dict.fromkeys(filter(None, (by_code(code).autonym, names.get(code.split("-")[0]))))))
        for code in codes
    ]


class BookForm(forms.Form):
    """What a coordinator writes about a donated book; `record()` is the same as a Record."""

    title = forms.CharField(
        label=_("Title as printed on the book"),
        max_length=1000,
        widget=forms.TextInput(INPUT | {"dir": "auto"}),
        error_messages={"required": NO_TITLE},
    )
    subtitle = forms.CharField(
        label=_("Subtitle"), max_length=1000, required=False, widget=forms.TextInput(INPUT | {"dir": "auto"})
    )
    language = forms.ChoiceField(
        label=_("Language"), widget=forms.Select(INPUT), error_messages={"required": _("Choose the language")}
    )
    second_language = forms.ChoiceField(
        label=_("Second language, in a bilingual book"), required=False, widget=forms.Select(INPUT)
    )
    romanised_title = forms.CharField(
        label=_("Title in Latin letters"),
        max_length=1000,
        required=False,
        widget=forms.TextInput(INPUT | {"dir": "ltr"}),
        help_text=_("As it sounds. Helps volunteers who cannot read the script."),
    )
    korean_title = forms.CharField(
        label=_("Title in Korean"), max_length=500, required=False, widget=forms.TextInput(INPUT | {"lang": "ko"})
    )
    authors = forms.CharField(
        label=_("Authors, one a line"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(INPUT | {"rows": 2, "dir": "auto"}),
    )
    illustrators = forms.CharField(
        label=_("Illustrators, one a line"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(INPUT | {"rows": 2, "dir": "auto"}),
    )
    isbn = forms.CharField(
        label=_("ISBN"),
        required=False,
        max_length=40,
        widget=forms.TextInput(INPUT | {"inputmode": "numeric", "dir": "ltr"}),
    )
    age_band: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Ages"), queryset=AgeBand.objects.all(), required=False, empty_label="–", widget=forms.Select(INPUT)
    )
    topics: forms.ModelMultipleChoiceField[Any] = forms.ModelMultipleChoiceField(
        label=_("Topics"), queryset=Subject.objects.all(), required=False, widget=forms.CheckboxSelectMultiple
    )
    format = forms.ChoiceField(label=_("Kind of book"), choices=Format.choices, widget=forms.Select(INPUT))
    publisher = forms.CharField(
        label=_("Publisher"), required=False, max_length=500, widget=forms.TextInput(INPUT | {"dir": "auto"})
    )
    year = forms.IntegerField(
        label=_("Year"),
        required=False,
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        widget=forms.NumberInput(INPUT),
        error_messages={"invalid": NO_YEAR, "min_value": NO_YEAR, "max_value": NO_YEAR},
    )
    cover = forms.FileField(
        label=_("Photo of the cover"),
        required=False,
        widget=forms.FileInput(INPUT | {"accept": "image/jpeg,image/png,image/webp", "capture": "environment"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = (self.initial.get("language", ""), self.initial.get("second_language", ""))
        blank = [("", _("Choose the language"))] if not held[0] else []
        for name, first in (("language", blank), ("second_language", [("", "–")])):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 (declared above)
            field.choices = [*first, *language_choices(*held)]

    def clean_title(self) -> str:
        """The title on one line, without invisible marks at its edges; marks alone are no title."""
        title = clean(self.cleaned_data["title"])
        if not any(unicodedata.category(letter)[0] in "LNPS" for letter in title):
            raise forms.ValidationError(NO_TITLE)
        return title

    def clean_isbn(self) -> str:
        """The 13 digits, or an error that says so."""
        raw = self.cleaned_data["isbn"]
        if not raw.strip():
            return ""
        try:
            return isbn13(raw)
        except InvalidIdentifier as error:
            raise forms.ValidationError(str(error)) from error

    def clean_cover(self) -> Any:
        """The upload, once it is known to be a picture that can be used."""
        upload = self.cleaned_data["cover"]
        if upload:
            try:
                covers.read(upload)
            except covers.CoverRefused as error:
                raise forms.ValidationError(str(error)) from error
        return upload

    def record(self, before: Record | None = None) -> Record:
        """The form as a Record; what the form does not ask stays as in `before`."""
        said = self.cleaned_data
        languages = [said["language"], said["second_language"], *(before.languages[2:] if before else ())]
        band: AgeBand | None = said["age_band"]
        return replace(
            before or Record(title="", languages=()),
            title=said["title"],
            subtitle=clean(said["subtitle"]),
            languages=tuple(dict.fromkeys(filter(None, languages))),
            romanised_title=clean(said["romanised_title"]),
            people=(
                *_people(said["authors"], "author", before),
                *_people(said["illustrators"], "illustrator", before),
                *_others(before),
            ),
            isbn=said["isbn"],
            age_from=band.from_age if band else None,
            age_to=band.to_age if band else None,
            topics=tuple(subject.slug for subject in said["topics"]),
            format=said["format"],
            publisher=clean(said["publisher"]),
            year=said["year"],
            translations=(("ko", clean(said["korean_title"])),) if said["korean_title"].strip() else (),
        )


class CopyForm(forms.Form):
    """Where a new copy stands."""

    branch: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Nook"), queryset=Branch.objects.all(), empty_label=None, widget=forms.Select(INPUT)
    )
    shelf: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Shelf"),
        queryset=Shelf.objects.select_related("branch"),
        required=False,
        empty_label="–",
        widget=forms.Select(INPUT),
    )

    def clean(self) -> dict[str, Any]:
        """A shelf stands in its own nook."""
        said = super().clean() or {}
        shelf, branch = said.get("shelf"), said.get("branch")
        if shelf and branch and shelf.branch_id != branch.pk:
            self.add_error("shelf", _("This shelf is in another nook."))
        return said


def _people(lines: str, role: RoleName, before: Record | None) -> tuple[Person, ...]:
    """One person a line; who was there before keeps the name in Latin letters, which the form does not show."""
    known = {person.name: person for person in (before.people if before else ()) if person.role == role}
    names = dict.fromkeys(filter(None, map(clean, lines.splitlines())))
    return tuple(known.get(name) or Person(name, role=role) for name in names)


def _others(before: Record | None) -> tuple[Person, ...]:
    """Translators and other people, whom the form does not ask for."""
    return tuple(person for person in (before.people if before else ()) if person.role not in ("author", "illustrator"))


PLAIN = ("title", "subtitle", "romanised_title", "isbn", "publisher", "year")


def said_by(record: Record) -> dict[str, Any]:
    """What the form shows of a record, whether a book of ours or what another library told."""
    by_role: dict[str, list[str]] = {}
    for person in record.people:
        by_role.setdefault(person.role, []).append(person.name)
    languages = [*record.languages, "", ""]
    return {
        **{name: getattr(record, name) for name in PLAIN},
        "language": languages[0],
        "second_language": languages[1],
        "authors": "\n".join(by_role.get("author", [])),
        "illustrators": "\n".join(by_role.get("illustrator", [])),
        "topics": Subject.objects.filter(slug__in=record.topics),
        "format": record.format or likely_format(record.audience),
    }


def initial(record: Record, edition: Edition) -> dict[str, Any]:
    """What the form shows for a book that exists."""
    return said_by(record) | {
        "korean_title": vars(edition.work).get("title_ko") or "",  # the column: an attribute would fall back
        "age_band": edition.age_band,
    }
