"""What search is asked beside words, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

Sort = Literal["relevance", "newest", "title"]
FACETS = ("language", "age_band", "subject", "format", "branch")
INDEX_REBUILDING = "index_rebuilding"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader has picked. An empty value filters nothing; several languages mean any of them."""

    languages: tuple[str, ...] = ()
    age_band: str = ""
    subject: str = ""
    format: str = ""
    branch: str = ""
    on_shelf: bool = False
    sort: Sort = "relevance"

    def picked(self) -> dict[str, tuple[str, ...]]:
        """The facets that are filtered, each with the values of which a book must have one."""
        values = {
            "language": tuple(primary(code) for code in self.languages if code),
            "age_band": (self.age_band,),
            "subject": (self.subject,),
            "format": (self.format,),
            "branch": (self.branch,),
        }
        return {name: chosen for name, chosen in values.items() if any(chosen)}


@dataclass(frozen=True, slots=True)
class Hit:
    """One edition found. Scores compare within one answer only."""

    edition_id: int
    score: float


@dataclass(frozen=True, slots=True)
class Facet:
    """One value that a reader may pick, and how many books it would leave."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Results:
    """One page of an answer. `notice` is "", or INDEX_REBUILDING when the database answered without the index."""

    hits: tuple[Hit, ...] = ()
    total: int = 0
    facets: Mapping[str, tuple[Facet, ...]] = field(default_factory=lambda: MappingProxyType(dict.fromkeys(FACETS, ())))
    did_you_mean: str | None = None
    notice: str = ""


def primary(code: str) -> str:
    """The language of a BCP 47 code without script or region: what the language facet counts (zh-Hans -> zh)."""
    return code.replace("_", "-").split("-")[0].lower()
