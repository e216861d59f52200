"""Reads of editions that are no longer in force: what a case was filed under stays readable."""

from typing import Any

from mingtang.base.clock import legal_date
from mingtang.base.errors import NotFound
from mingtang.catalogue import queries
from mingtang.catalogue.models import Edition


def edition_detail(code: str, number: int) -> dict[str, Any]:
    """An item as one edition of it said, with the names of its day. Raises NotFound.

    Nothing is filed from this page: an application goes to the edition in force.
    """
    item, current = queries.published(code)
    edition = Edition.objects.filter(item=item, number=number).first()
    if edition is None:
        raise NotFound("没有这一版，请回到事项页查看现行版本。")
    told = queries.describe(item, edition, legal_date(edition.published_at))
    return told | {"can_file": False, "current_number": current.number}
