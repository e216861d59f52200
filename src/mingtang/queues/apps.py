"""The app queues."""

from django.apps import AppConfig


class QueuesConfig(AppConfig):
    name = "mingtang.queues"
    label = "queues"

    def ready(self) -> None:
        from mingtang.persons import holdings, retention
        from mingtang.queues.holdings import HOLDER, KIND

        holdings.register(HOLDER)
        retention.register(KIND)
