"""The app requests: 依申请公开."""

from django.apps import AppConfig


class RequestsConfig(AppConfig):
    name = "mingtang.requests"
    label = "requests"

    def ready(self) -> None:
        from mingtang.base import subjects
        from mingtang.outage import rooms
        from mingtang.persons import holdings, opening
        from mingtang.requests.hidden import of_subject
        from mingtang.requests.holdings import HOLDER
        from mingtang.requests.paper import ROOM
        from mingtang.requests.present import page_of_request, page_to_ask, titles_of_requests

        subjects.register("request", page_of_request, titles_of_requests)
        subjects.register("information_requests", page_to_ask)
        opening.register("request", of_subject)
        holdings.register(HOLDER)
        rooms.register(ROOM)
