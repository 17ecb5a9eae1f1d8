"""The log of what staff did: only added to, each entry bound to the one before by its hash.

Who changes or takes out an entry in the database breaks the chain from there on, and `broken` (shown by
`manage.py doctor` and on the page of the log) finds the place.
"""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from lending.models import AuditEntry, User

BEGINNING = "0" * 64
TRIES = 20  # for two members of staff in the same moment


def record(*, action: str, by: User, subject: dict[str, Any], at: datetime) -> AuditEntry:
    """Add an entry; `subject` names rows by kind and number only."""
    for _try in range(TRIES):
        last = AuditEntry.objects.order_by("-id").values_list("hash", flat=True).first() or BEGINNING
        entry = AuditEntry(at=at, by=by.pk, action=action[:60], subject=subject, previous=last)
        entry.hash = hash_of(entry)
        try:
            with transaction.atomic():
                entry.save(force_insert=True)
        except IntegrityError:
            continue  # another entry took the place behind the last one
        return entry
    raise IntegrityError("the log could not be written: too many at once")


def hash_of(entry: AuditEntry) -> str:
    """SHA-256 over the entry and the hash of the one before, as 64 hexadecimal digits."""
    facts = [entry.previous, entry.at.isoformat(), entry.by, entry.action, entry.subject]
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def broken() -> int | None:
    """The id of the first entry that does not follow from the one before; None where all do."""
    before = BEGINNING
    for entry in AuditEntry.objects.order_by("id").iterator(chunk_size=1000):
        if entry.previous != before or entry.hash != hash_of(entry):
            return entry.pk
        before = entry.hash
    return None
