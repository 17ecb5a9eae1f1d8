"""A MARC record of any dialect, decoded: what ISO 2709 and MARCXML carry and the dialects read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """A field by its tag of three characters. A control field (00X) has `value`, a data field the other two."""

    tag: str
    value: str = ""
    indicators: str = "  "
    subfields: tuple[tuple[str, str], ...] = ()

    def all(self, codes: str) -> tuple[str, ...]:
        """The values of the subfields with one of these codes, as they stand in the field."""
        return tuple(value for code, value in self.subfields if code in codes and value)

    def first(self, codes: str) -> str:
        """The first value under one of these codes, or ""."""
        return next(iter(self.all(codes)), "")

    def joined(self, codes: str, by: str = " ") -> str:
        """The values under these codes as one text."""
        return by.join(self.all(codes))


@dataclass(frozen=True)
class MarcRecord:
    """A leader of 24 characters and fields in the order of the record; `doubts` says what could not be decoded."""

    leader: str
    fields: tuple[Field, ...]
    doubts: tuple[str, ...] = ()

    def all(self, *tags: str) -> Iterator[Field]:
        """The fields with one of these tags, in the order of the record."""
        return (field for field in self.fields if field.tag in tags)

    def first(self, *tags: str) -> Field:
        """The first field with one of these tags, or an empty one."""
        return next(self.all(*tags), Field(tags[0]))

    def fixed(self, tag: str, start: int, end: int) -> str:
        """Characters of a control field; "" where it is missing or too short."""
        return self.first(tag).value[start:end]


class BrokenRecord(ValueError):
    """A record that cannot be read; the message says why in plain words."""
