"""Cutting a file of any size into its records without holding more than one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

_BLOCK = 65_536
_LONGEST_END = 64  # bytes that an end may have: so far back the search begins again after each block


def chunks(stream: BinaryIO, end: re.Pattern[bytes], limit: int) -> Iterator[bytes | None]:
    """The bytes up to and with each match of `end`, then the rest; None for a piece of more than `limit` bytes."""
    buffer = bytearray()
    searched, dropping = 0, False
    while block := stream.read(_BLOCK):
        buffer += block
        start = 0
        while found := end.search(buffer, searched):
            if not dropping:
                yield bytes(buffer[start : found.end()])
            start = searched = found.end()
            dropping = False
        del buffer[:start]
        searched = max(0, len(buffer) - _LONGEST_END)
        if dropping or len(buffer) > limit:
            if not dropping:
                yield None
            del buffer[:searched]
            searched, dropping = 0, True
    if buffer and not dropping:
        yield bytes(buffer)
