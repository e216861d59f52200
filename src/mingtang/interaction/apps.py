"""The app interaction."""

from django.apps import AppConfig


class InteractionConfig(AppConfig):
    name = "mingtang.interaction"
    label = "interaction"

    def ready(self) -> None:
        from mingtang.base import subjects
        from mingtang.interaction.holdings import HOLDER
        from mingtang.interaction.present import (
            page_of_rating,
            page_of_ticket,
            page_to_rate,
            ticket_titles,
        )
        from mingtang.persons import holdings

        subjects.register("rating", page_to_rate)
        subjects.register("rated", page_of_rating)
        subjects.register("bad_rating", page_of_ticket, ticket_titles)
        holdings.register(HOLDER)
