"""manage.py doctor: is all well with the nook? Exit code 1 where something is bad."""

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from lending.running.doctor import examine
from lending.running.findings import Finding, State


class Command(BaseCommand):
    help = "Look at database, lending, search, covers, disk, clock, mail, workers and settings; change nothing."
    requires_system_checks: list[str] = []  # noqa: RUF012 (as Django types it)

    def add_arguments(self, parser: CommandParser) -> None:
        """For people or for programs."""
        parser.add_argument("--json", action="store_true", help="print a list of objects")
        codes = [code for code, _name in settings.LANGUAGES]
        parser.add_argument("--language", choices=codes, default=settings.LANGUAGE_CODE, help="what the doctor speaks")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what was found."""
        with translation.override(options["language"]):
            findings = list(examine())
            as_json = json.dumps([asdict(each) for each in findings], ensure_ascii=False, indent=1)
            self.stdout.write(as_json if options["json"] else told(findings))
        if any(each.state == State.BAD for each in findings):
            sys.exit(1)


def told(findings: Iterable[Finding]) -> str:
    """One line a finding, what to do below it."""
    words = {State.GOOD: _("good"), State.LOOK: _("look at this"), State.BAD: _("bad")}
    lines = []
    for each in findings:
        lines.append(f"[{words[each.state]}] {each.check}: {each.text}")
        if each.remedy:
            lines.append(f"    → {each.remedy}")
    return "\n".join(lines)
