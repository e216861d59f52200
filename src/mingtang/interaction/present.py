"""What pages show of ratings, and where the pages about them stand."""

from typing import Any

from django.urls import reverse

from mingtang.base.ids import parse_id
from mingtang.cases.queries import number_of
from mingtang.interaction import queries
from mingtang.interaction.models import Rating
from mingtang.interaction.rules import Level, RatingChannel


def _case(key: str) -> tuple[str, str] | None:
    """Stream and number of the case with this id."""
    case_id = parse_id(key)
    number = None if case_id is None else number_of(case_id)
    return (f"case:{case_id}", number) if number else None


def page_to_rate(key: str, for_staff: bool) -> str | None:
    """The page of the subject `rating:KEY`, KEY a case: there while its service is unrated."""
    found = _case(key)
    if found is None or for_staff:
        return None
    subject, number = found
    service = queries.service_of(subject)
    if service is None or queries.rating_of(subject, service) is not None:
        return None
    return reverse("interaction:rate", args=[number])


def page_of_rating(key: str, for_staff: bool) -> str | None:
    """The page of the subject `rated:KEY`, KEY a case: there once it was rated."""
    found = _case(key)
    if found is None or not queries.is_rated(found[0]):
        return None
    route = "interaction:ratings" if for_staff else "interaction:rate"
    return reverse(route, args=[found[1]])


def shown(rating: Rating) -> dict[str, Any]:
    level = Level(rating.level)
    return {
        "level": level.label,
        "tone": level.tone,
        "text": rating.text,
        "at": rating.rated_at,
        "channel": RatingChannel(rating.channel).label,
    }
