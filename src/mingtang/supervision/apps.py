"""The app supervision."""

from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "mingtang.supervision"
    label = "supervision"

    def ready(self) -> None:
        from mingtang.base import subjects
        from mingtang.files import standing
        from mingtang.supervision.present import page_of_card, page_of_watched, titles_of_cards
        from mingtang.supervision.present_tasks import page_of_task, titles_of_tasks
        from mingtang.supervision.queries.notices import standing_of

        standing.register("card", standing_of)
        subjects.register("task", page_of_task, titles_of_tasks)
        subjects.register("card", page_of_card, titles_of_cards)
        subjects.register("watched", page_of_watched)
