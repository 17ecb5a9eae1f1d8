"""KORMARC (KS X 6006-0), the MARC of Korea: MARC 21 save for a few fields.

Title 245 has $d for the first and $e for further statements of responsibility and $x for parallel titles; 056 holds the
Korean decimal classification; 049 names the copies. The roles of people stand in the statement (글, 그림, 옮김).
"""

from __future__ import annotations

import re
from dataclasses import replace

from catalog.formats import marc21_reading
from catalog.formats.fields import text
from catalog.formats.marc_record import Field, MarcRecord
from catalog.formats.marc_values import role_of_term
from catalog.record import Person, Record, RoleName

_NAME_END = re.compile(r"[\s,\[\](){}:;/·.]")


def is_kormarc(marc: MarcRecord) -> bool:
    """Whether the record has a field as only KORMARC has it."""
    titles = [field for field in marc.fields if _is_title(field)]
    statements = any(field.all("dex") for field in titles) and not any(field.all("c") for field in titles)
    return bool(marc.first("056").first("a") or marc.first("049").first("l") or statements)


def _is_title(field: Field) -> bool:
    return field.tag == "245" or field.tag == "880" and field.first("6").startswith("245")


def record_of(marc: MarcRecord, line: int) -> Record:
    """The record's edition; raises BrokenRecord without title or language."""
    known = marc21_reading.record_of(replace(marc, fields=tuple(map(_as_marc21, marc.fields))), line)
    if any(field.all("e4") for field in marc.all("100", "110", "700", "710")):
        return known
    statements = [text(value) for field in marc.fields if _is_title(field) for value in field.all("de")]
    return replace(known, people=tuple(_with_role(person, statements) for person in known.people))


def _as_marc21(field: Field) -> Field:
    """Title 245 (and its 880) with $d and $e as one $c, and a parallel title behind " = "."""
    if not _is_title(field):
        return field
    statement = " ; ".join(text(value).strip(" ;/") for value in field.all("de"))
    kept = [(code, value) for code, value in field.subfields if code not in "dex"]
    kept = [(code, _with_parallels(value, field) if code == "a" else value) for code, value in kept]
    return replace(field, subfields=(*kept, ("c", statement)) if statement else tuple(kept))


def _with_parallels(title: str, field: Field) -> str:
    others = [text(value).lstrip("= ") for value in field.all("x")]
    return " = ".join([title.rstrip(" ="), *others]) if others else title


def _with_role(person: Person, statements: list[str]) -> Person:
    """The person with the role that the statement naming them says; the first statement is the author's."""
    for at, statement in enumerate(statements):
        if _squeezed(person.name) in _squeezed(statement):
            return replace(person, role=_role_beside(person, statement) or ("author" if at == 0 else person.role))
    return person


def _role_beside(person: Person, statement: str) -> RoleName | None:
    """The role said by the first word of a role after the name."""
    after = statement.partition(person.name)[2] or statement
    roles = (role_of_term(word) for word in _NAME_END.split(after) if word)
    return next((role for role in roles if role), None)


def _squeezed(value: str) -> str:
    return re.sub(r"[\s,]", "", value)
