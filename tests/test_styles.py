"""The style sheets keep their promises: tokens in one file, no physical sides, nothing from elsewhere."""

import re
from pathlib import Path

import pytest
from django.conf import settings

STYLES = sorted((Path(settings.BASE_DIR) / "static" / "css").glob("*.css"))
EACH = pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right|top|bottom)|"
    r"left|right|text-align:\s*(?:left|right)|float)(?=\s*:|:\s*(?:left|right)|;)"
)
COLOUR = re.compile(r":[^;{}]*?(#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\()")


def rules(path: Path) -> str:
    return re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)


@EACH
def test_sides_are_logical(path: Path) -> None:
    assert PHYSICAL.findall(rules(path)) == []


@pytest.mark.parametrize("path", [path for path in STYLES if path.name not in ("tokens.css", "print.css")])
def test_colours_come_from_the_tokens(path: Path) -> None:
    # A barcode is black on white whatever the scheme, or no scanner reads it.
    assert set(COLOUR.findall(rules(path))) <= {"#fff", "#000"}


@EACH
def test_nothing_is_fetched_from_elsewhere(path: Path) -> None:
    assert re.findall(r"@import|url\((?!\"\.\./fonts/)|https?:", rules(path)) == []


def test_light_and_dark_name_the_same_colours() -> None:
    light, dark = rules(STYLES[-1]).split("@media (prefers-color-scheme: dark)")
    names = set(re.findall(r"(--[\w-]+):", dark.split("@media")[0].split(":lang")[0]))
    colours = set(re.findall(r"(--[\w-]+):\s*(?:#|rgb|0 \d)", light))
    assert (STYLES[-1].name, colours - names) == ("tokens.css", set())


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


TEXT_ON = [
    *((ink, paper) for ink in ("ink", "ink-soft", "accent", "warm", "bad") for paper in ("paper", "surface", "sunken")),
    *((tone, f"{tone}-soft") for tone in ("accent", "warm", "good", "wait", "bad", "info")),
    *(("ink", f"{tone}-soft") for tone in ("accent", "warm", "good", "wait", "bad", "info")),
    ("ink", "mark"), ("accent-ink", "accent"), ("accent-ink", "accent-strong"),
    *((f"cover-{n}-ink", f"cover-{n}") for n in range(1, 9)),
]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_by_wcag_aa(scheme: str) -> None:
    light, dark = rules(STYLES[-1]).split("@media (prefers-color-scheme: dark)")
    found = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6})", light))
    if scheme == "dark":
        found |= dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6})", dark))
    weak = {pair: round(contrast(found[pair[0]], found[pair[1]]), 2) for pair in TEXT_ON}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}
    borders = {name: contrast(found["line-strong"], found[name]) for name in ("paper", "surface")}
    assert {name: ratio for name, ratio in borders.items() if ratio < 3} == {}
