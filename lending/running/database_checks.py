"""Whether the database is sound: the file, its references, its schema."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from lending.running import databases
from lending.running.findings import Finding, bad, good

NOT_VALID = """
SELECT conname FROM pg_constraint WHERE NOT convalidated
UNION ALL SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid
"""


def integrity() -> list[Finding]:
    """SQLite reads every page of the file; PostgreSQL names constraints and indexes that it does not vouch for."""
    wrong = _asked("PRAGMA integrity_check(5)" if connection.vendor == "sqlite" else NOT_VALID)
    if not wrong or wrong == ["ok"]:
        return [good("integrity", _("The database is whole."))]
    remedy = _("Stop lending, keep a copy of the database as it is, and restore the last good backup.")
    return [bad("integrity", _("The database is damaged: %(what)s") % {"what": "; ".join(wrong)}, remedy)]


def references() -> list[Finding]:
    """Rows that point at a row which is gone. PostgreSQL never lets one go, so only SQLite is asked."""
    lost = _asked("PRAGMA foreign_key_check") if connection.vendor == "sqlite" else []
    if not lost:
        return [good("references", _("No row points at one that is gone."))]
    text = _("Rows that point at one that is gone: %(count)d, in %(tables)s.")
    tables = ", ".join(sorted(set(lost)))
    return [bad("references", text % {"count": len(lost), "tables": tables}, _("Restore the last good backup."))]


def schema() -> list[Finding]:
    """Every migration applied, and none that this code does not know."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        text = _("The database waits for %(count)d migrations.") % {"count": len(plan)}
        return [bad("migrations", text, _("Make a backup, then run: manage.py migrate"))]
    if newer := databases.unknown(tuple(executor.loader.applied_migrations)):
        text = _("The database was made by a newer version: %(name)s.") % {"name": newer[0]}
        return [bad("migrations", text, _("Update the program of the nook."))]
    return [good("migrations", _("The database has today's schema."))]


def _asked(statement: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [str(row[0]) for row in cursor.fetchall()]
