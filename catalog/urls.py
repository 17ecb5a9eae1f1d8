"""Addresses of the catalogue."""

from django.urls import path

from catalog.views import books, cataloguing, covers, pictures, search, shelves, sources, wording

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
    path("cataloguing/copies/<int:copy_id>/label.pdf", cataloguing.label, name="label"),
]
