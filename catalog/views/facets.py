"""Facets as chips: what may be picked, how many books it leaves, and the address of picking it or letting it go."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.models import AgeBand, Branch, Format, Subject
from catalog.search import Facet, Results
from catalog.templatetags.texts import autonym
from catalog.views.asked import Asked

MOST = 30


@dataclass(frozen=True, slots=True)
class Chip:
    """One value. `language` is the language of the label where it is not the page's."""

    label: str
    count: int
    address: str
    on: bool
    language: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The chips of one facet under a heading."""

    name: str
    label: str | Promise
    chips: tuple[Chip, ...]


Labels = dict[str, tuple[str, str]]


def groups(results: Results, asked: Asked) -> list[Group]:
    """Every facet worth showing: one with two values or more, or one that is picked."""
    found = []
    for name, (label, labels_of) in FACETS.items():
        facets = results.facets.get(name, ())
        picked = asked.filters.picked().get(name, ())
        values = [*facets, *(Facet(value, 0) for value in picked if value not in {facet.value for facet in facets})]
        if len(values) > 1 or picked:
            labels = labels_of([facet.value for facet in values])
            chips = tuple(_chip(name, facet, labels, picked, asked) for facet in values if facet.value in labels)
            found.append(Group(name, label, chips[:MOST]))
    return found


def _chip(name: str, facet: Facet, labels: Labels, picked: tuple[str, ...], asked: Asked) -> Chip:
    label, icon = labels[facet.value]
    return Chip(
        label=label,
        count=facet.count,
        address=asked.toggled(name, facet.value).address(),
        on=facet.value in picked,
        language=facet.value if name == "language" else "",
        icon=icon,
    )


def _languages(values: Iterable[str]) -> Labels:
    return {value: (autonym(value), "") for value in values}


def _age_bands(values: Iterable[str]) -> Labels:
    return {band.slug: (band.name, "") for band in AgeBand.objects.filter(slug__in=values)}


def _subjects(values: Iterable[str]) -> Labels:
    return {subject.slug: (subject.name, subject.icon) for subject in Subject.objects.filter(slug__in=values)}


def _formats(values: Iterable[str]) -> Labels:
    return {value: (str(Format(value).label), "") for value in values if value in Format.values}


def _branches(values: Iterable[str]) -> Labels:
    return {branch.code: (branch.name, "") for branch in Branch.objects.filter(code__in=values)}


FACETS: dict[str, tuple[str | Promise, Callable[[Iterable[str]], Labels]]] = {
    "language": (_("Language of the book"), _languages),
    "age_band": (_("Age"), _age_bands),
    "subject": (_("Topic"), _subjects),
    "format": (_("Kind of book"), _formats),
    "branch": (_("Nook"), _branches),
}
