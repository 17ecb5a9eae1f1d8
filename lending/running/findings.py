"""What the doctor says of one thing: its state, a sentence, and what to do."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """good: nothing to do; look: somebody should look soon; bad: mend it before going on."""

    GOOD = "good"
    LOOK = "look"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check's answer in the reader's language; `remedy` is empty where all is well."""

    check: str
    state: State
    text: str
    remedy: str = ""


def good(check: str, text: str) -> Finding:
    """All is well."""
    return Finding(check, State.GOOD, text)


def look(check: str, text: str, remedy: str) -> Finding:
    """Somebody should look."""
    return Finding(check, State.LOOK, text, remedy)


def bad(check: str, text: str, remedy: str) -> Finding:
    """Something is broken."""
    return Finding(check, State.BAD, text, remedy)
