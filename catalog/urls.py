"""Addresses of the catalogue."""

from django.urls import path

from catalog.views import (
    books,
    cataloguing,
    covers,
    exports,
    imports,
    labels,
    pictures,
    search,
    shelves,
    sources,
    stories,
    wording,
)

app_name = "catalog"
urlpatterns = [
    path("", shelves.home, name="home"),
    path("pictures/", pictures.pictures_first, name="pictures_first"),
    path("search/", search.results, name="search"),
    path("search/suggestions/", search.suggestions, name="suggestions"),
    path("books/<int:edition_id>/", books.book, name="book"),
    path("covers/<int:edition_id>/<slug:size>/", covers.cover, name="cover"),
    path("words/", wording.words, name="words"),
    path("words/<slug:language>/<int:number>/", wording.word, name="word"),
    path("words/<slug:language>/words.patch", wording.patch, name="words_patch"),
    path("cataloguing/add/", cataloguing.add_book, name="add_book"),
    path("cataloguing/sources/", sources.ask_sources, name="ask_sources"),
    path("cataloguing/books/<int:edition_id>/", cataloguing.edit_book, name="edit_book"),
    path("cataloguing/books/<int:edition_id>/copies/", cataloguing.add_copy, name="add_copy"),
    path("cataloguing/books/<int:edition_id>/story/", stories.story, name="story"),
    path("cataloguing/books/<int:edition_id>/story/join/", stories.join, name="join_story"),
    path("cataloguing/books/<int:edition_id>/story/split/", stories.split, name="split_story"),
    path("cataloguing/stories/", stories.stories, name="stories"),
    path("cataloguing/stories/changes/<int:change_id>/undo/", stories.undo, name="undo_story"),
    path("cataloguing/imports/", imports.imports, name="imports"),
    path("cataloguing/imports/<int:run_id>/", imports.import_run, name="import"),
    path("cataloguing/imports/<int:run_id>/columns/", imports.name_columns, name="import_columns"),
    path("cataloguing/imports/<int:run_id>/go/", imports.confirm, name="confirm_import"),
    path("cataloguing/imports/<int:run_id>/undo/", imports.undo, name="undo_import"),
    path("cataloguing/imports/<int:run_id>/discard/", imports.discard, name="discard_import"),
    path("cataloguing/export/", exports.export, name="export"),
    path("cataloguing/export/<slug:form>/", exports.download, name="download"),
    path("cataloguing/labels/", labels.choose, name="labels"),
    path("cataloguing/labels/labels.pdf", labels.sheet, name="label_sheet"),
    path("cataloguing/labels/signs.pdf", labels.signs, name="signs"),
    path("cataloguing/copies/<int:copy_id>/label.pdf", cataloguing.label, name="label"),
]
