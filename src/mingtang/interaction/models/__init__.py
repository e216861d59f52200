"""Tables of interaction: ratings and their tokens, completed services, tickets of bad ratings."""

from mingtang.interaction.models.ratings import (
    PublishedText,
    Rating,
    RatingDetail,
    RatingToken,
    Service,
)
from mingtang.interaction.models.tickets import BadRating, Concerned

__all__ = [
    "BadRating",
    "Concerned",
    "PublishedText",
    "Rating",
    "RatingDetail",
    "RatingToken",
    "Service",
]
