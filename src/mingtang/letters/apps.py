"""The app letters: 政民互动, every way in to one ticket."""

from django.apps import AppConfig


class LettersConfig(AppConfig):
    name = "mingtang.letters"
    label = "letters"

    def ready(self) -> None:
        from mingtang.base import subjects
        from mingtang.letters.hidden import of_subject
        from mingtang.letters.holdings import HOLDER, KIND
        from mingtang.letters.paper import ROOM
        from mingtang.letters.present import page_of_letter, page_of_search, titles_of_letters
        from mingtang.outage import rooms
        from mingtang.persons import holdings, opening, retention

        opening.register("letter", of_subject)
        subjects.register("letter", page_of_letter, titles_of_letters)
        subjects.register("letters_found", page_of_search)
        holdings.register(HOLDER)
        rooms.register(ROOM)
        retention.register(KIND)
