"""Printed slips: one page a family, in its language, set by Typst, which shapes and wraps every script."""

import json
from dataclasses import dataclass, field

import typst

from lending.channels import Message, Recipient, Sent

# A receipt of 80 mm, as high as it needs to be: cut from a roll, or printed many on an A4 sheet.
SLIP = """
#let slips = json(bytes(sys.inputs.slips))
#set page(width: 80mm, height: auto, margin: 6mm)
#set text(size: 11pt, font: ("Noto Sans", "Noto Sans CJK KR", "Noto Sans Khmer", "Noto Sans Lao Looped",
  "Noto Sans Lao", "Noto Sans Thai", "Noto Sans Myanmar", "Noto Sans Devanagari", "Noto Naskh Arabic",
  "Noto Sans Arabic"))
#let ways = (rtl: rtl, ltr: ltr)
#for (at, slip) in slips.enumerate() {
  if at > 0 { pagebreak() }
  set text(lang: slip.language, dir: ways.at(slip.direction))
  for section in slip.sections {
    block(above: 1em, text(weight: "bold", size: 12pt, section.heading))
    for line in section.lines {
      block(above: 0.8em, breakable: false)[
        #text(lang: line.language, dir: auto, weight: "medium", line.title) \\ #line.words
      ]
    }
  }
}
"""


@dataclass
class Slips:
    """A sheet that slips are laid on until it is printed."""

    laid: list[Message] = field(default_factory=list)

    def send(self, message: Message, to: Recipient) -> Sent:
        """Lay a slip on the sheet; whose it is shows by where the desk lays it, so no name is on it."""
        self.laid.append(message)
        return Sent()

    def pdf(self) -> bytes:
        """The sheet as PDF, a page a slip."""
        pdf = typst.compile(SLIP.encode(), sys_inputs={"slips": json.dumps([_slip(each) for each in self.laid])})
        assert isinstance(pdf, bytes)  # noqa: S101 (one PDF without `output`)
        return pdf


def _slip(message: Message) -> dict[str, object]:
    sections = [
        {
            "heading": section.heading,
            "lines": [
                {"title": line.title, "language": line.title_language.split("-")[0], "words": line.words}
                for line in section.lines
            ],
        }
        for section in message.sections
    ]
    return {"language": message.language.split("-")[0], "direction": message.direction, "sections": sections}
