"""The daily check of the site by the national indicators, and the command that writes it down.

Nothing is fetched from other hosts: of links, only those that lead to our own pages are tried.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve, reverse

from mingtang.base.clock import legal_date
from mingtang.base.ids import derived_command_id
from mingtang.disclosure import queries
from mingtang.disclosure.models import Publication, SiteCheck
from mingtang.disclosure.queries.checks import columns_of_organs
from mingtang.disclosure.queries.every import public_after, public_exists
from mingtang.disclosure.rules import checks
from mingtang.disclosure.rules.checks import Found, Result
from mingtang.disclosure.rules.items import Column
from mingtang.disclosure.services.common import Result as Facts
from mingtang.files.queries import uploads_by_subject
from mingtang.files.services import path_of
from mingtang.ledger.rules import SYSTEM, Actor
from mingtang.ledger.services import command, record
from mingtang.regions import queries as regions

CHUNK = 200
LINK = re.compile(r"https?://[^\s<>\"'）】」]{4,300}|(?<![\w/:])/disclosure/[\w./\-]{1,200}")
ITEM_ROUTE = "openness:item"


@command("site.check")
def run_check(*, day: str, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Check everything as of a day and write the rows in place of that day's earlier ones.

    Records "site.checked" with how many of each result.
    """
    on = date.fromisoformat(day)
    found = list(_found(on))
    found = checks.in_order([*checks.vetoes(found), *found])
    SiteCheck.objects.filter(day=on).delete()
    SiteCheck.objects.bulk_create(
        (_row(one, place, on, at) for place, one in enumerate(found, 1)), batch_size=200
    )
    counts = {one.value: sum(row.result is one for row in found) for one in Result}
    record(
        stream="site:checks",
        kind="site.checked",
        facts={"day": day, "results": counts},
        actor=actor,
        at=at,
        command_id=command_id,
    )
    return counts


def _row(one: Found, place: int, on: date, at: datetime) -> SiteCheck:
    return SiteCheck(
        day=on,
        position=place,
        code=one.code,
        organisation_id=one.organisation_id,
        target=one.target[:200],
        result=one.result.value,
        said=one.said[:300],
        days_left=one.days_left,
        address=one.address[:300],
        checked_at=at,
    )


def sweep_checks(at: datetime) -> int:
    """Once a day. Late or twice: the same result."""
    day = legal_date(at)
    if SiteCheck.objects.filter(day=day).exists():
        return 0
    told = {"actor": SYSTEM, "at": at, "command_id": derived_command_id("site_check", day)}
    return sum(run_check(day=day.isoformat(), **told).values())


def _found(on: date) -> Iterator[Found]:
    counts = queries.public_counts()
    latest = max((one.latest for one in counts.values()), default=None)
    yield checks.age(checks.HOME, latest, on, target="首页和公开专栏", address=reverse("site:home"))
    for column in Column:
        kept = counts.get(column)
        address = reverse("openness:column", args=[column.value])
        yield checks.column(
            column, kept.count if kept else 0, kept.latest if kept else None, on, address=address
        )
    yield from _organs(on)
    yield from _tags()
    yield from _items(on)
    yield Found(
        checks.LETTERS.code,
        Result.UNKNOWN,
        "咨询留言的答复由政民互动模块管理，请到那里核对有没有超过 3 个月未答复的。",
    )


def _organs(on: date) -> Iterator[Found]:
    """Columns of organs. One that an organ has never filled is none of its columns."""
    found = columns_of_organs()
    cards = {card.id: card for card in regions.organisation_cards(on)} if found else {}
    for organ, columns in sorted(found.items()):
        card = cards[organ]
        address = reverse("openness:organ", args=[card.code])
        for column, kept in columns.items():
            row = checks.column(
                *(column, kept.count, kept.latest, on), address=address, organ=card.short_name
            )
            yield checks.of_organ(row, organ)


def _tags() -> Iterator[Found]:
    wanted = (
        ("网站标识码（SiteIDCode）", settings.MINGTANG_SITE_ID_CODE, "MINGTANG_SITE_ID_CODE"),
        ("网站域名（SiteDomain）", settings.MINGTANG_PUBLIC_URL, "MINGTANG_PUBLIC_URL"),
        ("主办单位", settings.MINGTANG_CENTRE_NAME, "MINGTANG_CENTRE_NAME"),
        ("联系电话", settings.MINGTANG_HOTLINE, "MINGTANG_HOTLINE"),
    )
    for label, value, name in wanted:
        said = f"{label}已设置。" if value else f"{label}没有设置，请系统管理员设置 {name}。"
        yield Found(checks.TAG, Result.OK if value else Result.STALE, said, label)


def _items(on: date) -> Iterator[Found]:
    """Links, files and dates of all that is public; a line of its own only where one is wrong."""
    wrong: list[Found] = []
    seen = last = 0
    while part := public_after(last, CHUNK):
        wrong += _files(part)
        for item in part:
            wrong += _links(item)
            wrong += _dates(item, on)
        seen, last = seen + len(part), part[-1].id
    yield from wrong
    codes = {one.code for one in wrong}
    for code in (checks.LINK, checks.FILE, checks.PUBLISHED):
        if code not in codes:
            said = f"检查了 {seen} 条公开信息，没有发现{checks.LABELS[code]}问题。"
            yield Found(code, Result.OK, said)


def _at(item: Publication) -> str:
    return reverse(ITEM_ROUTE, args=[item.id])


def _files(part: list[Publication]) -> list[Found]:
    """Attachments that a reader cannot open."""
    named = [item for item in part if item.published_version and item.published_version.attachments]
    kept = uploads_by_subject([item.subject for item in named]) if named else {}
    wrong = []
    for item in named:
        assert item.published_version is not None
        uploads = {str(one.id): one for one in kept.get(item.subject, [])}
        for file in item.published_version.attachments:
            upload = uploads.get(str(file["upload_id"]))
            if upload is None or not upload.may_leave or not path_of(upload.storage_key).exists():
                said = f"《{item.published_version.title}》的附件“{file['name']}”打不开。"
                wrong.append(_wrong(checks.FILE, said, item))
    return wrong


def _links(item: Publication) -> Iterator[Found]:
    """Links to our own pages that lead nowhere."""
    version = item.published_version
    assert version is not None
    for address in LINK.findall(version.body):
        path = _own_path(address)
        if path and not _leads(path):
            said = f"《{version.title}》里的链接 {path} 打不开。"
            yield _wrong(checks.LINK, said, item)


def _own_path(address: str) -> str:
    """The path of a link to our own pages; blank for one that leads elsewhere. What is no address,
    as https://[网址]/, leads nowhere either: it is given back whole."""
    try:
        parts = urlsplit(address.rstrip("。，；、,.;"))
    except ValueError:
        return address
    own = urlsplit(settings.MINGTANG_PUBLIC_URL).netloc
    return parts.path or "/" if not parts.netloc or (own and parts.netloc == own) else ""


def _leads(path: str) -> bool:
    try:
        match = resolve(path)
    except Resolver404:
        return False
    if match.view_name != ITEM_ROUTE:
        return True
    return public_exists(match.kwargs["publication_id"])


def _dates(item: Publication, on: date) -> Iterator[Found]:
    """单项否决“伪造发布日期”: a date on which the item was not yet written, or not yet come."""
    assert item.public_date is not None
    version: Any = item.published_version
    if item.public_date > on or item.public_date < legal_date(item.drafted_at):
        said = f"《{version.title}》的公开日期 {item.public_date} 与记录不符，请立即核对。"
        yield Found(
            checks.PUBLISHED,
            Result.VETO,
            said,
            organisation_id=item.organisation_id,
            address=_at(item),
        )


def _wrong(code: str, said: str, item: Publication) -> Found:
    return Found(code, Result.STALE, said, organisation_id=item.organisation_id, address=_at(item))
