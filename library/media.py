"""Covers on storage that several machines share: whatever goes wrong there is an OSError, as on a disk."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped]
from django.core.files.base import ContentFile, File
from storages.backends.s3 import S3Storage  # type: ignore[import-untyped]

P = ParamSpec("P")
T = TypeVar("T")


class SharedMedia(S3Storage):  # type: ignore[misc]
    """An S3-compatible bucket. A file is read whole when it is opened, so that no error comes later."""

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        return _as_on_disk(self._read, name, mode)

    def _read(self, name: str, mode: str) -> File[bytes]:
        with super()._open(name, mode) as file:
            return ContentFile(file.read(), name)

    def _save(self, name: str, content: File[bytes]) -> str:
        return str(_as_on_disk(super()._save, name, content))

    def exists(self, name: str) -> bool:
        """Whether the file is there."""
        return bool(_as_on_disk(super().exists, name))

    def delete(self, name: str) -> None:
        """Remove the file, if it is there."""
        _as_on_disk(super().delete, name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Folders and files in a folder."""
        folders, files = _as_on_disk(super().listdir, path)
        return folders, files


def _as_on_disk(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    try:
        return call(*args, **kwargs)
    except (BotoCoreError, ClientError) as error:
        raise OSError(f"The shared storage of covers does not answer as it should: {error}") from error
