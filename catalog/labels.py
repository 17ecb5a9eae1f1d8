"""Spine and barcode labels and shelf signs as PDF, set by Typst: it shapes and wraps every script by itself.

Everything about a book goes in as data (sys_inputs), never into the source of the document.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from io import BytesIO
from typing import Any

import typst
from babel import Locale
from barcode import Code128
from barcode.errors import BarcodeError
from barcode.writer import SVGWriter
from django.utils.translation import gettext as _

from catalog.label_paper import ONE, PAPERS, Paper
from catalog.languages import by_code
from catalog.models import Copy

FONTS = """#set text(font: ("Noto Sans", "Noto Sans CJK KR", "Noto Sans Khmer", "Noto Sans Lao Looped", "Noto Sans Lao",
  "Noto Sans Thai", "Noto Sans Myanmar", "Noto Sans Devanagari", "Noto Naskh Arabic", "Noto Sans Arabic"))
"""
SHEET = """
#let data = json(bytes(sys.inputs.data))
#let paper = data.paper
#let mm(number) = number * 1mm
#set page(width: mm(paper.page.at(0)), height: mm(paper.page.at(1)), margin: 0mm)
#set par(leading: 0.45em)
#let one(label) = block(width: 100%, height: 100%, inset: mm(paper.padding), {
  // Marks above and below the letters (Lao, Khmer, Thai) must not be cut off.
  let side = if label.rtl { right } else { left }
  block(height: mm(paper.title_height), width: 100%, clip: true, below: 0.4mm, align(side, text(
    size: paper.title * 1pt, weight: "bold", top-edge: "ascender", bottom-edge: "descender",
    dir: if label.rtl { rtl } else { ltr }, lang: label.lang, label.title)))
  align(center, image(bytes(label.bars), width: mm(label.width), height: mm(paper.bars), fit: "stretch"))
  v(0.7mm, weak: true)
  align(center, text(size: paper.digits * 1pt, tracking: 0.08em, label.digits))
  v(1fr)
  grid(columns: (1fr, auto), align: bottom, text(size: paper.call_number * 1pt, weight: "bold", label.call_number),
    text(size: paper.language * 1pt, label.language))
})
#for (at, label) in data.labels.enumerate() {
  let place-of = calc.rem(at + data.start, paper.columns * paper.rows)
  if at > 0 and place-of == 0 { pagebreak() }
  let (row, column) = (calc.quo(place-of, paper.columns), calc.rem(place-of, paper.columns))
  place(top + left, dx: mm(paper.left + column * (paper.width + paper.gap)), dy: mm(paper.top + row * paper.height),
    box(width: mm(paper.width), height: mm(paper.height), one(label)))
}
"""
SIGN = """
#let data = json(bytes(sys.inputs.data))
#set page(paper: "a4", flipped: true, margin: 15mm)
#for (at, sign) in data.signs.enumerate() {
  if at > 0 { pagebreak() }
  let largest = 150pt
  align(center + horizon, {
    layout(size => {
      let words = text.with(lang: sign.lang, dir: if sign.rtl { rtl } else { ltr }, weight: "bold", sign.autonym)
      let fit = calc.min(largest, largest * (size.width / measure(words(size: largest)).width) * 0.98)
      words(size: fit)
    })
    v(8mm)
    text(size: 54pt, sign.korean)
    if sign.band != "" { v(6mm); text(size: 40pt, sign.band) }
  })
}
"""
MODULE = 0.4  # mm where there is room: the wider, the easier it is read
THINNEST = 0.25  # mm a module, which scanners still read
QUIET_ZONE = 10  # modules at each end
MOST = 500  # labels at once


class LabelRefused(ValueError):
    """These labels cannot be printed; the message is for the person who asked for them."""


def label(*, copy: Copy) -> bytes:
    """The label of one copy on a page of its own. Raises LabelRefused as `sheet` does."""
    return sheet(copies=[copy], paper=PAPERS[ONE])


def sheet(*, copies: Sequence[Copy], paper: Paper, start: int = 1) -> bytes:
    """Labels as PDF, the first at place `start` (from 1) of a page: title, barcode (Code 128), call number, language.

    Copies come with their edition. Raises LabelRefused for more than 500, or naming the barcode, for one that is too
    long for the paper, or has letters that Code 128 has not.
    """
    if len(copies) > MOST:
        raise LabelRefused(_("These are more than %(number)s labels. Print them in parts.") % {"number": MOST})
    labels = [_content(copy, paper.width - 2 * paper.padding) for copy in copies]
    told = {"paper": asdict(paper) | {"name": ""}, "labels": labels, "start": (start - 1) % paper.places}
    return compiled(SHEET, told)


def _content(copy: Copy, room: float) -> dict[str, Any]:
    code = copy.edition.language
    bars, width = barcode(copy.barcode, room)
    return {
        "title": copy.edition.title, "lang": code.split("-")[0], "rtl": by_code(code).direction == "rtl",
        "bars": bars, "width": width, "digits": copy.barcode, "call_number": copy.call_number,
        "language": " · ".join(dict.fromkeys(filter(None, [by_code(code).autonym, _in_korean(code)]))),
    }  # fmt: skip


def _in_korean(code: str) -> str:
    return str(Locale("ko").languages.get(code.split("-")[0], ""))


def barcode(code: str, room: float) -> tuple[str, float]:
    """(the bars alone as SVG, with the quiet zone that scanners need; their width in mm, at most `room`)."""
    try:
        modules = len(Code128(code).build()[0]) + 2 * QUIET_ZONE
    except BarcodeError as error:
        reason = _("The barcode %(code)s has letters that cannot be printed as bars.") % {"code": code}
        raise LabelRefused(reason) from error
    if room / modules < THINNEST:
        raise LabelRefused(_("The barcode %(code)s is too long for this label. Choose larger paper.") % {"code": code})
    drawn = BytesIO()
    Code128(code, writer=SVGWriter()).write(
        drawn, {"module_width": 0.3, "module_height": 10.0, "quiet_zone": 0.3 * QUIET_ZONE, "write_text": False}
    )
    return drawn.getvalue().decode(), min(room, modules * MODULE)


def signs(*, languages: Sequence[str], band: str = "") -> bytes:
    """A sign for a shelf, a page a language: its own name as large as fits, then Korean, then an age band."""
    told = [
        {"autonym": by_code(code).autonym, "korean": _in_korean(code), "lang": code.split("-")[0], "band": band,
         "rtl": by_code(code).direction == "rtl"}
        for code in languages
    ]  # fmt: skip
    return compiled(SIGN, {"signs": told})


def compiled(document: str, told: dict[str, Any]) -> bytes:
    """A document of ours, set with these data."""
    pdf = typst.compile(f"{FONTS}{document}".encode(), sys_inputs={"data": json.dumps(told)})
    assert isinstance(pdf, bytes)  # noqa: S101 (one PDF without `output`)
    return pdf
