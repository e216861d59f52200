"""The app bottlenecks."""

from django.apps import AppConfig


class BottlenecksConfig(AppConfig):
    name = "mingtang.bottlenecks"
    label = "bottlenecks"
