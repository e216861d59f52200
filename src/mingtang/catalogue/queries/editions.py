"""Reads of editions that are no longer in force: what a case was filed under stays readable."""

from typing import Any

from mingtang.base.clock import legal_date
from mingtang.base.errors import NotFound
from mingtang.catalogue import queries
from mingtang.catalogue.models import Edition, Item
from mingtang.catalogue.queries.listing import fee_in_short


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


def kind_of_edition(edition_id: int) -> str:
    """What kind of item an edition is of, as its code; "" for an unknown edition."""
    found = Edition.objects.filter(id=edition_id).values_list("kind", flat=True).first()
    return found or ""


def fee_of_edition(edition_id: int) -> str:
    """What an edition says of fees, in short; "" where it says nothing."""
    edition = Edition.objects.filter(id=edition_id).first()
    return fee_in_short(edition) if edition else ""


def fees_differ(edition_id: int) -> bool:
    """Whether an edition says something else of fees than the one before it."""
    edition = Edition.objects.filter(id=edition_id).first()
    if edition is None:
        return False
    before = Edition.objects.filter(item=edition.item_id, number__lt=edition.number)
    earlier = before.order_by("-number").first()
    if earlier is None:
        return False
    return (edition.fee, edition.is_free, queries.fees_of(edition)) != (
        earlier.fee,
        earlier.is_free,
        queries.fees_of(earlier),
    )


def name_of_item(code: str) -> str:
    """The name of an item, abolished or not; its code where there is none."""
    found = Item.objects.filter(code=code).values_list("name", flat=True).first()
    return found or code
