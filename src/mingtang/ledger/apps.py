"""The app ledger."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "mingtang.ledger"
    label = "ledger"
