"""The app cases."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "mingtang.cases"
    label = "cases"

    def ready(self) -> None:
        from mingtang.base import subjects
        from mingtang.cases.present import page_of

        subjects.register("case", page_of)
