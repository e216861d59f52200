"""The app troubles: what troubles the staff with the system itself (运行问题登记)."""

from django.apps import AppConfig


class TroublesConfig(AppConfig):
    name = "mingtang.troubles"
    label = "troubles"
