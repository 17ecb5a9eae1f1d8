"""`manage.py update_messages`: take new strings into every catalogue, drop strings that are gone."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from catalog import messages


class Command(BaseCommand):
    help = "Bring locale/*/LC_MESSAGES/django.po up to date with the program, then say what is untranslated."
    requires_system_checks: list[str] = []  # noqa: RUF012 (as Django types it)
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        found = messages.extract(settings.BASE_DIR)
        for code in messages.translated_into():
            path = messages.catalogue_path(settings.BASE_DIR, code)
            catalogue = messages.updated(messages.read(path, code), found, code)
            messages.write(catalogue, path)
            missing = len([message for message in catalogue if message.id and not _translated(message.string)])
            self.stdout.write(f"{code}: {len(catalogue)} messages, {missing} untranslated")


def _translated(string: str | tuple[str, ...] | list[str] | None) -> bool:
    return bool(string) if isinstance(string, str | None) else all(string)
