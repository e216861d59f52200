"""The app persons: 个人信息, what is held about somebody and who has looked at it."""

from django.apps import AppConfig


class PersonsConfig(AppConfig):
    name = "mingtang.persons"
    label = "persons"

    def ready(self) -> None:
        from mingtang.persons import account, holdings, refusals, retention, sessions

        holdings.register(account.HOLDER)
        retention.register(sessions.KIND)
        retention.register(refusals.KIND)
