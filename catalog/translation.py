"""Fields that exist once per interface language (django-modeltranslation)."""

from modeltranslation.translator import TranslationOptions, register

from catalog.models import AgeBand, Branch, Shelf, Subject, Work


@register(Work)
class WorkTranslation(TranslationOptions):
    fields = ("title", "summary")
    fallback_values = ""


@register(Subject)
class SubjectTranslation(TranslationOptions):
    fields = ("name",)


@register(AgeBand)
class AgeBandTranslation(TranslationOptions):
    fields = ("name",)


@register(Branch)
class BranchTranslation(TranslationOptions):
    fields = ("name",)


@register(Shelf)
class ShelfTranslation(TranslationOptions):
    fields = ("name",)
