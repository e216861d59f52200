"""The app outage: what windows give by hand while the system stands still, and how it counts."""

from django.apps import AppConfig


class OutageConfig(AppConfig):
    name = "mingtang.outage"
    label = "outage"
