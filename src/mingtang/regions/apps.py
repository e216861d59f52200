"""The app regions."""

from django.apps import AppConfig


class RegionsConfig(AppConfig):
    name = "mingtang.regions"
    label = "regions"
