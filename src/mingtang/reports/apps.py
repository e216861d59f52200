"""The app reports."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "mingtang.reports"
    label = "reports"
