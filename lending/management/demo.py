"""The demo nook: its branches, shelves, books, staff and families, from the files in catalog/demo/."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from catalog.accession import add_copy
from catalog.formats import jsonl
from catalog.identifiers import card_number
from catalog.importing import import_records
from catalog.models import Branch, Edition, Shelf
from catalog.terms import load_terms, translated
from lending import signing_in
from lending.models import Card, CirculationPolicy, Closure, Household, OpeningHours, Patron, StaffRole, User

FILES = Path(settings.BASE_DIR) / "catalog" / "demo"
PIN = "246810"
_FIRST_CARD = 246_000_000_001
# Names and passwords are printed in the handbook: the command refuses to put them beside a real nook's data.
STAFF = (
    ("volunteer", "demo-volunteer", StaffRole.VOLUNTEER, "ko"),
    ("coordinator", "demo-coordinator", StaffRole.COORDINATOR, "ko"),
    ("administrator", "demo-administrator", StaffRole.ADMINISTRATOR, "en"),
)


@dataclass(frozen=True)
class Nook:
    """What the demo's circulation needs of the rows that were made."""

    branches: list[Branch]
    families: list[Household]
    volunteer: User


def demo_card(number: int) -> str:
    """The card number of the demo family that stands at this place (0 or more) in nook.json."""
    return card_number(_FIRST_CARD + number)


def is_loaded() -> bool:
    """Whether this database holds the demo; it is loaded as a whole or not at all."""
    return Card.objects.filter(number=demo_card(0)).exists()


def is_someone_elses() -> bool:
    """Whether there is anything that a real nook has and the demo must not mix with."""
    return User.objects.exists() or Household.objects.exists() or Edition.objects.exists() or Branch.objects.exists()


def load_nook() -> Nook:
    """Make branches, policy, books with their copies, staff and families. In a transaction."""
    told = json.loads((FILES / "nook.json").read_text(encoding="utf-8"))
    branches = [_branch(entry) for entry in told["branches"]]
    for entry in told["closures"]:
        _closure(entry, {branch.code: branch for branch in branches})
    CirculationPolicy.objects.get_or_create(branch=None, format="")
    load_terms()
    with (FILES / "titles.jsonl").open("rb") as file:
        import_records(items=jsonl.read(file))
    _copies(branches)
    staff = [_staff(*row, branch=branches[0]) for row in STAFF]
    families = [_family(at, entry, branches) for at, entry in enumerate(told["families"])]
    return Nook(branches=branches, families=families, volunteer=staff[0])


def _branch(entry: dict[str, Any]) -> Branch:
    branch = Branch.objects.create(
        code=entry["code"], address=entry["address"], timezone=entry["timezone"], **translated("name", entry["names"])
    )
    OpeningHours.objects.bulk_create(OpeningHours(branch=branch, **hours) for hours in entry["opening_hours"])
    for shelf in entry["shelves"]:
        Shelf.objects.create(branch=branch, code=shelf["code"], **translated("name", shelf["names"]))
    return branch


def _closure(entry: dict[str, Any], branches: dict[str, Branch]) -> None:
    first = timezone.localdate() + timedelta(days=entry["in_days"])
    Closure.objects.create(
        branch=branches[entry["branch"]],
        first_day=first,
        last_day=first + timedelta(days=entry["days"] - 1),
        **translated("reason", entry["reasons"]),
    )


def _copies(branches: list[Branch]) -> None:
    """One copy of each book, two or three of some, and every fourth book also in the second nook."""
    shelves = {(shelf.branch_id, shelf.code): shelf for shelf in Shelf.objects.all()}
    editions = Edition.objects.select_related("age_band").prefetch_related("subjects", "contributions__contributor")
    for at, edition in enumerate(editions.order_by("id")):
        number = 3 if at % 15 == 0 else 2 if at % 5 == 0 else 1
        homes = [branches[0]] * number + [branches[-1]] * (at % 4 == 0)
        for branch in homes:
            add_copy(edition=edition, branch=branch, shelf=shelves.get((branch.pk, _shelf_code(edition))))


def _shelf_code(edition: Edition) -> str:
    if len(edition.languages) > 1:
        return "read-together"
    return "folk-tales" if "folk-tales" in {subject.slug for subject in edition.subjects.all()} else "picture-books"


def _staff(username: str, password: str, role: StaffRole, language: str, *, branch: Branch) -> User:
    return User.objects.create_user(
        username, password, role=role, language=language, branch=branch, is_superuser=role == StaffRole.ADMINISTRATOR
    )


def _family(at: int, entry: dict[str, Any], branches: list[Branch]) -> Household:
    """A household with one card, its guardian and children; every fifth belongs to the second nook."""
    branch = branches[-1] if at % 5 == 4 else branches[0]
    household = Household.objects.create(name=entry["name"], language=entry["language"], branch=branch)
    Card.objects.create(household=household, number=demo_card(at))
    Patron.objects.create(household=household, nickname=entry["guardian"], is_guardian=True)
    Patron.objects.bulk_create(Patron(household=household, **child) for child in entry["children"])
    signing_in.set_pin(household=household, pin=PIN)
    return household
