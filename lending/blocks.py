"""Block: one reason why something is refused, written for who reads it. Rules: a tuple that collects them all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

from babel.dates import format_skeleton
from django.utils.functional import Promise
from django.utils.translation import get_language, to_locale


@dataclass(frozen=True, slots=True)
class Block:
    """One reason why something is refused: what happened, what to do next, and who may go on all the same.

    `permission` is the one that overrides it, or "" where nobody may. `details` fills the placeholders.
    """

    code: str
    message: str | Promise
    remedy: str | Promise
    permission: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """What happened, in the active language."""
        return str(self.message) % _in_words(self.details)

    @property
    def advice(self) -> str:
        """What to do next, in the active language."""
        return str(self.remedy) % _in_words(self.details)

    def __str__(self) -> str:
        return f"{self.text} {self.advice}"


def _in_words(details: Mapping[str, Any]) -> dict[str, Any]:
    """The details as a reader sees them: days by name, never as 2026-03-11."""
    locale = to_locale(get_language() or "en")
    return {
        name: format_skeleton("MMMMEEEEd", value, fuzzy=True, locale=locale) if isinstance(value, date) else value
        for name, value in details.items()
    }


Facts = TypeVar("Facts")


@dataclass(frozen=True, slots=True)
class Rules(Generic[Facts]):
    """An explicit tuple of rules over one kind of facts."""

    each: tuple[Callable[[Facts], Block | None], ...]

    def blocks_of(self, facts: Facts) -> tuple[Block, ...]:
        """Every reason against it, in the order of the tuple; empty means go."""
        return tuple(block for rule in self.each if (block := rule(facts)) is not None)


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was changed; every reason why, in the order a reader needs them."""

    blocks: tuple[Block, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the blocks, for tests and logs."""
        return tuple(block.code for block in self.blocks)

    def __str__(self) -> str:
        return " ".join(map(str, self.blocks))
