"""The app joint: 并联审批."""

from django.apps import AppConfig


class JointConfig(AppConfig):
    name = "mingtang.joint"
    label = "joint"

    def ready(self) -> None:
        from mingtang.base import subjects, tracking
        from mingtang.joint import queries
        from mingtang.joint.holdings import HOLDER
        from mingtang.joint.paper import ROOM
        from mingtang.joint.present import SHOWN, page_for_case, page_of_matter, titles
        from mingtang.joint.services import matter_by_code
        from mingtang.outage import rooms
        from mingtang.persons import holdings

        subjects.register("joint", page_of_matter, titles)
        subjects.register("joint_of_case", page_for_case)
        tracking.register(
            tracking.Tracked(
                queries.is_number, matter_by_code, session_key=SHOWN, route="joint:progress_of"
            )
        )
        holdings.register(HOLDER)
        rooms.register(ROOM)
