"""Spine and barcode labels as PDF, set by Typst: it shapes and wraps every script and needs no system library.

Everything about a book goes in as data (sys_inputs), never into the source of the document.
"""

import json
from io import BytesIO

import typst
from babel import Locale
from barcode import Code128
from barcode.errors import BarcodeError
from barcode.writer import SVGWriter
from django.utils.translation import gettext as _

from catalog.languages import by_code
from catalog.models import Copy

# 70 x 37 mm, 24 labels on an A4 sheet. Modules of 0.3 mm are read at 200 dpi (0.25 mm were not, at 150).
LABEL = """
#let label = json(bytes(sys.inputs.label))
#set page(width: 70mm, height: 37mm, margin: (x: 3mm, y: 2.5mm))
#set text(size: 8pt, font: ("Noto Sans", "Noto Sans CJK KR", "Noto Sans Khmer", "Noto Sans Lao Looped", "Noto Sans Lao",
  "Noto Sans Thai", "Noto Sans Myanmar", "Noto Sans Devanagari", "Noto Naskh Arabic", "Noto Sans Arabic"))
#set par(leading: 0.45em)
#set text(dir: if label.rtl { rtl } else { ltr }, lang: label.lang)
// Marks above and below the letters (Lao, Khmer, Thai) must not be cut off: the box holds two such lines.
#box(
  height: 9mm, clip: true, width: 100%,
  text(weight: "bold", top-edge: "ascender", bottom-edge: "descender", label.title),
)
#set text(dir: ltr)
#v(0.5mm, weak: true)
#align(center, image(bytes(label.barcode), width: 58mm, height: 10mm, fit: "stretch"))
#v(0.8mm, weak: true)
#align(center, text(size: 8pt, tracking: 0.08em, label.digits))
#v(1.6mm, weak: true)
#grid(columns: (1fr, auto), text(size: 11pt, weight: "bold", label.call_number), text(size: 8pt, label.language))
"""
BARS_WIDTH = 58  # mm, with the quiet zones
THINNEST = 0.25  # mm a module, which scanners still read
QUIET_ZONE = 10  # modules at each end


class LabelRefused(ValueError):
    """This barcode cannot be printed; the message is for the person who asked for it."""


def label(*, copy: Copy) -> bytes:
    """The label of one copy as PDF: title, barcode (Code 128), call number, language in its own words and in Korean.

    Raises LabelRefused for a barcode from elsewhere that is too long, or has letters that Code 128 has not.
    """
    code = copy.edition.language
    language = by_code(code)
    korean = Locale("ko").languages.get(code.split("-")[0], "")
    return _set(
        {
            "title": copy.edition.title,
            "lang": code.split("-")[0],
            "rtl": language.direction == "rtl",
            "barcode": _bars(copy.barcode),
            "digits": copy.barcode,
            "call_number": copy.call_number,
            "language": " · ".join(dict.fromkeys(filter(None, [language.autonym, korean]))),
        }
    )


def _bars(code: str) -> str:
    """The bars alone as SVG, with the quiet zone that scanners need."""
    try:
        modules = len(Code128(code).build()[0]) + 2 * QUIET_ZONE
    except BarcodeError as error:
        raise LabelRefused(_("This barcode has letters that cannot be printed as bars.")) from error
    if BARS_WIDTH / modules < THINNEST:
        raise LabelRefused(_("This barcode is too long for a label that scanners can read."))
    drawn = BytesIO()
    Code128(code, writer=SVGWriter()).write(
        drawn, {"module_width": 0.3, "module_height": 10.0, "quiet_zone": 0.3 * QUIET_ZONE, "write_text": False}
    )
    return drawn.getvalue().decode()


def _set(data: dict[str, str | bool]) -> bytes:
    pdf = typst.compile(LABEL.encode(), sys_inputs={"label": json.dumps(data)})
    assert isinstance(pdf, bytes)  # noqa: S101 (one PDF without `output`)
    return pdf
