"""Services of screens."""

from mingtang.screens.services.boards import count_hours, end_insert, insert
from mingtang.screens.services.devices import (
    accept_message,
    add_device,
    beat,
    pair,
    renew_code,
    revoke,
    set_volume,
)

__all__ = [
    "accept_message",
    "add_device",
    "beat",
    "count_hours",
    "end_insert",
    "insert",
    "pair",
    "renew_code",
    "revoke",
    "set_volume",
]
