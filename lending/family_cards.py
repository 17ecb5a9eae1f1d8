"""Library cards of families as PDF: no name and no address, so that a lost card tells nothing."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from catalog.labels import barcode, compiled
from catalog.languages import by_code
from lending.models import Card

# 85.6 x 54 mm is the size of a bank card (ISO/IEC 7810 ID-1); ten fit on an A4 page.
CARDS = """
#let data = json(bytes(sys.inputs.data))
#set page(paper: "a4", margin: (x: 15mm, y: 11mm))
#grid(columns: (85.6mm, 85.6mm), column-gutter: 8mm, row-gutter: 1mm, ..data.cards.map(card => box(
  width: 85.6mm, height: 54mm, radius: 3mm, stroke: 0.3pt + gray, inset: 5mm, {
    text(size: 13pt, weight: "bold", card.nook)
    v(1fr)
    align(center, image(bytes(card.bars), width: card.width * 1mm, height: 12mm, fit: "stretch"))
    v(1mm, weak: true)
    align(center, text(size: 10pt, tracking: 0.1em, card.number))
    v(1fr)
    for side in card.sides {
      block(width: 100%, below: 1.2mm,
        text(size: 7.5pt, lang: side.lang, dir: if side.rtl { rtl } else { ltr }, side.words))
    }
  })))
"""
ROOM = 75.0  # mm between the edges of a card


def cards(*, cards: Sequence[Card]) -> bytes:
    """Cards to cut out, ten on a page; cards come with household and branch. Raises labels.LabelRefused."""
    return compiled(CARDS, {"cards": [_card(card) for card in cards]})


def _card(card: Card) -> dict[str, object]:
    bars, width = barcode(card.number, ROOM)
    languages = dict.fromkeys((card.household.language, "ko"))
    return {
        "nook": str(card.household.branch), "number": card.number, "bars": bars, "width": width,
        "sides": [_side(code) for code in languages],
    }  # fmt: skip


def _side(code: str) -> dict[str, object]:
    with override(code):
        return {
            "lang": (get_language() or code).split("-")[0],
            "rtl": by_code(code).direction == "rtl",
            "words": _("Show this card when you borrow books. Tell us if you lose it."),
        }
