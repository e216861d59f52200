"""The app queues."""

from django.apps import AppConfig


class QueuesConfig(AppConfig):
    name = "mingtang.queues"
    label = "queues"
