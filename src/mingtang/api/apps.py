"""The app api: 接口."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "mingtang.api"
    label = "api"
