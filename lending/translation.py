"""Fields that exist once per interface language (django-modeltranslation)."""

from modeltranslation.translator import TranslationOptions, register

from lending.models import Closure


@register(Closure)
class ClosureTranslation(TranslationOptions):
    fields = ("reason",)
