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

__all__ = [
    "AgeBand",
    "Branch",
    "CollectionStatus",
    "Contribution",
    "Contributor",
    "Copy",
    "Donation",
    "Edition",
    "EditionQuerySet",
    "Format",
    "Role",
    "Shelf",
    "Subject",
    "Work",
]
