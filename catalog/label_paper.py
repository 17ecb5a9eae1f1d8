"""Paper that labels are printed on, in millimetres, and how much fits on one label."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Paper:
    """A page of labels: `left` and `top` to the first one, gaps between them; letters in points.

    `title_height` is the room for the title: two lines where marks stand above and below the letters, on the smallest
    one. `bars` is the height of the barcode.
    """

    name: str
    page: tuple[float, float]
    columns: int
    rows: int
    width: float
    height: float
    left: float = 0.0
    top: float = 0.0
    gap: float = 0.0
    title: float = 7.0
    title_height: float = 7.5
    bars: float = 7.5
    digits: float = 7.0
    call_number: float = 9.0
    language: float = 7.0
    padding: float = 2.5

    @property
    def places(self) -> int:
        """Labels on a page."""
        return self.columns * self.rows


A4 = (210.0, 297.0)
_LARGE = {"title": 8.0, "title_height": 9.0, "bars": 10.0, "digits": 8.0, "call_number": 11.0, "language": 8.0}
_TINY = {
    "title": 5.5, "title_height": 3.4, "bars": 6.5, "digits": 5.5, "call_number": 7.0, "language": 5.0, "padding": 1.4,
}  # fmt: skip
# Sizes as sold everywhere: 24 = L7159/3474, 40 = 3651, 65 = L7651.
PAPERS = {
    "a4-24": Paper("A4 · 24 · 70 × 37 mm", A4, 3, 8, 70, 37, top=0.5, **_LARGE),
    "a4-40": Paper("A4 · 40 · 52.5 × 29.7 mm", A4, 4, 10, 52.5, 29.7),
    "a4-65": Paper("A4 · 65 · 38 × 21 mm", A4, 5, 13, 38.1, 21.2, left=4.75, top=10.7, gap=2.5, **_TINY),
    "roll-58": Paper("58 × 30 mm", (58, 30), 1, 1, 58, 30),
    "roll-62": Paper("62 × 29 mm", (62, 29), 1, 1, 62, 29),
    "roll-70": Paper("70 × 37 mm", (70, 37), 1, 1, 70, 37, **_LARGE),
}
USUAL = "a4-24"
ONE = "roll-70"  # for a single label
