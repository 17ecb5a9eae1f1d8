"""Work, Edition and what describes them. `Edition.title` is the original and is never translated."""

from typing import ClassVar

from django.db import models
from django.db.models.fields.json import KT
from django.utils.translation import gettext_lazy as _


class AgeBand(models.Model):
    """A span of reader's ages as printed on the shelf, e.g. 3-5 years. `name` is translated."""

    slug = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=60)
    from_age = models.PositiveSmallIntegerField(_("from age"))
    to_age = models.PositiveSmallIntegerField(_("to age"))

    class Meta:
        verbose_name = _("age band")
        verbose_name_plural = _("age bands")
        ordering: ClassVar = ["from_age"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(from_age__lte=models.F("to_age")), name="age_band_in_order"),
        ]

    def __str__(self) -> str:
        return self.name


class Subject(models.Model):
    """A topic a child or parent picks, e.g. animals. `name` is translated."""

    slug = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=60)
    icon = models.CharField(max_length=30, blank=True)

    class Meta:
        verbose_name = _("subject")
        verbose_name_plural = _("subjects")
        ordering: ClassVar = ["slug"]

    def __str__(self) -> str:
        return self.name


class Work(models.Model):
    """A story, whatever the language it is printed in. `title` and `summary` are translated."""

    source_id = models.CharField(max_length=120, unique=True, null=True, blank=True, default=None)
    title = models.CharField(_("title"), max_length=500, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("work")
        verbose_name_plural = _("works")

    def __str__(self) -> str:
        return self.title or f"work {self.pk}"


class Format(models.TextChoices):
    """The kind of item; circulation policies may tell them apart."""

    PICTURE_BOOK = "picture_book", _("Picture book")
    STORY_BOOK = "story_book", _("Story book")
    COMIC = "comic", _("Comic")
    BOARD_BOOK = "board_book", _("Board book")
    MAGAZINE = "magazine", _("Magazine")
    OTHER = "other", _("Other")


class EditionQuerySet(models.QuerySet["Edition"]):
    """Which editions a reader may see, and what a page of them needs."""

    def visible(self) -> "EditionQuerySet":
        """Editions that are not suppressed by a coordinator."""
        return self.filter(suppressed=False)

    def stale(self) -> "EditionQuerySet":
        """Editions whose latest revision is not in the search index."""
        return self.exclude(revision=models.F("indexed_revision"))

    def for_cards(self) -> "EditionQuerySet":
        """With everything a result card shows, in a fixed number of queries."""
        return self.select_related("work", "age_band").prefetch_related("contributions__contributor")


class Edition(models.Model):
    """A published book of one work ("book" on screen), in one language or several.

    `languages` is an ordered list of BCP-47 codes, never empty; `language` is its first.
    `revision` differs from `indexed_revision` while the search index is behind.
    """

    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="editions", verbose_name=_("work"))
    title = models.CharField(_("title"), max_length=1000)
    subtitle = models.CharField(_("subtitle"), max_length=1000, blank=True)
    romanised_title = models.CharField(_("title in Latin letters"), max_length=1000, blank=True)
    romanised_subtitle = models.CharField(max_length=1000, blank=True)
    original_title = models.CharField(_("title it was translated from"), max_length=1000, blank=True)
    languages = models.JSONField(_("languages"), default=list)
    language = models.GeneratedField(
        expression=KT("languages__0"), output_field=models.CharField(max_length=35), db_persist=True
    )
    translated_from = models.CharField(max_length=35, blank=True)
    statement = models.TextField(_("statement of responsibility"), blank=True)
    nonfiling = models.PositiveSmallIntegerField(_("letters skipped when sorting"), default=0)

    isbn = models.CharField(_("ISBN"), max_length=13, blank=True, db_index=True)
    other_isbns = models.JSONField(default=list, blank=True)
    invalid_isbns = models.JSONField(default=list, blank=True)

    publisher = models.CharField(_("publisher"), max_length=500, blank=True)
    romanised_publisher = models.CharField(max_length=500, blank=True)
    place = models.CharField(_("place"), max_length=300, blank=True)
    year = models.SmallIntegerField(_("year"), null=True, blank=True)
    extent = models.CharField(_("extent"), max_length=300, blank=True)
    series = models.CharField(_("series"), max_length=500, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    format = models.CharField(_("format"), max_length=20, choices=Format, default=Format.PICTURE_BOOK)
    audience = models.CharField(max_length=30, blank=True)
    level = models.CharField(max_length=200, blank=True)
    age_band = models.ForeignKey(
        AgeBand, on_delete=models.SET_NULL, null=True, blank=True, related_name="editions", verbose_name=_("age band")
    )
    subjects = models.ManyToManyField(Subject, blank=True, related_name="editions", verbose_name=_("subjects"))
    headings = models.JSONField(_("subject headings"), default=list, blank=True)
    ddc = models.CharField(max_length=60, blank=True)
    lcc = models.CharField(max_length=60, blank=True)
    kdc = models.CharField(max_length=60, blank=True)

    cover = models.CharField(max_length=120, blank=True)
    cover_color = models.CharField(max_length=7, blank=True)

    source_id = models.CharField(max_length=120, unique=True, null=True, blank=True, default=None)
    source = models.CharField(max_length=200, blank=True)
    source_url = models.URLField(max_length=500, blank=True)
    licence = models.CharField(max_length=200, blank=True)

    suppressed = models.BooleanField(_("hidden from readers"), default=False)
    revision = models.PositiveIntegerField(default=1, editable=False)
    indexed_revision = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("book")
        verbose_name_plural = _("books")
        indexes: ClassVar = [
            models.Index(fields=["language", "-id"], name="edition_by_language"),
            # The first page counts what there is in each language; with this it reads no book to do so.
            models.Index(fields=["language"], name="edition_languages", condition=models.Q(suppressed=False)),
            models.Index(
                fields=["id"], name="edition_stale", condition=~models.Q(revision=models.F("indexed_revision"))
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(languages=[]), name="edition_has_a_language"),
            models.CheckConstraint(condition=~models.Q(title=""), name="edition_has_a_title"),
        ]

    def __str__(self) -> str:
        return self.title


class Contributor(models.Model):
    """A person or body; `other_names` holds forms of the name in further scripts."""

    name = models.CharField(_("name"), max_length=300)
    romanised_name = models.CharField(_("name in Latin letters"), max_length=300, blank=True)
    other_names = models.JSONField(_("other forms of the name"), default=list, blank=True)

    class Meta:
        verbose_name = _("contributor")
        verbose_name_plural = _("contributors")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name", "romanised_name"], name="contributor_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a contributor did, after the MARC relators."""

    AUTHOR = "author", _("Author")
    ILLUSTRATOR = "illustrator", _("Illustrator")
    TRANSLATOR = "translator", _("Translator")
    CONTRIBUTOR = "contributor", _("Contributor")


class Contribution(models.Model):
    """One contributor's part in one edition, in the order of the title page."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="contributions")
    contributor = models.ForeignKey(Contributor, on_delete=models.PROTECT, related_name="contributions")
    role = models.CharField(max_length=20, choices=Role, default=Role.AUTHOR)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "contributor", "role"], name="contribution_once"),
        ]

    def __str__(self) -> str:
        return f"{self.contributor} ({self.get_role_display()})"
