"""Reading an upload of scans made without a network: nothing in it is believed before it was looked at.

{"sent_at": ISO time on the device, "family": card number open there, "" for none, "scans": [{"scan_id", "kind",
"barcode", "scanned_at", "card_number", "patron"}, ...]}
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms

from catalog.identifiers import compact
from lending.offline import OfflineScan

MOST = 500  # scans a request; the browser sends fewer
LONGEST = 36  # characters of an id that is sent back


class ScanFields(forms.Form):
    """One scan of the list."""

    scan_id = forms.UUIDField()
    kind = forms.ChoiceField(choices=[("check_out", ""), ("check_in", "")])
    barcode = forms.CharField(max_length=200)
    scanned_at = forms.CharField(max_length=40)
    card_number = forms.CharField(max_length=200, required=False)
    patron = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)

    def clean_scanned_at(self) -> datetime:
        """A moment with its zone; without one nobody knows when it was."""
        moment = _moment(self.cleaned_data["scanned_at"])
        if moment is None:
            raise forms.ValidationError("time")
        return moment


@dataclass(frozen=True, slots=True)
class Upload:
    """What was sent. `family` is the card open on the device, "" for none, None where it says nothing of it.

    `unreadable` are the ids of scans that no repetition would mend.
    """

    sent_at: datetime
    family: str | None
    scans: tuple[OfflineScan, ...]
    unreadable: list[str]

    def scans_by(self, now: datetime) -> list[OfflineScan]:
        """The scans by the server's clock: a tablet's may be wrong, but it knows how long ago it scanned."""
        wrong = now - self.sent_at
        return [replace(scan, scanned_at=_shifted(scan.scanned_at, wrong, now)) for scan in self.scans]


def uploaded(body: bytes) -> Upload | None:
    """The upload in a request's body; None when it is none."""
    try:
        sent = json.loads(body)
        sent_at = _moment(sent["sent_at"])
        rows = sent["scans"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if sent_at is None or not isinstance(rows, list) or len(rows) > MOST:
        return None
    family = sent.get("family")
    read: list[OfflineScan] = []
    unreadable: list[str] = []
    for row in rows:
        scan = _scan(row)
        if scan is not None:
            read.append(scan)
        elif isinstance(row, dict):
            unreadable.append(str(row.get("scan_id"))[:LONGEST])
    return Upload(sent_at, compact(family[:200]) if isinstance(family, str) else None, tuple(read), unreadable)


def _scan(row: Any) -> OfflineScan | None:
    form = ScanFields(row if isinstance(row, dict) else {})
    if not form.is_valid():
        return None
    fields = form.cleaned_data
    return OfflineScan(
        scan_id=UUID(str(fields["scan_id"])), kind=fields["kind"], barcode=compact(fields["barcode"]),
        scanned_at=fields["scanned_at"], card_number=compact(fields["card_number"]), patron=fields["patron"],
    )  # fmt: skip


def _moment(text: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo is not None else None


def _shifted(moment: datetime, by: timedelta, now: datetime) -> datetime:
    try:
        return min(moment + by, now)
    except OverflowError:
        return now
