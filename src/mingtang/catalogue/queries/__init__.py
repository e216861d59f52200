"""Reads of the catalogue: search, one item, what a case needs of an edition."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import F

from mingtang.base.clock import legal_date, today
from mingtang.base.errors import Conflict, NotFound
from mingtang.base.kept import Kept
from mingtang.base.rows import find_rows
from mingtang.catalogue.models import (
    Draft,
    Edition,
    Item,
    ItemStatus,
    LifeEventItem,
    ProcedureProfile,
)
from mingtang.catalogue.queries.basic import (
    Basics,
    all_basics,
    basic_for,
    basic_items,
    basic_lacks,
    following,
    locked_fields,
)
from mingtang.catalogue.queries.handling import (
    fees_of,
    form_of,
    materials_of,
    referred_up_of,
    required_count,
    special_of,
    steps_of,
    variants_of,
)
from mingtang.catalogue.queries.listing import (
    KINDS_SHOWN,
    LEVELS_SHOWN,
    PAGE,
    REFERRED_SHOWN,
    SERVED_SHOWN,
    ItemPage,
    ItemRow,
    all_items,
    item_names,
    item_row,
    kind_label,
    search_items,
    suggest_items,
)
from mingtang.catalogue.queries.lists import HallFigures, copies_in, hall_figures
from mingtang.catalogue.queries.telling import is_applied_for, tell
from mingtang.catalogue.rules import (
    DEFAULT_PROMISE,
    KINDS,
    SHIPPED,
    Limit,
    Profile,
    gate,
    profile_on,
)
from mingtang.catalogue.rules.content import COLUMNS, content_from
from mingtang.catalogue.rules.gate import Lack
from mingtang.regions import queries as regions
from mingtang.timing.rules import Unit

__all__ = [
    "ENQUIRY",
    "KINDS_SHOWN",
    "LEVELS_SHOWN",
    "PAGE",
    "REFERRED_SHOWN",
    "SERVED_SHOWN",
    "Basics",
    "HallFigures",
    "ItemNotFound",
    "ItemNotOpen",
    "ItemPage",
    "ItemRow",
    "Limits",
    "all_basics",
    "all_items",
    "basic_for",
    "basic_items",
    "basic_lacks",
    "content_of",
    "copies_in",
    "describe",
    "edition_content_of",
    "edition_for_filing",
    "fees_of",
    "following",
    "form_of",
    "hall_figures",
    "item_detail",
    "item_names",
    "item_row",
    "item_to_tell",
    "lacks_of",
    "lacks_with",
    "limits_of",
    "locked_fields",
    "materials_of",
    "next_code",
    "popular_items",
    "profile_by_key",
    "profile_of",
    "profiles_with_deemed_acceptance",
    "published",
    "referred_up_of",
    "required_count",
    "search_items",
    "size",
    "special_of",
    "steps_of",
    "suggest_items",
    "variants_of",
]

MOST_SHARED = 10  # life events that begin with the same item are passed over up to here
ENQUIRY = "enquiry.recorded"  # somebody asked and was handed the information sheet


class ItemNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("没有找到这个事项，请核对编码，或在网上办事中按名称查找。")


class ItemNotOpen(Conflict):
    """The item is there, but applications are not taken."""


# ── what a case needs ─────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Limits:
    """Both limits of an edition. None: no limit of this sort is set."""

    statutory: Limit | None
    promised: Limit | None
    statutory_basis: str
    promised_basis: str


def limits_of(edition: Edition) -> Limits:
    return Limits(
        statutory=_limit(edition.statutory_amount, edition.statutory_unit),
        promised=_limit(edition.promised_amount, edition.promised_unit),
        statutory_basis=edition.statutory_basis,
        promised_basis=DEFAULT_PROMISE if edition.promised_is_default else "",
    )


def _limit(amount: int | None, unit: str | None) -> Limit | None:
    return None if amount is None or unit is None else Limit(amount, Unit(unit))


def profile_of(edition: Edition) -> Profile:
    """The procedure it names, as that held on the day of its publication."""
    found = profile_by_key(edition.profile, legal_date(edition.published_at))
    assert found is not None
    return found


def profile_by_key(key: str, on: date) -> Profile | None:
    """A procedure profile on a day: from the installation's rows, or else as shipped."""
    own = tuple(row for row in _own_profiles() if row.key == key)
    return profile_on(own or [row for row in SHIPPED if row.key == key], on)


def profiles_with_deemed_acceptance() -> list[str]:
    """Keys of the procedures in which silence is acceptance, now or at some time."""
    return sorted({one.key for one in _own_profiles() or SHIPPED if one.has_deemed_acceptance})


_profiles: Kept[str, tuple[Profile, ...]] = Kept("catalogue_procedureprofile")


def _own_profiles() -> tuple[Profile, ...]:
    """The installation's rows, in the order in which they were entered."""
    return _profiles.one("all", lambda _: tuple(_read_profiles())) or ()


def _read_profiles() -> Iterator[Profile]:
    return (_profile(row) for row in ProcedureProfile.objects.order_by("id"))


def _profile(row: ProcedureProfile) -> Profile:
    return Profile(
        key=row.key,
        label=row.label,
        statutory=_limit(row.statutory_amount, row.statutory_unit),
        statutory_basis=row.statutory_basis,
        completeness_days=row.completeness_days,
        delivery_days=row.delivery_days,
        has_deemed_acceptance=row.has_deemed_acceptance,
        has_deemed_renewal=row.has_deemed_renewal,
        extension_days=row.extension_days,
        remedies=row.remedies,
        basis=row.basis,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


# ── what the next edition is checked by ───────────────────────────────────────────────────────


def content_of(item: Item) -> dict[str, Any]:
    """What an item says now, or was last to say: where its next draft begins."""
    if item.current_edition is None:
        return dict(Draft.objects.filter(item=item).order_by("-opened_at", "-id")[0].content)
    return edition_content_of(item.current_edition) | {"main_item": item.main_item}


def edition_content_of(edition: Edition) -> dict[str, Any]:
    return content_from({name: getattr(edition, name) for name in COLUMNS}, edition.details)


def lacks_of(content: dict[str, Any], department_id: int, on: date) -> list[Lack]:
    """What keeps this content from being published on a day (the publish gate)."""
    windows = len(regions.windows_serving(department_id))
    return lacks_with(content, profile_by_key(content["profile"], on), windows, on)


def lacks_with(
    content: dict[str, Any],
    profile: Profile | None,
    window_count: int,
    on: date,
    basics: Basics | None = None,
) -> list[Lack]:
    """The same, with what was read once for many items."""
    lacks = gate.check(
        content,
        required=settings.MINGTANG_DISCLOSURES,
        profile=profile,
        window_count=window_count,
        on=on,
    )
    return [*lacks, *basic_lacks(content, on, basics)]


def next_code(department_id: int) -> str:
    """The next free local code of a department: county, unit, serial."""
    unit = regions.organisation_card(department_id, today())
    start = f"{unit.area6}-{unit.unit3}-"
    codes = Item.objects.filter(code__startswith=start).values_list("code", flat=True)
    serials = [int(rest) for code in codes if (rest := code.removeprefix(start)).isdecimal()]
    return f"{start}{max(serials, default=0) + 1:03}"


def edition_for_filing(item_code: str) -> Edition:
    """The edition under which an application is filed now, with item, department and region.

    Raises ItemNotFound or ItemNotOpen.
    """
    found, edition = published(item_code)
    edition.item = found
    if found.status != ItemStatus.ACTIVE:
        state = ItemStatus(found.status).label
        raise ItemNotOpen(f"事项“{edition.name}”已{state}，不再接收申请。请咨询窗口或另选事项。")
    if not is_applied_for(edition):
        label = kind_label(edition)
        raise ItemNotOpen(f"事项“{edition.name}”属于{label}，由部门依职权办理，不需要申请。")
    return edition


_editions: Kept[int, Edition] = Kept("catalogue_edition")


def edition(edition_id: int) -> Edition:
    """An edition by its id, for one who only reads it. The item is not with it."""
    kept = _editions.one(edition_id, lambda key: Edition.objects.get(id=key))
    return copy.copy(kept) if kept else Edition.objects.get(id=edition_id)


def published(code: str) -> tuple[Item, Edition]:
    """An item with its current edition, department and region. Raises ItemNotFound."""
    found = find_rows(Item, code=code) if code.isprintable() else []
    if not found or found[0].current_edition_id is None:
        raise ItemNotFound
    item = found[0]
    item.department = regions.organisations([item.department_id])[item.department_id]
    assert item.current_edition_id is not None
    current = item.current_edition = edition(item.current_edition_id)
    return item, current


def item_to_tell(code: str) -> tuple[Item, Edition]:
    """An item in force, to tell somebody about. Raises ItemNotFound or ItemNotOpen."""
    found, edition = published(code)
    if found.status != ItemStatus.ACTIVE:
        state = ItemStatus(found.status).label
        raise ItemNotOpen(f"事项“{edition.name}”已{state}，不能再打印告知单，请告诉群众另选事项。")
    return found, edition


# ── one item ──────────────────────────────────────────────────────────────────────────────────


def item_detail(code: str, on: date | None = None, variant: str = "") -> dict[str, Any]:
    """An item with its seven disclosures, as its page shows them. Raises ItemNotFound.

    Names are those of the day `on`, or else of the day of publication.
    """
    item, edition = published(code)
    day = on or legal_date(edition.published_at)
    return describe(item, edition, day, variant)


def describe(item: Item, edition: Edition, on: date, variant: str = "") -> dict[str, Any]:
    """An item as an edition says it, published or not: for a page, for paper, for a preview.

    `variant` is the code of a business variant; materials of others are left out.
    """
    return tell(
        item,
        edition,
        on,
        limits=limits_of(edition),
        profile=profile_of(edition),
        variant=variant,
    )


# ── for other pages ───────────────────────────────────────────────────────────────────────────


def popular_items(limit: int) -> list[dict[str, str]]:
    """Items to offer first: those with which the life events begin, one of each before a second.

    Only what is in force and applied for; nothing where no life events are loaded.
    """
    kinds = [kind.value for kind, row in KINDS.items() if row.is_applied_for]
    rows = LifeEventItem.objects.filter(
        item__status=ItemStatus.ACTIVE, item__current_edition__kind__in=kinds
    ).order_by("position", "life_event__position", "id")
    found = rows.values_list("item__code", "item__current_edition__name")[: limit * MOST_SHARED]
    return [{"code": code, "name": name} for code, name in dict(found).items()][:limit]


def latest_editions(limit: int) -> list[dict[str, Any]]:
    """The editions in force that were published last: code, name, day."""
    rows = Edition.objects.filter(item__current_edition=F("id"), item__status=ItemStatus.ACTIVE)
    found = rows.order_by("-published_at", "-id").values("item__code", "name", "published_at")
    return [
        {
            "code": row["item__code"],
            "name": row["name"],
            "published_on": legal_date(row["published_at"]),
        }
        for row in found[:limit]
    ]


def published_count() -> int:
    """How many items the public sees."""
    return Item.objects.filter(status=ItemStatus.ACTIVE).exclude(current_edition=None).count()


def size() -> dict[str, int]:
    """How many items there are, how many of them the public sees, how many editions in all."""
    items = Item.objects.filter(status=ItemStatus.ACTIVE)
    return {
        "items": items.count(),
        "published": published_count(),
        "editions": Edition.objects.count(),
    }
