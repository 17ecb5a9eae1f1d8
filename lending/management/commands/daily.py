"""manage.py daily: what a scheduler runs once a day, early in the morning."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from lending.daily import daily


class Command(BaseCommand):
    help = "Expire reservations, plan reminders, forget who borrowed. It may run twice, or late, without harm."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what was done, in numbers."""
        done = daily(at=timezone.now())
        self.stdout.write(
            f"{done.expired} reservations expired, {done.planned} notices planned, {done.forgotten} records forgotten"
        )
