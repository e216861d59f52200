"""The app catalogue."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "mingtang.catalogue"
    label = "catalogue"
