"""The strings of the program and their catalogues (gettext), read and written with Babel: no system gettext.

`extract` takes every string from Python and templates, `updated` brings a catalogue up to date with them,
`compile_catalogue` writes the .mo file that Django reads. Plural forms come from CLDR, because Django's own
headers differ from it (Uzbek: one form in Django, two in CLDR).
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from babel.plural import to_gettext
from django.conf import settings
from django.template import Engine
from django.template.base import Template
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils.translation import to_locale

KEYWORDS: dict[str, tuple[int | tuple[int, str], ...]] = {
    "_": (1,),
    "gettext": (1,),
    "gettext_lazy": (1,),
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
IN_TAG = re.compile(r"""\b_\((?:"([^"]+)"|'([^']+)')\)""")
NOTE = "Drafted without a native reviewer. Corrections are welcome: see CONTRIBUTING.md."


# What Django's forms say: its own catalogues lack Filipino and Lao, and half of Khmer and Vietnamese (measured on
# 5.2.19), so ours hold these too. tests/test_translations.py finds what a form of ours may say.
FROM_DJANGO = (
    "This field is required.",
    "Null characters are not allowed.",
    "Enter a whole number.",
    "Enter a valid UUID.",
    "Ensure this value is less than or equal to %(limit_value)s.",
    "Ensure this value is greater than or equal to %(limit_value)s.",
    "Select a valid choice. %(value)s is not one of the available choices.",
    "Select a valid choice. That choice is not one of the available choices.",
    "Enter a list of values.",
    "“%(pk)s” is not a valid value.",
    "No file was submitted. Check the encoding type on the form.",
    "No file was submitted.",
    "The submitted file is empty.",
    "Please either submit a file or check the clear checkbox, not both.",
    "Enter a valid email address.",
    "Enter a valid time.",
    "Enter a valid date.",
    "ManagementForm data is missing or has been tampered with. Missing fields: %(field_names)s. You may need to file a "
    "bug report if the issue persists.",
    "%(model_name)s with this %(field_label)s already exists.",
    "and",
)
COUNTED_FROM_DJANGO = (
    (
        "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
    ),
    (
        "Ensure this filename has at most %(max)d character (it has %(length)d).",
        "Ensure this filename has at most %(max)d characters (it has %(length)d).",
    ),
)


@dataclass(frozen=True, slots=True)
class Message:
    """One string of the program: `plural` and `context` are empty where it has none."""

    singular: str
    plural: str = ""
    context: str = ""
    place: str = ""

    @property
    def id(self) -> str | tuple[str, str]:
        """The key Babel's catalogues use."""
        return (self.singular, self.plural) if self.plural else self.singular


def extract(base: Path) -> list[Message]:
    """Every message of the project below `base`, in a stable order (file, then place in it)."""
    found: list[Message] = []
    for folder in ("library", "catalog", "lending"):
        for path in sorted((base / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                found.extend(_from_python(path, str(path.relative_to(base))))
    engine = Engine.get_default()
    for path in sorted((base / "templates").rglob("*.*")):
        found.extend(_from_template(engine, path.read_text(), str(path.relative_to(base))))
    found.extend(Message(text, place="django") for text in FROM_DJANGO)
    found.extend(Message(singular, plural, place="django") for singular, plural in COUNTED_FROM_DJANGO)
    return found


def _from_python(path: Path, place: str) -> Iterator[Message]:
    for _line, text, _comments, context in extract_from_file("python", str(path), keywords=KEYWORDS):
        singular, plural = text if isinstance(text, tuple) else (text, "")
        yield Message(singular, plural, context or "", place)


def _from_template(engine: Engine, source: str, place: str) -> Iterator[Message]:
    nodes = Template(source, engine=engine).nodelist
    for node in nodes.get_nodes_by_type(TranslateNode):
        assert isinstance(node, TranslateNode)  # noqa: S101 (get_nodes_by_type is typed as Node)
        literal = node.filter_expression.var.literal
        if isinstance(literal, str):
            yield Message(literal.replace("%", "%%"), "", _context_of(node), place)
    for block in nodes.get_nodes_by_type(BlockTranslateNode):
        assert isinstance(block, BlockTranslateNode)  # noqa: S101 (the same)
        singular, _ = block.render_token_list(block.singular)
        plural = block.render_token_list(block.plural)[0] if block.plural else ""
        yield Message(singular, plural, _context_of(block), place)
    for double, single in IN_TAG.findall(source):
        yield Message(double or single, "", "", place)


def _context_of(node: TranslateNode | BlockTranslateNode) -> str:
    return str(node.message_context.var) if node.message_context else ""


def translated_into() -> list[str]:
    """The interface languages with a catalogue: all but English, in which the strings are written."""
    return [code for code, _ in settings.LANGUAGES if code != "en"]


def catalogue_path(base: Path, language: str) -> Path:
    """Where Django looks for a language's catalogue, e.g. locale/zh_Hans/LC_MESSAGES/django.po."""
    return base / "locale" / to_locale(language) / "LC_MESSAGES" / "django.po"


def plural_forms(language: str) -> str:
    """The gettext Plural-Forms header of a language by CLDR."""
    return to_gettext(Locale.parse(language, sep="-").plural_form)


def read(path: Path, language: str) -> Catalog:
    """A catalogue as it stands; an empty one with the right header where there is no file."""
    if path.exists():
        with path.open("rb") as handle:
            return read_po(handle, locale=Locale.parse(language, sep="-"), abort_invalid=True)
    return Catalog(locale=Locale.parse(language, sep="-"), domain="django")


def updated(old: Catalog, messages: list[Message], language: str) -> Catalog:
    """A catalogue of exactly these messages with the translations the old one has; no fuzzy guesses."""
    new = Catalog(
        locale=Locale.parse(language, sep="-"),
        domain="django",
        project="Book nook",
        version="0.1",
        creation_date=old.creation_date,
        revision_date=old.revision_date,
        copyright_holder="the Book nook authors",
        fuzzy=False,
        header_comment=f"# {NOTE}",
    )
    new.mime_headers = [
        ("Language", language),
        ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Transfer-Encoding", "8bit"),
        ("Plural-Forms", plural_forms(language)),
    ]
    for message in messages:
        known = old.get(message.singular, message.context or None)
        translation = known.string if known and bool(known.pluralizable) == bool(message.plural) else ""
        blank = ("",) * new.num_plurals if message.plural else ""
        new.add(
            message.id,
            translation or blank,
            locations=[(message.place, 0)],
            context=message.context or None,
            flags=[flag for flag in (known.flags if known else ()) if flag != "fuzzy"],
        )
    return new


def write(catalogue: Catalog, path: Path) -> None:
    """The .po file, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    with draft.open("wb") as handle:
        write_po(handle, catalogue, width=110, omit_header=False, ignore_obsolete=True, include_lineno=False)
    os.replace(draft, path)


def compile_catalogue(path: Path, language: str) -> bool:
    """Write the .mo beside a .po if it is older; whether it was written. Fuzzy entries are left out."""
    target = path.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime_ns >= path.stat().st_mtime_ns:
        return False
    draft = target.with_suffix(f".{os.getpid()}")
    with draft.open("wb") as handle:
        write_mo(handle, read(path, language), use_fuzzy=False)
    os.replace(draft, target)
    return True
