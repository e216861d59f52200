"""The app villages: 三务公开."""

from django.apps import AppConfig


class VillagesConfig(AppConfig):
    name = "mingtang.villages"
    label = "villages"

    def ready(self) -> None:
        from mingtang.base import subjects
        from mingtang.persons import opening
        from mingtang.villages.hidden import of_subject
        from mingtang.villages.present import page_of, titles

        subjects.register("village", page_of, titles)
        opening.register("objection", of_subject)
