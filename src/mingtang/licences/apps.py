"""The app licences: 证照, what a grant leaves in somebody's hands, and what becomes of it."""

from django.apps import AppConfig


class LicencesConfig(AppConfig):
    name = "mingtang.licences"
    label = "licences"

    def ready(self) -> None:
        from mingtang.base import subjects
        from mingtang.files import standing
        from mingtang.licences.holdings import HOLDER
        from mingtang.licences.present import page_of, page_of_person, standing_of_paper, titles
        from mingtang.persons import holdings

        subjects.register("licence", page_of, titles)
        subjects.register("licences_of", page_of_person)
        standing.register("case", standing_of_paper)
        holdings.register(HOLDER)
