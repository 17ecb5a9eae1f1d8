"""`manage.py load_demo`: a nook to try out, with books in 20 languages, families, loans and reservations."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from catalog.models import Copy, Edition
from catalog.search import indexing
from lending.management.demo import PIN, STAFF, demo_card, is_loaded, is_someone_elses, load_nook
from lending.management.demo_circulation import Fortnight

ADDRESS = "http://127.0.0.1:8000/"


class Command(BaseCommand):
    help = "Fill an empty database with the demo nook. Running it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print names and passwords as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        fresh, events = False, Counter[str]()
        if not is_loaded():
            if is_someone_elses():
                raise CommandError(
                    "This database already holds a nook, so the demo is not loaded into it. "
                    "To try the demo, use an empty one: set DATA_DIR to a new folder and run migrate first."
                )
            fresh, events = True, _load()
        told = {
            "loaded_now": fresh, "books": Edition.objects.count(), "copies": Copy.objects.count(), "events": events,
            "address": ADDRESS, "family": {"card": demo_card(0), "pin": PIN},
            "staff": {name: password for name, password, *_ in STAFF},
        }  # fmt: skip
        self.stdout.write(json.dumps(told, ensure_ascii=False) if options["json"] else _told(told))


def _load() -> Counter[str]:
    """Everything or nothing, then the search index; returns what happened in the demo's fortnight."""
    with transaction.atomic():
        fortnight = Fortnight(load_nook(), timezone.now())
        fortnight.play()
    indexing.rebuild_index()
    return fortnight.events + Counter(refused=len(fortnight.refused))


def _told(told: dict[str, Any]) -> str:
    state = "The demo is ready" if told["loaded_now"] else "The demo was loaded before; nothing was changed"
    family = told["family"]
    lines = [
        f"{state}: {told['books']} books, {told['copies']} copies.",
        f"Start it with “make serve” and open {told['address']}",
        f"  Vietnamese family   {ADDRESS}vi/sign-in/     card {family['card']}, PIN {family['pin']}",
    ]
    lines += [
        f"  {name:<19} {ADDRESS}ko/staff/sign-in/  name {name}, password {word}" for name, word in told["staff"].items()
    ]
    return "\n".join([*lines, "Everybody can read these passwords: never use this database for real families."])
