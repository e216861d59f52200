"""What pages show of assessment, and where the pages about it stand."""

from django.urls import reverse

from mingtang.assessment import queries
from mingtang.base.ids import parse_id


def page_of_sheet(key: str, for_staff: bool) -> str | None:
    """The page of the subject `sheet:KEY`; the public has none."""
    sheet_id = parse_id(key)
    if not for_staff or sheet_id is None or not queries.sheet_subject(sheet_id):
        return None
    return reverse("assessment:sheet", args=[key])
