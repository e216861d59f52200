"""The app joint: 并联审批."""

from django.apps import AppConfig


class JointConfig(AppConfig):
    name = "mingtang.joint"
    label = "joint"
