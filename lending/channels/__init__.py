"""Ways of sending a message: one small protocol, one module a way.

A channel sends one message to one recipient and says what became of it; it knows nothing of notices, rows or retries.
A failure that will not mend by itself (no such address) is permanent; anything else is tried again later.
"""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is told: the book's title in its own language, and what about it."""

    title: str
    title_language: str
    words: str


@dataclass(frozen=True, slots=True)
class Section:
    """Lines of one kind under a heading."""

    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """What one family is told at once. Titles stand in `text`, `html` and `sections` only.

    `id` stays the same when the message is sent again after a failure, so that a repeat can be recognised.
    `subject` and `short` may be read by anybody who sees the phone: they hold no title and no name.
    """

    id: str
    language: str
    direction: str
    subject: str
    short: str
    text: str
    html: str
    link: str
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where a message goes: each channel reads its own fields."""

    email: str = ""
    telephone: str = ""
    endpoint: str = ""
    p256dh: str = ""
    auth: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """The next in line has taken the message over."""


@dataclass(frozen=True, slots=True)
class Failed:
    """It was not taken. `code` is short and names nobody; `gone` says that the recipient's address is no more."""

    code: str
    permanent: bool = False
    gone: bool = False


class Channel(Protocol):
    """One way of sending."""

    def send(self, message: Message, to: Recipient) -> Sent | Failed:
        """Hand the message over, within seconds. Called by lending.outbox; raises nothing."""
        ...


def failed_http(status: int) -> Failed:
    """What an HTTP answer other than 2xx means."""
    temporary = status in (408, 425, 429) or status >= 500 or status < 400
    return Failed(f"http_{status}", permanent=not temporary, gone=status in (404, 410))
