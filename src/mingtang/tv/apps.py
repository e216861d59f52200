"""The app tv: 数字电视."""

from django.apps import AppConfig


class TvConfig(AppConfig):
    name = "mingtang.tv"
    label = "tv"

    def ready(self) -> None:
        from mingtang.base import subjects
        from mingtang.tv.views import preview_address

        subjects.register("tv_preview", preview_address)
