"""The app timing."""

from django.apps import AppConfig


class TimingConfig(AppConfig):
    name = "mingtang.timing"
    label = "timing"
