"""Other libraries' answers for a book that is being added: shown side by side, chosen from, filled into the form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from catalog import sources
from catalog.identifiers import is_isbn, isbn13
from catalog.languages.analysis import suited
from catalog.languages.scripts import direction_of
from catalog.models import Contribution
from catalog.record import Person, Record
from catalog.sources import Answer, Answers, State
from catalog.sources.merging import NONE, Choices, choices, merged
from lending.guards import staff_required
from lending.roles import CATALOGUE

USE = "use"  # in the address once answers were chosen
# What a person can judge with the book in hand; the rest goes along with its default.
LABELS: dict[str, str | Promise] = {
    "title": gettext_lazy("Title as printed on the book"), "subtitle": gettext_lazy("Subtitle"),
    "romanised_title": gettext_lazy("Title in Latin letters"), "languages": gettext_lazy("Language"),
    "people": gettext_lazy("Authors, illustrators and translators"), "publisher": gettext_lazy("Publisher"),
    "year": gettext_lazy("Year"), "extent": gettext_lazy("Pages"), "series": gettext_lazy("Series"),
    "summary": gettext_lazy("What the book is about"),
}  # fmt: skip
NOT_IN_THE_FORM = ("extent", "series", "summary")  # the form cannot empty them, so the question can
ROLES = dict(Contribution._meta.get_field("role").flatchoices)


@dataclass(frozen=True)
class Line:
    """One line of a value, in its language, and what follows it in the page's."""

    text: str
    language: str
    note: str | Promise = ""

    @property
    def direction(self) -> str:
        """Which way it runs: a romanised Arabic title does not run as Arabic does."""
        return direction_of(self.text)


@dataclass(frozen=True)
class Offer:
    """One value of a field, as a radio button."""

    key: str
    lines: tuple[Line, ...]
    said_by: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """A field with its values; the first is taken unless another is chosen, or `none` where it may be left out."""

    name: str
    label: str | Promise
    offers: tuple[Offer, ...]
    none: str = ""


@require_GET
@staff_required(CATALOGUE)
def ask_sources(request: HttpRequest) -> HttpResponse:
    """What other libraries say of an ISBN: a fragment, or for a browser without JavaScript the whole page."""
    isbn = _isbn(request)
    if not request.headers.get("HX-Request") or not isbn:
        return redirect(f"{reverse('catalog:add_book')}?{urlencode({'isbn': isbn, 'ask': 1})}")
    return render(request, "catalog/cataloguing/_answers.html", answered(isbn))


def asking(request: HttpRequest, *, known: bool) -> dict[str, Any]:
    """For the page of a new book: whether other libraries can be asked, or what they have said already."""
    isbn = _isbn(request)
    if known or not isbn or not sources.enabled() or USE in request.GET or request.method != "GET":
        return {}
    return answered(isbn) if "ask" in request.GET else {"can_ask": isbn}


def taken(request: HttpRequest) -> Record | None:
    """The record that was chosen from the answers, as the address says; None where nothing was, or is there."""
    isbn = _isbn(request)
    if USE not in request.GET or not isbn or not sources.enabled():
        return None
    answers = sources.lookup(isbn)
    records = _records(answers)
    return merged(records, _chosen(request.GET), _national(answers)) if records else None


def answered(isbn: str) -> dict[str, Any]:
    """What the fragment shows."""
    answers = sources.lookup(isbn)
    records = _records(answers)
    offered = choices(records, _national(answers))
    return {
        "isbn": isbn,
        "questions": _questions(offered, merged(records, {}, _national(answers))) if records else [],
        "silent": [_why(answer) for answer in answers.answers if answer.state is not State.FOUND],
        "asked_sources": True,
    }


def _isbn(request: HttpRequest) -> str:
    asked = request.GET.get("isbn", "")
    return isbn13(asked) if is_isbn(asked) else ""


def _records(answers: Answers) -> list[Record]:
    return [record for answer in answers.found for record in answer.records]


def _national(answers: Answers) -> dict[str, str]:
    return {answer.label: answer.language for answer in answers.found if answer.language}


def _chosen(said: Mapping[str, Any]) -> dict[str, str]:
    return {field: str(said.get(f"take-{field}", "")) for field in LABELS}


def _questions(offered: Choices, whole: Record) -> list[Question]:
    language = whole.languages[0] if whole.languages else ""
    return [
        Question(
            field, label,
            tuple(Offer(each.key, _lines(field, each.value, language), each.said_by) for each in offered[field]),
            NONE if field in NOT_IN_THE_FORM else "",
        )
        for field, label in LABELS.items() if field in offered
    ]  # fmt: skip


def _lines(field: str, value: Any, language: str) -> tuple[Line, ...]:
    if field == "people":
        return tuple(_person(person, language) for person in value)
    if field == "languages":
        return tuple(Line("", code) for code in value)
    if field == "romanised_title" and language:
        return (Line(value, f"{language.split('-')[0]}-Latn"),)
    return (Line(str(value), _language(str(value), language)),)


def _person(person: Person, language: str) -> Line:
    return Line(person.name, _language(person.name, language), ROLES.get(person.role, ""))


def _language(text: str, language: str) -> str:
    """The language of a value: the book's, where the value is in its script."""
    return suited(text, language).code if language else ""


def _why(answer: Answer) -> tuple[str, str]:
    """(the source's name for itself, one sentence on why it gave nothing)"""
    sentences = {
        State.NOTHING: _("This book is not there."),
        State.FAILED: _("It could not be asked. Try again in five minutes."),
        State.TOO_SLOW: _("It did not answer in time. Try again in five minutes."),
        State.NO_KEY: _("It cannot be asked: its key is missing in the settings."),
    }
    return answer.label, sentences[answer.state]
