"""`manage.py compile_messages`: write the .mo file of every language whose .po is newer."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from catalog import messages


class Command(BaseCommand):
    help = "Compile the catalogues of messages (no system gettext needed)."
    requires_system_checks: list[str] = []  # noqa: RUF012 (as Django types it)
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        done = [
            code
            for code in messages.translated_into()
            if (path := messages.catalogue_path(settings.BASE_DIR, code)).exists()
            and messages.compile_catalogue(path, code)
        ]
        if done:
            self.stdout.write(f"Compiled messages: {' '.join(done)}")
