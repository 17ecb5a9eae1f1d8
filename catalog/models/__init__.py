"""What the nook holds: stories, their editions, and the copies on its shelves."""

from catalog.models.bibliographic import (
    AgeBand,
    Contribution,
    Contributor,
    Edition,
    EditionQuerySet,
    Format,
    Role,
    Subject,
    Work,
)
from catalog.models.holdings import Branch, CollectionStatus, Copy, Donation, Shelf
from catalog.models.imports import ColumnMapping, ImportLine, ImportRun, ImportState, Outcome
from catalog.models.stories import StoryChange, StoryChangeKind

__all__ = [
    "AgeBand",
    "Branch",
    "CollectionStatus",
    "ColumnMapping",
    "Contribution",
    "Contributor",
    "Copy",
    "Donation",
    "Edition",
    "EditionQuerySet",
    "Format",
    "ImportLine",
    "ImportRun",
    "ImportState",
    "Outcome",
    "Role",
    "Shelf",
    "StoryChange",
    "StoryChangeKind",
    "Subject",
    "Work",
]
