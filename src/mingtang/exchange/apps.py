"""The app exchange."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "mingtang.exchange"
    label = "exchange"
