"""Restoring a backup into an empty place: everything is looked at before anything is written."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import DatabaseError, connection

from catalog.models import Edition
from catalog.search import indexing
from lending.running import databases
from lending.running.archive import MODE, Manifest, Member, Readable, RunningError, digest, unpacked, verified
from lending.running.backup import KEYS, Progress
from lending.running.safely import decrypted, explained, scratch_file
from lending.running.stores import Store, store_of, stores

AGE = b"age-encryption.org/"
SPARE = 1.2  # room for the files that are unpacked, and for a migration that copies a table


@dataclass(frozen=True, slots=True)
class Restored:
    """What the archive said of itself, how many migrations were applied since, and books indexed."""

    manifest: Manifest
    migrated: int
    indexed: int


def restore(
    *, path: Path, keys: Path | None = None, identity: Path | None = None, progress: Progress = lambda _: None
) -> Restored:
    """Database, covers and (where given) keys of an archive, migrated to this code's schema and indexed.

    Raises RunningError: then the place is empty as before. An `identity` file decrypts what age encrypted.
    """
    check_empty()
    with _readable(path, identity) as archive, _told_keys(keys, identity) as found:
        progress("Looking at every byte of the backup")
        manifest = verified(archive)
        _check_fits(path, manifest)
        migrated = _fill(archive, manifest, progress)
        for name, value in found.items():
            _keep_key(settings.DATA_DIR / KEYS[name], value)
    progress("Building the search index")
    Edition.objects.update(indexed_revision=0)
    return Restored(manifest, migrated, indexing.rebuild_index())


def check_empty() -> None:
    """Raises RunningError where a nook lives here already, or part of one."""
    with _database():
        if not databases.is_empty():
            raise RunningError(
                "This place holds a database already. Give an empty one: another DATA_DIR, DATABASE_URL."
            )
    for store in stores():
        with explained(Path(settings.DATA_DIR)):
            if next(store.names(), None) is not None:
                raise RunningError(f"{store} holds files already. Give an empty place: another DATA_DIR.")


@contextmanager
def _database() -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        raise RunningError(f"The database does not answer: {error}") from error


@contextmanager
def _readable(path: Path, identity: Path | None) -> Iterator[Path]:
    """The plain archive: itself, or decrypted beside the place it goes to."""
    with explained(path), path.open("rb") as file:
        encrypted = file.read(len(AGE)) == AGE
    if not encrypted:
        yield path
        return
    if identity is None:
        raise RunningError(f"{path} is encrypted. Give the file of the age identity with --identity FILE.")
    with scratch_file(Path(settings.DATA_DIR) / path.name, f"plain-{path.name}") as plain:
        decrypted(path, identity, plain)
        yield plain


@contextmanager
def _told_keys(path: Path | None, identity: Path | None) -> Iterator[dict[str, str]]:
    if path is None:
        yield {}
        return
    with _readable(path, identity) as plain:
        try:
            told = json.loads(plain.read_text())
            found = {name: str(told[name]) for name in KEYS}
        except (ValueError, KeyError, TypeError) as error:
            raise RunningError(f"{path} holds no keys of a nook.") from error
        yield found


def _check_fits(path: Path, manifest: Manifest) -> None:
    if manifest.database != connection.vendor:
        raise RunningError(f"{path} is of {manifest.database}, but DATABASE_URL names {connection.vendor}.")
    if newer := databases.unknown(manifest.migrations):
        raise RunningError(f"{path} is of a newer version, {manifest.version}: update this nook first ({newer[0]}).")
    free, needed = shutil.disk_usage(settings.DATA_DIR).free, sum(member.size for member in manifest.members)
    if free < needed * SPARE:
        raise RunningError(f"There is no room: {needed:,} bytes are to be unpacked, and {free:,} are free.")


def _fill(archive: Path, manifest: Manifest, progress: Progress) -> int:
    """Unpack, and bring the schema to this code's; how many migrations that took. On failure all is taken away."""
    empty = [root for store in stores() if (root := store.path("")) is not None and root.exists()]
    try:
        with explained(Path(settings.DATA_DIR)), scratch_file(databases.folder() / "restored", "database") as copy:
            for member, file in unpacked(archive, manifest):
                belongs = store_of(member.name)
                if belongs is None:
                    _write(member, file, copy)
                else:
                    _keep(member, file, *belongs)
            progress("Restoring the database")
            with databases.restored(copy), _database():
                return _migrate(manifest)
    except BaseException:
        for store in stores():
            store.clear()
        for root in empty:
            root.mkdir(parents=True)
        raise


def _keep(member: Member, file: IO[bytes], store: Store, name: str) -> None:
    if (path := store.path(name)) is not None:
        _write(member, file, path)
        return
    store.storage.save(name, ContentFile(file.read()))
    with store.storage.open(name) as kept:
        _check(member, kept)


def _write(member: Member, file: IO[bytes], to: Path) -> None:
    """Digested once more: the file may lie where others write."""
    to.parent.mkdir(parents=True, exist_ok=True)
    with to.open("wb") as out:
        shutil.copyfileobj(file, out)
        out.flush()
        os.fsync(out.fileno())
    with to.open("rb") as written:
        _check(member, written)


def _check(member: Member, written: Readable) -> None:
    if digest(written, member.size) != member.sha256:
        raise RunningError("The backup changed while it was read. Start again.")


def _migrate(manifest: Manifest) -> int:
    call_command("migrate", interactive=False, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(databases.APPLIED)
        return len({*cursor.fetchall()} - {*manifest.migrations})


def _keep_key(path: Path, value: str) -> None:
    path.unlink(missing_ok=True)
    path.touch(MODE)
    path.write_text(value)
