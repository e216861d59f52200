"""The app messages."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "mingtang.messages"
    label = "mailroom"  # Django's own flash messages have the label "messages" already
