"""Administration pages of the catalogue. A change here reaches the search index as one from the desk does."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin

from catalog.models import (
    AgeBand,
    Branch,
    Contribution,
    Contributor,
    Copy,
    Donation,
    Donor,
    Edition,
    Shelf,
    Subject,
    Work,
)
from catalog.search import indexing


def changed(editions: QuerySet[Edition]) -> None:
    """Count their revisions up, and have the index follow after the commit."""
    editions.update(revision=F("revision") + 1)
    indexing.schedule()


class ContributionInline(admin.TabularInline[Contribution, Edition]):
    model = Contribution
    autocomplete_fields = ("contributor",)
    extra = 0


class CopyInline(admin.TabularInline[Copy, Edition]):
    """Copies of a book; new ones come with a label, from the cataloguing page."""

    model = Copy
    fields = ("barcode", "branch", "shelf", "status", "call_number", "note")
    readonly_fields = ("barcode",)
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Edition | None = None) -> bool:
        return False


@admin.register(Work)
class WorkAdmin(TranslationAdmin[Work]):
    list_display = ("title", "source_id")
    search_fields = ("title_ko", "title_en", "source_id", "editions__title")

    def save_model(self, request: HttpRequest, obj: Work, form: Any, change: bool) -> None:
        """A story's titles find all its books."""
        super().save_model(request, obj, form, change)
        changed(obj.editions.all())


@admin.register(Edition)
class EditionAdmin(admin.ModelAdmin[Edition]):
    """Everything about a book, also what the cataloguing page does not ask."""

    list_display = ("title", "language", "year", "isbn", "suppressed")
    list_filter = ("suppressed", "format", "age_band")
    search_fields = ("title", "romanised_title", "isbn", "source_id")
    autocomplete_fields = ("work", "subjects")
    readonly_fields = ("cover", "cover_color", "source_id", "source", "source_url", "licence", "updated_at")
    inlines = (ContributionInline, CopyInline)
    actions = ("hide", "show")
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Books are added on the cataloguing page, which looks for doubles and gives the copy its barcode."""
        return False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The book with its people, topics and copies."""
        super().save_related(request, form, formsets, change)
        changed(Edition.objects.filter(pk=form.instance.pk))

    @admin.action(description=_("Hide from readers"))
    def hide(self, request: HttpRequest, queryset: QuerySet[Edition]) -> None:
        """Take the chosen books off the pages of families."""
        queryset.update(suppressed=True)
        changed(queryset)

    @admin.action(description=_("Show to readers"))
    def show(self, request: HttpRequest, queryset: QuerySet[Edition]) -> None:
        """Put the chosen books on the pages of families again."""
        queryset.update(suppressed=False)
        changed(queryset)


@admin.register(Contributor)
class ContributorAdmin(admin.ModelAdmin[Contributor]):
    list_display = ("name", "romanised_name")
    search_fields = ("name", "romanised_name")

    def save_model(self, request: HttpRequest, obj: Contributor, form: Any, change: bool) -> None:
        """A name finds all books of the person."""
        super().save_model(request, obj, form, change)
        changed(Edition.objects.filter(contributions__contributor=obj))


@admin.register(Copy)
class CopyAdmin(admin.ModelAdmin[Copy]):
    list_display = ("barcode", "edition", "branch", "status", "call_number")
    list_filter = ("branch", "status", "uncatalogued")
    list_select_related = ("edition", "branch")
    search_fields = ("barcode", "call_number", "edition__title")
    autocomplete_fields = ("edition", "donation")
    readonly_fields = ("barcode", "accessioned_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Copies are added on the cataloguing page, which gives them their barcode and label."""
        return False

    def save_model(self, request: HttpRequest, obj: Copy, form: Any, change: bool) -> None:
        """Barcode and call number are searched too."""
        super().save_model(request, obj, form, change)
        changed(Edition.objects.filter(pk=obj.edition_id))


@admin.register(Donation)
class DonationAdmin(admin.ModelAdmin[Donation]):
    list_display = ("received_on", "donor", "branch")
    list_select_related = ("donor", "branch")
    search_fields = ("donor__name",)
    autocomplete_fields = ("donor",)


@admin.register(Donor)
class DonorAdmin(admin.ModelAdmin[Donor]):
    list_display = ("name", "language", "dedication", "yearly_since")
    search_fields = ("name",)


@admin.register(Subject)
class SubjectAdmin(TranslationAdmin[Subject]):
    list_display = ("name", "slug", "icon")
    search_fields = ("slug", "name_ko", "name_en")


@admin.register(AgeBand)
class AgeBandAdmin(TranslationAdmin[AgeBand]):
    list_display = ("name", "slug", "from_age", "to_age")


@admin.register(Branch)
class BranchAdmin(TranslationAdmin[Branch]):
    list_display = ("name", "code", "address")
    search_fields = ("code", "name_ko", "name_en")


@admin.register(Shelf)
class ShelfAdmin(TranslationAdmin[Shelf]):
    list_display = ("name", "branch", "code")
    list_filter = ("branch",)
    list_select_related = ("branch",)
