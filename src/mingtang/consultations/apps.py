"""The app consultations."""

from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    name = "mingtang.consultations"
    label = "consultations"

    def ready(self) -> None:
        from mingtang.base import subjects
        from mingtang.consultations.hidden import of_subject
        from mingtang.consultations.holdings import HOLDER
        from mingtang.consultations.present import page_of_activity, titles_of_activities
        from mingtang.persons import holdings, opening

        opening.register("comment", of_subject)
        subjects.register("consultation", page_of_activity, titles_of_activities)
        holdings.register(HOLDER)
