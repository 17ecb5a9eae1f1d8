"""A real SRU server: Debian's zebrasrv over records of the Library of Congress, on a free port of loopback."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DATA = Path(__file__).parents[2] / "data" / "sources"
STARTS_WITHIN = 20.0


def installed() -> bool:
    """Whether this machine has Zebra (Debian: idzebra-2.0)."""
    return bool(shutil.which("zebrasrv") and shutil.which("zebraidx"))


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
    return port


@contextmanager
def zebra(folder: Path) -> Iterator[str]:
    """The base address of the server, which has ended when the block has."""
    port = free_port()
    for file in (*(DATA / "zebra").iterdir(), DATA / "lc_books.marcxml"):
        shutil.copy(file, folder)
    settings = folder / "server.xml"
    settings.write_text(settings.read_text().replace("PORT", str(port)))
    for step in (["init"], ["update", "lc_books.marcxml"]):
        subprocess.run(["zebraidx", "-c", "zebra.cfg", *step], cwd=folder, check=True, capture_output=True)  # noqa: S603, S607
    with (folder / "zebrasrv.log").open("wb") as log:
        server = subprocess.Popen(["zebrasrv", "-S", "-f", "server.xml"], cwd=folder, stdout=log, stderr=log)  # noqa: S607
    try:
        _wait(port, server)
        yield f"http://127.0.0.1:{port}/Default"
    finally:
        server.terminate()
        server.wait(20)


def _wait(port: int, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + STARTS_WITHIN
    while True:
        assert server.poll() is None, "zebrasrv has ended"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < until, "zebrasrv did not start"
            time.sleep(0.05)
        else:
            return
