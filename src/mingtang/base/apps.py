"""The app base."""

from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "mingtang.base"
    label = "base"
