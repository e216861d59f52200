"""The app persons: 个人信息, what is held about somebody and who has looked at it."""

from django.apps import AppConfig


class PersonsConfig(AppConfig):
    name = "mingtang.persons"
    label = "persons"

    def ready(self) -> None:
        from mingtang.base import subjects
        from mingtang.persons import account, holdings, present, refusals, retention, sessions

        holdings.register(account.HOLDER)
        retention.register(sessions.KIND)
        retention.register(refusals.KIND)
        subjects.register("personal", present.page_of_own_data)
