"""The app channels."""

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "mingtang.channels"
    label = "channels"
