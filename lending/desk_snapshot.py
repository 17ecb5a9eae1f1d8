"""What a desk without network may know: which book a barcode is, and that a card is one of ours. No names.

A card stands as the first 8 hex digits of SHA-256 over a salt of this installation and its number: enough to say
"known" to one who holds the card, too little to tell its number (hundreds of numbers share each of them).
"""

import hashlib
from dataclasses import dataclass

from django.db.models import Count, Max, Sum
from django.utils.crypto import salted_hmac

from catalog.models import Copy, Edition
from lending.models import Card, CardStatus

PAGE = 5000
HEX_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the books as barcode -> (title, language); `after` is where the next page starts, None on the last."""

    books: dict[str, tuple[str, str]]
    after: int | None


def version() -> str:
    """Changes when a book, a title or a card does; costs three aggregates, not the list."""
    facts = (
        Copy.objects.aggregate(Count("pk"), Max("pk")),
        Edition.objects.aggregate(Sum("revision")),
        list(Card.objects.values("status").annotate(number=Count("pk"), last=Max("pk")).order_by("status")),
    )
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:32]


def books(after: int = 0, size: int = PAGE) -> Page:
    """The copies whose id follows `after`."""
    rows = list(
        Copy.objects.filter(pk__gt=after)
        .order_by("pk")
        .values_list("pk", "barcode", "edition__title", "edition__language")[:size]
    )
    listed = {barcode: (title, language) for _pk, barcode, title, language in rows}
    return Page(listed, rows[-1][0] if len(rows) == size else None)


def salt() -> str:
    """The same for every device of this installation, so that an unchanged list stays unchanged."""
    return salted_hmac("lending.desk_snapshot", "cards", algorithm="sha256").hexdigest()[:32]


def card_hash(number: str) -> str:
    """How a card number stands in the list."""
    return hashlib.sha256(f"{salt()}{number}".encode()).hexdigest()[:HEX_DIGITS]


def cards() -> dict[str, str]:
    """Every card: "ok", "old" (replaced) or "blocked" (lost)."""
    words = {CardStatus.ACTIVE: "ok", CardStatus.REPLACED: "old", CardStatus.LOST: "blocked"}
    rows = Card.objects.values_list("number", "status").order_by("pk")
    return {card_hash(number): words[CardStatus(status)] for number, status in rows}
