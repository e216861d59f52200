"""The app messages."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "mingtang.messages"
    label = "mailroom"  # Django's own flash messages have the label "messages" already

    def ready(self) -> None:
        from mingtang.accounts.backend import read_beside
        from mingtang.messages.holdings import HOLDER, KIND
        from mingtang.messages.queries import unread_beside
        from mingtang.persons import holdings, retention

        read_beside("unread_count", unread_beside)
        holdings.register(HOLDER)
        retention.register(KIND)
