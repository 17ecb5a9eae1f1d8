"""The doctor looks at everything, changes nothing, and says what to do."""

import logging
from collections.abc import Callable, Iterator

from django.db import DatabaseError
from django.utils.translation import gettext as _

from lending.running import database_checks, lending_checks, machine_checks
from lending.running.findings import Finding, bad

CHECKS: tuple[Callable[[], list[Finding]], ...] = (
    database_checks.schema,
    database_checks.integrity,
    database_checks.references,
    lending_checks.lending,
    lending_checks.log,
    machine_checks.search,
    machine_checks.media,
    machine_checks.disk,
    machine_checks.clock,
    machine_checks.mail,
    machine_checks.workers,
    machine_checks.configuration,
)
log = logging.getLogger(__name__)


def examine() -> Iterator[Finding]:
    """Every finding in the order of the checks. A check that fails is itself a finding; the others go on."""
    for check in CHECKS:
        try:
            yield from check()
        except (DatabaseError, OSError) as error:
            log.info("check %s failed", check.__name__, exc_info=True)
            text = _("This could not be looked at: %(error)s") % {"error": error}
            yield bad(check.__name__, text, _("Mend what stands above first, then run the doctor again."))
