"""The app counts."""

from django.apps import AppConfig


class CountsConfig(AppConfig):
    name = "mingtang.counts"
    label = "counts"
