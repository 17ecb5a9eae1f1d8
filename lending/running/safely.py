"""Files that are there whole or not at all: written beside under another name, flushed to the disk, then renamed."""

import errno
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, cast

from lending.running.archive import MODE, RunningError

PREFIX = ".nook-backup-"
LEFT_OVER = 24 * 3600  # seconds after which an unfinished file is that of a process which was killed
FULL = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}


@contextmanager
def whole_file(path: Path, *, recipient: str = "") -> Iterator[IO[bytes]]:
    """A file to write that appears under its name once all is on the disk; encrypted to an age `recipient`, if any.

    Raises RunningError where the name is taken, the disk is full or not writable, or age is missing or refuses.
    """
    if path.exists():
        raise RunningError(f"{path} is there already, and is left as it is. Give another name.")
    part = path.with_name(f"{PREFIX}{os.getpid()}-{path.name}.part")
    try:
        with explained(path):
            _sweep(path.parent)
            with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, MODE), "wb") as file:
                if recipient:
                    with _encrypting(file, recipient) as entrance:
                        yield entrance
                else:
                    yield file
                file.flush()
                os.fsync(file.fileno())
            part.rename(path)
            _keep_name(path.parent)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Say what an error of the disk means for a person. Raises RunningError."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise RunningError(f"There is no room for {path}: the disk is full. Make room, then try again.") from error
        raise RunningError(
            f"{error.filename or path}: {error.strerror}. Look at the path and who may write there."
        ) from error


@contextmanager
def scratch_file(beside: Path, suffix: str) -> Iterator[Path]:
    """A name for a file that only its owner can read, in the folder of another, gone afterwards."""
    path = beside.with_name(f"{PREFIX}{os.getpid()}-{suffix}.part")
    try:
        with explained(path):
            path.touch(MODE)
        yield path
    finally:
        for each in path.parent.glob(f"{path.name}*"):  # SQLite puts its journal beside
            each.unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    """Remove what killed processes left."""
    for part in folder.glob(f"{PREFIX}*.part*"):
        if time.time() - part.stat().st_mtime > LEFT_OVER:
            part.unlink(missing_ok=True)


def _keep_name(folder: Path) -> None:
    """A rename outlasts a power cut only once the folder is on the disk, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def program(name: str, package: str) -> str:
    """The path of a program. Raises RunningError with the Debian package to install."""
    if (found := shutil.which(name)) is None:
        raise RunningError(f"The program {name} is missing. Install it with: sudo apt-get install {package}")
    return found


@contextmanager
def _encrypting(file: IO[bytes], recipient: str) -> Iterator[IO[bytes]]:
    command = [program("age", "age"), "--encrypt", "--recipient", recipient]
    age = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=file, stderr=subprocess.PIPE)  # noqa: S603
    entrance, complaints = cast(IO[bytes], age.stdin), cast(IO[bytes], age.stderr)
    broken = False
    try:
        yield entrance
        entrance.close()
    except BrokenPipeError:
        broken = True  # why, stands in age's last words
    finally:
        with suppress(BrokenPipeError):
            entrance.close()
        with complaints:
            said = complaints.read().decode(errors="replace").strip()
        failed = age.wait() != 0
    if failed or broken:
        raise RunningError(f"age could not encrypt the backup. {said}")


def decrypted(path: Path, identity: Path, to: Path) -> None:
    """Write what an encrypted file says to `to`. Raises RunningError where the identity is not its recipient's."""
    command = [program("age", "age"), "--decrypt", "--identity", str(identity), "--output", str(to), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        raise RunningError(f"age could not decrypt {path}: {done.stderr.strip()}")
