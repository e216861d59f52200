"""Atom (RFC 4287) of public items: for the feeds of the section and for the static bundle."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from mingtang.base.clock import today
from mingtang.disclosure.rules.items import Column
from mingtang.disclosure.rules.text import plain
from mingtang.regions import queries as regions

SUMMARY = 300  # characters of a text


def atom(
    site: str,
    title: str,
    items: Sequence[Any],
    page: str,
    path: str,
    *,
    pages: Mapping[int, str] | None = None,
) -> str:
    """The feed of items, read with their published versions. `page`: what it is the feed of;
    `pages`: where items stand that have a page beside the section's own."""
    names = regions.names_of({one.organisation_id for one in items}, today())
    made = Atom1Feed(
        title=f"{title} · {settings.MINGTANG_SITE_NAME}",
        link=f"{site}{page}",
        description="",
        feed_url=f"{site}{path}",
        language=settings.LANGUAGE_CODE,
        author_name=settings.MINGTANG_CENTRE_NAME,
    )
    for one in items:
        version = one.published_version
        own = (pages or {}).get(one.id) or reverse("openness:item", args=[one.id])
        link = f"{site}{own}"
        made.add_item(
            title=version.title,
            link=link,
            description=plain(version.body, SUMMARY),
            unique_id=link,
            author_name=names.get(one.organisation_id, ""),
            updateddate=one.published_at,
            pubdate=one.published_at,
            categories=[Column(version.column).label],
        )
    return str(made.writeString("utf-8"))
