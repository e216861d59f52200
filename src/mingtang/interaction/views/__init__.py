"""Views of interaction."""

from mingtang.interaction.views.citizen import by_token, correct, rate, rerate
from mingtang.interaction.views.desk import (
    act_on_bad_rating,
    bad_rating,
    bad_ratings,
    call,
    prompt,
    publish,
    rates,
    slip,
)
from mingtang.interaction.views.open import satisfaction, token_qr, words

__all__ = [
    "act_on_bad_rating",
    "bad_rating",
    "bad_ratings",
    "by_token",
    "call",
    "correct",
    "prompt",
    "publish",
    "rate",
    "rates",
    "rerate",
    "satisfaction",
    "slip",
    "token_qr",
    "words",
]
