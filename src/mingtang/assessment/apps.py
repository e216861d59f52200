"""The app assessment."""

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "mingtang.assessment"
    label = "assessment"

    def ready(self) -> None:
        from mingtang.assessment.present import page_of_sheet
        from mingtang.base import subjects

        subjects.register("sheet", page_of_sheet)
