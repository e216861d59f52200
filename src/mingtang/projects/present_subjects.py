"""Where the pages about agents' letters, engagements and firms stand, and what these are called."""

from collections.abc import Callable, Iterable

from django.urls import reverse

from mingtang.base.clock import today
from mingtang.base.ids import parse_id
from mingtang.projects.queries import agency, intermediaries


def page_of_letter(key: str, for_staff: bool) -> str | None:
    """The page about `agency:KEY`; owners have all theirs on one."""
    letter_id = parse_id(key)
    if letter_id is None:
        return None
    return reverse("agents:letter", args=[letter_id]) if for_staff else reverse("agents:mine")


def titles_of_letters(keys: Iterable[str]) -> dict[str, str]:
    return _by_key(keys, agency.titles_of)


def page_of_engagement(key: str, for_staff: bool) -> str | None:
    """The page about `engagement:KEY`: the services of its project."""
    engagement_id = parse_id(key)
    if engagement_id is None:
        return None
    if not for_staff:
        return reverse("agents:mine")
    project_id = intermediaries.project_of(engagement_id)
    return reverse("agents:of_project", args=[project_id]) if project_id else None


def titles_of_engagements(keys: Iterable[str]) -> dict[str, str]:
    return _by_key(keys, intermediaries.titles_of_engagements)


def page_of_firm(key: str, for_staff: bool) -> str | None:
    """The page about `intermediary:KEY`; everybody else has the list."""
    firm_id = parse_id(key)
    if firm_id is None:
        return None
    return reverse("agents:firm", args=[firm_id]) if for_staff else reverse("agents:directory")


def titles_of_firms(keys: Iterable[str]) -> dict[str, str]:
    return _by_key(keys, intermediaries.names_of)


def page_of_owner(key: str, for_staff: bool) -> str | None:
    """The slot on a citizen's own page (`agency_of:PERSON`): what was done for the owners for whom
    they speak, where there is any."""
    person_id = parse_id(key)
    if person_id is None or for_staff:
        return None
    on = today()
    found = agency.owners_letters(person_id, on)
    is_served = bool(found or intermediaries.owners_engagements(person_id, on))
    return reverse("agents:mine") if is_served else None


def _by_key(
    keys: Iterable[str], titles: Callable[[Iterable[int]], dict[int, str]]
) -> dict[str, str]:
    ids = {key: found for key in keys if (found := parse_id(key)) is not None}
    known = titles(ids.values())
    return {key: known[one] for key, one in ids.items() if one in known}
