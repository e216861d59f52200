"""The app disclosure."""

from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    name = "mingtang.disclosure"
    label = "disclosure"

    def ready(self) -> None:
        from mingtang.base import subjects
        from mingtang.disclosure.present import page_of_item

        subjects.register("publication", page_of_item)
