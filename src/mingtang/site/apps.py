"""The app site."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "mingtang.site"
    label = "site"
