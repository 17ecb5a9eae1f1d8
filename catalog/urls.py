"""Addresses of the catalogue."""

from django.urls import URLPattern

app_name = "catalog"
urlpatterns: list[URLPattern] = []
