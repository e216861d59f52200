"""The app screens."""

from django.apps import AppConfig


class ScreensConfig(AppConfig):
    name = "mingtang.screens"
    label = "screens"
