"""Making a backup while the nook is in use: database, covers, and apart from them, only when asked, the keys."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from lending.running import databases
from lending.running.archive import FORMAT, Manifest, RunningError, Writer
from lending.running.safely import scratch_file, whole_file
from lending.running.stores import stores

# Names of the settings that are keys, and of the files in DATA_DIR that keep them.
KEYS = {"SECRET_KEY": "secret_key", "PIN_PEPPER": "pin_pepper", "VAPID_PRIVATE_KEY": "vapid_key"}
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class BackedUp:
    """How many rows and files were taken, and how large the file is in bytes."""

    rows: int
    files: int
    size: int


def back_up(
    *, to: Path, keys: Path | None = None, recipient: str = "", progress: Progress = lambda _: None
) -> BackedUp:
    """Write the archive `to`, and the keys to a file of their own; both encrypted where a `recipient` is given.

    `progress` is told each step in English. Raises RunningError: then nothing stands under either name.
    """
    if keys is not None and (keys.exists() or keys == to):
        raise RunningError(f"{keys} is there already, and is left as it is. Give another name.")
    try:
        if keys is not None:
            _write_keys(keys, recipient)
        with whole_file(to, recipient=recipient) as file:
            manifest = _write(Writer(file), beside=to, progress=progress)
    except BaseException:
        if keys is not None:
            keys.unlink(missing_ok=True)
        raise
    return BackedUp(sum(manifest.counts.values()), len(manifest.members) - 1, to.stat().st_size)


def _write(writer: Writer, *, beside: Path, progress: Progress) -> Manifest:
    _add_files(writer, progress)
    with scratch_file(beside, "database") as copy:
        progress("Copying the database")
        counts, migrations = databases.dump(copy)
        progress(f"Storing the database: {copy.stat().st_size:,} bytes")
        writer.add(copy, databases.member_name())
    # Covers of books that were saved since: the copy of the database may know them already.
    _add_files(writer, progress)
    manifest = Manifest(
        format=FORMAT, version=settings.VERSION, made_at=timezone.now().isoformat(), database=connection.vendor,
        migrations=migrations, counts=counts, members=tuple(writer.members),
    )  # fmt: skip
    writer.finish(manifest)
    return manifest


def _add_files(writer: Writer, progress: Progress) -> None:
    """Add the files that are not yet in the archive. A cover replaced meanwhile is no longer needed."""
    there, added = {member.name for member in writer.members}, 0
    for store in stores():
        for name in store.names():
            if (member := f"{store.folder}/{name}") in there:
                continue
            try:
                with store.storage.open(name) as file:
                    writer.add_open(file, file.size, member)
            except FileNotFoundError:
                continue
            added += 1
            if added % 1000 == 0:
                progress(f"{added} files stored")


def _write_keys(path: Path, recipient: str) -> None:
    with whole_file(path, recipient=recipient) as file:
        text = json.dumps({name: getattr(settings, name) for name in KEYS}, indent=1)
        file.write(f"{text}\n".encode())
