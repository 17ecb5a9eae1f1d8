"""The file of a backup: one tar archive, which `tar xf` opens, that knows whether a single byte of it was changed.

Its members are files of covers and of corrected words, the database, `manifest.json` with a SHA-256 of each, and last
`SHA256`: the digest of every byte before it. What follows that digest is the same in every archive, so that no byte
can change unnoticed.
"""

import hashlib
import io
import json
import tarfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, Protocol

FORMAT = 2  # of the archive; a restore refuses one it does not know
READ = {1, FORMAT}  # 1 had no words
MANIFEST, SEAL, MEDIA, WORDS = "manifest.json", "SHA256", "media", "words"
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
CHUNK = 1 << 20  # bytes
SEAL_LENGTH = 512 + 512 + 1024  # a header, a block of text, two empty blocks: the end of a tar archive
MODE = 0o600


class RunningError(Exception):
    """A backup or restore cannot be made; the message says why and what to do."""


class Sink(Protocol):
    """What an archive is written to: a file, or the standard input of `age`."""

    def write(self, data: bytes, /) -> int: ...


class Readable(Protocol):
    """What bytes come from."""

    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Member:
    """One file of the archive."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the archive holds: of which version, database and schema, how many rows a table, which files."""

    format: int
    version: str
    made_at: str
    database: str
    migrations: tuple[tuple[str, str], ...]
    counts: dict[str, int]
    members: tuple[Member, ...]

    def as_json(self) -> bytes:
        """For a person to read, too."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False).encode()


class _Counted:
    """Passes bytes on, and remembers how many they were and their digest."""

    def __init__(self, sink: Sink) -> None:
        self.sink, self.digest, self.length = sink, hashlib.sha256(), 0

    def write(self, data: bytes) -> int:
        self.sink.write(data)
        self.digest.update(data)
        self.length += len(data)
        return len(data)

    def tell(self) -> int:
        return self.length


class Writer:
    """Writes an archive, which is whole only after `finish`."""

    def __init__(self, sink: Sink) -> None:
        self._sink, self._counted = sink, _Counted(sink)
        self._tar = tarfile.open(mode="w", fileobj=self._counted, format=tarfile.GNU_FORMAT)  # type: ignore[call-overload]  # noqa: SIM115
        self.members: list[Member] = []

    def add(self, path: Path, name: str) -> None:
        """Add a file. Raises FileNotFoundError, with nothing written, where it is gone."""
        with path.open("rb") as file:
            self.add_open(file, path.stat().st_size, name)

    def add_open(self, file: Readable, size: int, name: str) -> None:
        """Add what an open file holds: so many bytes."""
        info = tarfile.TarInfo(name)
        info.size, info.mtime, info.mode = size, int(time.time()), MODE
        reading = _Digesting(file)
        self._tar.addfile(info, reading)
        self.members.append(Member(name, size, reading.digest.hexdigest()))

    def finish(self, manifest: Manifest) -> None:
        """Add the manifest, and seal everything."""
        text = manifest.as_json()
        info = tarfile.TarInfo(MANIFEST)
        info.size, info.mode = len(text), MODE
        self._tar.addfile(info, io.BytesIO(text))
        self._sink.write(_seal(self._counted.digest.hexdigest()))


class _Digesting:
    """Reads a file and digests what was read."""

    def __init__(self, file: Readable) -> None:
        self.file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(size)
        self.digest.update(data)
        return data


def _seal(digest: str) -> bytes:
    """The last bytes of an archive whose other bytes have this digest."""
    text = f"{digest}\n".encode()
    info = tarfile.TarInfo(SEAL)
    info.size, info.mode = len(text), MODE
    return info.tobuf(tarfile.GNU_FORMAT) + text.ljust(512, b"\0") + b"\0" * 1024


def verified(path: Path) -> Manifest:
    """The manifest of an archive that is whole and holds nothing but what it may hold. Raises RunningError."""
    _check_seal(path)
    try:
        with tarfile.open(path, "r:") as tar:
            found, manifest = _read(tar)
    except (tarfile.TarError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RunningError(f"{path} is no backup of a nook.") from error
    if manifest.format not in READ:
        raise RunningError(
            f"{path} was made by another version of the nook ({manifest.version}): update this one first."
        )
    if found != list(manifest.members):
        raise RunningError(f"{path} does not hold what its manifest says. Use another backup.")
    _check_names(path, manifest)
    return manifest


def _check_seal(path: Path) -> None:
    length = path.stat().st_size - SEAL_LENGTH
    with path.open("rb") as file:
        whole = length > 0 and _seal(digest(file, length)) == file.read()
    if not whole:
        raise RunningError(f"{path} is no whole backup: it was cut short or changed. Use another one.")


def digest(file: Readable, length: int) -> str:
    """The SHA-256 of the next `length` bytes."""
    found = hashlib.sha256()
    while length > 0 and (data := file.read(min(CHUNK, length))):
        found.update(data)
        length -= len(data)
    return found.hexdigest()


def _read(tar: tarfile.TarFile) -> tuple[list[Member], Manifest]:
    found, manifest = [], None
    for info in tar:
        file = tar.extractfile(info) if info.isreg() else None
        if file is None:
            raise tarfile.ReadError("not a plain file")
        if info.name == MANIFEST:
            manifest = _manifest(json.loads(file.read()))
        elif info.name != SEAL:
            found.append(Member(info.name, info.size, digest(file, info.size)))
    if manifest is None:
        raise tarfile.ReadError("no manifest")
    return found, manifest


def _manifest(told: dict[str, Any]) -> Manifest:
    members = tuple(Member(**each) for each in told.pop("members"))
    migrations = tuple((str(app), str(name)) for app, name in told.pop("migrations"))
    return Manifest(members=members, migrations=migrations, **told)


def _check_names(path: Path, manifest: Manifest) -> None:
    names = [member.name for member in manifest.members]
    media = [name for name in names if name != DATABASES.get(manifest.database)]
    if len(set(names)) != len(names) or len(media) != len(names) - 1 or not all(map(_stays_inside, media)):
        raise RunningError(f"{path} holds files that no backup holds, and may be meant to do harm. Use another one.")


def _stays_inside(name: str) -> bool:
    parts = PurePosixPath(name).parts
    plain = str(PurePosixPath(name)) == name and "\\" not in name and "\0" not in name
    return plain and len(parts) > 1 and parts[0] in (MEDIA, WORDS) and ".." not in parts


def unpacked(path: Path, manifest: Manifest) -> Iterator[tuple[Member, IO[bytes]]]:
    """Each member of a verified archive, open for reading, in the archive's order."""
    with tarfile.open(path, "r:") as tar:
        for member in manifest.members:
            file = tar.extractfile(member.name)
            if file is None:
                raise RunningError(f"{path} changed while it was read. Use another backup.")
            with file:
                yield member, file
