"""The app accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "mingtang.accounts"
    label = "accounts"
