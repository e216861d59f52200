"""The app cases."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "mingtang.cases"
    label = "cases"
