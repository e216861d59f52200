"""The app joint: 并联审批."""

from django.apps import AppConfig


class JointConfig(AppConfig):
    name = "mingtang.joint"
    label = "joint"

    def ready(self) -> None:
        from mingtang.base import subjects
        from mingtang.joint.present import page_for_case, page_of_matter, titles

        subjects.register("joint", page_of_matter, titles)
        subjects.register("joint_of_case", page_for_case)
