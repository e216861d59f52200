"""Services of the exchange."""

from mingtang.exchange.services.batches import export, note_returned, receive, take_items
from mingtang.exchange.services.codes import set_code

__all__ = ["export", "note_returned", "receive", "set_code", "take_items"]
