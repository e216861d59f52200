"""The app cases."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "mingtang.cases"
    label = "cases"

    def ready(self) -> None:
        from mingtang.base import subjects
        from mingtang.cases.holdings import HOLDER
        from mingtang.cases.paper import ROOM
        from mingtang.cases.present import page_of, pages_of, titles
        from mingtang.cases.present.hidden import of_subject
        from mingtang.cases.queries.papers import standing_of
        from mingtang.files import standing
        from mingtang.outage import rooms
        from mingtang.persons import holdings, opening

        subjects.register("case", page_of, titles, pages_of)
        standing.register("case", standing_of)
        opening.register("case", of_subject)
        holdings.register(HOLDER)
        rooms.register(ROOM)
