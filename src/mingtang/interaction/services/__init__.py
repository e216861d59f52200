"""Services of interaction."""

from mingtang.interaction.services.ratings import (
    correct,
    issue_token,
    submit,
    submit_by_token,
    submit_call,
)
from mingtang.interaction.services.texts import filtered, publish_text
from mingtang.interaction.services.tickets import (
    answer,
    approve,
    close,
    confirm,
    contact,
    dispute,
    end_as_corrected,
    open_ticket,
    people_who_acted,
    reject,
    rerate,
)

__all__ = [
    "answer",
    "approve",
    "close",
    "confirm",
    "contact",
    "correct",
    "dispute",
    "end_as_corrected",
    "filtered",
    "issue_token",
    "open_ticket",
    "people_who_acted",
    "publish_text",
    "reject",
    "rerate",
    "submit",
    "submit_by_token",
    "submit_call",
]
