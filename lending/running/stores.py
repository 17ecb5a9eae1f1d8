"""Files beside the database that cannot be made again: covers, wherever they lie, and words that were corrected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from posixpath import join
from shutil import rmtree

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, default_storage

from lending.running.archive import MEDIA, WORDS


@dataclass(frozen=True, slots=True)
class Store:
    """Where files of one kind lie, and the folder they have in an archive."""

    folder: str
    storage: Storage

    def names(self, under: str = "") -> Iterator[str]:
        """Every file, by its name in the storage. Links are left out: they lead elsewhere."""
        try:
            folders, files = self.storage.listdir(under)
        except FileNotFoundError:
            return
        for name in sorted(join(under, each) for each in files):
            if (path := self.path(name)) is None or (path.is_file() and not path.is_symlink()):
                yield name
        for inside in sorted(join(under, each) for each in folders):
            if (path := self.path(inside)) is None or not path.is_symlink():
                yield from self.names(inside)

    def path(self, name: str) -> Path | None:
        """Where a file lies on this disk; None where it lies elsewhere."""
        try:
            return Path(self.storage.path(name))
        except NotImplementedError:
            return None

    def clear(self) -> None:
        """Remove everything."""
        if (root := self.path("")) is not None:
            rmtree(root, ignore_errors=True)
            return
        for name in self.names():
            self.storage.delete(name)

    def __str__(self) -> str:
        return str(self.path("") or "The shared storage")


def stores() -> tuple[Store, ...]:
    """All of them."""
    return Store(MEDIA, default_storage), Store(WORDS, FileSystemStorage(Path(settings.DATA_DIR) / "locale"))


def store_of(member: str) -> tuple[Store, str] | None:
    """Where a file of an archive belongs, and its name there; None for the database."""
    for store in stores():
        if member.startswith(f"{store.folder}/"):
            return store, PurePosixPath(member).relative_to(store.folder).as_posix()
    return None
