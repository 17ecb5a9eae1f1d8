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
from catalog.models.donations import DonatedBook, DonatedState, Donation, Donor, DonorLetter, LetterKind
from catalog.models.holdings import Branch, CollectionStatus, Copy, Shelf
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
    "DonatedBook",
    "DonatedState",
    "Donation",
    "Donor",
    "DonorLetter",
    "Edition",
    "EditionQuerySet",
    "Format",
    "ImportLine",
    "ImportRun",
    "ImportState",
    "LetterKind",
    "Outcome",
    "Role",
    "Shelf",
    "StoryChange",
    "StoryChangeKind",
    "Subject",
    "Work",
]
