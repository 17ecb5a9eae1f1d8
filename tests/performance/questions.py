"""What the benchmark asks: words, beginnings, slips and romanisations taken from the catalogue's own titles."""

from __future__ import annotations

import random
from dataclasses import dataclass

from catalog.models import Edition
from catalog.search.results import Filters

KINDS = ("one word", "two words", "three words", "beginning", "slip", "romanised", "first letter")
EACH = 65


@dataclass(frozen=True, slots=True)
class Question:
    """One query; half of them are filtered by language."""

    kind: str
    text: str
    filters: Filters


def _slip(word: str, dice: random.Random) -> str:
    if len(word) < 5:
        return word
    at = dice.randrange(1, len(word) - 1)
    return dice.choice((word[:at] + word[at + 1 :], word[:at] + word[at + 1] + word[at] + word[at + 2 :]))


def _text(kind: str, title: str, romanised: str, dice: random.Random) -> str:
    words = [word for word in title.split() if len(word) > 1] or [title]
    longest = max(words, key=len)
    texts = {
        "one word": dice.choice(words), "two words": " ".join(words[:2]), "three words": " ".join(words[:3]),
        "beginning": longest[: max(1, len(longest) * 2 // 3)], "slip": _slip(longest, dice),
        "romanised": " ".join((romanised or title).split()[:2]), "first letter": title[:1],
    }  # fmt: skip
    return texts[kind]


def questions(seed: int = 5) -> list[Question]:
    """The same questions for the same catalogue, in an order that mixes the kinds."""
    dice = random.Random(seed)  # noqa: S311
    books = list(Edition.objects.order_by("pk").values_list("title", "romanised_title", "language"))
    asked = []
    for kind in KINDS:
        for title, romanised, language in dice.sample(books, min(EACH, len(books))):
            filters = Filters(languages=(language,)) if dice.random() < 0.5 else Filters()
            asked.append(Question(kind, _text(kind, title, romanised, dice), filters))
    dice.shuffle(asked)
    return asked
